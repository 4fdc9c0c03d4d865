"""
Attributes that the target cannot hold, kept beside its objects: a connector in front of another one.

The target is written first, the table after it. Should a process die between the two, the object is
as asked and its local attributes are as they were, until they are written again. A table that does not answer
makes a write partial, never undone. A read never comes without the local attributes that were asked for.
"""

from collections.abc import AsyncIterator, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from webex_connector.base.log import logger
from webex_connector.icf import names
from webex_connector.icf.attributes import AttributeDelta, Attributes, Values, after, replaced
from webex_connector.icf.errors import ConnectionFailed, UnknownUid
from webex_connector.icf.filters import And, Filter, Or, attributes_of, equals
from webex_connector.icf.objects import Batch, ConnectorObject, NotApplied, WriteResult
from webex_connector.icf.operations import (
    CanCreate,
    CanDelete,
    CanGet,
    CanSearch,
    CanUpdate,
    Handler,
    Translation,
)
from webex_connector.icf.options import OperationOptions
from webex_connector.icf.schema import ObjectClassInfo
from webex_connector.mirror.local_schema import Selection, folded, selection_of, with_local, without
from webex_connector.store.errors import StoreError
from webex_connector.store.local_attributes import Kept, LocalValues, Shelf

FEW = 50
"""
Up to that many objects, chosen by the table, are asked for one by one; for more the target is searched.
"""

_log = logger("mirror")


class Whole(Handler, CanCreate, CanUpdate, CanDelete, CanGet, CanSearch, Protocol):
    """
    An object class that can be read and written.
    """


@dataclass(frozen=True, slots=True)
class _Plan:
    """
    How a search is done: on the target, or by asking for those that the table chooses.
    """

    native: object
    selection: Selection | None


class LocalObjects:
    """
    One object class with local attributes.
    """

    def __init__(self, inner: Whole, system: str, table: LocalValues) -> None:
        self.info: ObjectClassInfo = with_local(inner.info)
        self.inner = inner
        self.shelf = Shelf(system, inner.info.name)
        self.table = table
        self.local = frozenset(fact.name for fact in self.info.attributes if fact.local)

    async def create(self, attributes: Attributes, options: OperationOptions) -> WriteResult:
        """
        Make an object, then keep its local attributes. When those cannot be kept, they are in `not_applied`.
        """
        result = await self.inner.create(self.remote(attributes), options)
        return await self.kept(result, self.deltas_of(attributes), options)

    async def update(self, uid: str, deltas: Sequence[AttributeDelta], options: OperationOptions) -> WriteResult:
        """
        Change an object, then its local attributes; see `create`. An object of which only those change is read, so that
        nothing is kept of one that is not there. Raises UnknownUid.
        """
        remote = [delta for delta in deltas if delta.name not in self.local]
        mine = [delta for delta in deltas if delta.name in self.local]
        if remote or not mine:
            return await self.kept(await self._updated(uid, remote, options), mine, options)
        found = await self._found(uid, self.inner.info.defaults_when_read, options)
        return await self.kept(WriteResult(found.uid, found, found, changed=False), mine, options)

    async def delete(self, uid: str, options: OperationOptions) -> WriteResult:
        """
        Remove an object, and what is kept beside it. Raises UnknownUid; what was kept is forgotten then, too.
        """
        try:
            result = await self.inner.delete(uid, options)
        except UnknownUid:
            await self.forget(uid, options)
            raise
        return await self.gone(result, uid, options)

    async def get(self, uid: str, wanted: frozenset[str], options: OperationOptions) -> ConnectorObject:
        """
        Read an object with its local attributes. Raises UnknownUid, and ConnectionFailed when the table does not
        answer.
        """
        found = await self._found(uid, wanted - self.local, options)
        (joined,) = await self.joined([found], wanted)
        return joined

    def translate(self, node: Filter) -> Translation:
        """
        Split a filter. What concerns local attributes remains, so that the whole filter is tested on what comes.
        """
        if not attributes_of(node) & self.local:
            split = self.inner.translate(node)
            return Translation(_Plan(split.native, None), split.remainder)
        split = self.inner.translate(And(without(node, self.local)))
        return Translation(_Plan(split.native, selection_of(node, self.info, self.local)), node)

    async def search(
        self,
        native: object,
        wanted: frozenset[str],
        resume: str | None,
        options: OperationOptions,
    ) -> AsyncIterator[Batch]:
        """
        Stream what matches, joined with local attributes. Raises ConnectionFailed when the table does not answer.
        """
        if not isinstance(native, _Plan):
            raise TypeError("a plan of another handler")
        # A mark is one of the target's own search, so whoever comes with one goes on with that.
        chosen = None if native.selection is None or resume is not None else await self._chosen(native.selection)
        if chosen is not None:
            yield Batch(await self._those(chosen, wanted, options))
            return
        async for batch in self.inner.search(native.native, wanted - self.local, resume, options):
            yield replace(batch, objects=await self.joined(batch.objects, wanted))

    async def _chosen(self, selection: Selection) -> list[str] | None:
        """
        Return those that the table chooses; None when they are more than a few.
        """
        try:
            found = await self.table.having(self.shelf, selection.attribute, selection.folded, FEW + 1)
        except StoreError as problem:
            raise _unread(problem) from problem
        return found if len(found) <= FEW else None

    async def _those(self, uids: list[str], wanted: frozenset[str], options: OperationOptions) -> list[ConnectorObject]:
        if not uids:
            return []
        those = tuple(equals(names.UID, uid) for uid in uids)
        native = self.inner.translate(those[0] if len(those) == 1 else Or(those)).native
        whole = replace(options, page_size=0, sort_keys=())
        asked = set(uids)
        found: list[ConnectorObject] = []
        async for batch in self.inner.search(native, wanted - self.local, None, whole):
            found.extend(each for each in batch.objects if each.uid in asked)
        for uid in asked - {each.uid for each in found}:
            # A search that does not bring an object proves nothing; reading it does.
            try:
                found.append(await self._found(uid, wanted - self.local, options))
            except UnknownUid:
                continue
        return await self.joined(found, wanted)

    async def _found(self, uid: str, wanted: frozenset[str], options: OperationOptions) -> ConnectorObject:
        try:
            return await self.inner.get(uid, wanted, options)
        except UnknownUid:
            await self.forget(uid, options)
            raise

    async def _updated(self, uid: str, deltas: Sequence[AttributeDelta], options: OperationOptions) -> WriteResult:
        try:
            return await self.inner.update(uid, deltas, options)
        except UnknownUid:
            await self.forget(uid, options)
            raise

    def remote(self, attributes: Attributes) -> Attributes:
        """
        Return the attributes that the target holds.
        """
        return {name: values for name, values in attributes.items() if name not in self.local}

    def deltas_of(self, attributes: Attributes) -> list[AttributeDelta]:
        """
        Return the local ones among a new object's attributes, as changes.
        """
        return [replaced(name, *values) for name, values in attributes.items() if name in self.local]

    async def kept(self, result: WriteResult, mine: Sequence[AttributeDelta], options: OperationOptions) -> WriteResult:
        """
        Return the result of a write with its local part done, or named as not applied.
        """
        uid = result.uid if result.after is None else result.after.uid
        if options.dry_run:
            lines = (f"keep {delta.name} beside {self.info.name}" for delta in mine)
            return replace(result, withheld=(*result.withheld, *lines))
        if uid is None:
            return result
        if not mine:
            return await self._shown(result)
        try:
            before, now = await self.table.change(self.shelf, uid, lambda kept: _changed(kept, mine), self._fold)
        except StoreError as problem:
            _log.error("mirror.local_lost", system=self.shelf.system, uid=uid, reason=str(problem))
            missed = tuple(NotApplied(delta.name, delta.values, f"it could not be kept: {problem}") for delta in mine)
            return replace(result, not_applied=(*result.not_applied, *missed))
        return replace(
            result,
            before=None if result.before is None else _with(result.before, before),
            after=None if result.after is None else _with(result.after, now),
            changed=result.changed or before != now,
        )

    async def _shown(self, result: WriteResult) -> WriteResult:
        """
        Return the result of a write that concerns the target alone with what is kept beside the object, if that can be
        told: the write has happened.
        """
        there = [each for each in (result.before, result.after) if each is not None]
        try:
            found = iter(await self.joined(there, self.local))
        except ConnectionFailed as problem:
            _log.warning("mirror.local_unread", system=self.shelf.system, uid=result.uid, reason=problem.message)
            return result
        return replace(
            result,
            before=None if result.before is None else next(found),
            after=None if result.after is None else next(found),
        )

    async def gone(self, result: WriteResult, uid: str, options: OperationOptions) -> WriteResult:
        """
        Return the result of a deletion with what was kept beside the object, which is forgotten.
        """
        last = result.after
        if last is not None:
            try:
                (last,) = await self.joined([last], self.local)
            except ConnectionFailed:
                _log.warning("mirror.local_unread", system=self.shelf.system, uid=uid)
        await self.forget(uid if last is None else last.uid, options)
        return replace(result, after=last)

    async def forget(self, uid: str, options: OperationOptions) -> None:
        """
        Forget what is kept beside an object that is gone. What cannot be forgotten now is at the next occasion.
        """
        if options.dry_run:
            return
        try:
            await self.table.forget(self.shelf, uid)
        except StoreError as problem:
            _log.warning("mirror.local_left", system=self.shelf.system, uid=uid, reason=str(problem))

    async def joined(self, objects: list[ConnectorObject], wanted: frozenset[str]) -> list[ConnectorObject]:
        """
        Return objects with their local attributes, if any are wanted. Raises ConnectionFailed.
        """
        if not objects or not wanted & self.local:
            return objects
        try:
            kept = await self.table.of(self.shelf, [each.uid for each in objects])
        except StoreError as problem:
            raise _unread(problem) from problem
        return [_with(each, kept.get(each.uid, {})) for each in objects]

    def _fold(self, attribute: str, value: str) -> str:
        return folded(self.info, attribute, value)


def _unread(problem: StoreError) -> ConnectionFailed:
    return ConnectionFailed(f"Attributes that are kept here cannot be read: {problem}")


def _with(found: ConnectorObject, kept: Kept) -> ConnectorObject:
    return replace(found, attributes={**found.attributes, **kept}) if kept else found


def _changed(kept: Kept, deltas: Iterable[AttributeDelta]) -> Kept:
    values: dict[str, Values] = {**kept}
    for delta in deltas:
        values[delta.name] = after(delta, values.get(delta.name, ()))
    return {name: tuple(str(value) for value in each) for name, each in values.items()}
