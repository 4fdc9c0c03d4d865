"""
Where records come from: `[sources.<name>]`. Each kind of source has a file of its own beside this one.
"""

from collections.abc import Callable, Mapping
from typing import Final, Protocol

from webex_connector.app.sync_sections import csv_file, json_lines, ldap, scim, sql, system
from webex_connector.app.sync_sections.around import Around
from webex_connector.app.sync_settings import SourceSettings
from webex_connector.app.table import Table
from webex_connector.icf.configuration import Property
from webex_connector.sync.sources.source import Source


class SourceKind(Protocol):
    """
    A file in this folder that reads one kind of source.
    """

    NAME: str
    PROPERTIES: tuple[Property, ...]

    def read(self, table: Table, around: Around) -> Callable[[str], Source] | None:
        """
        Return how the source is opened; None, with everything noted, when something is wrong.
        """
        ...


KINDS: Final[tuple[SourceKind, ...]] = (csv_file, json_lines, ldap, scim, sql, system)
"""
Every kind of source.
"""

_BY_NAME: Final = {each.NAME: each for each in KINDS}


def type_of(kind: SourceKind) -> Property:
    """
    Return the property that says of which kind a source is.
    """
    return Property("type", f"`{kind.NAME}`.", required=True, allowed=tuple(_BY_NAME))


def read(top: Table, around: Around) -> Mapping[str, SourceSettings]:
    """
    Return the sources by name, those in which nothing is wrong.
    """
    found: dict[str, SourceSettings] = {}
    for name, table in top.table("sources").tables().items():
        kind = _BY_NAME.get(str(table.given.get("type")))
        if kind is None:
            table.wrong("type", f"must be one of {', '.join(_BY_NAME)}, not {table.given.get('type', 'missing')}")
            continue
        opened = kind.read(table.without("type"), around)
        if opened is not None:
            found[name] = SourceSettings(name, kind.NAME, opened)
    return found
