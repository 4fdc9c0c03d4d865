"""
What a mapping cannot know by itself: records for which several objects are found, or several records for one object.
People decide, and the next plan goes by it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from webex_connector.store.decisions import Choice, Decision
from webex_connector.store.plans import KeptPlan, PlanState
from webex_connector.sync.apply.applying import Tables
from webex_connector.sync.decide.plan import PlanItem
from webex_connector.sync.decide.situation import Situation
from webex_connector.sync.errors import RunRefused
from webex_connector.sync.item_text import item_of
from webex_connector.sync.pairing import CONFLICTS, MOST_CANDIDATES


@dataclass(frozen=True, slots=True)
class Undecided:
    """
    A record that waits for a decision.
    """

    key: str
    qualifier: str
    candidates: tuple[str, ...]
    """
    The uids of the objects that it could belong to, the first ones of many.
    """
    reason: str


class Worklist:
    """
    What is to be decided about one mapping.
    """

    def __init__(self, mapping: str, tables: Tables) -> None:
        self._mapping, self._tables = mapping, tables

    async def undecided(self) -> list[Undecided]:
        """
        Return the records that waited for a decision when the newest plan was made, and still do.

        Raises RunRefused when no plan was made yet, and StoreFailed.
        """
        plan, decided = await self._plan(), {(each.source_key, each.qualifier) for each in await self.decided()}
        found: list[Undecided] = []
        async for items in self._tables.plans.items(plan.id):
            found += [each for each in (_undecided(item_of(one.content)) for one in items) if each is not None]
        return [each for each in found if (each.key, each.qualifier) not in decided]

    async def decided(self) -> list[Decision]:
        """
        Return the decisions, those too that were carried out. Raises StoreFailed.
        """
        return [each async for some in self._tables.decisions.all(self._mapping) for each in some]

    async def decide(self, decision: Decision) -> None:
        """
        Keep a decision, for the next plan. One about the same record is replaced.

        Raises RunRefused when the newest plan has no such record to decide about, or its object is none of those that
        were found; and StoreFailed.
        """
        plan = await self._plan()
        waiting: Sequence[Undecided] = [
            each
            async for items in self._tables.plans.items(plan.id)
            for each in (_undecided(item_of(one.content)) for one in items)
            if each is not None and (each.key, each.qualifier) == (decision.source_key, decision.qualifier)
        ]
        if not waiting:
            raise RunRefused(
                f"About {decision.source_key} ({decision.qualifier}) nothing is to be decided in the newest plan of "
                f"{self._mapping}, {plan.id}"
            )
        candidates = waiting[0].candidates
        is_known = decision.target_uid in candidates or len(candidates) == MOST_CANDIDATES
        if decision.choice is Choice.BELONGS and not is_known:
            there = ", ".join(candidates) or "none"
            raise RunRefused(f"{decision.target_uid} is none of the objects of {decision.source_key}: {there}")
        await self._tables.decisions.decide(self._mapping, decision)

    async def _plan(self) -> KeptPlan:
        for each in await self._tables.plans.plans(self._mapping):
            if each.state is not PlanState.MAKING:
                return each
        raise RunRefused(f"There is no plan of {self._mapping} yet; make one: sync plan {self._mapping}")


def _undecided(item: PlanItem) -> Undecided | None:
    is_ambiguous = item.situation is Situation.AMBIGUOUS and item.problem is None
    if item.source_key is None or not (is_ambiguous or item.problem in CONFLICTS.values()):
        return None
    several = item.candidates or (() if item.target_uid is None else (item.target_uid,))
    return Undecided(item.source_key, item.link_qualifier, several, item.problem or item.reason)
