"""
Laws that all filters of SCIM obey.
"""

from collections.abc import Callable
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fakes.scim_filters import filters, people, printed, without_columns
from fakes.scim_tables import resource, schema
from webex_connector.gateway.scim.errors import Kind, Problem
from webex_connector.gateway.scim.filter import mentioned, query_of, sieve
from webex_connector.gateway.scim.filter_text import Node, parsed, parsed_path
from webex_connector.gateway.scim.rendering import Setting, View
from webex_connector.icf import names
from webex_connector.icf.filters import checked, matcher
from webex_connector.icf.objects import ConnectorObject

USER = resource("User")
INFO = schema().object_class(names.ACCOUNT)
OFFSETS = [timedelta(0), timedelta(hours=2), timedelta(minutes=-90)]


def _refusal(read: Callable[[], object]) -> Kind | None:
    try:
        read()
    except Problem as problem:
        return problem.kind
    return None


@given(filters)
def test_a_printed_filter_reads_the_same(node: Node) -> None:
    """
    What is written out is understood as what it was.
    """
    assert node == without_columns(parsed(printed(node)))


@given(filters, people, st.sampled_from(OFFSETS))
@settings(max_examples=150)
def test_the_model_and_the_rest_together_mean_what_the_client_sees(
    node: Node, person: ConnectorObject, offset: timedelta
) -> None:
    """
    Whoever is found is who the filter describes among the resources as they are answered: however it is split, nobody
    is missing and nobody is too many.
    """
    setting = Setting("https://x/v2", offset, {"roles": {"R1": "ann", "R2": "work"}})
    query = query_of(printed(node), USER, offset)
    found = matcher(checked(query.native, INFO), INFO)(person)
    if found and query.remainder is not None:
        narrowed = mentioned(query.remainder, USER)
        found = sieve(query.remainder, USER)(View(narrowed, setting, with_version=False).resource(person))

    assert sieve(node, USER)(View(USER, setting).resource(person)) is found


@given(st.one_of(st.text(), st.text('()[]" .abeioqtrnw\\', max_size=40)))
@settings(max_examples=150)
def test_any_text_is_a_filter_or_a_refusal(text: str) -> None:
    """
    Nothing else is ever raised, whatever is sent.
    """
    assert _refusal(lambda: query_of(text, USER)) in {None, Kind.INVALID_FILTER}


@given(st.one_of(st.text(), st.text('()[]" .abeioqtrnw\\', max_size=40)))
@settings(max_examples=150)
def test_any_text_is_a_path_or_a_refusal(text: str) -> None:
    """
    The same holds for paths of PATCH.
    """
    assert _refusal(lambda: parsed_path(text)) in {None, Kind.INVALID_PATH}


@pytest.mark.parametrize("opening", ["(", "not (", "emails["])
def test_deep_nesting_is_refused_and_does_not_exhaust_the_stack(opening: str) -> None:
    """
    A short text can nest deeper than any stack.
    """
    with pytest.raises(Problem) as refusal:
        parsed(opening * 1500)

    assert refusal.value.kind is Kind.INVALID_FILTER
