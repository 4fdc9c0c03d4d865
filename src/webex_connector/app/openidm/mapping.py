"""
One mapping of OpenIDM as one of ours.

Sources: PingIDM, "Synchronization reference", and `ObjectMapping` of OpenIDM:
https://docs.pingidentity.com/pingidm/8.1/synchronization-guide/sync-reference.html
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from webex_connector.app.openidm.correlation import rules_of
from webex_connector.app.openidm.policies import policies_of
from webex_connector.app.openidm.properties import created_of, properties_of
from webex_connector.app.openidm.scripts import Scripts
from webex_connector.app.openidm.without_effect import REASONS
from webex_connector.app.toml_places import Path
from webex_connector.expressions.values import Expression
from webex_connector.icf.schema import ObjectClassInfo
from webex_connector.sync.decide.definition import DEFAULT_QUALIFIER, SyncMapping
from webex_connector.sync.decide.mapping import unfilled
from webex_connector.sync.decide.situation import Profile

_REFUSED: Final[Mapping[str, str]] = {
    "onUpdate": "say it by properties, or by `onCreate` if it is for new objects only",
    "onMapping": "say it by properties",
    "postMapping": "say it by properties",
    "defaultMapping": "say it by properties",
    "correlationScript": "name attributes that must be equal, by a correlationQuery or in the sync file",
    "consentRequired": "say by sourceCondition who has agreed",
}
_QUERIES: Final = ("sourceQuery", "targetQuery")
_READ: Final = (
    "name",
    "source",
    "target",
    "links",
    "linkQualifiers",
    "sourceCondition",
    "validSource",
    "validTarget",
    "correlationQuery",
    "properties",
    "policies",
    "onCreate",
    "runTargetPhase",
    "allowEmptySourceSet",
    "sourceIdsCaseSensitive",
)
KNOWN: Final = (*_READ, *_QUERIES, *_REFUSED, *REASONS)
"""
Every member that a mapping may have.
"""


@dataclass(frozen=True, slots=True)
class Between:
    """
    What a mapping's two paths are here.
    """

    source: str
    system: str
    info: ObjectClassInfo


def mapping_of(
    name: str, path: Path, table: Mapping[str, Any], between: Between, profile: Profile, scripts: Scripts
) -> SyncMapping:
    """
    Return the mapping. What is wrong in it is noted, what has no effect told.
    """
    notes = scripts.notes
    _refuse(path, table, scripts)
    for key in table.keys() & REASONS.keys():
        scripts.remark((*path, key), f"has no effect: {REASONS[key]}")
    properties = properties_of((*path, "properties"), table.get("properties", []), between.info, scripts)
    created = created_of((*path, "onCreate"), table.get("onCreate"), between.info, scripts)
    for problem in unfilled((*properties, *created), between.info):
        notes.wrong((*path, "properties"), problem)
    policies, actions = policies_of((*path, "policies"), table.get("policies"), scripts)
    rules = rules_of((*path, "correlationQuery"), table.get("correlationQuery"), properties, between.info, scripts)

    def flag(key: str, *, default: bool) -> bool:
        return notes.flag((*path, key), table.get(key), default=default)

    links = table.get("links")
    return SyncMapping(
        name,
        between.source,
        between.system,
        between.info.name,
        (*properties, *created),
        rules,
        valid_source=_valid_source(path, table, scripts),
        valid_target=scripts.condition((*path, "validTarget"), table.get("validTarget")),
        policies=policies,
        profile=profile,
        link_qualifiers=_qualifiers((*path, "linkQualifiers"), table.get("linkQualifiers"), scripts),
        links=None if links in {None, name} else str(links),
        target_phase=flag("runTargetPhase", default=True),
        allow_empty_source=flag("allowEmptySourceSet", default=False),
        source_keys_case_sensitive=flag("sourceIdsCaseSensitive", default=True),
        actions=actions,
        place=notes.place(path),
    )


def _refuse(path: Path, table: Mapping[str, Any], scripts: Scripts) -> None:
    for key in table.keys() & _REFUSED.keys():
        if table[key]:
            scripts.notes.wrong((*path, key), f"is not done here: {_REFUSED[key]}")
    for key in table.keys() & set(_QUERIES):
        query = table[key]
        chosen = query.get("_queryFilter") if isinstance(query, dict) else None
        if chosen is not None and str(chosen).strip() != "true":
            instead = "sourceCondition" if key == "sourceQuery" else "validTarget"
            scripts.notes.wrong(
                (*path, key), f"reads a part only, and whoever is not in it would seem to have left: use {instead}"
            )
        else:
            scripts.remark((*path, key), "has no effect: both sides are always read to their ends")


def _valid_source(path: Path, table: Mapping[str, Any], scripts: Scripts) -> Expression | None:
    found = [scripts.condition((*path, key), table.get(key)) for key in ("validSource", "sourceCondition")]
    both = [each for each in found if each is not None]
    if len(both) == len(found):
        return Expression(" and ".join(f"({each.text})" for each in both), both[0].place)
    return both[0] if both else None


def _qualifiers(path: Path, given: Any, scripts: Scripts) -> tuple[str, ...]:
    if isinstance(given, dict):
        scripts.notes.wrong(path, "is a script; write the list of all link qualifiers, and say by conditions whose")
        return (DEFAULT_QUALIFIER,)
    return scripts.notes.words(path, given) or (DEFAULT_QUALIFIER,)
