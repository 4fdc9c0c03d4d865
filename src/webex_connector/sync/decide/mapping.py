"""
A mapping, applied: what the target should have of a record, given what the expressions gave.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from operator import itemgetter
from typing import Any, Final

from webex_connector.expressions.values import Expression, Failure, values_of
from webex_connector.icf import names
from webex_connector.icf.attributes import Attributes, Value, Values
from webex_connector.icf.schema import AttributeInfo, AttributeType, ObjectClassInfo
from webex_connector.sync.decide.definition import CorrelationRule, PropertyMapping, SyncMapping
from webex_connector.sync.decide.mapped import Mapped
from webex_connector.sync.records import Record, folded

VALID_SOURCE: Final = "valid_source"
VALID_TARGET: Final = "valid_target"
_BESIDE: Final = frozenset({names.UID, names.NAME})
"""
What is asked by like an attribute and stands beside them.
"""
KEYS: Final = ("id", "value")
"""
What the identifier in a complex value is called: by Webex, and by SCIM.
"""
_SEPARATOR: Final = "\x1f"
_NUMBERS: Final = frozenset({AttributeType.BOOLEAN, AttributeType.INTEGER, AttributeType.NUMBER})
_TRUE, _FALSE = frozenset({"true", "yes", "1", "on"}), frozenset({"false", "no", "0", "off"})


def expressions_of(mapping: SyncMapping) -> Mapping[str, Expression]:
    """
    Return every expression of a mapping by a name of its own.
    """
    found: dict[str, Expression | None] = {VALID_SOURCE: mapping.valid_source, VALID_TARGET: mapping.valid_target}
    for number, each in enumerate(mapping.properties):
        found[value_name(number, each)] = each.expression
        found[condition_name(number, each)] = each.condition
    for number, policy in enumerate(mapping.policies):
        found[policy_name(number)] = policy.condition
    return {name: expression for name, expression in found.items() if expression is not None}


def of_records(mapping: SyncMapping) -> list[str]:
    """
    Return the names of the expressions that are evaluated for each record, before anybody knows its object.
    """
    of_policies = {policy_name(number) for number in range(len(mapping.policies))}
    return [name for name in expressions_of(mapping) if name != VALID_TARGET and name not in of_policies]


def policy_name(number: int) -> str:
    """
    Return the name of a policy's condition.
    """
    return f"policies.{number + 1}.condition"


def value_name(number: int, each: PropertyMapping) -> str:
    """
    Return the name of a property's expression.
    """
    return f"properties.{number + 1}.{each.target}"


def condition_name(number: int, each: PropertyMapping) -> str:
    """
    Return the name of a property's condition.
    """
    return f"{value_name(number, each)}.condition"


def unfilled(properties: Iterable[PropertyMapping], info: ObjectClassInfo) -> Iterator[str]:
    """
    Yield what is wrong where nothing is said of an attribute that every object must have.
    """
    written = {each.target for each in properties}
    for fact in info.attributes:
        if fact.required and fact.name not in written:
            yield f"must say where {fact.name} comes from, without which nothing can be made"


class Mapper:
    """
    Applies one mapping to records.
    """

    def __init__(self, mapping: SyncMapping, info: ObjectClassInfo) -> None:
        self._mapping = mapping
        times = Counter(info.attribute(each.target).name for each in mapping.properties)
        whole = [
            (each, info.attribute(each.target), value_name(number, each), condition_name(number, each))
            for number, each in enumerate(mapping.properties)
        ]
        # Most attributes are taken over as they are, and a million records have a dozen of them each.
        self._direct = tuple(
            (fact.name, each.source or "")
            for each, fact, _, _ in whole
            if _is_direct(each, fact) and times[fact.name] == 1
        )
        # One look for all of them; for fewer than two it would give no list.
        self._taken = itemgetter(*(source for _, source in self._direct)) if self._direct[1:] else None
        self._names = tuple(name for name, _ in self._direct)
        direct = frozenset(self._names)
        self._direct_single = tuple(name for name in self._names if not info.attribute(name).many)
        self._properties = tuple(one for one in whole if one[1].name not in direct)
        self._rules = {
            qualifier: [
                (number, rule)
                for number, rule in enumerate(mapping.correlation)
                if rule.link_qualifier in {None, qualifier}
            ]
            for qualifier in mapping.link_qualifiers
        }
        self._keeps_record = any(policy.condition is not None for policy in mapping.policies)
        self._keys: Callable[[str], str] = str if mapping.source_keys_case_sensitive else folded

    def mapped(self, record: Record, qualifier: str, results: Mapping[str, Any]) -> Mapped:
        """
        Return a record as the target should have it. Where an expression fails, or a value does not fit, that is its
        problem, unless it does not count anyway. By what it correlates is told nevertheless: its object is no one
        else's because of that.
        """
        counts = results.get(VALID_SOURCE, True)
        problem = str(counts) if isinstance(counts, Failure) else None
        attributes = self._straight(record.attributes)
        on_create: dict[str, Values] = {}
        references: dict[str, Values] = {}
        elsewhere: dict[str, Values] = {}
        # Looked at as a whole first: hardly any record has several values, and there may be a million of them.
        if max(map(len, attributes.values()), default=0) > 1:
            for name in self._direct_single:
                if len(attributes[name]) > 1:
                    problem = problem or _too_many(name, attributes[name])
        for each, fact, value, condition in self._properties:
            place = on_create if each.on_create_only else attributes
            if fact.name in place or fact.name in references or fact.name in elsewhere:
                continue
            try:
                if each.condition is not None and not _settled(results[condition]):
                    continue
                found = self._values(each, fact, record, results.get(value))
            except ValueError as wrong:
                problem = problem or str(wrong)
                continue
            if each.reference and found:
                references[fact.name] = tuple(self._keys(str(one)) for one in found)
            elif each.through is not None and found:
                elsewhere[fact.name] = tuple(dict.fromkeys(map(key_in, found)))
            else:
                place[fact.name] = found
        given = {**on_create, **attributes} if on_create else attributes
        return Mapped(
            self._keys(record.key),
            attributes,
            on_create,
            references,
            tuple(_corresponding(self._rules[qualifier], given)),
            bool(counts),
            qualifier,
            problem if counts else None,
            record.place,
            record.attributes if self._keeps_record else {},
            elsewhere,
        )

    def _straight(self, given: Attributes) -> dict[str, Values]:
        """
        Return what is taken over as it is.
        """
        try:
            if self._taken is not None:
                return dict(zip(self._names, self._taken(given), strict=True))
        except KeyError:
            pass  # it has not all of them
        return {name: given.get(each, ()) for name, each in self._direct}

    def _values(self, each: PropertyMapping, fact: AttributeInfo, record: Record, result: object) -> Values:
        if each.constant is not None:
            given: Sequence[Any] = each.constant
        elif each.expression is not None:
            given = values_of(_settled(result))
        else:
            given = record.values(each.source or "")
        try:
            found = tuple(fitting(fact, one) for one in given or each.default)
        except ValueError as problem:
            raise ValueError(f"{each.target}: {problem}") from None
        if len(found) > 1 and not fact.many:
            raise ValueError(_too_many(each.target, found))
        return found


def key_in(value: Value) -> str:
    """
    Return the key that a value is, or, of a complex one such as a member of a group, its `id` or `value`.
    """
    if not isinstance(value, Mapping):
        return str(value)
    return str(next((value[name] for name in KEYS if value.get(name)), ""))


def _settled(result: object) -> object:
    if isinstance(result, Failure):
        raise ValueError(str(result))  # noqa: TRY004 - what is wrong is the value, of whatever type it is
    return result


def _too_many(name: str, values: Values) -> str:
    return f"{name}: it takes one value, and there are {len(values)}: {', '.join(map(str, values))}"


def _is_direct(each: PropertyMapping, fact: AttributeInfo) -> bool:
    return each == PropertyMapping(each.target, each.source) and fact.type not in _NUMBERS


def fitting(fact: AttributeInfo, value: Value) -> Value:
    """
    Return a value as the attribute holds it; texts of files become truth values and numbers. Raises ValueError.
    """
    if not isinstance(value, str):
        return value
    match fact.type:
        case AttributeType.BOOLEAN:
            if folded(value) in _TRUE | _FALSE:
                return folded(value) in _TRUE
            raise ValueError(f"{value} is neither true nor false")
        case AttributeType.INTEGER | AttributeType.NUMBER:
            try:
                return int(value) if fact.type is AttributeType.INTEGER else float(value)
            except ValueError:
                raise ValueError(f"{value} is no {fact.type.value}") from None
        case _:
            return value


class Finder:
    """
    Tells by what the objects of one mapping are found.
    """

    def __init__(self, mapping: SyncMapping) -> None:
        self._rules = list(enumerate(mapping.correlation))
        self._aliases = [(number, alias) for number, rule in self._rules for alias in rule.aliases]
        asked = {each for _, rule in self._rules for each in (*rule.attributes, *rule.aliases)}
        self._asks_beside = not asked.isdisjoint(_BESIDE)

    def matches(self, uid: str, name: str | None, attributes: Attributes) -> tuple[tuple[int, str], ...]:
        """
        Return by what an object is found: the number of the rule, and the folded value.
        """
        whole = attributes
        if self._asks_beside:
            whole = {**attributes, names.UID: (uid,), names.NAME: () if name is None else (name,)}
        found = _corresponding(self._rules, whole)
        if self._aliases:
            found += [(number, folded(str(value))) for number, alias in self._aliases for value in whole.get(alias, ())]
        return tuple(found)


def _corresponding(rules: Iterable[tuple[int, CorrelationRule]], attributes: Attributes) -> list[tuple[int, str]]:
    found: list[tuple[int, str]] = []
    for number, rule in rules:
        if len(rule.attributes) == 1:
            found += [(number, folded(str(value))) for value in attributes.get(rule.attributes[0], ())]
            continue
        parts = [attributes.get(each, ()) for each in rule.attributes]
        if all(parts):
            found.append((number, _SEPARATOR.join(folded(str(values[0])) for values in parts)))
    return found
