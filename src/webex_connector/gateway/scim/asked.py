"""
What a query asks for, whether it stands in the address or in the body of `.search` (RFC 7644, sections 3.4.2, 3.4.3).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from webex_connector.gateway.scim.errors import Kind, refused
from webex_connector.gateway.scim.values import shown

SEARCH_URN: Final = "urn:ietf:params:scim:api:messages:2.0:SearchRequest"


@dataclass(frozen=True, slots=True)
class Asked:
    """
    The words of a query, not yet understood. None is what was not said.
    """

    filter: str | None = None
    attributes: str | None = None
    """
    Paths with commas between them.
    """
    excluded_attributes: str | None = None
    start_index: str | None = None
    count: str | None = None
    cursor: str | None = None
    sort_by: str | None = None
    sort_order: str | None = None


NOTHING_ASKED: Final = Asked()
"""
A request that says nothing beside its address and its body.
"""

_FIELDS: Final = {
    "filter": "filter",
    "attributes": "attributes",
    "excludedattributes": "excluded_attributes",
    "startindex": "start_index",
    "count": "count",
    "cursor": "cursor",
    "sortby": "sort_by",
    "sortorder": "sort_order",
}


def asked_in_address(parameters: Iterable[tuple[str, str]]) -> Asked:
    """
    Return what the query string says; of a parameter given twice the last one counts. Unknown ones are passed over:
    Entra adds its own flag to every address.
    """
    found = {key.lower(): value for key, value in parameters}
    return Asked(**{field: found[key] for key, field in _FIELDS.items() if key in found})


def asked_in_body(body: Any) -> Asked:
    """
    Return what the body of a `.search` says. Raises Problem (400, invalidSyntax).
    """
    if not isinstance(body, Mapping):
        raise refused(Kind.INVALID_SYNTAX, "The body must be a SearchRequest, a JSON object")
    found = {key.lower(): value for key, value in body.items() if isinstance(key, str)}
    return Asked(**{field: _text(key, found[key]) for key, field in _FIELDS.items() if found.get(key) is not None})


def _text(key: str, value: Any) -> str:
    if isinstance(value, list) and all(isinstance(each, str) for each in value):
        return ",".join(value)
    if isinstance(value, str | int) and not isinstance(value, bool):
        return str(value)
    raise refused(Kind.INVALID_SYNTAX, f"{key} cannot be {shown(value)}")
