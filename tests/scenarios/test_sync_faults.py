"""
Plans applied while requests go wrong and processes die, at random: nobody is made twice, nothing is missing, and
whatever was not done is told.
"""

import random
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest
from sqlalchemy import Connection

from fakes.fault_kinds import KINDS
from fakes.mortal import Death, Moment
from fakes.sync_stage import Stage, groups_mapping, record, staged
from fakes.virtual_time import VirtualClock
from webex_connector.icf import names
from webex_connector.icf.errors import ConnectorError
from webex_connector.sandbox.faults import Fault
from webex_connector.store.engine import Database, in_memory
from webex_connector.store.plans import ItemState, KeptPlan, PlanState
from webex_connector.store.tables import METADATA
from webex_connector.sync.apply import outcomes

pytestmark = pytest.mark.long

SCHEDULES, TOGETHER = 200, 10

SLOW = 75
"""
A schedule in which a process dies while its request takes a minute and a half.
"""

REQUESTS = {
    names.ACCOUNT: (
        "POST /people",
        "GET /people",
        "GET /people/{id}",
        "PUT /people/{id}",
        "DELETE /people/{id}",
        "PATCH /licenses/users",
        "POST /Bulk",
        "PATCH /Users/{id}",
        "POST /access_token",
        "*",
    ),
    names.GROUP: ("POST /groups", "GET /groups", "GET /groups/{id}", "PATCH /groups/{id}", "DELETE /groups/{id}", "*"),
}


@pytest.fixture
def database() -> Iterator[Database]:
    """
    A store of its own.
    """
    kept = in_memory()
    kept.write_now(METADATA.create_all)
    yield kept
    kept.close()


async def begun(stage: Stage) -> None:
    """
    Have two who are there and linked; then one changes, one leaves, and four join, two of them each other's managers.
    """
    stage.source.records = [record("1", "Ana", title="Boss"), record("2", "Bo", title="Aide")]
    await stage.go_on(await stage.plan())
    stage.effects.clear()
    stage.source.records = [
        record("1", "Ana", title="Chief"),
        record("3", "Cem", boss="1"),
        record("4", "Dora", boss="3"),
        record("5", "Emil", boss="6"),
        record("6", "Fay", boss="5"),
    ]


WANTED = {
    "Ana New": ("Chief", None),
    "Bo New": None,
    "Cem New": ("", "Ana New"),
    "Dora New": ("", "Cem New"),
    "Emil New": ("", "Fay New"),
    "Fay New": ("", "Emil New"),
}


def seen(stage: Stage) -> dict[str, tuple[str, str | None] | None]:
    """
    Return those of the story as people see them: title and manager, None for whoever is not there.
    """
    people = [each for _, each in stage.world.people()]
    named = {each.uuid: each.display_name for each in people}
    there = {each.display_name: (each.title, named.get(each.manager_uuid)) for each in people}
    return {name: there.get(name) for name in WANTED}


def groups(stage: Stage) -> dict[str, str | None]:
    """
    Return the groups of the story with their descriptions, None for one that is not there.
    """
    there = {each.display_name: each.description for each in stage.world.groups.values()}
    return {name: there.get(name) for name in WANTED}


def strike(stage: Stage, chance: random.Random) -> list[str]:
    """
    Schedule one to three faults; return them in words.
    """
    told = []
    for _ in range(chance.randint(1, 3)):
        kind = chance.choice(sorted(KINDS))
        to = chance.choice(REQUESTS[stage.mapping.object_class])
        fault = Fault(
            KINDS[kind], to=to, attempt=chance.randint(1, 4), times=chance.choice((1, 1, 1, 2, 3)), must_fire=0
        )
        stage.gate.sandbox.faults.add(fault)
        told.append(f"{kind} at {msgspec.json.encode(fault).decode()}")
    return told


async def applied(stage: Stage, plan: KeptPlan, chance: random.Random) -> list[Death]:
    """
    Apply a plan in processes of which some die; at last one lives long enough.
    """
    deaths = [
        Death(chance.randint(1, 14), chance.choice((Moment.BEFORE, Moment.AFTER))) for _ in range(chance.randint(0, 2))
    ]
    for death in deaths:
        try:
            if await stage.apply(plan, death) is PlanState.APPLIED:
                return deaths
        except ConnectorError:
            continue
    await stage.go_on(plan)
    return deaths


async def states(stage: Stage, plan: KeptPlan) -> set[ItemState]:
    """
    Return the states in which the items of a plan have ended.
    """
    return set(await stage.tables.plans.counts(plan.id)) - {ItemState.SKIPPED}


async def tried(stage: Stage, seed: int) -> None:
    """
    Apply the plan under the schedule of this seed, then plan again in peace. Raises AssertionError with whatever is not
    as it must be.
    """
    chance = random.Random(seed)  # noqa: S311 - a schedule is to be the same each time
    look = seen if stage.mapping.object_class == names.ACCOUNT else groups
    wanted = WANTED if look is seen else {name: each and each[0] for name, each in WANTED.items()}
    await begun(stage)
    plan = await stage.plan()
    story = [f"seed {seed}", *strike(stage, chance)]
    story += map(str, await applied(stage, plan, chance))
    ended = await states(stage, plan)
    story += [each.value for each in ended]
    assert ended <= {ItemState.DONE, ItemState.PARTIAL, ItemState.REFUSED, ItemState.DEAD}, story
    assert ended != {ItemState.DONE} or look(stage) == wanted, (story, look(stage))
    stage.gate.sandbox.faults.clear()
    await stage.go_on(await stage.plan())
    assert look(stage) == wanted, (story, look(stage))
    assert stage.effects.twice() == [], story
    assert await stage.items(await stage.plan()) == [], story


def emptied(link: Connection) -> None:
    """
    Empty every table.
    """
    for table in METADATA.sorted_tables:
        link.execute(table.delete())


@pytest.mark.parametrize("first", range(0, SCHEDULES, TOGETHER))
async def test_whatever_goes_wrong_the_world_becomes_right(
    first: int, database: Database, clock: VirtualClock, tmp_path: Path
) -> None:
    """
    On either road, with the mirror and without it, for people and for groups.
    """
    for seed in range(first, first + TOGETHER):
        database.write_now(emptied)
        road, mirror = ("people", "scim")[seed % 2], seed % 8 > 5
        async with staged(database, tmp_path, clock, road=road, mirror=mirror) as stage:
            if seed % 5 == 0:
                stage.mapping = groups_mapping(stage.world)
            await tried(stage, seed)


async def test_an_applier_that_does_not_wait_for_what_is_on_its_way_is_found(
    database: Database, clock: VirtualClock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """
    Planted: a group is made while the request of a dead process, which makes it too, is still under way.
    """
    monkeypatch.setattr(outcomes, "ON_ITS_WAY", timedelta(0))
    async with staged(database, tmp_path, clock, road="scim") as stage:
        stage.mapping = groups_mapping(stage.world)
        with pytest.raises(AssertionError, match="Cem New"):
            await tried(stage, SLOW)
