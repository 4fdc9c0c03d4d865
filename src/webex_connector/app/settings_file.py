"""
One TOML file and the environment, read into settings. Nothing else in the house reads either.
"""

from collections.abc import Mapping
from pathlib import Path

from webex_connector.app.declared import Kind, Section, tables_of
from webex_connector.app.mistakes import Places, SettingsMistake, SettingsMistakes
from webex_connector.app.overlay import overlay
from webex_connector.app.sections import (
    alerts,
    certificates,
    clients,
    connect,
    issuers,
    lookups,
    remote,
    safety,
    schedules,
    serve,
    store,
    sync,
    systems,
)
from webex_connector.app.settings import Settings
from webex_connector.app.table import Source, Table
from webex_connector.app.toml_file import toml_of

_FILES = (
    serve,
    safety,
    store,
    connect,
    remote,
    certificates,
    issuers,
    clients,
    lookups,
    systems,
    sync,
    schedules,
    alerts,
)
_SECTIONS = tuple(each.SECTION for each in _FILES)
_ROOT = Section((), "The tables there are.", (*tables_of(_SECTIONS), systems.FOLDER), below=_SECTIONS)


def sections(connectors: Mapping[str, Kind]) -> tuple[Section, ...]:
    """
    Return every table there is, the connectors' own properties included.
    """
    return (*_ROOT.tables, *(systems.configuration(name, kind) for name, kind in connectors.items()))


def load(
    file: Path,
    environment: Mapping[str, str],
    connectors: Mapping[str, Kind],
) -> Settings:
    """
    Read the file, lay the environment over it and return the settings.

    Raises ConfigurationInvalid when the file cannot be read, and SettingsMistakes with everything that is wrong in it.
    """
    read = toml_of(file, "settings file")
    variables, lost = overlay(read.tree, environment, sections(connectors))
    places = Places(str(file), read.lines, variables)
    mistakes = [SettingsMistake(0, variable, "", why) for variable, why in lost.items()]
    source = Source(places, environment, file.parent, mistakes)
    settings = _settings(Table(source, read.tree), connectors)
    if source.mistakes:
        raise SettingsMistakes(source.mistakes)
    return settings


def _settings(top: Table, connectors: Mapping[str, Kind]) -> Settings:
    top.values(_ROOT.properties)
    place, journal_days, plans_days = store.read(top)
    shown = certificates.read(top)
    connected = systems.read(top, connectors, place, shown)
    trusted = issuers.read(top)
    per_hour, per_second = safety.read(top)
    return Settings(
        serve.read(top),
        per_hour,
        clients.read(top, connected, (each.name for each in trusted)),
        connected,
        place,
        shown,
        connect.read(top),
        journal_days,
        remote.read(top, place.folder),
        trusted,
        per_second,
        lookups.read(top),
        sync.read(top),
        schedules.read(top),
        alerts.read(top),
        plans_days,
    )
