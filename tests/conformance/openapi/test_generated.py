"""
Requests made up from the definitions: whatever they say, the sandbox has a published answer.

Webex OpenAPI specifications, Cisco Systems, https://github.com/webex/webex-openapi-specs, CC BY 4.0.
"""

import asyncio
import json
import re
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fakes.published import Call, Json, Published
from fakes.witness import Witness, complaints
from webex_connector.sandbox import catalogue, ids, rendering, scenarios, urns
from webex_connector.sandbox.ids import Kind
from webex_connector.sandbox.sandbox import Sandbox
from webex_connector.sandbox.world import World

_PUBLISHED = Published()
_SEED = 7


def _sandbox() -> Sandbox:
    """
    The same small organisation each time.
    """
    return Sandbox(people=4, seed=_SEED)


def _telling(world: World) -> list[str]:
    """
    Texts that mean something: with made-up ones alone, nothing but the first check would ever be reached.
    """
    people = [person for _, person in world.people()]
    return [
        *(person.email for person in people),
        *(person.uuid for person in people),
        *(rendering.person_id(person.uuid) for person in people),
        *(group.uuid for group in world.groups.values()),
        *(rendering.group_id(world, group) for group in world.groups.values()),
        *(rendering.license_id(world, key) for key in (catalogue.MESSAGING, catalogue.MEETINGS, catalogue.EXHAUSTED)),
        ids.encode(Kind.LOCATION, catalogue.LOCATIONS[0].uuid),
        rendering.organization_id(world),
        world.organization.uuid,
        "new@acme.example",
        "nobody",
        urns.USER,
        urns.GROUP,
        "active",
        "members",
        'members[value eq "x"]',
        f'displayName eq "{scenarios.SAMPLE}"',
        "2024-01-01T00:00:00.000Z",
        "",
    ]


_WORLD = _sandbox().world
_TEXTS = st.sampled_from(_telling(_WORLD)) | st.text(max_size=12)
_SCALARS = _TEXTS | st.booleans() | st.integers(-1, 600)


def _values(schema: Json) -> st.SearchStrategy[Any]:
    """
    Whatever fits a schema.
    """
    if "enum" in schema:
        return st.sampled_from(schema["enum"])
    match schema.get("type"):
        case "object":
            properties = {name: _values(inner) for name, inner in schema.get("properties", {}).items()}
            required = {name: properties.pop(name) for name in schema.get("required", ())}
            return st.fixed_dictionaries(required, optional=properties)
        case "array":
            return st.lists(_values(schema["items"]), max_size=3)
        case "boolean":
            return st.booleans()
        case "number" | "integer":
            return st.integers(-1, 600)
        case "string":
            return _TEXTS
        case _:
            return _SCALARS | st.lists(st.fixed_dictionaries({"value": _TEXTS}), max_size=2)


_NAMES = re.compile(r"\{(\w+)\}")


@st.composite
def _requests(draw: st.DrawFn, call: Call) -> tuple[str, str, str, bytes]:
    method, template = call.name.split(" ")
    path = _NAMES.sub(lambda name: quote(_in_path(draw, name[1]), safe=""), template)
    query = {name: _parameter(value) for name, value in draw(_values(call.query)).items()}
    body = b"" if call.request is None else json.dumps(draw(_values(call.request))).encode()
    return method, path if "/scim/" in template else f"/v1{path}", urlencode(query), body


def _in_path(draw: st.DrawFn, name: str) -> str:
    if name == "orgId":
        return _WORLD.organization.uuid
    return draw(_TEXTS.filter(lambda text: text not in {"", "."} and "/" not in text))


def _parameter(value: Any) -> str:
    match value:
        case list():
            return ",".join(map(str, value))
        case bool():
            return str(value).lower()
        case _:
            return str(value)


@pytest.mark.parametrize("call", _PUBLISHED.calls, ids=lambda call: call.name)
def test_whatever_fits_is_answered(call: Call) -> None:
    """
    A request that fits the definition gets an answer that does, whatever nonsense it is; nothing ever breaks.
    """

    @settings(max_examples=12, deadline=None, derandomize=True, database=None)
    @given(st.lists(_requests(call), min_size=1, max_size=3))
    def run(requests: list[tuple[str, str, str, bytes]]) -> None:
        witness = Witness(_sandbox())
        for request in requests:
            asyncio.run(_made(witness, *request))
        assert [] == list(complaints(witness.exchanges, _PUBLISHED))

    run()


async def _made(witness: Witness, method: str, path: str, query: str, body: bytes) -> None:
    headers = {"Authorization": "Bearer sandbox-admin-token", "Content-Type": "application/json"}

    async def receive() -> Any:
        return {"type": "http.request", "body": body}

    async def send(message: Any) -> None:
        assert message["type"].startswith("http.response")

    await witness(
        {
            "type": "http",
            "scheme": "http",
            "method": method,
            "path": path,
            "query_string": query.encode(),
            "headers": [(name.lower().encode(), value.encode()) for name, value in headers.items()],
        },
        receive,
        send,
    )
