"""
Which road is found when nobody sets one.
"""

import pytest

from fakes.hub import OPTIONS, asked, running_hub
from fakes.hub_people import person_at
from fakes.hub_subjects import person_id
from fakes.virtual_time import VirtualClock
from webex_connector.connector.properties import PROPERTIES, Road
from webex_connector.icf import names
from webex_connector.icf.attributes import replaced
from webex_connector.icf.errors import ConnectionBroken
from webex_connector.sandbox.faults import Fail, Fault
from webex_connector.sandbox.grants import PEOPLE_ROAD_SCOPES, Credentials
from webex_connector.sandbox.scenarios import SAMPLE

PROBE = "GET /Users"


def test_the_road_is_found_unless_it_is_set() -> None:
    """
    Nobody has to know what the token may do.
    """
    assert [Road.AUTO.value] == [each.default for each in PROPERTIES if each.name == "road"]


@pytest.mark.parametrize("to", [PROBE, "GET /organizations"])
async def test_a_question_that_fails_is_asked_again(to: str, clock: VirtualClock) -> None:
    """
    That Webex did not answer says nothing about the token: the change fails, nothing is changed, and the next one asks.
    """
    async with running_hub(clock, road="auto") as hub:
        hub.sandbox.faults.add(Fault(Fail(500), to=to))
        john = person_id(hub, SAMPLE)
        with pytest.raises(ConnectionBroken):
            await hub.facade.update(names.ACCOUNT, john, [replaced("title", "Lead")], OPTIONS)
        before = hub.sandbox.world.writes
        await hub.facade.update(names.ACCOUNT, john, [replaced("title", "Lead")], OPTIONS)
        hub.sandbox.faults.verify()

        assert (0, "Lead") == (before, person_at(hub).title)
        assert 1 == asked(hub).count("PATCH /Users/{id}")


async def test_a_refused_question_is_asked_once(clock: VirtualClock) -> None:
    """
    A token without SCIM changes people by the people API, without a word and without asking twice.
    """
    async with running_hub(clock, road="auto", credentials=Credentials(scopes=PEOPLE_ROAD_SCOPES)) as hub:
        for title in ("Lead", "Chief"):
            await hub.facade.update(names.ACCOUNT, person_id(hub, SAMPLE), [replaced("title", title)], OPTIONS)

        assert ("Chief", 1) == (person_at(hub).title, asked(hub).count(PROBE))
