"""
What applying a plan asks of Webex, counted by the organisation itself; and taking it back.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from msgspec import structs

from fakes.killing import picture
from fakes.sync_stage import Stage, record, staged
from fakes.virtual_time import VirtualClock
from webex_connector.sandbox.grants import Credentials
from webex_connector.sandbox.records import FULL_ADMIN
from webex_connector.sandbox.scenarios import ADMIN, SAMPLE
from webex_connector.store.engine import Database, in_memory
from webex_connector.store.plans import ItemState, PlanState
from webex_connector.store.tables import METADATA
from webex_connector.sync.decide.definition import SituationPolicy
from webex_connector.sync.decide.situation import Action, Situation

FREE = {"POST /access_token", "GET /organizations", "GET /Users"}
"""
What each process asks once in its life: for its token, and which road it may take.
"""


@pytest.fixture
def database() -> Iterator[Database]:
    """
    A store of its own.
    """
    kept = in_memory()
    kept.write_now(METADATA.create_all)
    yield kept
    kept.close()


async def asked(stage: Stage) -> Counter[str]:
    """
    Plan and apply; return what applying asked, without what every process asks.
    """
    plan = await stage.plan()
    stage.gate.sandbox.trace.clear()
    assert await stage.apply(plan) is PlanState.APPLIED
    found = Counter(f"{each.method} {each.template}" for each in stage.gate.sandbox.trace.requests())
    return Counter({request: count for request, count in found.items() if request not in FREE})


@pytest.mark.parametrize(
    ("road", "changing"),
    [
        ("people", {"GET /people/{id}": 3, "PUT /people/{id}": 3}),
        ("scim", {"POST /Bulk": 1}),
    ],
)
async def test_what_differs_is_asked_and_no_more(
    road: str, changing: dict[str, int], database: Database, clock: VirtualClock, tmp_path: Path
) -> None:
    """
    Whoever is made with a licence is one request; three who change are a read and a write each by the people API, and
    one request together by SCIM; where nothing differs nothing is asked.
    """
    async with staged(database, tmp_path, clock, road=road) as stage:
        stage.source.records = [record(str(number), f"P{number}", title="Aide") for number in range(5)]
        assert await asked(stage) == {"POST /people": 5}
        stage.source.records[:3] = [record(str(number), f"P{number}", title="Chief") for number in range(3)]
        assert await asked(stage) == changing
        assert await asked(stage) == {}
        assert stage.effects.twice() == []


@pytest.mark.parametrize("road", ["people", "scim"])
async def test_undo_gives_the_earlier_world(road: str, database: Database, clock: VirtualClock, tmp_path: Path) -> None:
    """
    One joins, one changes, one leaves and is disabled: taken back, the organisation is as it was, and so are the links.
    """
    async with staged(database, tmp_path, clock, road=road) as stage:
        stage.source.records = [record("1", "Ana", title="Boss"), record("2", "Bo", title="Aide")]
        await stage.go_on(await stage.plan())
        bo = stage.world.person_at("bo@acme.example")
        assert bo is not None
        if road == "people":
            # Without SCIM nobody can be disabled who has not signed in yet; by SCIM, who is enabled is invited anew.
            stage.world.put_person(structs.replace(bo, invite_pending=False, login_enabled=True, status="active"))
        before, links = picture(stage.world), await stage.links()
        leavers = SituationPolicy(Situation.SOURCE_MISSING, Action.DISABLE)
        stage.mapping = replace(stage.mapping, policies=(leavers,))
        stage.source.records = [record("1", "Ana", title="Chief"), record("3", "Cem", boss="1")]
        plan = await stage.plan()
        await stage.go_on(plan)
        bo = stage.world.person_at("bo@acme.example")
        assert bo is not None
        assert not bo.active
        assert picture(stage.world) != before
        await stage.go_on(await stage.plan(undoing=plan))
        assert picture(stage.world) == before
        assert await stage.links() == links


@pytest.mark.parametrize("action", [Action.DELETE, Action.DISABLE])
@pytest.mark.parametrize("road", ["people", "scim"])
async def test_the_owner_of_the_token_stays(
    road: str, action: Action, database: Database, clock: VirtualClock, tmp_path: Path
) -> None:
    """
    Two leave, and one of them owns the token: that item is refused and says why, and the other one is gone.
    """
    hers: dict[str, Any] = {"authenticationMethod": "TOKEN", "authToken": Credentials().access_token}
    async with staged(database, tmp_path, clock, road=road, **hers) as stage:
        somebody = next(each for _, each in stage.world.people() if each.email not in {ADMIN, SAMPLE})
        stage.world.put_person(structs.replace(somebody, roles=(FULL_ADMIN,), login_enabled=True))
        stage.mapping = replace(stage.mapping, policies=(SituationPolicy(Situation.SOURCE_MISSING, action),))
        stage.source.records = [record("1", "Ada", mail=ADMIN), record("2", "John", mail=SAMPLE), record("3", "Cy")]
        await stage.go_on(await stage.plan())
        owner = stage.world.person_at(ADMIN)
        stage.source.records = [record("3", "Cy")]
        plan = await stage.plan()
        await stage.go_on(plan)

        other = stage.world.person_at(SAMPLE)
        assert other is None or not other.active
        assert owner == stage.world.person_at(ADMIN)
        items = [each async for some in stage.tables.plans.items(plan.id) for each in some]
        refused = [str(each.outcome) for each in items if each.state is ItemState.REFUSED]
        assert len(refused) == 1
        assert "the person whose token this system uses" in refused[0]
