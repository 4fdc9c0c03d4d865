"""
A provisioner file in front of the simulated organisation, through the whole house and a socket.
"""

import json
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import httpx2
import pytest

from fakes.virtual_time import VirtualClock
from webex_connector.app import wiring
from webex_connector.app.connectors import KINDS
from webex_connector.app.serve import serving
from webex_connector.app.settings_file import load
from webex_connector.sandbox.sandbox import Sandbox
from webex_connector.store.opening import StorePlace
from webex_connector.webex.ids import uuid_of

FILE = Path(__file__).parents[1] / "samples" / "provisioner" / "provisioner.openicf-webex.json"
SETTINGS = """\
provisioners = "conf"

[serve]
port = 0

[clients.idm]
token = "env:IDM_TOKEN"
role = "admin"
"""


@dataclass(frozen=True)
class House:
    """
    Everything, running.
    """

    sandbox: Sandbox
    http: httpx2.AsyncClient
    environment: dict[str, str]

    async def send(self, method: str, path: str, body: Any = None) -> tuple[int, Any]:
        """
        Send a request and return status and body.
        """
        answer = await self.http.request(method, f"/openidm/system{path}", json=body)
        return answer.status_code, answer.json()


@pytest.fixture
async def house(clock: VirtualClock, tmp_path: Path) -> AsyncIterator[House]:
    """
    Two systems from a folder: `webex` as the sample has it, but with updates, and `plain` without object types.
    """
    tree = json.loads(FILE.read_text("utf-8"))
    sandbox = Sandbox(people=10, clock=clock)
    known = sandbox.credentials
    tree["configurationProperties"]["clientSecret"] = "&{webex.client.secret}"
    tree["operationOptions"]["UPDATE"] = {"denied": False}
    plain = {key: value for key, value in tree.items() if key not in {"objectTypes", "operationOptions"}}
    (tmp_path / "conf").mkdir()
    for each in (tree, plain | {"name": "plain", "displayName": "Another"}):
        (tmp_path / "conf" / f"provisioner.openicf-{each['name']}.json").write_text(json.dumps(each), "utf-8")
    (tmp_path / "settings.toml").write_text(SETTINGS, "utf-8")
    async with AsyncExitStack() as stack:
        address = await stack.enter_async_context(sandbox.serving())
        environment = {
            "IDM_TOKEN": "t0ken",
            "WEBEX_SERVICE_URI": f"{address}/v1",
            "WEBEX_TOKEN_ENDPOINT": f"{address}/v1/access_token",
            "WEBEX_CLIENT_ID": known.client_id,
            "WEBEX_CLIENT_SECRET": known.client_secret,
            "WEBEX_REFRESH_TOKEN": known.refresh_token,
        }
        # In memory: a database in a file would work in threads, which virtual time does not wait for.
        settings = replace(load(tmp_path / "settings.toml", environment, KINDS), store=StorePlace())
        systems = await stack.enter_async_context(wiring.opened(settings, clock))
        door = await stack.enter_async_context(serving(wiring.doors(systems, settings, clock), settings.serve))
        headers = {"Authorization": "Bearer t0ken"}
        client = httpx2.AsyncClient(base_url=door, headers=headers, trust_env=False, timeout=None)
        http = await stack.enter_async_context(client)
        yield House(sandbox, http, environment)


async def test_each_file_is_a_system(house: House) -> None:
    """
    Both systems test well, each with its name, what it is called and its object types.
    """
    status, found = await house.send("POST", "?_action=test")
    assert status == 200
    assert [(each["name"], each["displayName"], each["objectTypes"], each["ok"]) for each in found] == [
        ("plain", "Another", ["__GROUP__", "__ACCOUNT__", "ROLES", "__ALL__", "LICENSES"], True),
        ("webex", "Webex of Acme", ["user", "ROLES"], True),
    ]


async def test_people_are_written_under_the_names_of_the_file(house: House) -> None:
    """
    A person is made and changed by the file's names, and stands in the organisation under Webex's.
    """
    body = {"mail": ["zoe@example.com"], "cn": "Zoë Ä", "givenName": "Zoë", "sn": "Ä"}
    status, made = await house.send("POST", "/webex/user?_action=create", body)
    assert (status, made["cn"]) == (201, "Zoë Ä")
    assert set(made) == {"_id", "_rev", "mail", "cn", "givenName", "sn"}
    status, changed = await house.send("PUT", f"/webex/user/{made['_id']}", {"sn": "Ö"})
    assert (status, changed["sn"]) == (200, "Ö")
    person = house.sandbox.world.person(uuid_of(made["_id"]))
    assert person is not None
    assert (person.email, person.last_name) == ("zoe@example.com", "Ö")
    status, found = await house.send("GET", '/webex/user?_queryFilter=mail eq "ZOE@example.com"&_fields=cn,licenses')
    assert [row["cn"] for row in found["result"]] == ["Zoë Ä"]


async def test_what_the_file_denies_is_refused(house: House) -> None:
    """
    A delete is 403 where the file says so, and the person stays; the other system, which says nothing, deletes.
    """
    _, found = await house.send("GET", "/plain/__ACCOUNT__?_queryId=query-all-ids")
    uid = found["result"][-1]["_id"]
    status, refused = await house.send("DELETE", f"/webex/user/{uid}")
    assert (status, refused["message"]) == (
        403,
        "DELETE on __ACCOUNT__ is not allowed: operationOptions of its provisioner file denies it",
    )
    assert house.sandbox.world.person(uuid_of(uid)) is not None
    status, _ = await house.send("DELETE", f"/plain/__ACCOUNT__/{uid}")
    assert (status, house.sandbox.world.person(uuid_of(uid))) == (200, None)


async def test_a_full_configuration_is_a_provisioner_file(house: House, tmp_path: Path) -> None:
    """
    What `createFullConfig` answers, written to a file, is read as a system that shows everything.
    """
    properties = {
        "serviceUri": house.environment["WEBEX_SERVICE_URI"],
        "tokenEndpoint": house.environment["WEBEX_TOKEN_ENDPOINT"],
        "clientId": house.environment["WEBEX_CLIENT_ID"],
        "clientSecret": house.environment["WEBEX_CLIENT_SECRET"],
        "refreshToken": house.environment["WEBEX_REFRESH_TOKEN"],
    }
    _, there = await house.send("POST", "?_action=availableConnectors")
    given = {"name": "fresh", "connectorRef": there["connectorRef"][0], "configurationProperties": properties}
    assert (await house.send("POST", "?_action=testConfig", given))[1] == {"name": "fresh", "ok": True}
    status, full = await house.send("POST", "?_action=createFullConfig", given)
    assert status == 200
    assert not [value for value in properties.values() if value.startswith("secret") and value in json.dumps(full)]

    folder = tmp_path / "fresh"
    folder.mkdir()
    (folder / "provisioner.openicf-fresh.json").write_text(json.dumps(full), "utf-8")
    (folder / "settings.toml").write_text(SETTINGS.replace('"conf"', '"."'), "utf-8")
    secrets = {
        "FRESH_CLIENTSECRET": properties["clientSecret"],
        "FRESH_REFRESHTOKEN": properties["refreshToken"],
        "IDM_TOKEN": "x",
    }
    system = load(folder / "settings.toml", secrets, KINDS).systems["fresh"]
    assert [each.name for each in system.shape.types or ()] == [
        "__GROUP__",
        "__ACCOUNT__",
        "ROLES",
        "__ALL__",
        "LICENSES",
    ]
    for shown in system.shape.types or ():
        named = [(each.name, each.many, each.updateable) for each in shown.info.attributes]
        assert named == [(each.name, each.many, each.updateable) for each in shown.native.attributes]
