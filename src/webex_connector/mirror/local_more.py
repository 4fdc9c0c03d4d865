"""
What some object classes with local attributes can besides: many changes at once, and telling what changed.
"""

from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from typing import cast

from webex_connector.icf import validation
from webex_connector.icf.errors import Ambiguous, ConnectorError, UnknownUid
from webex_connector.icf.operations import (
    CanApplyMany,
    CanSync,
    Change,
    ChangeOutcome,
    ChangeRequest,
    DeltaType,
    Fate,
    SyncDelta,
)
from webex_connector.icf.options import OperationOptions
from webex_connector.mirror.local import LocalObjects


class LocalBulk(LocalObjects):
    """
    Objects that can be changed many at a time.
    """

    async def apply_many(self, changes: Sequence[ChangeRequest], options: OperationOptions) -> list[ChangeOutcome]:
        """
        Make the changes, then keep their local attributes. Those that concern nothing else are made one by one.
        """
        alone = {place for place, change in enumerate(changes) if self._is_local(change)}
        rest = [change for place, change in enumerate(changes) if place not in alone]
        inner = cast("CanApplyMany", self.inner)
        made = iter(await inner.apply_many([self._remote(change) for change in rest], options) if rest else [])
        return [
            await self._alone(change, options) if place in alone else await self._completed(change, next(made), options)
            for place, change in enumerate(changes)
        ]

    def _is_local(self, change: ChangeRequest) -> bool:
        return bool(change.deltas) and all(delta.name in self.local for delta in change.deltas)

    def _remote(self, change: ChangeRequest) -> ChangeRequest:
        return replace(
            change,
            attributes=None if change.attributes is None else self.remote(change.attributes),
            deltas=tuple(delta for delta in change.deltas if delta.name not in self.local),
        )

    async def _alone(self, change: ChangeRequest, options: OperationOptions) -> ChangeOutcome:
        try:
            return ChangeOutcome(Fate.DONE, await self.update(change.uid or "", change.deltas, options))
        except Ambiguous as error:
            return ChangeOutcome(Fate.AMBIGUOUS, error=error)
        except ConnectorError as error:
            return ChangeOutcome(Fate.REFUSED, error=error)

    async def _completed(
        self,
        change: ChangeRequest,
        outcome: ChangeOutcome,
        options: OperationOptions,
    ) -> ChangeOutcome:
        if outcome.result is None:
            if isinstance(outcome.error, UnknownUid) and change.uid is not None:
                await self.forget(change.uid, options)
            return outcome
        if change.change is Change.DELETE:
            return replace(outcome, result=await self.gone(outcome.result, change.uid or "", options))
        mine = [delta for delta in change.deltas if delta.name in self.local]
        if change.attributes is not None:
            mine = self.deltas_of(change.attributes)
        return replace(outcome, result=await self.kept(outcome.result, mine, options))


class LocalFollowed(LocalObjects):
    """
    Objects whose changes the target can tell of. A change of local attributes alone is not among them.
    """

    async def sync(self, token: str | None, options: OperationOptions) -> AsyncIterator[SyncDelta]:
        """
        Stream what changed after the token, joined; what is kept beside an object that is gone is forgotten.
        """
        wanted = validation.wanted(self.info, options)
        asked = options
        if options.attributes_to_get is not None:
            asked = replace(options, attributes_to_get=tuple(wanted - self.local), return_default_attributes=False)
        async for delta in cast("CanSync", self.inner).sync(token, asked):
            if delta.type is DeltaType.DELETE:
                await self.forget(delta.uid, options)
            if delta.object is None:
                yield delta
            else:
                (joined,) = await self.joined([delta.object], self.local & wanted)
                yield replace(delta, object=joined)

    async def latest_token(self, options: OperationOptions) -> str | None:
        """
        Return the token of now.
        """
        return await cast("CanSync", self.inner).latest_token(options)


class LocalBulkFollowed(LocalBulk, LocalFollowed):
    """
    Objects that can be changed many at a time, and whose changes the target can tell of.
    """
