"""
What the SCIM door costs, beside peers in the same run: scimmy (Node) and scim2-server (Python), with the same users in
memory, and as the ceiling a bare Starlette application with SQLite and msgspec that knows nothing of SCIM.

All of them run at once, each in a process of its own, and are asked in turn, so that whatever else the computer does
meets all of them. What is compared is the CPU that the serving process spends on a request. The time that an answer
takes, client included, is printed beside it, and the requests to Webex that the door sent, as the simulated
organisation counts them. The door has the mirror on and its store in a file, looks the token of its client up there,
keeps the journal of writes, and logs each request.

scimmy needs npm; where there is none it is left out, except on the build server. scim2-server takes milliseconds to
read a user, so it has the last thousand only, and is left out of the gates. Targets:

- GET by id and `userName eq`: twice as fast as scimmy, and the ceiling takes at least 30 % of what we take
- a page of 100: 20 times as fast as scimmy
- PATCH of `active`: no slower than scimmy
- no read sends Webex a request

The gates are lower: what was reached when they were set, with room for a busy computer. They hold what there is.
"""

import asyncio
import os
import shutil
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import AsyncExitStack, ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx2
import msgspec

from bench.listing import requests_seen
from bench.mirrored import TOKEN, mirrored_door_process
from bench.peers.ceiling import ceiling_process
from bench.peers.reference import reference_process
from bench.processes import Served, sandbox_process

PEOPLE = 10_000
REFERENCE_PEOPLE = 1000
ROUNDS = 7
PAGE = 100
TIMES_SCIMMY = {"GET by id": 2.0, "userName eq": 2.0, "page of 100": 20.0, "PATCH active": 1.0}
OF_THE_CEILING = {"GET by id": 0.3, "userName eq": 0.3}
GATE_TIMES_SCIMMY = {"GET by id": 2.0, "userName eq": 1.5, "page of 100": 20.0, "PATCH active": 0.8}
GATE_OF_THE_CEILING = {"GET by id": 0.25, "userName eq": 0.25}

_PATCH = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
_SCIM_JSON = {"Content-Type": "application/scim+json"}
_ASKED = 50
_PEERS = Path(__file__).parent / "peers"
_PHONES = frozenset({"work", "home", "mobile", "fax", "pager", "other"})

_Request = Callable[["Subject", int], httpx2.Request]


@dataclass(frozen=True, slots=True)
class Subject:
    """
    A server to be measured: its process, the address of its users, a client of it, and what it cost so far.
    """

    name: str
    served: Served
    users: str
    client: httpx2.AsyncClient
    cpu: dict[str, list[float]] = field(default_factory=dict)
    """
    Milliseconds for each request, by kind, one figure a round.
    """
    took: dict[str, list[float]] = field(default_factory=dict)
    """
    Milliseconds that each answer took.
    """

    def cost(self, kind: str) -> float:
        """
        Return the CPU of one request, in milliseconds: the median of the rounds.
        """
        return statistics.median(self.cpu[kind])

    async def measure(self, kind: str, count: int, request: _Request) -> None:
        """
        Send requests one after the other. Raises RuntimeError for an answer that is none.
        """
        spent = self.served.cpu_milliseconds()
        for number in range(count):
            asked = request(self, number)
            began = time.perf_counter()
            answer = await self.client.send(asked)
            self.took.setdefault(kind, []).append((time.perf_counter() - began) * 1000)
            if answer.is_error:
                raise RuntimeError(f"{self.name}: {answer.text}")
        self.cpu.setdefault(kind, []).append((self.served.cpu_milliseconds() - spent) / count)


@dataclass(frozen=True, slots=True)
class _Kind:
    name: str
    request: _Request
    count: int
    of_scimmy: int
    """
    How many requests scimmy gets in a round, which takes its time for pages.
    """


async def everybody(served: Served) -> list[dict[str, Any]]:
    """
    Return the users of the door in a form that every peer takes.
    """
    async with httpx2.AsyncClient(headers={"Authorization": f"Bearer {TOKEN}"}, timeout=60) as client:
        found: list[dict[str, Any]] = []
        while True:
            asked = {"count": 1000, "startIndex": len(found) + 1}
            page = (await client.get(f"{served.address}/scim/webex/v2/Users", params=asked)).raise_for_status().json()
            found += page["Resources"]
            if len(found) == page["totalResults"]:
                break
    for number in (number for each in found for number in each.get("phoneNumbers", ())):
        # scimmy refuses the words that the standard does not suggest.
        number["type"] = number["type"] if number.get("type") in _PHONES else "other"
    return found


def _kinds(users: list[dict[str, Any]]) -> list[_Kind]:
    # The first ones run the organisation, and cannot be deactivated.
    chosen = users[-_ASKED:]

    def by_id(subject: Subject, number: int) -> httpx2.Request:
        return subject.client.build_request("GET", f"{subject.users}/{chosen[number % _ASKED]['id']}")

    def by_name(subject: Subject, number: int) -> httpx2.Request:
        asked = {"filter": f'userName eq "{chosen[number % _ASKED]["userName"]}"'}
        return subject.client.build_request("GET", subject.users, params=asked)

    def a_page(subject: Subject, number: int) -> httpx2.Request:
        asked = {"count": PAGE, "startIndex": 1 + PAGE * number}
        return subject.client.build_request("GET", subject.users, params=asked)

    def patch(subject: Subject, number: int) -> httpx2.Request:
        # Each round leaves everybody active again.
        operation = {"op": "replace", "value": {"active": bool(number % 2)}}
        body = {"schemas": [_PATCH], "Operations": [operation]}
        uid = chosen[number // 2 % _ASKED]["id"]
        return subject.client.build_request("PATCH", f"{subject.users}/{uid}", json=body, headers=_SCIM_JSON)

    return [
        _Kind("GET by id", by_id, 60, 60),
        _Kind("userName eq", by_name, 60, 60),
        _Kind("page of 100", a_page, 10, 2),
        _Kind("PATCH active", patch, 20, 20),
    ]


@contextmanager
def scimmy_process(users: Path) -> Iterator[Served | None]:
    """
    Serve the users in a file while the block runs; None without npm. Raises CalledProcessError when it cannot be
    installed, RuntimeError on a build server without npm.
    """
    if shutil.which("npm") is None:
        if os.environ.get("CI"):
            raise RuntimeError("npm is missing, which brings a peer of the benchmark")
        yield None
        return
    folder = Path(__file__).parent.parent / "build" / "peers"
    folder.mkdir(parents=True, exist_ok=True)
    for name in ("package.json", "package-lock.json", "scimmy.mjs"):
        shutil.copy(_PEERS / name, folder)
    subprocess.run(["npm", "ci", "--silent", "--no-audit", "--no-fund"], cwd=folder, check=True)  # noqa: S607 - whichever npm there is
    command = ["node", str(folder / "scimmy.mjs"), str(users)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)  # noqa: S603 - our own script
    try:
        port = process.stdout.readline().strip() if process.stdout else ""
        yield Served(f"http://127.0.0.1:{port}", process.pid)
    finally:
        process.terminate()
        process.wait()


async def _measured(subjects: list[Subject], kinds: list[_Kind], sandbox: Served) -> dict[str, float]:
    """
    Measure every kind of request, and return how many requests to Webex one of the door takes.
    """
    asked: dict[str, float] = {}
    for kind in kinds:
        taking = [each for each in subjects if each.name != "ceiling" or kind.name != "PATCH active"]
        for each in taking:
            await each.measure("warming", 2, kind.request)
        before = len(requests_seen(sandbox))
        for _ in range(ROUNDS):
            for each in taking:
                await each.measure(kind.name, kind.count if each.name == "door" else kind.of_scimmy, kind.request)
        asked[kind.name] = (len(requests_seen(sandbox)) - before) / (ROUNDS * kind.count)
    return asked


def _shown(subjects: list[Subject], kinds: list[_Kind], asked: dict[str, float]) -> None:
    for kind in kinds:
        for each in subjects:
            if kind.name in each.cpu:
                took = each.took[kind.name]
                p99 = statistics.quantiles(took, n=100)[98]
                webex = f", {asked[kind.name]:.2f} Webex requests" if each.name == "door" else ""
                times = f"{each.cost(kind.name):8.2f} ms CPU, {statistics.median(took):8.2f} ms, p99 {p99:8.2f} ms"
                print(f"  {kind.name:12} {each.name:12} {times}{webex}")


def missed_of(subjects: list[Subject], asked: dict[str, float], *, gates: bool) -> list[str]:
    """
    Print how the door stands to its peers, and return the missed targets.
    """
    by_name = {each.name: each for each in subjects}
    missed = [f"{kind} sent Webex requests" for kind, count in asked.items() if count and kind != "PATCH active"]
    targets = {
        "ceiling": (OF_THE_CEILING, GATE_OF_THE_CEILING),
        "scimmy": (TIMES_SCIMMY, GATE_TIMES_SCIMMY),
    }
    for name, (wanted, held) in targets.items():
        for kind, least in (held if gates else wanted).items() if name in by_name else ():
            times = by_name[name].cost(kind) / by_name["door"].cost(kind)
            told = f"{kind}: {times:.2f} times as fast as {name}"
            print(f"  {told}, target {wanted[kind]:g}")
            missed += [f"{told}, at least {least:g}"] if times < least else []
    return missed


async def _compared(
    servers: dict[str, tuple[Served, str]], users: list[dict[str, Any]], sandbox: Served, *, gates: bool
) -> list[str]:
    headers = {"door": f"Bearer {TOKEN}", "scimmy": "Bearer bench"}
    async with AsyncExitStack() as stack:
        subjects = []
        for name, (served, path) in servers.items():
            own = {"Authorization": headers[name]} if name in headers else {}
            client = await stack.enter_async_context(httpx2.AsyncClient(headers=own, timeout=60))
            subjects.append(Subject(name, served, f"{served.address}{path}", client))
        kinds = _kinds(users)
        asked = await _measured(subjects, kinds, sandbox)
        _shown(subjects, kinds, asked)
        return missed_of(subjects, asked, gates=gates)


def run(*, gates: bool) -> list[str]:
    """
    Print the costs and return the missed targets.
    """
    print(f"scim: {PEOPLE} users")
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        sandbox = stack.enter_context(sandbox_process(PEOPLE))
        door = stack.enter_context(mirrored_door_process(sandbox.address, folder))
        users = asyncio.run(everybody(door))
        file = folder / "users.json"
        file.write_bytes(msgspec.json.encode(users))
        servers = {"door": (door, "/scim/webex/v2/Users")}
        servers["ceiling"] = (stack.enter_context(ceiling_process(file)), "/Users")
        scimmy = stack.enter_context(scimmy_process(file))
        if scimmy is None:
            print("  scimmy is left out: there is no npm")
        else:
            servers["scimmy"] = (scimmy, "/scim/v2/Users")
        if not gates:
            few = folder / "few.json"
            few.write_bytes(msgspec.json.encode(users[-REFERENCE_PEOPLE:]))
            servers["scim2-server"] = (stack.enter_context(reference_process(few)), "/v2/Users")
        return asyncio.run(_compared(servers, users, sandbox, gates=gates))
