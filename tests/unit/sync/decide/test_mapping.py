"""
What a mapping makes of one record.
"""

from dataclasses import replace
from typing import Any

import pytest

from webex_connector.expressions.values import Expression, Failure
from webex_connector.icf import names
from webex_connector.icf.schema import AttributeInfo, AttributeType, ObjectClassInfo
from webex_connector.sync.decide.definition import CorrelationRule, PropertyMapping, SyncMapping
from webex_connector.sync.decide.mapped import Mapped
from webex_connector.sync.decide.mapping import VALID_SOURCE, Finder, Mapper, expressions_of, of_records
from webex_connector.sync.records import Record

INFO = ObjectClassInfo(
    names.ACCOUNT,
    "People.",
    (
        AttributeInfo("emails", "", many=True),
        AttributeInfo("displayName", ""),
        AttributeInfo("title", ""),
        AttributeInfo("managerId", ""),
        AttributeInfo("level", "", AttributeType.INTEGER),
        AttributeInfo("share", "", AttributeType.NUMBER),
        AttributeInfo(names.ENABLE, "", AttributeType.BOOLEAN),
    ),
    "emails",
)
SOME = Expression("some", "sync.toml:7")
OTHER = Expression("other", "sync.toml:8")
FAILED = Failure("properties.1.title", "sync.toml:7", "1", "TypeError: no")


def mapping(*properties: PropertyMapping, **more: Any) -> SyncMapping:
    """
    Return a mapping with these properties.
    """
    return SyncMapping("people", "hr", "webex", names.ACCOUNT, properties, **more)


def mapped(definition: SyncMapping, results: dict[str, Any] | None = None, **record: Any) -> Mapped:
    """
    Return what a mapping makes of a record, given what the expressions gave.
    """
    values = {name: each if isinstance(each, tuple) else (each,) for name, each in record.items()}
    return Mapper(definition, INFO).mapped(Record("K1", values), "default", results or {})


def test_where_values_come_from() -> None:
    """
    From the record, an expression, a constant; then the default. Without any the attribute is to be cleared.
    """
    definition = mapping(
        PropertyMapping("emails", "mail"),
        PropertyMapping("displayName", expression=SOME),
        PropertyMapping("title", "job", default=("Staff",)),
        PropertyMapping("managerId", constant=("M",)),
    )
    found = mapped(definition, {"properties.2.displayName": ["Ana", None, ""]}, mail=("a@x", "b@x"))
    assert found.attributes == {
        "emails": ("a@x", "b@x"),
        "displayName": ("Ana",),
        "title": ("Staff",),
        "managerId": ("M",),
    }
    assert mapped(mapping(PropertyMapping("title", "job"))).attributes == {"title": ()}


def test_the_first_property_whose_condition_holds_decides() -> None:
    """
    If none does, the attribute is left alone.
    """
    definition = mapping(
        PropertyMapping("title", "job", condition=SOME), PropertyMapping("title", constant=("B",), condition=OTHER)
    )
    first, second = "properties.1.title.condition", "properties.2.title.condition"
    assert mapped(definition, {first: True, second: True}, job="A").attributes == {"title": ("A",)}
    assert mapped(definition, {first: 0, second: "yes"}, job="A").attributes == {"title": ("B",)}
    assert mapped(definition, {first: None, second: False}, job="A").attributes == {}


def test_what_is_given_once_and_what_refers_to_others_stand_apart() -> None:
    """
    Keys of others are folded where the source's keys are.
    """
    definition = mapping(
        PropertyMapping("displayName", "cn", on_create_only=True),
        PropertyMapping("managerId", "boss", reference=True),
        source_keys_case_sensitive=False,
    )
    found = mapped(definition, cn="Ana", boss="K2")
    assert (found.key, found.attributes, found.on_create, found.references) == (
        "k1",
        {},
        {"displayName": ("Ana",)},
        {"managerId": ("k2",)},
    )
    assert mapped(definition, cn="Ana").attributes == {"managerId": ()}


@pytest.mark.parametrize(
    ("target", "text", "value"),
    [
        ("level", "7", 7),
        ("share", "0.5", 0.5),
        (names.ENABLE, "Yes", True),
        (names.ENABLE, "0", False),
        (names.ENABLE, True, True),
    ],
)
def test_texts_become_what_the_attribute_is(target: str, text: Any, value: Any) -> None:
    """
    Files have nothing but texts.
    """
    assert mapped(mapping(PropertyMapping(target, "x")), x=text).attributes == {target: (value,)}


@pytest.mark.parametrize(
    ("target", "values", "problem"),
    [
        ("level", ("many",), "level: many is no integer"),
        ("share", ("half",), "share: half is no number"),
        (names.ENABLE, ("perhaps",), f"{names.ENABLE}: perhaps is neither true nor false"),
        ("title", ("A", "B"), "title: it takes one value, and there are 2: A, B"),
        ("level", ("1", "2"), "level: it takes one value, and there are 2: 1, 2"),
    ],
)
def test_a_value_that_does_not_fit_is_the_record_s_problem(target: str, values: Any, problem: str) -> None:
    """
    With the attribute, the value, and why.
    """
    assert mapped(mapping(PropertyMapping(target, "x")), x=values).problem == problem


def test_an_expression_that_fails_is_the_record_s_problem() -> None:
    """
    By what the record finds its object is known all the same: the object is not taken for one that is left over.
    """
    definition = mapping(
        PropertyMapping("emails", "mail"),
        PropertyMapping("title", expression=SOME),
        correlation=(CorrelationRule(("emails",)),),
    )
    found = mapped(definition, {"properties.2.title": FAILED}, mail="A@x")
    assert (found.problem, found.matches) == (str(FAILED), ((0, "a@x"),))
    assert mapped(definition, {VALID_SOURCE: FAILED, "properties.2.title": "x"}, mail="A@x").problem == str(FAILED)


def test_what_fails_where_it_is_not_needed_is_no_problem() -> None:
    """
    Behind a condition that does not hold, or in a record that does not count.
    """
    guarded = mapping(PropertyMapping("title", expression=SOME, condition=OTHER))
    value, condition = "properties.1.title", "properties.1.title.condition"
    assert mapped(guarded, {value: FAILED, condition: False}).problem is None
    assert mapped(guarded, {value: FAILED, condition: True}).problem == str(FAILED)
    assert mapped(guarded, {value: "x", condition: FAILED}).problem == str(FAILED)
    left = mapped(guarded, {VALID_SOURCE: False, value: FAILED, condition: True})
    assert (left.problem, left.qualifies) == (None, False)


def test_records_and_objects_correspond_by_folded_values() -> None:
    """
    By one attribute and its aliases, or by several at once; rules of another link qualifier do not count, values that
    are given to new objects only do.
    """
    rules = (
        CorrelationRule(("emails",), ("title",)),
        CorrelationRule(("displayName", "title")),
        CorrelationRule(("emails",), (), "guest"),
    )
    definition = mapping(
        PropertyMapping("emails", "mail", on_create_only=True),
        PropertyMapping("displayName", "cn"),
        PropertyMapping("title", "job"),
        correlation=rules,
    )
    found = mapped(definition, mail=("A@x", "b@X"), cn=" Ana ", job="Boss")
    assert found.matches == ((0, "a@x"), (0, "b@x"), (1, "ana\x1fboss"))
    there = dict(Finder(definition).matches("u1", "n", {"title": ("A@X",), "displayName": ("ana",)}))
    assert there == {0: "a@x", 1: "ana\x1fa@x"}
    by_name = replace(definition, correlation=(CorrelationRule((names.NAME,)), CorrelationRule((names.UID,))))
    assert Finder(by_name).matches("U1", "N", {}) == ((0, "n"), (1, "u1"))


def test_expressions_have_names_of_their_own() -> None:
    """
    Those of records are told from those of objects and of situations.
    """
    definition = mapping(
        PropertyMapping("title", expression=SOME, condition=OTHER), valid_source=SOME, valid_target=OTHER
    )
    assert list(expressions_of(definition)) == [
        "valid_source",
        "valid_target",
        "properties.1.title",
        "properties.1.title.condition",
    ]
    assert of_records(definition) == ["valid_source", "properties.1.title", "properties.1.title.condition"]
