"""
Which function answers a request, by method and address; and which right it takes.
"""

from collections.abc import Awaitable, Callable, Mapping
from typing import Final

from starlette.responses import Response

from webex_connector.gateway.rights import Right
from webex_connector.gateway.scim.call import Call, answered
from webex_connector.gateway.scim.discovery import config_of, one_of, resource_types_of, schemas_of
from webex_connector.gateway.scim.errors import Problem
from webex_connector.gateway.scim.listing import list_body, listed, searched
from webex_connector.gateway.scim.mapping import Resource
from webex_connector.gateway.scim.openapi import MEDIA_TYPE, Methods, document_of
from webex_connector.gateway.scim.patching import patch
from webex_connector.gateway.scim.paths import SEARCH, Path
from webex_connector.gateway.scim.reading import read
from webex_connector.gateway.scim.systems import System
from webex_connector.gateway.scim.writing import create, delete, put
from webex_connector.icf import names
from webex_connector.icf.schema import Operation

Answer = Callable[[Call], Awaitable[Response]]

COLLECTION: Final[Mapping[str, tuple[Answer, Operation]]] = {
    "GET": (listed, Operation.SEARCH),
    "POST": (create, Operation.CREATE),
}
"""
What can be asked of a whole resource type, with the operation of the model that it takes.
"""

RESOURCE: Final[Mapping[str, tuple[Answer, Operation]]] = {
    "GET": (read, Operation.GET),
    "PUT": (put, Operation.UPDATE),
    "PATCH": (patch, Operation.UPDATE),
    "DELETE": (delete, Operation.DELETE),
}
"""
What can be asked of one resource.
"""

OPENAPI: Final = "openapi.json"
"""
The endpoint that describes the door to tools that know nothing of SCIM.
"""

_SINGLE: Final = frozenset({"serviceproviderconfig", OPENAPI})

DISCOVERY: Final = _SINGLE | {"resourcetypes", "schemas"}
"""
The endpoints that describe the door.
"""

_READS: Final = frozenset({Operation.SEARCH, Operation.GET})


def right_of(method: str, path: Path) -> Right:
    """
    Return the right that a request takes.
    """
    if method == "GET" or SEARCH in {path.endpoint, path.uid}:
        return Right.READ
    return Right.DELETE if method == "DELETE" else Right.WRITE


def answer_of(call: Call, method: str) -> Answer:
    """
    Return what answers a request to a resource type. Raises Problem (405) with the methods there are.
    """
    if call.uid == SEARCH:
        table: Mapping[str, tuple[Answer, Operation]] = {"POST": (searched, Operation.SEARCH)}
    else:
        table = RESOURCE if call.uid else COLLECTION
    answer, _ = table.get(method, (None, None))
    there = _offered(table, call.system, call.resource)
    if answer is None or method not in there:
        what = f"{call.resource.name} does not have {method} here"
        raise Problem(405, what, headers={"Allow": ", ".join(there)})
    return answer


def _offered(table: Mapping[str, tuple[Answer, Operation]], system: System, resource: Resource) -> list[str]:
    can = system.facade.schema.operations[resource.object_class] | _READS
    return [method for method, (_, operation) in table.items() if operation in can]


def described(system: System, path: Path, method: str, base: str, *, filtered: bool) -> Response:
    """
    Answer a request to an endpoint that describes the door. Raises Problem.
    """
    if method != "GET":
        raise Problem(405, f"/{path.endpoint} can only be read", headers={"Allow": "GET"})
    if filtered:
        raise Problem(403, f"/{path.endpoint} cannot be filtered (RFC 7644, section 4)")
    name = path.endpoint.lower()
    if path.uid and name in _SINGLE:
        raise Problem(404, f"There is one {path.endpoint}, without an id")
    if name == "serviceproviderconfig":
        return answered(
            200,
            config_of(
                base, passwords=any(row.model == names.PASSWORD for each in system.resources for _, row in each.rows)
            ),
        )
    if name == OPENAPI:
        methods = {
            each.name: Methods(_offered(COLLECTION, system, each), _offered(RESOURCE, system, each))
            for each in system.resources
        }
        return answered(200, document_of(system, base, methods), {"Content-Type": MEDIA_TYPE})
    rows = resource_types_of(system, base) if name == "resourcetypes" else schemas_of(system, base)
    if path.uid:
        return answered(200, one_of(rows, path.uid))
    return answered(200, list_body(rows, len(rows), start=1))
