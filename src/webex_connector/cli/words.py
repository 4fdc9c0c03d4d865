"""
What people type, as the model has it: object classes, `name=value`, sort keys. Pure.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any

import msgspec
from cyclopts import Parameter

from webex_connector.cli.output import text_of
from webex_connector.gateway.idm.bodies import Replacement, creation, object_in, replacement
from webex_connector.gateway.idm.errors import Problem
from webex_connector.icf import names
from webex_connector.icf.attributes import AttributeDelta, Values
from webex_connector.icf.errors import InvalidInput, UnknownObjectClass
from webex_connector.icf.options import SortKey
from webex_connector.icf.schema import AttributeInfo, AttributeType, ObjectClassInfo, Schema

_TEXTS = {AttributeType.STRING, AttributeType.TIMESTAMP, AttributeType.SECRET}


def object_class(schema: Schema, word: str) -> ObjectClassInfo:
    """
    Return the object class that a word means: its name, or that name without underscores, in any case and number.

    `account`, `accounts` and `__ACCOUNT__` are one. Raises UnknownObjectClass, listing what there is.
    """
    for info in schema.object_classes:
        if _stem(info.name) == _stem(word):
            return info
    there = ", ".join(word_for(info) for info in schema.object_classes if info.name != names.ALL)
    raise UnknownObjectClass(
        f"There is no object class {word}; there are: {there}. The property objectClasses may name more"
    )


def word_for(info: ObjectClassInfo) -> str:
    """
    Return the plain word for an object class, which `object_class` understands.
    """
    return names.folded(info.name).strip("_")


def _stem(name: str) -> str:
    return names.folded(name).strip("_").removesuffix("s")


def sort_keys(text: str | None) -> tuple[SortKey, ...]:
    """
    Return the keys of a list like `department,-displayName`; a minus sorts downwards.
    """
    parts = [part.strip() for part in (text or "").split(",") if part.strip()]
    return tuple(SortKey(part.lstrip("+-"), ascending=not part.startswith("-")) for part in parts)


def values_in(fact: AttributeInfo, text: str) -> Values:
    """
    Return the values that a typed text means for an attribute; the empty text means none.

    A text attribute takes the text as it is, except for a JSON list or quoted JSON text. Numbers, booleans and objects
    are JSON; what is not JSON is passed on as text, for the schema to refuse.
    """
    if not text:
        return ()
    value: Any = text
    if fact.type not in _TEXTS or text[0] in '["':
        try:
            value = msgspec.json.decode(text)
        except msgspec.DecodeError:
            value = text
    if fact.type in _TEXTS and not isinstance(value, str | list):
        value = text
    if value is None:
        return ()
    return tuple(value) if isinstance(value, list) else (value,)


def assigned(info: ObjectClassInfo, assignments: Iterable[str], option: str) -> dict[str, Values]:
    """
    Return the values of each attribute in `name=value` texts; a name given again adds values.

    Raises UnknownAttribute, and InvalidInput for a text without an equals sign.
    """
    found: dict[str, Values] = {}
    for text in assignments:
        name, equals, value = text.partition("=")
        if not equals or not name:
            raise InvalidInput(f"{option} takes name=value, not {text!r}")
        fact = info.attribute(name)
        found[fact.name] = (*found.get(fact.name, ()), *values_in(fact, value))
    return found


@dataclass(frozen=True, slots=True)
class Assignments:
    """
    The changes that a command line spells out.
    """

    set: Annotated[
        tuple[str, ...],
        Parameter(negative="", help="name=value: give an attribute this value; may be repeated."),
    ] = ()
    add: Annotated[
        tuple[str, ...],
        Parameter(negative="", help="name=value: add a value to a list; may be repeated."),
    ] = ()
    remove: Annotated[
        tuple[str, ...],
        Parameter(negative="", help="name=value: take a value from a list; may be repeated."),
    ] = ()


def new_attributes(info: ObjectClassInfo, assignments: Iterable[str], body: bytes | None) -> Mapping[str, Values]:
    """
    Return the attributes of a new object: those of a JSON body, overruled by `name=value`.
    """
    try:
        given = {} if body is None else creation(object_in(_decoded(body)), info)
    except Problem as problem:
        raise InvalidInput(problem.message) from None
    canonical = {info.attribute(name).name: values for name, values in given.items()}
    return {**canonical, **assigned(info, assignments, "--set")}


def replacement_in(info: ObjectClassInfo, uid: str, body: bytes) -> Replacement:
    """
    Return what a JSON body changes: it replaces the attributes it has, all others stay. Raises InvalidInput.
    """
    try:
        return replacement(object_in(_decoded(body)), uid, info)
    except Problem as problem:
        raise InvalidInput(problem.message) from None


def changes(
    info: ObjectClassInfo,
    assignments: Assignments,
    from_body: Iterable[AttributeDelta] = (),
) -> list[AttributeDelta]:
    """
    Return the changes of an object: those of a body, overruled by those spelled out.

    Raises InvalidInput when there are none, or when one attribute is set and also added to or removed from.
    """
    spelled = assigned(info, assignments.set, "--set")
    replaced = {delta.name: delta.replace or () for delta in from_body} | spelled
    added = assigned(info, assignments.add, "--add")
    removed = assigned(info, assignments.remove, "--remove")
    deltas = [AttributeDelta(name, replace=values) for name, values in replaced.items()]
    for name in {**added, **removed}:
        if name in replaced:
            raise InvalidInput(f"{name} is set as a whole; it cannot be added to or removed from as well")
        deltas.append(AttributeDelta(name, add=added.get(name, ()), remove=removed.get(name, ())))
    if not deltas:
        raise InvalidInput("Say what to change: --set name=value, --add, --remove, or - for JSON on standard input")
    return deltas


def sentences_of(delta: AttributeDelta) -> list[str]:
    """
    Return what a change does to an attribute, as people say it.
    """
    if delta.replace is not None:
        return [f"{delta.name} = {text_of(delta.replace)}" if delta.replace else f"{delta.name} is cleared"]
    parts = (("+", delta.add), ("-", delta.remove))
    return [f"{delta.name} {sign} {text_of(values)}" for sign, values in parts if values]


def _decoded(body: bytes) -> object:
    try:
        return msgspec.json.decode(body)
    except (msgspec.DecodeError, RecursionError) as problem:
        raise InvalidInput(f"Standard input is not JSON: {problem}") from None
