"""
Teams: what is in the simulated organisation afterwards, and which requests it took.
"""

import json
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from fakes.hub import OPTIONS, Hub, asked, found, running_hub
from fakes.hub_subjects import WITH_TEAMS, person_id
from fakes.virtual_time import VirtualClock
from webex_connector.icf.attributes import AttributeDelta, Values, added, removed, replaced
from webex_connector.icf.errors import (
    AlreadyExists,
    Ambiguous,
    ConnectionBroken,
    InvalidAttributeValue,
    UnknownObjectClass,
    UnknownUid,
)
from webex_connector.icf.filters import EVERYTHING, Compare, Operator, equals
from webex_connector.icf.objects import WriteResult
from webex_connector.sandbox import rendering
from webex_connector.sandbox.faults import Fail, Fault, LoseAnswer, WrongJson
from webex_connector.sandbox.records import Membership, Team
from webex_connector.sandbox.scenarios import ADMIN, SAMPLE

TEAMS = "TEAMS"
LIST, READ, CREATE, CHANGE = "GET /teams", "GET /teams/{id}", "POST /teams", "PUT /teams/{id}"
WHO, JOIN, APPOINT, LEAVE, ME = (
    "GET /team/memberships",
    "POST /team/memberships",
    "PUT /team/memberships/{id}",
    "DELETE /team/memberships/{id}",
    "GET /people/{id}",
)
NOBODY = rendering.person_id("3e7a9c15-b04d-4f68-82d1-0000000000ff")


@pytest.fixture
async def hub(clock: VirtualClock) -> AsyncIterator[Hub]:
    """
    A system that was told to have teams, with a token of the administrator.
    """
    async with running_hub(clock, **WITH_TEAMS) as running:
        yield running


@pytest.fixture
async def uid(hub: Hub) -> str:
    """
    The team Choir of the administrator alone, of whose making the trace tells nothing.
    """
    result = await hub.facade.create(TEAMS, {"name": ("Choir",), "description": ("Sings",)}, OPTIONS)
    hub.sandbox.trace.clear()
    return str(result.uid)


def _team(hub: Hub) -> Team:
    (team,) = hub.sandbox.world.teams.values()
    return team


def _roster(hub: Hub) -> dict[str, bool]:
    """
    Everybody in the only team by address, and whether they moderate it.
    """
    world = hub.sandbox.world
    people = ((world.person(uuid), part) for uuid, part in _team(hub).members.items())
    return {person.email: part.is_moderator for person, part in people if person}


def _seat(hub: Hub, address: str, *, moderates: bool = False) -> None:
    person, team = hub.sandbox.world.person_at(address), _team(hub)
    assert person is not None
    team.members[person.uuid] = Membership(team.joined, team.created, moderates)
    team.joined += 1


def _third(hub: Hub) -> str:
    return next(each.email for _, each in hub.sandbox.world.people() if each.email not in {ADMIN, SAMPLE})


def _member(hub: Hub, address: str) -> dict[str, str]:
    return {"id": person_id(hub, address)}


async def _update(hub: Hub, uid: str, *deltas: AttributeDelta, dry: bool = False) -> WriteResult:
    hub.sandbox.trace.clear()
    return await hub.facade.update(TEAMS, uid, deltas, replace(OPTIONS, dry_run=dry))


async def test_a_team_is_made_with_its_people(hub: Hub) -> None:
    """
    The owner of the token is in it by Webex's rule and is not put in again; a moderator is a member too.
    """
    third = _third(hub)
    result = await hub.facade.create(
        TEAMS,
        {
            "name": ("Choir",),
            "members": (_member(hub, ADMIN), _member(hub, SAMPLE)),
            "moderators": (person_id(hub, third),),
        },
        OPTIONS,
    )

    assert [LIST, CREATE, JOIN, JOIN, WHO] == asked(hub)
    assert {ADMIN: True, SAMPLE: False, third: True} == _roster(hub)
    assert result.after is not None
    assert (person_id(hub, ADMIN), person_id(hub, third)) == result.after.values("moderators")
    assert 3 == len(result.after.values("members"))


async def test_a_name_is_taken_once(hub: Hub, uid: str) -> None:
    """
    Webex would make a second team of the name; whoever asks again learns the uid of the first.
    """
    with pytest.raises(AlreadyExists) as raised:
        await hub.facade.create(TEAMS, {"name": ("CHOIR",)}, OPTIONS)
    assert uid == raised.value.uid
    assert [LIST] == asked(hub)


async def test_an_unknown_member_does_not_hinder_the_team(hub: Hub) -> None:
    """
    The team is there with the others in it; who is unknown stands in the result.
    """
    members: Values = ({"id": NOBODY}, _member(hub, SAMPLE))
    result = await hub.facade.create(TEAMS, {"name": ("Choir",), "members": members}, OPTIONS)
    assert [("members", ({"id": NOBODY},))] == [(each.attribute, each.values) for each in result.not_applied]
    assert {ADMIN: True, SAMPLE: False} == _roster(hub)


async def test_teams_are_listed_without_their_people(hub: Hub, uid: str) -> None:
    """
    One request for the list, one more for each team only when somebody asks for its people.
    """
    (listed,) = await found(hub, TEAMS, EVERYTHING)
    assert ([LIST], "Choir", uid) == (asked(hub), listed.name, listed.uid)
    assert not {"members", "moderators"} & listed.attributes.keys()

    hub.sandbox.trace.clear()
    (listed,) = await found(hub, TEAMS, Compare("name", Operator.CONTAINS, "HOI"), "moderators")
    assert [LIST, WHO] == asked(hub)
    assert (person_id(hub, ADMIN),) == listed.values("moderators")


async def test_one_team_is_read_with_its_people(hub: Hub, uid: str) -> None:
    """
    By read and by a search for its uid; the members carry their names.
    """
    read = await hub.facade.get(TEAMS, uid, OPTIONS)
    assert [READ, WHO] == asked(hub)
    assert ({**_member(hub, ADMIN), "displayName": "Ada Admin"},) == read.values("members")
    assert (person_id(hub, ADMIN),) == read.values("creatorId")
    assert [uid] == [each.uid for each in await found(hub, TEAMS, equals("__UID__", uid))]


async def test_a_team_of_others_is_not_there(hub: Hub, uid: str) -> None:
    """
    Webex hides teams that the token's owner is not in from list, read, change and delete.
    """
    _seat(hub, SAMPLE, moderates=True)
    _team(hub).members.pop(next(iter(_team(hub).members)))
    assert [] == await found(hub, TEAMS, EVERYTHING)
    for work in (
        hub.facade.get(TEAMS, uid, OPTIONS),
        hub.facade.update(TEAMS, uid, [replaced("description", "x")], OPTIONS),
        hub.facade.delete(TEAMS, uid, OPTIONS),
    ):
        with pytest.raises(UnknownUid):
            await work
    assert {SAMPLE: True} == _roster(hub)


async def test_a_new_name_leaves_the_description(hub: Hub, uid: str) -> None:
    """
    Webex replaces both, so both are sent; what is there already is not written.
    """
    result = await _update(hub, uid, replaced("name", "Chœur"))
    assert [READ, CHANGE] == asked(hub)
    assert ("Chœur", "Sings") == (_team(hub).name, _team(hub).description)
    assert "Chœur" == (result.after.name if result.after else None)

    assert not (await _update(hub, uid, replaced("name", "Chœur"))).changed
    assert [READ] == asked(hub)
    await _update(hub, uid, replaced("description"))
    assert ("Chœur", "") == (_team(hub).name, _team(hub).description)


async def test_a_change_that_was_refused_for_good_is_told(hub: Hub, uid: str) -> None:
    """
    The service failed three times, and the team is as it was.
    """
    hub.sandbox.faults.add(Fault(Fail(500), to=CHANGE, times=3))
    with pytest.raises(ConnectionBroken):
        await _update(hub, uid, replaced("name", "Band"))
    assert [READ, CHANGE, CHANGE, CHANGE, READ] == asked(hub)
    assert "Choir" == _team(hub).name


async def test_members_come_and_go(hub: Hub, uid: str) -> None:
    """
    A look at who is there, one request for each who moves, and a look at the end; twice is the same as once.
    """
    result = await _update(hub, uid, added("members", _member(hub, SAMPLE)))
    assert [READ, WHO, JOIN, READ, WHO] == asked(hub)
    assert {ADMIN: True, SAMPLE: False} == _roster(hub)
    assert 2 == len(result.after.values("members") if result.after else ())

    assert not (await _update(hub, uid, added("members", _member(hub, SAMPLE)))).changed
    assert [READ, WHO] == asked(hub)

    person = hub.sandbox.world.person_at(SAMPLE)
    bare = {"id": person.uuid if person else ""}
    await _update(hub, uid, removed("members", bare))
    assert [READ, WHO, LEAVE, READ, WHO] == asked(hub)
    assert {ADMIN: True} == _roster(hub)


async def test_whoever_is_named_a_moderator_is_put_in(hub: Hub, uid: str) -> None:
    """
    Who is in it is promoted, who is not joins as one; who is a moderator no longer stays a member.
    """
    third = _third(hub)
    _seat(hub, SAMPLE)
    await _update(hub, uid, replaced("moderators", person_id(hub, SAMPLE), person_id(hub, third)))
    assert [READ, WHO, JOIN, APPOINT, APPOINT, READ, WHO] == asked(hub)
    assert {ADMIN: False, SAMPLE: True, third: True} == _roster(hub)


@pytest.mark.parametrize("attribute", ["members", "moderators"])
@pytest.mark.parametrize("emptied", [True, False], ids=["replaced by nobody", "removed"])
async def test_the_last_moderator_stays(attribute: str, *, emptied: bool, hub: Hub, uid: str) -> None:
    """
    Taking the last one away is refused before anything is sent, also what else was asked for.
    """
    _seat(hub, SAMPLE)
    value = _member(hub, ADMIN) if attribute == "members" else person_id(hub, ADMIN)
    delta = replaced(attribute) if emptied else removed(attribute, value)
    writes = hub.sandbox.world.writes
    with pytest.raises(InvalidAttributeValue, match="last moderator") as raised:
        await _update(hub, uid, replaced("name", "Band"), delta)
    assert "moderators" == raised.value.attribute
    assert [READ, WHO] == asked(hub)
    assert writes == hub.sandbox.world.writes


async def test_the_last_member_stays(hub: Hub, uid: str) -> None:
    """
    Also where Webex knows no moderator.
    """
    team = _team(hub)
    (key,) = team.members
    team.members[key] = Membership(0, team.created)
    with pytest.raises(InvalidAttributeValue, match="last member") as raised:
        await _update(hub, uid, replaced("members"))
    assert "members" == raised.value.attribute
    assert {ADMIN: False} == _roster(hub)


async def test_the_owner_of_the_token_goes_last(hub: Hub, uid: str) -> None:
    """
    After that the team is out of sight; so the others are taken out before, and the result shows no team.
    """
    third = _third(hub)
    _seat(hub, SAMPLE)
    result = await _update(hub, uid, replaced("members"), replaced("moderators", person_id(hub, third)))
    assert [READ, WHO, ME, JOIN, LEAVE, LEAVE, READ] == asked(hub)
    assert {third: True} == _roster(hub)
    assert (True, None, ()) == (result.changed, result.after, result.not_applied)


async def test_the_last_moderator_stays_where_no_other_could_be_made(hub: Hub, uid: str) -> None:
    """
    The new one is unknown to Webex, so the old one is not demoted; both are told, and the name is changed.
    """
    result = await _update(hub, uid, replaced("name", "Band"), replaced("moderators", NOBODY))
    assert [("moderators", (NOBODY,)), ("moderators", (person_id(hub, ADMIN),))] == [
        (each.attribute, each.values) for each in result.not_applied
    ]
    assert APPOINT not in asked(hub)
    assert ("Band", {ADMIN: True}) == (_team(hub).name, _roster(hub))


async def test_of_two_moderators_one_stays_where_no_other_could_be_made(hub: Hub, uid: str) -> None:
    """
    The first one is demoted, and with the second one nothing is tried any more.
    """
    _seat(hub, SAMPLE, moderates=True)
    result = await _update(hub, uid, replaced("moderators", NOBODY))
    assert 1 == asked(hub).count(APPOINT)
    assert {ADMIN: True, SAMPLE: False} == _roster(hub)
    assert "The last moderator of a team stays" in result.not_applied[-1].reason


@pytest.mark.parametrize("moderates", [False, True])
async def test_who_was_put_in_meanwhile_is_in_place(*, moderates: bool, hub: Hub, uid: str) -> None:
    """
    Webex answers 409; who was to moderate the team is promoted then.
    """
    _seat(hub, SAMPLE)
    own = json.dumps({"items": [{"id": "m", "personId": person_id(hub, ADMIN), "isModerator": True}]})
    hub.sandbox.faults.add(Fault(WrongJson(own), to=WHO))
    john = person_id(hub, SAMPLE)
    result = await _update(hub, uid, added("moderators", john) if moderates else added("members", {"id": john}))
    assert {ADMIN: True, SAMPLE: moderates} == _roster(hub)
    assert (moderates, ()) == (result.changed, result.not_applied)


async def test_a_membership_whose_answer_was_lost_is_found(hub: Hub, uid: str) -> None:
    """
    The repeated request meets a 409, and a look tells that all is as asked.
    """
    hub.sandbox.faults.add(Fault(LoseAnswer(), to=JOIN))
    result = await _update(hub, uid, added("members", _member(hub, SAMPLE)))
    assert [READ, WHO, JOIN, JOIN, WHO, READ, WHO] == asked(hub)
    assert {ADMIN: True, SAMPLE: False} == _roster(hub)
    assert (True, ()) == (result.changed, result.not_applied)


async def test_a_member_who_cannot_be_looked_for_is_an_open_question(hub: Hub, uid: str) -> None:
    """
    The answer was lost, and afterwards Webex does not tell who is in the team.
    """
    hub.sandbox.faults.add(Fault(Fail(504), to=JOIN, times=3))
    hub.sandbox.faults.add(Fault(Fail(503), to=WHO, attempt=2, times=10))
    with pytest.raises(Ambiguous):
        await _update(hub, uid, added("members", _member(hub, SAMPLE)))


async def test_a_team_is_deleted(hub: Hub, uid: str) -> None:
    """
    The result shows what it was; a lost answer is no hindrance, and a second delete is told.
    """
    hub.sandbox.faults.add(Fault(LoseAnswer(), to="DELETE /teams/{id}"))
    result = await hub.facade.delete(TEAMS, uid, OPTIONS)
    assert {} == hub.sandbox.world.teams
    assert "Choir" == (result.after.name if result.after else None)
    with pytest.raises(UnknownUid):
        await hub.facade.delete(TEAMS, uid, OPTIONS)


async def test_a_dry_run_shows_the_requests_and_sends_none(hub: Hub, uid: str) -> None:
    """
    Create, change and delete say in order what they would send.
    """
    dry, writes = replace(OPTIONS, dry_run=True), hub.sandbox.world.writes
    john = _member(hub, SAMPLE)
    made = await hub.facade.create(TEAMS, {"name": ("Band",), "members": (john,)}, dry)
    changed = await _update(hub, uid, replaced("name", "Band"), added("members", john), dry=True)
    deleted = await hub.facade.delete(TEAMS, uid, dry)

    assert ("POST /teams", "POST /team/memberships") == made.withheld
    assert (f"PUT /teams/{uid}", "POST /team/memberships") == changed.withheld
    assert (f"DELETE /teams/{uid}",) == deleted.withheld
    assert not made.changed | changed.changed | deleted.changed
    assert writes == hub.sandbox.world.writes


async def test_they_are_there_only_when_named(clock: VirtualClock) -> None:
    """
    Without the setting there is no such object class.
    """
    async with running_hub(clock) as hub:
        with pytest.raises(UnknownObjectClass):
            hub.facade.search(TEAMS, EVERYTHING, OPTIONS)
