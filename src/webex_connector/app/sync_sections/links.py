"""
Mappings that share the links of others or refer through them, once all mappings are known.
"""

import difflib
from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace

from webex_connector.app.mistakes import SettingsMistake
from webex_connector.app.table import Table
from webex_connector.app.toml_places import line_in
from webex_connector.sync.decide.definition import SyncMapping


def shared(mappings: Mapping[str, SyncMapping], declared: Collection[str], top: Table) -> Mapping[str, SyncMapping]:
    """
    Return the mappings, each of which knows whether the links that it shares go the other way. `declared` are the
    names of all mappings, of those too in which something is wrong. What is wrong with links is noted.
    """
    found = {name: _turned(each, mappings) for name, each in mappings.items()}
    for each in found.values():
        top.adopt(
            SettingsMistake(line_in(each.place), each.place, f"mappings.{each.name}.links", problem)
            for problem in _problems(each, mappings, declared)
        )
        top.adopt(
            SettingsMistake(line_in(each.place), each.place, f"mappings.{each.name}.attributes.{target}", problem)
            for target, problem in _problems_of_references(each, mappings, declared)
        )
    return found


def _problems_of_references(
    mapping: SyncMapping, mappings: Mapping[str, SyncMapping], declared: Collection[str]
) -> Iterator[tuple[str, str]]:
    for each in mapping.properties:
        other = mappings.get(each.through or "")
        if each.through is not None and each.through not in declared:
            yield each.target, f"leads through {_unknown(each.through, declared)}"
        if other is not None and other.system != mapping.system:
            yield each.target, f"leads through {other.name} into {other.system}, and not into {mapping.system}"


def _turned(mapping: SyncMapping, mappings: Mapping[str, SyncMapping]) -> SyncMapping:
    other = mappings.get(mapping.links or "")
    if other is None:
        return mapping
    is_same = _ends(mapping) == _ends(other)
    return replace(mapping, links_turned=not is_same)


def _ends(mapping: SyncMapping) -> tuple[str, str, str]:
    return mapping.source, mapping.system, mapping.object_class


def _problems(mapping: SyncMapping, mappings: Mapping[str, SyncMapping], declared: Collection[str]) -> Iterator[str]:
    if mapping.links is None:
        return
    if mapping.links not in declared:
        yield f"names {_unknown(mapping.links, declared)}"
    other = mappings.get(mapping.links)
    if other is not None and other.links is not None:
        yield f"names {mapping.links}, which itself shares the links of {other.links}"
    if mapping.links_turned and any(each.after_days for each in mapping.policies):
        yield "goes the other way, and after_days goes with links of its own only"


def _unknown(name: str, declared: Collection[str]) -> str:
    close = difflib.get_close_matches(name, declared, n=1)
    return f"the unknown mapping {name}" + (f"; did you mean {close[0]}?" if close else "")
