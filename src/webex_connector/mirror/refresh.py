"""
Keeping a picture up to date: read whole into a new one, or told what changed.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

import msgspec

from webex_connector.base.log import logger
from webex_connector.icf.errors import ConnectorError, InvalidOption, NotAllowed
from webex_connector.icf.filters import EVERYTHING
from webex_connector.icf.operations import CanSync, DeltaType, SyncDelta
from webex_connector.icf.options import Actor, Lane, OperationOptions
from webex_connector.mirror.layout import holding_in
from webex_connector.mirror.mirrored import Place, Readable
from webex_connector.store.engine import Database
from webex_connector.store.errors import Overtaken
from webex_connector.store.painting import Painting, Told
from webex_connector.store.pictures import Standing

OPTIONS: Final = OperationOptions(actor=Actor("mirror", "mirror"), lane=Lane.BULK)
"""
A refresh may take its time.
"""

_TOGETHER = 100

_log = logger("mirror")


@dataclass(frozen=True, slots=True)
class Rhythm:
    """
    How often a picture is refreshed.
    """

    refresh_every: timedelta = timedelta(minutes=5)
    full_every: timedelta = timedelta(days=1)
    """
    How often it is read whole, where the target can tell what changed.
    """
    stale_after: timedelta = timedelta(hours=1)
    """
    From which age on it is not shown any more.
    """


class Refresher:
    """
    Refreshes the picture of one object class.
    """

    def __init__(self, inner: Readable, place: Place, database: Database, rhythm: Rhythm) -> None:
        self._inner, self._place, self._database, self._rhythm = inner, place, database, rhythm

    def is_due(self, standing: Standing, now: datetime) -> bool:
        """
        Whether a refresh should begin: the last one, or its failure, is long enough ago.
        """
        tried = [each for each in (standing.as_of, standing.failed) if each is not None]
        return not tried or now >= max(tried) + self._rhythm.refresh_every

    async def refresh(self, *, whole: bool = False) -> bool:
        """
        Bring the picture up to date, or read it `whole`. Returns False, with nothing done, while somebody else does.

        Raises ConnectorError when the target does not answer, and StoreError; the picture is as it was then, and the
        error is kept beside it.
        """
        painting = Painting(self._database, self._place.shelf)
        standing = await painting.begin(self._now())
        if standing is None:
            return False
        try:
            if whole or self._must_be_whole(standing):
                await self._whole(painting, standing.token)
            else:
                await self._updated(painting, standing)
        except Overtaken:
            return False
        except ConnectorError as error:
            await painting.fail(self._now(), error.message)
            raise
        except asyncio.CancelledError:
            await asyncio.shield(painting.fail(self._now(), None))
            raise
        await painting.sweep()
        return True

    def _must_be_whole(self, standing: Standing) -> bool:
        if standing.shown is None or standing.held is None or standing.whole is None or standing.token is None:
            return True
        # A version that looks objects up by more has to read them anew.
        outgrown = not self._place.layout.keyed <= holding_in(standing.held).keyed
        return outgrown or not self._syncs() or self._now() >= standing.whole + self._rhythm.full_every

    def _syncs(self) -> bool:
        return isinstance(self._inner, CanSync)

    async def _whole(self, painting: Painting, token: str | None) -> None:
        if token is None and isinstance(self._inner, CanSync):
            # What changes while the list is read is told after it.
            token = await self._inner.latest_token(OPTIONS)
        asked = self._now()
        try:
            count = await self._listed(painting, token, self._place.layout.readable, asked)
        except NotAllowed:
            # Some attributes cannot be read by every road: then those that come by default are held.
            count = await self._listed(painting, token, self._default(), asked)
        shelf = self._place.shelf
        _log.info("mirror.read", system=shelf.system, object_class=shelf.object_class, objects=count)

    def _default(self) -> frozenset[str]:
        return self._inner.info.defaults_when_read & self._place.layout.readable

    async def _listed(self, painting: Painting, token: str | None, wanted: frozenset[str], asked: datetime) -> int:
        """
        Read everything into a new picture and show it.
        """
        layout = self._place.layout
        picture = await painting.start(self._now())
        count, before = 0, self._now()
        native = self._inner.translate(EVERYTHING).native
        async for batch in self._inner.search(native, wanted, None, OPTIONS):
            for at in range(0, len(batch.objects), _TOGETHER):
                entries = {each.uid: layout.entry(each) for each in batch.objects[at : at + _TOGETHER]}
                await painting.page(picture, list(entries.values()), before, self._now())
                count += len(entries)
            before = self._now()
        held = msgspec.json.encode(layout.holding(wanted)).decode()
        await painting.show(picture, held, token, asked)
        return count

    async def _updated(self, painting: Painting, standing: Standing) -> None:
        """
        Take in what the target tells of changes. A token that it does not take any more: read everything.
        """
        if not isinstance(self._inner, CanSync) or standing.held is None:
            raise TypeError(f"{self._inner.info.name} cannot be followed")
        asked = self._now()
        held = tuple(sorted(holding_in(standing.held).attributes))
        waiting: list[SyncDelta] = []
        try:
            async for delta in self._inner.sync(standing.token, replace(OPTIONS, attributes_to_get=held)):
                waiting.append(delta)
                if len(waiting) == _TOGETHER:
                    await self._taken(painting, waiting, asked)
                    waiting = []
            await self._taken(painting, waiting, asked)
        except InvalidOption as error:
            shelf = self._place.shelf
            _log.info("mirror.from_anew", system=shelf.system, object_class=shelf.object_class, reason=error.message)
            await self._whole(painting, None)
            return
        await painting.confirm(asked)

    async def _taken(self, painting: Painting, deltas: Sequence[SyncDelta], asked: datetime) -> None:
        told: dict[str, Told] = {}
        for delta in deltas:
            if delta.previous_uid is not None and delta.previous_uid != delta.uid:
                told[delta.previous_uid] = Told(delta.previous_uid, None)
            if delta.type is DeltaType.DELETE:
                told[delta.uid] = Told(delta.uid, None)
            elif delta.object is not None:
                told[delta.uid] = Told(delta.uid, self._place.layout.entry(delta.object))
        if deltas:
            linked = self._place.linked
            await painting.tell(list(told.values()), linked, deltas[-1].token, asked, self._now())

    def _now(self) -> datetime:
        return self._place.clock.now()
