"""
Patch operations.
"""

from collections.abc import Mapping
from typing import Any

import pytest

from fakes.memory_schema import ACCOUNT_INFO
from webex_connector.gateway.idm.errors import Problem
from webex_connector.gateway.idm.patch import deltas, needs
from webex_connector.gateway.idm.patch_words import operations_in
from webex_connector.icf.attributes import AttributeDelta, Values, added, removed, replaced
from webex_connector.icf.errors import InvalidAttributeValue, UnknownAttribute
from webex_connector.icf.schema import AttributeInfo, AttributeType, ObjectClassInfo

COUNTED = ObjectClassInfo(
    "COUNTED",
    "Things with numbers.",
    (
        AttributeInfo("size", "One number.", AttributeType.INTEGER),
        AttributeInfo("sizes", "Numbers.", AttributeType.NUMBER, many=True),
        AttributeInfo("open", "A flag.", AttributeType.BOOLEAN),
        AttributeInfo("hidden", "A secret.", AttributeType.SECRET, readable=False),
    ),
)


def _op(operation: str, field: str, *value: Any) -> dict[str, Any]:
    return {"operation": operation, "field": field} | ({"value": value[0]} if value else {})


def _from(operation: str, field: str, source: str) -> dict[str, Any]:
    return {"operation": operation, "field": field, "from": source}


def _patched(
    body: list[dict[str, Any]],
    current: Mapping[str, Values],
    info: ObjectClassInfo = ACCOUNT_INFO,
) -> list[AttributeDelta]:
    operations = operations_in(body, info)
    assert needs(operations) == set(current)
    return deltas(operations, current)


@pytest.mark.parametrize(
    ("body", "changes"),
    [
        ([], []),
        ([_op("replace", "/title", "Lead")], [replaced("title", "Lead")]),
        ([_op("REPLACE", "Title", None)], [replaced("title")]),
        ([_op("replace", "emails", ["a", "b"])], [replaced("emails", "a", "b")]),
        ([_op("add", "title", "Lead")], [replaced("title", "Lead")]),
        ([_op("add", "/licenses/-", "L1")], [added("licenses", "L1")]),
        ([_op("add", "/licenses", ["L1", "L2"])], [added("licenses", "L1", "L2")]),
        ([_op("remove", "/roles", "R1")], [removed("roles", "R1")]),
        ([_op("remove", "/roles", ["R1", "R2"])], [removed("roles", "R1", "R2")]),
        ([_op("remove", "/roles", [])], []),
        ([_op("remove", "/roles")], [replaced("roles")]),
        ([_op("remove", "/title")], [replaced("title")]),
        ([_op("remove", "/title", "Lead")], [removed("title", "Lead")]),
        ([_op("replace", "title", "Lead"), _op("remove", "title", "Lead")], [replaced("title")]),
        ([_op("replace", "title", "Lead"), _op("remove", "title", "Head")], [replaced("title", "Lead")]),
        ([_op("remove", "title", "Lead"), _op("add", "title", "Head")], [replaced("title", "Head")]),
        ([_op("add", "roles", "R1"), _op("remove", "roles", "R1")], [removed("roles", "R1")]),
        (
            [_op("remove", "roles", "R1"), _op("add", "roles", "R1")],
            [AttributeDelta("roles", add=("R1",), remove=("R1",))],
        ),
        ([_op("replace", "roles", ["R1"]), _op("add", "roles", ["R1", "R2"])], [replaced("roles", "R1", "R2")]),
        ([_op("replace", "roles", ["R1", "R2"]), _op("remove", "roles", "R1")], [replaced("roles", "R2")]),
        (
            [_op("add", "roles", "R1"), _op("replace", "title", "x"), _op("add", "roles", "R2")],
            [added("roles", "R1", "R2"), replaced("title", "x")],
        ),
        (
            [_op("remove", "phoneNumbers", {"type": "work", "value": "1"})],
            [removed("phoneNumbers", {"type": "work", "value": "1"})],
        ),
    ],
)
def test_operations_become_changes(body: list[dict[str, Any]], changes: list[AttributeDelta]) -> None:
    """
    One after the other, the operations make one change of each attribute, and nothing is read for it.
    """
    assert _patched(body, {}) == changes


@pytest.mark.parametrize(
    ("body", "current", "changes"),
    [
        ([_from("copy", "nickName", "/title")], {}, None),
        ([_from("copy", "department", "/title")], {"title": ("Lead",)}, [replaced("department", "Lead")]),
        (
            [_from("move", "department", "title")],
            {"title": ("Lead",)},
            [replaced("title"), replaced("department", "Lead")],
        ),
        ([_from("move", "title", "title")], {"title": ("Lead",)}, []),
        (
            [_op("replace", "title", "Head"), _from("copy", "department", "title")],
            {"title": ("Lead",)},
            [replaced("title", "Head"), replaced("department", "Head")],
        ),
        ([_from("copy", "department", "title")], {"title": ()}, [replaced("department")]),
    ],
)
def test_some_operations_need_the_object(
    body: list[dict[str, Any]],
    current: Mapping[str, Values],
    changes: list[AttributeDelta] | None,
) -> None:
    """
    Copying and moving refer to what is there; only that is asked for.
    """
    if changes is None:
        with pytest.raises(UnknownAttribute):
            operations_in(body, ACCOUNT_INFO)
    else:
        assert _patched(body, current) == changes


def test_numbers_can_be_incremented() -> None:
    """
    Every number of the attribute grows; without a number there is nothing to grow.
    """
    assert _patched([_op("increment", "size", 2)], {"size": (5,)}, COUNTED) == [replaced("size", 7)]
    assert _patched([_op("increment", "sizes", -0.5)], {"sizes": (1, 2.0)}, COUNTED) == [replaced("sizes", 0.5, 1.5)]
    assert _patched([_op("increment", "size", 2)], {"size": ()}, COUNTED) == []


@pytest.mark.parametrize(
    ("field", "by", "have"),
    [("size", "2", 5), ("size", [1, 2], 5), ("open", 1, True), ("size", True, 5)],
)
def test_only_numbers_can_be_incremented(field: str, by: object, have: Any) -> None:
    """
    Texts, lists and flags neither grow nor make grow.
    """
    with pytest.raises(InvalidAttributeValue, match="Non-numeric value provided for increment operation"):
        _patched([_op("increment", field, by)], {field: (have,)}, COUNTED)


@pytest.mark.parametrize("operation", [_from("copy", "size", "hidden"), _op("increment", "hidden", 1)])
def test_what_cannot_be_read_cannot_be_referred_to(operation: dict[str, Any]) -> None:
    """
    An unreadable attribute is not taken for an empty one.
    """
    with pytest.raises(InvalidAttributeValue, match="'hidden' cannot be read"):
        needs(operations_in([operation], COUNTED))


@pytest.mark.parametrize(
    ("operation", "reason"),
    [
        ("x", "operation 2 is not a JSON object"),
        ({"field": "title"}, "Invalid patch operation type None"),
        (_op("transform", "title", "x"), "'transform' is not supported: it would run a script of the request"),
        (_op("test", "title", "x"), "Invalid patch operation type test; there are add, remove"),
        (_op("add", "title"), "No value field provided for 'add' operation"),
        (_op("add", "title", None), "No value field provided for 'add' operation"),
        (_op("replace", "title"), "No value field provided for 'replace' operation"),
        (_op("increment", "title", None), "No value field provided for 'increment' operation"),
        (_op("remove", "licenses", None), "The value of 'remove' is null"),
        (_op("copy", "title", "x"), "'copy' does not accept value field"),
        (_op("move", "title"), "No from field provided for 'move' operation"),
        (_from("add", "title", "x") | {"value": 1}, "'add' does not accept from field"),
        ({"operation": "remove"}, "No field provided for 'remove' operation"),
        (_op("remove", ""), "Only one level JsonPointer supported"),
        (_op("remove", "/addresses/0"), "Only one level JsonPointer supported"),
        (_from("copy", "title", "a/b"), "Only one level JsonPointer supported"),
        (_op("remove", "/roles/-", "x"), "'/-' appends to a list; 'remove' on '/roles/-' does not"),
        (_op("add", "/title/-", "x"), "'/-' appends to a list; 'add' on '/title/-' does not"),
    ],
)
def test_each_slip_names_its_operation(operation: object, reason: str) -> None:
    """
    What an operation lacks or does not take is said with its number; a null where a value belongs removes nothing.
    """
    with pytest.raises(Problem) as caught:
        operations_in([_op("replace", "title", "x"), operation], ACCOUNT_INFO)
    assert caught.value.code == 400
    assert "not a valid JSON patch" in caught.value.message
    assert reason in caught.value.message
    assert caught.value.detail == {"operation": 2}


@pytest.mark.parametrize("body", [None, {}, "text"])
def test_a_patch_is_a_list(body: object) -> None:
    """
    Anything but a JSON array is refused.
    """
    with pytest.raises(Problem, match="not a JSON array of patch operations"):
        operations_in(body, ACCOUNT_INFO)
