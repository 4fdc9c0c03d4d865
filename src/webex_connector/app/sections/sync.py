"""
Where the sync engine's file is: `[sync]`.
"""

from pathlib import Path

from webex_connector.app.declared import Section
from webex_connector.app.table import Table
from webex_connector.icf.configuration import Property

SECTION = Section(
    ("sync",),
    "The sync engine: people and groups of a source become right in Webex, and back.",
    (
        Property(
            "file",
            "The file with sources, mappings and limits, usually `sync.toml`; a relative path begins at the folder of "
            "this file. Without it there is nothing to synchronize.",
        ),
    ),
)


def read(top: Table) -> Path | None:
    """
    Return the sync file; None when there is none.
    """
    values = top.table("sync").values(SECTION.properties)
    return top.folder / str(values["file"]) if values and values["file"] else None
