"""
Values of SCIM attributes as values of the model. Pure.

What real clients send is accepted: texts for booleans, single values where a list belongs and the reverse, JSON in a
text, `null` and empty texts for "no value". What comes out is of the right type or refused.
"""

import json
import re
from collections.abc import Mapping
from typing import Any, Final

from webex_connector.gateway.scim.errors import Kind, Problem, refused
from webex_connector.gateway.scim.mapping import Attribute, Mutability, Part, ScimType, Shape
from webex_connector.gateway.scim.slots import scattered
from webex_connector.icf.attributes import Value, Values

_WORDS: Final = {"true": True, "false": False}
_INTEGER: Final = re.compile(r"\s*-?[0-9]{1,18}\s*")
_SHOWN: Final = 100


def written(row: Attribute, given: Any) -> dict[str, Values]:
    """
    Return what a value given for a whole attribute means: the values of each attribute of the model that it names.

    Empty values clear. What the row marks as made by the door or read-only is passed over. Raises Problem (400,
    invalidValue).
    """
    if row.shape is Shape.PARTS:
        return _parts(row, given)
    if row.slots:
        return scattered(row, entries(row, given))
    if row.model is None:
        return {}
    if row.shape is Shape.PLAIN:
        value = plain(row.name, row.type, _first(given))
        return {row.model: () if value is None else (value,)}
    return {row.model: entries(row, given)}


def entries(row: Attribute, given: Any) -> Values:
    """
    Return the values of an attribute that is a list in SCIM. One value in the place of a list is taken for a list of
    one. Raises Problem (400, invalidValue).
    """
    found = [entry(row, each) for each in as_list(given)]
    values = tuple(each for each in found if each is not None)
    if row.single and len(values) > 1:
        return (_preferred(row, as_list(given)) or values[0],)
    return values


def entry(row: Attribute, given: Any) -> Value:
    """
    Return one entry of a list as a value of the model: the `value` of ENTRIES, a map with the model's keys of MAPS.
    None when it has none. Raises Problem (400, invalidValue).
    """
    given = _unpacked(given)
    if given in (None, "", {}):
        return None
    if not isinstance(given, Mapping):
        given = {"value": given}
    parts = {part.name.lower(): part for part in row.parts}
    if row.shape is Shape.ENTRIES:
        return plain(f"{row.name}.value", parts["value"].type, _value_in(given))
    found: dict[str, Value] = {}
    for key, each in given.items():
        part = parts.get(key.lower())
        if part is None or part.source is None or not _is_sent(part):
            continue
        value = plain(f"{row.name}.{part.name}", part.type, each)
        if value is not None:
            found[part.source] = value
    return found or None


def plain(path: str, kind: ScimType, given: Any) -> Value:
    """
    Return one plain value; None when it is empty. Raises Problem (400, invalidValue).
    """
    if given is None or given == "":
        return None
    match kind:
        case ScimType.BOOLEAN:
            value = _WORDS.get(given.strip().lower()) if isinstance(given, str) else given
            right = isinstance(value, bool)
        case ScimType.INTEGER:
            value = int(given) if isinstance(given, str) and _INTEGER.fullmatch(given) else given
            right = isinstance(value, int) and not isinstance(value, bool)
        case _:
            # Employee numbers and telephone numbers come as numbers now and then.
            value = str(given) if isinstance(given, int | float) and not isinstance(given, bool) else given
            right = isinstance(value, str)
    if not right:
        raise _wrong(path, kind, given)
    return value


def as_list(given: Any) -> list[Any]:
    """
    Return a list as it is, nothing as an empty one, and anything else as a list of one.
    """
    if isinstance(given, list):
        return given
    return [] if given in (None, "") else [given]


def shown(value: Any) -> str:
    """
    Return a value as an error message shows it, cut where it is long.
    """
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"


def _parts(row: Attribute, given: Any) -> dict[str, Values]:
    value = _first(given)
    if value not in (None, "") and not isinstance(value, Mapping):
        # Entra writes the id of a manager where the standard has an object.
        value = {"value": value}
    parts = {part.name.lower(): part for part in row.parts}
    if value and "value" in value and "value" not in parts:
        raise refused(Kind.INVALID_VALUE, f"{row.name} takes an object, not {shown(given)}")
    found: dict[str, Values] = {}
    if not value:
        return {part.source: () for part in row.parts if part.source is not None and _is_sent(part)}
    for key, each in value.items():
        part = parts.get(key.lower())
        if part is None or part.source is None or not _is_sent(part):
            continue
        inner = plain(f"{row.name}.{part.name}", part.type, each)
        found[part.source] = () if inner is None else (inner,)
    return found


def _is_sent(part: Part) -> bool:
    return part.mutability is not Mutability.READ_ONLY


def _first(given: Any) -> Any:
    """
    Return the value of a list of one, as some clients send single values.
    """
    if isinstance(given, list) and len(given) <= 1:
        return given[0] if given else None
    return given


def _preferred(row: Attribute, given: list[Any]) -> Value:
    """
    Return the value marked as primary, else the one whose type is the row's; None when neither is there.
    """
    maps = [{key.lower(): value for key, value in each.items()} for each in given if isinstance(each, Mapping)]
    primary = [each for each in maps if str(each.get("primary")).lower() == "true"]
    labelled = [each for each in maps if each.get("type") == row.label]
    return next((entry(row, each) for each in [*primary, *labelled]), None)


def _value_in(given: Mapping[str, Any]) -> Any:
    """
    Return the `value` of an entry. Entra packs the whole entry of an application role into it
    (https://learn.microsoft.com/entra/identity/app-provisioning/customize-application-attributes).
    """
    value = next((each for key, each in given.items() if key.lower() == "value"), None)
    packed = _unpacked(value) if isinstance(value, str) else None
    return packed.get("value") if isinstance(packed, Mapping) else value


def _unpacked(given: Any) -> Any:
    """
    Return the object in a text: Entra sends application roles so. Anything else is returned as it is.
    """
    if not isinstance(given, str) or not given.lstrip().startswith("{"):
        return given
    try:
        return json.loads(given)
    except (ValueError, RecursionError):
        return given


def _wrong(path: str, kind: ScimType, given: Any) -> Problem:
    wanted = {ScimType.BOOLEAN: "true or false", ScimType.INTEGER: "an integer"}.get(kind, "a text")
    return refused(Kind.INVALID_VALUE, f"{path} takes {wanted}, not {shown(given)}")
