"""
`objectTypes`: under which names a provisioner file shows which object classes and attributes.

Source: `ObjectClassInfoHelper` in OpenIDM; PingIDM, "Configure connectors".
"""

import difflib
from collections.abc import Mapping
from typing import Any

from webex_connector.app.provisioner.notes import Notes
from webex_connector.app.toml_places import Path
from webex_connector.gateway.idm.object_types import Flag
from webex_connector.gateway.idm.shapes import ObjectType, Shown
from webex_connector.icf import names
from webex_connector.icf.errors import UnknownAttribute
from webex_connector.icf.schema import ObjectClassInfo, Schema

SECTION = "objectTypes"

_TYPE = ("$schema", "id", "type", "nativeType", "properties", "name", "title", "description", "icon")
_PROPERTY = (
    "type",
    "items",
    "nativeName",
    "nativeType",
    "required",
    "flags",
    "default",
    "key",
    "cipher",
    "runAsUser",
    "title",
    "description",
    "name",
)
_IDLE = frozenset({Flag.NOT_QUERYABLE, Flag.AUDITED, Flag.STORE_IN_REPOSITORY, Flag.IGNORE, Flag.REMOTE})
_ENCRYPTING = ("key", "cipher")
_ID = "_id"


def types_of(given: object, schema: Schema, notes: Notes) -> tuple[ObjectType, ...]:
    """
    Return the object types of a file. What does not fit the schema is a mistake, and left out.
    """
    found = []
    for name, form in notes.table((SECTION,), given).items():
        path = (SECTION, name)
        table = notes.table(path, form, _TYPE)
        native = _native(name, table, schema, notes)
        if native is not None:
            found.append(ObjectType(name, native, _shown(path, table, native, notes)))
    return tuple(found)


def natives_of(given: object) -> dict[str, str]:
    """
    Return the object class of each type.
    """
    types = given if isinstance(given, dict) else {}
    return {
        name: str(form.get("nativeType") or form.get("id") or name)
        for name, form in types.items()
        if isinstance(form, dict)
    }


def _native(name: str, form: Mapping[str, Any], schema: Schema, notes: Notes) -> ObjectClassInfo | None:
    wanted = natives_of({name: dict(form)})[name]
    found = [each for each in schema.object_classes if names.folded(each.name) == names.folded(wanted)]
    if not found:
        there = ", ".join(each.name for each in schema.object_classes)
        notes.wrong((SECTION, name, "nativeType"), f"is {wanted}, which the connector does not have; it has {there}")
        return None
    return found[0]


def _shown(path: Path, form: Mapping[str, Any], native: ObjectClassInfo, notes: Notes) -> tuple[Shown, ...]:
    shown: dict[str, Shown] = {}
    for name, given in notes.table((*path, "properties"), form.get("properties")).items():
        here = (*path, "properties", name)
        table = notes.table(here, given, _PROPERTY)
        wanted = str(table.get("nativeName") or name)
        if name == _ID or (wanted == names.UID and name == names.UID):
            # The identifier is always there, under this name.
            continue
        try:
            fact = native.attribute(wanted)
        except UnknownAttribute as unknown:
            notes.wrong((*here, "nativeName"), f"is {wanted}: {unknown.message}")
            continue
        folded = names.folded(name)
        if folded in shown:
            notes.wrong(here, f"is {shown[folded].name} in other letters")
            continue
        if names.folded(name) == names.folded(names.NAME) and fact.name != names.NAME:
            notes.wrong(here, f"is the name of every object, and cannot stand for {fact.name}")
            continue
        shown[folded] = Shown(
            name,
            fact.name,
            notes.flag((*here, "required"), table.get("required"), default=False),
            _flags(here, table, notes),
            _default(table.get("default")),
        )
        for each in _ENCRYPTING:
            if table.get(each) is not None:
                notes.without_effect((*here, each), "nothing of an object is stored here")
    return tuple(shown.values())


def _flags(path: Path, table: Mapping[str, Any], notes: Notes) -> frozenset[Flag]:
    words = {each.value for each in Flag}
    found = []
    for word in notes.words((*path, "flags"), table.get("flags")):
        if word in words:
            found.append(Flag(word))
            if Flag(word) in _IDLE:
                notes.without_effect((*path, "flags"), f"{word} means nothing here")
            continue
        close = difflib.get_close_matches(word, words, n=1)
        hint = f"; did you mean {close[0]}?" if close else f"; there are {', '.join(sorted(words))}"
        notes.wrong((*path, "flags"), f"has the unknown flag {word}{hint}")
    return frozenset(found)


def _default(value: Any) -> tuple[Any, ...]:
    if value is None:
        return ()
    return tuple(value) if isinstance(value, list) else (value,)
