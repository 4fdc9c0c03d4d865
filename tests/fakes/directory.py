"""
A directory behind a connector server: what the ready mappings from Webex speak of, in memory, and a house that has it
as a system beside a simulated organisation.
"""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from fakes.memory_connector import MemoryConnector, Row, WritingHandler
from fakes.remote_client import CONNECTOR, KEY, MemoryKind, serving
from fakes.sync_house import Watched
from fakes.virtual_time import VirtualClock
from webex_connector.app import wiring
from webex_connector.app.connectors import KINDS
from webex_connector.app.practice import practice_file
from webex_connector.app.settings_file import load
from webex_connector.app.syncing import Syncing, syncing
from webex_connector.app.systems import Systems
from webex_connector.gateway.remote.profiles import OPENICF
from webex_connector.icf import names
from webex_connector.icf.schema import AttributeInfo, AttributeType, ObjectClassInfo
from webex_connector.sandbox.sandbox import Sandbox
from webex_connector.store.opening import StorePlace
from webex_connector.store.plans import ItemState, KeptPlan, PlanState
from webex_connector.sync.decide.plan import PlanItem
from webex_connector.sync.item_text import item_of

_TEXTS = ("sn", "givenName", "displayName", "orgId", "extension", "locationId", "avatar", "title", "department")
_LISTS = ("emails", "roles", "licenses", "siteUrls")
_MAPS = ("addresses", "phoneNumbers")

ACCOUNT_INFO = ObjectClassInfo(
    names.ACCOUNT,
    "Entries of people.",
    (
        *(AttributeInfo(each, "") for each in (*_TEXTS, "manager", "managerId")),
        *(AttributeInfo(each, "", many=True) for each in _LISTS),
        *(AttributeInfo(each, "", AttributeType.MAP, many=True) for each in _MAPS),
    ),
    name_attribute="emails",
)

GROUP_INFO = ObjectClassInfo(
    names.GROUP,
    "Entries of groups.",
    (
        *(AttributeInfo(each, "") for each in ("displayName", "orgId", "description")),
        AttributeInfo("members", "", many=True, case_sensitive=True),
    ),
    name_attribute="displayName",
)


class Directory(MemoryConnector):
    """
    People and groups of a directory, whose members are uids.
    """

    def __init__(self) -> None:
        super().__init__()
        self.world.clear()
        self.world.update({names.ACCOUNT: {}, names.GROUP: {}})
        self._handlers = {
            info.name: WritingHandler(info, self.world[info.name], self.traits, self.traffic)
            for info in (ACCOUNT_INFO, GROUP_INFO)
        }

    @property
    def people(self) -> dict[str, Row]:
        """
        The people by uid.
        """
        return self.world[names.ACCOUNT]

    @property
    def groups(self) -> dict[str, Row]:
        """
        The groups by name.
        """
        return {row["displayName"]: row for row in self.world[names.GROUP].values()}


_WELL = frozenset({ItemState.DONE, ItemState.SKIPPED})


@dataclass
class DirectoryHouse:
    """
    An organisation, a directory, and the engine between them.
    """

    sandbox: Sandbox
    directory: Directory
    systems: Systems
    engine: Syncing

    async def planned(self, mapping: str) -> tuple[KeptPlan, list[PlanItem]]:
        """
        Make a plan and return what it would do.
        """
        return await planned(self.engine, mapping)

    async def synced(self, mapping: str) -> list[PlanItem]:
        """
        Make a plan, apply it to the end, and return what it did.
        """
        return await synced(self.engine, mapping)


async def planned(engine: Syncing, mapping: str) -> tuple[KeptPlan, list[PlanItem]]:
    """
    Make a plan and return what it would do.
    """
    async with engine.opened(mapping) as ends:
        plan = await engine.engine.plan(ends, "anna")
    items = [item_of(each.content) async for some in engine.tables.plans.items(plan.id) for each in some]
    return plan, [each for each in items if each.acts]


async def synced(engine: Syncing, mapping: str) -> list[PlanItem]:
    """
    Make a plan, apply it until every item is done, and return what it did.
    """
    plan, items = await planned(engine, mapping)
    assert PlanState.MADE is plan.state, plan.summary
    async with engine.opened(mapping) as ends:
        await engine.engine.approve(plan.id, plan.fingerprint or "", "anna")
        await engine.applier(ends).apply(plan.id, plan.fingerprint or "", Watched())
    ended = [each async for some in engine.tables.plans.items(plan.id) for each in some]
    assert [] == [each.outcome for each in ended if each.state not in _WELL]
    return items


def remote_system(port: int, more: str = "", name: str = "directory") -> str:
    """
    Return the settings of a system behind a connector server on this computer; `more` is added to its configuration.
    """
    return f"""
[systems.{name}]
connector = "remote"

[systems.{name}.configuration]
host = "127.0.0.1"
port = {port}
key = "env:SERVER_KEY"
tls = false
connectorName = "{CONNECTOR.connector_name}"
properties = {{ serviceUri = "https://directory.example", classes = ["a,b", "c"], pool = 3 }}
secrets = {{ clientSecret = "env:DIRECTORY_PASSWORD" }}
{more}"""


@asynccontextmanager
async def directory_house(
    clock: VirtualClock, folder: Path, sync_file: str, *, people: int = 8
) -> AsyncIterator[DirectoryHouse]:
    """
    Have the house while the block runs, from a settings file.
    """
    sandbox, directory = Sandbox(people=people, clock=clock), Directory()
    (folder / "sync.toml").write_text(sync_file)
    secrets = {"CLIENT_SECRET": sandbox.credentials.client_secret, "REFRESH_TOKEN": sandbox.credentials.refresh_token}
    environment = {**os.environ, **secrets, "PASSWORD": "x" * 16, "SERVER_KEY": KEY, "DIRECTORY_PASSWORD": "right"}
    references = {each.lower(): f"env:{each}" for each in ("CLIENT_SECRET", "REFRESH_TOKEN", "PASSWORD")}
    kind = MemoryKind(clock, connector=directory)
    async with sandbox.serving() as address, serving(clock, kind=kind, profile=OPENICF) as served:
        file = folder / "webex-connector.toml"
        given = practice_file(address, sandbox.credentials, references, str(folder / "data"))
        file.write_text(f'{given}\n[sync]\nfile = "sync.toml"\n{remote_system(served.platform.port)}')
        settings = replace(load(file, environment, KINDS), store=StorePlace())
        async with wiring.opened(settings, clock) as systems, syncing(systems, clock, inline=True) as engine:
            yield DirectoryHouse(sandbox, directory, systems, engine)
