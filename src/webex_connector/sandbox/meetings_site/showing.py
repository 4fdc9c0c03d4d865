"""
A user as answers show it, in the order of the schema.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree as ET

from webex_connector.sandbox.meetings_site import passwords
from webex_connector.sandbox.meetings_site.fields import LANGUAGES, USER_TYPE, Field, Group
from webex_connector.sandbox.meetings_site.records import User
from webex_connector.sandbox.meetings_site.time_zones import TIME_ZONES
from webex_connector.sandbox.meetings_site.world import SiteWorld
from webex_connector.sandbox.meetings_site.writing import element

_MASK = "******"
_PARTS_OF_PHONE = 7
_CALLING_CODES = {
    "Australia": "61",
    "Austria": "43",
    "Brazil": "55",
    "China": "86",
    "France": "33",
    "Germany": "49",
    "India": "91",
    "Japan": "81",
    "Korea, South": "82",
    "Poland": "48",
    "Spain": "34",
    "United Kingdom": "44",
    "United States of America": "1",
    "USA": "1",
}


def shown(world: SiteWorld, user: User) -> Iterator[ET.Element]:
    """
    Yield what GetUser tells of a user.
    """
    for part in USER_TYPE:
        if isinstance(part, Field):
            text = _text(world, user, part.name, part)
            if text:
                yield element(f"use:{part.name}", text)
        elif part.name == "meetingTypes":
            yield element("use:meetingTypes", *(element("use:meetingType", n) for n in user.meeting_types))
        elif part.name == "security":
            yield element(
                "use:security",
                element("use:forceChangePassword", user.must_change),
                element("use:resetPassword", user.was_reset),
                element("use:lockAccount", user.locked),
            )
        elif members := tuple(_members(world, user, part)):
            yield element(f"use:{part.name}", *members)
    yield element("use:registrationDate", stamp(world, user.registered))
    yield element("use:visitCount", user.visits)
    yield element("use:userId", user.user_id)
    left = passwords.days_left(world, user)
    yield element("use:passwordExpires", left is not None)
    if left is not None:
        yield element("use:passwordDaysLeft", left)


def summary(world: SiteWorld, user: User) -> ET.Element:
    """
    Return what the listing tells of a user.
    """
    parts = [element(f"use:{name}", user.field(name)) for name in ("webExId", "firstName", "lastName", "email")]
    parts.append(element("use:registrationDate", stamp(world, user.registered)))
    parts.append(element("use:active", user.field("active")))
    parts.append(element("use:timeZoneID", _zone_number(world, user)))
    if world.quirks.control_hub_managed:
        parts.append(element("use:objectGUID", user.guid))
    return element("use:user", *parts)


def stamp(world: SiteWorld, milliseconds: int) -> str:
    """
    Write a time as `MM/DD/YYYY HH:MM:SS`, by the site's time zone.
    """
    ahead = timedelta(minutes=TIME_ZONES[world.facts.time_zone_id].minutes)
    return f"{datetime.fromtimestamp(milliseconds / 1000, UTC) + ahead:%m/%d/%Y %H:%M:%S}"


def _members(world: SiteWorld, user: User, group: Group) -> Iterator[ET.Element]:
    for member in group.members:
        if isinstance(member, Field) and (text := _text(world, user, f"{group.name}/{member.name}", member)):
            yield element(f"{member.prefix}:{member.name}", text)


def _text(world: SiteWorld, user: User, path: str, field: Field) -> str:
    match path:
        case "password" | "passwordHintAnswer":
            return _MASK if path == "password" or user.field(path) else ""
        case "timeZoneID":
            return str(_zone_number(world, user))
        case "timeZone":
            return TIME_ZONES[_zone_number(world, user)].text
        case "timeZoneWithDST":
            return TIME_ZONES[_zone_number(world, user)].long_text
        case "languageID":
            return str(LANGUAGES[user.field("language").upper()])
        case "address/country" if world.quirks.country_as_code:
            country = user.field(path)
            return _CALLING_CODES.get(country, country)
        case "phones/phone" | "phones/mobilePhone" | "phones/fax" if world.quirks.phones_padded:
            return _padded(user, user.field(path))
        case _:
            return user.fields.get(path) or field.default


def _zone_number(world: SiteWorld, user: User) -> int:
    number = int(user.field("timeZoneID") or world.facts.time_zone_id)
    return world.facts.time_zone_id if number < 0 else number


def _padded(user: User, number: str) -> str:
    parts = number.split(",") if number else [_CALLING_CODES.get(user.field("address/country"), "1")]
    return ",".join(parts + [""] * (_PARTS_OF_PHONE - len(parts)))
