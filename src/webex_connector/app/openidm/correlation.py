"""
`correlationQuery` of a mapping: by which attributes of the target a record finds its object.

Source: PingIDM, "Correlate source objects with existing target objects":
https://docs.pingidentity.com/pingidm/8.1/synchronization-guide/correlation.html
"""

import re
from collections.abc import Iterator, Sequence
from typing import Any, Final

from webex_connector.app.openidm.nodes import Binary, Literal, Members, Node, Untranslatable
from webex_connector.app.openidm.rewriting import expression_of
from webex_connector.app.openidm.scripts import Scripts
from webex_connector.app.toml_places import Path
from webex_connector.gateway.idm import filter as language
from webex_connector.icf.errors import InvalidFilter, UnknownAttribute
from webex_connector.icf.filters import And, Compare, Filter, Operator, Or
from webex_connector.icf.schema import ObjectClassInfo
from webex_connector.sync.decide.definition import DEFAULT_QUALIFIER, CorrelationRule, PropertyMapping

_CASE: Final = re.compile(r"(?:lower|upper|listed|first)\((.*)\)|\((.*) or \"\"\)\.strip\(\)")
_HOLE: Final = "\x00{}\x00"
_FILLED: Final = re.compile("\x00([0-9]+)\x00")


def rules_of(
    path: Path, given: Any, properties: Sequence[PropertyMapping], info: ObjectClassInfo, scripts: Scripts
) -> tuple[CorrelationRule, ...]:
    """
    Return the rules, in order. A query that no rule can say is a mistake.
    """
    several = given if isinstance(given, list) else [] if given is None else [given]
    found: list[CorrelationRule] = []
    for number, each in enumerate(several):
        place = (*path, str(number)) if isinstance(given, list) else path
        if not isinstance(each, dict):
            scripts.notes.wrong(place, "must be a script")
            continue
        qualifier = None if each.get("linkQualifier") in {None, DEFAULT_QUALIFIER} else str(each["linkQualifier"])
        try:
            rules = (
                _tree(each["expressionTree"], info)
                if "expressionTree" in each
                else _query(scripts.value(each), properties, info)
            )
            found += [CorrelationRule(attributes, (), qualifier) for attributes in rules]
        except Untranslatable as problem:
            scripts.notes.wrong(
                place,
                f"cannot be said by rules: {problem}. Name attributes of the target that must equal what the mapping "
                'gives them, in the sync file: correlate = ["emails"]',
            )
    if found:
        words = ", then ".join(" and ".join(each.attributes) for each in found)
        scripts.remark(path, f"is read as rules: {words}")
    return tuple(found)


def _tree(given: Any, info: ObjectClassInfo) -> Iterator[tuple[str, ...]]:
    """
    Yield the rules of the form that the administration console writes: `any` or `all` of some attributes.
    """
    match given:
        case {"any": [*names]} if all(isinstance(each, str) for each in names):
            for each in names:
                yield (_known(each, info),)
        case {"any": [*trees]}:
            for each in trees:
                yield from _tree({"any": [each]} if isinstance(each, str) else each, info)
        case {"all": [*names]} if names and all(isinstance(each, str) for each in names):
            yield tuple(_known(each, info) for each in names)
        case _:
            raise Untranslatable("its expressionTree has more than any and all of attributes")


def _query(node: Node, properties: Sequence[PropertyMapping], info: ObjectClassInfo) -> Iterator[tuple[str, ...]]:
    parts: list[Node] = []
    try:
        tree = language.parse("".join(_written(_filter(node), parts)))
    except InvalidFilter as problem:
        raise Untranslatable(f"its _queryFilter is none: {problem.message}") from None
    given = {each.target: each for each in properties}
    for part in tree.parts if isinstance(tree, Or) else (tree,):
        names = []
        for attribute, value in _compared(part):
            name, hole = _known(attribute, info), _FILLED.fullmatch(value)
            if hole is None:
                raise Untranslatable(f"it compares {attribute} with a text of its own")
            here, there = _bare(expression_of(parts[int(hole[1])])), given.get(name)
            if there is None or here != _bare(_origin(there)):
                raise Untranslatable(f"it compares {attribute} with {here}, which is not what the mapping gives it")
            names.append(name)
        yield tuple(names)


def _filter(node: Node) -> Node:
    match node:
        case Members(members) if "_queryFilter" in dict(members):
            return dict(members)["_queryFilter"]
    raise Untranslatable("it gives no _queryFilter")


def _written(node: Node, parts: list[Node]) -> Iterator[str]:
    match node:
        case Binary("+", left, right):
            yield from _written(left, parts)
            yield from _written(right, parts)
        case Literal(str(text)):
            yield text
        case _:
            parts.append(node)
            yield _HOLE.format(len(parts) - 1)


def _compared(node: Filter) -> Iterator[tuple[str, str]]:
    for each in node.parts if isinstance(node, And) else (node,):
        match each:
            case Compare(attribute, Operator.EQUALS, str(value)):
                yield attribute, value
            case _:
                raise Untranslatable("it does more than compare attributes for equality")


def _known(name: str, info: ObjectClassInfo) -> str:
    try:
        return info.attribute(name.strip("/")).name
    except UnknownAttribute as problem:
        raise Untranslatable(problem.message) from None


def _origin(each: PropertyMapping) -> str:
    return each.expression.text if each.expression is not None else f'source["{each.source}"]'


def _bare(text: str) -> str:
    """
    Return an expression without what makes no difference when values are compared: case, white space around.
    """
    while (found := _CASE.fullmatch(text)) is not None:
        text = found[1] or found[2]
    return text
