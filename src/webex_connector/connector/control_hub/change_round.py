"""
One run through the changes of an object class: the cheap scan, and the comparison with everything where it is needed.

Nothing is told to be gone but what Webex, asked for that very id, says it does not know.
"""

import asyncio
import math
import secrets
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, replace

from msgspec.structs import replace as renewed

from webex_connector.base.log import logger
from webex_connector.connector.a_few_at_a_time import AT_ONCE
from webex_connector.connector.calls import call_of
from webex_connector.connector.change_sighting import Sight, Sighting, event_of, sight_in
from webex_connector.connector.change_telling import Change, Telling, gone, there
from webex_connector.connector.control_hub.change_source import MOST_SINGLE_READS, Newest, Source
from webex_connector.connector.inventory import TOLD, Inventory, Note, Standing
from webex_connector.icf.errors import UnknownUid
from webex_connector.icf.options import OperationOptions

_log = logger("connector")

Numbered = AsyncIterator[tuple[int, Change]]
"""
Changes, each with its number in the stream.
"""


@dataclass(frozen=True, slots=True)
class Round:
    """
    A run from a place in a known stream on.
    """

    source: Source
    inventory: Inventory
    telling: Telling
    standing: Standing
    wanted: frozenset[str]
    options: OperationOptions
    started: int

    async def changes(self) -> Numbered:
        """
        Announce what changed. Raises ConnectorError when Webex cannot be asked; what was announced before is true.
        """
        since, call = self.telling.mark.since, call_of(self.options)
        newest = None
        if since is not None and await self.source.sorts(call):
            newest = await self.source.newest(since, call)
        if newest is None or since is None:
            async for pair in self._compared(None):
                yield pair
            return
        async for pair in self._scanned(newest, since):
            yield pair

    async def _scanned(self, newest: Newest, since: int) -> Numbered:
        stream, telling = self.telling.mark.stream, self.telling
        hints = await self.source.hinted(telling.mark.audited, call_of(self.options))
        marks = await self.inventory.marks(stream, [*(each.key for each in newest.sightings), *(hints or ())])
        changed = changed_in(newest.sightings, marks, hints or {})
        hinted = [each for each in hinted_among(marks, hints or {}) if each.key not in changed]
        pages = math.ceil(newest.total / self.source.kind.list_page)
        if len(changed) + len(hinted) > max(MOST_SINGLE_READS, 2 * pages):
            async for pair in self._compared(newest.total):
                yield pair
            return
        missing = await self.source.gone_among([each.key for each in hinted], self.options)
        present = [each for each in hinted if each.key not in missing]
        found = sorted([*changed.values(), *present], key=lambda each: (each.sight.modified, each.key))
        async for pair in self._read(found, marks, since):
            yield pair
        async for pair in telling.announce([gone(key, self.source.uid_of(key)) for key in sorted(missing)]):
            yield pair
        unknown = sum(each.key not in marks for each in newest.sightings)
        expected = self.standing.count + self.standing.surplus + unknown - len(missing)
        if expected != newest.total:
            _log.info("comparing everything", expected=expected, total=newest.total, of=self.source.info.name)
            async for pair in self._compared(newest.total):
                yield pair
        latest = newest.sightings[0].sight.modified if newest.sightings else 0
        audited = telling.mark.audited if hints is None else self.started
        telling.final = renewed(telling.final, since=max(since, latest), audited=audited)

    async def _read(self, found: Sequence[Sighting], marks: Mapping[str, str], since: int) -> Numbered:
        """
        Read what changed, the oldest change first, and announce it. What is gone meanwhile is told to be gone.
        """
        for first in range(0, len(found), AT_ONCE):
            some = found[first : first + AT_ONCE]
            read = await asyncio.gather(*(self._one(each, marks, since) for each in some), return_exceptions=True)
            failure = next((each for each in read if isinstance(each, BaseException)), None)
            good = read if failure is None else read[: read.index(failure)]
            async for pair in self.telling.announce([each for each in good if isinstance(each, Change)]):
                yield pair
            if failure is not None:
                raise failure

    async def _one(self, seen: Sighting, marks: Mapping[str, str], since: int) -> Change | None:
        mark = marks.get(seen.key)
        try:
            now = await self.source.read(seen.key, self.wanted, self.options)
        except UnknownUid:
            if mark is not None:
                return gone(seen.key, self.source.uid_of(seen.key))
            # A user that SCIM shows and the people API does not: known, so that it is not looked up again each time.
            acknowledged = Note(self.standing.acknowledged, seen.key, seen.sight.mark)
            await self.inventory.note(self.telling.mark.stream, [acknowledged])
            self.telling.grown += 1
            return None
        sight = replace(seen.sight, modified=max(seen.sight.modified, now.sight.modified), detail=now.sight.detail)
        change = there(replace(now, sight=sight), now.read.only(self.wanted), mark)
        return replace(change, since=max(since, seen.sight.modified))

    async def _compared(self, total: int | None) -> Numbered:
        """
        Read the list of everything, announce what differs from what is known, and what is gone.
        """
        stream, telling = self.telling.mark.stream, self.telling
        walk, newest, first = secrets.token_hex(8), 0, telling.mark.since is None
        async for page in self.source.everything(self.wanted, self.options):
            marks = await self.inventory.marks(stream, [each.key for each in page])
            newest = max([newest, *(each.sight.modified for each in page)])
            changes = []
            for each in {one.key: one for one in page}.values():
                mark = marks.get(each.key)
                if each.key not in telling.handled and each.sight.tells_more_than(mark):
                    seen = each.joined(event_of(mark))
                    changes.append(there(seen, each.read.only(self.wanted), mark, first=first))
            await self.inventory.see(stream, walk, [each.key for each in page])
            async for pair in telling.announce(changes):
                yield pair
        async for some in self.inventory.unseen(stream, walk):
            missing = await self.source.gone_among([key for key in some if key not in telling.handled], self.options)
            async for pair in telling.announce([gone(key, self.source.uid_of(key)) for key in sorted(missing)]):
                yield pair
        count = self.standing.count + telling.grown
        await self.inventory.complete(stream, self.standing.surplus if total is None else total - count)
        since = min(self.started, newest) if newest else self.started
        telling.final = renewed(telling.final, since=max(telling.mark.since or 0, since), audited=self.started)


def changed_in(
    sightings: Sequence[Sighting], marks: Mapping[str, str], hints: Mapping[str, int]
) -> dict[str, Sighting]:
    """
    Return what the scan shows to be changed, each once, with what audit events told of it.
    """
    seen = [each.joined(max(hints.get(each.key, 0), event_of(marks.get(each.key)))) for each in sightings]
    return {each.key: each for each in reversed(seen) if each.sight.tells_more_than(marks.get(each.key))}


def hinted_among(marks: Mapping[str, str], hints: Mapping[str, int]) -> list[Sighting]:
    """
    Return what is known and what audit events told something new of.
    """
    before = {key: Sight(0) if marks[key] == TOLD else sight_in(marks[key]) for key in hints if key in marks}
    found = [Sighting(key, replace(sight, event=hints[key])) for key, sight in before.items()]
    return [each for each in found if each.sight.tells_more_than(marks[each.key])]
