"""
What the body of a create or an update means in the model. Pure: what has to be read first is named, not read.
"""

from base64 import b64decode
from binascii import Error as NotBase64
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from webex_connector.gateway.idm.errors import Problem
from webex_connector.icf import names
from webex_connector.icf.attributes import AttributeDelta, Value, Values, replaced
from webex_connector.icf.errors import InvalidAttributeValue
from webex_connector.icf.objects import ConnectorObject
from webex_connector.icf.schema import AttributeInfo, AttributeType, ObjectClassInfo

Body = Mapping[str, Any]
"""
A decoded JSON object.
"""

_ID: Final = "_id"

BY_NAME_ONLY: Final = (
    "Create with client provided ID is not supported. Identifiers are given by the target; "
    "to create by PUT, let the path end in the name that the body gives the object"
)
"""
The answer to a new object that is to have an identifier of the caller's choice.
"""


def object_in(body: object) -> Body:
    """
    Return the body as a JSON object. Raises Problem (400) when it is something else.
    """
    if not isinstance(body, dict):
        raise Problem(
            400,
            "The request could not be processed because the provided content is not a JSON object",
        )
    return body


def values_in(fact: AttributeInfo, given: Any) -> Values:
    """
    Return the values that a JSON value stands for: null for none, a list for each of its elements. Bytes are base64.

    Raises InvalidAttributeValue for bytes that are not.
    """
    if given is None:
        return ()
    values = tuple(given) if isinstance(given, list) else (given,)
    return tuple(_bytes(fact, value) for value in values) if fact.type is AttributeType.BYTES else values


def _bytes(fact: AttributeInfo, value: Value) -> Value:
    try:
        return b64decode(value, validate=True) if isinstance(value, str) else value
    except (NotBase64, ValueError):
        raise InvalidAttributeValue(f"Attribute '{fact.name}' takes bytes in base64", attribute=fact.name) from None


def _given(body: Body, info: ObjectClassInfo) -> dict[str, tuple[AttributeInfo, Values]]:
    """
    Return the attributes in a body by the name they were given under. Names that begin with one underscore are Common
    REST's own (`_id`, `_rev`, `_warnings`) and are no attributes.
    """
    found = {}
    seen: dict[str, str] = {}
    for key, value in body.items():
        if key.startswith("_") and not key.startswith("__"):
            continue
        fact = info.attribute(key)
        if fact.name in seen:
            raise InvalidAttributeValue(
                f"Attribute '{fact.name}' is given twice: as {seen[fact.name]} and as {key}",
                attribute=fact.name,
            )
        seen[fact.name] = key
        found[fact.name] = (fact, values_in(fact, value))
    return found


def creation(body: Body, info: ObjectClassInfo) -> dict[str, Values]:
    """
    Return the attributes of a new object. A `__NAME__` that repeats the attribute it stands for is left out.

    Raises Problem (501) when the caller brings an `_id`, UnknownAttribute and InvalidAttributeValue.
    """
    if body.get(_ID) is not None and not named(body, str(body[_ID]), info):
        raise Problem(501, BY_NAME_ONLY)
    attributes = {name: values for name, (_, values) in _given(body, info).items()}
    source = attributes.get(info.name_attribute or "")
    if names.NAME in attributes and source:
        if not _same(info.attribute(names.NAME), attributes[names.NAME], source[:1]):
            raise _contradiction(info)
        del attributes[names.NAME]
    return attributes


def named(body: Body, name: str, info: ObjectClassInfo) -> bool:
    """
    Whether a body gives its object this name, by `__NAME__` or by the attribute that it is the first value of.
    """
    wanted = {names.folded(each) for each in (names.NAME, info.name_attribute) if each is not None}
    given = [_first(value) for key, value in body.items() if names.folded(key) in wanted]
    return any(isinstance(each, str) and names.folded_text(each) == names.folded_text(name) for each in given)


def _first(value: Any) -> Any:
    return value[0] if isinstance(value, list) and value else value


@dataclass(frozen=True, slots=True)
class Replacement:
    """
    An update as PUT says it: these attributes get these values, all others stay.
    """

    deltas: tuple[AttributeDelta, ...]
    unchanged: Mapping[str, Values]
    """
    Values of attributes that cannot be written, or not this way. They are fine if they are what the object has: callers
    send back what they have read.
    """

    @property
    def to_read(self) -> tuple[str, ...]:
        """
        The attributes to read before `confirmed` can tell.
        """
        return tuple(name for name in self.unchanged if name not in {names.UID, names.NAME})

    def confirmed(self, current: ConnectorObject, info: ObjectClassInfo) -> tuple[AttributeDelta, ...]:
        """
        Return the changes, now that the current object is known. Raises InvalidAttributeValue when a read-only
        attribute was to change.
        """
        changes = []
        for name, values in self.unchanged.items():
            fact = info.attribute(name)
            if _same(fact, values, current.values(name)):
                continue
            if not fact.updateable:
                raise InvalidAttributeValue(f"Attribute '{name}' is read-only", attribute=name)
            if any(delta.name == info.name_attribute for delta in self.deltas):
                raise _contradiction(info)
            changes.append(replaced(name, *values))
        return (*self.deltas, *changes)


def replacement(body: Body, uid: str, info: ObjectClassInfo) -> Replacement:
    """
    Return what a PUT body changes. Raises Problem (400) when its `_id` is another object's, UnknownAttribute and
    InvalidAttributeValue.
    """
    if body.get(_ID) not in (None, uid) and not named(body, str(body[_ID]), info):
        raise Problem(400, f"The _id of the content is not {uid}, which the path names", detail={"attribute": _ID})
    given = _given(body, info)
    source = given.get(info.name_attribute or "")
    deltas, unchanged = [], {}
    for name, (fact, values) in given.items():
        if name == names.NAME and source is not None and _same(fact, values, source[1][:1]):
            continue
        if name == names.NAME or not fact.updateable:
            unchanged[name] = values
        else:
            deltas.append(replaced(name, *values))
    return Replacement(tuple(deltas), unchanged)


def _contradiction(info: ObjectClassInfo) -> InvalidAttributeValue:
    return InvalidAttributeValue(
        f"'{names.NAME}' contradicts '{info.name_attribute}', whose first value it is",
        attribute=names.NAME,
    )


def _same(fact: AttributeInfo, one: Values, other: Values) -> bool:
    if fact.case_sensitive:
        return one == other
    return [_folded(value) for value in one] == [_folded(value) for value in other]


def _folded(value: Value) -> Value:
    return names.folded_text(value) if isinstance(value, str) else value
