"""
Teams being made while an answer is missing: there is never a second one.
"""

from collections.abc import AsyncIterator

import pytest

from fakes.hub import OPTIONS, Hub, asked, running_hub
from fakes.hub_subjects import WITH_TEAMS, person_id
from fakes.virtual_time import VirtualClock
from webex_connector.icf.errors import Ambiguous
from webex_connector.sandbox import rendering
from webex_connector.sandbox.faults import Fail, Fault, LoseAnswer, WrongJson
from webex_connector.sandbox.records import Team
from webex_connector.sandbox.scenarios import SAMPLE

TEAMS = "TEAMS"
LIST, CREATE, WHO, JOIN = "GET /teams", "POST /teams", "GET /team/memberships", "POST /team/memberships"


@pytest.fixture
async def hub(clock: VirtualClock) -> AsyncIterator[Hub]:
    """
    A system that was told to have teams, with a token of the administrator.
    """
    async with running_hub(clock, **WITH_TEAMS) as running:
        yield running


def _team(hub: Hub) -> Team:
    (team,) = hub.sandbox.world.teams.values()
    return team


@pytest.mark.parametrize("effect", [LoseAnswer(), WrongJson()], ids=["no answer", "an unreadable answer"])
async def test_a_team_whose_answer_was_lost_is_found(effect: LoseAnswer | WrongJson, hub: Hub) -> None:
    """
    It was made: one look finds it, and there is no second.
    """
    hub.sandbox.faults.add(Fault(effect, to=CREATE))
    result = await hub.facade.create(TEAMS, {"name": ("Choir",), "members": ({"id": person_id(hub, SAMPLE)},)}, OPTIONS)

    assert [LIST, CREATE, LIST, JOIN, WHO] == asked(hub)
    assert rendering.team(_team(hub))["id"] == result.uid
    assert [True, False] == [part.is_moderator for part in _team(hub).members.values()]


async def test_a_team_that_the_service_failed_to_make_is_made_at_the_next_try(hub: Hub) -> None:
    """
    Looking for some seconds finds none, and the service said itself that it failed.
    """
    hub.sandbox.faults.add(Fault(Fail(500), to=CREATE))
    await hub.facade.create(TEAMS, {"name": ("Choir",)}, OPTIONS)
    assert [LIST, CREATE, *[LIST] * 5, CREATE] == asked(hub)
    assert "Choir" == _team(hub).name


async def test_a_team_that_may_be_under_way_is_not_made_twice(hub: Hub) -> None:
    """
    A gateway heard nothing and no team is seen: nobody can tell.
    """
    hub.sandbox.faults.add(Fault(Fail(504), to=CREATE))
    with pytest.raises(Ambiguous):
        await hub.facade.create(TEAMS, {"name": ("Choir",)}, OPTIONS)
    assert [LIST, CREATE, *[LIST] * 5] == asked(hub)


async def test_a_team_without_more_people_whose_answer_was_lost_is_a_change(hub: Hub) -> None:
    """
    It was found in place, and it was not there before.
    """
    hub.sandbox.faults.add(Fault(LoseAnswer(), to=CREATE))
    result = await hub.facade.create(TEAMS, {"name": ("Choir",)}, OPTIONS)
    assert (True, rendering.team(_team(hub))["id"]) == (result.changed, result.uid)


async def test_a_team_of_long_ago_is_not_taken_for_ours(hub: Hub, clock: VirtualClock) -> None:
    """
    It has the name and the description asked for, and shows only after our request got lost.
    """
    old = await hub.facade.create(TEAMS, {"name": ("Choir",), "description": ("Sings",)}, OPTIONS)
    await clock.sleep(3600)
    hub.sandbox.faults.add(Fault(WrongJson('{"items": []}'), to=LIST))
    hub.sandbox.faults.add(Fault(Fail(504), to=CREATE))
    with pytest.raises(Ambiguous):
        await hub.facade.create(TEAMS, {"name": ("Choir",), "description": ("Sings",)}, OPTIONS)
    assert old.uid == rendering.team(_team(hub))["id"]
