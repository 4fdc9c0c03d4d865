"""
scim2-server (https://pypi.org/project/scim2-server/), users in memory: a peer written in Python.
"""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, cast

import msgspec
from scim2_models import Context, Resource, ResourceType, ScimProvider
from scim2_server.applications.asgi import ASGIApplication
from scim2_server.memory import AsyncInMemoryStorage, InMemoryStorage
from scim2_server.utils import (
    load_default_resource_types,
    load_default_schemas,
    load_default_service_provider_config,
)
from starlette.types import ASGIApp

from bench.processes import Served, running
from webex_connector.app import serve
from webex_connector.app.settings import ServeSettings

_CORE = "urn:ietf:params:scim:schemas:core:2.0:User"
_ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"


class _Storage(InMemoryStorage):
    """
    Keeps the ids that the users have already.
    """

    def generate_id(self, resource_type: ResourceType, resource: Resource[Any]) -> str:
        return resource.id or super().generate_id(resource_type, resource)


def _application(users: Path) -> ASGIApp:
    provider = ScimProvider.from_discovery(
        load_default_schemas().values(),
        load_default_resource_types().values(),
        config=load_default_service_provider_config(),
    )
    kind = next(each for each in provider.resource_types if each.name == "User")
    model = cast("type[Resource[Any]]", provider.model_for(kind))
    storage = _Storage()
    for row in msgspec.json.decode(users.read_bytes(), type=list[dict[str, Any]]):
        known = {name: value for name, value in row.items() if not name.startswith("urn:") and name != "meta"}
        schemas = [_CORE, *([_ENTERPRISE] if _ENTERPRISE in row else [])]
        known |= {"schemas": schemas, **({_ENTERPRISE: row[_ENTERPRISE]} if _ENTERPRISE in row else {})}
        storage.create(kind, model.model_validate(known, scim_ctx=Context.RESOURCE_QUERY_RESPONSE))
    # It has types of its own for what every ASGI application takes.
    return cast("ASGIApp", ASGIApplication(AsyncInMemoryStorage(storage), provider))


async def _reference(users: Path, ready: Connection) -> None:
    async with serve.serving(_application(users), ServeSettings(port=0)) as address:
        ready.send(address)
        await asyncio.Event().wait()


@contextmanager
def reference_process(users: Path) -> Iterator[Served]:
    """
    Serve the users in a file, a JSON list of them, while the block runs.
    """
    with running(_reference, users) as served:
        yield served
