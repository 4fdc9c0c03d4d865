"""
Changes and people in SCIM's form.
"""

from typing import Any

import pytest

from webex_connector.connector.control_hub.scim_user import CAPABLE, ONLY_HERE, attributes_of, body_of, operations_of
from webex_connector.icf import names
from webex_connector.icf.attributes import AttributeDelta, added, removed, replaced
from webex_connector.icf.errors import InvalidAttributeValue
from webex_connector.webex.ids import encode

UUID = "a6b0d2f4-18c3-4e79-8f25-0c9e7d314b58"
ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
ADMIN = encode("ROLE", "id_user_admin")

CHANGES: list[tuple[AttributeDelta, list[dict[str, Any]]]] = [
    (replaced("displayName", "Mara"), [{"op": "replace", "path": "displayName", "value": "Mara"}]),
    (replaced("firstName", "Mara"), [{"op": "replace", "path": "name.givenName", "value": "Mara"}]),
    (replaced("title"), [{"op": "remove", "path": "title"}]),
    (replaced("department", "Sales"), [{"op": "replace", "path": f"{ENTERPRISE}:department", "value": "Sales"}]),
    (AttributeDelta(names.ENABLE, replace=(False,)), [{"op": "replace", "path": "active", "value": False}]),
    (
        replaced("managerId", encode("PEOPLE", UUID)),
        [{"op": "replace", "path": f"{ENTERPRISE}:manager.value", "value": UUID}],
    ),
    (
        replaced("emails", "m@acme.example"),
        [
            {"op": "replace", "path": "userName", "value": "m@acme.example"},
            {
                "op": "replace",
                "path": "emails",
                "value": [{"value": "m@acme.example", "type": "work", "primary": True}],
            },
        ],
    ),
    (
        added("roles", ADMIN),
        [{"op": "add", "path": "roles", "value": [{"value": "id_user_admin", "type": "cirole"}]}],
    ),
    (removed("roles", ADMIN), [{"op": "remove", "path": 'roles[value eq "id_user_admin"]'}]),
    (replaced("roles"), [{"op": "remove", "path": "roles"}]),
    (
        removed("phoneNumbers", {"type": "fax", "value": '+1"2'}),
        [{"op": "remove", "path": 'phoneNumbers[type eq "fax" and value eq "+1\\"2"]'}],
    ),
]


@pytest.mark.parametrize(("delta", "operations"), CHANGES, ids=lambda each: getattr(each, "name", ""))
def test_a_change_becomes_operations(delta: AttributeDelta, operations: list[dict[str, Any]]) -> None:
    """
    What is replaced is set, what is cleared is removed, values of lists are added and removed by themselves.
    """
    assert operations == operations_of([delta])


@pytest.mark.parametrize("delta", [added("roles", "x"), removed("roles", "[1"), replaced("roles", ADMIN, "")])
def test_a_role_that_is_no_id_is_refused(delta: AttributeDelta) -> None:
    """
    It is the caller's mistake, and told with the attribute.
    """
    with pytest.raises(InvalidAttributeValue, match="is not an id of Webex") as refusal:
        operations_of([delta])

    assert refusal.value.attribute == "roles"


def test_every_attribute_of_scim_alone_that_can_be_written_has_a_place() -> None:
    """
    None is declared that a change would then not know.
    """
    assert {each.name for each in ONLY_HERE if each.writable} <= CAPABLE


def test_a_user_becomes_attributes() -> None:
    """
    The primary address comes first, roles and manager have ids of `/v1`, and what is absent is known to be empty.
    """
    user = {
        "id": UUID,
        "userName": "m@acme.example",
        "active": False,
        "externalId": "hr-1",
        "name": {"givenName": "Mara"},
        "emails": [{"value": "old@acme.example"}, {"value": "m@acme.example", "primary": True}],
        "roles": [{"value": "id_user_admin", "type": "cirole"}],
        ENTERPRISE: {"manager": {"value": UUID}},
        "urn:scim:schemas:extension:cisco:webexidentity:2.0:User": {"accountStatus": "disabled"},
    }

    found = attributes_of(user)

    assert (("m@acme.example", "old@acme.example"), ("Mara",), (False,)) == (
        found["emails"],
        found["firstName"],
        found[names.ENABLE],
    )
    assert ((ADMIN,), (encode("PEOPLE", UUID),), ("disabled",)) == (
        found["roles"],
        found["managerId"],
        found["accountStatus"],
    )
    assert (("hr-1",), (), ()) == (found["externalId"], found["title"], found["addresses"])


def test_a_body_names_the_schemas_it_uses() -> None:
    """
    The first address is the user name and stands among the addresses; what is in the extension is said to be.
    """
    plain: dict[str, Any] = {"emails": ("m@acme.example",), "firstName": ("Mara",)}
    core = "urn:ietf:params:scim:schemas:core:2.0:User"

    assert {
        "schemas": [core],
        "userName": "m@acme.example",
        "userType": "user",
        "name": {"givenName": "Mara"},
        "emails": [{"value": "m@acme.example", "type": "work", "primary": True}],
    } == body_of(plain)
    whole = body_of({**plain, "department": ("Labs",), "managerId": (encode("PEOPLE", UUID),), "licenses": ("x",)})
    assert [core, ENTERPRISE] == whole["schemas"]
    assert {"department": "Labs", "manager": {"value": UUID}} == whole[ENTERPRISE]
    assert "licenses" not in whole
