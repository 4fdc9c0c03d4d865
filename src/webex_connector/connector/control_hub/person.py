"""
A person as Webex sends it, and as the model has it. Pure.

Source: https://developer.webex.com/docs/api/v1/people; what an update must send and may not send is on its sub-page
"update a person".
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from webex_connector.connector.identity import identity
from webex_connector.icf import names
from webex_connector.icf.attributes import Attributes, Value, Values
from webex_connector.icf.objects import ConnectorObject, NotApplied
from webex_connector.icf.schema import ObjectClassInfo

CALLING_ATTRIBUTES = frozenset({"extension", "locationId", "phoneNumbers"})
"""
Attributes that Webex shows, or shows whole, only when calling data is asked for.
"""

GROUPS = "groups"
"""
The attribute that is no field of a person: it is kept by membership calls.
"""

WRITABLE_FIELDS = (
    "emails",
    "displayName",
    "firstName",
    "lastName",
    "avatar",
    "orgId",
    "roles",
    "licenses",
    "siteUrls",
    "phoneNumbers",
    "extension",
    "locationId",
    "department",
    "title",
    "manager",
    "managerId",
    "addresses",
    "loginEnabled",
)
"""
The fields of a full replace. What is left out of one may be cleared.
"""

_WRITABLE_PHONES = frozenset({"work"})


def enabled(person: Mapping[str, Any]) -> bool:
    """
    Say whether a person may use Webex.

    Somebody who has not accepted the invitation yet has `loginEnabled` false without anybody having disabled them.
    """
    return person.get("loginEnabled") is not False or person.get("invitePending") is True


def account_of(person: Mapping[str, Any], info: ObjectClassInfo, groups: Values | None = None) -> ConnectorObject:
    """
    Return the account for a person. `groups` are the uids of the person's groups, None when nobody looked.
    """
    attributes: dict[str, Values] = {}
    for fact in info.attributes:
        value = person.get(fact.name)
        if value is None:
            continue
        attributes[fact.name] = tuple(value) if fact.many else (value,)
    if "timeZone" in person:
        # Cisco's definition and the SDKs disagree about the spelling.
        attributes.setdefault("timezone", (person["timeZone"],))
    attributes[names.ENABLE] = (enabled(person),)
    if groups is not None:
        attributes[GROUPS] = groups
    name = attributes.get(info.name_attribute or "", ())
    return ConnectorObject(info.name, person["id"], str(name[0]) if name else None, attributes)


def body_of(attributes: Attributes) -> dict[str, Any]:
    """
    Return the body that creates a person with these attributes.
    """
    body: dict[str, Any] = {}
    for field in WRITABLE_FIELDS:
        values = attributes.get(field)
        if values:
            body[field] = _wire(field, values)
    return body


def replacement_of(person: Mapping[str, Any], changes: Attributes) -> dict[str, Any]:
    """
    Return the full body of an update: everything the person has, with the changes in it.

    A location is set once and stays by itself; numbers other than work numbers are not ours to write; what Webex
    computes is left out.
    """
    body: dict[str, Any] = {}
    for field in WRITABLE_FIELDS:
        changed = _changed(field, changes)
        if changed is not None:
            if changed or field in _LISTS:
                body[field] = _wire(field, changed)
        elif field == "phoneNumbers":
            kept = [_work_number(each) for each in person.get(field, ()) if each.get("type") in _WRITABLE_PHONES]
            if kept and "locationId" not in changes:
                body[field] = kept
        elif field != "locationId" and person.get(field) is not None:
            body[field] = person[field]
    return body


def _changed(field: str, changes: Attributes) -> Values | None:
    return changes.get(names.ENABLE if field == "loginEnabled" else field)


def _work_number(number: Mapping[str, Any]) -> dict[str, Any]:
    return {key: number[key] for key in ("type", "value", "primary") if key in number}


_LISTS = frozenset({"emails", "roles", "licenses", "siteUrls", "phoneNumbers", "addresses"})


def _wire(field: str, values: Values) -> Any:
    return list(values) if field in _LISTS else values[0]


def not_applied(
    asked: Attributes,
    account: ConnectorObject,
    *,
    exactly: bool = False,
    said: str | None = None,
    tracking_id: str | None = None,
) -> tuple[NotApplied, ...]:
    """
    Return what was asked for and is not there, value by value.

    Webex leaves out licences it cannot assign without a word, and drops what a missing licence forbids. With `exactly`
    a value that is there and was not asked for counts as well; a new person may have got licences by a template. `said`
    is what Webex gave as the reason, if it gave one.
    """
    found = []
    for name, values in asked.items():
        wanted = [_comparable(name, value) for value in values]
        have = [_comparable(name, value) for value in account.values(name)]
        missing = tuple(value for value, one in zip(values, wanted, strict=True) if not _among(one, have))
        if missing:
            found.append(NotApplied(name, missing, said or _REASONS.get(name, _SILENCE), tracking_id))
        listed = _ours(name, account.values(name)) if exactly and (name in _LISTS or not values) else ()
        extra = tuple(value for value in listed if not _among_either(_comparable(name, value), wanted))
        if extra:
            found.append(NotApplied(name, extra, said or "Webex did not take this value away", tracking_id))
    return tuple(found)


def unnoted(missing: Iterable[NotApplied], known: Sequence[NotApplied]) -> list[NotApplied]:
    """
    Return what is missing and not known to be, value by value.
    """
    found = []
    for each in missing:
        noted = [value for other in known if other.attribute == each.attribute for value in other.values]
        values = tuple(value for value in each.values if value not in noted)
        if values:
            found.append(replace(each, values=values))
    return found


_SILENCE = "Webex did not take the value and did not say why"
_REASONS = {
    "licenses": "Webex did not assign the licence: it is unknown, not available to this person, or has no unit left",
    "roles": "Webex did not grant the role: it is unknown or may not be granted by us",
    "siteUrls": "Webex did not give the site: the person may lack the licence for it",
    "extension": "Webex shows no extension: the person may lack a Calling licence",
    "locationId": "Webex shows no location: the person may lack a Calling licence",
    names.ENABLE: "Webex did not change it; somebody who has not accepted the invitation yet cannot be disabled",
}


def _comparable(name: str, value: Value) -> Any:
    """
    Forgive what Webex is free to rewrite: the spelling of numbers, the case of addresses, where an avatar is kept.
    """
    if name == "avatar":
        return True
    if name == "phoneNumbers" and isinstance(value, Mapping):
        return (value.get("type"), "".join(filter(str.isdigit, str(value.get("value", "")))))
    if name == "addresses" and isinstance(value, Mapping):
        return {key: part for key, part in value.items() if part not in (None, "")}
    if name == "emails":
        return names.folded_text(str(value))
    if name in _IDS:
        return identity(str(value))
    return value


_IDS = frozenset({"managerId", "orgId", "locationId"})


def _ours(name: str, values: Values) -> Values:
    """
    Leave out what Webex computes: numbers that are not for us to write.
    """
    if name != "phoneNumbers":
        return values
    return tuple(each for each in values if isinstance(each, Mapping) and each.get("type") in _WRITABLE_PHONES)


def same(name: str, left: Values, right: Values) -> bool:
    """
    Say whether two lists of values of an attribute mean the same to Webex.
    """
    if name == "avatar":
        return left == right
    theirs = [_comparable(name, value) for value in _ours(name, right)]
    computed = [_comparable(name, value) for value in right if value not in _ours(name, right)]
    # What is asked for and neither ours to write nor there already makes a difference: it must not pass for done.
    ours = [one for one in (_comparable(name, value) for value in left) if one not in computed]
    if name in _UNORDERED:
        return all(_among(one, theirs) for one in ours) and all(_among(one, ours) for one in theirs)
    return ours == theirs


_UNORDERED = _LISTS - {"emails"}


def _among_either(one: Any, wanted: list[Any]) -> bool:
    if isinstance(one, dict):
        return any(isinstance(each, dict) and each.items() <= one.items() for each in wanted)
    return one in wanted


def _among(asked: Any, have: list[Any]) -> bool:
    if isinstance(asked, dict):
        return any(isinstance(each, dict) and asked.items() <= each.items() for each in have)
    return asked in have
