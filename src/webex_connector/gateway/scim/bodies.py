"""
The bodies of POST and PUT as attributes of the model. Pure.

What a resource type has not is passed over: Okta and Entra send more than Webex can hold. So is what nobody writes, and
`password` where the system takes none, which Okta always sends.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from webex_connector.gateway.scim.errors import Kind, refused
from webex_connector.gateway.scim.mapping import Attribute, Mutability, Place, Resource
from webex_connector.gateway.scim.values import shown, written
from webex_connector.icf import names
from webex_connector.icf.attributes import AttributeDelta, Values, replaced

_NAMES: Final = ("firstName", "lastName")

Given = dict[str, Values]
"""
Values by attributes of the model; an empty one clears.
"""


def creation_of(resource: Resource, body: Any) -> Given:
    """
    Return the attributes of a new object. Raises Problem (400, invalidSyntax or invalidValue), also where something
    required is missing or a userName is no address.
    """
    given = _given(resource, body)
    for row in (row for _, row in resource.rows if row.required):
        if not given.get(row.model or ""):
            raise refused(Kind.INVALID_VALUE, f"{row.name} is required")
    if resource.object_class == names.ACCOUNT:
        refuse_no_address(given)
        if not given.get("displayName") and resource.find("displayName") is not None:
            given["displayName"] = (_full_name(given, body),)
    return {name: values for name, values in given.items() if values}


def replacement_of(resource: Resource, body: Any) -> list[AttributeDelta]:
    """
    Return what a PUT changes. Attributes that are not in the body stay as they are: some clients send but the part that
    they manage, and nobody may lose licences by that. `null` and empty lists clear.

    Raises Problem (400, invalidSyntax or invalidValue).
    """
    given = _given(resource, body)
    for row in (row for _, row in resource.rows if row.required):
        if given.get(row.model or "") == ():
            raise refused(Kind.INVALID_VALUE, f"{row.name} is required")
    if resource.object_class == names.ACCOUNT:
        refuse_no_address(given)
        if given.get("displayName") == ():
            del given["displayName"]
        if given.get(names.ENABLE) == ():
            del given[names.ENABLE]
    return [replaced(name, *values) for name, values in given.items()]


def refuse_no_address(given: Mapping[str, Values]) -> None:
    """
    Raise Problem (400, invalidValue) when a userName or an e-mail is no address, which Webex needs.
    """
    for value in given.get("emails", ()):
        local, at, domain = str(value).rpartition("@")
        if not (local and at and domain) or any(each.isspace() for each in str(value)):
            raise refused(Kind.INVALID_VALUE, f"userName must be an e-mail address, not {shown(value)}")


def _given(resource: Resource, body: Any) -> Given:
    if not isinstance(body, Mapping):
        raise refused(Kind.INVALID_SYNTAX, f"The body must be a {resource.name}, a JSON object")
    given: Given = {}
    # The userName comes last, so that it wins over an e-mail that differs.
    for place, value in sorted(_places(resource, body), key=lambda each: each[0].attribute.name == "userName"):
        if place.mutability is Mutability.READ_ONLY:
            continue
        values = written(place.attribute, value if place.part is None else {place.part.name: value})
        given.update({name: each for name, each in values.items() if _is_told(place.attribute, name, each, given)})
    return given


def _is_told(row: Attribute, name: str, values: Values, given: Given) -> bool:
    """
    Whether these values count: a userName that is missing does not take back the address.
    """
    return bool(values) or row.name != "userName" or not given.get(name)


def _places(resource: Resource, body: Mapping[str, Any]) -> Iterator[tuple[Place, Any]]:
    for key, value in body.items():
        urn, rest = resource.split(key)
        if urn is not None and not rest:
            if isinstance(value, Mapping):
                for inner, each in value.items():
                    place = resource.find(f"{urn}:{inner}")
                    if place is not None:
                        yield place, each
            continue
        place = resource.find(key)
        if place is not None and place.attribute.name not in {"id", "meta"}:
            yield place, value


def _full_name(given: Given, body: Mapping[str, Any]) -> str:
    """
    Return the name to show of somebody who was given none: Webex wants one.
    """
    words = [str(given[name][0]) for name in _NAMES if given.get(name)]
    if words:
        return " ".join(words)
    name = next((value for key, value in body.items() if key.lower() == "name"), None)
    formatted = name.get("formatted") if isinstance(name, Mapping) else None
    return str(formatted) if formatted else str(given["emails"][0]).partition("@")[0]
