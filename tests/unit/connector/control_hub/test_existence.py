"""
Telling which of many people there are.
"""

from fakes.hub import Hub, asked, running_hub
from fakes.virtual_time import VirtualClock
from webex_connector.connector.control_hub.existence import known_among
from webex_connector.sandbox import rendering
from webex_connector.sandbox.faults import Fail, Fault
from webex_connector.webex.call import Call
from webex_connector.webex.client import WebexClient

NOBODY = rendering.person_id("3e7a9c15-b04d-4f68-82d1-0000000000ff")


def _client(hub: Hub) -> WebexClient:
    client: WebexClient = hub.facade._connector._client  # type: ignore[attr-defined]  # what the connector talks through
    return client


async def test_eighty_five_are_looked_up_in_a_request(clock: VirtualClock) -> None:
    """
    Two hundred people and one who is not there take three requests; each is told as it was spelled.
    """
    async with running_hub(clock, people=200) as hub:
        uuids = [person.uuid for _, person in hub.sandbox.world.people()]
        uids = [*(rendering.person_id(uuid) for uuid in uuids[1:]), uuids[0]]

        assert set(uids) == await known_among(_client(hub), [*uids, NOBODY], Call())
        assert ["GET /people"] * 3 == asked(hub)


async def test_a_failure_tells_nothing(clock: VirtualClock) -> None:
    """
    When one of the requests fails, nothing may be concluded from the others.
    """
    async with running_hub(clock, people=100) as hub:
        uids = [rendering.person_id(person.uuid) for _, person in hub.sandbox.world.people()]
        hub.sandbox.faults.add(Fault(Fail(500), to="GET /people", attempt=2))

        assert await known_among(_client(hub), uids, Call()) is None
