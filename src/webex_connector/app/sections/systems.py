"""
What is connected: `[systems.<name>]`, the folder of provisioner files, and the tables inside a system's.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final, Protocol

from webex_connector.app import named_scripts
from webex_connector.app.declared import ANY, Kind, Section, tables_of
from webex_connector.app.provisioner import file as provisioner
from webex_connector.app.provisioner.file import ProvisionerFile
from webex_connector.app.provisioner.sealing import Seals
from webex_connector.app.provisioner.system import connector_of, described
from webex_connector.app.sections import limits, mirror, policies, scim, templates
from webex_connector.app.settings import SystemSettings
from webex_connector.app.table import Table
from webex_connector.connector.configuration import Certificates
from webex_connector.gateway.idm.systems import Script
from webex_connector.icf.configuration import ConfigurationMistakes, Property, PropertyType, Setting
from webex_connector.store.opening import StorePlace

CONNECTOR: Final = "control_hub"
"""
What connects a system that does not say it.
"""


class Part(Protocol):
    """
    A file in this folder whose table stands inside a system's.
    """

    SECTION: Section
    """
    `systems.<name>.<part>`; the field of SystemSettings that `read` fills has the same name as the part.
    """

    def read(self, table: Table, system: SystemSettings) -> object:
        """
        Return the field's value, from a table that may be missing, for a system whose connector is known already.
        """
        ...


PARTS: Final[tuple[Part, ...]] = (limits, mirror, policies, scim, templates)
"""
Every table inside a system's but `configuration`, which the connectors declare.
"""

SECTION = Section(
    ("systems", ANY),
    "One connected system. Its name is part of the doors' addresses: letters and digits.",
    (
        Property("connector", "What connects it.", default=CONNECTOR),
        Property("display_name", "What people call it; by default as its connector is called."),
        Property(
            "provisioner",
            "A file of OpenIDM or PingIDM, `provisioner.openicf-*.json`, that describes the system. What the tables "
            "here say goes before it.",
        ),
        Property("scripts", "A folder of Python files, each of which clients may run by its name without `.py`."),
        Property("configuration", "The connector's own properties.", PropertyType.MAP),
        *tables_of(part.SECTION for part in PARTS),
    ),
    below=tuple(part.SECTION for part in PARTS),
)

FOLDER: Final = Property(
    "provisioners",
    "A folder whose files `provisioner.openicf-*.json` each describe a system.",
)
"""
Stands at the top of the file, beside the tables.
"""

_NAME = re.compile(r"[A-Za-z0-9]+")


def configuration(name: str, kind: Kind) -> Section:
    """
    Return the section of a connector's own properties.
    """
    return Section(("systems", ANY, "configuration"), f'The properties of the connector "{name}".', kind.properties)


@dataclass(frozen=True, slots=True)
class _Known:
    """
    What is known when systems are read.
    """

    connectors: Mapping[str, Kind]
    seals: Seals
    certificates: Certificates


def read(
    top: Table,
    connectors: Mapping[str, Kind],
    place: StorePlace,
    certificates: Certificates,
) -> dict[str, SystemSettings]:
    """
    Return the systems by name, those of tables and those that only a file describes.
    """
    known = _Known(connectors, Seals(place), certificates)
    files = _files(top)
    systems = top.table("systems")
    tables = systems.tables()
    tables |= {name: systems.table(name) for name in files if name not in tables}
    return {name: _system(name, table, files.get(name), known) for name, table in tables.items()}


def _files(top: Table) -> dict[str, ProvisionerFile]:
    """
    Return the provisioner files of a folder by the names of their systems.
    """
    found: dict[str, ProvisionerFile] = {}
    folder = top.given.get(FOLDER.name)
    if not isinstance(folder, str):
        return found
    place = top.folder / folder
    if not place.is_dir():
        top.wrong(FOLDER.name, f"is no folder: {place}")
    for path in sorted(place.glob(provisioner.PATTERN)):
        file = provisioner.read(path, top.environment)
        if not file.is_readable:
            top.adopt(file.notes.mistakes)
            continue
        if file.name in found:
            file.notes.wrong(("name",), f"is {file.name}, as in {found[file.name].notes.file}")
            top.adopt(file.notes.mistakes)
            continue
        found[file.name] = file
    return found


def _system(name: str, table: Table, file: ProvisionerFile | None, known: _Known) -> SystemSettings:
    named = table.given.get("provisioner")
    if named and isinstance(named, str):
        file = provisioner.read(table.folder / named, table.environment)
        if file.is_readable and file.name != name and not file.notes.mistakes:
            file.notes.wrong(("name",), f"is {file.name}, and the table is [systems.{name}]")
    system = _declared(name, table, known) if file is None else _described(name, table, file, known)
    parts: dict[str, Any] = {
        part.SECTION.path[-1]: part.read(table.table(part.SECTION.path[-1]), system) for part in PARTS
    }
    return replace(system, **parts)


def _declared(name: str, table: Table, known: _Known) -> SystemSettings:
    """
    Return a system that its table alone describes.
    """
    if not _NAME.fullmatch(name):
        table.unfit("is part of the doors' addresses: use letters and digits only")
    values = table.values(SECTION.properties)
    kind = str(table.given.get("connector") or CONNECTOR)
    own: Mapping[str, Setting] = {}
    if kind in known.connectors:
        own = _configuration(table.table("configuration"), known.connectors[kind], known.certificates)
    else:
        _no_connector(table, kind, known)
    title = values.get("display_name") or (known.connectors[kind].title if kind in known.connectors else "")
    return SystemSettings(name, kind, str(title), own, scripts=_scripts(table))


def _described(name: str, table: Table, file: ProvisionerFile, known: _Known) -> SystemSettings:
    """
    Return a system that a file describes, where the table does not.
    """
    values = table.values(SECTION.properties)
    given = table.given.get("connector")
    kind_name = str(given or (file.is_readable and connector_of(file, known.connectors)) or "")
    if kind_name not in known.connectors:
        if given:
            _no_connector(table, kind_name, known)
        table.adopt(file.notes.mistakes)
        return SystemSettings(name, kind_name, file.display_name, {})
    kind = known.connectors[kind_name]
    if kind.schema is None:
        table.wrong("connector", f"is {kind_name}, whose object types only its server knows: no file describes them")
        return SystemSettings(name, kind_name, file.display_name, {})
    configured = table.table("configuration")
    own = configured.values(replace(each, required=False) for each in kind.properties)
    found = described(
        file,
        kind_name,
        kind,
        kind.schema,
        {each: own[each] for each in configured.given if each in own},
        lambda text, each: known.seals.opened(text, file.name, each),
        known.certificates,
    )
    table.adopt(file.notes.mistakes)
    return SystemSettings(
        name,
        kind_name,
        str(values["display_name"]) if values and table.given.get("display_name") else file.display_name,
        found.configuration,
        found.limits,
        found.shape,
        found.denials,
        {**found.scripts, **_scripts(table)},
    )


def _no_connector(table: Table, kind: str, known: _Known) -> None:
    table.wrong("connector", f"must be one of {', '.join(known.connectors)}, not {kind}")


def _configuration(table: Table, kind: Kind, certificates: Certificates) -> Mapping[str, Setting]:
    values = table.values(kind.properties)
    try:
        if values:
            kind.check(values, certificates)
    except ConfigurationMistakes as found:
        for mistake in found.mistakes:
            table.wrong(mistake.property, mistake.problem)
    return values


def _scripts(table: Table) -> Mapping[str, Script]:
    folder = table.given.get("scripts")
    if not isinstance(folder, str):
        return {}
    try:
        return named_scripts.read(table.folder / folder)
    except ValueError as problem:
        table.wrong("scripts", str(problem))
        return {}
