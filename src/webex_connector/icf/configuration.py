"""
Configuration properties as data: what a settings file, a form, a remote platform and the reference page all go by.
"""

import difflib
import math
import re
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from enum import Enum

from webex_connector.base.secret import Secret
from webex_connector.icf.errors import ConfigurationInvalid

Setting = str | int | float | bool | Secret | Mapping[str, object] | tuple[str, ...] | None
"""
The value of one property.
"""


class PropertyType(Enum):
    """
    Of which kind a property is; a secret one is always read as a Secret, a secret map as a map of them.
    """

    STRING = "string"
    INTEGER = "integer"
    NUMBER = "number"
    BOOLEAN = "boolean"
    MAP = "map"
    LIST = "list"


@dataclass(frozen=True, slots=True)
class Property:
    """
    One configuration property.
    """

    name: str
    help: str
    type: PropertyType = PropertyType.STRING
    default: Setting = None
    secret: bool = False
    required: bool = False
    group: str = "general"
    allowed: tuple[str, ...] = ()
    """
    The values there are; empty when any is.
    """
    place: str = ""
    """
    Where it acts, for reference pages.
    """


@dataclass(frozen=True, slots=True)
class Mistake:
    """
    One thing wrong with a configuration.
    """

    property: str
    problem: str


class ConfigurationMistakes(ConfigurationInvalid):
    """
    Everything wrong with a configuration, at once.
    """

    def __init__(self, mistakes: Iterable[Mistake]) -> None:
        self.mistakes = tuple(mistakes)
        super().__init__("; ".join(f"{each.property}: {each.problem}" for each in self.mistakes))


def configured(properties: Iterable[Property], given: Mapping[str, object]) -> dict[str, Setting]:
    """
    Return every property's value: the given one in its right type, or the default. The order is that of `properties`.

    Numbers and booleans may come as texts, as Java tools write them. Raises ConfigurationMistakes with every unknown
    name, wrong type, value that is not allowed and missing required property.
    """
    known = {each.name: each for each in properties}
    mistakes = [Mistake(name, unknown_name(name, known)) for name in given if name not in known]
    values: dict[str, Setting] = {}
    for each in known.values():
        raw = given.get(each.name)
        if raw is None or raw == "":
            values[each.name] = each.default
            if each.required and each.default is None:
                mistakes.append(Mistake(each.name, "is required"))
            continue
        try:
            values[each.name] = _read(each, raw)
        except ValueError as problem:
            mistakes.append(Mistake(each.name, str(problem)))
    if mistakes:
        raise ConfigurationMistakes(mistakes)
    return values


def unknown_name(name: str, known: Iterable[str]) -> str:
    """
    Say that a name is none of the known ones, and which one is near.
    """
    close = difflib.get_close_matches(name, known, n=1)
    return f"is not a property; did you mean {close[0]}?" if close else "is not a property"


def _read(each: Property, raw: object) -> Setting:
    if each.secret and each.type is PropertyType.MAP:
        if isinstance(raw, Mapping) and all(isinstance(one, Secret) for one in raw.values()):
            return dict(raw)
        raise ValueError("must be a map of secrets")
    if each.secret:
        if isinstance(raw, Secret):
            return raw
        if isinstance(raw, str):
            return Secret(raw)
        raise ValueError("must be a text")
    value = _TYPES[each.type](raw)
    if each.type is PropertyType.LIST and each.allowed and isinstance(value, tuple):
        wrong = [one for one in value if one not in each.allowed]
        if wrong:
            raise ValueError(f"may name {', '.join(each.allowed)}, not {', '.join(wrong)}")
    elif each.allowed and value not in each.allowed:
        raise ValueError(f"must be one of {', '.join(each.allowed)}, not {value!r}")
    return value


def _string(raw: object) -> Setting:
    if isinstance(raw, bool) or not isinstance(raw, str | int | float):
        raise ValueError(f"must be a text, not {raw!r}")  # noqa: TRY004 - collected with the other mistakes as a value's problem
    return str(raw)


def _boolean(raw: object) -> Setting:
    if isinstance(raw, bool):
        return raw
    if isinstance(raw, str) and raw.lower() in {"true", "false"}:
        return raw.lower() == "true"
    raise ValueError(f"must be true or false, not {raw!r}")


def _integer(raw: object) -> Setting:
    if isinstance(raw, int) and not isinstance(raw, bool):
        return raw
    if isinstance(raw, str) and re.fullmatch(r"\s*-?[0-9]+\s*", raw):
        return int(raw)
    raise ValueError(f"must be a whole number, not {raw!r}")


def _number(raw: object) -> Setting:
    value = math.nan
    if isinstance(raw, int | float | str) and not isinstance(raw, bool):
        with suppress(ValueError):
            value = float(raw)
    if not math.isfinite(value):
        raise ValueError(f"must be a number, not {raw!r}")
    return value


def _map(raw: object) -> Setting:
    if isinstance(raw, Mapping):
        return dict(raw)
    raise ValueError(f"must be an object, not {raw!r}")


def _list(raw: object) -> Setting:
    if isinstance(raw, list | tuple) and all(isinstance(each, str) for each in raw):
        return tuple(raw)
    raise ValueError(f"must be a list of texts, not {raw!r}")


_TYPES = {
    PropertyType.STRING: _string,
    PropertyType.BOOLEAN: _boolean,
    PropertyType.INTEGER: _integer,
    PropertyType.NUMBER: _number,
    PropertyType.MAP: _map,
    PropertyType.LIST: _list,
}
