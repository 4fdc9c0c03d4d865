"""
Following a source that cannot tell its changes: what it holds is compared with what it held.

Nothing is told before the source has been read to its end: half of a file that is being written is no news.
"""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import Final

from webex_connector.policy.safety import FEW, Limits
from webex_connector.store.ledgers import LedgerTable, Noted
from webex_connector.sync.errors import SourceFailed, SourceRefused
from webex_connector.sync.records import Kind, Record, RecordChange, canonical, digest
from webex_connector.sync.sources.seen import Seen
from webex_connector.sync.sources.source import Incremental, Marked, Marking, Source

_NO_MARK: Final = ""


@dataclass(frozen=True, slots=True)
class _Token:
    ledger: str
    step: int
    mark: str

    def __str__(self) -> str:
        return f"{self.ledger}.{self.step}.{self.mark}"


class Compared:
    """
    Follows a source by comparison. One that can say what is newer is asked for that and for its keys alone; any other
    is read whole.
    """

    def __init__(self, source: Source, ledgers: LedgerTable, limits: Limits) -> None:
        self._source, self._ledgers, self._limits = source, ledgers, limits

    async def latest(self) -> str:
        """
        Read everything once and return the token of what was there. Raises SourceFailed and StoreFailed.
        """
        ledger, mark = await self._ledgers.begin(self._source.name), _NO_MARK
        try:
            with Seen() as seen:
                async for page in self._everything():
                    self._add(seen, page.records)
                    await self._ledgers.enter(ledger, {each.key: _digest(each) for each in page.records})
                    mark = page.mark
        except BaseException:
            await self._ledgers.forget(ledger)
            raise
        return str(_Token(ledger, 0, mark))

    async def changes(self, token: str) -> AsyncIterator[RecordChange]:
        """
        Stream what is new, other or gone since a token.

        Raises SourceFailed, also for a token that cannot be gone on from; SourceRefused when a key comes twice, or more
        records are gone than the limits let a source shrink; StoreFailed.
        """
        old = await self._settled(token)
        with Seen() as seen:
            mark = await self._look(old, seen)
            await self._lose(old, seen)
            step, left = old.step, seen.count()
            for some in seen.changes():
                noted = [Noted(step + place, key, digest) for place, (key, digest, _) in enumerate(some, 1)]
                await self._ledgers.note(old.ledger, noted)
                for each, (_, _, record) in zip(noted, some, strict=True):
                    left -= 1
                    # Only with the last one, everything up to the new mark has been dealt with.
                    here = _Token(old.ledger, each.step, old.mark if left else mark)
                    yield RecordChange(Kind.GONE if record is None else Kind.CHANGED, each.key, str(here), record)
                step = noted[-1].step

    async def _settled(self, token: str) -> _Token:
        ledger, _, rest = token.partition(".")
        step, dot, mark = rest.partition(".")
        if not dot or not step.isdecimal() or not await self._ledgers.settle(ledger, self._source.name, int(step)):
            raise SourceFailed(
                self._source.name,
                "what it held is not known here any more, so its changes cannot be told; compare everything once, and "
                "follow it anew",
            )
        return _Token(ledger, int(step), mark)

    async def _look(self, old: _Token, seen: Seen) -> str:
        mark = old.mark
        if isinstance(self._source, Marking) and mark:
            async for page in self._source.newer(mark):
                await self._compare(old.ledger, page.records, seen)
                mark = page.mark
            async for keys in self._source.keys():
                seen.add_keys(keys)
            return mark
        async for page in self._everything():
            self._add(seen, page.records)
            await self._compare(old.ledger, page.records, seen)
            mark = page.mark
        return mark

    async def _everything(self) -> AsyncIterator[Marked]:
        if isinstance(self._source, Marking):
            async for marked in self._source.newer(None):
                yield marked
            return
        async for page in self._source.read():
            yield Marked(page.records, _NO_MARK)

    def _add(self, seen: Seen, records: Sequence[Record]) -> None:
        repeated = seen.add(records)
        if repeated is not None:
            record, place = repeated
            raise SourceRefused(self._source.name, f"the key {record.key} comes twice: {place} and {record.place}")

    async def _compare(self, ledger: str, records: Sequence[Record], seen: Seen) -> None:
        known = await self._ledgers.digests(ledger, [each.key for each in records])
        for each in records:
            now = _digest(each)
            if known.get(each.key) != now:
                seen.change(each, now)

    async def _lose(self, old: _Token, seen: Seen) -> None:
        known = lost = 0
        async for keys in self._ledgers.keys(old.ledger):
            missing = seen.missing(keys)
            seen.lose(missing)
            known, lost = known + len(keys), lost + len(missing)
        most = self._limits.shrinking
        if most is not None and lost > FEW and 100 * lost / known > most:
            raise SourceRefused(
                self._source.name,
                f"{lost} of {known} records are gone; {most:g} % may be. See whether it is whole; if it is, compare "
                "everything once, and follow it anew",
            )


def following(source: Source, ledgers: LedgerTable, limits: Limits) -> Incremental:
    """
    Return how a source is followed: by its own changes when it can tell them, else by comparison.
    """
    return source if isinstance(source, Incremental) else Compared(source, ledgers, limits)


def _digest(record: Record) -> bytes:
    return digest(canonical(record.attributes))
