"""
Filters of the model, as far as Webex can evaluate them. Pure.

Webex finds people by address, by the beginning of the display name, by role and by location
(https://developer.webex.com/docs/api/v1/people), groups by display name
(https://developer.webex.com/docs/api/v1/groups). Whatever it finds is tested again with the whole filter, so a query
may find too much but never too little.
"""

import itertools
import unicodedata
from dataclasses import dataclass

from webex_connector.icf import names
from webex_connector.icf.attributes import Value
from webex_connector.icf.filters import EVERYTHING, NOTHING, Compare, Filter, Operator, Or, conjuncts
from webex_connector.icf.operations import Translation

MOST_SINGLE_READS = 50
"""
Up to that many uids are read one by one; more are cheaper to find by listing.
"""


@dataclass(frozen=True, slots=True)
class Nobody:
    """
    The filter cannot match; Webex is not asked.
    """


@dataclass(frozen=True, slots=True)
class ByUid:
    """
    These objects, each read by itself.
    """

    uids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Listing:
    """
    A list, narrowed by one condition that Webex evaluates, or by none.
    """

    parameter: str | None = None
    value: str = ""


NativeQuery = Nobody | ByUid | Listing

PEOPLE_CONDITIONS: dict[tuple[str, Operator], str] = {
    ("emails", Operator.EQUALS): "email",
    ("displayName", Operator.EQUALS): "display_name",
    ("displayName", Operator.STARTS_WITH): "display_name",
    ("roles", Operator.EQUALS): "role",
    ("locationId", Operator.EQUALS): "location_id",
}
"""
Which comparisons of an account Webex evaluates, the most selective first.
"""

GROUP_CONDITIONS: dict[tuple[str, Operator], str] = {
    ("displayName", Operator.EQUALS): "eq",
    ("displayName", Operator.STARTS_WITH): "sw",
}
"""
Which comparisons of a group Webex evaluates, with its own operator for each.
"""


def translated(
    node: Filter,
    conditions: dict[tuple[str, Operator], str],
    name_attribute: str | None,
) -> Translation:
    """
    Split a filter: the most selective condition that Webex evaluates, and the whole filter as the remainder.
    """
    if node == EVERYTHING:
        return Translation(Listing(), EVERYTHING)
    parts = list(conjuncts(node))
    if NOTHING in parts:
        return Translation(Nobody(), NOTHING)
    for part in parts:
        uids = uids_in(part)
        if uids is not None and len(uids) <= MOST_SINGLE_READS:
            return Translation(ByUid(uids), node)
    found = dict(_narrowing(part, name_attribute) for part in parts if isinstance(part, Compare))
    for condition, parameter in conditions.items():
        value = found.get(condition)
        if isinstance(value, str) and value.strip():
            return Translation(Listing(parameter, value), node)
    return Translation(Listing(), node)


def _narrowing(part: Compare, name_attribute: str | None) -> tuple[tuple[str | None, Operator], Value]:
    """
    Return the comparison that is safe to leave to Webex.
    """
    attribute = name_attribute if part.attribute == names.NAME else part.attribute
    if attribute != "displayName" or not isinstance(part.value, str):
        return (attribute, part.operator), part.value
    beginning = steady_beginning(part.value)
    shortened = beginning != part.value and part.operator is Operator.EQUALS
    return (attribute, Operator.STARTS_WITH if shortened else part.operator), beginning


def steady_beginning(text: str) -> str:
    """
    Return the beginning of a text that is written alike in every Unicode form and whatever is meant by its case.

    Texts compare here without regard to both (`names.folded_text`); whether Webex does is not published. So a letter
    with an accent, or one whose capital is two letters, must not narrow a search.
    """
    return "".join(itertools.takewhile(_is_steady, unicodedata.normalize("NFC", text)))


def _is_steady(character: str) -> bool:
    is_whole = unicodedata.normalize("NFD", character) == character and not unicodedata.combining(character)
    return is_whole and character.casefold() == character.lower()


def uids_in(part: Filter, attributes: frozenset[str] = frozenset({names.UID})) -> tuple[str, ...] | None:
    """
    Return the uids that a condition asks for, each once, where it asks for nothing else; None otherwise. A uid may be
    asked for by any of `attributes`.
    """
    if isinstance(part, Or):
        found = [uids_in(each, attributes) for each in part.parts]
        if None in found:
            return None
        return tuple(dict.fromkeys(uid for uids in found if uids is not None for uid in uids))
    if isinstance(part, Compare) and part.operator is Operator.EQUALS and part.attribute in attributes:
        return (str(part.value),)
    return None


def group_filter(query: Listing) -> str | None:
    """
    Return Webex's text for a condition on a group's display name; None where none can be written.

    How Webex wants a quotation mark or a backslash inside the text is not published, so such texts are not sent.
    """
    if query.parameter is None or '"' in query.value or "\\" in query.value:
        return None
    return f'displayName {query.parameter} "{query.value}"'
