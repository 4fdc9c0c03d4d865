"""
The page about the sandbox is complete.
"""

from pathlib import Path
from typing import get_args

import pytest

from webex_connector.sandbox import catalogue
from webex_connector.sandbox.exchange import Routes
from webex_connector.sandbox.faults import Effect, Fault
from webex_connector.sandbox.problems import Problem
from webex_connector.sandbox.quirks import Quirks
from webex_connector.sandbox.sandbox import ROUTES

_SCIM = f"/identity/scim/{catalogue.ORGANIZATION.uuid}/v2"
_IDENTITY = f"/identity/organizations/{catalogue.ORGANIZATION.uuid}"
_PAGE = (Path(__file__).parents[3] / "docs" / "sandbox.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("switch", Quirks.__struct_fields__)
def test_every_switch_is_documented(switch: str) -> None:
    """
    Each quirk stands in the table of quirks.
    """
    assert f"`{switch}`" in _PAGE


@pytest.mark.parametrize("effect", get_args(Effect), ids=lambda effect: effect.__name__)
def test_every_fault_is_documented(effect: type) -> None:
    """
    Each effect stands in the table of faults.
    """
    assert f"`{effect.__name__}(" in _PAGE


@pytest.mark.parametrize("field", [name for name in Fault.__struct_fields__ if name != "effect"])
def test_every_condition_is_documented(field: str) -> None:
    """
    Each way to match a request is named.
    """
    assert f"`{field}`" in _PAGE


@pytest.mark.parametrize(
    "template", sorted({route.template.replace("/groups/{id}/Members", "/groups/{id}/members") for route in ROUTES})
)
def test_every_call_is_documented(template: str) -> None:
    """
    Each path stands in the table of calls.
    """
    assert f"{template}`" in _PAGE


@pytest.mark.parametrize(
    ("path", "named"),
    [
        ("/v1/workspaces", "/workspaces"),
        ("/v1/webhooks", "/webhooks"),
        ("/Schemas/SCIM2/User", "/Schemas/SCIM2/User"),
        (f"{_SCIM}/ServiceProviderConfig", "/ServiceProviderConfig"),
        (f"{_IDENTITY}/jobs/sendActivationEmails", "/jobs/sendActivationEmails"),
        (f"{_IDENTITY}/users/anybody/actions/generateOtp", "/actions/generateOtp"),
        ("/v1/authorizations", "/authorizations"),
        ("/v1/memberships", "/memberships"),
        ("/v1/admin/securityAudit/events", "/admin/securityAudit/events"),
    ],
)
def test_what_is_said_to_be_missing_is(path: str, named: str) -> None:
    """
    Calls that the page lists as not simulated are not there.
    """
    with pytest.raises(Problem, match="404"):
        Routes(ROUTES).find("GET", path)
    assert f"`{named}`" in _PAGE.partition("## What it does not simulate")[2]
