"""
A query's parameters, as a filter and options of the model.

Source: PingIDM, "CREST queries"; `RequestRunner` in commons.
"""

from dataclasses import dataclass, replace
from typing import Final

from webex_connector.gateway.idm.errors import Problem
from webex_connector.gateway.idm.filter import attribute_of, parse
from webex_connector.gateway.idm.headers import Version
from webex_connector.gateway.idm.objects import ONLY_IDS, Fields, fields_of
from webex_connector.gateway.idm.parameters import Parameters
from webex_connector.icf.errors import InvalidFilter
from webex_connector.icf.filters import EVERYTHING, Filter
from webex_connector.icf.options import OperationOptions, SortKey, TotalPolicy

KINDS: Final = ("_queryFilter", "_queryId", "_queryExpression")
"""
The parameters that make a GET a query.
"""

ALL_IDS: Final = "query-all-ids"
ALL: Final = "query-all"

_COUNTING_SINCE: Final = (2, 2)
_SHOWN: Final = 200


@dataclass(frozen=True, slots=True)
class Query:
    """
    What a caller looks for and how the answer is to be.
    """

    node: Filter
    fields: Fields
    options: OperationOptions
    count_only: bool = False
    """
    Only the number of matches.
    """


def query_of(parameters: Parameters, version: Version, options: OperationOptions) -> Query:
    """
    Return the query that the parameters ask for. Raises Problem (400) and InvalidFilter.
    """
    node, fields = _wanted(parameters)
    cookie = parameters.text("_pagedResultsCookie")
    page_size, offset = parameters.number("_pageSize"), parameters.number("_pagedResultsOffset")
    if cookie is not None and not page_size:
        raise Problem(400, "_pagedResultsCookie needs a _pageSize", detail={"parameter": "_pagedResultsCookie"})
    if cookie is not None and offset:
        raise Problem(400, "The parameters _pagedResultsCookie and _pagedResultsOffset are mutually exclusive")
    count_only = parameters.flag("_countOnly")
    if count_only and version.protocol < _COUNTING_SINCE:
        raise Problem(400, "countOnly is only supported with protocolVersion 2.2 or higher")
    if count_only:
        return Query(node, ONLY_IDS, replace(options, attributes_to_get=()), count_only=True)
    asked = replace(
        options,
        attributes_to_get=fields.to_get,
        return_default_attributes=fields.with_defaults,
        page_size=page_size,
        cookie=cookie,
        offset=offset,
        sort_keys=_sort_keys(parameters.text("_sortKeys")),
        total_policy=_total_policy(parameters.text("_totalPagedResultsPolicy")),
    )
    return Query(node, fields, asked)


def _wanted(parameters: Parameters) -> tuple[Filter, Fields]:
    kind = parameters.only_one_of(*KINDS)
    text = parameters.text(kind) if kind is not None else None
    if text is None:
        raise Problem(400, "One of _queryId, _queryExpression, or _queryFilter is required.")
    if kind != "_queryId":
        return _parsed(text, kind or ""), fields_of(parameters.text("_fields"), rows=True)
    if text == ALL:
        return EVERYTHING, fields_of(parameters.text("_fields"), rows=True)
    if text != ALL_IDS:
        raise Problem(
            400,
            f"Unsupported _queryId: {text}; there are {ALL_IDS} and {ALL}",
            detail={"parameter": "_queryId"},
        )
    return EVERYTHING, ONLY_IDS


def _parsed(text: str, parameter: str) -> Filter:
    try:
        return parse(text)
    except InvalidFilter as error:
        shown = text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
        raise InvalidFilter(
            f"The value '{shown}' for parameter '{parameter}' could not be parsed as a valid query filter: "
            f"column {error.position}: {error.message}",
            position=error.position,
        ) from None


def _sort_keys(text: str | None) -> tuple[SortKey, ...]:
    """
    Return the keys: `-` before a name sorts downwards. A `+` that was not encoded has become a space.
    """
    keys = []
    for part in (text or "").split(","):
        name = part.strip()
        if not name:
            continue
        try:
            keys.append(SortKey(attribute_of(name.lstrip("+-")), not name.startswith("-")))
        except ValueError as problem:
            raise Problem(400, f"{problem} in '_sortKeys'", detail={"parameter": "_sortKeys"}) from None
    return tuple(keys)


def _total_policy(text: str | None) -> TotalPolicy:
    try:
        return TotalPolicy((text or "NONE").upper())
    except ValueError:
        raise Problem(
            400,
            f"The value '{text}' for parameter '_totalPagedResultsPolicy' could not be parsed as a valid count policy; "
            f"there are {', '.join(policy.value for policy in TotalPolicy)}",
            detail={"parameter": "_totalPagedResultsPolicy"},
        ) from None
