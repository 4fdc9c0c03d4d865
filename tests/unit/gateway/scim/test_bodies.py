"""
The bodies of POST and PUT.
"""

from typing import Any

import pytest

from fakes.scim_tables import resource
from webex_connector.gateway.scim.bodies import creation_of, replacement_of
from webex_connector.gateway.scim.errors import Kind, Problem
from webex_connector.gateway.scim.users import ENTERPRISE_URN
from webex_connector.icf import names
from webex_connector.icf.attributes import AttributeDelta, replaced

USER, GROUP = resource("User"), resource("Group")
ANN = {"userName": "ann@example.com"}


@pytest.mark.parametrize(
    ("body", "name", "values"),
    [
        ({"displayName": "A"}, "displayName", ("A",)),
        ({"name": {"givenName": "Ann", "familyName": "Archer"}}, "displayName", ("Ann Archer",)),
        ({"name": {"formatted": "Ann A."}}, "displayName", ("Ann A.",)),
        ({}, "displayName", ("ann",)),
        ({"emails": [{"value": "other@example.com"}]}, "emails", ("ann@example.com",)),
        ({"department": "R&D"}, "department", ("R&D",)),
        ({ENTERPRISE_URN: {"Department": "R&D"}}, "department", ("R&D",)),
        ({f"{ENTERPRISE_URN}:department": "R&D"}, "department", ("R&D",)),
        ({"name.givenName": "Ann"}, "firstName", ("Ann",)),
        ({"TITLE": "Boss"}, "title", ("Boss",)),
    ],
)
def test_new_users(body: dict[str, Any], name: str, values: object) -> None:
    """
    The userName is the address; a name to show is made where none is given; names of attributes have any case, with
    the URN of their schema or, where Entra leaves it out, without.
    """
    assert creation_of(USER, {**ANN, **body})[name] == values


def test_what_webex_cannot_hold_is_passed_over() -> None:
    """
    So are read-only attributes and the password.
    """
    body = {**ANN, "displayName": "Ann", "id": "x", "meta": {}, "password": "p", "groups": [], "urn:x:y": {"a": 1}}
    assert creation_of(USER, {**body, "nickName": "Annie", "ims": ["x"], ENTERPRISE_URN: "odd"}) == {
        "emails": ("ann@example.com",),
        "displayName": ("Ann",),
    }


@pytest.mark.parametrize(
    ("kind", "body", "scim_type", "detail"),
    [
        (USER, [], Kind.INVALID_SYNTAX, "The body must be a User, a JSON object"),
        (USER, {"displayName": "Ann"}, Kind.INVALID_VALUE, "userName is required"),
        (USER, {"userName": ""}, Kind.INVALID_VALUE, "userName is required"),
        (USER, {"userName": "ann"}, Kind.INVALID_VALUE, 'userName must be an e-mail address, not "ann"'),
        (USER, {"userName": "a b@c"}, Kind.INVALID_VALUE, 'userName must be an e-mail address, not "a b@c"'),
        (GROUP, {"members": []}, Kind.INVALID_VALUE, "displayName is required"),
    ],
)
def test_what_is_missing_or_wrong_is_refused(kind: Any, body: Any, scim_type: Kind, detail: str) -> None:
    """
    Before anything is sent.
    """
    with pytest.raises(Problem) as caught:
        creation_of(kind, body)
    assert (400, scim_type, detail) == (caught.value.status, caught.value.kind, caught.value.detail)


def test_a_replacement_touches_what_it_names() -> None:
    """
    Absent attributes stay; empty ones are cleared, but nobody loses the name to show or becomes inactive by a null.
    """
    body: dict[str, Any] = {**ANN, "title": None, "entitlements": [], "displayName": "", "active": None}
    assert replacement_of(USER, body) == [
        replaced("title"),
        replaced("licenses"),
        replaced("emails", "ann@example.com"),
    ]


def test_a_replacement_without_the_user_name_keeps_the_address() -> None:
    """
    A userName that is empty is refused.
    """
    assert replacement_of(USER, {"active": False}) == [AttributeDelta(names.ENABLE, replace=(False,))]
    with pytest.raises(Problem, match="userName is required"):
        replacement_of(USER, {"userName": None})
