"""
The steps of a PATCH as changes of the model.
"""

from dataclasses import replace
from typing import Any

import pytest

from fakes.scim_tables import resource
from webex_connector.gateway.scim.dialects import Groups
from webex_connector.gateway.scim.errors import Kind, Problem
from webex_connector.gateway.scim.mapping import Mutability, Resource
from webex_connector.gateway.scim.patch import PATCH_URN, steps_of
from webex_connector.gateway.scim.patch_changes import changes_of, needed
from webex_connector.gateway.scim.rendering import Setting
from webex_connector.gateway.scim.users import ENTERPRISE_URN, WEBEX_USER_URN
from webex_connector.icf import names
from webex_connector.icf.attributes import AttributeDelta, added, removed, replaced
from webex_connector.icf.objects import ConnectorObject

USER, GROUP = resource("User"), resource("Group")
TEAM = resource("Team", groups=Groups.BOTH)
WORK, MOBILE = {"type": "work", "value": "1", "primary": True}, {"type": "mobile", "value": "2"}
HOME = {"type": "home", "country": "DE", "locality": "Bonn"}
ANN = ConnectorObject(
    names.ACCOUNT,
    "U1",
    "ann@example.com",
    {
        "emails": ("ann@example.com",),
        "phoneNumbers": (WORK, MOBILE),
        "addresses": (HOME,),
        "roles": ("R1",),
        "licenses": ("L1", "L2"),
        "siteUrls": ("a.webex.com", "b.webex.com"),
        "locationId": ("LOC",),
    },
)


def _add(path: str, value: Any) -> dict[str, Any]:
    return {"op": "add", "path": path, "value": value}


def _set(path: str, value: Any) -> dict[str, Any]:
    return {"op": "replace", "path": path, "value": value}


def _remove(path: str, value: Any = None) -> dict[str, Any]:
    return {"op": "remove", "path": path, "value": value}


def _changes(
    *operations: dict[str, Any],
    kind: Resource = USER,
    current: ConnectorObject = ANN,
    setting: Setting | None = None,
    reads: set[str] | None = None,
) -> list[AttributeDelta]:
    """
    Return the changes. Whoever needs something of the object that is not in `reads` gets nothing of it.
    """
    steps = steps_of(kind, {"schemas": [PATCH_URN], "Operations": list(operations)}, "U1").steps
    wanted = needed(kind, steps)
    assert reads is None or reads == wanted
    return changes_of(kind, steps, current.only(wanted) if wanted else None, setting or Setting(""))


@pytest.mark.parametrize(
    ("operation", "change"),
    [
        (_set("active", "False"), AttributeDelta(names.ENABLE, replace=(False,))),
        (_add("title", "x"), replaced("title", "x")),
        (_set("title", ""), replaced("title")),
        (_set("title", None), replaced("title")),
        (_remove("title"), replaced("title")),
        (_remove("title", "x"), replaced("title")),
        (_set("title", ["x"]), replaced("title", "x")),
        (_set("name.givenName", "A"), replaced("firstName", "A")),
        (_remove("name.givenName"), replaced("firstName")),
        (_set("name", {"givenName": "A"}), replaced("firstName", "A")),
        (_set("manager", "M"), replaced("managerId", "M")),
        (_set("manager", [{"$ref": "../M", "value": "M"}]), replaced("managerId", "M")),
        (_set("manager", ""), replaced("managerId")),
        (_remove("manager"), replaced("managerId")),
        (_remove("manager.value"), replaced("managerId")),
        (_set(f"{ENTERPRISE_URN}:department", "D"), replaced("department", "D")),
        (_set("userName", "b@example.com"), replaced("emails", "b@example.com")),
        (_set("emails", [{"value": "b@example.com", "type": "work"}]), replaced("emails", "b@example.com")),
        (_add("emails", "b@example.com"), replaced("emails", "b@example.com")),
        (_add("emails.value", "b@example.com"), replaced("emails", "b@example.com")),
        (_add('emails[type eq "work"].value', "b@example.com"), replaced("emails", "b@example.com")),
        (_set("emails[primary eq true]", {"value": "b@example.com"}), replaced("emails", "b@example.com")),
        (_add("photos", [{"value": "https://x"}]), replaced("avatar", "https://x")),
        (_remove('photos[type eq "photo"]'), replaced("avatar")),
        (_add("roles", [{"value": "R2"}, {"value": "R3"}]), added("roles", "R2", "R3")),
        (_add("roles", {"value": "R2"}), added("roles", "R2")),
        (_add("roles", '{"id":"1","value":"R2","displayName":"x"}'), added("roles", "R2")),
        (_set("entitlements", [{"value": "L3"}]), replaced("licenses", "L3")),
        (_set("entitlements", []), replaced("licenses")),
        (_remove("entitlements"), replaced("licenses")),
        (_remove("entitlements", [{"value": "L1"}]), removed("licenses", "L1")),
        (_remove("entitlements.value", "L1"), removed("licenses", "L1")),
        (_remove('entitlements[value eq "L1"]'), removed("licenses", "L1")),
        (_remove('entitlements[value eq "L1"].value'), removed("licenses", "L1")),
        (_remove('entitlements[value eq "L1" or value eq "L9"]'), removed("licenses", "L1", "L9")),
        (
            _set("phoneNumbers", [{"value": "3", "type": "work"}]),
            replaced("phoneNumbers", {"value": "3", "type": "work"}),
        ),
        (_remove("phoneNumbers"), replaced("phoneNumbers")),
    ],
)
def test_what_needs_no_reading(operation: dict[str, Any], change: AttributeDelta) -> None:
    """
    These say what is to be, or what comes and goes, whatever there is now.
    """
    assert [change] == _changes(operation, reads=set())


@pytest.mark.parametrize(
    "operation",
    [
        _add("roles", []),
        _add("emails", None),
        _remove("roles", []),
        _remove('emails[type eq "home"]'),
        _set('emails[type eq "home"].value', ""),
    ],
)
def test_what_changes_nothing(operation: dict[str, Any]) -> None:
    """
    Adding nothing, removing none of a list, removing what cannot be there.
    """
    assert [] == _changes(operation, reads=set())


@pytest.mark.parametrize(
    ("operation", "values"),
    [
        (_add('phoneNumbers[type eq "mobile"].value', "3"), (WORK, {**MOBILE, "value": "3"})),
        (_set('phoneNumbers[type eq "MOBILE"].value', "3"), (WORK, {**MOBILE, "value": "3"})),
        (_add('phoneNumbers[type eq "fax"].value', "3"), (WORK, MOBILE, {"type": "fax", "value": "3"})),
        (_set('phoneNumbers[type eq "fax"]', {"value": "3"}), (WORK, MOBILE, {"type": "fax", "value": "3"})),
        (_set('phoneNumbers[type eq "fax"]', [{"value": "3"}]), (WORK, MOBILE, {"type": "fax", "value": "3"})),
        (_set('phoneNumbers[type eq "fax"]', "3"), (WORK, MOBILE, {"type": "fax", "value": "3"})),
        (
            _add('phoneNumbers[type eq "fax" and value eq "3"]', {"VALUE": "3"}),
            (WORK, MOBILE, {"type": "fax", "value": "3"}),
        ),
        (_set('phoneNumbers[type eq "mobile"]', {"value": "3"}), (WORK, {"type": "mobile", "value": "3"})),
        (_set('phoneNumbers[type eq "work"]', {"value": "3"}), ({"type": "work", "value": "3"}, MOBILE)),
        (_add('phoneNumbers[type eq "work"]', {"value": "3"}), ({**WORK, "value": "3"}, MOBILE)),
        (_set('phoneNumbers[not (type eq "work")].value', "3"), (WORK, {**MOBILE, "value": "3"})),
        (_set('phoneNumbers[not (type eq "work")]', {"value": "3"}), (WORK, {"value": "3"})),
        (_set("phoneNumbers.value", "3"), ({**WORK, "value": "3"}, {**MOBILE, "value": "3"})),
        (_remove('phoneNumbers[type eq "mobile"]'), (WORK,)),
        (_remove('phoneNumbers[type eq "mobile"].value'), (WORK,)),
        (_set('phoneNumbers[type eq "mobile"].value', ""), (WORK,)),
        (_set('phoneNumbers[type eq "mobile"]', None), (WORK,)),
        (_remove('phoneNumbers[type eq "work"].primary'), ({"type": "work", "value": "1"}, MOBILE)),
        (_remove("phoneNumbers", [{"type": "mobile"}]), (WORK,)),
        (_remove("phoneNumbers", {"value": "2", "type": "Mobile", "display": "x", "primary": None}), (WORK,)),
        (_remove("phoneNumbers", ["1", "2"]), ()),
        (_add("phoneNumbers", [{"type": "fax", "value": "3"}]), (WORK, MOBILE, {"type": "fax", "value": "3"})),
        (
            _add("phoneNumbers", {"value": "3", "primary": "True"}),
            ({**WORK, "primary": False}, MOBILE, {"value": "3", "primary": True}),
        ),
        (
            _set('phoneNumbers[type eq "mobile"].primary', "True"),
            ({**WORK, "primary": False}, {**MOBILE, "primary": True}),
        ),
        (
            _set('phoneNumbers[type eq "fax"]', {"value": "3", "primary": True}),
            ({**WORK, "primary": False}, MOBILE, {"type": "fax", "value": "3", "primary": True}),
        ),
    ],
)
def test_telephone_numbers(operation: dict[str, Any], values: tuple[dict[str, Any], ...]) -> None:
    """
    The number that is meant changes, the others stay; one that is not there is made as its filter describes it; one
    is the primary one.
    """
    assert [replaced("phoneNumbers", *values)] == _changes(operation, reads={"phoneNumbers"})


@pytest.mark.parametrize(
    ("operation", "values"),
    [
        (_set('addresses[type eq "home"].country', "FR"), ({**HOME, "country": "FR"},)),
        (_set('addresses[type eq "work"].country', "FR"), (HOME, {"type": "work", "country": "FR"})),
        (_remove('addresses[type eq "home"].country'), ({"type": "home", "locality": "Bonn"},)),
        (_remove("addresses.country"), ({"type": "home", "locality": "Bonn"},)),
        (_set("addresses.country", "FR"), ({**HOME, "country": "FR"},)),
        (_remove("addresses"), ()),
    ],
)
def test_addresses(operation: dict[str, Any], values: tuple[dict[str, Any], ...]) -> None:
    """
    One part after the other, as Entra sends them.
    """
    assert [replaced("addresses", *values)] == _changes(operation)


def test_an_address_without_its_last_part_is_none() -> None:
    """
    A type alone says nothing.
    """
    gone = [_remove('addresses[type eq "home"].country'), _remove('addresses[type eq "home"].locality')]

    assert [replaced("addresses")] == _changes(*gone)


def test_steps_follow_one_another() -> None:
    """
    What one step made the next one finds; it ends in one change.
    """
    steps = [
        _set('addresses[type eq "work"].country', "FR"),
        _set('addresses[type eq "work"].locality', "Lyon"),
        _remove('addresses[type eq "home"]'),
    ]

    assert [replaced("addresses", {"type": "work", "country": "FR", "locality": "Lyon"})] == _changes(*steps)
    assert [replaced("title", "b")] == _changes(_set("title", "a"), _set("title", "b"))


@pytest.mark.parametrize(
    "operation",
    [
        _add("phoneNumbers", [WORK]),
        _set('phoneNumbers[type eq "mobile"].value', "2"),
        _remove('phoneNumbers[type eq "fax"]'),
        _remove("phoneNumbers", [{"value": "9"}]),
        _remove("phoneNumbers", [{"value": "1", "type": "mobile"}]),
    ],
)
def test_what_is_so_already_is_no_change(operation: dict[str, Any]) -> None:
    """
    Nothing would be written for it.
    """
    assert [] == _changes(operation, reads={"phoneNumbers"})


@pytest.mark.parametrize(
    ("operations", "change"),
    [
        (
            [_remove("members", [{"value": "a", "$ref": None}, {"value": "b"}])],
            removed("members", {"id": "a"}, {"id": "b"}),
        ),
        ([_remove("members", ["a"])], removed("members", {"id": "a"})),
        (
            [_remove('members[value eq "a"]'), _remove('members[value eq "b"]')],
            removed("members", {"id": "a"}, {"id": "b"}),
        ),
        ([_add("members", [{"value": "a", "display": "A", "type": "User"}])], added("members", {"id": "a"})),
        (
            [_remove('members[value eq "a"]'), _add("members", [{"value": "b"}])],
            AttributeDelta("members", add=({"id": "b"},), remove=({"id": "a"},)),
        ),
        ([_remove("members", ["a"]), _add("members", ["a"])], added("members", {"id": "a"})),
        ([_add("members", ["a"]), _remove("members", ["a"])], removed("members", {"id": "a"})),
        ([_set("members", ["a", "b"]), _remove("members", ["a"])], replaced("members", {"id": "b"})),
        ([_set("members", ["a"]), _add("members", ["a", "b"])], replaced("members", {"id": "a"}, {"id": "b"})),
        ([_add("members", ["z"]), _set("members", ["a"])], replaced("members", {"id": "a"})),
        ([_add("members", ["z"]), _remove("members")], replaced("members")),
        ([_remove('members[type eq "User"]')], replaced("members")),
        ([_set("members", [])], replaced("members")),
    ],
)
def test_members(operations: list[dict[str, Any]], change: AttributeDelta) -> None:
    """
    They come and go by their ids; the group need not be read.
    """
    assert [change] == _changes(*operations, kind=GROUP, reads=set())


def test_members_chosen_by_their_name() -> None:
    """
    For this the members have to be read.
    """
    group = ConnectorObject(
        names.GROUP,
        "U1",
        "G",
        {"members": ({"id": "a", "displayName": "Ann"}, {"id": "b", "displayName": "Bob"}, {"id": "c"})},
    )
    steps = [_add("members", ["d"]), _remove("members", ["c"]), _remove('members[display eq "ann"]')]

    bob = {"id": "b", "displayName": "Bob"}
    found = _changes(*steps, kind=GROUP, current=group, reads={"members"})
    assert [replaced("members", bob, {"id": "d"})] == found
    chosen = _remove('members[value eq "a" and display eq "bob"]')
    assert [] == _changes(chosen, kind=GROUP, current=group, reads={"members"})
    mixed = _remove('members[value eq "a" or display eq "bob"]')
    assert [replaced("members", {"id": "c"})] == _changes(mixed, kind=GROUP, current=group, reads={"members"})
    anybody = _remove("members[value ne null]")
    assert [replaced("members")] == _changes(anybody, kind=GROUP, current=group)
    nobody = _remove("members[value eq null]")
    assert [] == _changes(nobody, kind=GROUP, current=group)


def test_a_list_of_names_in_an_extension() -> None:
    """
    Names that differ in case only are the same, so what is there has to be known.
    """
    path = f"{WEBEX_USER_URN}:siteUrls"

    assert [replaced("siteUrls", "b.webex.com")] == _changes(_remove(path, ["A.webex.com"]), reads={"siteUrls"})
    assert [replaced("siteUrls", "b.webex.com")] == _changes(_remove(f'{path}[value eq "A.webex.com"]'))
    assert [replaced("siteUrls", "a.webex.com", "c")] == _changes(_set(f'{path}[value sw "b"].value', "c"))
    assert [added("moderators", "U2")] == _changes(_add("moderators", [{"value": "U2"}]), kind=TEAM, reads=set())


def test_the_primary_role_of_entra() -> None:
    """
    Webex knows of no primary role; the only one there is is meant, and without one it is made.
    """
    operation = _set('roles[primary eq "True"].value', "R9")
    two = replace(ANN, attributes={"roles": ("R1", "R2")})

    assert [replaced("roles", "R9")] == _changes(operation, reads={"roles"})
    assert [replaced("roles", "R9")] == _changes(operation, current=replace(ANN, attributes={}))
    assert [replaced("roles", "R1", "R2", "R9")] == _changes(operation, current=two)


def test_roles_chosen_by_their_names() -> None:
    """
    Where the names are known.
    """
    setting = Setting("", names={"roles": {"R1": "Full Administrator"}})
    operation = _remove('roles[display eq "full administrator"]')

    assert [replaced("roles")] == _changes(operation, setting=setting)
    assert [] == _changes(operation)


def test_what_can_be_set_once() -> None:
    """
    Sending it as it is changes nothing; another value is refused.
    """
    locked = replace(
        USER,
        extensions=tuple(
            replace(
                table,
                attributes=tuple(
                    replace(row, mutability=Mutability.IMMUTABLE) if row.name == "locationId" else row
                    for row in table.attributes
                ),
            )
            for table in USER.extensions
        ),
    )
    path = f"{WEBEX_USER_URN}:locationId"

    assert [] == _changes(_set(path, "LOC"), kind=locked, reads={"locationId"})
    for operation in (_set(path, "OTHER"), _remove(path)):
        with pytest.raises(Problem) as refusal:
            _changes(operation, kind=locked)
        assert (Kind.MUTABILITY, "locationId cannot be changed") == (refusal.value.kind, refusal.value.detail)


@pytest.mark.parametrize(
    ("operation", "kind", "detail"),
    [
        (_remove("active"), Kind.MUTABILITY, "active cannot be without a value"),
        (_set("active", None), Kind.INVALID_VALUE, "active cannot be without a value"),
        (_set("active", "maybe"), Kind.INVALID_VALUE, 'active takes true or false, not "maybe"'),
        (_remove("userName"), Kind.MUTABILITY, "userName cannot be without a value"),
        (_set("userName", ""), Kind.INVALID_VALUE, "userName cannot be without a value"),
        (_remove("emails"), Kind.MUTABILITY, "emails cannot be without a value"),
        (_set("emails", []), Kind.INVALID_VALUE, "emails cannot be without a value"),
        (_remove('emails[type eq "work"].value'), Kind.MUTABILITY, "emails.value cannot be without a value"),
        (_set("userName", "ann"), Kind.INVALID_VALUE, 'userName must be an e-mail address, not "ann"'),
        (_set("emails", ["ann"]), Kind.INVALID_VALUE, 'userName must be an e-mail address, not "ann"'),
        (_add('emails[type eq "home"].value', "a@b.c"), Kind.NO_TARGET, "emails never has such a value"),
        (
            _set('phoneNumbers[value eq "9"].value', "3"),
            Kind.NO_TARGET,
            "phoneNumbers has no such value, and none can be made of the path",
        ),
        (
            _set('phoneNumbers[value co "9"].type', "fax"),
            Kind.NO_TARGET,
            "phoneNumbers has no such value, and none can be made of the path",
        ),
        (
            _set('phoneNumbers[type eq null and value eq "9"].type', "fax"),
            Kind.NO_TARGET,
            "phoneNumbers has no such value, and none can be made of the path",
        ),
        (_set('roles[display eq "x"]', {"display": "x"}), Kind.NO_TARGET, "roles has no such value"),
        (
            _set('phoneNumbers[type eq "work"]', [{"value": "1"}, {"value": "2"}]),
            Kind.INVALID_VALUE,
            'phoneNumbers takes one value here, not [{"value": "1"}, {"value": "2"}]',
        ),
        (
            _remove("phoneNumbers", [{"display": "x"}]),
            Kind.INVALID_VALUE,
            'phoneNumbers has no value like {"display": "x"}',
        ),
        (_remove("roles", [{"display": "x"}]), Kind.INVALID_VALUE, 'roles has no value like [{"display": "x"}]'),
        (_remove("roles", {}), Kind.INVALID_VALUE, "Which roles to remove is not told by {}"),
        (_remove("roles", ""), Kind.INVALID_VALUE, 'Which roles to remove is not told by ""'),
        (_set("title", {"a": 1}), Kind.INVALID_VALUE, 'title takes a text, not {"a": 1}'),
    ],
)
def test_what_is_refused(operation: dict[str, Any], kind: Kind, detail: str) -> None:
    """
    With the kind that the standard has for it, and in words.
    """
    with pytest.raises(Problem) as refusal:
        _changes(operation)

    assert (400, kind, detail) == (refusal.value.status, refusal.value.kind, refusal.value.detail)


def test_a_group_needs_its_name() -> None:
    """
    What is required of a user is not required of a group, and the other way round.
    """
    with pytest.raises(Problem, match="displayName cannot be without a value"):
        _changes(_remove("displayName"), kind=GROUP)
    assert [replaced("displayName")] == _changes(_remove("displayName"))


def test_hundreds_of_filtered_removals_cost_no_square() -> None:
    """
    A thousand members put out one by one are a thousand values removed.
    """
    found = _changes(*[_remove(f'members[value eq "{n}"]') for n in range(1000)], kind=GROUP, reads=set())

    assert [removed("members", *[{"id": str(n)} for n in range(1000)])] == found
