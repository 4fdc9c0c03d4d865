"""
Which scopes a request takes.
"""

import pytest

from webex_connector.connector.scopes import advice, scopes_for
from webex_connector.sandbox.exchange import Route
from webex_connector.sandbox.sandbox import ROUTES

ORGANIZATION = "5c1f0b8e-2a47-4d5e-9a3c-71d0e8b4f2a6"


def _known(route: Route) -> bool:
    return bool(scopes_for(_title(route)))


def _title(route: Route) -> str:
    path = route.template.replace("{id}", "x")
    return f"{route.method} /{ORGANIZATION}/v2{path}" if "scim" in route.root else f"{route.method} {path}"


@pytest.mark.parametrize("route", [each for each in ROUTES if _known(each)], ids=_title)
def test_the_scopes_named_are_those_that_webex_asks_for(route: Route) -> None:
    """
    A token with the scopes named for a request may make it, as the simulated Webex has it.
    """
    ways = [frozenset(way.split(" and ")) for way in scopes_for(_title(route)).split(" or ")]
    for way in ways:
        assert any(needed <= way for needed in route.scopes), (way, route.scopes)


def test_own_identity_takes_a_scope_of_its_own() -> None:
    """
    Who a token belongs to is asked for with the scope of users, not of administrators.
    """
    assert "spark:people_read" == scopes_for("GET /people/me")


@pytest.mark.parametrize("request_", ["GET /nowhere/x", "", None])
def test_what_is_not_known_gives_no_advice(request_: str | None) -> None:
    """
    No advice is better than wrong advice.
    """
    assert "" == advice(request_)
