"""
Which attributes are local, and filters that choose by them. Pure.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from webex_connector.icf import names
from webex_connector.icf.filters import Compare, Filter, Operator, Or, attributes_of, conjuncts
from webex_connector.icf.schema import AttributeInfo, ObjectClassInfo, Schema

_EXTERNAL_ID: Final = AttributeInfo(
    "externalId",
    "The identifier that another system knows it by.",
    # RFC 7643, section 3.1
    case_sensitive=True,
    local=True,
)

LOCAL: Mapping[str, tuple[AttributeInfo, ...]] = {
    # From the mapping of groups to Webex: https://docs.pingidentity.com/openicf/connector-reference/webex.html
    names.GROUP: (
        AttributeInfo("group_management_type", "Who manages the group, in the words of the platform.", local=True),
        AttributeInfo(
            "group_external_id",
            "The identifier that another system knows the group by.",
            case_sensitive=True,
            local=True,
        ),
    ),
    names.ACCOUNT: (_EXTERNAL_ID,),
    "TEAMS": (_EXTERNAL_ID,),
}
"""
The attributes, all texts, that are added to an object class unless the connector has them itself.
"""


def with_local(info: ObjectClassInfo) -> ObjectClassInfo:
    """
    Return the object class with its local attributes; the same when it has none.
    """
    more = tuple(fact for fact in LOCAL.get(info.name, ()) if not info.has(fact.name))
    return replace(info, attributes=(*info.attributes, *more)) if more else info


def schema_with_local(schema: Schema) -> Schema:
    """
    Return a connector's schema as it is with local attributes.
    """
    return replace(schema, object_classes=tuple(map(with_local, schema.object_classes)))


def folded(info: ObjectClassInfo, attribute: str, value: str) -> str:
    """
    Return the form in which two values of an attribute are equal, as filters see it.
    """
    return value if info.attribute(attribute).case_sensitive else names.folded_text(value)


@dataclass(frozen=True, slots=True)
class Selection:
    """
    A condition that the table answers: any of these values, in the form in which they compare.
    """

    attribute: str
    folded: tuple[str, ...]


def selection_of(node: Filter, info: ObjectClassInfo, local: frozenset[str]) -> Selection | None:
    """
    Return a condition that every match of the filter meets, and that only objects with a row in the table can; None
    when the filter has none.
    """
    for part in conjuncts(node):
        equal = part.parts if isinstance(part, Or) else (part,)
        compared = [each for each in equal if isinstance(each, Compare) and each.operator is Operator.EQUALS]
        attributes = {each.attribute for each in compared}
        if compared and len(compared) == len(equal) and len(attributes) == 1 and attributes <= local:
            attribute = attributes.pop()
            return Selection(attribute, tuple(folded(info, attribute, str(each.value)) for each in compared))
    return None


def without(node: Filter, local: frozenset[str]) -> tuple[Filter, ...]:
    """
    Return the parts of a conjunction that say nothing of local attributes: all of them hold for every match.
    """
    return tuple(part for part in conjuncts(node) if not attributes_of(part) & local)
