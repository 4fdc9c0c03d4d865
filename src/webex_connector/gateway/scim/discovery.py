"""
What the door can do, and which attributes there are: `ServiceProviderConfig`, `ResourceTypes`, `Schemas` (RFC 7644,
section 4; RFC 7643, sections 5 to 7). All of it is derived from the mapping as the connector can hold it.
"""

from typing import Any, Final

from webex_connector.gateway.scim.errors import Problem
from webex_connector.gateway.scim.mapping import Attribute, Mutability, Part, Resource, ScimType, Shape, Table
from webex_connector.gateway.scim.paging import CURSOR_SECONDS, MOST_COUNT, USUAL_COUNT
from webex_connector.gateway.scim.systems import System

CONFIG_URN: Final = "urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig"
TYPE_URN: Final = "urn:ietf:params:scim:schemas:core:2.0:ResourceType"
SCHEMA_URN: Final = "urn:ietf:params:scim:schemas:core:2.0:Schema"

MOST_OPERATIONS: Final = 1000
"""
How many operations a bulk request may have.
"""
MOST_BULK_BYTES: Final = 4 * 1024 * 1024
"""
How long the body of a bulk request may be.
"""

_SCHEMES: Final = (
    {
        "type": "oauthbearertoken",
        "name": "Bearer token",
        "description": "A token of this server in the Authorization header.",
        "specUri": "https://www.rfc-editor.org/rfc/rfc6750",
        "primary": True,
    },
    {
        "type": "oauth2",
        "name": "OAuth 2 client credentials",
        "description": "A token of /oauth2/token, which is had for a client's name and secret or a signed assertion.",
        "specUri": "https://www.rfc-editor.org/rfc/rfc6749",
    },
    {
        "type": "httpbasic",
        "name": "Name and password",
        "description": "Name and password of a client in the Authorization header.",
        "specUri": "https://www.rfc-editor.org/rfc/rfc7617",
    },
)


def config_of(base: str, *, passwords: bool = False) -> dict[str, Any]:
    """
    Return the service provider configuration of a system that takes `passwords` or does not, every part of it in full:
    strict clients take one that lacks something for "supports nothing".
    """
    return {
        "schemas": [CONFIG_URN],
        "patch": {"supported": True},
        "bulk": {"supported": True, "maxOperations": MOST_OPERATIONS, "maxPayloadSize": MOST_BULK_BYTES},
        "filter": {"supported": True, "maxResults": MOST_COUNT},
        "changePassword": {"supported": passwords},
        "sort": {"supported": True},
        "etag": {"supported": True},
        "pagination": {
            "cursor": True,
            "index": True,
            "defaultPaginationMethod": "index",
            "defaultPageSize": USUAL_COUNT,
            "maxPageSize": MOST_COUNT,
            "cursorTimeout": CURSOR_SECONDS,
        },
        "authenticationSchemes": list(_SCHEMES),
        "meta": {"resourceType": "ServiceProviderConfig", "location": f"{base}/ServiceProviderConfig"},
    }


def resource_types_of(system: System, base: str) -> list[dict[str, Any]]:
    """
    Return the resource types. Their ids are their names, which SailPoint relies on.
    """
    return [_resource_type(each, base) for each in system.resources]


def schemas_of(system: System, base: str) -> list[dict[str, Any]]:
    """
    Return the schemas of all resource types, each once.
    """
    tables = {table.urn: table for each in system.resources for table in (each.core, *each.extensions)}
    return [_schema(each, base) for each in tables.values()]


def one_of(rows: list[dict[str, Any]], uid: str) -> dict[str, Any]:
    """
    Return the one with this id, in any case. Raises Problem (404).
    """
    for row in rows:
        if row["id"].lower() == uid.lower():
            return row
    raise Problem(404, f"There is no {uid}; there are {', '.join(row['id'] for row in rows)}")


def _resource_type(resource: Resource, base: str) -> dict[str, Any]:
    return {
        "schemas": [TYPE_URN],
        "id": resource.name,
        "name": resource.name,
        "description": resource.help,
        "endpoint": f"/{resource.endpoint}",
        "schema": resource.core.urn,
        "schemaExtensions": [{"schema": each.urn, "required": False} for each in resource.extensions],
        "meta": {"resourceType": "ResourceType", "location": f"{base}/ResourceTypes/{resource.name}"},
    }


def _schema(table: Table, base: str) -> dict[str, Any]:
    return {
        "schemas": [SCHEMA_URN],
        "id": table.urn,
        "name": table.name,
        "description": table.help,
        "attributes": [_attribute(each) for each in table.attributes],
        "meta": {"resourceType": "Schema", "location": f"{base}/Schemas/{table.urn}"},
    }


def _attribute(row: Attribute) -> dict[str, Any]:
    told: dict[str, Any] = {
        "name": row.name,
        "type": (ScimType.COMPLEX if row.parts else row.type).value,
        "multiValued": row.many,
        "description": row.help,
        "required": row.required,
        "caseExact": row.case_exact,
        "mutability": _mutability(row).value,
        "returned": row.returned.value,
        "uniqueness": "server" if row.unique else "none",
    }
    if row.parts:
        told["subAttributes"] = [_part(each, row) for each in row.parts]
    return told


def _mutability(row: Attribute) -> Mutability:
    """
    Return who may write an attribute; one whose parts are all read-only is read-only.
    """
    if row.shape is Shape.PARTS and all(each.mutability is Mutability.READ_ONLY for each in row.parts):
        return Mutability.READ_ONLY
    return row.mutability


def _part(part: Part, row: Attribute) -> dict[str, Any]:
    read_only = row.mutability is Mutability.READ_ONLY
    told: dict[str, Any] = {
        "name": part.name,
        "type": part.type.value,
        "multiValued": False,
        "description": part.help,
        "required": part.required,
        "caseExact": part.case_exact,
        "mutability": (Mutability.READ_ONLY if read_only else part.mutability).value,
        "returned": "default",
        "uniqueness": "none",
    }
    if part.canonical:
        told["canonicalValues"] = list(part.canonical)
    if part.type is ScimType.REFERENCE:
        told["referenceTypes"] = list(part.refers_to)
    return told
