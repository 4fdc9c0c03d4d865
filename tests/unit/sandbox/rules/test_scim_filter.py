"""
Reading SCIM filters.
"""

from typing import Any

import pytest

from webex_connector.sandbox.problems import Problem
from webex_connector.sandbox.rules.scim_filter import (
    AllOf,
    AnyOf,
    Comparison,
    Element,
    Filter,
    Negation,
    Operator,
    fits,
    parse,
)

_A = Comparison("a", Operator.EQ, "1")
_B = Comparison("b", Operator.SW, "2")
_C = Comparison("c", Operator.PR)


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ('a eq "1"', _A),
        (' a Eq "1" ', _A),
        ('a eq "1" and b sw "2"', AllOf((_A, _B))),
        ('a eq "1" or b sw "2" and c pr', AnyOf((_A, AllOf((_B, _C))))),
        ('(a eq "1" or b sw "2") and c pr', AllOf((AnyOf((_A, _B)), _C))),
        ('not (a eq "1")', Negation(_A)),
        ('p[a eq "1" and b sw "2"]', Element("p", AllOf((_A, _B)))),
        ("a eq true", Comparison("a", Operator.EQ, value=True)),
        ("a gt 7", Comparison("a", Operator.GT, 7)),
        ('a eq "quote \\" and ) inside"', Comparison("a", Operator.EQ, 'quote " and ) inside')),
        ('urn:x:2.0:User:a.b ew "1"', Comparison("urn:x:2.0:User:a.b", Operator.EW, "1")),
    ],
)
def test_filters_become_trees(text: str, tree: Filter) -> None:
    """
    `and` binds more tightly than `or`, operators have any case, and values are JSON (RFC 7644 section 3.4.2.2).
    """
    assert tree == parse(text)


@pytest.mark.parametrize(
    "text",
    [
        "a",
        "a eq",
        'a like "1"',
        'a eq "1',
        "a eq 1 b",
        "(a pr",
        'a eq "1" and',
        "]",
        "a[b pr",
        "(" * 30 + "a pr" + ")" * 30,
    ],
)
def test_what_is_no_filter_is_refused(text: str) -> None:
    """
    A text that is no filter is a 400 `invalidFilter`.
    """
    with pytest.raises(Problem) as refused:
        parse(text)
    assert (400, "invalidFilter") == (refused.value.status, refused.value.scim_type)


@pytest.mark.parametrize(
    ("text", "element", "expected"),
    [
        ('type eq "WORK"', {"type": "work"}, True),
        ('type ne "work"', {"type": "work"}, False),
        ('type eq "work" or primary eq true', {"primary": True}, True),
        ('not (type eq "work")', {"type": "work"}, False),
        ('value co "55"', {"value": "+1 555"}, True),
        ('value ew "55"', {"value": "+1 555"}, True),
        ("value pr", {"value": ""}, False),
        ('value gt "a"', {"value": 7}, False),
        ('value eq "x"', "x", True),
        ('other eq "x"', {"value": "x"}, False),
        ('a[b eq "x"]', {"a": [{"b": "x"}]}, False),
    ],
)
def test_elements_of_lists_are_chosen(text: str, element: Any, expected: bool) -> None:  # noqa: FBT001  # a table of cases
    """
    A filter in brackets looks at one element; texts compare without case, and what cannot be compared does not fit.
    """
    assert expected == fits(parse(text), element)
