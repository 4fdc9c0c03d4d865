"""
What CreateUser and SetUser write: read from the request, and held to the schema and to the rules of a site.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from webex_connector.sandbox.meetings_site.asking import number_in
from webex_connector.sandbox.meetings_site.fields import APART, FIELDS, GROUPS, IGNORED, LANGUAGES, Field, Kind
from webex_connector.sandbox.meetings_site.reading import Node
from webex_connector.sandbox.meetings_site.records import User
from webex_connector.sandbox.meetings_site.refusals import Refusal
from webex_connector.sandbox.meetings_site.time_zones import TIME_ZONES
from webex_connector.sandbox.meetings_site.world import SiteWorld

_BOOLEANS = {"true": "true", "false": "false", "1": "true", "0": "false"}
_WHOLE = re.compile(r"-?\d+")
_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")
_TELEPHONY = {
    "teleConfCallIn": "030011",
    "teleConfCallOut": "030012",
    "teleConfCallInInternational": "030023",
    "teleConfTollFreeCallIn": "030036",
    "voiceOverIp": "030050",
}
_SIMPLE_PIN = "0123456789 9876543210"


@dataclass(frozen=True, slots=True)
class Security:
    """
    The three flags of `security`; None where one was not told.
    """

    force_change: bool | None = None
    reset: bool | None = None
    lock: bool | None = None


@dataclass(frozen=True, slots=True)
class Draft:
    """
    What a request writes.
    """

    fields: Mapping[str, str]
    """By path; empty text for what is cleared."""
    meeting_types: tuple[int, ...] | None
    """The whole new set; None when none was told."""
    password: str | None
    security: Security
    renamed: str
    """The new WebEx ID; empty when there is none."""


def draft_in(world: SiteWorld, content: Node) -> Draft:
    """
    Read what is written. Raises Refusal for values of the wrong kind, too long, or that mean nothing here.
    """
    fields = dict(_fields(world, content, ""))
    password = content.child("password")
    draft = Draft(
        fields,
        _meeting_types(world, content),
        None if password is None else password.text.strip(),
        _security(world, content.child("security")),
        content.value("newWebExId"),
    )
    if len(draft.renamed) > FIELDS["webExId"].limit:
        raise _invalid(world, "newWebExId is too long")
    _check_meaning(world, fields)
    return draft


def check_fit(world: SiteWorld, before: User | None, after: User) -> None:
    """
    Raise Refusal when another user stands in the way of this one, or the site has no licence for it left.
    """
    own = after.user_id
    for other, code in ((world.user(after.web_ex_id), "030004"), (world.user_at(after.email), "030005")):
        if other is not None and other.user_id != own:
            raise Refusal(code)
    profile = after.field("mpProfileNumber")
    changed = before is None or before.field("mpProfileNumber") != profile
    if profile and changed and any(u.field("mpProfileNumber") == profile for u in world.users() if u.user_id != own):
        raise Refusal("030051")
    if after.is_host and not (before and before.is_host) and world.hosts >= world.facts.host_limit:
        raise Refusal("030010")
    for number in after.meeting_types:
        kind = world.session_types[number]
        is_new = before is None or number not in before.meeting_types
        if is_new and kind.total is not None and world.session_users[number] >= kind.total:
            raise Refusal("110055", value=str(number))


def _fields(world: SiteWorld, of: Node, path: str) -> Iterator[tuple[str, str]]:
    for node in of.children:
        here = f"{path}{node.name}"
        if here in IGNORED or here in APART:
            continue
        field = FIELDS.get(here)
        if field is None and (path or node.name not in GROUPS):
            if world.quirks.unknown_elements_refused:
                raise _invalid(world, f"there is no element {here}")
            continue
        if field is None:
            yield from _fields(world, node, f"{here}/")
        elif field.is_written and (node.text.strip() or world.quirks.empty_clears):
            yield here, _value(world, here, field, node.text.strip())


def _value(world: SiteWorld, path: str, field: Field, text: str) -> str:
    if not text:
        return ""
    if field.limit and len(text) > field.limit:
        raise _invalid(world, f"{path} is longer than {field.limit} characters")
    if field.kind is Kind.FLAG:
        return _flag(world, path, text)
    if field.kind is Kind.WHOLE and not _WHOLE.fullmatch(text):
        raise _invalid(world, f"{path} is not a number: {text}")
    if field.choices and text not in field.choices:
        raise _invalid(world, f"{path} is none of {', '.join(field.choices)}: {text}")
    return text


def _flag(world: SiteWorld, path: str, text: str) -> str:
    value = _BOOLEANS.get(text.lower())
    if value is None:
        raise _invalid(world, f"{path} is neither true nor false: {text}")
    return value


def _meeting_types(world: SiteWorld, content: Node) -> tuple[int, ...] | None:
    listed = content.child("meetingTypes")
    if listed is None:
        return None
    numbers = tuple(dict.fromkeys(number_in(world, each) for each in listed.all("meetingType") if each.text.strip()))
    for number in numbers:
        kind = world.session_types.get(number)
        if kind is None or not kind.active:
            raise _invalid(world, f"there is no session type {number}")
    return numbers


def _security(world: SiteWorld, node: Node | None) -> Security:
    if node is None:
        return Security()
    told: dict[str, bool] = {}
    for each in node.children:
        if f"security/{each.name}" not in FIELDS and world.quirks.unknown_elements_refused:
            raise _invalid(world, f"there is no element security/{each.name}")
        if each.text.strip():
            told[each.name] = _flag(world, f"security/{each.name}", each.text.strip()) == "true"
    return Security(told.get("forceChangePassword"), told.get("resetPassword"), told.get("lockAccount"))


def _check_meaning(world: SiteWorld, fields: Mapping[str, str]) -> None:
    if (address := fields.get("email")) and not _ADDRESS.fullmatch(address):
        raise Refusal("030062")
    if (language := fields.get("language")) and language.upper() not in LANGUAGES:
        raise Refusal("030060", value=language)
    if (zone := fields.get("timeZoneID")) and int(zone) not in {-1, *TIME_ZONES}:
        raise _invalid(world, f"there is no time zone {zone}")
    if (country := fields.get("address/country")) and country.isdigit():
        raise _invalid(world, f"address/country is not a country's name: {country}")
    if (pin := fields.get("phones/PIN")) and (not pin.isdigit() or len(set(pin)) == 1 or pin in _SIMPLE_PIN):
        raise _invalid(world, "a valid PIN is required")
    for named in filter(None, fields.get("schedulingPermission", "").split(";")):
        if world.user(named.strip()) is None:
            raise Refusal("030019", value=named.strip())
    for privilege, code in _TELEPHONY.items():
        if fields.get(f"privilege/{privilege}") == "true" and privilege not in world.facts.features:
            raise Refusal(code)


def _invalid(world: SiteWorld, reason: str) -> Refusal:
    return Refusal(world.quirks.invalid_code, f"Validation failed: {reason}")
