"""
Many changes of people at once: what is in the simulated organisation afterwards, and which requests it took.
"""

from collections import Counter
from dataclasses import replace
from typing import Any

import pytest

from fakes.hub import OPTIONS, Hub, asked, running_hub
from fakes.hub_people import groups_of, missed, person_at
from fakes.hub_subjects import group_id, license_id, person_id
from fakes.ports import RefusingGuard
from fakes.virtual_time import VirtualClock
from webex_connector.icf import names
from webex_connector.icf.attributes import AttributeDelta, added, removed, replaced
from webex_connector.icf.errors import (
    AccessRefused,
    AlreadyExists,
    Ambiguous,
    ConnectionBroken,
    ConnectorError,
    GuardRefused,
    InvalidAttributeValue,
    UnknownUid,
)
from webex_connector.icf.objects import ConnectorObject, WriteResult
from webex_connector.icf.operations import Change, ChangeOutcome, ChangeRequest, Fate
from webex_connector.icf.options import OperationOptions
from webex_connector.icf.ports import Done, Failed
from webex_connector.sandbox import catalogue, rendering
from webex_connector.sandbox.faults import Delay, Fail, Fault, LoseAnswer, Reset
from webex_connector.sandbox.scenarios import ADMIN, SAMPLE
from webex_connector.webex.ids import uuid_of

EMPTY, KNOWN = "Newly founded", "Managers"
MAKE, READ, JOIN, WALK, LIST = (
    "POST /people",
    "GET /people/{id}",
    "PATCH /groups/{id}",
    "GET /groups",
    "GET /people",
)
NOBODY = rendering.person_id("3e7a9c15-b04d-4f68-82d1-0000000000ff")


def make(hub: Hub, number: int, *groups: str) -> ChangeRequest:
    """
    Return the change that makes a person with a licence, in these groups.
    """
    attributes = {
        "displayName": (f"New {number}",),
        "emails": (_address(number),),
        "licenses": (license_id(hub, catalogue.CALL_ON_WEBEX),),
        "groups": tuple(group_id(hub, name) for name in groups),
    }
    return ChangeRequest(Change.CREATE, attributes={name: values for name, values in attributes.items() if values})


def change(uid: str, *deltas: AttributeDelta) -> ChangeRequest:
    """
    Return a change of a person.
    """
    return ChangeRequest(Change.UPDATE, uid, deltas=deltas)


def delete(uid: str) -> ChangeRequest:
    """
    Return a deletion.
    """
    return ChangeRequest(Change.DELETE, uid)


def _address(number: int) -> str:
    return f"new{number}@acme.example"


async def _apply(hub: Hub, *changes: ChangeRequest, options: OperationOptions = OPTIONS) -> list[ChangeOutcome]:
    hub.sandbox.trace.clear()
    return await hub.facade.apply_many(names.ACCOUNT, changes, options)


def _fates(outcomes: list[ChangeOutcome]) -> list[Fate]:
    return [outcome.fate for outcome in outcomes]


def _error(outcome: ChangeOutcome) -> ConnectorError:
    assert outcome.error is not None
    return outcome.error


def _result(outcome: ChangeOutcome) -> WriteResult:
    assert outcome.result is not None, outcome
    return outcome.result


def _after(outcome: ChangeOutcome) -> ConnectorObject:
    after = _result(outcome).after
    assert after is not None
    return after


def _refuse(hub: Hub, status: int, to: str, *, times: int = 1, subject: str = "", body: str = "") -> None:
    hub.sandbox.faults.add(Fault(Fail(status), to=to, times=times, subject=subject, body=body))


async def test_a_group_is_changed_once_for_everybody(hub: Hub) -> None:
    """
    Ten people with a licence and two groups each cost ten requests and two; each result shows the groups joined.
    """
    outcomes = await _apply(hub, *(make(hub, number, EMPTY, KNOWN) for number in range(10)))

    assert {MAKE: 10, JOIN: 2} == Counter(asked(hub))
    assert [Fate.DONE] * 10 == _fates(outcomes)
    for number, outcome in enumerate(outcomes):
        person = person_at(hub, _address(number))
        assert {EMPTY, KNOWN} == groups_of(hub, person)
        assert catalogue.CALL_ON_WEBEX in person.licenses
        assert (rendering.person_id(person.uuid), ()) == (_result(outcome).uid, _result(outcome).not_applied)
        assert (group_id(hub, EMPTY), group_id(hub, KNOWN)) == _after(outcome).values("groups")


async def test_more_people_than_one_request_takes(clock: VirtualClock) -> None:
    """
    A group takes five hundred people in a request.
    """
    async with running_hub(clock, people=1100) as hub:
        uids = [rendering.person_id(person.uuid) for _, person in hub.sandbox.world.people()]
        outcomes = await _apply(hub, *(change(uid, added("groups", group_id(hub, EMPTY))) for uid in uids))

        assert {READ: 1100, JOIN: 3} == Counter(asked(hub))
        assert {Fate.DONE} == set(_fates(outcomes))
        assert all(EMPTY in groups_of(hub, person) for _, person in list(hub.sandbox.world.people())[::99])


async def test_creates_updates_and_deletes_together(hub: Hub) -> None:
    """
    Each kind of change is made, and outcomes come in the order of the changes.
    """
    john, ada = person_id(hub, SAMPLE), person_id(hub, ADMIN)
    await _apply(hub, make(hub, 1, EMPTY))
    first = person_id(hub, _address(1))

    outcomes = await _apply(
        hub,
        delete(first),
        make(hub, 2, KNOWN),
        change(john, replaced("title", "Scout"), added("groups", group_id(hub, KNOWN))),
        delete(NOBODY),
        change(ada, added("groups", group_id(hub, KNOWN))),
    )

    assert [Fate.DONE, Fate.DONE, Fate.DONE, Fate.REFUSED, Fate.DONE] == _fates(outcomes)
    assert isinstance(_error(outcomes[3]), UnknownUid)
    assert [first, person_id(hub, _address(2)), john, ada] == [
        outcome.result.uid for outcome in outcomes if outcome.result
    ]
    assert hub.sandbox.world.person_at(_address(1)) is None
    assert ("Scout", True) == (person_at(hub).title, KNOWN in groups_of(hub, person_at(hub)))
    assert KNOWN in groups_of(hub, person_at(hub, ADMIN))
    assert 1 == asked(hub).count(JOIN)


async def test_replaced_groups_take_one_walk_for_all(hub: Hub) -> None:
    """
    Where somebody's groups are replaced, all groups are walked once; only what differs is changed.
    """
    people = [person for _, person in hub.sandbox.world.people()][:6]
    wanted = (group_id(hub, EMPTY), group_id(hub, KNOWN))
    left = set().union(*(groups_of(hub, person) for person in people)) - {EMPTY, KNOWN}
    assert left

    uids = [rendering.person_id(person.uuid) for person in people]
    outcomes = await _apply(hub, *(change(uid, replaced("groups", *wanted)) for uid in uids))

    assert all({EMPTY, KNOWN} == groups_of(hub, person) for person in people)
    assert all(set(wanted) == set(_after(outcome).values("groups")) for outcome in outcomes)
    assert {READ: 6, WALK: 1, JOIN: 2 + len(left)} == Counter(asked(hub))
    assert all(_result(outcome).changed for outcome in outcomes)

    again = await _apply(hub, *(change(uid, replaced("groups", *wanted)) for uid in uids))
    assert {READ: 6, WALK: 1} == Counter(asked(hub))
    assert not any(_result(outcome).changed for outcome in again)


async def test_joining_and_leaving_one_group_is_one_request(hub: Hub) -> None:
    """
    People who join and people who leave go together; of two wishes for one person the last one counts.
    """
    john, ada = person_id(hub, SAMPLE), person_id(hub, ADMIN)
    uid = group_id(hub, EMPTY)
    await _apply(hub, change(ada, added("groups", uid)))

    outcomes = await _apply(
        hub,
        change(john, added("groups", uid)),
        change(ada, removed("groups", uid)),
        change(ada, added("groups", uid)),
        change(ada, removed("groups", uid)),
    )

    assert 1 == asked(hub).count(JOIN)
    assert [Fate.DONE] * 4 == _fates(outcomes)
    assert EMPTY in groups_of(hub, person_at(hub))
    assert EMPTY not in groups_of(hub, person_at(hub, ADMIN))


@pytest.mark.parametrize("road", ["people", "scim"])
async def test_one_person_in_two_spellings_is_one_person(road: str, clock: VirtualClock) -> None:
    """
    A uid may be the bare UUID: the person's groups are found by it, and the last wish counts in whichever spelling.
    """
    async with running_hub(clock, road=road) as hub:
        john = person_id(hub, SAMPLE)
        await _apply(hub, change(john, added("groups", group_id(hub, KNOWN))))

        outcomes = await _apply(
            hub,
            change(john, removed("groups", group_id(hub, KNOWN))),
            change(uuid_of(john), added("groups", group_id(hub, KNOWN))),
        )
        assert [Fate.DONE, Fate.DONE] == _fates(outcomes)
        assert {KNOWN} == groups_of(hub, person_at(hub))

        await _apply(hub, change(uuid_of(john), replaced("groups", group_id(hub, EMPTY))))
        assert {EMPTY} == groups_of(hub, person_at(hub))


async def test_one_refused_among_many(hub: Hub) -> None:
    """
    The address of one is taken: that one is refused with the holder's uid, and all others are made.
    """
    changes = [make(hub, number, EMPTY) for number in range(5)]
    changes[2] = replace(changes[2], attributes={**(changes[2].attributes or {}), "emails": (SAMPLE,)})

    outcomes = await _apply(hub, *changes)

    assert [Fate.DONE, Fate.DONE, Fate.REFUSED, Fate.DONE, Fate.DONE] == _fates(outcomes)
    error = _error(outcomes[2])
    assert isinstance(error, AlreadyExists)
    assert person_id(hub, SAMPLE) == error.uid
    assert EMPTY not in groups_of(hub, person_at(hub))
    assert all(EMPTY in groups_of(hub, person_at(hub, _address(number))) for number in (0, 1, 3, 4))


async def test_a_group_that_is_not_there_is_told_to_each(hub: Hub) -> None:
    """
    People are made without it, and their results say which group they are not in.
    """
    unknown = group_id(hub, EMPTY)
    world = hub.sandbox.world
    world.drop_group(next(uuid for uuid, group in world.groups.items() if group.display_name == EMPTY))
    changes = [make(hub, number, KNOWN) for number in range(3)]
    known = group_id(hub, KNOWN)
    changes[1] = replace(changes[1], attributes={**(changes[1].attributes or {}), "groups": (known, unknown)})

    outcomes = await _apply(hub, *changes)

    assert [Fate.DONE] * 3 == _fates(outcomes)
    assert [{}, {"groups": (unknown,)}, {}] == [missed(_result(outcome)) for outcome in outcomes]
    assert (known,) == _after(outcomes[1]).values("groups")
    assert 0 == asked(hub).count(LIST)


async def test_one_who_is_gone_does_not_keep_the_others_out(hub: Hub) -> None:
    """
    Webex refuses a list of members for one who is gone: it is looked up who is there, in one request, and the rest
    join; whoever is gone has left.
    """
    await _apply(hub, make(hub, 1), make(hub, 2, EMPTY))
    uid, other, john = (person_id(hub, address) for address in (_address(1), _address(2), SAMPLE))
    join, leave = (delta("groups", group_id(hub, EMPTY)) for delta in (added, removed))

    outcomes = await _apply(
        hub, change(uid, join), change(john, join), change(other, leave), delete(uid), delete(other)
    )

    assert [Fate.REFUSED, *[Fate.DONE] * 4] == _fates(outcomes)
    assert isinstance(_error(outcomes[0]), InvalidAttributeValue)
    assert {} == missed(_result(outcomes[2]))
    assert EMPTY in groups_of(hub, person_at(hub))
    assert 1 == asked(hub).count(LIST)


async def test_nothing_more_is_sent_once_the_run_has_to_stop(hub: Hub) -> None:
    """
    The credentials are refused in the middle: what was made is told, the rest is refused with the same error.
    """
    changes = [make(hub, number, EMPTY) for number in range(40)]
    hub.sandbox.faults.add(Fault(Fail(401), to=MAKE, attempt=15, times=100, must_fire=1))
    hub.sandbox.faults.add(Fault(Fail(401), to=JOIN, times=100, must_fire=0))

    outcomes = await _apply(hub, *changes)
    hub.sandbox.faults.verify()

    made = [outcome for outcome in outcomes if outcome.fate is Fate.DONE]
    assert 14 == len(made) == hub.sandbox.world.writes
    assert all(isinstance(_error(outcome), AccessRefused) for outcome in outcomes if outcome not in made)
    assert {(group_id(hub, EMPTY),)} == {missed(_result(outcome))["groups"] for outcome in made}
    assert 0 == asked(hub).count(JOIN)
    assert asked(hub).count(MAKE) < len(changes)


async def test_the_groups_are_not_walked_once_the_run_has_to_stop(hub: Hub) -> None:
    """
    Somebody was changed before the credentials were refused: their groups are not even looked for, and that is told.
    """
    john, ada = person_id(hub, SAMPLE), person_id(hub, ADMIN)
    hub.sandbox.faults.add(Fault(Fail(401), to="PUT /people/{id}", subject=uuid_of(ada), times=100, must_fire=1))
    wish = replaced("groups", group_id(hub, EMPTY))

    first, second = await _apply(
        hub, change(john, replaced("title", "Scout"), wish), change(ada, replaced("title", "Chief"), wish)
    )
    hub.sandbox.faults.verify()

    assert {"groups": (group_id(hub, EMPTY),)} == missed(_result(first))
    assert isinstance(second.error, AccessRefused)
    assert (0, "Scout") == (asked(hub).count(WALK), person_at(hub).title)


async def test_a_group_change_that_stops_the_run_is_the_last(hub: Hub) -> None:
    """
    When the credentials are refused while groups are changed, everybody is made and the missing groups are told; groups
    that were not begun are not tried.
    """
    hub.sandbox.faults.add(Fault(Fail(401), to=JOIN, times=100, must_fire=1))
    everything = [group.display_name for group in hub.sandbox.world.groups.values()]

    outcomes = await _apply(hub, *(make(hub, number, *everything) for number in range(3)))

    assert [Fate.DONE] * 3 == _fates(outcomes)
    for number, outcome in enumerate(outcomes):
        assert {group_id(hub, name) for name in everything} == set(missed(_result(outcome))["groups"])
        assert set() == groups_of(hub, person_at(hub, _address(number)))
    tried = {each.subject for each in hub.sandbox.trace.requests(template="/groups/{id}")}
    assert 0 < len(tried) < len(everything)


async def test_a_change_of_groups_alone_that_fails_is_no_success(hub: Hub) -> None:
    """
    As in a single change: where nothing was done and something failed, the failure is the outcome.
    """
    _refuse(hub, 500, JOIN, times=3)
    ada = person_id(hub, ADMIN)

    groups_only, titled = await _apply(
        hub,
        change(person_id(hub, SAMPLE), added("groups", group_id(hub, EMPTY))),
        change(ada, replaced("title", "Chief"), added("groups", group_id(hub, EMPTY))),
    )

    assert Fate.REFUSED is groups_only.fate
    assert isinstance(groups_only.error, ConnectionBroken)
    assert {"groups": (group_id(hub, EMPTY),)} == missed(_result(titled))
    assert "Chief" == person_at(hub, ADMIN).title


@pytest.mark.parametrize("dry", [False, True], ids=["", "dry run"])
async def test_groups_that_cannot_be_walked_are_told(*, dry: bool, hub: Hub) -> None:
    """
    Without the walk nobody knows which groups to leave: fields are changed, groups are not, and both are said.
    """
    _refuse(hub, 500, WALK)
    wish = replaced("groups", group_id(hub, EMPTY))

    groups_only, titled = await _apply(
        hub,
        change(person_id(hub, SAMPLE), wish),
        change(person_id(hub, ADMIN), replaced("title", "Chief"), wish),
        options=replace(OPTIONS, dry_run=dry),
    )

    assert (Fate.REFUSED, ConnectionBroken) == (groups_only.fate, type(groups_only.error))
    assert {"groups": (group_id(hub, EMPTY),)} == missed(_result(titled))
    assert 0 == asked(hub).count(JOIN)


async def test_the_doubt_among_failures_is_told(hub: Hub) -> None:
    """
    One group is forbidden, and of the other nobody can tell: the outcome of both is in doubt.
    """
    empty, known = group_id(hub, EMPTY), group_id(hub, KNOWN)
    hub.sandbox.faults.add(Fault(Fail(403), to=JOIN, subject=uuid_of(empty)))
    hub.sandbox.faults.add(Fault(Reset(), to=JOIN, subject=uuid_of(known), times=3))

    (outcome,) = await _apply(hub, change(person_id(hub, SAMPLE), added("groups", empty, known)))
    hub.sandbox.faults.verify()

    assert (Fate.AMBIGUOUS, Ambiguous) == (outcome.fate, type(outcome.error))


async def test_a_dry_run_shows_the_requests_and_sends_none(hub: Hub) -> None:
    """
    Each outcome names its own request and those it shares; nothing is changed, journalled or counted.
    """
    dry = replace(OPTIONS, dry_run=True)
    john = person_id(hub, SAMPLE)
    taken = make(hub, 3)
    taken = replace(taken, attributes={**(taken.attributes or {}), "emails": (ADMIN,)})

    outcomes = await _apply(
        hub,
        make(hub, 1, EMPTY),
        make(hub, 2, EMPTY),
        taken,
        change(john, replaced("title", "X")),
        delete(john),
        change(john, added("groups", group_id(hub, EMPTY))),
        options=dry,
    )

    uid = group_id(hub, EMPTY)
    made = ("POST /people", f"PATCH /groups/{uid}")
    assert [made, made] == [_result(outcome).withheld for outcome in outcomes[:2]]
    assert [None, None] == [_result(outcome).uid for outcome in outcomes[:2]]
    assert isinstance(outcomes[2].error, AlreadyExists)
    assert [(f"PUT /people/{john}",), (f"DELETE /people/{john}",)] == [_result(each).withheld for each in outcomes[3:5]]
    assert (made[1:], False) == (_result(outcomes[5]).withheld, _result(outcomes[5]).changed)
    assert 0 == hub.sandbox.world.writes
    assert [] == hub.journal.entries


async def test_the_guard_is_asked_and_the_journal_told_for_each(clock: VirtualClock) -> None:
    """
    Of three deletions one is permitted; what is sent has an entry with its own end.
    """
    async with running_hub(clock, guard=RefusingGuard(1)) as hub:
        uids = [rendering.person_id(person.uuid) for _, person in list(hub.sandbox.world.people())[2:5]]
        outcomes = await _apply(hub, make(hub, 1, EMPTY), *(delete(uid) for uid in uids), change(NOBODY))

        assert [Fate.DONE, Fate.DONE, Fate.REFUSED, Fate.REFUSED, Fate.REFUSED] == _fates(outcomes)
        assert all(isinstance(each.error, GuardRefused) for each in outcomes[2:4])
        assert 20 == hub.sandbox.world.people_count
        ends = [entry.end for entry in hub.journal.entries]
        assert [Done(_result(outcomes[0])), Done(_result(outcomes[1]))] == ends[:2]
        assert isinstance(ends[2], Failed)
        assert 3 == len(ends)


async def test_creations_in_doubt_are_looked_at_again(hub: Hub) -> None:
    """
    The answer is lost and looking fails; when all else is done the person is found, and joins the group.
    """
    hub.sandbox.faults.add(Fault(LoseAnswer(), to=MAKE, body=_address(1)))
    hub.sandbox.faults.add(Fault(Fail(500), to=LIST, subject=_address(1)))

    lost, whole = await _apply(hub, make(hub, 1, EMPTY), make(hub, 2, EMPTY))
    hub.sandbox.faults.verify()

    assert [Fate.DONE, Fate.DONE] == _fates([lost, whole])
    assert (person_id(hub, _address(1)), ()) == (_result(lost).uid, _result(lost).not_applied)
    assert EMPTY in groups_of(hub, person_at(hub, _address(1)))
    assert 1 == asked(hub).count(JOIN)


async def test_what_a_creation_in_doubt_lacks_is_told(hub: Hub) -> None:
    """
    The person is found in the end, without the licence of which no unit was left.
    """
    hub.sandbox.faults.add(Fault(LoseAnswer(), to=MAKE))
    hub.sandbox.faults.add(Fault(Fail(500), to=LIST))
    person, exhausted = make(hub, 1), license_id(hub, catalogue.EXHAUSTED)
    person = replace(person, attributes={**(person.attributes or {}), "licenses": (exhausted,)})

    (outcome,) = await _apply(hub, person)
    hub.sandbox.faults.verify()

    assert {"licenses": (exhausted,)} == missed(_result(outcome))


async def test_somebody_who_was_never_made_stays_in_doubt(hub: Hub) -> None:
    """
    The request may still arrive, so nobody says that it did not happen; no group is changed for it.
    """
    hub.sandbox.faults.add(Fault(Reset(), to=MAKE, times=2))

    (outcome,) = await _apply(hub, make(hub, 1, EMPTY))

    assert (Fate.AMBIGUOUS, Ambiguous) == (outcome.fate, type(outcome.error))
    assert hub.sandbox.world.person_at(_address(1)) is None
    assert 0 == asked(hub).count(JOIN)


async def test_deletions_in_doubt_are_looked_at_in_batches(hub: Hub) -> None:
    """
    Three answers are lost and looking at each fails: one request tells that all three are gone.
    """
    uids = [rendering.person_id(person.uuid) for _, person in list(hub.sandbox.world.people())[2:5]]
    for uid in uids:
        value = uuid_of(uid)
        hub.sandbox.faults.add(Fault(Fail(403), to="DELETE /people/{id}", subject=value, attempt=2, must_fire=0))
        hub.sandbox.faults.add(Fault(LoseAnswer(), to="DELETE /people/{id}", subject=value))
        hub.sandbox.faults.add(Fault(Fail(500), to=READ, subject=value, attempt=2))

    outcomes = await _apply(hub, *(delete(uid) for uid in uids))

    assert [Fate.DONE] * 3 == _fates(outcomes)
    assert 1 == asked(hub).count(LIST)
    assert 17 == hub.sandbox.world.people_count


async def test_deletions_that_did_not_happen_stay_in_doubt(hub: Hub) -> None:
    """
    Who is still there may be deleted by a request that is on its way; nobody says that they are gone, or safe.
    """
    hub.sandbox.faults.add(Fault(Reset(), to="DELETE /people/{id}", times=3))

    (outcome,) = await _apply(hub, delete(person_id(hub, SAMPLE)))
    hub.sandbox.faults.verify()

    assert (Fate.AMBIGUOUS, 1) == (outcome.fate, asked(hub).count(LIST))


async def test_deletions_that_nobody_can_look_at_stay_in_doubt(hub: Hub) -> None:
    """
    That looking fails does not mean that somebody is gone.
    """
    hub.sandbox.faults.add(Fault(Reset(), to="DELETE /people/{id}", times=3))
    hub.sandbox.faults.add(Fault(Fail(500), to=LIST))

    (outcome,) = await _apply(hub, delete(person_id(hub, SAMPLE)))
    hub.sandbox.faults.verify()

    assert Fate.AMBIGUOUS is outcome.fate
    assert SAMPLE == person_at(hub).email


@pytest.mark.parametrize("who", ["before", "another"])
async def test_somebody_else_at_the_address_is_not_taken_for_ours(who: str, hub: Hub) -> None:
    """
    Whoever was there before, or has another name, was not made by us: the creation stays in doubt, they stay as they
    are.
    """
    name, address = "John Doe", SAMPLE
    if who == "another":
        await _apply(hub, make(hub, 1))
        name, address = "Somebody Else", _address(1)
    before = person_at(hub, address)
    hub.sandbox.faults.add(Fault(Reset(), to=MAKE, body=address))
    hub.sandbox.faults.add(Fault(Fail(500), to=LIST))
    attributes = {"emails": (address,), "displayName": (name,), "groups": (group_id(hub, EMPTY),)}

    (outcome,) = await _apply(hub, ChangeRequest(Change.CREATE, attributes=attributes))
    hub.sandbox.faults.verify()

    assert Fate.AMBIGUOUS is outcome.fate
    assert 2 == asked(hub).count(LIST)
    assert before == person_at(hub, address)
    assert EMPTY not in groups_of(hub, before)


@pytest.mark.parametrize(("effect", "fate"), [(LoseAnswer(), Fate.DONE), (Reset(), Fate.AMBIGUOUS)], ids=["in", "out"])
async def test_changes_in_doubt_are_looked_at_again(effect: LoseAnswer | Reset, fate: Fate, hub: Hub) -> None:
    """
    The answer is lost and looking fails: what turns out to be in place is done, anything else stays in doubt.
    """
    hub.sandbox.faults.add(Fault(effect, to="PUT /people/{id}"))
    hub.sandbox.faults.add(Fault(Fail(500), to=READ, attempt=2))

    (outcome,) = await _apply(hub, change(person_id(hub, SAMPLE), replaced("title", "Scout")))
    hub.sandbox.faults.verify()

    assert fate is outcome.fate
    assert ("Scout" if fate is Fate.DONE else "") == person_at(hub).title


async def test_as_many_are_changed_at_once_as_there_are_connections(clock: VirtualClock) -> None:
    """
    Twice as many connections do it in half the time, as long as nothing else is in the way.
    """
    seconds = []
    for connections in (10, 20):
        fast: dict[str, Any] = {
            "readRateLimit": "1000/sec",
            "writeRateLimit": "1000/sec",
            "maximumConnections": connections,
        }
        async with running_hub(clock, people=42, road="people", **fast) as hub:
            uids = [rendering.person_id(person.uuid) for _, person in hub.sandbox.world.people()][2:]
            await hub.facade.get(names.ACCOUNT, uids[0], OPTIONS)
            hub.sandbox.faults.add(Fault(Delay(1.0), times=1000, must_fire=0))
            began = clock.monotonic()
            await _apply(hub, *(change(uid, replaced("title", "Lead")) for uid in uids))
            seconds.append(round(clock.monotonic() - began))
    assert seconds == [8, 4]
