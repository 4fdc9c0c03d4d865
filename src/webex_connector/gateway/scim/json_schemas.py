"""
Resource types and messages as JSON Schema (draft 2020-12): what answers hold, and what clients may write. Pure.

Derived from the same tables as `Schemas`, whose form (RFC 7643, section 7) few tools read.
"""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from webex_connector.gateway.scim.asked import SEARCH_URN
from webex_connector.gateway.scim.bulk_words import BULK_REQUEST_URN, BULK_RESPONSE_URN, METHODS
from webex_connector.gateway.scim.errors import ERROR_URN, Kind
from webex_connector.gateway.scim.listing import LIST_URN
from webex_connector.gateway.scim.mapping import Attribute, Mutability, Part, Resource, Returned, ScimType, Table
from webex_connector.gateway.scim.patch import PATCH_URN
from webex_connector.gateway.scim.writing import DRY_RUN_URN

JsonSchema = dict[str, Any]

_TYPES: Final[Mapping[ScimType, JsonSchema]] = {
    ScimType.STRING: {"type": "string"},
    ScimType.BOOLEAN: {"type": "boolean"},
    ScimType.INTEGER: {"type": "integer"},
    ScimType.DATE_TIME: {"type": "string", "format": "date-time"},
    # What clients may write as a reference is any text to Webex.
    ScimType.REFERENCE: {"type": "string"},
}
# By the attribute of the model: whoever signs in by an address has it for a name.
_FORMATS: Final = {"emails": "email"}
_COUNT: Final = {"type": "integer", "minimum": 0}
_TEXT: Final = {"type": "string"}
_TEXTS: Final = {"type": "array", "items": _TEXT}
_NUMBER: Final = {"type": "integer"}


def answered_schema(resource: Resource) -> JsonSchema:
    """
    Return what a resource in an answer is like. There is nothing in it that is not described; what it must have is
    little, since clients may ask for less than there is.
    """
    urns = [resource.core.urn, *(each.urn for each in resource.extensions)]
    properties: JsonSchema = {
        "schemas": {"type": "array", "items": {"enum": urns}, "contains": {"const": urns[0]}, "uniqueItems": True}
    }
    properties |= _answered_rows(resource.common) | _answered_rows(resource.core)
    properties |= {each.urn: _closed(_answered_rows(each), help=each.help) for each in resource.extensions}
    return {**_closed(properties, help=resource.core.help), "required": ["schemas", "id"]}


def written_schema(resource: Resource) -> JsonSchema:
    """
    Return what a client may write of a resource. Anything else is passed over; `null` and empty lists clear (RFC 7643,
    section 2.5).
    """
    rows = [*resource.common.attributes, *resource.core.attributes]
    properties = {"schemas": _TEXTS, **_written_rows(rows)}
    for table in resource.extensions:
        if inner := _written_rows(table.attributes):
            properties[table.urn] = {"type": "object", "description": table.help, "properties": inner}
    required = [row.name for row in rows if row.required]
    return {"type": "object", "description": resource.core.help, "properties": properties, "required": required}


def list_schema(rows: JsonSchema) -> JsonSchema:
    """
    Return the answer that carries resources, each as `rows` describes it.
    """
    place = dict.fromkeys(("totalResults", "startIndex", "itemsPerPage"), _COUNT)
    cursors = {"nextCursor": _TEXT}
    return _message(LIST_URN, {**place, **cursors, "Resources": {"type": "array", "items": rows}}, "Resources")


ERROR: Final[JsonSchema] = {
    "type": "object",
    "properties": {
        "schemas": {"type": "array", "items": {"const": ERROR_URN}, "minItems": 1},
        "status": {"type": "string", "pattern": "^[45][0-9][0-9]$"},
        "scimType": {"enum": [kind.value for kind in Kind]},
        "detail": {"type": "string", "minLength": 1},
    },
    "required": ["schemas", "status", "detail"],
    "additionalProperties": False,
}
"""
Whatever is no success (RFC 7644, section 3.12).
"""


def _message(urn: str, properties: JsonSchema, *required: str) -> JsonSchema:
    schemas = {"type": "array", "items": _TEXT, "contains": {"const": urn}}
    return {
        "type": "object",
        "properties": {"schemas": schemas, **properties},
        "required": ["schemas", *required],
    }


MESSAGES: Final[Mapping[str, JsonSchema]] = {
    "Error": ERROR,
    "PatchOp": _message(
        PATCH_URN,
        {
            "Operations": {
                "type": "array",
                "minItems": 1,
                "items": {
                    "type": "object",
                    "properties": {
                        "op": {"enum": ["add", "remove", "replace"]},
                        "path": _TEXT,
                        "value": {},
                    },
                    "required": ["op"],
                },
            }
        },
        "Operations",
    ),
    "SearchRequest": _message(
        SEARCH_URN,
        {
            **dict.fromkeys(("attributes", "excludedAttributes"), _TEXTS),
            **dict.fromkeys(("filter", "cursor", "sortBy"), _TEXT),
            "sortOrder": {"enum": ["ascending", "descending"]},
            **dict.fromkeys(("startIndex", "count"), _NUMBER),
        },
    ),
    "BulkRequest": _message(
        BULK_REQUEST_URN,
        {
            "failOnErrors": {"type": "integer", "minimum": 1},
            "Operations": {
                "type": "array",
                "minItems": 1,
                "items": {
                    "type": "object",
                    "properties": {
                        "method": {"enum": sorted(METHODS)},
                        "path": _TEXT,
                        "bulkId": _TEXT,
                        "version": _TEXT,
                        "data": {"type": "object"},
                    },
                    "required": ["method", "path"],
                },
            },
        },
        "Operations",
    ),
    "BulkResponse": _message(
        BULK_RESPONSE_URN,
        {
            "Operations": {
                "type": "array",
                "items": {
                    "type": "object",
                    "properties": {
                        **dict.fromkeys(("method", "bulkId", "location"), _TEXT),
                        "status": {"type": "string", "pattern": "^[2-5][0-9][0-9]$"},
                        "response": {"type": "object"},
                    },
                    "required": ["status"],
                },
            }
        },
        "Operations",
    ),
    "DryRun": _message(DRY_RUN_URN, {"withheld": {"type": "array"}}, "withheld"),
}
"""
What is no resource, by name.
"""


def _closed(properties: JsonSchema, *, help: str) -> JsonSchema:  # noqa: A002 - as the tables call it
    return {"type": "object", "description": help, "properties": properties, "additionalProperties": False}


def _answered_rows(table: Table) -> JsonSchema:
    shown = (row for row in table.attributes if row.returned is not Returned.NEVER)
    return {row.name: _listed(row, _answered_value(row)) for row in shown}


def _answered_value(row: Attribute) -> JsonSchema:
    if not row.parts:
        return _plain(row.type, row.help, read_only=row.mutability is Mutability.READ_ONLY)
    parts = {part.name: _of_part(part) for part in row.parts}
    return _closed(parts, help=row.help)


def _written_rows(rows: Iterable[Attribute]) -> JsonSchema:
    return {row.name: _written_row(row) for row in rows if _is_writable(row)}


def _is_writable(row: Attribute) -> bool:
    if row.mutability is Mutability.READ_ONLY:
        return False
    return not row.parts or any(part.mutability is not Mutability.READ_ONLY for part in row.parts)


def _written_row(row: Attribute) -> JsonSchema:
    if not row.parts:
        value = _plain(row.type, row.help, read_only=False)
        value |= {"format": _FORMATS[row.model]} if row.model in _FORMATS else {}
        value |= {"writeOnly": True} if row.mutability is Mutability.WRITE_ONLY else {}
        return value if row.required else {**value, "type": [value["type"], "null"]}
    parts = [part for part in row.parts if part.mutability is not Mutability.READ_ONLY]
    value = {
        "type": "object",
        "description": row.help,
        "properties": {part.name: _of_part(part) for part in parts},
        "required": [part.name for part in parts if part.required],
    }
    return _listed(row, value)


def _listed(row: Attribute, value: JsonSchema) -> JsonSchema:
    return {"type": "array", "description": row.help, "items": value} if row.many else value


def _of_part(part: Part) -> JsonSchema:
    told = _plain(part.type, part.help, read_only=part.mutability is Mutability.READ_ONLY)
    # Suggestions, as RFC 7643, section 7, has them, and so no `enum`.
    return {**told, "examples": list(part.canonical)} if part.canonical else told


def _plain(kind: ScimType, help: str, *, read_only: bool) -> JsonSchema:  # noqa: A002 - as the tables call it
    told = {**_TYPES[kind], "description": help}
    return {**told, "readOnly": True} if read_only else told
