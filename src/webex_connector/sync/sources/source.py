"""
What every source can do.
"""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from webex_connector.expressions.values import Shape
from webex_connector.sync.records import Page, Record, RecordChange


@runtime_checkable
class Source(Protocol):
    """
    Something that holds records of people or groups.
    """

    @property
    def name(self) -> str:
        """
        The name that the settings give it.
        """
        ...

    @property
    def shape(self) -> Shape:
        """
        The attributes that its records can have, where the settings say so; else UNKNOWN.
        """
        ...

    def read(self) -> AsyncIterator[Page]:
        """
        Read every record, in pages. The stream ends by itself only when the source has said that this was all.

        Raises SourceFailed when it cannot be read to its end, SourceRefused when a key is missing or comes twice.
        """
        ...

    async def aclose(self) -> None:
        """
        Let go of what it holds open.
        """
        ...


@runtime_checkable
class Incremental(Protocol):
    """
    A source that can say what has changed.
    """

    async def latest(self) -> str:
        """
        Return the token of now. Raises SourceFailed.
        """
        ...

    def changes(self, token: str) -> AsyncIterator[RecordChange]:
        """
        Stream what changed since a token, each record at most once for each of its states, in order.

        Raises SourceFailed, also for a token that cannot be gone on from: then only a full read helps.
        """
        ...


@dataclass(frozen=True, slots=True)
class Marked:
    """
    Some records, and the mark up to which everything has been told with them.
    """

    records: Sequence[Record]
    mark: str


@runtime_checkable
class Marking(Source, Protocol):
    """
    A source that can say which records are newer than a mark, but not which are gone.
    """

    def newer(self, mark: str | None) -> AsyncIterator[Marked]:
        """
        Read the records that changed at a mark or after it; all of them without one. A record may come again.

        Raises SourceFailed.
        """
        ...

    def keys(self) -> AsyncIterator[Sequence[str]]:
        """
        Read the key of every record. Raises SourceFailed when it cannot be read to its end.
        """
        ...
