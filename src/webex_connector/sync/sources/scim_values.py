"""
Resources of SCIM as attributes of records, under the names by which SCIM itself speaks of parts (RFC 7644, section
3.10). Pure.

    userName: "anna"                             userName
    name: {givenName: "Anna"}                    name.givenName
    emails: [{value: "a@x", type: "work"}]       emails, emails.value, emails.work
    urn:…:User: {department: "Sales"}            urn:…:User:department
"""

from collections.abc import Mapping
from typing import Any, Final

from webex_connector.expressions.values import values_of
from webex_connector.icf.attributes import Values

_LEFT_OUT: Final = frozenset({"schemas", "meta.location", "meta.version", "meta.resourceType"})
"""
What tells of the answer and not of the person.
"""


def attributes_of(resource: Mapping[str, Any]) -> dict[str, Values]:
    """
    Return a resource's attributes. Of several complex values `.value` has the one that is primary first.
    """
    found: dict[str, Values] = {}
    for name, given in resource.items():
        if isinstance(given, Mapping):
            separator = ":" if name.startswith("urn:") else "."
            for part, values in attributes_of(given).items():
                found[f"{name}{separator}{part}"] = values
        elif isinstance(given, list) and any(isinstance(each, Mapping) for each in given):
            found |= _of_many(name, given)
        elif there := values_of(given):
            found[name] = there  # type: ignore[assignment]  # what JSON holds are values
    return {name: values for name, values in found.items() if name not in _LEFT_OUT}


def _of_many(name: str, given: list[Any]) -> dict[str, Values]:
    maps = [dict(each) for each in given if isinstance(each, Mapping)]
    maps.sort(key=lambda each: each.get("primary") is not True)
    found: dict[str, Values] = {name: tuple(maps)}
    for each in maps:
        value = each.get("value")
        if value is None or value == "":
            continue
        for part in dict.fromkeys(("value", str(each.get("type") or "value"))):
            found[f"{name}.{part}"] = (*found.get(f"{name}.{part}", ()), value)
    return found
