"""
A look at a source: how many records it has, and which attributes they have.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from webex_connector.sync.errors import SourceRefused
from webex_connector.sync.records import Record
from webex_connector.sync.sources.seen import Seen
from webex_connector.sync.sources.source import Source


@dataclass(slots=True)
class Usage:
    """
    How an attribute is used: by so many records, with so many values at most.
    """

    records: int = 0
    most_values: int = 0


@dataclass(slots=True)
class Look:
    """
    What was found.
    """

    records: int = 0
    first: list[Record] = field(default_factory=list)
    attributes: dict[str, Usage] = field(default_factory=dict)

    def add(self, records: Sequence[Record], limit: int) -> None:
        """
        Take records, and keep the first ones.
        """
        self.first += records[: max(0, limit - len(self.first))]
        self.records += len(records)
        for record in records:
            for name, values in record.attributes.items():
                usage = self.attributes.setdefault(name, Usage())
                usage.records += 1
                usage.most_values = max(usage.most_values, len(values))


async def looked(source: Source, limit: int) -> Look:
    """
    Read a source to its end and keep its first records.

    Raises SourceFailed when it cannot be read to its end, and SourceRefused when a key comes twice.
    """
    look = Look()
    with Seen() as seen:
        async for page in source.read():
            repeated = seen.add(page.records)
            if repeated is not None:
                record, place = repeated
                raise SourceRefused(source.name, f"the key {record.key} comes twice: {place} and {record.place}")
            look.add(page.records, limit)
    return look
