"""
What SCIM 2.0 requests are made of: schemas, filters, PATCH operations, lists (RFC 7643, RFC 7644). Pure.

Webex's own rules are at https://developer.webex.com/docs/api/v1/scim-2-users and
https://developer.webex.com/docs/api/v1/scim-2-groups.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any

import msgspec

from webex_connector.webex.wire import Answer, Json, Request, Root, path_to

CORE_USER = "urn:ietf:params:scim:schemas:core:2.0:User"
"""
RFC 7643, section 4.1.
"""

ENTERPRISE_USER = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
"""
RFC 7643, section 4.3: department, manager and the like.
"""

WEBEX_USER = "urn:scim:schemas:extension:cisco:webexidentity:2.0:User"
"""
What only Webex has: the state of the account, SIP addresses, administered organisations and sites.
"""

CORE_GROUP = "urn:ietf:params:scim:schemas:core:2.0:Group"
"""
RFC 7643, section 4.2.
"""

WEBEX_GROUP = "urn:scim:schemas:extension:cisco:webexidentity:2.0:Group"
"""
What only Webex has: usage, owners, roles that members inherit.
"""

PATCH_MESSAGE = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
"""
RFC 7644, section 3.5.2.
"""

BULK_MESSAGE = "urn:ietf:params:scim:api:messages:2.0:BulkRequest"
"""
RFC 7644, section 3.7.
"""

# SCIM's own media type is what a server should answer with (RFC 7644, section 3.1); Webex documents the plain one.
_ACCEPTED = {"Accept": "application/json, application/scim+json"}
_ENCODER = msgspec.json.Encoder()


class SortBy(Enum):
    """
    What a list may be ordered by. Webex takes no other attribute.
    """

    ID = "id"
    LAST_MODIFIED = "meta.lastModified"
    USER_NAME = "userName"
    """Users only."""

    DISPLAY_NAME = "displayName"
    """Groups only."""


@dataclass(frozen=True, slots=True)
class Search:
    """
    Which users or groups are listed, and how much of each.
    """

    filter: str | None = None
    """In SCIM's words (RFC 7644, section 3.4.2.2), as `comparison` makes them. Without one, everything is listed."""

    attributes: tuple[str, ...] = ()
    """Names of attributes, or schemas for all of theirs; the id always comes too. Without any, all of them."""

    excluded_attributes: tuple[str, ...] = ()
    sort_by: SortBy = SortBy.ID
    """By id a walk over a changing set misses little."""

    descending: bool = False
    count: int = 100
    """Items on a page, at most. Webex may give fewer; its limit is not published."""

    def parameters(self) -> dict[str, str]:
        """
        Return the query of the request.
        """
        asked = {
            "filter": self.filter,
            "attributes": ",".join(self.attributes),
            "excludedAttributes": ",".join(self.excluded_attributes),
            "sortBy": self.sort_by.value,
            "sortOrder": "descending" if self.descending else "ascending",
            "count": str(self.count),
        }
        return {name: value for name, value in asked.items() if value}


def comparison(attribute: str, operator: str, value: str) -> str:
    """
    Return a filter of one comparison: `userName eq "ana@acme.example"`.
    """
    return f"{attribute} {operator} {_ENCODER.encode(value).decode()}"


def having(attribute: str, conditions: Mapping[str, str]) -> str:
    """
    Return the path of those values of a list that meet every condition: `phoneNumbers[type eq "fax"]`.

    No space stands before the bracket: Webex does not take one.
    """
    return f"{attribute}[{' and '.join(comparison(name, 'eq', value) for name, value in conditions.items())}]"


def within(schema: str, attribute: str) -> str:
    """
    Return the path of an attribute of an extension (RFC 7644, section 3.10).
    """
    return f"{schema}:{attribute}"


def add(path: str, value: Any) -> Json:
    """
    Return the operation that adds a value, or each value of a list. One that is already there is not added again.
    """
    return {"op": "add", "path": path, "value": value}


def replace(path: str, value: Any) -> Json:
    """
    Return the operation that sets a value, whether there was one or not. Of a complex attribute only what is given
    changes; a list is replaced as a whole.
    """
    return {"op": "replace", "path": path, "value": value}


def remove(path: str) -> Json:
    """
    Return the operation that takes a value away; of a list the values that the path selects, or all of them.
    """
    return {"op": "remove", "path": path}


def patch_body(operations: Sequence[Json]) -> Json:
    """
    Return the body of a PATCH. Webex takes the operations in their order and stops at the first that fails.
    """
    return {"schemas": [PATCH_MESSAGE], "Operations": list(operations)}


def scim_request(
    method: str,
    *segments: str,
    query: Mapping[str, str] | None = None,
    body: Json | None = None,
) -> Request:
    """
    Return a request below the SCIM root. Raise NotFound for a segment that would lead elsewhere.
    """
    return Request(method, path_to(*segments), query or {}, body, headers=_ACCEPTED, root=Root.SCIM)


def resource(answer: Answer, asked: str | None = None) -> Json:
    """
    Return the object. Raise TooStrange when it has no id, or another one than was asked for.
    """
    found = answer.resource()
    if asked is not None and found["id"].lower() != asked.lower():
        raise answer.strange("another object than the one asked for")
    return found
