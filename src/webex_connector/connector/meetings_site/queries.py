"""
Filters of the model, as far as the listing of a site evaluates them. Pure.

How a site compares is not published (https://developer.cisco.com/docs/webex-xml-api-reference-guide, LstsummaryUser),
so whatever it finds is tested again: a query may find too much.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from webex_connector.connector.queries import MOST_SINGLE_READS, ByUid, Nobody, uids_in
from webex_connector.icf import names
from webex_connector.icf.filters import EVERYTHING, NOTHING, Compare, Filter, Operator, conjuncts
from webex_connector.icf.operations import Translation
from webex_connector.webex.meetings_xml.users import UserQuery

# The registration date is told, and asked for, by a clock of the site whose zone nobody tells: none is further off.
_ZONES = timedelta(hours=15)

_NAMES = frozenset({names.UID, names.NAME, "webExId"})
_AFTER = frozenset({Operator.GREATER, Operator.GREATER_OR_EQUAL})
_BEFORE = frozenset({Operator.LESS, Operator.LESS_OR_EQUAL})


def translated(node: Filter) -> Translation:
    """
    Split a filter: users read one by one where their WebEx IDs are told, else every condition the listing takes, and
    the whole filter as the remainder.
    """
    if node == EVERYTHING:
        return Translation(UserQuery(), EVERYTHING)
    parts = list(conjuncts(node))
    if NOTHING in parts:
        return Translation(Nobody(), NOTHING)
    for part in parts:
        uids = uids_in(part, _NAMES)
        if uids is not None and len(uids) <= MOST_SINGLE_READS:
            return Translation(ByUid(uids), node)
    query = UserQuery()
    for part in parts:
        if isinstance(part, Compare):
            query = _narrowed(query, part)
    return Translation(query, node)


def _narrowed(query: UserQuery, part: Compare) -> UserQuery:
    value = part.value
    if part.attribute == "registrationDate":
        return _in_time(query, part)
    if part.operator is not Operator.EQUALS:
        return query
    if part.attribute == names.ENABLE and value is True:
        return replace(query, active="ACTIVATED")
    # A letter with an accent has two spellings, and what a site makes of them is not known.
    if not isinstance(value, str) or not value.strip() or not value.isascii():
        return query
    match part.attribute:
        case "email":
            return replace(query, email=value)
        case "firstName":
            return replace(query, first_name=value)
        case "lastName":
            return replace(query, last_name=value)
        case "active":
            return replace(query, active=value.upper())
    return query


def _in_time(query: UserQuery, part: Compare) -> UserQuery:
    for moment in _moments(part):
        if part.operator in _AFTER | {Operator.EQUALS}:
            query = replace(query, registered_from=moment - _ZONES)
        if part.operator in _BEFORE | {Operator.EQUALS}:
            query = replace(query, registered_until=moment + _ZONES)
    return query


def _moments(part: Compare) -> Iterator[datetime]:
    try:
        moment = datetime.fromisoformat(str(part.value))
        yield moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except ValueError:
        return
