"""
Making and deleting many people by SCIM's bulk while one request goes wrong: what each outcome says is so.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

import msgspec
import pytest

from fakes.fault_kinds import FIRST_READ, KINDS, at
from fakes.fault_operations import EMPTY, KNOWN
from fakes.fault_trial import LONG_AFTER
from fakes.hub import OPTIONS, Hub, running_hub
from fakes.hub_many import address, delete, make
from fakes.hub_people import groups_of, missed
from fakes.hub_subjects import group_id
from fakes.virtual_time import VirtualClock
from webex_connector.connector.control_hub import scim_bulk_delete
from webex_connector.connector.control_hub.scim_bulk_create import ScimBulkCreate
from webex_connector.icf import names
from webex_connector.icf.operations import Change, ChangeOutcome, ChangeRequest, Fate
from webex_connector.sandbox import rendering
from webex_connector.sandbox.faults import Fault, LoseAnswer, Reset
from webex_connector.sandbox.world import World

COUNT = 3
BULK, LOOK, LIST = "POST /Bulk", "GET /Users", "GET /people"
LOST = Fault(LoseAnswer(), to=BULK)


def _making(hub: Hub) -> list[ChangeRequest]:
    groups = (group_id(hub, EMPTY), group_id(hub, KNOWN))
    return [make(number, groups=groups, externalId=(f"hr-{number}",)) for number in range(COUNT)]


def _deleting(hub: Hub) -> list[ChangeRequest]:
    return [delete(rendering.person_id(person.uuid)) for _, person in hub.sandbox.world.people()][2 : 2 + COUNT]


@dataclass(frozen=True)
class Scene:
    """
    Some people who are made or deleted, and the request that goes wrong.
    """

    change: Change
    request: Fault
    before: tuple[Fault, ...] = ()
    """What has to go wrong for the request to be made at all."""

    ends: Mapping[str, Fate] = field(default_factory=dict)
    """How all changes end, by kind; done where nothing is said."""

    undone: frozenset[str] = frozenset()
    """The kinds after which nothing of it happened."""


UNCLEAR = dict.fromkeys(FIRST_READ, Fate.AMBIGUOUS)
NEVER_ARRIVED = frozenset({"failed", "bad gateway", "unavailable", "reset"})
LOST_TWICE = dict.fromkeys((*NEVER_ARRIVED, "too slow"), Fate.AMBIGUOUS)
"""
Two requests were made of which nobody can tell: a third is not.
"""

SCENES = {
    "create/POST": Scene(Change.CREATE, at(BULK)),
    "create/POST again": Scene(
        Change.CREATE, at(BULK, attempt=2), (Fault(Reset(), to=BULK),), LOST_TWICE, NEVER_ARRIVED
    ),
    "create/look": Scene(Change.CREATE, at(LOOK, attempt=2), (LOST,), UNCLEAR),
    "create/groups": Scene(Change.CREATE, at("PATCH /groups/{id}")),
    "delete/POST": Scene(Change.DELETE, at(BULK)),
    "delete/POST again": Scene(Change.DELETE, at(BULK, attempt=2), (Fault(Reset(), to=BULK),)),
    "delete/look": Scene(Change.DELETE, at(LIST), (LOST,), UNCLEAR),
}


async def _tried(scene: Scene, kind: str, clock: VirtualClock) -> None:
    """
    Run a scene with that kind of fault. Raises AssertionError unless every change ends as it must and the world is as
    the outcomes say.
    """
    effect, fate, happened = KINDS[kind], scene.ends.get(kind, Fate.DONE), kind not in scene.undone
    async with running_hub(clock, people=6, road="scim") as hub:
        world = hub.sandbox.world
        changes = _making(hub) if scene.change is Change.CREATE else _deleting(hub)
        for fault in (*scene.before, msgspec.structs.replace(scene.request, effect=effect)):
            hub.sandbox.faults.add(fault)
        outcomes = await hub.facade.apply_many(names.ACCOUNT, changes, OPTIONS)
        await clock.sleep(LONG_AFTER)
        hub.sandbox.faults.verify()
        assert [fate] * COUNT == [outcome.fate for outcome in outcomes], outcomes
        more = (COUNT if scene.change is Change.CREATE else -COUNT) * happened
        assert 6 + more == world.people_count
        for number, outcome in enumerate(outcomes):
            if scene.change is Change.CREATE and happened:
                _check_made(hub, number, outcome)
            elif outcome.result is not None:
                assert changes[number].uid == outcome.result.uid
        assert all(
            set(group.members) <= {person.uuid for _, person in world.people()} for group in world.groups.values()
        )


def _check_made(hub: Hub, number: int, outcome: ChangeOutcome) -> None:
    world: World = hub.sandbox.world
    person = world.person_at(address(number))
    assert person is not None, f"{address(number)} is not there, {outcome}"
    assert person.more is not None
    assert f"hr-{number}" == person.more.external_id
    if outcome.result is None:
        assert set() == groups_of(hub, person)
        return
    assert (rendering.person_id(person.uuid), {}) == (outcome.result.uid, missed(outcome.result))
    assert {EMPTY, KNOWN} == groups_of(hub, person)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", SCENES)
async def test_many_people_end_as_their_outcomes_say(name: str, kind: str, clock: VirtualClock) -> None:
    """
    One request goes wrong, in each way: all are made or deleted once and said to be, or nobody can tell and it is said.
    """
    await _tried(SCENES[name], kind, clock)


async def test_creations_sent_again_unseen_are_found(clock: VirtualClock, monkeypatch: pytest.MonkeyPatch) -> None:
    """
    Planted: a connector that takes whoever it finds at an address for somebody else is found out.
    """

    async def blind(*_: object) -> dict[str, object]:
        return {}

    monkeypatch.setattr(ScimBulkCreate, "_looked", blind)
    with pytest.raises(AssertionError, match="ambiguous"):
        await _tried(SCENES["create/POST"], "answer lost", clock)


async def test_deletions_believed_unseen_are_found(clock: VirtualClock, monkeypatch: pytest.MonkeyPatch) -> None:
    """
    Planted: a connector that takes a failed look for an empty list is found out.
    """

    async def nobody(*_: object) -> set[str]:
        return set()

    monkeypatch.setattr(scim_bulk_delete, "known_among", nobody)
    with pytest.raises(AssertionError):
        await _tried(SCENES["delete/POST"], "failed", clock)
