"""
The filter language of `_queryFilter`.
"""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webex_connector.gateway.idm.filter import MAX_LENGTH, attribute_of, parse
from webex_connector.icf import names
from webex_connector.icf.errors import InvalidFilter
from webex_connector.icf.filters import (
    EVERYTHING,
    MAX_DEPTH,
    NOTHING,
    And,
    Compare,
    ContainsAll,
    Filter,
    Not,
    Operator,
    Or,
    Present,
    equals,
)


@pytest.mark.parametrize(
    ("text", "node"),
    [
        ("true", EVERYTHING),
        ("FALSE", NOTHING),
        ('emails eq "john@example.com"', equals("emails", "john@example.com")),
        ("/emails eq 'john@example.com'", equals("emails", "john@example.com")),
        ('_id eq "1"', equals(names.UID, "1")),
        ('displayName SW "john"', Compare("displayName", Operator.STARTS_WITH, "john")),
        ('displayName co "o"', Compare("displayName", Operator.CONTAINS, "o")),
        ('displayName ew "n"', Compare("displayName", Operator.ENDS_WITH, "n")),
        ("totalUnits ge 5", Compare("totalUnits", Operator.GREATER_OR_EQUAL, 5)),
        ("totalUnits lt -5", Compare("totalUnits", Operator.LESS, -5)),
        ("share le 1.5", Compare("share", Operator.LESS_OR_EQUAL, 1.5)),
        ("__ENABLE__ eq true", equals("__ENABLE__", value=True)),
        ("title pr", Present("title")),
        ('licenses ca "L1"', ContainsAll("licenses", ("L1",))),
        ("""licenses ca '["L1","L2"]'""", ContainsAll("licenses", ("L1", "L2"))),
        ("""title in '["a","b"]'""", Or((equals("title", "a"), equals("title", "b")))),
        ("title in '[]'", NOTHING),
        ("!(title pr)", Not(Present("title"))),
        ("!title pr", Not(Present("title"))),
        ("! title pr", Not(Present("title"))),
        ("a pr or b pr and c pr", Or((Present("a"), And((Present("b"), Present("c")))))),
        ("(a pr or b pr) and c pr", And((Or((Present("a"), Present("b"))), Present("c")))),
        ("a pr and b pr and c pr", And((Present("a"), Present("b"), Present("c")))),
        ("((true))", EVERYTHING),
        ('title eq "a \\"b\\" \\\\ \\n"', equals("title", 'a "b" \\ n')),
        ("title eq 'it\\'s'", equals("title", "it's")),
        ("full%20name~1x eq 1", equals("full name/x", 1)),
        ('title eq "and"', equals("title", "and")),
        ('title eq"x"', equals("title", "x")),
    ],
)
def test_each_form_of_the_language_has_its_tree(text: str, node: Filter) -> None:
    """
    A text of the language is read as the tree it means.
    """
    assert parse(text) == node


@pytest.mark.parametrize(
    ("text", "column", "reason"),
    [
        ("", 1, "expected an attribute"),
        ("emails", 7, "expected one of eq"),
        ("emails is 1", 8, "found 'is'"),
        ("emails eq", 10, "expected a value"),
        ("emails eq null", 11, "found 'null'"),
        ("emails eq word", 11, "found 'word'"),
        ("emails eq 99999999999999999999", 11, "expected a value"),
        ("emails eq 9223372036854775808", 11, "expected a value"),
        ("emails eq 1.5e999", 11, "expected a value"),
        ("emails eq 1_000", 11, "expected a value"),
        ('emails eq "open', 11, "has no end"),
        ('emails eq "x\\"', 11, "has no end"),
        ("(a pr", 6, "expected ')'"),
        ("a pr)", 5, "expected 'and', 'or' or the end"),
        ("a pr b pr", 6, "expected 'and', 'or' or the end"),
        ("a pr and", 9, "expected an attribute"),
        ("name/family eq 1", 1, "Only one level JsonPointer supported"),
        ("/ pr", 1, "Only one level JsonPointer supported"),
        ('title ne "x"', 7, "write !(a eq value)"),
        ("title in 'a,b'", 10, "JSON array"),
        ("title in 5", 10, "JSON array"),
        ("title\teq 1", 6, "unexpected character"),
        ('"title" eq 1', 1, "expected an attribute"),
    ],
)
def test_each_slip_is_found_at_its_column(text: str, column: int, reason: str) -> None:
    """
    What is not of the language is refused with the column, counted from 1, and what was expected there.
    """
    with pytest.raises(InvalidFilter) as caught:
        parse(text)
    assert column == caught.value.position
    assert reason in caught.value.message


@pytest.mark.parametrize(
    "text",
    ["!" * (MAX_DEPTH + 1) + "true", "(" * (MAX_DEPTH + 1) + "true" + ")" * (MAX_DEPTH + 1), "(" * MAX_LENGTH],
)
def test_deep_nesting_is_refused_before_it_exhausts_the_stack(text: str) -> None:
    """
    Parentheses and negations deeper than the model allows are an error of the filter, not of the server.
    """
    with pytest.raises(InvalidFilter, match="nested deeper"):
        parse(text)


def test_a_filter_longer_than_the_limit_is_refused() -> None:
    """
    A filter has a greatest length, and one character more is refused.
    """
    assert parse("true" + " " * (MAX_LENGTH - 4)) == EVERYTHING
    with pytest.raises(InvalidFilter, match="longer than"):
        parse("true" + " " * (MAX_LENGTH - 3))


@pytest.mark.parametrize("pointer", ["", "/", "a/b", "/a/", "//a"])
def test_a_pointer_has_one_level(pointer: str) -> None:
    """
    Pointers without a level or with several are refused.
    """
    with pytest.raises(ValueError, match="Only one level"):
        attribute_of(pointer)


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _value(value: object) -> str:
    return _quoted(value) if isinstance(value, str) else json.dumps(value)


def printed(node: Filter) -> str:
    """
    Return a filter as text, with a parenthesis around every part.
    """
    match node:
        case Compare(attribute, operator, value):
            return f"{attribute} {operator.value} {_value(value)}"
        case ContainsAll(attribute, values):
            return f"{attribute} ca {_quoted(json.dumps(list(values)))}"
        case Present(attribute):
            return f"{attribute} pr"
        case And(parts):
            return " and ".join(f"({printed(part)})" for part in parts)
        case Or(parts):
            return " or ".join(f"({printed(part)})" for part in parts)
        case Not(part):
            return f"!({printed(part)})"
        case _:
            return str(node == EVERYTHING).lower()


ATTRIBUTES = st.from_regex(r"[a-zA-Z_][a-zA-Z0-9_]{0,8}", fullmatch=True).filter(
    lambda name: name.lower() not in {"true", "false"} and name != "_id",
)
FINITE = st.floats(allow_nan=False, allow_infinity=False).filter(lambda number: "." in json.dumps(number))
VALUES = st.one_of(st.text(), st.integers(-(2**63), 2**63 - 1), FINITE, st.booleans())
TEXTS = st.lists(st.text(alphabet=st.characters(exclude_categories=["Cs"])), min_size=1, max_size=3).map(tuple)
LEAVES: st.SearchStrategy[Filter] = st.one_of(
    st.sampled_from([EVERYTHING, NOTHING]),
    st.builds(Present, ATTRIBUTES),
    st.builds(Compare, ATTRIBUTES, st.sampled_from(Operator), VALUES),
    st.builds(ContainsAll, ATTRIBUTES, TEXTS),
)


def _joins(inner: st.SearchStrategy[Filter]) -> st.SearchStrategy[Filter]:
    parts = st.lists(inner, min_size=2, max_size=3).map(tuple)
    return st.one_of(st.builds(And, parts), st.builds(Or, parts), st.builds(Not, inner))


@given(st.recursive(LEAVES, _joins, max_leaves=12))
def test_what_is_printed_reads_back_the_same(node: Filter) -> None:
    """
    Every tree survives being written down and read again.
    """
    assert parse(printed(node)) == node


WORDS = ["emails", "eq", "pr", "in", "ca", "and", "or", "!", "(", ")", '"', "'", "\\", " ", "true", "1", ".", "/", "%"]
SCRAPS = st.lists(st.sampled_from(WORDS))


def _refusal(text: str) -> InvalidFilter | None:
    try:
        parse(text)
    except InvalidFilter as refused:
        return refused
    return None


@given(st.one_of(st.text(), SCRAPS.map(" ".join), SCRAPS.map("".join)))
def test_any_text_is_read_or_refused(text: str) -> None:
    """
    Nothing that anybody types ends in anything but a tree or an InvalidFilter with a position within the text.
    """
    refused = _refusal(text)
    assert refused is None or (refused.position is not None and 1 <= refused.position <= len(text) + 1)
