"""
An object class that is read from a picture, and from the target where the picture cannot tell.
"""

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final, Protocol

from webex_connector.base.clock import Clock
from webex_connector.base.log import logger
from webex_connector.icf import names
from webex_connector.icf.errors import ConnectionBroken, InvalidOption, UnknownUid
from webex_connector.icf.filters import (
    EVERYTHING,
    And,
    Compare,
    Filter,
    Operator,
    attributes_of,
    conjuncts,
    matcher,
)
from webex_connector.icf.objects import Batch, ConnectorObject
from webex_connector.icf.operations import CanGet, CanSearch, Handler, Translation
from webex_connector.icf.options import OperationOptions, TotalPolicy
from webex_connector.icf.schema import ObjectClassInfo
from webex_connector.mirror.absences import Absences
from webex_connector.mirror.conditions import answers
from webex_connector.mirror.layout import Layout
from webex_connector.mirror.reading import FEW, Ask, Look, Page, Reader
from webex_connector.store.errors import StoreError
from webex_connector.store.learning import Gone, Learned, Learning, Lesson
from webex_connector.store.local_attributes import Shelf

BATCH: Final = 500
"""
How many objects a stream reads at a time.
"""

_WITH_LINKS: Final = 20
_LIVE, _OFFSET, _AFTER = "L", "O", "A"

_log = logger("mirror")


class Readable(Handler, CanGet, CanSearch, Protocol):
    """
    An object class that can be read.
    """


@dataclass(frozen=True, slots=True)
class Place:
    """
    Where the picture of an object class is, how it is laid out, and whose links may lead to its objects.
    """

    shelf: Shelf
    layout: Layout
    reader: Reader
    learning: Learning
    clock: Clock
    linked: tuple[tuple[Shelf, str], ...] = ()


@dataclass(frozen=True)
class _Plan:
    """
    A search, as the picture does it, and as the target does it: what that takes is found out once it is asked.
    """

    asked: Filter
    node: Filter
    is_exact: bool
    handler: Readable

    @cached_property
    def target(self) -> Translation:
        """
        The filter as the target has it.
        """
        return self.handler.translate(self.asked)

    @cached_property
    def sought(self) -> str | None:
        """
        The filter, if the target is to be asked before it is said that nobody matches.
        """
        equal = any(isinstance(part, Compare) and part.operator is Operator.EQUALS for part in conjuncts(self.asked))
        everything = self.handler.translate(EVERYTHING).native
        return repr(self.asked) if equal and self.target.native != everything else None


class Mirrored:
    """
    One object class in front of which there is a picture. `get` and `search` ask the target.
    """

    def __init__(self, inner: Readable, place: Place) -> None:
        self.info: ObjectClassInfo = inner.info
        self.inner, self.place = inner, place
        self.absences = Absences(place.clock)
        self._settling = asyncio.Lock()

    async def held(self, uid: str, wanted: frozenset[str], options: OperationOptions) -> ConnectorObject | None:
        """
        Return an object as the picture has it; None when it has not, when the picture is not whole or too old, or when
        nobody knows how the object is. Raises UnknownUid when the target said a moment ago that it is not there.
        """
        if options.live:
            return None
        try:
            as_of, found = await self.place.reader.held(uid, wanted, self.place.clock.now())
        except StoreError as problem:
            self._unread(problem)
            return None
        if as_of is not None and found is None and self.absences.has(uid):
            raise UnknownUid(f"There is no {uid} in {self.info.name}")
        if as_of is not None and found is not None and options.freshness is not None:
            options.freshness.note(as_of)
        return found

    async def get(self, uid: str, wanted: frozenset[str], options: OperationOptions) -> ConnectorObject:
        """
        Read an object from the target, and keep what it is like. Raises UnknownUid.
        """
        if options.live:
            return await self.inner.get(uid, wanted, options)
        return await self._asked(uid, wanted, options)

    def translate(self, node: Filter) -> Translation:
        """
        Split a filter: what the picture cannot tell by its rows remains.
        """
        parts = list(conjuncts(node))
        mine = tuple(part for part in parts if answers(part, self.place.layout))
        rest = tuple(part for part in parts if part not in mine)
        plan = _Plan(node, And(mine), not rest, self.inner)
        remainder = EVERYTHING if not rest else rest[0] if len(rest) == 1 else And(rest)
        return Translation(plan, remainder, arranges=True)

    async def answered(
        self,
        native: object,
        wanted: frozenset[str],
        resume: str | None,
        options: OperationOptions,
    ) -> AsyncIterator[Batch] | None:
        """
        Return what the picture brings; None when the target is to be asked. Raises InvalidOption when there is no
        picture any more to go on with, and ConnectionBroken when that cannot be told now.
        """
        plan = _planned(native)
        if options.live or (resume is not None and resume.startswith(_LIVE)):
            return None
        ask, arranged = self._ask(plan, wanted, resume, options)
        look = await self._look(ask, options)
        page = look.page
        if page is None and resume is not None:
            raise InvalidOption("The copy that these pages are of is there no more; start again without the cookie")
        if page is None:
            return None
        if not page.objects and not ask.offset and plan.sought is not None and not self.absences.has(plan.sought):
            return None
        if options.freshness is not None and look.as_of is not None:
            options.freshness.note(look.as_of)
        return self._batches(page, ask, arranged=arranged)

    async def search(
        self,
        native: object,
        wanted: frozenset[str],
        resume: str | None,
        options: OperationOptions,
    ) -> AsyncIterator[Batch]:
        """
        Stream what the target has, tested with what it leaves over. What was sought by name is kept.
        """
        plan = _planned(native)
        if resume is not None and not resume.startswith(_LIVE):
            raise InvalidOption("These pages are of a copy; start again without the cookie")
        remainder = plan.target.remainder
        test = None if remainder == EVERYTHING else matcher(remainder, self.info)
        is_kept = plan.sought is not None and not options.live
        asked = (wanted | attributes_of(remainder)) - {names.UID, names.NAME}
        kept = await self._kept() if is_kept else frozenset[str]()
        alone = test is None and not options.sort_keys and options.total_policy is not TotalPolicy.EXACT
        asking = options if alone else replace(options, page_size=0)
        mark = None if resume is None else resume.removeprefix(_LIVE)
        found: list[ConnectorObject] = []
        is_empty = True
        async for batch in self.inner.search(plan.target.native, asked | kept, mark, asking):
            objects = batch.objects if test is None else [each for each in batch.objects if test(each)]
            is_empty = is_empty and not objects
            found += objects[: FEW - len(found)] if kept else []
            following = None if batch.resume is None else _LIVE + batch.resume
            yield Batch(objects, following, batch.total if test is None else None)
        if is_empty and resume is None and plan.sought is not None:
            self.absences.note(plan.sought)
        await self.learn([self._seen(each) for each in found])

    async def learn(self, lessons: Sequence[Lesson]) -> None:
        """
        Teach the pictures. When they cannot be taught, that is logged: the next refresh will.
        """
        try:
            await asyncio.shield(self.place.learning.take(self.place.shelf, lessons, self.place.clock.now()))
        except StoreError as problem:
            shelf = self.place.shelf
            _log.error("mirror.not_kept", system=shelf.system, object_class=shelf.object_class, reason=str(problem))

    def gone(self, uid: str) -> Gone:
        """
        Return the lesson that an object is no more.
        """
        return Gone(uid, self.place.linked)

    def _seen(self, found: ConnectorObject) -> Learned:
        entry = self.place.layout.entry(found)
        return Learned(found.uid, lambda _: entry)

    async def _asked(self, uid: str, wanted: frozenset[str], options: OperationOptions) -> ConnectorObject:
        kept = await self._kept()
        try:
            found = await self.inner.get(uid, wanted | kept, options)
        except UnknownUid:
            self.absences.note(uid)
            if kept:
                await self.learn([self.gone(uid)])
            raise
        if kept:
            await self.learn([self._seen(found)])
        return found

    async def _kept(self) -> frozenset[str]:
        """
        Return the attributes that the picture holds; none while there is no picture, or it cannot be read.
        """
        try:
            return await self.place.reader.attributes()
        except StoreError as problem:
            self._unread(problem)
            return frozenset()

    def _ask(
        self, plan: _Plan, wanted: frozenset[str], resume: str | None, options: OperationOptions
    ) -> tuple[Ask, bool]:
        layout = self.place.layout
        arranged = plan.is_exact and all(key.attribute in layout.keyed | {names.UID} for key in options.sort_keys)
        most = _WITH_LINKS if (layout.links | layout.inverse.keys()) & wanted else BATCH
        limit = min(options.page_size or most, most) if arranged else most
        ask = Ask(
            plan.node,
            wanted,
            limit,
            keys=options.sort_keys if arranged else (),
            offset=options.offset if arranged else 0,
            counted=arranged and options.total_policy is not TotalPolicy.NONE,
        )
        if resume is None:
            return ask, arranged
        kind, place = resume[0], resume[1:]
        if kind == _OFFSET:
            return replace(ask, offset=int(place), goes_on=True), arranged
        return replace(ask, after=place, goes_on=True), arranged

    async def _look(self, ask: Ask, options: OperationOptions) -> Look:
        """
        Look at the picture, after it is known of a few doubtful objects how they are.
        """
        try:
            look = await self.place.reader.look(ask, self.place.clock.now())
            if not 0 < len(look.doubtful) <= FEW:
                return look
            async with self._settling:
                look = await self.place.reader.look(ask, self.place.clock.now())
                for uid in look.doubtful if len(look.doubtful) <= FEW else ():
                    await self._settled(uid, options)
            return await self.place.reader.look(ask, self.place.clock.now())
        except StoreError as problem:
            self._unread(problem)
            if ask.goes_on:
                raise ConnectionBroken(f"The copy that these pages are of does not answer: {problem}") from problem
            return Look(is_filled=True)

    async def _settled(self, uid: str, options: OperationOptions) -> None:
        try:
            await self._asked(uid, frozenset(), options)
        except UnknownUid:
            return

    async def _batches(self, page: Page, ask: Ask, *, arranged: bool) -> AsyncIterator[Batch]:
        while True:
            following = self._following(page, ask) if page.more else None
            mark = None
            if following is not None:
                mark = f"{_OFFSET}{following.offset}" if ask.keys else f"{_AFTER}{following.after}"
            yield Batch(page.objects, mark, page.total, arranged)
            if following is None:
                return
            ask = following
            try:
                found = (await self.place.reader.look(ask, self.place.clock.now())).page
            except StoreError as problem:
                raise ConnectionBroken(f"The copy does not answer any more: {problem}") from problem
            if found is None:
                raise ConnectionBroken("The copy was taken away while it was read; try again")
            page = found

    def _following(self, page: Page, ask: Ask) -> Ask:
        if ask.keys:
            return replace(ask, offset=ask.offset + len(page.objects), goes_on=True)
        return replace(ask, after=page.objects[-1].uid, offset=0, goes_on=True)

    def _unread(self, problem: StoreError) -> None:
        shelf = self.place.shelf
        _log.warning("mirror.unread", system=shelf.system, object_class=shelf.object_class, reason=str(problem))


def _planned(native: object) -> _Plan:
    if not isinstance(native, _Plan):
        raise TypeError("a plan of another handler")
    return native
