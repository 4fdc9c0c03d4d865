"""
What many changes of people cost: requests by either road, as the connector finds it, and at least.

- **people**: a person is one `POST /people`, which may carry names and licences; changing one is to read and to
  replace, deleting one to read and to delete.
- **scim**: a hundred people are one request, whatever becomes of them; a licence is a request of its own.
- **auto**: as the connector is without a setting: it finds out what the token may, and takes for each person what costs
  the least.
- **naive**: each by itself: made, given the licence, put into each group; read and replaced; read and deleted.

A group takes 500 people in a request on every road. Requests are counted by the simulated organisation; those for the
access token and for finding the road, three in the life of a process, come before and are left out. Target: what the
connector takes when left to itself is at most 1.1 times the minimum over both roads.
"""

import asyncio
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from fakes.hub import OPTIONS, Hub, running_hub
from fakes.virtual_time import VirtualClock, VirtualTimeLoop
from webex_connector.icf import names
from webex_connector.icf.attributes import replaced
from webex_connector.icf.operations import Change, ChangeRequest, Fate
from webex_connector.sandbox import catalogue, rendering
from webex_connector.webex.resources.groups import MOST_MEMBERS
from webex_connector.webex.resources.scim_bulk import MOST_OPERATIONS

PEOPLE = 1000
GROUPS = 10
GROUPS_EACH = 2
MOST_TIMES = 1.1
ROADS = ("people", "scim", "auto")

HUNDREDS = math.ceil(PEOPLE / MOST_OPERATIONS)
JOINS = GROUPS * math.ceil(PEOPLE * GROUPS_EACH / GROUPS / MOST_MEMBERS)
TITLE = "Lead"


@dataclass(frozen=True)
class Job:
    """
    A thousand changes, and the requests they take at least by the people API alone, with SCIM, and each by itself.
    """

    changes: Callable[[Hub], list[ChangeRequest]]
    is_done: Callable[[Hub], bool]
    by_people: int
    by_scim: int
    naive: int
    there: int = 2
    """How many people there are before."""


def _new(hub: Hub, *, licensed: bool) -> list[ChangeRequest]:
    world = hub.sandbox.world
    groups = [rendering.group_id(world, group) for group in list(world.groups.values())[:GROUPS]]
    licenses = {"licenses": (rendering.license_id(world, catalogue.CALL_ON_WEBEX),)} if licensed else {}
    return [
        ChangeRequest(
            Change.CREATE,
            attributes={
                "displayName": (f"New {number}",),
                "firstName": ("New",),
                "lastName": (str(number),),
                "emails": (f"new{number}@acme.example",),
                "groups": (groups[number % GROUPS], groups[(number + 1) % GROUPS]),
                **licenses,
            },
        )
        for number in range(PEOPLE)
    ]


def _others(hub: Hub) -> list[str]:
    return [rendering.person_id(person.uuid) for _, person in hub.sandbox.world.people()][2:]


def _are_in_groups(hub: Hub) -> bool:
    world = hub.sandbox.world
    joined = sum(len(group.members) for group in world.groups.values())
    return world.people_count == PEOPLE + 2 and joined >= PEOPLE * GROUPS_EACH


def _are_licensed(hub: Hub) -> bool:
    held = sum(catalogue.CALL_ON_WEBEX in person.licenses for _, person in hub.sandbox.world.people())
    return _are_in_groups(hub) and held >= PEOPLE


JOBS: Mapping[str, Job] = {
    "making 1,000 people with a licence and two groups": Job(
        lambda hub: _new(hub, licensed=True),
        _are_licensed,
        by_people=PEOPLE + JOINS,
        by_scim=HUNDREDS + PEOPLE + JOINS,
        naive=PEOPLE * (2 + GROUPS_EACH),
    ),
    "making 1,000 people with two groups": Job(
        lambda hub: _new(hub, licensed=False),
        _are_in_groups,
        by_people=PEOPLE + JOINS,
        by_scim=HUNDREDS + JOINS,
        naive=PEOPLE * (1 + GROUPS_EACH),
    ),
    "changing the titles of 1,000 people": Job(
        lambda hub: [ChangeRequest(Change.UPDATE, uid, deltas=(replaced("title", TITLE),)) for uid in _others(hub)],
        lambda hub: sum(person.title == TITLE for _, person in hub.sandbox.world.people()) >= PEOPLE,
        by_people=2 * PEOPLE,
        by_scim=HUNDREDS,
        naive=2 * PEOPLE,
        there=PEOPLE + 2,
    ),
    "deleting 1,000 people": Job(
        lambda hub: [ChangeRequest(Change.DELETE, uid) for uid in _others(hub)],
        lambda hub: hub.sandbox.world.people_count == 2,
        by_people=PEOPLE,
        by_scim=HUNDREDS,
        naive=2 * PEOPLE,
        there=PEOPLE + 2,
    ),
}


async def counted(job: Job, road: str) -> int:
    """
    Do the job and return the requests it took. Raises RuntimeError when anything is missing in the end.
    """
    fast: Mapping[str, Any] = {"writeRateLimit": "1000/sec", "readRateLimit": "1000/sec"}
    async with running_hub(VirtualClock(), people=job.there, road=road, **fast) as hub:
        await hub.facade.test(OPTIONS)
        before = hub.sandbox.trace.count
        outcomes = await hub.facade.apply_many(names.ACCOUNT, job.changes(hub), OPTIONS)
        whole = [each for each in outcomes if each.fate is Fate.DONE and each.result and not each.result.not_applied]
        if len(whole) < PEOPLE or not job.is_done(hub):
            raise RuntimeError(f"{len(whole)} outcomes are whole")
        return hub.sandbox.trace.count - before


def run(*, gates: bool) -> list[str]:  # noqa: ARG001 - as every benchmark is called; exact counts are always judged
    """
    Print the figures and return the missed targets. They are exact counts, so `gates` makes no difference.
    """
    missed = []
    for name, job in JOBS.items():
        with asyncio.Runner(loop_factory=VirtualTimeLoop) as runner:
            took = {road: runner.run(counted(job, road)) for road in ROADS}
        least = min(job.by_people, job.by_scim)
        print(name)
        print(f"  at least {job.by_people} by the people road, {job.by_scim} by the SCIM road; naively {job.naive}")
        told = ", ".join(f"{road} {requests}" for road, requests in took.items())
        print(f"  requests: {told}; auto takes {took['auto'] / least:.3f} times the least")
        if took["auto"] > MOST_TIMES * least:
            missed.append(f"{name} took {took['auto']} requests, at least {least}")
    return missed
