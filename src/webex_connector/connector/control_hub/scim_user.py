"""
A person as Webex's SCIM 2.0 API has it, and as the model has it. Pure.

Sources: https://developer.webex.com/docs/api/v1/scim-2-users; RFC 7643 (schemas), RFC 7644 section 3.5.2 (PATCH).
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from webex_connector.connector.identity import identity
from webex_connector.icf import names
from webex_connector.icf.attributes import AttributeDelta, Attributes, Value, Values
from webex_connector.icf.errors import InvalidAttributeValue
from webex_connector.icf.schema import AttributeInfo, AttributeType
from webex_connector.webex.ids import decode, encode
from webex_connector.webex.scim_wire import (
    CORE_USER,
    ENTERPRISE_USER,
    WEBEX_USER,
    add,
    having,
    remove,
    replace,
    within,
)
from webex_connector.webex.wire import Json


@dataclass(frozen=True, slots=True)
class Field:
    """
    Where an attribute stands in a SCIM user: within `schema` (None: the core), at `path`.
    """

    path: tuple[str, ...]
    schema: str | None = None
    into: Callable[[Value], Any] = lambda value: value
    """
    From the model's value to SCIM's.
    """
    out: Callable[[Any], Value] = lambda value: value
    """
    And back.
    """

    @property
    def target(self) -> str:
        """
        The path of a PATCH operation (RFC 7644 section 3.10).
        """
        dotted = ".".join(self.path)
        return dotted if self.schema is None else within(self.schema, dotted)

    def put(self, user: Json, value: Any) -> None:
        """
        Set what stands there.
        """
        place = user if self.schema is None else user.setdefault(self.schema, {})
        for key in self.path[:-1]:
            place = place.setdefault(key, {})
        place[self.path[-1]] = value

    def read(self, user: Mapping[str, Any]) -> Any:
        """
        Return what stands there; None when nothing does.
        """
        found: Any = user if self.schema is None else user.get(self.schema)
        for key in self.path:
            found = found.get(key) if isinstance(found, Mapping) else None
        return found


def _person_id(value: Any) -> Value:
    return encode("PEOPLE", str(value))


def _uuid(value: Value) -> Any:
    return identity(str(value))


SINGLE: Mapping[str, Field] = {
    "displayName": Field(("displayName",)),
    "firstName": Field(("name", "givenName")),
    "lastName": Field(("name", "familyName")),
    "title": Field(("title",)),
    "timezone": Field(("timezone",)),
    "preferredLanguage": Field(("preferredLanguage",)),
    "locale": Field(("locale",)),
    "externalId": Field(("externalId",)),
    names.ENABLE: Field(("active",)),
    "department": Field(("department",), ENTERPRISE_USER),
    "employeeNumber": Field(("employeeNumber",), ENTERPRISE_USER),
    "costCenter": Field(("costCenter",), ENTERPRISE_USER),
    "organization": Field(("organization",), ENTERPRISE_USER),
    "division": Field(("division",), ENTERPRISE_USER),
    "managerId": Field(("manager", "value"), ENTERPRISE_USER, _uuid, _person_id),
}
"""
Attributes with one value.
"""

ONLY_HERE = (
    AttributeInfo("externalId", "The identifier that another system knows the person by.", looked_up=True),
    AttributeInfo("preferredLanguage", "Language, as in de_DE."),
    AttributeInfo("locale", "How dates and numbers are written, as in de_DE."),
    AttributeInfo("employeeNumber", "Number of the employee."),
    AttributeInfo("costCenter", "Cost centre."),
    AttributeInfo("organization", "Organisation within the company."),
    AttributeInfo("division", "Division."),
    AttributeInfo(
        "accountStatus",
        "What the identity service says of the account; nothing for a plain active one.",
        AttributeType.STRING,
        many=True,
        creatable=False,
        updateable=False,
    ),
)
"""
Attributes that only this API has.
"""

_MANY = frozenset({"emails", "roles", "phoneNumbers", "addresses"})

CAPABLE = frozenset(SINGLE) | _MANY
"""
Every attribute that can be written here.
"""


def role_key(value: Value) -> str:
    """
    Return the key of a role for its id of `/v1`. Raises InvalidAttributeValue for what is no id of Webex.
    """
    try:
        return decode(str(value)).value
    except ValueError as error:
        raise InvalidAttributeValue(f"Attribute 'roles': {error}", attribute="roles") from None


def operations_of(deltas: Iterable[AttributeDelta]) -> list[Json]:
    """
    Return the PATCH operations for changes of attributes that can be written here.
    """
    return [operation for delta in deltas for operation in _operations(delta)]


def _operations(delta: AttributeDelta) -> list[Json]:
    name = delta.name
    if name == "emails":
        return _address_operations(delta)
    if name in _MANY:
        return _list_operations(delta)
    field = SINGLE[name]
    values = delta.replace if delta.replace is not None else delta.add
    if not values:
        return [remove(field.target)]
    return [replace(field.target, field.into(values[0]))]


def _address_operations(delta: AttributeDelta) -> list[Json]:
    values = (delta.replace or ()) + delta.add
    if not values:
        return []
    # The primary work address has to equal the user name, so both move together.
    return [
        replace("userName", str(values[0])),
        replace("emails", _listed("emails", values)),
    ]


def _list_operations(delta: AttributeDelta) -> list[Json]:
    name = delta.name
    if delta.replace is not None:
        if not delta.replace:
            return [remove(name)]
        return [replace(name, _listed(name, delta.replace))]
    operations = [remove(having(name, _conditions(name, value))) for value in delta.remove]
    return [*operations, add(name, _listed(name, delta.add))] if delta.add else operations


def _conditions(name: str, value: Value) -> dict[str, str]:
    if name == "roles":
        return {"value": role_key(value)}
    if isinstance(value, Mapping):
        return {key: str(value[key]) for key in ("type", "value") if value.get(key)}
    return {"value": str(value)}


def _listed(name: str, values: Sequence[Value]) -> list[Json]:
    if name == "emails":
        return [{"value": str(each), "type": "work", "primary": n == 0} for n, each in enumerate(values)]
    if name == "roles":
        return [{"value": role_key(each), "type": "cirole"} for each in values]
    return [dict(each) for each in values if isinstance(each, Mapping)]


def body_of(attributes: Attributes) -> Json:
    """
    Return the body that creates a user with those of the attributes that can be written here, `emails` among them.

    The first address is the user name, and has to stand among the addresses as well. The schemas, the user name and the
    kind of user are required.
    """
    given = {name: values for name, values in attributes.items() if name in CAPABLE and values}
    body: Json = {"schemas": [CORE_USER], "userName": str(given["emails"][0]), "userType": "user"}
    for name, values in given.items():
        if name in _MANY:
            body[name] = _listed(name, values)
        else:
            SINGLE[name].put(body, SINGLE[name].into(values[0]))
    if ENTERPRISE_USER in body:
        body["schemas"].append(ENTERPRISE_USER)
    return body


def person_of(user: Mapping[str, Any]) -> Json:
    """
    Return a user in the form in which the people API shows people, as far as SCIM knows them: without licences, and
    with the attributes that only SCIM has.
    """
    lists = _MANY | {"accountStatus"}
    shown = {name: values for name, values in attributes_of(user).items() if values and name != names.ENABLE}
    person: Json = {name: list(values) if name in lists else values[0] for name, values in shown.items()}
    meta = user.get("meta") or {}
    told = {
        "userName": user.get("userName"),
        "nickName": user.get("nickName"),
        "loginEnabled": user.get("active"),
        "created": meta.get("created"),
        "lastModified": meta.get("lastModified"),
    }
    return {
        "id": _person_id(user["id"]),
        **person,
        **{name: value for name, value in told.items() if value is not None},
    }


def attributes_of(user: Mapping[str, Any]) -> dict[str, Values]:
    """
    Return the attributes that stand in a SCIM user, in the model's form.

    An attribute without a value is there and empty, since this API shows everything it has.
    """
    found: dict[str, Values] = {}
    for name, field in SINGLE.items():
        value = field.read(user)
        found[name] = () if value is None else (field.out(value),)
    emails = sorted(user.get("emails") or [{"value": user.get("userName")}], key=lambda each: not each.get("primary"))
    found["emails"] = tuple(each["value"] for each in emails)
    found["roles"] = tuple(encode("ROLE", str(each["value"])) for each in user.get("roles") or ())
    for name in ("phoneNumbers", "addresses"):
        found[name] = tuple(user.get(name) or ())
    status = (user.get(WEBEX_USER) or {}).get("accountStatus") or ()
    # Cisco's samples write one text, the service answers a list.
    found["accountStatus"] = (status,) if isinstance(status, str) else tuple(status)
    return found
