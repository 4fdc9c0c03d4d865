"""
Which road is found when nobody sets one.
"""

import pytest

from fakes.hub import OPTIONS, Hub, asked, facade_to, running_hub
from fakes.hub_people import person_at
from fakes.hub_subjects import person_id
from fakes.ports import MemoryJournal
from fakes.virtual_time import VirtualClock
from webex_connector.connector.properties import PROPERTIES, Road
from webex_connector.icf import names
from webex_connector.icf.attributes import replaced
from webex_connector.icf.errors import ConnectionBroken
from webex_connector.icf.objects import Verdict
from webex_connector.sandbox.faults import Fail, Fault
from webex_connector.sandbox.grants import PEOPLE_ROAD_SCOPES, Credentials
from webex_connector.sandbox.places import ELSEWHERE
from webex_connector.sandbox.quirks import Quirks
from webex_connector.sandbox.sandbox import Sandbox
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


async def test_where_scim_is_not_found_people_are_changed_all_the_same(clock: VirtualClock) -> None:
    """
    Nobody published where Webex for Government has SCIM; the test says that it is not there, and what names the place.
    """
    async with running_hub(clock, road="auto", quirks=Quirks(identity_elsewhere=True)) as hub:
        await hub.facade.update(names.ACCOUNT, person_id(hub, SAMPLE), [replaced("title", "Lead")], OPTIONS)
        changes = [each for each in asked(hub) if not each.startswith("GET")]
        findings = {each.subject: each for each in (await hub.facade.test(OPTIONS)).findings}

    assert ("Lead", ["PUT /people/{id}"]) == (person_at(hub).title, changes)
    assert (Verdict.NO, True) == (findings["SCIM"].verdict, findings["SCIM"].ok)
    assert "scimUri" in findings["SCIM"].remedy
    assert findings["road"].detail.startswith("people: ")
    assert "could not be found" in findings["road"].detail


async def test_scim_that_is_named_is_used_wherever_it_is(clock: VirtualClock) -> None:
    """
    With `scimUri` people are changed by SCIM, and the test has nothing to say against it.
    """
    sandbox = Sandbox(clock=clock, quirks=Quirks(identity_elsewhere=True))
    async with sandbox.serving() as address:
        place = f"{address}{ELSEWHERE}/identity/scim"
        facade = facade_to(sandbox, address, clock, MemoryJournal(), road="auto", scimUri=place)
        try:
            hub = Hub(sandbox, facade, MemoryJournal(), address)
            await facade.update(names.ACCOUNT, person_id(hub, SAMPLE), [replaced("title", "Lead")], OPTIONS)
            changes = [each.path for each in sandbox.trace.requests(method="PATCH")]
            findings = {each.subject: each for each in (await facade.test(OPTIONS)).findings}
        finally:
            await facade.aclose()

    assert "Lead" == person_at(hub).title
    assert [True] == [path.startswith(f"{ELSEWHERE}/identity/scim/") for path in changes]
    assert (Verdict.YES, "scim: the token may use SCIM") == (findings["SCIM"].verdict, findings["road"].detail)
