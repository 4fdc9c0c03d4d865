"""
What people type, in the words of the model.
"""

import pytest

from webex_connector.cli.words import (
    Assignments,
    assigned,
    changes,
    new_attributes,
    object_class,
    sentences_of,
    sort_keys,
)
from webex_connector.icf import names
from webex_connector.icf.attributes import AttributeDelta, Values, replaced
from webex_connector.icf.errors import InvalidInput, UnknownAttribute, UnknownObjectClass
from webex_connector.icf.options import SortKey
from webex_connector.icf.schema import AttributeInfo, AttributeType, ObjectClassInfo, Schema

ACCOUNT = ObjectClassInfo(
    names.ACCOUNT,
    "People.",
    (
        AttributeInfo("emails", "Addresses.", many=True),
        AttributeInfo("title", "Title."),
        AttributeInfo("size", "Size.", AttributeType.INTEGER),
        AttributeInfo("addresses", "Where.", AttributeType.MAP, many=True),
        AttributeInfo(names.ENABLE, "Enabled.", AttributeType.BOOLEAN),
    ),
    "emails",
)
LICENSES = ObjectClassInfo("LICENSES", "Licences.", ())
SCHEMA = Schema((ACCOUNT, LICENSES), {})


@pytest.mark.parametrize("word", ["__ACCOUNT__", "account", "Accounts", "ACCOUNT"])
def test_an_object_class_goes_by_its_plain_name(word: str) -> None:
    """
    Underscores, case and number do not matter.
    """
    assert ACCOUNT is object_class(SCHEMA, word)
    assert LICENSES is object_class(SCHEMA, "license")


def test_an_unknown_object_class_is_told_with_those_there_are() -> None:
    """
    Who mistypes an object class sees the right words.
    """
    with pytest.raises(UnknownObjectClass, match="no object class people; there are: account, licenses"):
        object_class(SCHEMA, "people")


def test_sort_keys() -> None:
    """
    A minus before a name sorts downwards.
    """
    assert (SortKey("title"), SortKey("size", ascending=False)) == sort_keys("title, -size")
    assert () == sort_keys(None)


@pytest.mark.parametrize(
    ("text", "name", "values"),
    [
        ("title=Lead", "title", ("Lead",)),
        ("TITLE=a=b", "title", ("a=b",)),
        ("title=123", "title", ("123",)),
        ("title=null", "title", ("null",)),
        ('title="123"', "title", ("123",)),
        ("title=[x", "title", ("[x",)),
        ("title=", "title", ()),
        ('emails=["a@x","b@x"]', "emails", ("a@x", "b@x")),
        ("size=12", "size", (12,)),
        ("size=big", "size", ("big",)),
        ("size=null", "size", ()),
        ("__enable__=false", "__ENABLE__", (False,)),
        ('addresses={"type":"work"}', "addresses", ({"type": "work"},)),
    ],
)
def test_values_are_read_as_the_attribute_needs(text: str, name: str, values: Values) -> None:
    """
    Texts stay texts whatever they look like; numbers, booleans and objects are JSON; nothing clears.
    """
    assert {name: values} == assigned(ACCOUNT, [text], "--set")


def test_a_name_given_again_adds_values() -> None:
    """
    Lists may be spelled out value by value.
    """
    assert {"emails": ("a@x", "b@x")} == assigned(ACCOUNT, ["emails=a@x", "EMAILS=b@x"], "--set")


@pytest.mark.parametrize("text", ["title", "=x", ""])
def test_an_assignment_needs_name_and_equals_sign(text: str) -> None:
    """
    What is no assignment is refused in the words of the option.
    """
    with pytest.raises(InvalidInput, match="--add takes name=value, not"):
        assigned(ACCOUNT, [text], "--add")


def test_an_unknown_attribute_is_told_with_the_nearest() -> None:
    """
    A typing error in a name is found before anything is sent.
    """
    with pytest.raises(UnknownAttribute, match="did you mean title"):
        assigned(ACCOUNT, ["titel=x"], "--set")


def test_a_new_object_from_standard_input_and_assignments() -> None:
    """
    Assignments overrule the body; its names match in any case.
    """
    body = b'{"Title": "Old", "emails": ["a@x"], "_id": null}'

    assert {"title": ("New",), "emails": ("a@x",)} == new_attributes(ACCOUNT, ["title=New"], body)


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'"text"', b"[" * 100_000])
def test_standard_input_that_is_no_object_is_refused(body: bytes) -> None:
    """
    A body is a JSON object or a mistake in words.
    """
    with pytest.raises(InvalidInput, match="JSON"):
        new_attributes(ACCOUNT, (), body)


def test_changes_are_replaced_added_and_removed() -> None:
    """
    Each option becomes its kind of change; a body's attributes are replaced unless spelled out.
    """
    spelled = Assignments(set=("title=New",), add=("emails=a@x", "emails=c@x"), remove=("emails=b@x",))

    assert [
        AttributeDelta("title", replace=("New",)),
        AttributeDelta("size", replace=()),
        AttributeDelta("emails", add=("a@x", "c@x"), remove=("b@x",)),
    ] == changes(ACCOUNT, spelled, [replaced("title", "Old"), replaced("size")])


def test_setting_and_adding_to_the_same_attribute_is_refused() -> None:
    """
    A contradiction is told, not resolved.
    """
    with pytest.raises(InvalidInput, match="emails is set as a whole"):
        changes(ACCOUNT, Assignments(set=("emails=a@x",), add=("emails=b@x",)))


def test_an_update_without_changes_is_refused() -> None:
    """
    Saying nothing is a mistake, not a success.
    """
    with pytest.raises(InvalidInput, match="Say what to change"):
        changes(ACCOUNT, Assignments())


@pytest.mark.parametrize(
    ("delta", "sentences"),
    [
        (AttributeDelta("title", replace=("Lead",)), ["title = Lead"]),
        (AttributeDelta("title", replace=()), ["title is cleared"]),
        (AttributeDelta("licenses", add=("A", "B"), remove=("C",)), ["licenses + A, B", "licenses - C"]),
    ],
)
def test_changes_are_said_in_words(delta: AttributeDelta, sentences: list[str]) -> None:
    """
    What is set, cleared, added and taken away can be told apart.
    """
    assert sentences == sentences_of(delta)
