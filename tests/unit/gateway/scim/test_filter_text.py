"""
The filter language of SCIM: what is read, and what each mistake is told.
"""

import pytest

from webex_connector.gateway.scim.errors import Kind, Problem
from webex_connector.gateway.scim.filter_text import (
    MAX_LENGTH,
    MAX_NESTING,
    Comparison,
    Every,
    Literal,
    Negation,
    Node,
    PatchPath,
    Presence,
    Relation,
    Some,
    Within,
    parsed,
    parsed_path,
)


def _is(path: str, value: str, column: int = 1, *, quoted: bool = True) -> Comparison:
    return Comparison(path, Relation.EQUAL, Literal(value, quoted), column)


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ('userName eq "a"', _is("userName", "a")),
        ('  userName\tEQ\n"a"  ', _is("userName", "a", 3)),
        ("active Eq TRUE", _is("active", "TRUE", quoted=False)),
        ("a eq jyoung", _is("a", "jyoung", quoted=False)),
        ("a eq -1.5e3", _is("a", "-1.5e3", quoted=False)),
        (r'a eq "\"x\\\u00e9\n"', _is("a", '"x\\é\n')),
        ('a eq "tab\there"', _is("a", "tab\there")),
        ('a eq ") or ("', _is("a", ") or (")),
        ('a eq "ø"', _is("a", "ø")),
        ('and eq ""', _is("and", "")),
        ("title PR", Presence("title")),
        ('urn:x:2.0:User:a.b eq "c"', _is("urn:x:2.0:User:a.b", "c")),
        ('members.$ref eq "c"', _is("members.$ref", "c")),
        ("not(a pr)", Negation(Presence("a", 5))),
        ("NOT (a pr)", Negation(Presence("a", 6))),
        ("a pr AND b pr", Every((Presence("a"), Presence("b", 10)))),
        ("a pr or b pr and c pr", Some((Presence("a"), Every((Presence("b", 9), Presence("c", 18)))))),
        ("a pr and b pr or c pr", Some((Every((Presence("a"), Presence("b", 10))), Presence("c", 18)))),
        ("a pr and (b pr or c pr)", Every((Presence("a"), Some((Presence("b", 11), Presence("c", 19)))))),
        ("((a pr))", Presence("a", 3)),
        ('emails[type eq "work"]', Within("emails", _is("type", "work", 8))),
        ("emails [ (value pr) ]", Within("emails", Presence("value", 11))),
        (
            'emails[type eq "work"].value eq "x"',
            Within("emails", Every((_is("type", "work", 8), _is("value", "x")))),
        ),
        ("emails[primary eq true].value pr and a pr", None),
    ],
)
def test_what_is_read(text: str, tree: Node | None) -> None:
    """
    Words in any case, values with and without quotation marks, "and" before "or", brackets of both kinds.
    """
    if tree is None:
        first = Within("emails", Every((_is("primary", "true", 8, quoted=False), Presence("value"))))
        tree = Every((first, Presence("a", 38)))

    assert tree == parsed(text)


@pytest.mark.parametrize("relation", list(Relation))
def test_every_operator(relation: Relation) -> None:
    """
    All nine that compare.
    """
    assert Comparison("a", relation, Literal("b")) == parsed(f'a {relation.value.upper()} "b"')


@pytest.mark.parametrize(
    ("text", "is_null"), [("a eq null", True), ("a eq NULL", True), ('a eq "null"', False), ("a eq nulls", False)]
)
def test_the_word_for_no_value(text: str, *, is_null: bool) -> None:
    """
    In quotation marks it is a text like any other.
    """
    tree = parsed(text)

    assert isinstance(tree, Comparison)
    assert is_null is tree.literal.is_null


@pytest.mark.parametrize(
    ("text", "detail"),
    [
        ("", "Expected an attribute, found the end (column 1)"),
        ("   ", "Expected an attribute, found the end (column 4)"),
        (
            "userName",
            "Expected one of eq, ne, co, sw, ew, gt, ge, lt, le, pr behind 'userName', found the end (column 9)",
        ),
        ('a is "b"', "Expected one of eq, ne, co, sw, ew, gt, ge, lt, le, pr behind 'a', found \"is\" (column 3)"),
        ("title eq", 'Expected a value, as in "text", found the end (column 9)'),
        ("a eq and b pr", 'Expected a value, as in "text", found "and" (column 6)'),
        ("a eq (b)", 'Expected a value, as in "text", found "(" (column 6)'),
        ('a eq "b', "A text without end (column 6)"),
        ("a eq 'b'", 'Unexpected "\'"; texts stand in double quotation marks (column 6)'),
        (r'a eq "\q"', r'"\"\\q\"" is no text of JSON (column 6)'),
        (r'a eq "\ud800"', r'"\"\\ud800\"" is no text of JSON (column 6)'),
        ('a eq "b" c', "Expected 'and', 'or' or the end, found \"c\" (column 10)"),
        ('a eq "b" and', "Expected an attribute, found the end (column 13)"),
        ('"a" eq "b"', 'Expected an attribute, found "\\"a\\"" (column 1)'),
        ('1a eq "b"', 'Expected an attribute, found "1a" (column 1)'),
        ("(a pr", "Expected ')', 'and' or 'or', found the end (column 6)"),
        ("(a pr]", "Expected ')', 'and' or 'or', found \"]\" (column 6)"),
        ("a[b pr", "Expected ']', 'and' or 'or', found the end (column 7)"),
        ("a pr)", "Expected 'and', 'or' or the end, found \")\" (column 5)"),
        ('not eq "a"', "Expected '(' behind 'not', found \"eq\" (column 5)"),
        ('a xx "b"', "Expected one of eq, ne, co, sw, ew, gt, ge, lt, le, pr behind 'a', found \"xx\" (column 3)"),
        ("not a pr", "Expected '(' behind 'not', found \"a\" (column 5)"),
        ("a[b pr].c", "Expected one of eq, ne, co, sw, ew, gt, ge, lt, le, pr behind 'c', found the end (column 10)"),
        ("a[b pr].c.d pr", "Expected 'and', 'or' or the end, found \".c.d\" (column 8)"),
    ],
)
def test_mistakes(text: str, detail: str) -> None:
    """
    Each is told with its column and what was expected there.
    """
    with pytest.raises(Problem) as refusal:
        parsed(text)

    assert (400, Kind.INVALID_FILTER, detail) == (refusal.value.status, refusal.value.kind, refusal.value.detail)


def test_limits() -> None:
    """
    A filter may be so long and so deep and no more.
    """
    deep = f"{'(' * MAX_NESTING}a pr{')' * MAX_NESTING}"
    long = f'a eq "{"b" * (MAX_LENGTH - 7)}"'

    assert Presence("a", MAX_NESTING + 1) == parsed(deep)
    assert isinstance(parsed(long), Comparison)
    for text, detail in (
        (f"({deep})", f"Nested deeper than {MAX_NESTING} levels (column {MAX_NESTING + 2})"),
        (f"{long} ", f"Longer than {MAX_LENGTH} characters"),
    ):
        with pytest.raises(Problem) as refusal:
            parsed(text)
        assert detail == refusal.value.detail


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("active", PatchPath("active")),
        ("name.givenName", PatchPath("name.givenName")),
        ("urn:x:2.0:User:manager", PatchPath("urn:x:2.0:User:manager")),
        ('members[value eq "a"]', PatchPath("members", _is("value", "a", 9))),
        (' emails[ type eq "work" ] .value ', PatchPath("emails", _is("type", "work", 10), "value")),
        ("members[value pr].$ref", PatchPath("members", Presence("value", 9), "$ref")),
    ],
)
def test_paths(text: str, pieces: PatchPath) -> None:
    """
    An attribute, a filter for its values, a part of these.
    """
    assert pieces == parsed_path(text)


@pytest.mark.parametrize(
    ("text", "detail"),
    [
        (" ", "Expected an attribute, found the end (column 2)"),
        ("a b", "Expected '[' or the end, found \"b\" (column 3)"),
        ("a[b pr", "Expected ']', 'and' or 'or', found the end (column 7)"),
        ("a[]", 'Expected an attribute, found "]" (column 3)'),
        ("a[b pr]c", "Expected a part, as in '].value', or the end, found \"c\" (column 8)"),
        ("a[b pr].c d", 'Expected the end, found "d" (column 11)'),
        ("/a/b", 'Expected an attribute, found "/a/b" (column 1)'),
    ],
)
def test_mistaken_paths(text: str, detail: str) -> None:
    """
    They are no filters, so the error says path.
    """
    with pytest.raises(Problem) as refusal:
        parsed_path(text)

    assert (Kind.INVALID_PATH, detail) == (refusal.value.kind, refusal.value.detail)
