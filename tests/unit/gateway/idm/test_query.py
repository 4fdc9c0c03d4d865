"""
A query's parameters.
"""

import pytest

from webex_connector.gateway.idm.errors import Problem
from webex_connector.gateway.idm.headers import Version
from webex_connector.gateway.idm.objects import ONLY_IDS, Fields
from webex_connector.gateway.idm.parameters import Parameters
from webex_connector.gateway.idm.query import Query, query_of
from webex_connector.icf.errors import InvalidFilter
from webex_connector.icf.filters import EVERYTHING, Present
from webex_connector.icf.options import Actor, OperationOptions, SortKey, TotalPolicy

OPTIONS = OperationOptions(actor=Actor("ida", "idm"))


def _query(**given: str) -> Query:
    return _query_in(Version(), **given)


def _query_in(version: Version, **given: str) -> Query:
    return query_of(Parameters([(f"_{name}", value) for name, value in given.items()]), version, OPTIONS)


def test_a_filter_alone_asks_for_everything_in_one_stream() -> None:
    """
    Without paging parameters the options are those of the request.
    """
    found = _query(queryFilter="title pr")
    assert (found.node, found.fields, found.options.actor) == (Present("title"), Fields(revision=False), OPTIONS.actor)
    assert (found.options.page_size, found.options.attributes_to_get) == (0, None)


def test_an_expression_is_a_filter_too() -> None:
    """
    On system objects the native language is the filter language.
    """
    assert _query(queryExpression="title pr").node == Present("title")


def test_all_identifiers_are_asked_for_without_attributes() -> None:
    """
    The one query id fetches nothing but identifiers.
    """
    found = _query(queryId="query-all-ids", fields="emails")
    assert (found.node, found.fields, found.options.attributes_to_get) == (EVERYTHING, ONLY_IDS, ())


def test_everything_is_asked_for_with_fields() -> None:
    """
    The other query id is the filter that holds always.
    """
    found = _query(queryId="query-all", fields="emails")
    assert (found.node, found.options.attributes_to_get) == (EVERYTHING, ("emails",))


def test_every_option_has_its_parameter() -> None:
    """
    Fields, page, cookie, order and total are read; a plus that has become a space still means upwards.
    """
    found = _query(
        queryFilter="true",
        fields="emails,title",
        pageSize="10",
        pagedResultsCookie="abc",
        sortKeys=" title,-/created,+_id",
        totalPagedResultsPolicy="exact",
    ).options
    assert found.attributes_to_get == ("emails", "title")
    assert (found.page_size, found.cookie, found.total_policy) == (10, "abc", TotalPolicy.EXACT)
    assert found.sort_keys == (SortKey("title"), SortKey("created", ascending=False), SortKey("__UID__"))
    assert _query(queryFilter="true", pagedResultsOffset="3").options.offset == 3


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({}, "One of _queryId, _queryExpression, or _queryFilter is required."),
        ({"queryFilter": ""}, "One of _queryId, _queryExpression, or _queryFilter is required."),
        ({"queryFilter": "true", "queryId": "x"}, "The parameters _queryFilter and _queryId are mutually exclusive"),
        ({"queryId": "everyone"}, "Unsupported _queryId: everyone; there are query-all-ids and query-all"),
        ({"queryFilter": "true", "pagedResultsCookie": "x"}, "_pagedResultsCookie needs a _pageSize"),
        (
            {"queryFilter": "true", "pagedResultsCookie": "x", "pagedResultsOffset": "1", "pageSize": "1"},
            "The parameters _pagedResultsCookie and _pagedResultsOffset are mutually exclusive",
        ),
        ({"queryFilter": "true", "sortKeys": "a/b"}, "Only one level JsonPointer supported, not 'a/b' in '_sortKeys'"),
        (
            {"queryFilter": "true", "totalPagedResultsPolicy": "some"},
            (
                "The value 'some' for parameter '_totalPagedResultsPolicy' could not be parsed as a valid count "
                "policy; there are NONE, ESTIMATE, EXACT"
            ),
        ),
        (
            {"queryFilter": "true", "countOnly": "true"},
            "countOnly is only supported with protocolVersion 2.2 or higher",
        ),
    ],
)
def test_each_slip_has_its_message(given: dict[str, str], message: str) -> None:
    """
    Parameters that contradict or mean nothing are refused with 400.
    """
    with pytest.raises(Problem) as caught:
        _query(**given)
    assert (caught.value.code, caught.value.message) == (400, message)


def test_counting_needs_no_attribute() -> None:
    """
    With the protocol that has it, counting asks for no attributes and no pages.
    """
    found = _query_in(Version(protocol=(2, 2)), queryFilter="true", countOnly="true", pageSize="2")
    assert found.count_only
    assert (found.options.attributes_to_get, found.options.page_size) == ((), 0)


def test_a_broken_filter_is_shown_with_its_column() -> None:
    """
    The message repeats the value as it arrived, shortened when it is long.
    """
    with pytest.raises(InvalidFilter) as caught:
        _query(queryFilter="title is 1")
    assert caught.value.position == 7
    assert caught.value.message.startswith(
        "The value 'title is 1' for parameter '_queryFilter' could not be parsed as a valid query filter: "
        "column 7: expected one of eq",
    )
    with pytest.raises(InvalidFilter, match=f"The value '{'x' * 200}…' for"):
        _query(queryFilter="x" * 300)
