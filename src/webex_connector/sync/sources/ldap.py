"""
A directory as a source: OpenLDAP, Active Directory and their like, read page by page.

What is newer is found by an attribute that grows with each change, or by the DirSync control of Active Directory.
"""

from base64 import b64decode, b64encode
from collections.abc import AsyncIterator, Generator, Iterable, Sequence
from contextlib import aclosing
from dataclasses import dataclass, replace
from itertools import islice
from typing import Final

from webex_connector.expressions.values import Field, Shape
from webex_connector.icf.attributes import Values
from webex_connector.sync.errors import SourceFailed
from webex_connector.sync.records import Page, Record
from webex_connector.sync.sources.ldap_server import Directory, Entry, LdapServer, Search, directory, escaped
from webex_connector.sync.sources.ldap_values import rank_of, values_of_attribute
from webex_connector.sync.sources.paging import paged, pieces
from webex_connector.sync.sources.source import Marked

DIR_SYNC: Final = "dirsync"
"""
In place of an attribute: the control by which Active Directory says what changed.
"""

_AT_ONCE: Final = 50
"""
How many changed entries are read by one search.
"""


@dataclass(frozen=True, slots=True)
class LdapEntries:
    """
    Which entries are records.
    """

    base: str
    key: str
    """
    The attribute whose value never changes for one person, such as entryUUID or objectGUID.
    """
    attributes: tuple[str, ...]
    filter: str = "(objectClass=person)"
    many: frozenset[str] = frozenset()
    """
    Attributes with several values.
    """
    ignore_referrals: bool = False

    @property
    def asked(self) -> tuple[str, ...]:
        """
        Every attribute to ask for.
        """
        return tuple(dict.fromkeys((self.key, *self.attributes, *sorted(self.many))))


class LdapSource:
    """
    Reads the entries below a base. `inline` reads in the calling thread.
    """

    def __init__(self, name: str, server: LdapServer, entries: LdapEntries, *, inline: bool = False) -> None:
        self.name, self._server, self._entries, self._inline = name, server, entries, inline
        self._names = {each.lower(): each for each in entries.asked}
        self._search = Search(entries.base, entries.filter, entries.asked, entries.ignore_referrals)

    @property
    def shape(self) -> Shape:
        """
        The attributes that are asked for.
        """
        many = {each.lower() for each in self._entries.many}
        return Shape({each: Field(many=each.lower() in many) for each in self._entries.asked})

    async def read(self) -> AsyncIterator[Page]:
        """
        Read every entry. Raises SourceFailed when the directory does not give all of them.
        """
        async with aclosing(paged(self._records(), inline=self._inline)) as pages:
            async for page in pages:
                yield page

    async def aclose(self) -> None:
        """
        Do nothing: a connection is held only while it is read.
        """

    def _records(self) -> Generator[Record]:
        with directory(self.name, self._server) as open_:
            for each in open_.entries(self._search):
                yield self._record(each)

    def _record(self, entry: Entry) -> Record:
        attributes: dict[str, Values] = {}
        for name, raw in entry.attributes.items():
            if values := values_of_attribute(name, raw):
                attributes[self._names.get(name.lower(), name)] = values
        keys = attributes.get(self._entries.key, ())
        if len(keys) != 1:
            reason = f"has {len(keys)} values of {self._entries.key}, which is the key"
            raise SourceFailed(self.name, reason, place=entry.name)
        return Record(str(keys[0]), attributes, entry.name)


class MarkedLdapSource(LdapSource):
    """
    One whose entries say when they changed, by `changed`: an attribute, or DIR_SYNC.
    """

    def __init__(
        self, name: str, server: LdapServer, entries: LdapEntries, *, changed: str, inline: bool = False
    ) -> None:
        super().__init__(name, server, entries, inline=inline)
        self._changed = changed

    async def newer(self, mark: str | None) -> AsyncIterator[Marked]:
        """
        Read the entries that changed at a mark or after it.
        """
        read = self._by_control if self._changed == DIR_SYNC else self._by_attribute
        last = mark
        async with aclosing(pieces(read(self._given(mark)), inline=self._inline)) as found:
            async for some in found:
                last = f"{self._changed}={some[-1][1]}"
                yield Marked([record for record, _ in some], last)

    async def keys(self) -> AsyncIterator[Sequence[str]]:
        """
        Read the key of every entry.
        """
        async with aclosing(pieces(self._keys(), inline=self._inline)) as keys:
            async for some in keys:
                yield some

    def _given(self, mark: str | None) -> str | None:
        if mark is None:
            return None
        changed, _, given = mark.partition("=")
        if changed != self._changed or not given:
            reason = f"what is newer was found by {changed} before, and now it would be by {self._changed}"
            raise SourceFailed(self.name, f"{reason}; compare everything once, and follow it anew")
        return given

    def _by_attribute(self, mark: str | None) -> Generator[tuple[Record, str]]:
        search = replace(self._search, attributes=(*self._search.attributes, self._changed))
        if mark is not None:
            search = replace(search, filter=f"(&{search.filter}({self._changed}>={escaped(mark)}))")
        highest = mark
        with directory(self.name, self._server) as open_:
            for each in open_.entries(search):
                highest = self._higher(highest, each)
                yield self._record(self._plain(each)), highest

    def _higher(self, highest: str | None, entry: Entry) -> str:
        raw = next((raw for name, raw in entry.attributes.items() if name.lower() == self._changed.lower()), ())
        try:
            (mark,) = (each.decode() for each in raw)
            return mark if highest is None or rank_of(mark) > rank_of(highest) else highest
        except ValueError as problem:
            reason = f"has no {self._changed} by which it could be told what is newer: {problem}"
            raise SourceFailed(self.name, reason, place=entry.name) from problem

    def _plain(self, entry: Entry) -> Entry:
        if self._changed.lower() in self._names:
            return entry
        return Entry(
            entry.name, {name: raw for name, raw in entry.attributes.items() if name.lower() != self._changed.lower()}
        )

    def _by_control(self, mark: str | None) -> Generator[tuple[Record, str]]:
        with directory(self.name, self._server) as open_:
            guids, cookie = open_.changed(self._search, b64decode(mark or ""))
            now = b64encode(cookie).decode()
            found = open_.entries(self._search) if mark is None else self._of(open_, guids)
            for each in found:
                yield self._record(each), now

    def _of(self, open_: Directory, guids: Iterable[bytes]) -> Generator[Entry]:
        left = iter(dict.fromkeys(guids))
        while some := list(islice(left, _AT_ONCE)):
            these = "".join(f"(objectGUID={escaped(each)})" for each in some)
            yield from open_.entries(replace(self._search, filter=f"(&{self._search.filter}(|{these}))"))

    def _keys(self) -> Generator[str]:
        with directory(self.name, self._server) as open_:
            for each in open_.entries(replace(self._search, attributes=(self._entries.key,))):
                yield self._record(each).key
