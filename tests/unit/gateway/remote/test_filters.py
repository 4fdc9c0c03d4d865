"""
Filters as platforms send them.
"""

import pytest

from fakes.memory_schema import ACCOUNT_INFO
from webex_connector.gateway.remote.codec.filters import (
    AttributeFilter,
    Comparison,
    ExtendedMatchFilter,
    JoinedFilter,
    Junction,
    NotFilter,
    PresenceFilter,
)
from webex_connector.gateway.remote.codec.objects import Attribute, Name, Uid
from webex_connector.gateway.remote.codec.primitives import Malformed
from webex_connector.gateway.remote.codec.streams import read, written
from webex_connector.gateway.remote.codec.values import Long
from webex_connector.gateway.remote.filters import filter_of
from webex_connector.icf import names
from webex_connector.icf.errors import InvalidFilter
from webex_connector.icf.filters import (
    EVERYTHING,
    And,
    Compare,
    ContainsAll,
    EqualsList,
    Filter,
    Not,
    Operator,
    Or,
    Present,
    equals,
)

TITLE = AttributeFilter(Comparison.EQUALS, Attribute("title", ("Lead",)))


@pytest.mark.parametrize(
    ("sent", "meant"),
    [
        (None, EVERYTHING),
        (TITLE, equals("title", "Lead")),
        (AttributeFilter(Comparison.EQUALS, Uid("1")), equals(names.UID, "1")),
        (AttributeFilter(Comparison.EQUALS, Name("a")), equals(names.NAME, "a")),
        (AttributeFilter(Comparison.EQUALS, Attribute("roles", ("a",))), EqualsList("roles", ("a",))),
        (AttributeFilter(Comparison.EQUALS, Attribute("title")), EqualsList("title", ())),
        (AttributeFilter(Comparison.EQUALS_IGNORE_CASE, Attribute("title", ("x",))), equals("title", "x")),
        (AttributeFilter(Comparison.CONTAINS_ALL, Attribute("roles", ("a", "b"))), ContainsAll("roles", ("a", "b"))),
        (AttributeFilter(Comparison.GREATER, Attribute("n", (Long(5),))), Compare("n", Operator.GREATER, 5)),
        (AttributeFilter(Comparison.ENDS_WITH, Attribute("n", ("x",))), Compare("n", Operator.ENDS_WITH, "x")),
        (NotFilter(TITLE), Not(equals("title", "Lead"))),
        (PresenceFilter("title"), Present("title")),
        (JoinedFilter(Junction.AND, TITLE), And((equals("title", "Lead"),))),
        (
            JoinedFilter(Junction.OR, TITLE, NotFilter(TITLE)),
            Or((equals("title", "Lead"), Not(equals("title", "Lead")))),
        ),
    ],
)
def test_a_filter_means_what_it_should(sent: object, meant: Filter) -> None:
    """
    Each kind of filter, of both families of platforms, is one of the model's.
    """
    assert meant == filter_of(sent, ACCOUNT_INFO)


def test_a_long_list_is_flat_again() -> None:
    """
    A hundred filters joined by or, which Java nests to the right, travel, and are one list.
    """
    nested: AttributeFilter | JoinedFilter = TITLE
    for _ in range(99):
        nested = JoinedFilter(Junction.OR, TITLE, nested)
    (arrived,) = read(written(nested))
    found = filter_of(arrived, ACCOUNT_INFO)

    assert isinstance(found, Or)
    assert 100 == len(found.parts)


def test_what_is_no_filter_is_refused() -> None:
    """
    A text is no filter, a comparison with two values is none, and an operator of another connector neither.
    """
    with pytest.raises(Malformed):
        filter_of("title", ACCOUNT_INFO)
    with pytest.raises(InvalidFilter, match="one value"):
        filter_of(AttributeFilter(Comparison.CONTAINS, Attribute("title", ("a", "b"))), ACCOUNT_INFO)
    with pytest.raises(InvalidFilter, match="operator"):
        filter_of(ExtendedMatchFilter("sounds like", Attribute("title", ("a",))), ACCOUNT_INFO)
