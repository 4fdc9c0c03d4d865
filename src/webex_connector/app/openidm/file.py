"""
Files `sync.json` and `mapping-<name>.json` of OpenIDM and PingIDM.
"""

import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from webex_connector.app.mistakes import SettingsMistake
from webex_connector.app.openidm.mapping import KNOWN, Between, mapping_of
from webex_connector.app.openidm.scripts import Scripts
from webex_connector.app.provisioner.expressions import Substitution
from webex_connector.app.provisioner.json_places import lines_of
from webex_connector.app.provisioner.notes import Notes
from webex_connector.app.sync_settings import Remark
from webex_connector.app.toml_places import Path as Place
from webex_connector.icf import names
from webex_connector.icf.errors import UnknownObjectClass
from webex_connector.icf.schema import Schema
from webex_connector.sync.decide.definition import SyncMapping
from webex_connector.sync.decide.situation import Profile

_TYPES: Final = {"account": names.ACCOUNT, "user": names.ACCOUNT, "group": names.GROUP}
_PREFIX: Final = "mapping-"
_SYSTEM: Final = "system/"


@dataclass(frozen=True, slots=True)
class Surroundings:
    """
    What the paths in such files can mean here.
    """

    sources: Collection[str]
    schemas: Mapping[str, Schema]
    source_paths: Mapping[str, str] = field(default_factory=dict)
    """
    Resource paths, and the sources that they are.
    """
    target_paths: Mapping[str, str] = field(default_factory=dict)
    """
    Resource paths, and the systems with object classes that they are.
    """
    profile: Profile = Profile.SAFE
    environment: Mapping[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Mappings:
    """
    What files say.
    """

    mappings: dict[str, SyncMapping] = field(default_factory=dict)
    mistakes: list[SettingsMistake] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)


def read(file: Path, around: Surroundings, into: Mappings) -> None:
    """
    Read a file's mappings, and everything that is wrong with them.
    """
    try:
        text = file.read_text("utf-8-sig")
        tree = json.loads(text)
    except OSError as problem:
        into.mistakes.append(SettingsMistake(0, str(file), "", f"cannot be read: {problem.strerror}"))
        return
    except (ValueError, RecursionError) as problem:
        into.mistakes.append(SettingsMistake(0, str(file), "", f"is no JSON text in UTF-8: {problem}"))
        return
    notes = Notes(str(file), lines_of(text))
    scripts = Scripts(notes, file.parent)
    for path, given in _mappings(Substitution(around.environment, notes).of(tree), notes):
        table = notes.table(path, given, KNOWN)
        name = table.get("name") or file.stem.removeprefix(_PREFIX)
        if name in into.mappings:
            notes.wrong((*path, "name"), f"comes twice: {name}")
            continue
        between = _between(path, table, around, notes)
        if between is not None:
            into.mappings[str(name)] = mapping_of(str(name), path, table, between, around.profile, scripts)
    into.mistakes += notes.mistakes
    into.remarks += scripts.remarks


def _mappings(tree: Any, notes: Notes) -> Iterator[tuple[Place, Any]]:
    if isinstance(tree, dict) and "mappings" in tree:
        listed = tree["mappings"]
        if not isinstance(listed, list):
            notes.wrong(("mappings",), "must be a list")
            return
        for number, each in enumerate(listed):
            yield ("mappings", str(number)), each
    elif isinstance(tree, dict) and "properties" in tree:
        yield (), tree
    else:
        notes.wrong((), "holds no mapping: neither `mappings` nor `properties`")


def _between(path: Place, table: Mapping[str, Any], around: Surroundings, notes: Notes) -> Between | None:
    source, target = (str(table.get(each) or "").strip("/") for each in ("source", "target"))
    from_where = around.source_paths.get(source, source.split("/")[1] if source.startswith(_SYSTEM) else "")
    if from_where not in around.sources:
        notes.wrong(
            (*path, "source"),
            f"is {source}, which is no source here; say which one it is: "
            f'[openidm.sources] "{source}" = "…", one of: {", ".join(around.sources)}',
        )
    system, _, object_class = around.target_paths.get(target, target.removeprefix(_SYSTEM)).partition("/")
    if system not in around.schemas:
        notes.wrong(
            (*path, "target"),
            f"is {target}, which is no system here; say which one it is: "
            f'[openidm.targets] "{target}" = "…/{names.ACCOUNT}", one of: {", ".join(around.schemas)}',
        )
        return None
    try:
        info = around.schemas[system].object_class(_TYPES.get(object_class.lower(), object_class))
    except UnknownObjectClass:
        there = ", ".join(each.name for each in around.schemas[system].object_classes)
        notes.wrong((*path, "target"), f"names no object class of {system}: {object_class}; there are: {there}")
        return None
    return Between(from_where, system, info) if from_where in around.sources else None
