"""
What filters mean, one row for each rule.
"""

import unicodedata
from collections.abc import Callable

import pytest

from webex_connector.icf import names
from webex_connector.icf.attributes import Value, Values
from webex_connector.icf.errors import InvalidFilter
from webex_connector.icf.filters import (
    EVERYTHING,
    MAX_DEPTH,
    NOTHING,
    And,
    Compare,
    ContainsAll,
    EqualsList,
    Filter,
    Not,
    Operator,
    Or,
    Present,
    attributes_of,
    checked,
    conjuncts,
    equals,
    matcher,
)
from webex_connector.icf.objects import ConnectorObject
from webex_connector.icf.schema import AttributeInfo, AttributeType, ObjectClassInfo

INFO = ObjectClassInfo(
    "THING",
    "Something with an attribute of each type.",
    (
        AttributeInfo("text", "", many=True),
        AttributeInfo("id", "", case_sensitive=True),
        AttributeInfo("number", "", AttributeType.INTEGER, many=True),
        AttributeInfo("ratio", "", AttributeType.NUMBER),
        AttributeInfo("flag", "", AttributeType.BOOLEAN),
        AttributeInfo("raw", "", AttributeType.BYTES),
        AttributeInfo("seen", "", AttributeType.TIMESTAMP),
        AttributeInfo("phone", "", AttributeType.MAP, many=True),
        AttributeInfo("secret", "", AttributeType.SECRET, readable=False),
    ),
    name_attribute="text",
)

DECOMPOSED = unicodedata.normalize("NFD", "Zoë")


def matches(node: Filter, **attributes: Values) -> bool:
    """
    Whether an object with these attributes matches.
    """
    each = ConnectorObject("THING", "Uid-1", "Name", attributes)
    return matcher(checked(node, INFO), INFO)(each)


def compare(operator: str, value: Value) -> Callable[[str], Compare]:
    """
    Return a comparison that still lacks its attribute.
    """
    return lambda attribute: Compare(attribute, Operator(operator), value)


@pytest.mark.parametrize(
    ("attribute", "values", "comparison", "expected"),
    [
        ("text", ("Anna",), compare("eq", "anna"), True),
        ("text", ("Anna",), compare("eq", "ann"), False),
        ("text", ("x", "Anna"), compare("eq", "ANNA"), True),
        ("text", (), compare("eq", "anna"), False),
        ("text", ("Zoë",), compare("eq", DECOMPOSED), True),
        ("text", (DECOMPOSED,), compare("eq", "ZOË"), True),
        ("text", ("Zoë",), compare("eq", "Zoe"), False),
        ("text", ("Straße",), compare("eq", "STRASSE"), True),
        ("text", ("Anna Larsson",), compare("co", "A LARS"), True),
        ("text", ("Anna",), compare("co", "nna "), False),
        ("text", ("Anna",), compare("co", ""), True),
        ("text", ("Anna",), compare("sw", "aN"), True),
        ("text", ("Anna",), compare("sw", "nna"), False),
        ("text", ("Anna",), compare("ew", "NA"), True),
        ("text", ("Anna",), compare("ew", "ann"), False),
        ("text", ("b",), compare("gt", "A"), True),
        ("text", ("b",), compare("gt", "B"), False),
        ("text", ("b",), compare("ge", "B"), True),
        ("text", ("b",), compare("lt", "C"), True),
        ("text", ("b",), compare("le", "B"), True),
        ("text", ("b",), compare("lt", "b"), False),
        ("id", ("aB",), compare("eq", "aB"), True),
        ("id", ("aB",), compare("eq", "ab"), False),
        ("id", ("aB",), compare("sw", "A"), False),
        ("number", (2, 9), compare("eq", 9), True),
        ("number", (2, 10), compare("gt", 9), True),
        ("number", (2,), compare("gt", 9), False),
        ("ratio", (0.5,), compare("le", 1), True),
        ("flag", (True,), compare("eq", value=True), True),
        ("flag", (True,), compare("eq", value=False), False),
        ("flag", (), compare("eq", value=False), False),
        ("seen", ("2026-01-02T00:00:00Z",), compare("gt", "2026-01-01T23:59:59Z"), True),
        ("seen", ("2026-01-02T00:00:00Z",), compare("lt", "2026-01-01T23:59:59Z"), False),
        ("seen", ("2026-01-02T00:00:00.500Z",), compare("gt", "2026-01-02T00:00:00Z"), True),
        ("seen", ("2026-01-02T00:00:00Z",), compare("gt", "2026-01-02T01:00:00+02:00"), True),
        ("seen", ("2026-01-02T00:00:00Z",), compare("eq", "2026-01-02T02:00:00.000+02:00"), True),
        ("seen", ("2026-01-02T00:00:00Z",), compare("ge", "2026-01-02"), True),
        ("seen", ("2026-01-02T00:00:00Z",), compare("sw", "2026-01-02"), True),
        ("seen", ("2026-01-02T00:00:00Z",), compare("lt", "yesterday"), True),
        ("seen", ("0001-01-01T00:00:00Z",), compare("eq", "0001-01-01T00:00:00+02:00"), False),
        ("phone", ({"type": "work", "value": "+1 555"},), compare("eq", "+1 555"), True),
        ("phone", ({"type": "work", "value": "+1 555"},), compare("sw", "+1"), True),
        ("phone", ({"id": "P-1", "display": "Anna"},), compare("eq", "P-1"), True),
        ("phone", ({"display": "Anna"},), compare("eq", "anna"), True),
        ("phone", ({"type": "work"},), compare("co", "work"), False),
    ],
)
def test_comparison(
    attribute: str,
    values: Values,
    comparison: Callable[[str], Compare],
    *,
    expected: bool,
) -> None:
    """
    A comparison holds when any value does; texts compare without case and Unicode form unless case matters, times as
    the moments they name.
    """
    assert expected is matches(comparison(attribute), **{attribute: values})


@pytest.mark.parametrize(
    ("node", "expected"),
    [
        (Present("text"), True),
        (Present("id"), False),
        (Present("noSuchAttribute"), False),
        (Not(Present("noSuchAttribute")), True),
        (Present("__uid__"), True),
        (equals(names.UID, "Uid-1"), True),
        (equals(names.UID, "uid-1"), False),
        (equals(names.NAME, "NAME"), True),
        (EqualsList("text", ("A", "B")), True),
        (EqualsList("text", ("b", "a")), False),
        (EqualsList("text", ("a",)), False),
        (EqualsList("id", ()), True),
        (EqualsList("text", ()), False),
        (ContainsAll("text", ("B",)), True),
        (ContainsAll("text", ("b", "A")), True),
        (ContainsAll("text", ("b", "c")), False),
        (And(()), True),
        (Or(()), False),
        (And((Present("text"), NOTHING)), False),
        (Or((Present("id"), EVERYTHING)), True),
        (Not(EVERYTHING), False),
        (equals("TEXT", "a"), True),
    ],
)
def test_filter_on_a_thing_with_two_texts(node: Filter, *, expected: bool) -> None:
    """
    An object with the texts a and b and nothing else.
    """
    assert expected is matches(node, text=("a", "b"))


@pytest.mark.parametrize(
    ("node", "complaint"),
    [
        (equals("noSuchAttribute", "x"), "unknown attribute"),
        (EqualsList("noSuchAttribute", ("x",)), "unknown attribute"),
        (ContainsAll("noSuchAttribute", ("x",)), "unknown attribute"),
        (And((EVERYTHING, Not(equals("noSuchAttribute", "x")))), "unknown attribute"),
        (equals("secret", "x"), "cannot be read"),
        (equals("number", "5"), "is of type integer"),
        (equals("number", value=True), "is of type integer"),
        (equals("number", 1.5), "is of type integer"),
        (equals("flag", "true"), "is of type boolean"),
        (equals("flag", 1), "is of type boolean"),
        (equals("text", 5), "is of type string"),
        (equals("text", None), "is of type string"),
        (Compare("number", Operator.CONTAINS, 5), "compares texts only"),
        (Compare("flag", Operator.STARTS_WITH, value=True), "compares texts only"),
        (EqualsList("number", (1, "2")), "is of type integer"),
        (ContainsAll("flag", (0,)), "is of type boolean"),
    ],
)
def test_a_filter_that_means_nothing_is_refused(node: Filter, complaint: str) -> None:
    """
    Unknown or unreadable attributes and values of another type are mistakes, never "no match".
    """
    with pytest.raises(InvalidFilter, match=complaint):
        checked(node, INFO)


@pytest.mark.parametrize("wrap", [Not, lambda node: And((node,)), lambda node: Or((node, NOTHING))])
def test_nesting_is_limited_before_the_stack_ends(wrap: Callable[[Filter], Filter]) -> None:
    """
    The deepest filter allowed can be checked, matched, printed and compared; one level more is refused.
    """
    node: Filter = equals("text", "a")
    for _ in range(MAX_DEPTH):
        node = wrap(node)

    assert matches(node, text=("a",))
    assert "text" in repr(node)
    assert checked(node, INFO) == node
    with pytest.raises(InvalidFilter, match="nested deeper"):
        checked(wrap(node), INFO)


def test_attributes_of_a_filter_are_all_it_mentions() -> None:
    """
    Whoever fetches objects for a filter knows which attributes it will look at.
    """
    node = And((equals("text", "a"), Or((Present("id"), Not(EqualsList("number", (1,))))), ContainsAll("raw", (b"",))))

    assert {"text", "id", "number", "raw"} == attributes_of(node)
    assert not attributes_of(EVERYTHING)


def test_conjuncts_are_the_parts_that_must_all_hold() -> None:
    """
    Nested conjunctions are flattened, anything else is one part.
    """
    a, b, c = equals("text", "a"), equals("text", "b"), Or((EVERYTHING, NOTHING))

    assert [a, b, c] == list(conjuncts(And((a, And((b, And((c,)))), And(())))))
    assert [c] == list(conjuncts(c))
