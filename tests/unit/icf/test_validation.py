"""
What is refused before it reaches a connector, and what canonical input looks like.
"""

import pytest

from webex_connector.base.secret import Secret
from webex_connector.icf import names
from webex_connector.icf.attributes import AttributeDelta, Attributes, Value, added, removed, replaced
from webex_connector.icf.errors import InvalidAttributeValue, InvalidInput, UnknownAttribute
from webex_connector.icf.options import OperationOptions
from webex_connector.icf.schema import AttributeInfo, AttributeType, ObjectClassInfo
from webex_connector.icf.validation import creatable, lacking, refuse_lacking, updateable, wanted

INFO = ObjectClassInfo(
    "PERSON",
    "Somebody with an attribute of each type.",
    (
        AttributeInfo("emails", "", many=True, required=True),
        AttributeInfo("title", ""),
        AttributeInfo("age", "", AttributeType.INTEGER),
        AttributeInfo("height", "", AttributeType.NUMBER),
        AttributeInfo("active", "", AttributeType.BOOLEAN),
        AttributeInfo("photo", "", AttributeType.BYTES, returned_by_default=False),
        AttributeInfo("born", "", AttributeType.TIMESTAMP, updateable=False),
        AttributeInfo("seen", "", AttributeType.TIMESTAMP, creatable=False, updateable=False),
        AttributeInfo(names.PASSWORD, "", AttributeType.SECRET, readable=False),
        AttributeInfo("any", "", AttributeType.MAP),
        AttributeInfo(
            "phones",
            "",
            AttributeType.MAP,
            many=True,
            fields=(AttributeInfo("type", ""), AttributeInfo("value", "", required=True)),
        ),
        AttributeInfo("place", "", requires=("extension", "phones"), excludes=("title",)),
        AttributeInfo("extension", ""),
    ),
    name_attribute="emails",
)
GOOD: Attributes = {"emails": ("anna@example.com",)}


def test_a_new_object_comes_out_canonical() -> None:
    """
    Names are as the schema writes them, `__NAME__` is its attribute, empty attributes are gone, passwords are secrets.
    """
    given = {
        "__name__": ("anna@example.com",),
        "TITLE": (None,),
        "age": (),
        "__password__": ("hunter2",),
        "PHONES": ({"TYPE": "work", "Value": "1"},),
    }

    assert {
        "emails": ("anna@example.com",),
        names.PASSWORD: (Secret("hunter2"),),
        "phones": ({"type": "work", "value": "1"},),
    } == creatable(INFO, given)


@pytest.mark.parametrize(
    ("attribute", "value"),
    [
        ("title", 5),
        ("title", True),
        ("title", {"value": "x"}),
        ("age", "5"),
        ("age", 5.0),
        ("age", True),
        ("height", "1.8"),
        ("height", False),
        ("active", "true"),
        ("active", 1),
        ("photo", "text"),
        ("born", 20260101),
        (names.PASSWORD, 12345),
        ("any", "text"),
        ("phones", "+1 555"),
        ("phones", {"value": 5}),
        ("phones", {"type": "work"}),
        ("phones", {"value": ""}),
        ("phones", {"value": "1", "colour": "red"}),
    ],
)
def test_a_value_of_another_type_is_refused(attribute: str, value: Value) -> None:
    """
    Nothing is converted behind the caller's back, at create and at update alike; the attribute is named.
    """
    with pytest.raises(InvalidAttributeValue, match=attribute) as at_create:
        creatable(INFO, {**GOOD, attribute: (value,)})
    if INFO.attribute(attribute).updateable:
        with pytest.raises(InvalidAttributeValue, match=attribute):
            updateable(INFO, [replaced(attribute, value)])

    assert attribute == at_create.value.attribute


@pytest.mark.parametrize(
    ("attribute", "value"),
    [
        ("title", "x"),
        ("age", -5),
        ("height", 1.8),
        ("height", 2),
        ("active", False),
        ("photo", b"\x00"),
        ("any", {"what": {"ever": 1}}),
        ("phones", {"value": "1", "type": None}),
    ],
)
def test_a_value_of_the_right_type_stays_as_it_is(attribute: str, value: Value) -> None:
    """
    What fits the schema is handed on unchanged.
    """
    assert (value,) == creatable(INFO, {**GOOD, attribute: (value,)})[attribute]


def test_a_refused_password_is_not_repeated() -> None:
    """
    The message about a password of a wrong type does not show it.
    """
    with pytest.raises(InvalidAttributeValue) as refusal:
        creatable(INFO, {**GOOD, names.PASSWORD: (123456789,)})

    assert "123456789" not in str(refusal.value)


@pytest.mark.parametrize(
    ("attributes", "error", "complaint"),
    [
        ({}, InvalidAttributeValue, "Required attribute 'emails' value is null"),
        ({"emails": ()}, InvalidAttributeValue, "Required attribute 'emails'"),
        ({"emails": (None,)}, InvalidAttributeValue, "Required attribute 'emails'"),
        ({**GOOD, "EMAILS": ("b@example.com",)}, InvalidAttributeValue, "'emails' is given twice"),
        ({**GOOD, "__NAME__": ("b@example.com",)}, InvalidAttributeValue, "'emails' is given twice"),
        ({**GOOD, "surname": ("x",)}, UnknownAttribute, "no attribute surname"),
        ({**GOOD, "__UID__": ("x",)}, InvalidAttributeValue, "'__UID__' cannot be set on create"),
        ({**GOOD, "seen": ("2026-01-01T00:00:00Z",)}, InvalidAttributeValue, "'seen' cannot be set on create"),
        ({**GOOD, "title": ("a", "b")}, InvalidAttributeValue, "takes one value, 2 were given"),
        ({**GOOD, "place": ("p",), "title": ("t",)}, InvalidAttributeValue, "exclude each other"),
    ],
)
def test_a_new_object_that_cannot_be_is_refused(
    attributes: Attributes,
    error: type[InvalidInput],
    complaint: str,
) -> None:
    """
    Missing, doubled, unknown, read-only, too many and contradicting attributes are refused, each by its name.
    """
    with pytest.raises(error, match=complaint):
        creatable(INFO, attributes)


@pytest.mark.parametrize(
    ("given", "canonical"),
    [
        (replaced("TITLE", "x"), replaced("title", "x")),
        (replaced("title"), replaced("title")),
        (replaced("title", None), replaced("title")),
        (added("title", "x"), replaced("title", "x")),
        (removed("Title", "x"), removed("title", "x")),
        (AttributeDelta("title", add=("new",), remove=("old",)), replaced("title", "new")),
        (AttributeDelta("title"), AttributeDelta("title")),
        (added("__name__", "b@x"), added("emails", "b@x")),
        (AttributeDelta("emails", add=("b",), remove=("a",)), AttributeDelta("emails", add=("b",), remove=("a",))),
        (AttributeDelta("emails"), AttributeDelta("emails")),
        (replaced("__password__", "p"), replaced(names.PASSWORD, Secret("p"))),
    ],
)
def test_a_change_comes_out_canonical(given: AttributeDelta, canonical: AttributeDelta) -> None:
    """
    Adding to an attribute of one value is a replacement, removing from it stays a removal: only the value named may go.
    A delta that says nothing clears nothing.
    """
    assert [canonical] == updateable(INFO, [given])


@pytest.mark.parametrize(
    ("deltas", "error", "complaint"),
    [
        ([replaced("seen", "x")], InvalidAttributeValue, "'seen' is read-only"),
        ([replaced("born", "x")], InvalidAttributeValue, "'born' is read-only"),
        ([replaced("__UID__", "x")], InvalidAttributeValue, "'__UID__' is read-only"),
        ([replaced("surname", "x")], UnknownAttribute, "no attribute surname"),
        ([replaced("emails")], InvalidAttributeValue, "'emails' cannot be cleared"),
        ([replaced("emails", None)], InvalidAttributeValue, "'emails' cannot be cleared"),
        ([replaced("title", "a", "b")], InvalidAttributeValue, "takes one value"),
        ([added("title", "a", "b")], InvalidAttributeValue, "takes one value"),
        ([added("emails", 5)], InvalidAttributeValue, "takes a text"),
        ([removed("emails", None)], InvalidAttributeValue, "takes a text"),
        ([removed("title", 5)], InvalidAttributeValue, "takes a text"),
        ([removed("__password__", "p")], InvalidAttributeValue, "cannot be read, so nobody knows"),
        ([replaced("title", "a"), replaced("Title", "b")], InvalidAttributeValue, "'title' is changed twice"),
        ([replaced("emails", "a"), added("__NAME__", "b")], InvalidAttributeValue, "'emails' is changed twice"),
        ([replaced("place", "p"), replaced("title", "t")], InvalidAttributeValue, "exclude each other"),
    ],
)
def test_a_change_that_cannot_be_is_refused(
    deltas: list[AttributeDelta],
    error: type[InvalidInput],
    complaint: str,
) -> None:
    """
    Read-only, unknown, cleared though required, too many, doubled and contradicting changes are refused by name.
    """
    with pytest.raises(error, match=complaint):
        updateable(INFO, deltas)


def test_attributes_that_exclude_each_other_may_be_swapped() -> None:
    """
    Clearing one while the other is set contradicts nothing.
    """
    assert 2 == len(updateable(INFO, [replaced("place", "p"), replaced("title")]))


def test_a_companion_is_missed() -> None:
    """
    An attribute that needs company is content with any of its companions and refused with none.
    """
    assert lacking(INFO, {"place": ("p",), "extension": ("1",)}) is None
    assert lacking(INFO, {"place": ("p",), "phones": ({"value": "1"},)}) is None
    assert ("place", ("extension", "phones")) == lacking(INFO, {"place": ("p",), "extension": ()})
    with pytest.raises(InvalidAttributeValue, match="'place' requires 'extension' or 'phones'"):
        refuse_lacking(INFO, {"place": ("p",)})


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        (OperationOptions(), INFO.defaults),
        (OperationOptions(attributes_to_get=()), frozenset()),
        (OperationOptions(attributes_to_get=("TITLE", "photo")), {"title", "photo"}),
        (OperationOptions(attributes_to_get=("photo",), return_default_attributes=True), INFO.defaults | {"photo"}),
        (OperationOptions(attributes_to_get=(names.PASSWORD, "title")), {"title"}),
    ],
)
def test_what_is_wanted(options: OperationOptions, expected: frozenset[str]) -> None:
    """
    Without names the defaults are wanted; what cannot be read is never handed out.
    """
    assert expected == wanted(INFO, options)
    assert not {"photo", names.PASSWORD} & INFO.defaults


def test_a_single_read_may_bring_more() -> None:
    """
    What costs a search dear comes unasked when one object is read, and also beside what was asked for then.
    """
    dear = AttributeInfo("dear", "", returned_by_default=False, returned_when_read=True)
    info = ObjectClassInfo("X", "", (AttributeInfo("cheap", ""), dear, AttributeInfo("other", "")))
    beside = OperationOptions(attributes_to_get=("other",), return_default_attributes=True)

    assert {"cheap", "other"} == wanted(info, OperationOptions()) == wanted(info, beside)
    assert (
        {"cheap", "other", "dear"} == wanted(info, OperationOptions(), single=True) == wanted(info, beside, single=True)
    )


def test_wanting_an_unknown_attribute_is_refused() -> None:
    """
    A wish that cannot be met is said, not dropped.
    """
    with pytest.raises(UnknownAttribute):
        wanted(INFO, OperationOptions(attributes_to_get=("surname",)))
