"""
A CSV file as a source (RFC 4180). What cannot be read for certain is not read: a row of another length than the head,
a quotation that does not end, bytes that are no text.
"""

import csv
from collections import Counter
from collections.abc import AsyncIterator, Generator, Iterator, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, TextIO

from webex_connector.expressions.values import Field, Shape
from webex_connector.icf.attributes import Values
from webex_connector.sync.errors import SourceFailed
from webex_connector.sync.records import Page, Record
from webex_connector.sync.sources.paging import paged
from webex_connector.sync.sources.values import parted

_DELIMITERS: Final = ",;\t|"
_SAMPLE: Final = 64 * 2**10


@dataclass(frozen=True, slots=True)
class CsvFile:
    """
    What is known of the file beforehand.
    """

    path: Path
    key: str
    """
    The column whose value never changes for one person.
    """
    columns: tuple[str, ...] = ()
    """
    Columns that have to be there; others may.
    """
    many: Mapping[str, str] = field(default_factory=dict)
    """
    Columns with several values, and what stands between them.
    """
    delimiter: str | None = None
    """
    None: the one of comma, semicolon, tab and bar that the head has most of.
    """
    encoding: str = "utf-8-sig"
    """
    As Python names it; this one is UTF-8 with or without a byte order mark.
    """


class CsvSource:
    """
    Reads one file. `inline` reads in the calling thread.
    """

    def __init__(self, name: str, file: CsvFile, *, inline: bool = False) -> None:
        self.name, self._file, self._inline = name, file, inline

    @property
    def shape(self) -> Shape:
        """
        The columns that the settings name; without any nobody knows them before the file is read.
        """
        if not self._file.columns:
            return Shape()
        named = dict.fromkeys((self._file.key, *self._file.columns, *self._file.many))
        return Shape({each: Field(many=each in self._file.many) for each in named})

    async def read(self) -> AsyncIterator[Page]:
        """
        Read every row. Raises SourceFailed, with the line, when the file is not what it should be.
        """
        async with aclosing(paged(self._records(), inline=self._inline)) as pages:
            async for page in pages:
                yield page

    async def aclose(self) -> None:
        """
        Do nothing: the file is open only while it is read.
        """

    def _records(self) -> Generator[Record]:
        try:
            with self._file.path.open(encoding=self._file.encoding, newline="") as text:
                sample = text.read(_SAMPLE)
                if not sample:
                    raise self._failed("is empty: not even a head is there")
                text.seek(0)
                delimiter = self._file.delimiter or _delimiter(sample)
                yield from self._rows(text, delimiter)
        except OSError as problem:
            raise self._failed(f"cannot be read: {problem.strerror}") from problem
        except UnicodeError as problem:
            reason = f"is no {self._file.encoding} text: {problem}; set encoding, for example to cp1252 or utf-16"
            raise self._failed(reason) from problem

    def _rows(self, text: TextIO, delimiter: str) -> Iterator[Record]:
        rows = csv.reader(text, delimiter=delimiter, strict=True)
        try:
            head = self._head(next(rows))
            place = head.index(self._file.key)
            for row in rows:
                line = rows.line_num
                if not row:
                    continue
                if len(row) != len(head):
                    raise self._failed(f"has {len(row)} values, and the head has {len(head)}", line)
                if not row[place]:
                    raise self._failed(f"has no {self._file.key}, which is the key", line)
                yield Record(row[place], self._attributes(head, row), f"{self._file.path}:{line}")
        except csv.Error as problem:
            raise self._failed(f"cannot be read, as if its end were missing: {problem}", rows.line_num) from problem

    def _head(self, names: Sequence[str]) -> list[str]:
        head = [each.strip() for each in names]
        twice = [name for name, count in Counter(head).items() if count > 1]
        if twice:
            raise self._failed(f"has the column {twice[0] or 'without a name'} more than once", 1)
        missing = [each for each in (self._file.key, *self._file.columns, *self._file.many) if each not in head]
        if missing:
            raise self._failed(f"lacks the column {missing[0]}; there are: {', '.join(head)}", 1)
        return head

    def _attributes(self, head: Sequence[str], row: Sequence[str]) -> dict[str, Values]:
        many = self._file.many
        return {
            name: parted(value, many[name]) if name in many else (value,)
            for name, value in zip(head, row, strict=True)
            if value
        }

    def _failed(self, reason: str, line: int | None = None) -> SourceFailed:
        return SourceFailed(self.name, reason, place=str(self._file.path) + (f":{line}" if line else ""))


def _delimiter(sample: str) -> str:
    head = sample.splitlines()[0]
    return max(_DELIMITERS, key=lambda each: (head.count(each), -_DELIMITERS.index(each)))
