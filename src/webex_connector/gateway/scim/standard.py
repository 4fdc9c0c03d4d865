"""
Names of RFC 7643 that clients send whether a resource type has them or not. Other unknown names are mistakes. Pure.
"""

from dataclasses import replace
from typing import Final

from webex_connector.gateway.scim.mapping import Part, Place, Resource, ScimType
from webex_connector.gateway.scim.matching import Scope

ATTRIBUTES: Final = frozenset(
    {
        *("schemas", "externalid", "username", "name", "displayname", "nickname", "profileurl", "title", "usertype"),
        *("preferredlanguage", "locale", "timezone", "active", "password", "emails", "phonenumbers", "ims", "photos"),
        *("addresses", "groups", "entitlements", "roles", "x509certificates", "members"),
        *("employeenumber", "costcenter", "organization", "division", "department", "manager"),
    }
)
"""
Attributes of RFC 7643, sections 3.1, 4.1 to 4.3, in lower case.
"""

_TEXTS: Final = (
    *("value", "type", "display", "displayName", "$ref", "formatted", "givenName", "familyName", "middleName"),
    *("honorificPrefix", "honorificSuffix", "streetAddress", "locality", "region", "postalCode", "country"),
)
_PARTS: Final = (*(Part(name, "") for name in _TEXTS), Part("primary", "", type=ScimType.BOOLEAN))
_PART_NAMES: Final = frozenset(part.name.lower() for part in _PARTS)


def is_standard_part(name: str) -> bool:
    """
    Whether complex attributes of the standard have a part of this name, in any case.
    """
    return name.lower() in _PART_NAMES


def inside(resource: Resource, place: Place) -> Scope:
    """
    Return the scope of a filter about values of a list. It may name parts of the standard that these values never have.
    """
    row = place.attribute
    there = {part.name.lower() for part in row.parts}
    widened = replace(row, parts=(*row.parts, *(each for each in _PARTS if each.name.lower() not in there)))
    return Scope(resource, Place(place.table, widened))
