"""
What making many people costs on the people road: names, one licence and two groups each.

- **least**: a person is one `POST /people`, which may carry names and licences; a group takes 500 people in a request.
  So with people made one by one and groups of m members: people + the sum of ceil(m / 500) over the groups.
- by SCIM's bulk a hundred people are one request, and each licence is one of its own.
- **naive**: a person is made, gets the licence by `PATCH /licenses/users`, and joins each group by a request of its
own: people x (1 + licences + groups).

Requests are counted by the simulated organisation, those for access tokens included. Target: at most 1.1 x least.
"""

import asyncio
import math

from fakes.hub import OPTIONS, running_hub
from fakes.virtual_time import VirtualClock, VirtualTimeLoop
from webex_connector.icf import names
from webex_connector.icf.operations import Change, ChangeRequest, Fate
from webex_connector.sandbox import catalogue, rendering
from webex_connector.webex.resources.groups import MOST_MEMBERS
from webex_connector.webex.resources.scim_bulk import MOST_OPERATIONS

PEOPLE = 1000
GROUPS = 10
GROUPS_EACH = 2
LICENSES_EACH = 1
MOST_TIMES = 1.1


def least_requests() -> int:
    """
    Return how many requests it takes at least.
    """
    members = PEOPLE * GROUPS_EACH // GROUPS
    return PEOPLE + GROUPS * math.ceil(members / MOST_MEMBERS)


def least_requests_by_scim() -> int:
    """
    Return how many it takes at least where people are made by SCIM's bulk, which knows no licences.
    """
    return least_requests() - PEOPLE + math.ceil(PEOPLE / MOST_OPERATIONS) + PEOPLE * LICENSES_EACH


def naive_requests() -> int:
    """
    Return how many requests it takes to do everything by itself.
    """
    return PEOPLE * (1 + LICENSES_EACH + GROUPS_EACH)


async def counted() -> int:
    """
    Make everybody and return the requests it took. Raises RuntimeError when somebody or a membership is missing.
    """
    async with running_hub(VirtualClock(), people=2, writeRateLimit="1000/sec", readRateLimit="1000/sec") as hub:
        world = hub.sandbox.world
        teams = [rendering.group_id(world, group) for group in list(world.groups.values())[:GROUPS]]
        changes = [
            ChangeRequest(
                Change.CREATE,
                attributes={
                    "displayName": (f"New {number}",),
                    "firstName": ("New",),
                    "lastName": (str(number),),
                    "emails": (f"new{number}@acme.example",),
                    "licenses": (rendering.license_id(world, catalogue.CALL_ON_WEBEX),),
                    "groups": (teams[number % GROUPS], teams[(number + 1) % GROUPS]),
                },
            )
            for number in range(PEOPLE)
        ]
        outcomes = await hub.facade.apply_many(names.ACCOUNT, changes, OPTIONS)
        whole = [each for each in outcomes if each.fate is Fate.DONE and each.result and not each.result.not_applied]
        joined = sum(len(group.members) for group in world.groups.values())
        if len(whole) < PEOPLE or joined < PEOPLE * GROUPS_EACH:
            raise RuntimeError(f"{len(whole)} people are whole, with {joined} memberships")
        return hub.sandbox.trace.count


def run(*, gates: bool) -> list[str]:  # noqa: ARG001 - as every benchmark is called; exact counts are always judged
    """
    Print the figures and return the missed target. They are exact counts, so `gates` makes no difference.
    """
    print(f"making {PEOPLE} people with {LICENSES_EACH} licence and {GROUPS_EACH} of {GROUPS} groups each, people road")
    with asyncio.Runner(loop_factory=VirtualTimeLoop) as runner:
        requests = runner.run(counted())
    least = min(least_requests(), least_requests_by_scim())
    print(f"  least by the people road {least_requests()}, by the SCIM road {least_requests_by_scim()}")
    print(f"  {requests} requests; at least {least}: {requests / least:.3f} times; naively {naive_requests()}")
    return [] if requests <= MOST_TIMES * least else [f"making {PEOPLE} people took {requests} requests"]
