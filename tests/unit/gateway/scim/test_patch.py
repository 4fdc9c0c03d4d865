"""
PATCH bodies as clients send them, read into steps.
"""

from typing import Any

import pytest

from fakes.scim_tables import resource
from webex_connector.gateway.scim.errors import Kind, Problem
from webex_connector.gateway.scim.filter_text import Node, parsed
from webex_connector.gateway.scim.patch import MOST_OPERATIONS, PATCH_URN, Op, Steps, steps_of
from webex_connector.gateway.scim.users import ENTERPRISE_URN, USER_URN

USER, GROUP = resource("User"), resource("Group")
UID = "U1"


def _read(*operations: Any, kind: Any = USER) -> Steps:
    return steps_of(kind, {"schemas": [PATCH_URN], "Operations": list(operations)}, UID)


def _told(found: Steps) -> list[tuple[str, str, Any, Node | None]]:
    return [(each.op.value, each.place.path, each.value, each.chosen) for each in found.steps]


@pytest.mark.parametrize(
    ("operation", "told"),
    [
        ({"op": "replace", "path": "active", "value": False}, ("replace", "active", False, None)),
        ({"op": "Replace", "path": "ACTIVE", "value": "False"}, ("replace", "active", "False", None)),
        ({"OP": "ADD", "Path": "title", "Value": "x"}, ("add", "title", "x", None)),
        ({"op": "remove", "path": "title"}, ("remove", "title", None, None)),
        ({"op": "Remove", "path": "title", "value": None}, ("remove", "title", None, None)),
        ({"op": "add", "path": "name.givenName", "value": "A"}, ("add", "name.givenName", "A", None)),
        ({"op": "add", "path": f"{USER_URN}:name.givenName", "value": "A"}, ("add", "name.givenName", "A", None)),
        ({"op": "add", "path": f"{ENTERPRISE_URN}:manager", "value": "M"}, ("add", "manager", "M", None)),
        ({"op": "add", "path": "manager", "value": "M"}, ("add", "manager", "M", None)),
        (
            {"op": "add", "path": 'phoneNumbers[type eq "work"].value', "value": "1"},
            ("add", "phoneNumbers.value", "1", parsed(f'{" " * 13}type eq "work"')),
        ),
        (
            {"op": "remove", "path": 'phoneNumbers[type eq "work"]'},
            ("remove", "phoneNumbers", None, parsed(f'{" " * 13}type eq "work"')),
        ),
        ({"op": "replace", "value": {"title": "x"}}, ("replace", "title", "x", None)),
        ({"op": "replace", "path": "", "value": [{"title": "x"}]}, ("replace", "title", "x", None)),
        ({"op": "replace", "path": USER_URN, "value": {"title": "x"}}, ("replace", "title", "x", None)),
        ({"op": "replace", "value": {"name.givenName": "A"}}, ("replace", "name.givenName", "A", None)),
        (
            {"op": "add", "value": {f"{ENTERPRISE_URN}:department": "D"}},
            ("add", "department", "D", None),
        ),
        ({"op": "add", "value": {ENTERPRISE_URN: {"department": "D"}}}, ("add", "department", "D", None)),
        ({"op": "add", "path": ENTERPRISE_URN, "value": {"department": "D"}}, ("add", "department", "D", None)),
    ],
)
def test_one_operation(operation: dict[str, Any], told: tuple[str, str, Any, Node | None]) -> None:
    """
    Whatever the case and wherever the URN stands, it is a step about one attribute.
    """
    found = _read(operation)

    assert [told] == _told(found)
    assert () == found.passed_over


def test_an_object_is_a_step_for_each_of_its_keys() -> None:
    """
    As Okta and Entra send it, with its own id and the like in it.
    """
    found = _read(
        {
            "op": "replace",
            "value": {
                "id": UID,
                "schemas": [USER_URN],
                "meta": {"resourceType": "User"},
                "userType": "person",
                "displayName": "A",
                ENTERPRISE_URN: {"department": "D", "nonsense": 1},
                "urn:other:User": {"x": 1},
                "not a path": 1,
                "active": True,
            },
        }
    )

    assert ["displayName", "department", "active"] == [each.place.path for each in found.steps]
    expected = {
        *("schemas", "meta", "userType", f"{ENTERPRISE_URN}:nonsense", "urn:other:User", "not a path"),
    }
    assert expected == set(found.passed_over)


@pytest.mark.parametrize("empty", [None, {}, [], ""])
def test_an_empty_extension_says_nothing(empty: Any) -> None:
    """
    It does not clear what is in it.
    """
    assert Steps((), ()) == _read({"op": "replace", "value": {ENTERPRISE_URN: empty}})


def test_an_extension_inside_an_extension_is_passed_over() -> None:
    """
    However deep, it is no attribute.
    """
    value: dict[str, Any] = {"department": "D"}
    for _ in range(500):
        value = {ENTERPRISE_URN: value}

    assert () == _read({"op": "add", "value": value}).steps


def test_removing_an_extension_removes_what_can_be_written_in_it() -> None:
    """
    Each of its attributes, and nothing else.
    """
    found = _read({"op": "remove", "path": ENTERPRISE_URN})

    expected = {"employeeNumber", "costCenter", "organization", "division", "department", "manager"}
    there = {row.name for table in USER.extensions if table.urn == ENTERPRISE_URN for row in table.attributes}
    assert expected & there == {each.place.path for each in found.steps}
    assert {Op.REMOVE} == {each.op for each in found.steps}
    with pytest.raises(Problem):
        _read({"op": "remove", "path": "urn:webex-connector:params:scim:schemas:extension:2.0:User:orgId"})
    removed = _read({"op": "remove", "path": "urn:webex-connector:params:scim:schemas:extension:2.0:User"})
    assert "orgId" not in {each.place.path for each in removed.steps}


@pytest.mark.parametrize(
    "path",
    [
        "password",
        "groups",
        "ims",
        'ims[type eq "x"].value',
        "name.formatted",
        "name.honorificPrefix",
        "emails.primary",
        'emails[type eq "work"].display',
        'addresses[type eq "work"].formatted',
        "members.display",
        "urn:ietf:params:scim:schemas:extension:other:2.0:User:anything",
        f"{ENTERPRISE_URN}:division.display",
    ],
)
def test_what_clients_send_in_vain(path: str) -> None:
    """
    Attributes of the standard that Webex cannot hold, parts that the door makes, schemas of others: the rest of the
    PATCH is done, and what was passed over is told.
    """
    found = _read({"op": "Add", "path": path, "value": "x"}, {"op": "Add", "path": "title", "value": "x"})

    assert ["title"] == [each.place.path for each in found.steps]
    assert (path,) == found.passed_over


@pytest.mark.parametrize(
    ("operation", "kind", "detail"),
    [
        ({"op": "remove"}, Kind.NO_TARGET, "remove needs a path"),
        ({"op": "remove", "value": {"title": None}}, Kind.NO_TARGET, "remove needs a path"),
        ({"op": "move", "path": "title"}, Kind.INVALID_SYNTAX, 'op is add, replace or remove, not "move"'),
        ({"op": 1}, Kind.INVALID_SYNTAX, "op is add, replace or remove, not 1"),
        ({"path": "title"}, Kind.INVALID_SYNTAX, "op is add, replace or remove, not null"),
        ("replace", Kind.INVALID_SYNTAX, 'An operation is a JSON object, not "replace"'),
        ({"op": "add", "path": 5, "value": "x"}, Kind.INVALID_PATH, "A path is a text, not 5"),
        ({"op": "add", "value": "x"}, Kind.INVALID_VALUE, 'Without a path the value must be an object, not "x"'),
        ({"op": "add"}, Kind.INVALID_VALUE, "Without a path the value must be an object, not null"),
        (
            {"op": "add", "value": [{}, {}]},
            Kind.INVALID_VALUE,
            "Without a path the value must be an object, not [{}, {}]",
        ),
        (
            {"op": "add", "path": ENTERPRISE_URN, "value": "x"},
            Kind.INVALID_VALUE,
            'Without a path the value must be an object, not "x"',
        ),
        (
            {"op": "add", "value": {ENTERPRISE_URN: "x"}},
            Kind.INVALID_VALUE,
            'Without a path the value must be an object, not "x"',
        ),
        ({"op": "add", "path": "nope", "value": "x"}, Kind.INVALID_PATH, 'User has no attribute "nope"'),
        ({"op": "add", "path": "emails.nope", "value": "x"}, Kind.INVALID_PATH, 'User has no attribute "emails.nope"'),
        ({"op": "add", "path": "nope.value", "value": "x"}, Kind.INVALID_PATH, 'User has no attribute "nope.value"'),
        (
            {"op": "add", "path": f"{ENTERPRISE_URN}:nope", "value": "x"},
            Kind.INVALID_PATH,
            f'User has no attribute "{ENTERPRISE_URN}:nope"',
        ),
        (
            {"op": "add", "path": "a b", "value": "x"},
            Kind.INVALID_PATH,
            "Expected '[' or the end, found \"b\" (column 3)",
        ),
        (
            {"op": "add", "path": 'emails[type eq "work"].nope', "value": "x"},
            Kind.INVALID_PATH,
            'emails has no part "nope"',
        ),
        ({"op": "add", "path": "title[value pr]", "value": "x"}, Kind.INVALID_PATH, "title is no list to choose from"),
        ({"op": "add", "path": "name[givenName pr]", "value": {}}, Kind.INVALID_PATH, "name is no list to choose from"),
        (
            {"op": "add", "path": "emails.value[type pr]", "value": "x"},
            Kind.INVALID_PATH,
            "emails.value is no list to choose from",
        ),
        (
            {"op": "add", "path": 'emails[nope eq "x"].value', "value": "x"},
            Kind.INVALID_FILTER,
            'emails has no part "nope" (column 8)',
        ),
        (
            {"op": "add", "value": {'emails[nope eq "x"].value': "x"}},
            Kind.INVALID_FILTER,
            'emails has no part "nope" (column 8)',
        ),
        ({"op": "replace", "path": "id", "value": "U2"}, Kind.MUTABILITY, "id is read-only"),
        ({"op": "replace", "value": {"id": "U2"}}, Kind.MUTABILITY, "id is read-only"),
        ({"op": "replace", "value": {"ID": "U2"}}, Kind.MUTABILITY, "ID is read-only"),
        ({"op": "remove", "path": "userType"}, Kind.MUTABILITY, "userType is read-only"),
        ({"op": "replace", "path": "meta.created", "value": "x"}, Kind.MUTABILITY, "meta.created is read-only"),
    ],
)
def test_what_is_refused(operation: Any, kind: Kind, detail: str) -> None:
    """
    With the kind that the standard has for it, and in words.
    """
    with pytest.raises(Problem) as refusal:
        _read(operation)

    assert (400, kind, detail) == (refusal.value.status, refusal.value.kind, refusal.value.detail)


def test_an_unchanged_id_is_no_change() -> None:
    """
    Okta sends the id with each new name of a group.
    """
    assert Steps((), ()) == _read({"op": "replace", "path": "id", "value": UID})


@pytest.mark.parametrize(
    "body",
    [
        {"Operations": {"op": "remove", "path": "title"}},
        {"operations": [{"op": "remove", "path": "title"}]},
        {"schemas": [PATCH_URN.upper()], "Operations": [{"op": "remove", "path": "title"}]},
        {"schemas": PATCH_URN, "Operations": [{"op": "remove", "path": "title"}]},
        {"schemas": ["urn:other", PATCH_URN], "Operations": [{"op": "remove", "path": "title"}]},
        {"schemas": [], "Operations": [{"op": "remove", "path": "title"}]},
    ],
)
def test_bodies(body: Any) -> None:
    """
    One operation for a list, names in any case, schemas said or not.
    """
    assert [("remove", "title", None, None)] == _told(steps_of(USER, body, UID))


@pytest.mark.parametrize(
    ("body", "detail"),
    [
        ([], "The body must be a PatchOp, a JSON object"),
        (None, "The body must be a PatchOp, a JSON object"),
        ({}, "Operations must be a list of at least one operation"),
        ({"Operations": []}, "Operations must be a list of at least one operation"),
        ({"Operations": None}, "Operations must be a list of at least one operation"),
        (
            {"schemas": [USER_URN], "Operations": [{"op": "remove", "path": "title"}]},
            f'The body\'s schemas must name {PATCH_URN}, not ["{USER_URN}"]',
        ),
    ],
)
def test_what_is_no_patch(body: Any, detail: str) -> None:
    """
    Nothing is guessed of it.
    """
    with pytest.raises(Problem) as refusal:
        steps_of(USER, body, UID)

    assert (Kind.INVALID_SYNTAX, detail) == (refusal.value.kind, refusal.value.detail)


def test_too_many_operations() -> None:
    """
    There may be as many as any client sends, and no more.
    """
    one = {"op": "remove", "path": "title"}

    assert MOST_OPERATIONS == len(_read(*[one] * MOST_OPERATIONS).steps)
    with pytest.raises(Problem) as refusal:
        _read(*[one] * (MOST_OPERATIONS + 1))
    assert (413, "A PATCH may have 5000 operations, not 5001") == (refusal.value.status, refusal.value.detail)


@pytest.mark.parametrize("reverse", [False, True])
def test_the_user_name_wins_over_an_e_mail(*, reverse: bool) -> None:
    """
    Webex has one address; Entra sends both, in any order, and looks people up by the userName.
    """
    operations = [
        {"op": "replace", "path": "userName", "value": "a@example.com"},
        {"op": "replace", "path": 'emails[type eq "work"].value', "value": "b@example.com"},
        {"op": "replace", "path": "title", "value": "x"},
        {"op": "replace", "path": "name.givenName", "value": "A"},
    ]
    found = _read(*(operations[::-1] if reverse else operations))

    assert ("emails.value",) == found.passed_over
    assert {"userName", "title", "name.givenName"} == {each.place.path for each in found.steps}
    assert ["emails.value"] == [each.place.path for each in _read(operations[1]).steps]
    both = _read({"op": "replace", "path": "userName", "value": None}, operations[1])
    assert ["userName", "emails.value"] == [each.place.path for each in both.steps]
