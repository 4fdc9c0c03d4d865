"""
What tests of SCIM users have in common.
"""

from typing import Any

import httpx2

from webex_connector.sandbox import urns
from webex_connector.sandbox.problems import SCIM_REASON
from webex_connector.sandbox.records import Person
from webex_connector.sandbox.sandbox import Sandbox

MARA = {
    "schemas": [urns.USER, urns.ENTERPRISE, urns.WEBEX_USER],
    "userName": "mara.new@acme.example",
    "userType": "user",
    "externalId": "hr-004711",
    "displayName": "Mara Lind",
    "nickName": "Mara",
    "title": "Controller",
    "name": {"givenName": "Mara", "familyName": "Lind", "middleName": "E.", "honorificPrefix": "Dr."},
    "emails": [
        {"value": "mara.new@acme.example", "type": "work", "primary": True},
        {"value": "mara@home.example", "type": "home", "display": "at home"},
    ],
    "phoneNumbers": [{"value": "+49 30 555 77", "type": "mobile", "primary": True}],
    "addresses": [{"type": "work", "country": "DE", "streetAddress": "Lindenstraße 7"}],
    "roles": [{"value": "id_readonly_admin", "type": "cirole"}],
    "ims": [{"value": "mara@xmpp.example", "type": "xmpp-fed-jid"}],
    "preferredLanguage": "de_DE",
    "locale": "de_DE",
    "timezone": "Europe/Berlin",
    "profileUrl": "https://acme.example/mara",
    urns.ENTERPRISE: {
        "employeeNumber": "004711",
        "costCenter": "C7",
        "organization": "Acme",
        "division": "North",
        "department": "Finance",
    },
    urns.WEBEX_USER: {"extensionAttribute3": ["a", "b"], "pronouns": {"value": "she/her", "visibility": "Everyone"}},
}


def new_user(**changes: Any) -> dict[str, Any]:
    """
    Describe a new user.
    """
    return {"schemas": [urns.USER], "userName": "new@acme.example", "userType": "user", **changes}


def somebody(sandbox: Sandbox, number: int = 10) -> Person:
    """
    Return one of those who are switched on.
    """
    return [person for _, person in sandbox.world.people() if person.login_enabled][number]


def reason_of(answer: httpx2.Response) -> str:
    """
    Return why something was refused.
    """
    reason: str = answer.json()[SCIM_REASON]["details"]
    return reason


def patch_of(*operations: tuple[Any, ...]) -> dict[str, Any]:
    """
    Return the body of a PATCH: operations as method, path and value.
    """
    rows = [dict(zip(("op", "path", "value"), operation, strict=False)) for operation in operations]
    return {"schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], "Operations": rows}
