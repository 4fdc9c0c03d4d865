"""
Live sync: what changes in the source has its effect, once, whatever happens.
"""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import pytest

from fakes.memory_connector import WritingHandler
from fakes.memory_schema import ACCOUNT_INFO
from fakes.sync_house import PlainRules, SyncHouse, Watched, people, record
from webex_connector.icf import names
from webex_connector.icf.attributes import Attributes
from webex_connector.icf.errors import ConnectionFailed
from webex_connector.icf.objects import WriteResult
from webex_connector.icf.options import OperationOptions
from webex_connector.policy.safety import Harm, Limits, Threshold
from webex_connector.store.plans import ItemState, PlanState
from webex_connector.store.sync_tokens import SyncTokenTable
from webex_connector.sync.apply.applying import Applier
from webex_connector.sync.decide.definition import SituationPolicy
from webex_connector.sync.decide.situation import Action, Situation
from webex_connector.sync.ends import Ends
from webex_connector.sync.errors import SourceFailed
from webex_connector.sync.live import Live, Round
from webex_connector.sync.records import Kind, Record, RecordChange


@dataclass
class Stream:
    """
    Changes that are a list; a token is how many of them came before.
    """

    told: list[tuple[Kind, Record | None, str]] = field(default_factory=list)
    breaks: bool = False

    def changed(self, given: Record) -> None:
        """
        Let a record be new or other.
        """
        self.told.append((Kind.CHANGED, given, given.key))

    def gone(self, key: str) -> None:
        """
        Let a record be gone.
        """
        self.told.append((Kind.GONE, None, key))

    async def latest(self) -> str:
        """
        Return the token of now.
        """
        return str(len(self.told))

    async def changes(self, token: str) -> AsyncIterator[RecordChange]:
        """
        Stream what came after a token. Raises SourceFailed in the end if it breaks.
        """
        for number, (kind, given, key) in enumerate(self.told[int(token) :], int(token) + 1):
            yield RecordChange(kind, key, str(number), given)
        if self.breaks:
            raise SourceFailed("hr", "the connection was cut")


class Moody(WritingHandler):
    """
    Some people cannot be made for a while.
    """

    refused: frozenset[str] = frozenset()

    async def create(self, attributes: Attributes, options: OperationOptions) -> WriteResult:
        """
        Make somebody. Raises ConnectionFailed for the refused.
        """
        if attributes["displayName"][0] in self.refused:
            raise ConnectionFailed("not now")
        return await super().create(attributes, options)


class LiveHouse:
    """
    Live sync with both ends in memory.
    """

    def __init__(self, house: SyncHouse) -> None:
        self.house, self.stream = house, Stream()
        self.tokens = SyncTokenTable(house.tables.plans._database, house.clock)
        self.moody = Moody(ACCOUNT_INFO, house.people, house.connector.traits, house.connector.traffic)

    async def round(self) -> Round:
        """
        Do one round, a second later, as a process that has just begun would.
        """
        house = self.house
        await house.clock.sleep(1)
        ends = Ends(house.mapping, house.source, house.facade, PlainRules("L1"))
        applier = Applier(house.mapping, house.facade, house.tables, house.permits, house.clock)
        live = Live(ends, house.engine, applier, house.tables, self.tokens)
        return await live.round(self.stream, Watched(), house.clock)

    def seen(self) -> list[str]:
        """
        Return everybody's name.
        """
        return sorted(str(row["displayName"]) for row in self.house.people.values())


@pytest.fixture
async def live(house: SyncHouse) -> LiveHouse:
    """
    Live sync that has begun to follow.
    """
    found = LiveHouse(house)
    found.stream.changed(record("0", "Before"))
    assert (await found.round()).begins
    return found


async def test_the_first_round_only_begins_to_follow(live: LiveHouse) -> None:
    """
    What was there before is for a plan of everybody.
    """
    assert (live.seen(), await live.tokens.token("people"), (await live.round()).plan) == ([], "1", None)


async def test_changes_have_their_effect_once(live: LiveHouse) -> None:
    """
    Somebody new, changed twice, and somebody else; the next round has nothing to do.
    """
    for given in (record("1", "Ana"), record("2", "Bo"), record("1", "Ana", title="Chief")):
        live.stream.changed(given)
    done = await live.round()
    assert done.plan is not None
    assert (done.changes, done.plan.state, live.seen()) == (2, PlanState.APPLIED, ["Ana", "Bo"])
    assert (await live.tokens.token("people"), (await live.round()).plan) == ("4", None)
    assert [each.intent.change.value for each in live.house.journal.entries] == ["create", "create"]


async def test_a_leaver_is_dealt_with_as_the_mapping_says(live: LiveHouse) -> None:
    """
    Told by the safe profile, deleted where the mapping says so.
    """
    live.stream.changed(record("1", "Ana"))
    await live.round()
    live.stream.gone("1")
    assert (await live.round(), live.seen())[1] == ["Ana"]
    live.house.mapping = people(SituationPolicy(Situation.SOURCE_MISSING, Action.DELETE))
    live.stream.gone("1")
    await live.round()
    assert (live.seen(), await live.house.links()) == ([], {})


async def test_a_record_that_fails_keeps_no_other_from_anything(live: LiveHouse) -> None:
    """
    It waits for its time in the plans that follow, in its newest form, and is there in the end; nobody is made twice.
    """
    live.house.connector._handlers[names.ACCOUNT] = live.moody
    live.house.limit(Limits(shrinking=None))
    live.house.facade = live.house.facade_of()
    live.moody.refused = frozenset({"Bo"})
    live.stream.changed(record("1", "Ana"))
    live.stream.changed(record("2", "Bo"))
    await live.round()
    live.stream.changed(record("3", "Cem"))
    await live.round()
    assert live.seen() == ["Ana", "Cem"]
    live.moody.refused = frozenset()
    live.stream.changed(record("2", "Bo", title="Chief"))
    await live.round()
    assert (live.seen(), await live.house.links() != {}) == (["Ana", "Bo", "Cem"], True)
    assert live.house.connector.traffic.calls["rows made"] == 3
    plans = await live.house.tables.plans.plans("people")
    assert {each.state for each in plans} == {PlanState.APPLIED}


async def test_a_record_that_keeps_failing_is_put_aside(live: LiveHouse) -> None:
    """
    After five attempts it is dead, and somebody has to look at it.
    """
    live.house.connector._handlers[names.ACCOUNT] = live.moody
    live.house.facade = live.house.facade_of()
    live.moody.refused = frozenset({"Bo"})
    live.stream.changed(record("2", "Bo"))
    for _ in range(12):
        await live.round()
        await live.house.clock.sleep(300)
    plans = await live.house.tables.plans.plans("people")
    states = [each.state async for some in live.house.tables.plans.items(plans[0].id) for each in some]
    assert states == [ItemState.DEAD]
    assert (await live.round()).plan is None


async def test_a_gate_stops_what_hurts_too_many_within_an_hour(live: LiveHouse) -> None:
    """
    Two rounds of two deletions are four; the token stays until somebody says yes to them.
    """
    live.house.mapping = people(SituationPolicy(Situation.SOURCE_MISSING, Action.DELETE))
    for number in range(5):
        live.stream.changed(record(str(number), f"P{number}"))
    await live.round()
    live.house.limit(Limits({Harm.DELETE: Threshold(count=3)}, shrinking=None))
    for key in ("0", "1"):
        live.stream.gone(key)
    await live.round()
    token = await live.tokens.token("people")
    for key in ("2", "3"):
        live.stream.gone(key)
    stopped = await live.round()
    again = await live.round()
    assert stopped.plan is not None
    assert again.plan is not None
    assert (stopped.is_stopped, again.plan.id, live.seen()) == (True, stopped.plan.id, ["P2", "P3", "P4"])
    assert await live.tokens.token("people") == token
    await live.house.engine.approve(stopped.plan.id, stopped.plan.fingerprint or "", "anna", {"delete": 4})
    await live.round()
    assert (live.seen(), await live.tokens.token("people")) == (["P4"], "10")


async def test_a_source_that_breaks_off_has_no_effect(live: LiveHouse) -> None:
    """
    The next round takes the same changes up again.
    """
    live.stream.changed(record("1", "Ana"))
    live.stream.breaks = True
    with pytest.raises(SourceFailed):
        await live.round()
    assert live.seen() == []
    live.stream.breaks = False
    await live.round()
    assert live.seen() == ["Ana"]


async def test_a_leaver_may_come_back_by_rounds_alone(live: LiveHouse) -> None:
    """
    Within the days somebody is pardoned; after them the round that hears of them again deletes; and whom an
    administrator restores is the same person, not a second one.
    """
    house = live.house
    house.mapping = people(SituationPolicy(Situation.SOURCE_MISSING, Action.DELETE, after_days=14))
    house.limit(Limits({harm: Threshold() for harm in Harm}, shrinking=None))
    live.stream.changed(record("1", "Ana"))
    await live.round()
    (uid,) = house.people
    live.stream.gone("1")
    await live.round()
    assert house.people[uid][names.ENABLE] is False
    live.stream.changed(record("1", "Ana"))
    await live.round()
    assert house.people[uid][names.ENABLE] is True

    live.stream.gone("1")
    await live.round()
    row = dict(house.people[uid])
    await house.clock.sleep(15 * 86_400.0)
    live.stream.gone("1")
    await live.round()
    assert house.people == {}
    house.people[uid] = {**row, "emails": ["ana.old@example.com"]}
    live.stream.changed(record("1", "Ana"))
    await live.round()
    assert (list(house.people), house.people[uid]["emails"]) == ([uid], ["ana@example.com"])
    assert house.people[uid][names.ENABLE] is True
    assert await house.links() == {"1": uid}


async def test_who_is_gone_at_both_ends_is_linked_no_more(live: LiveHouse) -> None:
    """
    The object vanished, by whomever, and then the record: the link has ended, and nothing is asked of the target. While
    the record stays, somebody is told, and nobody is made anew.
    """
    house = live.house
    live.stream.changed(record("1", "Ana"))
    await live.round()
    house.people.clear()
    live.stream.changed(record("1", "Ana", title="Chief"))
    told = (await live.round()).plan
    assert told is not None
    assert [Situation.MISSING] == [each.situation for each in await house.items(told)]
    assert ({}, 1) == (house.people, len(await house.links()))
    live.stream.gone("1")
    await live.round()
    assert ({}, {}) == (house.people, await house.links())
