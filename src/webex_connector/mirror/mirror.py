"""
A connector with pictures of chosen object classes in front of it.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final, TypeGuard

from webex_connector.base.clock import Clock
from webex_connector.icf.objects import Finding, TestReport, Verdict
from webex_connector.icf.operations import (
    CONNECTOR_ABILITIES,
    CanApplyMany,
    CanAuthenticate,
    CanCreate,
    CanDelete,
    CanGet,
    CanSearch,
    CanSync,
    CanTest,
    CanUpdate,
    Connector,
    Handler,
)
from webex_connector.icf.options import OperationOptions
from webex_connector.icf.schema import ObjectClassInfo, Operation
from webex_connector.mirror.layout import Layout, is_linked
from webex_connector.mirror.mirrored import Mirrored, Place, Readable
from webex_connector.mirror.mirrored_writes import MirroredBulk, MirroredWritable, Writable
from webex_connector.mirror.reading import Reader
from webex_connector.mirror.refresh import Refresher, Rhythm
from webex_connector.store.engine import Database
from webex_connector.store.learning import Learning
from webex_connector.store.local_attributes import Shelf
from webex_connector.store.pictures import Pictures

_PATIENCE: Final = 3
"""
After how many of its intervals a copy that was not refreshed is behind.
"""


@dataclass(frozen=True, slots=True)
class Age:
    """
    How a picture is, for people to see.
    """

    object_class: str
    as_of: datetime | None
    """
    What happened before that moment is in it; None while it was never whole.
    """
    objects: int
    is_shown: bool
    """
    Whether reads are answered from it; else they go to the target.
    """
    failed: datetime | None
    error: str | None
    """
    Why the last refresh failed, if it did.
    """
    is_refreshing: bool
    is_behind: bool
    """
    Whether somebody should hear of it: its refreshes fail, or do not come, for several times as long as they should.
    """


class Mirror:
    """
    The same object classes and abilities as the connector behind it. Those named are read from pictures that are in the
    store; they are empty, and reads go to the connector, until they are refreshed.
    """

    def __init__(
        self,
        connector: Connector,
        system: str,
        database: Database,
        clock: Clock,
        *,
        classes: Collection[str],
        rhythm: Rhythm | None = None,
    ) -> None:
        self._connector, self._system, self._clock = connector, system, clock
        self._rhythm = rhythm or Rhythm()
        self._pictures = Pictures(database)
        chosen = {name: each for name, each in connector.handlers.items() if name in classes and _is_readable(each)}
        infos = {name: each.info for name, each in chosen.items()}
        places = {name: self._place(name, infos, database) for name in chosen}
        mirrored = {name: _in_front(each, places[name]) for name, each in chosen.items()}
        self.refreshers = {name: Refresher(each, places[name], database, self._rhythm) for name, each in chosen.items()}
        """
        What keeps each picture up to date.
        """
        self._mirrored: Mapping[str, Mirrored] = mirrored
        self.handlers: Mapping[str, Handler] = {**connector.handlers, **mirrored}
        for operation, method in _PASSED_ON.items():
            if isinstance(connector, CONNECTOR_ABILITIES[operation]):
                setattr(self, method, getattr(connector, method))
        if isinstance(connector, CanTest):
            self.test = self._tested

    def _place(self, name: str, infos: Mapping[str, ObjectClassInfo], database: Database) -> Place:
        layout, shelf = Layout(infos[name], infos), Shelf(self._system, name)
        reader = Reader(database, layout, shelf, self._rhythm.stale_after)
        linked = tuple(
            (Shelf(self._system, other.name), fact.name)
            for other in infos.values()
            for fact in other.attributes
            if fact.refers_to == name and is_linked(other, fact.name)
        )
        return Place(shelf, layout, reader, Learning(database), self._clock, linked)

    async def ages(self) -> list[Age]:
        """
        Return how each picture is. Raises StoreFailed.
        """
        return [await self._age(name) for name in self._mirrored]

    async def _age(self, name: str) -> Age:
        shelf, now = Shelf(self._system, name), self._clock.now()
        standing = await self._pictures.standing(shelf)
        is_fresh = standing.is_fresh(now, self._rhythm.stale_after)
        is_refreshing = standing.until is not None and now < standing.until
        if standing.as_of is None:
            is_behind = standing.error is not None
        else:
            # A whole reading may take long: until the copy is too old to be shown, that is nobody's trouble.
            is_under_way = is_refreshing and is_fresh and standing.error is None
            is_behind = now > standing.as_of + _PATIENCE * self._rhythm.refresh_every and not is_under_way
        return Age(
            name,
            standing.as_of,
            await self._pictures.count(shelf),
            is_fresh,
            standing.failed,
            standing.error,
            is_refreshing,
            is_behind,
        )

    async def refresh_due(self) -> None:
        """
        Refresh the pictures for which it is time. Raises as `Refresher.refresh` does, once all were tried.
        """
        failures: list[Exception] = []
        for name, refresher in self.refreshers.items():
            each = self._mirrored[name]
            is_behind = isinstance(each, MirroredWritable) and each.is_behind
            standing = await self._pictures.standing(Shelf(self._system, name))
            if not is_behind and not refresher.is_due(standing, self._clock.now()):
                continue
            if isinstance(each, MirroredWritable):
                each.is_behind = False
            try:
                await refresher.refresh()
            except Exception as failure:  # noqa: BLE001 - raised below, when the other classes had their turn
                failures.append(failure)
        if failures:
            raise failures[0]

    async def _tested(self, options: OperationOptions) -> TestReport:
        """
        Test the connector, and look at how old the pictures are.
        """
        if not isinstance(self._connector, CanTest):
            raise TypeError("nothing to test")
        report = await self._connector.test(options)
        found = [_finding(each) for each in await self.ages()]
        return replace(report, findings=(*report.findings, *found))

    async def aclose(self) -> None:
        """
        Release the connector. The store is its owner's to close.
        """
        await self._connector.aclose()


_PASSED_ON: Mapping[Operation, str] = {
    Operation.SCRIPT_ON_CONNECTOR: "run_script",
    Operation.DISCOVER: "discover",
}


def _in_front(handler: Readable, place: Place) -> Mirrored:
    made: Mirrored
    if _is_writable(handler):
        made = (MirroredBulk if isinstance(handler, CanApplyMany) else MirroredWritable)(handler, place)
    else:
        made = Mirrored(handler, place)
    # What the picture has no part in, the target does; what is implemented is what the object class can do.
    passed_on = (("sync", "latest_token") if isinstance(handler, CanSync) else ()) + (
        ("authenticate",) if isinstance(handler, CanAuthenticate) else ()
    )
    for method in passed_on:
        setattr(made, method, getattr(handler, method))
    return made


def _is_readable(handler: Handler) -> TypeGuard[Readable]:
    """
    Whether there can be pictures of an object class. Raises TypeError for one that can be written, but not in each way.
    """
    writes = [isinstance(handler, each) for each in (CanCreate, CanUpdate, CanDelete)]
    if any(writes) and not all(writes):
        raise TypeError(f"{handler.info.name} can be written in part only, which a mirror does not know")
    return isinstance(handler, CanGet) and isinstance(handler, CanSearch)


def _is_writable(handler: Handler) -> TypeGuard[Writable]:
    return all(isinstance(handler, ability) for ability in (CanCreate, CanUpdate, CanDelete))


def _finding(age: Age) -> Finding:
    subject = f"mirror of {age.object_class}"
    if age.as_of is None:
        detail = "never filled" if age.error is None else f"never filled: {age.error}"
        return Finding(subject, Verdict.WARNING, f"{detail}; reads go to the target", needed=False)
    when = age.as_of.isoformat(timespec="seconds")
    detail = f"{age.objects} objects, as of {when}"
    if age.error is not None or not age.is_shown:
        more = "" if age.error is None else f"; the last refresh failed: {age.error}"
        return Finding(subject, Verdict.WARNING, f"{detail}{more}", needed=False)
    return Finding(subject, Verdict.YES, detail, needed=False)
