"""
What becomes of records: `[mappings.<name>]`, with the tables `attributes` and `situations` in it.
"""

from collections.abc import Collection, Mapping
from typing import Any, Final, cast

from webex_connector.app.mistakes import nearest
from webex_connector.app.sync_sections import attributes, situations
from webex_connector.app.table import Table
from webex_connector.expressions.values import Expression
from webex_connector.icf.configuration import Property, PropertyType
from webex_connector.icf.errors import UnknownAttribute, UnknownObjectClass
from webex_connector.icf.schema import ObjectClassInfo, Schema
from webex_connector.sync.decide.definition import DEFAULT_QUALIFIER, CorrelationRule, SyncMapping
from webex_connector.sync.decide.situation import Profile

PROPERTIES: Final = (
    Property("source", "The name of a source.", required=True),
    Property("target", "A system and its object class, as `webex/__ACCOUNT__`.", required=True),
    Property(
        "profile",
        "What is done where nothing else is said. `safe` tells of leavers and touches nobody; `upstream` is what "
        "OpenIDM does.",
        default=Profile.SAFE.value,
        allowed=tuple(each.value for each in Profile),
    ),
    Property(
        "correlate",
        "By which attributes of the target a record finds its object: a list of names, tried in order. A list within "
        "the list is a rule of several attributes at once; a table is one with aliases, as "
        "{ attribute = 'emails', aliases = ['userName'] }.",
        PropertyType.LIST,
    ),
    Property("valid_source", "An expression: which records count."),
    Property("valid_target", "An expression: which objects count."),
    Property("link_qualifiers", "The kinds of links, for records with several objects.", PropertyType.LIST),
    Property(
        "links",
        "The mapping whose links this one shares: one that goes the other way, so that whom it made is known here.",
    ),
    Property("enabled", "Whether it is run at all.", PropertyType.BOOLEAN, default=True),
    Property("target_phase", "Whether objects without a record are looked at.", PropertyType.BOOLEAN, default=True),
    Property(
        "allow_empty_source", "Whether a source without records can be right.", PropertyType.BOOLEAN, default=False
    ),
    Property(
        "source_keys_case_sensitive",
        "Whether keys that differ in case are different people.",
        PropertyType.BOOLEAN,
        default=True,
    ),
    Property("attributes", "Which attribute of the target comes from where.", PropertyType.MAP, required=True),
    Property("situations", "What is done in which situation.", PropertyType.MAP),
)


def read(top: Table, sources: Collection[str], schemas: Mapping[str, Schema]) -> Mapping[str, SyncMapping]:
    """
    Return the mappings by name, those in which nothing is wrong. `sources` are the names there are; `schemas` has what
    each system holds.
    """
    found: dict[str, SyncMapping] = {}
    for name, table in top.table("mappings").tables().items():
        mapping = _mapping(name, table, sources, schemas)
        if mapping is not None:
            found[name] = mapping
    return found


def _mapping(name: str, table: Table, sources: Collection[str], schemas: Mapping[str, Schema]) -> SyncMapping | None:
    values = table.without("correlate").values(tuple(each for each in PROPERTIES if each.name != "correlate"))
    if not values:
        return None
    source = str(values["source"])
    if source not in sources:
        table.wrong("source", f"names the unknown source {source}{nearest(source, sources)}")
    system, _, object_class = str(values["target"]).partition("/")
    info = _target(table, system, object_class, schemas)
    if info is None:
        return None
    rules = _rules(table, info)
    properties = attributes.read(table.table("attributes"), info)
    policies, actions = situations.read(table.table("situations"))
    return SyncMapping(
        name,
        source,
        system,
        info.name,
        properties,
        rules,
        valid_source=expression(table, "valid_source"),
        valid_target=expression(table, "valid_target"),
        policies=policies,
        profile=Profile(values["profile"]),
        link_qualifiers=cast("tuple[str, ...] | None", values["link_qualifiers"]) or (DEFAULT_QUALIFIER,),
        links=None if values["links"] is None else str(values["links"]),
        enabled=bool(values["enabled"]),
        target_phase=bool(values["target_phase"]),
        allow_empty_source=bool(values["allow_empty_source"]),
        source_keys_case_sensitive=bool(values["source_keys_case_sensitive"]),
        actions=actions,
        place=table.place_of(),
    )


def expression(table: Table, name: str) -> Expression | None:
    """
    Return the expression of this name; None when there is none.
    """
    text = table.given.get(name)
    return Expression(text, table.place_of(name)) if isinstance(text, str) and text else None


def _target(table: Table, system: str, object_class: str, schemas: Mapping[str, Schema]) -> ObjectClassInfo | None:
    if system not in schemas:
        table.wrong("target", f"names the unknown system {system}{nearest(system, schemas)}")
        return None
    try:
        return schemas[system].object_class(object_class)
    except UnknownObjectClass:
        there = [each.name for each in schemas[system].object_classes]
        table.wrong("target", f"names no object class of {system}: {object_class}; there are: {', '.join(there)}")
        return None


def _rules(table: Table, info: ObjectClassInfo) -> tuple[CorrelationRule, ...]:
    given = table.given.get("correlate", [])
    if not isinstance(given, list):
        table.wrong("correlate", "must be a list of attributes")
        return ()
    found = [_rule(table, each) for each in given]
    for rule in found:
        for each in (*rule.attributes, *rule.aliases):
            try:
                info.attribute(each)
            except UnknownAttribute as problem:
                table.wrong("correlate", problem.message)
    return tuple(
        CorrelationRule(
            tuple(info.attribute(each).name for each in rule.attributes if info.has(each)),
            tuple(info.attribute(each).name for each in rule.aliases if info.has(each)),
            rule.link_qualifier,
        )
        for rule in found
    )


def _rule(table: Table, given: Any) -> CorrelationRule:
    match given:
        case str():
            return CorrelationRule((given,))
        case [*parts] if parts and all(isinstance(each, str) for each in parts):
            return CorrelationRule(tuple(parts))
        case {"attribute": str(attribute), **more} if more.keys() <= {"aliases", "link_qualifier"}:
            aliases, qualifier = more.get("aliases", []), more.get("link_qualifier")
            are_names = isinstance(aliases, list) and all(isinstance(each, str) for each in aliases)
            if are_names and (qualifier is None or isinstance(qualifier, str)):
                return CorrelationRule((attribute,), tuple(cast("list[str]", aliases)), qualifier)
    table.wrong("correlate", f"must have names, lists of names, or tables with attribute and aliases, not {given}")
    return CorrelationRule(())
