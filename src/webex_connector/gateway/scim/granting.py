"""
Licences and roles by their names. Their values are ids; clients also write names, which people can read.
"""

from webex_connector.gateway.scim.call import Call
from webex_connector.gateway.scim.errors import Kind, refused
from webex_connector.gateway.scim.shown import GRANTED
from webex_connector.icf.attributes import Value, Values


async def with_ids(call: Call, attribute: str, values: Values, *, leaving: bool = False) -> Values:
    """
    Return the values of an attribute with ids in the place of names. Values that are `leaving` may be of what there is
    no more, which people can still hold.

    Raises Problem (400, invalidValue) for what is neither, as far as the target says what there is: dropped in silence,
    it would be sent again and again.
    """
    kind = call.info.attribute(attribute).refers_to
    if kind not in GRANTED or not values:
        return values
    catalogue = await call.system.display_names.of(kind, call.options)
    found: list[Value] = []
    for value in values:
        if value in catalogue.names:
            found.append(value)
            continue
        named = catalogue.ids_of(str(value))
        if len(named) > 1:
            raise refused(Kind.INVALID_VALUE, f"{len(named)} of the {attribute} are named {value!r}; give the id")
        if not named and catalogue.whole and not leaving:
            raise refused(Kind.INVALID_VALUE, f"There is nothing among the {attribute} with the id or name {value!r}")
        found.append(named[0] if named else value)
    return tuple(found)
