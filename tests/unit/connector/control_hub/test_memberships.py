"""
Who is in a group, from answers as the simulated organisation never gives them.
"""

from contextlib import AsyncExitStack

import pytest

from fakes.scripted_webex import Reply, Seen
from fakes.virtual_time import VirtualClock
from fakes.webex_stage import Stage
from webex_connector.connector.control_hub.memberships import members_of
from webex_connector.webex.call import Call

MEMBERS = [{"id": f"p{number}"} for number in range(1, 6)]


@pytest.mark.parametrize(
    ("group", "requests"),
    [
        ({"id": "g", "memberSize": 2, "members": MEMBERS[:2]}, 0),
        ({"id": "g", "memberSize": 5, "members": MEMBERS[:2]}, 1),
        ({"id": "g", "members": MEMBERS[:2]}, 1),
    ],
    ids=["all of them", "the first of them", "nobody says how many"],
)
async def test_the_first_members_are_not_taken_for_all(
    group: dict[str, object], requests: int, clock: VirtualClock
) -> None:
    """
    Only a size that says so makes the members that came with the group the whole; else the pages are walked.
    """

    def script(seen: Seen) -> Reply:
        start = int(seen.query["startIndex"])
        return Reply(body={"id": "g", "memberSize": len(MEMBERS), "members": MEMBERS[start - 1 :]})

    async with AsyncExitStack() as stack:
        stage = Stage(stack, clock)
        server = await stage.server(script)
        found = [each async for some in members_of(stage.client(), group, Call()) for each in some]

    assert requests == len(server.seen)
    assert (MEMBERS if requests else MEMBERS[:2]) == found
