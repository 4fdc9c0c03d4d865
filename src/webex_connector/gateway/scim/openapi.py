"""
The door to one system as an OpenAPI 3.1 document (https://spec.openapis.org/oas/v3.1.0): which addresses there are,
what they take and what they answer. Made from the tables, like everything that describes the door.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any, Final

from webex_connector.gateway.scim.json_schemas import MESSAGES, answered_schema, list_schema, written_schema
from webex_connector.gateway.scim.mapping import Resource
from webex_connector.gateway.scim.paths import SEARCH
from webex_connector.gateway.scim.systems import System

MEDIA_TYPE: Final = "application/json"
"""
Of the document itself; that of everything else is `application/scim+json`.
"""

_SCIM_JSON: Final = "application/scim+json"

_READ_ERRORS: Final = ("400", "401", "403", "404", "429", "501", "503")
_WRITE_ERRORS: Final = ("400", "401", "403", "404", "409", "412", "413", "415", "429", "500", "501", "503")
_MEANINGS: Final[Mapping[str, str]] = {
    "400": "The request is wrong; the detail says where.",
    "401": "No client, or an ended token.",
    "403": "The client does not have the right, or deleted and disabled too much.",
    "404": "There is no such resource.",
    "409": "The address or the name is taken.",
    "412": "The resource is not in the version of If-Match.",
    "413": "The body is too long, or has too many operations.",
    "415": "The body is no JSON.",
    "429": "Too much is asked; nothing was changed.",
    "500": "The change may have been made; look at the resource before repeating it.",
    "501": "Not offered.",
    "503": "Webex cannot be reached, or refuses our token.",
}
_WAITS: Final = frozenset({"429", "503"})


@dataclass(frozen=True, slots=True)
class Methods:
    """
    What a resource type of a system can be asked, by the methods of HTTP.
    """

    collection: Collection[str]
    resource: Collection[str]


def document_of(system: System, base: str, methods: Mapping[str, Methods]) -> dict[str, Any]:
    """
    Return the document for a system whose door is at `base`; `methods` go by the names of its resource types.
    """
    schemas: dict[str, Any] = dict(MESSAGES)
    paths: dict[str, Any] = {}
    for each in system.resources:
        schemas |= {each.name: answered_schema(each), f"{each.name}List": list_schema(_ref(each.name))}
        schemas |= {f"{each.name}Written": written_schema(each)} if _is_written(methods[each.name]) else {}
        paths |= _paths_of(each, methods[each.name])
    return {
        "openapi": "3.1.0",
        "info": {"title": f"SCIM 2.0 door to {system.facade.system}", "version": version("webex-connector")},
        "servers": [{"url": base}],
        "security": [{"token": []}, {"password": []}],
        "paths": {**paths, "/Bulk": {"post": _bulk()}, **_DISCOVERY},
        "components": {
            "schemas": schemas,
            "parameters": _PARAMETERS,
            "responses": {status: _error(status) for status in _MEANINGS},
            "securitySchemes": {
                "token": {"type": "http", "scheme": "bearer"},
                "password": {"type": "http", "scheme": "basic"},
            },
        },
    }


def _is_written(methods: Methods) -> bool:
    return bool({"POST", "PUT"} & {*methods.collection, *methods.resource})


def _paths_of(resource: Resource, methods: Methods) -> dict[str, Any]:
    listed = {"200": _answer(f"{resource.name}List", "A page of them.", "Age")}
    one = _answer(resource.name, "The resource.", "Age", "ETag", "Location")
    made = _answer(resource.name, "It is made.", "ETag", "Warning", must=("Location",))
    tried = _answer("DryRun", "The requests that a dry run did not send.")
    changed = _answer(
        (resource.name, "DryRun"), "The resource as it is then; of a dry run the requests.", "ETag", "Warning"
    )
    body = _body(f"{resource.name}Written")
    name = resource.name
    collection = {
        "GET": _operation(f"list{name}", listed, _READ_ERRORS, _QUERY),
        "POST": _operation(f"create{name}", {"201": made, "200": tried}, _WRITE_ERRORS, _SHOWN_DRY, body),
    }
    gone = {"204": {"description": "It is gone."}, "200": tried}
    unshown = {"description": "It is done, and not shown.", "headers": {"Warning": _HEADERS["Warning"]}}
    several = {"200": changed, "204": unshown}
    resource_methods = {
        "GET": _operation(f"read{name}", {"200": one, "304": _NOT_MODIFIED}, _READ_ERRORS, (*_SHOWN, *_CACHED)),
        "PUT": _operation(f"replace{name}", several, _WRITE_ERRORS, _CONDITIONAL, body),
        "PATCH": _operation(f"change{name}", several, _WRITE_ERRORS, _CONDITIONAL, _body("PatchOp")),
        "DELETE": _operation(f"delete{name}", gone, _WRITE_ERRORS, ("If-Match", "_dryRun")),
    }
    search = _operation(f"search{name}", listed, (*_READ_ERRORS, "413", "415"), (), _body("SearchRequest"))
    here = {"parameters": [_parameter_ref("id")]}
    return {
        f"/{resource.endpoint}": _chosen(collection, methods.collection),
        f"/{resource.endpoint}/{SEARCH}": {"post": search},
        f"/{resource.endpoint}/{{id}}": here | _chosen(resource_methods, methods.resource),
    }


def _chosen(operations: Mapping[str, Any], methods: Collection[str]) -> dict[str, Any]:
    return {method.lower(): operation for method, operation in operations.items() if method in methods}


def _operation(
    name: str,
    answers: Mapping[str, Any],
    errors: Iterable[str],
    parameters: Iterable[str] = (),
    body: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    told: dict[str, Any] = {
        "operationId": name,
        "parameters": [_parameter_ref(each) for each in parameters],
        "responses": {**answers, **{status: {"$ref": f"#/components/responses/{status}"} for status in errors}},
    }
    return told if body is None else {**told, "requestBody": body}


def _bulk() -> dict[str, Any]:
    done = _answer("BulkResponse", "The end of each operation.")
    return _operation("bulk", {"200": done}, _WRITE_ERRORS, ("_dryRun",), _body("BulkRequest"))


def _ref(schema: str) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{schema}"}


def _parameter_ref(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/parameters/{name}"}


def _body(schema: str) -> dict[str, Any]:
    return {"required": True, "content": {_SCIM_JSON: {"schema": _ref(schema)}}}


def _answer(schema: str | tuple[str, ...], description: str, *headers: str, must: Iterable[str] = ()) -> dict[str, Any]:
    content = _ref(schema) if isinstance(schema, str) else {"anyOf": [_ref(each) for each in schema]}
    told: dict[str, Any] = {"description": description, "content": {_SCIM_JSON: {"schema": content}}}
    named = {each: _HEADERS[each] for each in headers} | {each: {**_HEADERS[each], "required": True} for each in must}
    return {**told, "headers": named} if named else told


def _error(status: str) -> dict[str, Any]:
    must = ("Retry-After",) if status in _WAITS else ("WWW-Authenticate",) if status == "401" else ()
    return _answer("Error", _MEANINGS[status], must=must)


_HEADERS: Final[Mapping[str, dict[str, Any]]] = {
    "Age": {"description": "How many seconds ago Webex was so: it is a copy.", "schema": {"type": "integer"}},
    "ETag": {"description": "The version.", "schema": {"type": "string"}},
    "Location": {"description": "The address of the resource.", "schema": {"type": "string"}},
    "Retry-After": {"description": "Seconds to wait.", "schema": {"type": "integer", "minimum": 1}},
    "Warning": {"description": "What Webex did not take.", "schema": {"type": "string"}},
    "WWW-Authenticate": {"description": "How to log in.", "schema": {"type": "string"}},
}
_NOT_MODIFIED: Final = {"description": "The client has this version.", "headers": {"ETag": _HEADERS["ETag"]}}


def _query(name: str, schema: Mapping[str, Any], description: str) -> dict[str, Any]:
    return {"name": name, "in": "query", "schema": schema, "description": description}


_TEXT: Final = {"type": "string"}
_NUMBER: Final = {"type": "integer"}
_PARAMETERS: Final[Mapping[str, dict[str, Any]]] = {
    "id": {"name": "id", "in": "path", "required": True, "schema": {"type": "string", "minLength": 1}},
    "filter": _query("filter", _TEXT, "RFC 7644, section 3.4.2.2."),
    "attributes": _query("attributes", _TEXT, "The attributes to show, with commas between them."),
    "excludedAttributes": _query("excludedAttributes", _TEXT, "The attributes not to show."),
    "startIndex": _query("startIndex", _NUMBER, "The place of the first one, from 1 on."),
    "count": _query("count", _NUMBER, "How many at most."),
    "cursor": _query("cursor", _TEXT, "Empty for the first page by cursor (RFC 9865)."),
    "sortBy": _query("sortBy", _TEXT, "The attribute to sort by."),
    "sortOrder": _query("sortOrder", {"enum": ["ascending", "descending"]}, "Ascending without it."),
    "_dryRun": _query("_dryRun", {"type": "boolean"}, "Show the requests to Webex, and send none."),
    "Cache-Control": {
        "name": "Cache-Control",
        "in": "header",
        "schema": _TEXT,
        "description": "`no-cache` asks Webex itself, past a copy.",
    },
    "If-Match": {"name": "If-Match", "in": "header", "schema": _TEXT},
    "If-None-Match": {"name": "If-None-Match", "in": "header", "schema": _TEXT},
}
_SHOWN: Final = ("attributes", "excludedAttributes")
_CACHED: Final = ("If-None-Match", "Cache-Control")
_SHOWN_DRY: Final = (*_SHOWN, "_dryRun")
_CONDITIONAL: Final = (*_SHOWN_DRY, "If-Match")
_QUERY: Final = ("filter", *_SHOWN, "startIndex", "count", "cursor", "sortBy", "sortOrder")


def _described(name: str, description: str, *, listed: bool) -> dict[str, Any]:
    rows = {"type": "object", "required": ["schemas", "id", "meta"]}
    schema = list_schema(rows) if listed else {"type": "object", "required": ["schemas", "meta"]}
    answer = {"description": description, "content": {_SCIM_JSON: {"schema": schema}}}
    return {"get": _operation(name, {"200": answer}, ("401", "403", "404", "429"))}


_DISCOVERY: Final = {
    "/ServiceProviderConfig": _described("config", "What the door can do.", listed=False),
    "/ResourceTypes": _described("resourceTypes", "The resource types.", listed=True),
    "/ResourceTypes/{id}": {"parameters": [_parameter_ref("id")]} | _described("resourceType", "One.", listed=False),
    "/Schemas": _described("schemas", "The schemas.", listed=True),
    "/Schemas/{id}": {"parameters": [_parameter_ref("id")]} | _described("schema", "One.", listed=False),
}
