"""
What the SCIM door costs, beside two peers in the same run: scimmy (Node, users in memory, looked up by a Map) and, as
the ceiling, a bare Starlette application with SQLite and msgspec that knows nothing of SCIM.

The door reads Webex: the simulated organisation runs in a process of its own. So what is compared is the CPU that the
serving process spends on a request; the time that a request takes, with the Webex requests it took, is printed beside.

`python -m bench.scim [folder]`: the folder has a `node_modules` with scimmy, scimmy-routers and express
(`npm install`); without one scimmy is left out. Targets, of which those for reads wait for a local copy of the
organisation:

- GET by id and `userName eq`: at most half of scimmy's CPU
- a page of 100: at most a twentieth of scimmy's CPU
- PATCH of `active`: at most scimmy's CPU
"""

import asyncio
import os
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx2

from bench.listing import requests_seen
from bench.peers.ceiling import ceiling_process
from bench.processes import CLIENT, Served, door_process, sandbox_process

PEOPLE = 10_000
ROUNDS = 150
PATCHES = 40
PAGES = 8
_WARMING = 3
_PATCH = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
_TICK = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Cost:
    """
    What one kind of request cost, each in milliseconds.
    """

    cpu: float
    middle: float
    p99: float


@dataclass(frozen=True, slots=True)
class Subject:
    """
    A server to be measured: its process, the address of its users, and who asks.
    """

    name: str
    served: Served
    users: str
    auth: tuple[str, str] | None
    headers: dict[str, str]


def _cpu_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICK


async def _measured(
    client: httpx2.AsyncClient, subject: Subject, rounds: int, request: Callable[[int], httpx2.Request]
) -> Cost:
    for number in range(_WARMING):
        await client.send(request(number))
    spent, took = _cpu_seconds(subject.served.pid), []
    for number in range(rounds):
        began = time.perf_counter()
        answer = await client.send(request(number))
        await answer.aread()
        took.append((time.perf_counter() - began) * 1000)
        if answer.is_error:
            raise RuntimeError(answer.text)
    cpu = (_cpu_seconds(subject.served.pid) - spent) * 1000 / rounds
    return Cost(cpu, statistics.median(took), statistics.quantiles(took, n=100)[98])


async def _costs(subject: Subject) -> dict[str, Cost]:
    """
    Return what each kind of request costs.
    """
    async with httpx2.AsyncClient(auth=subject.auth, headers=subject.headers, timeout=60) as client:
        users = subject.users
        first: dict[str, str | int] = {"count": 100, "cursor": ""} if subject.auth else {"count": 100}
        # The first ones run the organisation, and cannot be deactivated.
        page = (await client.get(users, params=first)).json()["Resources"][-50:]
        uids, names = [each["id"] for each in page], [each["userName"] for each in page]

        def by_id(number: int) -> httpx2.Request:
            return client.build_request("GET", f"{users}/{uids[number % len(uids)]}")

        def by_name(number: int) -> httpx2.Request:
            asked = {"filter": f'userName eq "{names[number % len(uids)]}"'}
            return client.build_request("GET", users, params=asked)

        def a_page(_: int) -> httpx2.Request:
            return client.build_request(
                "GET", users, params={"count": 100, "cursor": ""} if subject.auth else {"count": 100}
            )

        def patch(number: int) -> httpx2.Request:
            active = bool((number // len(uids)) % 2)
            body = {"schemas": [_PATCH], "Operations": [{"op": "replace", "value": {"active": active}}]}
            headers = {"Content-Type": "application/scim+json"}
            return client.build_request("PATCH", f"{users}/{uids[number % len(uids)]}", json=body, headers=headers)

        return {
            "GET by id": await _measured(client, subject, ROUNDS, by_id),
            "userName eq": await _measured(client, subject, ROUNDS, by_name),
            "page of 100": await _measured(client, subject, PAGES, a_page),
            **({} if subject.name == "ceiling" else {"PATCH active": await _measured(client, subject, PATCHES, patch)}),
        }


@contextmanager
def _scimmy(folder: Path) -> Iterator[Served]:
    script = folder / "scimmy.mjs"
    shutil.copy(Path(__file__).parent / "peers" / "scimmy.mjs", script)
    process = subprocess.Popen(["node", str(script), str(PEOPLE)], stdout=subprocess.PIPE, text=True)  # noqa: S603, S607 - the peer that was asked for
    try:
        port = process.stdout.readline().strip() if process.stdout else ""
        yield Served(f"http://127.0.0.1:{port}", process.pid)
    finally:
        process.terminate()
        process.wait()


def _shown(name: str, costs: dict[str, Cost]) -> None:
    for kind, cost in costs.items():
        print(f"  {name:8} {kind:12} {cost.cpu:7.2f} ms CPU, {cost.middle:7.2f} ms, p99 {cost.p99:7.2f} ms")


def run(folder: Path | None) -> list[str]:
    """
    Print the costs and return what missed its target.
    """
    with sandbox_process(PEOPLE) as sandbox, door_process(sandbox.address) as door:
        subject = Subject("door", door, f"{door.address}/scim/webex/v2/Users", CLIENT, {})
        before = len(requests_seen(sandbox))
        ours = asyncio.run(_costs(subject))
        print(f"scim: {PEOPLE} users; the door sent Webex {len(requests_seen(sandbox)) - before} requests")
        _shown("door", ours)
    with ceiling_process(PEOPLE) as ceiling:
        _shown("ceiling", asyncio.run(_costs(Subject("ceiling", ceiling, f"{ceiling.address}/Users", None, {}))))
    if folder is None:
        print("  scimmy is not measured: name a folder with its node_modules")
        return []
    with _scimmy(folder) as scimmy:
        headers = {"Authorization": "Bearer bench"}
        theirs = asyncio.run(_costs(Subject("scimmy", scimmy, f"{scimmy.address}/scim/v2/Users", None, headers)))
        _shown("scimmy", theirs)
    most = {"GET by id": 0.5, "userName eq": 0.5, "page of 100": 0.05, "PATCH active": 1.0}
    shares = {kind: ours[kind].cpu / theirs[kind].cpu for kind in most}
    for kind, share in shares.items():
        print(f"  {kind}: {share:.2f} of scimmy's CPU, at most {most[kind]}")
    return [kind for kind, share in shares.items() if share > most[kind]]


if __name__ == "__main__":
    missed = run(Path(sys.argv[1]) if len(sys.argv) > 1 else None)
    print("missed: " + ", ".join(missed) if missed else "all targets reached")
