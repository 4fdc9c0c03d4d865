"""
The words of Common REST's patch operations: what a patch body may say, and what is wrong with one.

This is not RFC 6902: operations speak of whole attributes, and of single values by the value, never by an index.
Source: PingIDM, "CREST patch"; `PatchOperation` in commons.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any, Final

from webex_connector.gateway.idm.bodies import values_in
from webex_connector.gateway.idm.errors import Problem
from webex_connector.gateway.idm.filter import attribute_of
from webex_connector.icf.attributes import Values
from webex_connector.icf.schema import AttributeInfo, ObjectClassInfo


class Kind(Enum):
    """
    What an operation does.
    """

    ADD = "add"
    REMOVE = "remove"
    REPLACE = "replace"
    INCREMENT = "increment"
    COPY = "copy"
    MOVE = "move"


_WITH_FROM: Final = frozenset({Kind.COPY, Kind.MOVE})
_NEEDS_VALUE: Final = frozenset({Kind.ADD, Kind.REPLACE, Kind.INCREMENT})
_APPEND: Final = "/-"


@dataclass(frozen=True, slots=True)
class Operation:
    """
    One operation. `values` is None when the caller gave no value at all.
    """

    kind: Kind
    target: AttributeInfo
    values: Values | None = None
    source: AttributeInfo | None = None


def operations_in(body: object, info: ObjectClassInfo) -> list[Operation]:
    """
    Return the operations of a patch body. Raises Problem (400), which counts the operations from 1, and
    UnknownAttribute.
    """
    if not isinstance(body, list):
        raise Problem(
            400,
            "The request could not be processed because the provided content is not a JSON array of patch operations",
        )
    return [_operation(number, each, info) for number, each in enumerate(body, start=1)]


def _operation(number: int, given: object, info: ObjectClassInfo) -> Operation:
    try:
        if not isinstance(given, dict):
            raise _Refused(f"operation {number} is not a JSON object")
        kind = _kind(given.get("operation"))
        _refuse_members(kind, given)
        pointer, values = given.get("field"), None
        if not isinstance(pointer, str):
            raise _Refused(f"No field provided for '{kind.value}' operation")
        target = info.attribute(attribute_of(pointer.removesuffix(_APPEND)))
        source = info.attribute(attribute_of(str(given["from"]))) if kind in _WITH_FROM else None
        if pointer.endswith(_APPEND):
            if kind is not Kind.ADD or not target.many:
                raise _Refused(f"'{_APPEND}' appends to a list; '{kind.value}' on '{pointer}' does not")
            values = values_in(target, [given["value"]])
        elif "value" in given:
            values = values_in(target, given["value"])
        return Operation(kind, target, values, source)
    except ValueError as problem:
        text = f"The request could not be processed because the provided content is not a valid JSON patch: {problem}"
        raise Problem(400, text, detail={"operation": number}) from None


class _Refused(ValueError):
    """
    Why an operation makes no sense; `attribute_of` raises its parent.
    """


def _kind(word: object) -> Kind:
    for each in Kind:
        if isinstance(word, str) and each.value == word.lower():
            return each
    if isinstance(word, str) and word.lower() == "transform":
        raise _Refused("'transform' is not supported: it would run a script of the request")
    raise _Refused(f"Invalid patch operation type {word}; there are {', '.join(each.value for each in Kind)}")


def _refuse_members(kind: Kind, given: Mapping[str, Any]) -> None:
    """
    Refuse members that an operation lacks or does not take. `replace` with null clears; null elsewhere is a slip, which
    on `remove` would cost every value.
    """
    value = given.get("value")
    if kind in _NEEDS_VALUE and value is None and not (kind is Kind.REPLACE and "value" in given):
        raise _Refused(f"No value field provided for '{kind.value}' operation")
    if kind is Kind.REMOVE and "value" in given and value is None:
        raise _Refused("The value of 'remove' is null; leave it out to remove the whole attribute")
    if kind in _WITH_FROM and "value" in given:
        raise _Refused(f"'{kind.value}' does not accept value field")
    if kind in _WITH_FROM and given.get("from") is None:
        raise _Refused(f"No from field provided for '{kind.value}' operation")
    if kind not in _WITH_FROM and "from" in given:
        raise _Refused(f"'{kind.value}' does not accept from field")
