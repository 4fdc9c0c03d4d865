"""
Going on from a token whose inventory is lost: the process was started anew without a store.

What was modified since is in the list of everything. Of what was deleted the list says nothing but how many they are;
audit events may name them. Where they do not, the token is refused: a consumer that hears nothing of a deletion keeps
an account for ever.
"""

from dataclasses import dataclass

from msgspec.structs import replace as renewed

from webex_connector.connector.calls import call_of
from webex_connector.connector.change_sighting import OVERLAP, Sighting
from webex_connector.connector.change_telling import Change, Telling, gone
from webex_connector.connector.change_token import AGAIN
from webex_connector.connector.control_hub.change_round import Numbered
from webex_connector.connector.control_hub.change_source import Source
from webex_connector.connector.inventory import Inventory, Note
from webex_connector.icf.errors import InvalidOption
from webex_connector.icf.operations import DeltaType
from webex_connector.icf.options import OperationOptions


@dataclass(frozen=True, slots=True)
class Recovery:
    """
    A run from a place in a stream that nobody remembers.
    """

    source: Source
    inventory: Inventory
    telling: Telling
    wanted: frozenset[str]
    options: OperationOptions
    started: int
    since: int

    async def changes(self) -> Numbered:
        """
        Announce what changed, and what is gone if all of that can be named.

        Raises InvalidOption when it cannot; then nothing is announced.
        """
        stream, telling = self.telling.mark.stream, self.telling
        await self.inventory.begin(stream, telling.mark.number)
        standing = await self.inventory.settle(stream, telling.mark.number)
        telling.number_from(telling.mark.number if standing is None else standing.base)
        changed, seen, created, newest = dict[str, Sighting](), 0, 0, 0
        async for page in self.source.everything(self.wanted, self.options):
            known = telling.mark.number
            notes = [Note(known, each.key, each.sight.mark) for each in page if not self._is_recent(each)]
            await self.inventory.note(stream, notes)
            changed.update((each.key, each) for each in page if self._is_recent(each))
            seen += len(page)
            created += sum(each.created > self.since for each in page)
            newest = max([newest, *(each.sight.modified for each in page)])
        missing = await self._named(changed, telling.mark.count + created - seen)
        await self.inventory.complete(stream, 0)
        ordered = sorted(changed.values(), key=lambda each: (each.sight.modified, each.key))
        async for pair in telling.announce([self._there(each) for each in ordered]):
            yield pair
        async for pair in telling.announce([gone(key, self.source.uid_of(key)) for key in sorted(missing)]):
            yield pair
        since = min(self.started, newest) if newest else self.started
        telling.final = renewed(telling.final, since=max(self.since, since), audited=self.started)

    async def _named(self, changed: dict[str, Sighting], lost: int) -> set[str]:
        mark = self.telling.mark
        hints = await self.source.hinted(mark.audited, call_of(self.options)) or {}
        there = await self.inventory.marks(mark.stream, list(hints))
        missing = await self.source.gone_among(
            [key for key in hints if key not in there and key not in changed], self.options
        )
        if lost > len(missing):
            raise InvalidOption(
                f"{lost} objects of {self.source.info.name} are gone since this sync token was made, and nothing says "
                f"which: the record of who was there is lost, and audit events do not tell. {AGAIN}",
            )
        return missing

    def _is_recent(self, seen: Sighting) -> bool:
        return max(seen.sight.modified, seen.created) >= self.since - OVERLAP

    def _there(self, seen: Sighting) -> Change:
        is_new = seen.created > self.since
        return Change(
            seen.key,
            seen.read.uid,
            DeltaType.CREATE_OR_UPDATE,
            seen.read.only(self.wanted),
            seen.sight.mark,
            is_known=False,
            adds=int(is_new),
            since=max(self.since, seen.sight.modified),
        )
