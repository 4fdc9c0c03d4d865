"""
Mappings of OpenIDM and PingIDM: `[openidm]`.
"""

from collections.abc import Collection, Mapping
from typing import Final, cast

from webex_connector.app.openidm.file import Mappings, Surroundings
from webex_connector.app.openidm.file import read as read_file
from webex_connector.app.table import Table
from webex_connector.icf.configuration import Property, PropertyType
from webex_connector.icf.schema import Schema
from webex_connector.sync.decide.situation import Profile

PROPERTIES: Final = (
    Property(
        "files",
        "Files `sync.json` or `mapping-….json`; `*` stands for anything. Relative paths begin at the folder of the "
        "sync file.",
        PropertyType.LIST,
        required=True,
    ),
    Property(
        "sources",
        "Which source a resource path of theirs is here, as { 'managed/user' = 'hr' }. `system/hr/person` is the "
        "source hr unless it is said here.",
        PropertyType.MAP,
    ),
    Property(
        "targets",
        "Which system and object class a resource path is here, as { 'system/cisco/person' = 'webex/__ACCOUNT__' }. "
        "`system/webex/account` is webex/__ACCOUNT__ unless it is said here.",
        PropertyType.MAP,
    ),
    Property(
        "profile",
        "What is done where the files name no action. With `upstream`, what OpenIDM does: whoever no longer qualifies "
        "is deleted.",
        default=Profile.SAFE.value,
        allowed=tuple(each.value for each in Profile),
    ),
)


def read(top: Table, sources: Collection[str], schemas: Mapping[str, Schema]) -> Mappings:
    """
    Return the mappings of all files. Their mistakes are noted in the table.
    """
    table = top.table("openidm")
    found = Mappings()
    values = table.values(PROPERTIES) if table.is_there else {}
    if not values:
        return found
    around = Surroundings(
        sources,
        schemas,
        _paths(table, "sources"),
        _paths(table, "targets"),
        Profile(values["profile"]),
        table.environment,
    )
    for pattern in cast("tuple[str, ...]", values["files"]):
        files = sorted(table.folder.glob(pattern)) if "*" in pattern else [table.folder / pattern]
        if not files:
            table.wrong("files", f"finds nothing: {pattern}")
        for each in files:
            read_file(each, around, found)
    table.adopt(found.mistakes)
    return found


def _paths(table: Table, name: str) -> Mapping[str, str]:
    given = table.given.get(name) or {}
    wrong = [path for path, each in given.items() if not isinstance(each, str)]
    if wrong:
        table.wrong(name, f"has no text for {wrong[0]}")
    return {path.strip("/"): each for path, each in given.items() if isinstance(each, str)}
