"""
Every door to a simulated classic site: the six things that people want of its users, asked for in each door's own way.
"""

import asyncio
import io
import json
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import httpx2
import pytest

from fakes.classic_site import PASSWORD, new_user
from fakes.hub import OPTIONS
from fakes.ports import MemoryJournal, OpenGuard
from fakes.remote_client import KEY
from webex_connector.app import remote, wiring
from webex_connector.app.connectors import KINDS
from webex_connector.app.practice import write_practice_file
from webex_connector.app.remote import OWN_KEYS
from webex_connector.app.scim_systems import ScimSystems
from webex_connector.app.settings import RemoteSettings
from webex_connector.app.settings_file import load
from webex_connector.app.systems import Systems
from webex_connector.base.clock import Clock
from webex_connector.base.secret import Secret
from webex_connector.cli.exits import Exit
from webex_connector.cli.main import main
from webex_connector.gateway.access import Access
from webex_connector.gateway.client_pace import ClientPace
from webex_connector.gateway.idm import door as rest
from webex_connector.gateway.remote.client.calling import Calling
from webex_connector.gateway.remote.client.connector import opened
from webex_connector.gateway.remote.client.listing import chosen, offered_in
from webex_connector.gateway.remote.client.server import Server
from webex_connector.gateway.remote.key import digest_of
from webex_connector.gateway.remote.profiles import CONNID
from webex_connector.gateway.rights import Client, Role
from webex_connector.gateway.scim import door as scim
from webex_connector.gateway.scim.site_users import SITE_USER_URN
from webex_connector.icf import names
from webex_connector.icf.attributes import AttributeDelta, replaced
from webex_connector.icf.errors import ConnectorError
from webex_connector.icf.facade import Facade
from webex_connector.icf.filters import EVERYTHING
from webex_connector.sandbox.meetings_site.records import User
from webex_connector.sandbox.meetings_site.site import PATH, MeetingsSite
from webex_connector.sandbox.sandbox import Sandbox

SYSTEM = "acme"
TOKEN = "door-token"
NEW = {name: values for name, values in new_user().items() if name != "lastName"} | {"lastName": ("Nyberg",)}


class Door(Protocol):
    """
    A way to the users of a site.
    """

    async def inventory(self) -> set[str]:
        """
        Return every WebEx ID.
        """
        ...

    async def provision(self) -> None:
        """
        Make the user of `NEW`.
        """
        ...

    async def update(self, who: str, company: str) -> None:
        """
        Give somebody another company.
        """
        ...

    async def enable(self, who: str, *, on: bool) -> None:
        """
        Enable or disable somebody.
        """
        ...

    async def unlock(self, who: str) -> None:
        """
        Unlock somebody.
        """
        ...

    async def reset(self, who: str, password: str) -> str:
        """
        Give somebody a password, which must be changed at the next log-in. Return why it was refused, or nothing.
        """
        ...


@dataclass(frozen=True, slots=True)
class House:
    """
    A simulated site beside a simulated organisation, settings that lead to both, and the systems of these settings.
    """

    sandbox: Sandbox
    site: MeetingsSite
    config: Path
    systems: Systems
    address: str

    def user(self, web_ex_id: str) -> User:
        """
        Return a user as the site has it. Raises KeyError.
        """
        found = self.site.world.user(web_ex_id)
        if found is None:
            raise KeyError(web_ex_id)
        return found


@asynccontextmanager
async def site_house(
    clock: Clock, folder: Path, *, users: int = 20, people: int = 5, more: str = ""
) -> AsyncIterator[House]:
    """
    Serve site and organisation, and open the systems of settings that lead to them and say `more`.
    """
    sandbox = Sandbox(people=people, clock=clock)
    site = sandbox.sites.open(SYSTEM, users=users)
    async with sandbox.serving() as address:
        config = folder / "webex-connector.toml"
        write_practice_file(config, address, sandbox.credentials, [site.credentials])
        with config.open("a", encoding="utf-8") as settings:
            settings.write(more)
        async with wiring.opened(load(config, {}, KINDS), clock) as systems:
            yield House(sandbox, site, config, systems, address)


class CommandLine:
    """
    Commands, each with an event loop of its own, as in a process of its own.
    """

    def __init__(self, house: House, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
        self._house, self._capsys, self._patch = house, capsys, monkeypatch

    async def _run(self, *words: str, typed: str = "") -> tuple[int, str, str]:
        self._patch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(typed.encode())))
        words = (*words, "--system", SYSTEM, "--config", str(self._house.config))
        end = await asyncio.to_thread(main, list(words))
        told = self._capsys.readouterr()
        return end, told.out, told.err

    async def _done(self, *words: str, typed: str = "") -> str:
        end, out, err = await self._run(*words, typed=typed)
        if end != Exit.OK:
            raise AssertionError(f"{words}: {end}: {err}")
        return out

    async def inventory(self) -> set[str]:
        """
        Return every WebEx ID.
        """
        rows = (await self._done("list", "account", "--json")).splitlines()
        return {json.loads(row)["webExId"] for row in rows}

    async def provision(self) -> None:
        """
        Make the user of `NEW`.
        """
        await self._done("create", "account", "-", typed=json.dumps(_plain(NEW)))

    async def update(self, who: str, company: str) -> None:
        """
        Give somebody another company.
        """
        await self._done("update", "account", who, "--set", f"company={company}")

    async def enable(self, who: str, *, on: bool) -> None:
        """
        Enable or disable somebody.
        """
        await self._done(*(("enable", who) if on else ("disable", who, "--yes")))

    async def unlock(self, who: str) -> None:
        """
        Unlock somebody.
        """
        await self._done("unlock", who)

    async def reset(self, who: str, password: str) -> str:
        """
        Give somebody a password, and return why it was refused.
        """
        end, _, err = await self._run("reset-password", who, "--force-change", typed=f"{password}\n")
        return "" if end == Exit.OK else err


class Rest:
    """
    The REST door.
    """

    def __init__(self, http: httpx2.AsyncClient) -> None:
        self._http, self._people = http, f"/openidm/system/{SYSTEM}/__ACCOUNT__"

    async def _ask(self, method: str, path: str, body: Any = None) -> Any:
        answer = await self._http.request(method, f"{self._people}{path}", json=body)
        if answer.is_error:
            raise AssertionError(f"{method} {path}: {answer.status_code} {answer.text}")
        if PASSWORD in answer.text:
            raise AssertionError("A password is shown")
        return answer.json()

    async def inventory(self) -> set[str]:
        """
        Return every WebEx ID.
        """
        return {row["_id"] for row in (await self._ask("GET", "?_queryFilter=true&_fields=_id"))["result"]}

    async def provision(self) -> None:
        """
        Make the user of `NEW`.
        """
        await self._ask("POST", "?_action=create", _plain(NEW))

    async def update(self, who: str, company: str) -> None:
        """
        Give somebody another company.
        """
        await self._patched(who, {"company": company})

    async def enable(self, who: str, *, on: bool) -> None:
        """
        Enable or disable somebody.
        """
        await self._patched(who, {names.ENABLE: on})

    async def unlock(self, who: str) -> None:
        """
        Unlock somebody.
        """
        await self._patched(who, {names.LOCK_OUT: False})

    async def reset(self, who: str, password: str) -> str:
        """
        Give somebody a password, and return why it was refused.
        """
        operations = _operations({names.PASSWORD: password, "forceChangePassword": True})
        answer = await self._http.patch(f"{self._people}/{who}", json=operations)
        return str(answer.json()["message"]) if answer.is_error else ""

    async def _patched(self, who: str, values: Mapping[str, Any]) -> None:
        await self._ask("PATCH", f"/{who}", _operations(values))


class Scim:
    """
    The SCIM door.
    """

    def __init__(self, http: httpx2.AsyncClient) -> None:
        self._http = http

    async def ask(self, method: str, path: str, body: Any = None) -> Any:
        """
        Return the body of an answer. Raises AssertionError for an error, and where a password is shown.
        """
        answer = await self._http.request(method, f"/{SYSTEM}/v2{path}", json=body)
        if answer.is_error:
            raise AssertionError(f"{method} {path}: {answer.status_code} {answer.text}")
        if PASSWORD in answer.text:
            raise AssertionError("A password is shown")
        return answer.json() if answer.content else None

    async def inventory(self) -> set[str]:
        """
        Return every WebEx ID.
        """
        found = await self.ask("GET", "/Users?attributes=userName&count=1000")
        return {row["userName"] for row in found["Resources"]}

    async def provision(self) -> None:
        """
        Make the user of `NEW`.
        """
        given = _plain(NEW)
        await self.ask(
            "POST",
            "/Users",
            {
                "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User", SITE_USER_URN],
                "userName": given["webExId"],
                "name": {"givenName": given["firstName"], "familyName": given["lastName"]},
                "emails": [{"value": given["email"], "type": "work", "primary": True}],
                "phoneNumbers": [{"value": given["phone"], "type": "work"}],
                "password": given[names.PASSWORD],
                "active": True,
                "entitlements": [{"value": "214"}],
                "roles": [{"value": each} for each in given["privileges"]],
                SITE_USER_URN: {"company": given["company"], "timeZoneID": "25", "trackingCode1": "EMEA"},
            },
        )

    async def update(self, who: str, company: str) -> None:
        """
        Give somebody another company.
        """
        await self._patched(who, {f"{SITE_USER_URN}:company": company})

    async def enable(self, who: str, *, on: bool) -> None:
        """
        Enable or disable somebody.
        """
        await self._patched(who, {"active": on})

    async def unlock(self, who: str) -> None:
        """
        Unlock somebody.
        """
        await self._patched(who, {f"{SITE_USER_URN}:locked": False})

    async def reset(self, who: str, password: str) -> str:
        """
        Give somebody a password, and return why it was refused.
        """
        body = _patch_op({"password": password, f"{SITE_USER_URN}:forceChangePassword": True})
        answer = await self._http.patch(f"/{SYSTEM}/v2/Users/{who}", json=body)
        return str(answer.json()["detail"]) if answer.is_error else ""

    async def _patched(self, who: str, values: Mapping[str, Any]) -> None:
        await self.ask("PATCH", f"/Users/{who}", _patch_op(values))


class Remote:
    """
    The connector server, asked by our own client, which has the whole configuration of the site.
    """

    def __init__(self, facade: Facade) -> None:
        self._facade = facade

    async def inventory(self) -> set[str]:
        """
        Return every WebEx ID.
        """
        search = self._facade.search(names.ACCOUNT, EVERYTHING, OPTIONS)
        return {each.uid async for batch in search for each in batch}

    async def provision(self) -> None:
        """
        Make the user of `NEW`.
        """
        await self._facade.create(names.ACCOUNT, {**NEW, names.NAME: NEW["webExId"]}, OPTIONS)

    async def update(self, who: str, company: str) -> None:
        """
        Give somebody another company.
        """
        await self._changed(who, replaced("company", company))

    async def enable(self, who: str, *, on: bool) -> None:
        """
        Enable or disable somebody.
        """
        await self._changed(who, replaced(names.ENABLE, on))

    async def unlock(self, who: str) -> None:
        """
        Unlock somebody.
        """
        await self._changed(who, AttributeDelta(names.LOCK_OUT, replace=(False,)))

    async def reset(self, who: str, password: str) -> str:
        """
        Give somebody a password, and return why it was refused.
        """
        force = AttributeDelta("forceChangePassword", replace=(True,))
        try:
            await self._changed(who, replaced(names.PASSWORD, Secret(password)), force)
        except ConnectorError as error:
            return error.message
        return ""

    async def _changed(self, who: str, *deltas: AttributeDelta) -> None:
        await self._facade.update(names.ACCOUNT, who, deltas, OPTIONS)

    async def authenticated(self, who: str, password: str) -> str:
        """
        Return the uid of whoever logs in.
        """
        return await self._facade.authenticate(names.ACCOUNT, who, password, OPTIONS)


@asynccontextmanager
async def rest_door(house: House, clock: Clock) -> AsyncIterator[Rest]:
    """
    Open the REST door to the systems of a house.
    """
    access = Access([Client("door", None, token=Secret(TOKEN), role=Role.PROVISIONER)], clock)
    app = rest.application(house.systems, access, clock, ClientPace(0, clock), patience=50.0)
    async with _logged_in(app) as http:
        yield Rest(http)


@asynccontextmanager
async def scim_door(house: House, clock: Clock) -> AsyncIterator[Scim]:
    """
    Open the SCIM door to the systems of a house.
    """
    access = Access([Client("door", None, token=Secret(TOKEN), role=Role.PROVISIONER)], clock)
    systems = ScimSystems(house.systems, house.systems.settings.systems, clock)
    async with _logged_in(scim.application(systems, access, clock, ClientPace(0, clock))) as http:
        yield Scim(http)


@asynccontextmanager
async def remote_door(house: House, clock: Clock) -> AsyncIterator[Remote]:
    """
    Serve the connectors of a house, and connect a client of ours to the one of sites.
    """
    client = Client("remote", role=Role.ADMIN)
    settings = RemoteSettings("127.0.0.1", 0, Secret(digest_of(KEY)), client, CONNID, None, None, None, 10, 600)
    who = house.site.credentials
    given: dict[str, Any] = {
        "siteName": who.site_name,
        "siteId": str(who.site_id),
        "partnerId": who.partner_id,
        "siteUrl": f"{house.address}{PATH}",
        "webExId": who.web_ex_id,
        "password": Secret(who.password),
    }
    async with remote.serving(settings, house.systems, 5, clock) as at:
        server = Server(at.host, at.port, Secret(KEY))
        offered = chosen(offered_in(await server.hello()), OWN_KEYS["meetings_site"].connector_name)
        connector = await opened(Calling(server, offered.key, offered.facade_key(given)))
        facade = Facade(
            "behind",
            connector,
            journal=MemoryJournal(),
            guard=OpenGuard(),
            clock=clock,
            cookie_key=b"k" * 32,
        )
        try:
            yield Remote(facade)
        finally:
            await facade.aclose()


@asynccontextmanager
async def _logged_in(app: Any) -> AsyncIterator[httpx2.AsyncClient]:
    transport = httpx2.ASGITransport(app)
    headers = {"Authorization": f"Bearer {TOKEN}"}
    async with httpx2.AsyncClient(transport=transport, base_url="http://door.example", headers=headers) as http:
        yield http


def _plain(attributes: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: list(each) if name in {"privileges", "sessionTypes", "supportedServices"} else each[0]
        for name, each in attributes.items()
    }


def _operations(values: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [{"operation": "replace", "field": f"/{name}", "value": value} for name, value in values.items()]


def _patch_op(values: Mapping[str, Any]) -> dict[str, Any]:
    operations = [{"op": "replace", "path": path, "value": value} for path, value in values.items()]
    return {"schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], "Operations": operations}
