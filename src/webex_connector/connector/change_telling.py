"""
Numbering changes, writing them down before anybody is told, and giving each the token at which a consumer may stop.
"""

import dataclasses
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass

from msgspec.structs import replace

from webex_connector.connector.change_sighting import Sighting
from webex_connector.connector.change_token import Mark, written
from webex_connector.connector.inventory import TOLD, Inventory, Note
from webex_connector.icf.errors import ConnectorError
from webex_connector.icf.objects import ConnectorObject
from webex_connector.icf.operations import DeltaType, SyncDelta


@dataclass(frozen=True, slots=True)
class Change:
    """
    Something to be told of: an object that is there, or that is gone.
    """

    key: str
    uid: str
    kind: DeltaType
    found: ConnectorObject | None = None
    mark: str | None = None
    is_known: bool = True
    """
    Whether the inventory knew the object before.
    """
    adds: int = 0
    """
    By how much the number of objects grows that the consumer surely knows.
    """
    since: int | None = None
    """
    Every modification before this moment has been told of once this one has; None where the order says nothing.
    """


class Telling:
    """
    One run through a change stream, from the token that was presented on.
    """

    def __init__(self, inventory: Inventory, mark: Mark, base: int) -> None:
        self.mark = mark
        """
        Where a consumer is that was told of everything so far.
        """
        self.final = mark
        """
        What the last token says of the moments; set when the run comes to its end.
        """
        self.handled: set[str] = set()
        """
        What was told of in this run.
        """
        self.grown = 0
        """
        By how many objects the inventory has grown in this run.
        """
        self._inventory = inventory
        self._number = base

    def number_from(self, base: int) -> None:
        """
        Give the changes to come the numbers after this one.
        """
        self._number = base

    async def announce(self, changes: Sequence[Change]) -> AsyncIterator[tuple[int, Change]]:
        """
        Write changes down and yield each with its number.
        """
        numbered = [(self._number + place, change) for place, change in enumerate(changes, 1)]
        self._number += len(numbered)
        self.handled.update(change.key for change in changes)
        self.grown += sum((change.mark is not None) - change.is_known for change in changes)
        await self._inventory.note(
            self.mark.stream,
            [Note(number, change.key, change.mark) for number, change in numbered],
        )
        for pair in numbered:
            yield pair

    async def deltas(self, changes: AsyncIterator[tuple[int, Change]]) -> AsyncIterator[SyncDelta]:
        """
        Yield the deltas of numbered changes. Each waits for the next one, since the last one's token says more.

        When the changes end with an error, what was announced is told before it is raised.
        """
        held: tuple[int, Change] | None = None
        try:
            async for pair in changes:
                if held is not None:
                    yield self._delta(*held)
                held = pair
        except ConnectorError:
            if held is not None:
                yield self._delta(*held)
            raise
        if held is not None:
            self.mark = replace(self.mark, audited=self.final.audited)
            yield self._delta(held[0], dataclasses.replace(held[1], since=self.final.since))

    def _delta(self, number: int, change: Change) -> SyncDelta:
        since = self.mark.since if change.since is None else change.since
        count = max(0, self.mark.count + change.adds)
        self.mark = replace(self.mark, number=number, since=since, count=count)
        return SyncDelta(change.kind, change.uid, written(self.mark), change.found)


def there(seen: Sighting, found: ConnectorObject, mark: str | None, *, first: bool = False) -> Change:
    """
    Return the change that tells of an object that is there; `mark` is what was known of it before.

    Whoever asks for the `first` time may know objects that were never told of.
    """
    is_new = mark is None or mark == TOLD
    kind = DeltaType.CREATE if mark is None else DeltaType.CREATE_OR_UPDATE if is_new else DeltaType.UPDATE
    return Change(
        seen.key,
        found.uid,
        DeltaType.CREATE_OR_UPDATE if first else kind,
        found,
        seen.sight.mark,
        is_known=mark is not None,
        adds=int(is_new),
    )


def gone(key: str, uid: str) -> Change:
    """
    Return the change that tells of a known object that is gone.
    """
    return Change(key, uid, DeltaType.DELETE, adds=-1)
