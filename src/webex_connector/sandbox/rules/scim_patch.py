"""
SCIM PATCH: operations on an object as it stands on the wire (RFC 7644 section 3.5.2).

Users and groups say which attributes there are; here is only how one changes.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

import msgspec

from webex_connector.sandbox import urns
from webex_connector.sandbox.problems import Detail, Problem, no_target
from webex_connector.sandbox.rules.scim_filter import Filter, fits, parse

_PATH = re.compile(r"([^\[\].]+)(?:\[(.*)\])?(?:\.([^\[\].]+))?", re.DOTALL)


class Verb(Enum):
    """
    What an operation does.
    """

    ADD = "add"
    REPLACE = "replace"
    REMOVE = "remove"


class Operation(msgspec.Struct, frozen=True):
    """
    What a caller writes.
    """

    op: str
    path: str | None = None
    value: Any = None


class PatchDraft(msgspec.Struct, frozen=True):
    """
    The body of a PATCH.
    """

    operations: tuple[Operation, ...] = msgspec.field(name="Operations")
    schemas: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Target:
    """
    What an operation aims at.
    """

    section: str
    """The schema of the section; empty for the core."""
    attribute: str
    condition: Filter | None = None
    """Which elements of a list; None for the whole attribute."""
    part: str = ""
    """The sub-attribute, if only that is meant."""


@dataclass(frozen=True, slots=True)
class Step:
    """
    One change of one attribute.
    """

    verb: Verb
    target: Target
    value: Any = None


@dataclass(frozen=True, slots=True)
class Shape:
    """
    Which attributes an object has.
    """

    names: Mapping[str, Mapping[str, str]]
    """By section, the attributes' names by their lower-case form."""
    lists: frozenset[str]
    """Names of the attributes that are lists."""
    read_only: frozenset[str]
    """Names of attributes, in whatever section, that are left alone without a word."""


def steps(operations: Iterable[Operation]) -> Iterator[Step]:
    """
    Take a PATCH apart, attribute by attribute.

    Raises, once it gets there, a 400 for an unknown operation, an unreadable path, an operation without path whose
    value is no object, and, with `noTarget`, a removal without path.
    """
    for operation in operations:
        try:
            verb = Verb(operation.op.lower())
        except ValueError:
            raise _bad("invalidSyntax", f"Unknown operation: {operation.op}") from None
        if operation.path:
            yield from _within(verb, _target(operation.path), operation.value)
        elif verb is Verb.REMOVE:
            raise no_target("A remove operation needs a path.")
        elif not isinstance(operation.value, dict):
            raise _bad("invalidValue", "An operation without a path needs an object of attributes.")
        else:
            for name, value in operation.value.items():
                yield from _within(verb, _target(name), value)


def take(document: dict[str, Any], step: Step, shape: Shape) -> None:
    """
    Carry one step out on the document.

    Raises a 400 with `invalidPath` for an attribute there is none of, with `noTarget` when no element fits that is to
    be replaced. What cannot be written is left alone.
    """
    target = step.target
    if target.attribute in shape.read_only:
        return
    name = shape.names.get(target.section, {}).get(target.attribute.lower())
    if name is None:
        raise _bad("invalidPath", f"Unknown attribute: {target.attribute}")
    home = document.setdefault(target.section, {}) if target.section else document
    is_list = name in shape.lists
    if target.condition is not None:
        _change_elements(home, name, step, target.condition)
    elif target.part:
        _change_part(home, name, step, is_list=is_list)
    elif step.verb is Verb.REMOVE or step.value is None:
        home.pop(name, None)
    elif is_list:
        _change_list(home, name, step)
    elif isinstance(step.value, dict) and isinstance(home.get(name), dict):
        home[name] = {**home[name], **step.value}
    else:
        home[name] = step.value


def _within(verb: Verb, target: Target, value: Any) -> Iterator[Step]:
    if target.attribute:
        yield Step(verb, target, value)
    elif isinstance(value, dict):
        for name, inner in value.items():
            yield Step(verb, Target(target.section, name), inner)
    else:
        raise _bad("invalidValue", "A section needs an object of attributes.")


def _target(path: str) -> Target:
    section, rest = urns.split(path.strip())
    if not rest:
        return Target(section, "")
    found = _PATH.fullmatch(rest)
    if found is None:
        raise _bad("invalidPath", f"The path cannot be understood: {path}")
    return Target(section, found[1], parse(found[2]) if found[2] is not None else None, found[3] or "")


def _change_elements(home: dict[str, Any], name: str, step: Step, condition: Filter) -> None:
    elements = home.get(name) or []
    chosen = [fits(condition, element) for element in elements]
    if step.verb is not Verb.REMOVE and not any(chosen):
        raise no_target(f"No element of {name} fits.")
    if step.verb is Verb.REMOVE and not step.target.part:
        home[name] = [element for element, is_chosen in zip(elements, chosen, strict=True) if not is_chosen]
        return
    part = step.target.part
    if not part and not isinstance(step.value, dict):
        raise _bad("invalidValue", f"An element of {name} is an object.")
    changes = {part: None if step.verb is Verb.REMOVE else step.value} if part else step.value
    home[name] = [
        {**element, **changes} if is_chosen else element for element, is_chosen in zip(elements, chosen, strict=True)
    ]


def _change_part(home: dict[str, Any], name: str, step: Step, *, is_list: bool) -> None:
    if is_list:
        raise _bad("invalidPath", f"{name} is a list; say which of its elements is meant.")
    whole = home.get(name)
    home[name] = {
        **(whole if isinstance(whole, dict) else {}),
        step.target.part: None if step.verb is Verb.REMOVE else step.value,
    }


def _change_list(home: dict[str, Any], name: str, step: Step) -> None:
    given = step.value if isinstance(step.value, list) else [step.value]
    if step.verb is Verb.REPLACE:
        home[name] = given
        return
    before = home.get(name) or []
    if any(_is_primary(element) for element in given):
        # There is one primary element at most, and a new one takes over (RFC 7644 section 3.5.2).
        before = [{**element, "primary": False} if _is_primary(element) else element for element in before]
    home[name] = [*before, *(element for element in given if element not in before)]


def _is_primary(element: Any) -> bool:
    return isinstance(element, dict) and element.get("primary") is True


def _bad(scim_type: str, description: str) -> Problem:
    return Problem(400, Detail(description), scim_type=scim_type)
