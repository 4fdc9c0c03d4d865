"""
Entra ID at the SCIM door of an organisation that lets five requests through each second.

Entra looks each user up by name, reads them and changes them, with at most 25 requests a second, and comes back after a
429 when it is told to (https://learn.microsoft.com/entra/identity/app-provisioning/). It is done twice: with a mirror,
which knows the answers to the first two, and without, as an adapter does it that passes each request on. Time is that
of a virtual clock, the connector is not told the limit, and requests are counted by the simulated organisation.

Targets: everybody is as Entra wants them at the end, and no answer is a 5xx; with the mirror 95 % of the limit are
used, and it is done sooner. Ten minutes of Entra's requests are 5,000 users. With `--gates` the run without a mirror,
which takes longest to compute, is of 250: what it is compared by is users a second.
"""

import asyncio
import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

import httpx2

from fakes.beside import beside, empty_database
from fakes.hub import Hub, running_hub
from fakes.mirrors import Mirrors
from fakes.virtual_time import VirtualClock, VirtualTimeLoop
from webex_connector.base.secret import Secret
from webex_connector.gateway.access import Access
from webex_connector.gateway.client_pace import ClientPace
from webex_connector.gateway.rights import Client
from webex_connector.gateway.scim.door import application
from webex_connector.gateway.scim.systems import System
from webex_connector.icf.operations import Connector
from webex_connector.sandbox.limits import TokenBucket
from webex_connector.store.engine import Database

PER_SECOND = 25.0
LIMIT = 5.0
USERS = 5000
GATE_USERS = 250
"""
Without a mirror.
"""
LEAST_USE = 0.95

_TOKEN = "entra"
_AT_ONCE = 200
_PATCH = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
_SERVER_ERRORS = 500


@dataclass(slots=True)
class Told:
    """
    What a run came to.
    """

    users: int
    seconds: float = 0.0
    requests: int = 0
    """
    To Webex, those that were let through.
    """
    use: float = 0.0
    """
    The part of what the limit would have let through that was used, until nine in ten users were changed: after that
    there is too little left to do, and who was told to come back later has not come yet.
    """
    wrong: int = 0
    """
    Users who are not as they should be at the end.
    """
    answers: Counter[int] = field(default_factory=Counter)

    @property
    def pace(self) -> float:
        """
        How many users a second were done.
        """
        return self.users / self.seconds

    @property
    def broken(self) -> int:
        """
        How many answers were a 5xx.
        """
        return sum(count for status, count in self.answers.items() if status >= _SERVER_ERRORS)


class Entra:
    """
    Somebody who provisions through a door.
    """

    def __init__(self, http: httpx2.AsyncClient, clock: VirtualClock, answers: Counter[int]) -> None:
        self._http, self._clock, self._answers = http, clock, answers
        self._next = clock.monotonic()
        self._luck = random.Random(5)  # noqa: S311 - a repeatable delay

    async def provision(self, addresses: list[str], department: Callable[[str], str]) -> None:
        """
        Give everybody a department, many at a time.
        """
        places = iter(addresses)

        async def work() -> None:
            for address in places:
                found = await self._asked("GET", "/Users", params={"filter": f'userName eq "{address}"'})
                uid = found.json()["Resources"][0]["id"]
                await self._asked("GET", f"/Users/{uid}")
                operation = {"op": "Replace", "path": "department", "value": department(address)}
                await self._asked("PATCH", f"/Users/{uid}", json={"schemas": [_PATCH], "Operations": [operation]})

        await asyncio.gather(*(work() for _ in range(_AT_ONCE)))

    async def _asked(self, method: str, path: str, **more: object) -> httpx2.Response:
        while True:
            self._next = max(self._next, self._clock.monotonic()) + 1 / PER_SECOND
            await self._clock.sleep(self._next - self._clock.monotonic())
            answer = await self._http.request(method, path, **more)  # type: ignore[arg-type]  # params or json
            self._answers[answer.status_code] += 1
            if answer.is_success:
                return answer
            wait = float(answer.headers.get("retry-after", "30"))
            await self._clock.sleep(wait + self._luck.random())


async def provisioned(users: int, clock: VirtualClock, *, mirror: bool) -> Told:
    """
    Have Entra provision an organisation of so many.
    """
    with empty_database() as database:
        mirrors = Mirrors(database, clock)
        wrapped = mirrors if mirror else _plain(database)
        async with running_hub(clock, people=users, wrapped=wrapped, road="scim") as hub:
            if mirror:
                await mirrors.fill()
            hub.sandbox.trace.clear()
            hub.sandbox.limits.restart(TokenBucket(rate=LIMIT, burst=LIMIT))
            return await _run(hub, clock)


def _plain(database: Database) -> Callable[[Connector], Connector]:
    return lambda connector: beside(connector, database)


async def _run(hub: Hub, clock: VirtualClock) -> Told:
    access = Access([Client("entra", token=Secret(_TOKEN))], clock)
    door = application({"webex": System(hub.facade, clock)}, access, clock, ClientPace(0, clock))
    people = {person.email: f"Department {number}" for number, (_, person) in enumerate(hub.sandbox.world.people())}
    told, began = Told(len(people)), clock.monotonic()
    headers = {"Authorization": f"Bearer {_TOKEN}"}
    transport = httpx2.ASGITransport(app=door)
    async with httpx2.AsyncClient(
        transport=transport, base_url="http://door/webex/v2", headers=headers, timeout=None
    ) as http:
        await Entra(http, clock, told.answers).provision(list(people), people.__getitem__)
    told.seconds = clock.monotonic() - began
    world = hub.sandbox.world.people()
    told.wrong = sum(person.department != people[person.email] for _, person in world)
    let_through = [each for each in hub.sandbox.trace.requests() if each.status not in {0, 429}]
    told.requests = len(let_through)
    moments = [datetime.fromisoformat(each.at) for each in let_through]
    last = sorted(at for at, each in zip(moments, let_through, strict=True) if each.method == "PATCH")
    end = last[len(last) * 9 // 10]
    told.use = sum(at <= end for at in moments) / (LIMIT * (end - moments[0]).total_seconds())
    return told


def _shown(name: str, told: Told) -> None:
    answers = ", ".join(f"{count} times {status}" for status, count in sorted(told.answers.items()))
    sent = f"{told.requests} Webex requests, {told.use:.1%} of the limit"
    print(f"  {name:12} {told.users} users: {told.seconds:.0f} s, {sent}; {answers}")


def run(*, gates: bool) -> list[str]:
    """
    Print how long both take, and return the missed targets.
    """
    print(f"Entra ID changes users, {PER_SECOND:g} requests a second; Webex lets {LIMIT:g} through")
    told = {}
    for name, users, mirror in (("mirror", USERS, True), ("pass-through", GATE_USERS if gates else USERS, False)):
        with asyncio.Runner(loop_factory=VirtualTimeLoop) as runner:
            told[name] = runner.run(provisioned(users, VirtualClock(), mirror=mirror))
        _shown(name, told[name])
    ours, theirs = told["mirror"], told["pass-through"]
    print(f"  with the mirror each user is done {ours.pace / theirs.pace:.1f} times as soon")
    missed = [f"{name}: {each.wrong} users are wrong" for name, each in told.items() if each.wrong]
    missed += [f"{name}: {each.broken} answers were 5xx" for name, each in told.items() if each.broken]
    if ours.use < LEAST_USE:
        missed.append(f"{ours.use:.1%} of the limit were used")
    return missed if ours.pace > theirs.pace else [*missed, "the mirror is no gain"]
