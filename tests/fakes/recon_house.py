"""
The whole house with something to synchronize: a simulated organisation, a file of records, runs, and the REST door.
"""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, nullcontext, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import httpx2

from fakes.virtual_time import VirtualClock
from webex_connector.app import wiring
from webex_connector.app.alerts import Alert
from webex_connector.app.practice import practice_system
from webex_connector.app.reconciling import reconciling
from webex_connector.app.running import Running, running_in
from webex_connector.app.settings import ServeSettings, Settings
from webex_connector.app.syncing import Syncing, syncing
from webex_connector.base.secret import Secret
from webex_connector.gateway.rights import Client, Right, Role
from webex_connector.icf import names
from webex_connector.jobs.jobs import Jobs
from webex_connector.policy.provisioning import Policy
from webex_connector.sandbox.sandbox import Sandbox

LOGIN = {"X-OpenIDM-Username": "idm", "X-OpenIDM-Password": "right"}

SYNC_FILE = """
[sources.hr]
type = "csv"
path = "hr.csv"
key = "number"
columns = ["mail", "first", "last", "job"]

[mappings.people]
source = "hr"
target = "webex/__ACCOUNT__"
correlate = ["emails"]

[mappings.people.attributes]
emails = "mail"
displayName = { expression = "join(' ', source['first'], source['last'])" }
firstName = "first"
lastName = "last"

[mappings.people.situations]
SOURCE_MISSING = "DELETE"

[mappings.rooms]
source = "hr"
target = "webex/__GROUP__"
correlate = ["displayName"]

[mappings.rooms.attributes]
displayName = "job"
"""

CLIENTS = (
    Client("idm", Secret("right"), role=Role.ADMIN),
    Client("cautious", Secret("right"), role=Role.ADMIN, without=frozenset({Right.DELETE})),
    Client("plain", Secret("right")),
    Client("elsewhere", Secret("right"), frozenset({"other"}), role=Role.ADMIN),
    Client("groups", Secret("right"), role=Role.READER, objects=frozenset({names.GROUP})),
)


@dataclass
class Heard:
    """
    Alerts that are remembered.
    """

    alerts: list[Alert] = field(default_factory=list)

    async def tell(self, alert: Alert) -> None:
        """
        Remember one.
        """
        self.alerts.append(alert)


@dataclass
class ReconHouse:
    """
    What a test may look at.
    """

    sandbox: Sandbox
    http: httpx2.AsyncClient
    syncing: Syncing
    runs: Running
    heard: Heard
    folder: Path
    clock: VirtualClock

    @property
    def jobs(self) -> Jobs:
        """
        The runs there are.
        """
        return self.runs.jobs

    @asynccontextmanager
    async def working(self) -> AsyncIterator[None]:
        """
        Have a process work while the block runs.
        """
        task = asyncio.create_task(self.runs.worker.work())
        try:
            yield
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

    async def stop_after(self, requests: int) -> None:
        """
        Work until so many requests have reached Webex, and end the process.
        """
        seen = len(self.sandbox.trace.requests())
        async with self.working(), asyncio.timeout(60):
            while len(self.sandbox.trace.requests()) < seen + requests:
                await self.clock.sleep(0.001)

    def hire(self, *rows: str) -> None:
        """
        Write the file of records: a line `number,mail,first,last,job` for each.
        """
        (self.folder / "hr.csv").write_text("\n".join(["number,mail,first,last,job", *rows, ""]))

    def emails(self) -> set[str]:
        """
        Return everybody who is in the organisation.
        """
        return {each.email for _, each in self.sandbox.world.people(0)}

    async def ask(self, method: str, path: str, body: Any = None, client: str = "idm") -> tuple[int, Any]:
        """
        Send a request below `/openidm/`; return status and content.
        """
        login = {**LOGIN, "X-OpenIDM-Username": client}
        answer = await self.http.request(method, f"/openidm/{path}", json=body, headers=login)
        return answer.status_code, answer.json()

    async def reconciled(self, query: str, body: Any = None) -> dict[str, Any]:
        """
        Reconcile to the end and return the summary.
        """
        status, begun = await self.ask("POST", f"recon?_action={query}&waitForCompletion=true", body)
        assert 200 == status, begun
        status, found = await self.ask("GET", f"recon/{begun['_id']}")
        assert (200, begun["state"]) == (status, found["state"])
        return dict(found)

    async def entries(self, recon: str, query: str = "_queryFilter=true") -> Sequence[dict[str, Any]]:
        """
        Return what a reconciliation has decided.
        """
        status, found = await self.ask("GET", f"recon/assoc/{recon}/entry?{query}")
        assert 200 == status, found
        return list(found["result"])


@asynccontextmanager
async def recon_house(
    clock: VirtualClock,
    folder: Path,
    people: int = 20,
    *,
    works: bool = True,
    file: str = SYNC_FILE,
    policies: tuple[Policy, ...] = (),
) -> AsyncIterator[ReconHouse]:
    """
    Have the house while the block runs, with this sync file and these policies.
    """
    (folder / "sync.toml").write_text(file)
    (folder / "hr.csv").write_text("number,mail,first,last,job\n")
    sandbox = Sandbox(people=people, clock=clock)
    async with sandbox.serving() as address:
        system = replace(practice_system("webex", address, sandbox.credentials), policies=policies)
        settings = Settings(ServeSettings(), 50, CLIENTS, {"webex": system}, sync_file=folder / "sync.toml")
        async with wiring.opened(settings, clock) as systems, syncing(systems, clock, inline=True) as engine:
            runs, heard = running_in(systems, clock), Heard()
            recons = reconciling(engine, runs, heard)
            transport = httpx2.ASGITransport(wiring.doors(systems, settings, clock, recons=recons))
            async with httpx2.AsyncClient(transport=transport, base_url="http://door", timeout=None) as http:
                house = ReconHouse(sandbox, http, engine, runs, heard, folder, clock)
                async with house.working() if works else nullcontext():
                    yield house
