"""
A file of JSON objects, one a line (https://jsonlines.org). A list is a list of values; null, an empty text and an empty
list are none.
"""

from collections.abc import AsyncIterator, Generator, Mapping
from contextlib import aclosing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from webex_connector.expressions.values import UNKNOWN, Shape, values_of
from webex_connector.icf.attributes import Values
from webex_connector.sync.errors import SourceFailed
from webex_connector.sync.records import Page, Record
from webex_connector.sync.sources.paging import paged

_decode = msgspec.json.Decoder(dict[str, Any]).decode


@dataclass(frozen=True, slots=True)
class JsonLinesFile:
    """
    What is known of the file beforehand.
    """

    path: Path
    key: str
    """
    The member whose value never changes for one person.
    """


class JsonLinesSource:
    """
    Reads one file. `inline` reads in the calling thread.
    """

    def __init__(self, name: str, file: JsonLinesFile, *, inline: bool = False) -> None:
        self.name, self._file, self._inline = name, file, inline

    @property
    def shape(self) -> Shape:
        """
        Nobody knows the members before the file is read.
        """
        return UNKNOWN

    async def read(self) -> AsyncIterator[Page]:
        """
        Read every line. Raises SourceFailed, with the line, when one is no object with a key; so is one that was cut
        off.
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
            with self._file.path.open("rb") as lines:
                for number, line in enumerate(lines, 1):
                    if line.strip():
                        yield self._record(number, line)
        except OSError as problem:
            raise SourceFailed(
                self.name, f"cannot be read: {problem.strerror}", place=str(self._file.path)
            ) from problem

    def _record(self, number: int, line: bytes) -> Record:
        place = f"{self._file.path}:{number}"
        try:
            given: Mapping[str, Any] = _decode(line)
        except (msgspec.DecodeError, UnicodeDecodeError) as problem:
            raise SourceFailed(self.name, f"is no whole JSON object: {problem}", place=place) from problem
        key = given.get(self._file.key)
        if key is None or key == "" or isinstance(key, list | dict):
            raise SourceFailed(self.name, f"has no {self._file.key}, which is the key", place=place)
        attributes: dict[str, Values] = {
            name: values  # type: ignore[misc]  # what JSON holds are values
            for name, value in given.items()
            if (values := values_of(value))
        }
        return Record(str(key), attributes, place)
