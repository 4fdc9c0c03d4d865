"""
Reconciliations for the REST door: runs of the room jobs, and the plans they make. Plans that were made by hand are told
of too.
"""

from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import msgspec

from webex_connector.app.alerts import Alerts
from webex_connector.app.apply_work import ApplyWork
from webex_connector.app.live_work import LiveWork
from webex_connector.app.recon_facts import entry_of, facts_of, told_of
from webex_connector.app.recon_work import KIND, PLANNED, ReconWork
from webex_connector.app.running import Running
from webex_connector.app.syncing import Syncing
from webex_connector.gateway.idm.recons import (
    Entry,
    Linked,
    MappingFacts,
    Pair,
    Reconciliation,
    Refused,
    State,
    Wish,
)
from webex_connector.icf.errors import ConnectionFailed
from webex_connector.icf.options import Actor
from webex_connector.jobs.errors import JobsError, UnknownRun
from webex_connector.jobs.jobs import Jobs
from webex_connector.store.errors import StoreError
from webex_connector.store.journal import Opening
from webex_connector.store.links import LinkChange
from webex_connector.store.plans import KeptPlan, PlanState
from webex_connector.store.purging import Purge
from webex_connector.store.run_values import KeptRun, RunEvent

_LATEST = 100
_AMONG = 1000


class StoredReconciliations:
    """
    Serves the door's port.
    """

    def __init__(self, syncing: Syncing, jobs: Jobs, purge: Purge) -> None:
        self._syncing, self._jobs, self._purge = syncing, jobs, purge

    def mappings(self) -> Sequence[MappingFacts]:
        """
        Return the mappings there are.
        """
        return [facts_of(each) for each in self._syncing.settings.mappings.values()]

    async def begin(self, wish: Wish, by: str) -> str:
        """
        Begin and return the id. Raises Refused when it is not enabled, or is being reconciled already.
        """
        mapping = self._syncing.settings.mappings.get(wish.mapping)
        if mapping is None or not mapping.enabled:
            raise Refused(f"There is no mapping {wish.mapping} that is enabled")
        with _told():
            given = {name: value for name, value in msgspec.to_builtins(wish).items() if value is not None}
            return (await self._jobs.submit(KIND, given, by)).id

    async def ended(self, id_: str) -> None:
        """
        Return when it has ended.
        """
        with _told():
            async for _ in self._jobs.follow(id_):
                pass

    async def cancel(self, id_: str, by: str) -> None:
        """
        Have it end after what it is doing just now. Raises Refused for a plan that was made by hand.
        """
        with _told():
            await self._jobs.cancel(id_, by)

    async def one(self, id_: str) -> Reconciliation | None:
        """
        Return one of them, those that were not asked for at this door included.
        """
        with _told():
            run = await self._run(id_)
            plan = None if run is not None else await self._syncing.tables.plans.plan(id_)
            return None if run is None and plan is None else await self._told(run, plan)

    async def latest(self) -> Sequence[Reconciliation]:
        """
        Return the latest, the newest first.
        """
        with _told():
            runs = [each for each in await self._jobs.runs(most=_AMONG) if each.kind == KIND][:_LATEST]
            found = [await self._told(each, None) for each in runs]
            theirs = {each for run in runs if (each := _planned(await self._jobs.events(run.id)))}
            plans = [each for each in await self._syncing.tables.plans.plans(most=_LATEST) if each.id not in theirs]
            by_hand = [await self._told(None, each) for each in plans if each.state is not PlanState.MAKING]
        return sorted([*found, *by_hand], key=lambda each: each.started, reverse=True)[:_LATEST]

    async def remove(self, id_: str) -> None:
        """
        Forget one with its entries. Raises Refused while it is active.
        """
        found = await self.one(id_)
        if found is not None and found.state is State.ACTIVE:
            raise Refused(f"Reconciliation with id {id_} is active; cancel it first")
        with _told():
            plan = await self._plan_of(id_)
            if plan is not None:
                await self._syncing.tables.plans.remove(plan.id)
            await self._purge.run(id_)

    async def entries(self, id_: str, after: int) -> AsyncIterator[Sequence[Entry]]:
        """
        Stream its entries, those of higher numbers than `after`.
        """
        with _told():
            plan = await self._plan_of(id_)
            if plan is None:
                return
            async for some in self._syncing.tables.plans.items(plan.id, after=after):
                yield [entry_of(each) for each in some]

    async def linked(self, resource: str, id_: str) -> Sequence[Linked]:
        """
        Return what a record of a source, or an object of a system, belongs to.
        """
        found: list[Linked] = []
        with _told():
            for each in self._syncing.settings.mappings.values():
                facts = facts_of(each)
                for own, other, backwards in ((facts.source, facts.target, False), (facts.target, facts.source, True)):
                    if own.casefold() == resource.casefold():
                        turned = each.links_turned != backwards
                        uids = await self._syncing.tables.links.of_keys(each.link_type, [id_], turned=turned)
                        found += [Linked(facts, qualifier, other, uid) for (_, qualifier), uid in uids.items()]
        return found

    async def link(self, mapping: str, pair: Pair, by: Actor) -> None:
        """
        Make a record and an object belong together, or, without an object, to nobody; the journal has who did.
        """
        kept = self._syncing.settings.mappings[mapping]
        change = LinkChange(kept.link_type, pair.key, pair.qualifier, pair.uid, turned=kept.links_turned)
        intent = msgspec.json.encode({"mapping": mapping, "sourceId": pair.key}).decode()
        word = "unlink" if pair.uid is None else "link"
        noted = Opening(kept.system, kept.object_class, word, by.name, by.door, pair.uid, intent)
        with _told():
            await self._syncing.tables.links.change_by_hand(change, noted)

    async def _run(self, id_: str) -> KeptRun | None:
        try:
            found = await self._jobs.run(id_)
        except UnknownRun:
            return None
        return found if found.kind == KIND else None

    async def _plan_of(self, id_: str) -> KeptPlan | None:
        plan = id_ if await self._run(id_) is None else _planned(await self._jobs.events(id_))
        return None if plan is None else await self._syncing.tables.plans.plan(plan)

    async def _told(self, run: KeptRun | None, plan: KeptPlan | None) -> Reconciliation:
        events = [] if run is None else await self._jobs.events(run.id)
        made = _planned(events)
        if made is not None:
            plan = await self._syncing.tables.plans.plan(made)
        tally = {} if plan is None else await self._syncing.tables.plans.tally(plan.id)
        return told_of(run, events, plan, tally)


def reconciling(engine: Syncing, running: Running, alerts: Alerts) -> StoredReconciliations:
    """
    Have everything that the engine does among the runs of a process; return the reconciliations for its doors.
    """
    ApplyWork(engine, alerts).register(running.kinds)
    ReconWork(engine, alerts).register(running.kinds)
    LiveWork(engine, alerts).register(running.kinds)
    return StoredReconciliations(engine, running.jobs, Purge(engine.systems.memory.store.database))


def _planned(events: Sequence[RunEvent]) -> str | None:
    told: list[dict[str, Any]] = [msgspec.json.decode(each.content) for each in events if each.kind == PLANNED]
    return str(told[-1]["plan"]) if told else None


@contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except JobsError as problem:
        raise Refused(str(problem)) from problem
    except StoreError as problem:
        raise ConnectionFailed(str(problem)) from problem
