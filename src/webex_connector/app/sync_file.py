"""
The sync file: sources, mappings and what stands in a plan's way, read into values.
"""

from collections.abc import Mapping
from pathlib import Path

from webex_connector.app.mistakes import Places, SettingsMistakes
from webex_connector.app.sync_sections import mappings, safety, sources
from webex_connector.app.sync_settings import SyncSettings
from webex_connector.app.table import Source, Table
from webex_connector.app.toml_file import toml_of
from webex_connector.icf.schema import Schema

_TABLES = ("sources", "mappings", "safety")


def load(
    file: Path, environment: Mapping[str, str], schemas: Mapping[str, Schema], *, inline: bool = False
) -> SyncSettings:
    """
    Read the file. `schemas` has what each system holds, by its name; `inline` reads sources in the calling thread.

    Raises ConfigurationInvalid when the file cannot be read, and SettingsMistakes with everything that is wrong in it.
    """
    read = toml_of(file, "sync file")
    source = Source(Places(str(file), read.lines, {}), environment, file.parent)
    top = Table(source, read.tree)
    for name in read.tree.keys() - set(_TABLES):
        top.wrong(name, f"is no table of the sync file; there are: {', '.join(_TABLES)}")
    from_where = sources.read(top, inline=inline)
    named = [*read.tree.get("sources", {})] if isinstance(read.tree.get("sources"), dict) else []
    found = SyncSettings(from_where, mappings.read(top, named, schemas), safety.read(top))
    if source.mistakes:
        raise SettingsMistakes(source.mistakes)
    return found
