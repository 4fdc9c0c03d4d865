"""
Objects of the model as SCIM resources.
"""

from dataclasses import replace
from datetime import timedelta

import pytest

from fakes.scim_tables import resource
from webex_connector.gateway.scim.dialects import Dialect
from webex_connector.gateway.scim.rendering import Setting, View, shifted, sources_of
from webex_connector.gateway.scim.users import ENTERPRISE_URN, USER_URN, WEBEX_USER_URN
from webex_connector.icf import names
from webex_connector.icf.attributes import Attributes
from webex_connector.icf.objects import ConnectorObject

BASE = "https://door.example/scim/webex/v2"
SETTING = Setting(
    BASE,
    names={"licenses": {"L1": "Messaging"}, "roles": {}},
    endpoints={"User": "Users", "Group": "Groups"},
)
ANN = ConnectorObject(
    names.ACCOUNT,
    "uid/1",
    "Ann@example.com",
    {
        "emails": ("Ann@example.com",),
        "firstName": ("Ann",),
        "lastName": ("Archer",),
        "displayName": ("Ann Archer",),
        names.ENABLE: (False,),
        "licenses": ("L1", "L2"),
        "roles": ("R1",),
        "avatar": ("https://example.com/a.png",),
        "phoneNumbers": ({"type": "work", "value": "+1 555", "primary": True},),
        "addresses": ({"type": "work", "country": "US", "locality": "Reno"},),
        "department": ("R&D",),
        "managerId": ("uid2",),
        "manager": ("Bob",),
        "orgId": ("O",),
        "type": ("person",),
        "created": ("2026-01-02T03:04:05.678Z",),
        "lastModified": ("2026-01-02T04:04:05+01:00",),
    },
)


def test_a_person_is_a_user() -> None:
    """
    Each attribute is where the standard wants it; schemas are named only if something of theirs is there.
    """
    user = View(resource("User"), SETTING).resource(ANN)
    version = user["meta"].pop("version")
    assert version.startswith('W/"')
    assert user == {
        "schemas": [USER_URN, ENTERPRISE_URN, WEBEX_USER_URN],
        "id": "uid/1",
        "userName": "Ann@example.com",
        "name": {"familyName": "Archer", "givenName": "Ann", "formatted": "Ann Archer"},
        "displayName": "Ann Archer",
        "userType": "person",
        "active": False,
        "emails": [{"value": "Ann@example.com", "type": "work", "primary": True}],
        "phoneNumbers": [{"value": "+1 555", "type": "work", "primary": True}],
        "photos": [{"value": "https://example.com/a.png", "type": "photo"}],
        "addresses": [{"locality": "Reno", "country": "US", "type": "work"}],
        "entitlements": [{"value": "L1", "display": "Messaging"}, {"value": "L2"}],
        "roles": [{"value": "R1"}],
        ENTERPRISE_URN: {
            "department": "R&D",
            "manager": {"value": "uid2", "displayName": "Bob", "$ref": f"{BASE}/Users/uid2"},
        },
        WEBEX_USER_URN: {"orgId": "O"},
        "meta": {
            "resourceType": "User",
            "created": "2026-01-02T03:04:05.678Z",
            "lastModified": "2026-01-02T03:04:05.000Z",
            "location": f"{BASE}/Users/uid%2F1",
        },
    }


def test_one_identity_has_the_organisation_in_the_enterprise_extension() -> None:
    """
    As in Starling Connect's table.
    """
    user = View(resource("User", Dialect.ONE_IDENTITY), SETTING).resource(ANN)
    assert user[ENTERPRISE_URN]["organization"] == "O"


def test_members_refer_to_users() -> None:
    """
    Each with its address, its name and its type.
    """
    members = ({"id": "uid1", "type": "user", "displayName": "Ann"}, {"id": "uid2"})
    group = ConnectorObject(names.GROUP, "g", "Sales", {"displayName": ("Sales",), "members": members})
    assert View(resource("Group"), SETTING).resource(group)["members"] == [
        {"value": "uid1", "display": "Ann", "$ref": f"{BASE}/Users/uid1", "type": "User"},
        {"value": "uid2", "$ref": f"{BASE}/Users/uid2", "type": "User"},
    ]


def test_what_has_no_value_is_left_out() -> None:
    """
    Nothing is null, and no list or complex value is empty.
    """
    bare = ConnectorObject(names.ACCOUNT, "u", None, {names.ENABLE: (True,), "licenses": ()})
    user = View(resource("User"), SETTING).resource(bare)
    del user["meta"]
    assert user == {"schemas": [USER_URN], "id": "u", "active": True}


@pytest.mark.parametrize(
    ("changed", "same"),
    [
        ({"title": ("Boss",)}, False),
        ({names.ENABLE: (True,)}, False),
        ({"licenses": ("L2", "L1")}, True),
        ({"status": ("active",)}, True),
        ({"lastActivity": ("2026-02-02T00:00:00Z",)}, True),
    ],
)
def test_a_version_changes_with_what_somebody_changes(changed: Attributes, same: object) -> None:
    """
    Not with presence, nor with the order of licences, which change by themselves.
    """
    view = View(resource("User"), SETTING)
    before = view.resource(ANN)["meta"]["version"]
    after = view.resource(replace(ANN, attributes={**ANN.attributes, **changed}))["meta"]["version"]
    assert (before == after) is same


def test_a_part_of_a_resource_has_no_version() -> None:
    """
    It would be another one than that of the whole.
    """
    assert "version" not in View(resource("User"), SETTING, with_version=False).resource(ANN)["meta"]


@pytest.mark.parametrize(
    ("text", "hours", "moved"),
    [
        ("2026-01-02T03:04:05Z", 0, "2026-01-02T03:04:05.000Z"),
        ("2026-01-02T03:04:05", 0, "2026-01-02T03:04:05.000Z"),
        ("2026-01-02T03:04:05.1234567Z", 2, "2026-01-02T05:04:05.123Z"),
        ("2026-01-02T03:04:05+02:00", -1, "2026-01-02T00:04:05.000Z"),
        ("0001-01-01T00:00:00Z", -1, "0001-01-01T00:00:00Z"),
        ("yesterday", 2, "yesterday"),
    ],
)
def test_times_are_moved_and_told_in_utc(text: str, hours: int, moved: str) -> None:
    """
    With milliseconds and a Z; what is no time stays as it is.
    """
    assert shifted(text, timedelta(hours=hours)) == moved


def test_what_is_shown_says_what_is_read() -> None:
    """
    Nothing else is asked of Webex.
    """
    assert sources_of(resource("Role")) == {names.UID, names.NAME}
