"""
The sync file: sources, mappings and what stands in a plan's way, read into values.
"""

import difflib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from webex_connector.app.declared import ANY, Section
from webex_connector.app.mistakes import Places, SettingsMistake, SettingsMistakes
from webex_connector.app.sync_sections import (
    applying,
    attributes,
    links,
    mappings,
    openidm,
    safety,
    situations,
    sources,
)
from webex_connector.app.sync_sections.around import USUAL, Around
from webex_connector.app.sync_settings import SyncSettings
from webex_connector.app.table import Source, Table
from webex_connector.app.toml_file import toml_of
from webex_connector.app.toml_places import line_in
from webex_connector.expressions.compiled import Compiled
from webex_connector.expressions.compiling import Expressions
from webex_connector.expressions.errors import ExpressionMistake, ExpressionsInvalid
from webex_connector.expressions.values import Shape
from webex_connector.icf.schema import Schema
from webex_connector.policy.judging import shape_of
from webex_connector.sync.decide.definition import SyncMapping
from webex_connector.sync.decide.mapping import expressions_of, of_records

_TABLES = ("sources", "mappings", "openidm", "safety", "apply")


def sections() -> tuple[Section, ...]:
    """
    Return every table that a sync file may have, for the page of reference.
    """
    kinds = (
        Section(("sources", ANY), f'A source with `type = "{each.NAME}"`.', (sources.type_of(each), *each.PROPERTIES))
        for each in sources.KINDS
    )
    return (
        *kinds,
        Section(("mappings", ANY), "A mapping: what becomes of a source's records in a system.", mappings.PROPERTIES),
        Section(
            ("mappings", ANY, "attributes", ANY),
            "Where an attribute of the target comes from. A text instead of the table is the record's attribute; a "
            "list of tables is gone through until a condition holds.",
            attributes.PROPERTIES,
        ),
        Section(
            ("mappings", ANY, "situations", ANY),
            "What is done in a situation. A text instead of the table is the action; a list of tables is gone through "
            "until a condition holds.",
            situations.PROPERTIES,
        ),
        Section(("openidm",), "Mappings of OpenIDM and PingIDM, read as they are.", openidm.PROPERTIES),
        Section(("safety",), "What stops a plan until somebody says yes to the exact number.", safety.PROPERTIES),
        Section(("apply",), "How plans are applied.", applying.PROPERTIES),
    )


async def load(
    file: Path,
    environment: Mapping[str, str],
    schemas: Mapping[str, Schema],
    expressions: Expressions,
    around: Around = USUAL,
) -> SyncSettings:
    """
    Read the file. `schemas` has what each system holds, by its name.

    Raises ConfigurationInvalid when the file cannot be read, and SettingsMistakes with everything that is wrong in it,
    its expressions included.
    """
    read = toml_of(file, "sync file")
    source = Source(Places(str(file), read.lines, {}), environment, file.parent)
    top = Table(source, read.tree)
    for name in read.tree.keys() - set(_TABLES):
        top.wrong(name, f"is no table of the sync file; there are: {', '.join(_TABLES)}")
    from_where = sources.read(top, replace(around, schemas=schemas))
    named = [*read.tree.get("sources", {})] if isinstance(read.tree.get("sources"), dict) else []
    own, theirs = mappings.read(top, named, schemas), openidm.read(top, named, schemas)
    for name in own.keys() & theirs.mappings.keys():
        top.table("mappings").wrong(name, f"is in {theirs.mappings[name].place} too")
    declared = {*read.tree.get("mappings", {}), *theirs.mappings}
    found = SyncSettings(
        from_where,
        links.shared({**own, **theirs.mappings}, declared, top),
        safety.read(top),
        tuple(theirs.remarks),
        applying.read(top),
    )
    mistakes, used = await _looked_through(found, schemas, expressions)
    top.adopt(mistakes)
    if source.mistakes:
        raise SettingsMistakes(source.mistakes)
    return replace(found, uses=used)


async def _looked_through(
    settings: SyncSettings, schemas: Mapping[str, Schema], expressions: Expressions
) -> tuple[list[SettingsMistake], Mapping[str, frozenset[str] | None]]:
    """
    Return what is wrong in the mappings, and which attributes of records each of them uses: None for one that uses
    records as a whole.
    """
    found: list[SettingsMistake] = []
    used: dict[str, frozenset[str] | None] = {}
    for name, mapping in settings.mappings.items():
        if mapping.source not in settings.sources:
            continue
        source = settings.sources[mapping.source].opened(mapping.source)
        found += _missing(mapping, source.shape)
        try:
            info = schemas[mapping.system].object_class(mapping.object_class)
            ready = await expressions.compile(expressions_of(mapping), source.shape, shape_of(info))
            found += _untimely(mapping, ready)
            used[name] = _used(mapping, ready)
        except ExpressionsInvalid as problem:
            found += _told(name, problem.mistakes)
        finally:
            await source.aclose()
    return found, used


def _used(mapping: SyncMapping, ready: Compiled) -> frozenset[str] | None:
    looks = [ready.looks(name).of(record) for name in expressions_of(mapping) for record in ("source", "old")]
    plain = frozenset(each.source for each in mapping.properties if each.source is not None)
    return None if None in looks else plain.union(*(each for each in looks if each is not None))


def _missing(mapping: SyncMapping, shape: Shape) -> Iterator[SettingsMistake]:
    known = shape.attributes
    for each in mapping.properties:
        if known is not None and each.source is not None and each.source not in known:
            close = difflib.get_close_matches(each.source, known, n=1)
            meant = f"did you mean {close[0]}?" if close else f"there are: {', '.join(known)}"
            why = f"comes from {each.source}, which records of {mapping.source} do not have; {meant}"
            setting = f"mappings.{mapping.name}.attributes.{each.target}"
            yield SettingsMistake(line_in(mapping.place), mapping.place, setting, why)


def _untimely(mapping: SyncMapping, ready: Compiled) -> Iterator[SettingsMistake]:
    named = expressions_of(mapping)
    for name in of_records(mapping):
        if ready.looks(name).of("target") != frozenset():
            place, setting = named[name].place, f"mappings.{mapping.name}.{name}"
            why = "looks at target, which is not known yet when records are mapped; conditions of situations may"
            yield SettingsMistake(line_in(place), place, setting, why)


def _told(mapping: str, mistakes: Iterable[ExpressionMistake]) -> list[SettingsMistake]:
    return [
        SettingsMistake(
            line_in(each.place), each.place, f"mappings.{mapping}.{each.expression}", f"is wrong in {each.mistake}"
        )
        for each in mistakes
    ]
