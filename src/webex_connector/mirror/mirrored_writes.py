"""
Object classes with a picture that can be written: what was written is in the picture before the answer is given.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import replace
from typing import Protocol, cast

from webex_connector.icf.attributes import AttributeDelta, Attributes, Value, replaced
from webex_connector.icf.errors import AlreadyExists, Ambiguous, ConnectorError, UnknownUid
from webex_connector.icf.objects import ConnectorObject, NotApplied, WriteResult
from webex_connector.icf.operations import (
    CanApplyMany,
    CanCreate,
    CanDelete,
    CanUpdate,
    Change,
    ChangeOutcome,
    ChangeRequest,
    Fate,
)
from webex_connector.icf.options import OperationOptions
from webex_connector.mirror.layout import EMPTY, Inverse
from webex_connector.mirror.mirrored import Mirrored, Place, Readable
from webex_connector.store.learning import Doubted, Learned, Lesson, Related
from webex_connector.store.local_attributes import Shelf
from webex_connector.store.picture_rows import Link


class Writable(Readable, CanCreate, CanUpdate, CanDelete, Protocol):
    """
    An object class that can be read and written.
    """


class MirroredWritable(Mirrored):
    """
    Objects that can be written one by one.
    """

    def __init__(self, inner: Writable, place: Place) -> None:
        super().__init__(inner, place)
        self._writing = inner
        self.is_behind = False
        """
        Whether something was made that nobody can name: the next refresh should come soon.
        """

    async def create(self, attributes: Attributes, options: OperationOptions) -> WriteResult:
        """
        Make an object. Raises as the target does.
        """
        request = ChangeRequest(Change.CREATE, attributes=attributes)
        return await self._one(request, lambda: self._writing.create(attributes, options), options)

    async def update(self, uid: str, deltas: Sequence[AttributeDelta], options: OperationOptions) -> WriteResult:
        """
        Change an object. Raises as the target does. What the target does not show of it after that, the picture does:
        the target is asked only where the picture cannot tell.
        """
        request = ChangeRequest(Change.UPDATE, uid, deltas=tuple(deltas))
        is_held = not options.dry_run and await self._shown(uid, frozenset(), options) is not None
        asking = replace(options, read_back=False) if is_held else options
        result = await self._one(request, lambda: self._writing.update(uid, deltas, asking), options)
        if result.after is not None or not is_held or result.not_applied:
            return result
        return replace(result, after=await self._shown(uid, self.info.defaults_when_read, options))

    async def _shown(self, uid: str, wanted: frozenset[str], options: OperationOptions) -> ConnectorObject | None:
        try:
            return await self.held(uid, wanted, options)
        except UnknownUid:
            # That was a moment ago.
            return None

    async def delete(self, uid: str, options: OperationOptions) -> WriteResult:
        """
        Remove an object. Raises as the target does.
        """
        request = ChangeRequest(Change.DELETE, uid)
        return await self._one(request, lambda: self._writing.delete(uid, options), options)

    async def _one(
        self, request: ChangeRequest, write: Callable[[], Awaitable[WriteResult]], options: OperationOptions
    ) -> WriteResult:
        try:
            result = await write()
        except ConnectorError as error:
            await self._written([(request, error)], options)
            raise
        except BaseException:
            # Cancelled or broken in the middle: nobody knows whether it happened.
            await asyncio.shield(self._written([(request, Ambiguous("nobody saw the end"))], options))
            raise
        await self._written([(request, result)], options)
        return result

    async def _written(
        self, ends: Sequence[tuple[ChangeRequest, WriteResult | ConnectorError]], options: OperationOptions
    ) -> None:
        """
        Take in how writes ended.
        """
        self.absences.forget()
        if not options.dry_run:
            await self.learn([lesson for request, end in ends for lesson in self._lessons(request, end)])

    def _lessons(self, request: ChangeRequest, end: WriteResult | ConnectorError) -> Iterator[Lesson]:
        match end:
            case WriteResult():
                yield from self._of_result(request, end)
            case UnknownUid() if request.uid is not None:
                yield self.gone(request.uid)
            case AlreadyExists(uid=str(uid)):
                # Who hears of a conflict looks for the other object, and has to find it.
                yield Doubted(uid, unless_shown=True)
            case Ambiguous() if request.uid is not None:
                yield Doubted(request.uid)
            case Ambiguous():
                self.is_behind = True

    def _of_result(self, request: ChangeRequest, result: WriteResult) -> Iterator[Lesson]:
        uid = result.uid if result.after is None else result.after.uid
        if uid is None:
            return
        if request.change is Change.DELETE:
            # A target may keep whom it deletes, and say so.
            yield Doubted(uid) if result.not_applied or not result.changed else self.gone(uid)
            return
        if result.after is None and not result.changed:
            return
        asked = request.deltas
        if request.attributes is not None:
            asked = tuple(replaced(name, *values) for name, values in request.attributes.items())
        asked = (
            *(delta for delta in asked if delta.name not in result.shown),
            *(replaced(name, *values) for name, values in result.shown.items()),
        )
        deltas = [each for each in (_applied(delta, result.not_applied) for delta in asked) if each is not None]
        layout = self.place.layout
        if result.not_applied:
            yield Doubted(uid)
        else:
            is_new = request.change is Change.CREATE
            yield Learned(uid, lambda known: layout.overlaid(uid, EMPTY if is_new else known, deltas, result.after))
        for attribute, seen in layout.inverse.items():
            told = () if result.after is None else result.after.attributes.get(attribute, ())
            mine = [replaced(attribute, *told)] if told else [each for each in deltas if each.name == attribute]
            for delta in mine:
                yield self._related(uid, seen, delta)

    def _related(self, uid: str, seen: Inverse, delta: AttributeDelta) -> Related:
        shelf, one = Shelf(self.place.shelf.system, seen.object_class), Link(uid, seen.value(uid))
        if delta.replace is not None:
            return Related(shelf, seen.attribute, one, _texts(delta.replace), None)
        return Related(shelf, seen.attribute, one, _texts(delta.add), _texts(delta.remove))


class MirroredBulk(MirroredWritable):
    """
    Objects that can be written many at a time, too.
    """

    async def apply_many(self, changes: Sequence[ChangeRequest], options: OperationOptions) -> list[ChangeOutcome]:
        """
        Make many changes. One outcome for each, in order.
        """
        bulk = cast("CanApplyMany", self.inner)
        try:
            outcomes = await bulk.apply_many(changes, options)
        except BaseException:
            lost = Ambiguous("nobody saw the end")
            await asyncio.shield(self._written([(each, lost) for each in changes], options))
            raise
        pairs = zip(changes, outcomes, strict=True)
        await self._written([(request, _end(outcome)) for request, outcome in pairs], options)
        return outcomes


def _end(outcome: ChangeOutcome) -> WriteResult | ConnectorError:
    if outcome.result is not None:
        return outcome.result
    if outcome.fate is Fate.AMBIGUOUS or outcome.error is None:
        return Ambiguous("nobody saw the end")
    return outcome.error


def _applied(delta: AttributeDelta, missed: Sequence[NotApplied]) -> AttributeDelta | None:
    """
    Return what of a change was done; None for nothing.
    """
    values = [value for each in missed if each.attribute == delta.name for value in each.values]
    concerned = any(each.attribute == delta.name for each in missed)
    if not concerned:
        return delta

    def left(given: tuple[Value, ...]) -> tuple[Value, ...]:
        return tuple(each for each in given if each not in values)

    # Of what was to be there and nothing else, nobody knows what else there is.
    rest = AttributeDelta(delta.name, add=left(delta.add + (delta.replace or ())), remove=left(delta.remove))
    return rest if rest.add or rest.remove else None


def _texts(values: Sequence[Value]) -> tuple[str, ...]:
    return tuple(str(value) for value in values)
