"""
Values of SCIM attributes as values of the model.
"""

from typing import Any

import pytest

from fakes.scim_tables import resource
from webex_connector.gateway.scim.errors import Kind, Problem
from webex_connector.gateway.scim.mapping import Attribute
from webex_connector.gateway.scim.values import shown, written
from webex_connector.icf import names

USER, GROUP = resource("User"), resource("Group")


def _row(name: str) -> Attribute:
    found = (USER.find(name) or GROUP.find(name)) if name != "members" else GROUP.find(name)
    assert found is not None
    return found.attribute


@pytest.mark.parametrize(
    ("name", "given", "meant"),
    [
        ("title", "Boss", {"title": ("Boss",)}),
        ("title", ["Boss"], {"title": ("Boss",)}),
        ("title", 7, {"title": ("7",)}),
        ("title", None, {"title": ()}),
        ("title", "", {"title": ()}),
        ("title", [], {"title": ()}),
        ("active", "False", {names.ENABLE: (False,)}),
        ("active", " true", {names.ENABLE: (True,)}),
        ("active", True, {names.ENABLE: (True,)}),
        ("name", {"GivenName": "Ann", "formatted": "x"}, {"firstName": ("Ann",)}),
        ("name", {"familyName": None}, {"lastName": ()}),
        ("name", None, {"firstName": (), "lastName": ()}),
        ("manager", "uid", {"managerId": ("uid",)}),
        ("manager", {"value": "uid", "$ref": "x"}, {"managerId": ("uid",)}),
        ("manager", [{"value": "uid"}], {"managerId": ("uid",)}),
        ("manager", "", {"managerId": ()}),
        ("manager", {"value": ""}, {"managerId": ()}),
        ("emails", [{"value": "a@b.c"}, {"value": "d@e.f", "primary": "True"}], {"emails": ("d@e.f",)}),
        ("emails", [{"value": "a@b.c", "type": "home"}, {"value": "d@e.f", "type": "work"}], {"emails": ("d@e.f",)}),
        ("emails", [{"value": "a@b.c"}, {"value": "d@e.f"}], {"emails": ("a@b.c",)}),
        ("emails", "a@b.c", {"emails": ("a@b.c",)}),
        ("roles", [{"value": "R1"}, "R2", {"value": None}], {"roles": ("R1", "R2")}),
        ("roles", '{"id":"1","value":"R1","displayName":"Admin"}', {"roles": ("R1",)}),
        ("roles", ['{"value":"R1"}', "{no json"], {"roles": ("R1", "{no json")}),
        ("roles", [{"value": '{"id":"1","value":"R1","displayName":"Admin"}'}], {"roles": ("R1",)}),
        ("roles", [{"value": '{"id":"1"}'}, {"value": "{no json"}], {"roles": ("{no json",)}),
        ("entitlements", [], {"licenses": ()}),
        ("entitlements", None, {"licenses": ()}),
        ("photos", [{"type": "photo", "value": "https://x"}], {"avatar": ("https://x",)}),
        (
            "phoneNumbers",
            [{"Type": "work", "value": "+1", "primary": "true", "display": "x"}],
            {"phoneNumbers": ({"type": "work", "value": "+1", "primary": True},)},
        ),
        ("addresses", {"country": "US", "formatted": "x"}, {"addresses": ({"country": "US"},)}),
        ("members", [{"value": "u", "$ref": None, "display": "x", "type": "User"}], {"members": ({"id": "u"},)}),
        ("members", ["u"], {"members": ({"id": "u"},)}),
        ("members", [{}], {"members": ()}),
        ("meta", {"created": "x"}, {}),
    ],
)
def test_what_clients_send_is_understood(name: str, given: Any, meant: object) -> None:
    """
    Texts for booleans, one value for a list and a list for one value, JSON in texts, nothing in all its forms.
    """
    assert written(_row(name), given) == meant


@pytest.mark.parametrize(
    ("name", "given", "detail"),
    [
        ("active", "maybe", 'active takes true or false, not "maybe"'),
        ("active", 1, "active takes true or false, not 1"),
        ("title", {"a": 1}, 'title takes a text, not {"a": 1}'),
        ("title", ["a", "b"], 'title takes a text, not ["a", "b"]'),
        ("title", True, "title takes a text, not true"),
        ("name", "Ann", 'name takes an object, not "Ann"'),
        ("emails", [{"value": ["x"]}], 'emails.value takes a text, not ["x"]'),
        ("phoneNumbers", [{"value": "1", "primary": "x"}], 'phoneNumbers.primary takes true or false, not "x"'),
    ],
)
def test_what_cannot_be_understood_is_refused(name: str, given: Any, detail: str) -> None:
    """
    With the path and the value.
    """
    with pytest.raises(Problem) as caught:
        written(_row(name), given)
    assert (400, Kind.INVALID_VALUE, detail) == (caught.value.status, caught.value.kind, caught.value.detail)


def test_long_values_are_cut_in_messages() -> None:
    """
    A message is for reading.
    """
    assert len(shown("x" * 1000)) == 101
