"""
Lists of SCIM whose values are attributes of their own in the model: a work number here, a mobile number there. Pure.

A slot is the place of one value. What is read out of the slots is a list of maps, and what is written goes back into
them; a list as a whole leaves those empty that it does not name.
"""

from collections.abc import Mapping, Sequence

from webex_connector.gateway.scim.errors import Kind, refused
from webex_connector.gateway.scim.mapping import Attribute
from webex_connector.icf import names
from webex_connector.icf.attributes import Value, Values
from webex_connector.icf.objects import ConnectorObject

_TYPE = "type"


def gathered(row: Attribute, found: ConnectorObject) -> Values:
    """
    Return the values that the slots of an object hold, as maps, in the order of the slots.
    """
    values: list[Value] = []
    for slot in row.slots:
        held = {key: have[0] for key, model in slot.sources.items() if (have := found.attributes.get(model))}
        if held:
            values.append({**held, _TYPE: slot.type})
    return tuple(values)


def scattered(row: Attribute, values: Sequence[Value]) -> dict[str, Values]:
    """
    Return what every slot holds when these are the values of the list. One without a type goes into the first slot.

    Raises Problem (400, invalidValue) for a type that has no slot, and for two values of the same type.
    """
    chosen: dict[str, Mapping[str, Value]] = {}
    for value in values:
        if not isinstance(value, Mapping):
            continue
        told = value.get(_TYPE)
        wanted = names.folded_text(str(told)) if told else row.slots[0].type
        if wanted not in {slot.type for slot in row.slots}:
            there = ", ".join(slot.type for slot in row.slots)
            raise refused(Kind.INVALID_VALUE, f"{row.name} has no room for the type {told}; there are {there}")
        if wanted in chosen:
            raise refused(Kind.INVALID_VALUE, f"{row.name} has room for one value of the type {wanted}")
        chosen[wanted] = value
    found: dict[str, Values] = {}
    for slot in row.slots:
        held = chosen.get(slot.type, {})
        for key, model in slot.sources.items():
            value = held.get(key)
            found[model] = () if value is None else (value,)
    return found
