"""
How the organisation's things look on the wire.

Absent values are left out, never null; booleans are real ones (the specification says strings, the wire does not).
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from webex_connector.sandbox import ids
from webex_connector.sandbox.ids import Kind
from webex_connector.sandbox.records import Group, License, Location, Person, Phone, Team
from webex_connector.sandbox.rules import licensing
from webex_connector.sandbox.world import World


@dataclass(frozen=True, slots=True)
class PersonView:
    """
    Which fields of a person an answer shows.
    """

    admin: bool = True
    """Roles, licences, sites and the state of the account."""
    calling: bool = False
    """Extension, location and work numbers of people with Webex Calling."""
    presence: bool = True
    """Status and last activity."""


def moment(milliseconds: int) -> str:
    """
    Return a time as `/v1` writes it.
    """
    whole = datetime.fromtimestamp(milliseconds // 1000, UTC)
    return f"{whole:%Y-%m-%dT%H:%M:%S}.{milliseconds % 1000:03d}Z"


def person_id(uuid: str) -> str:
    """
    Return somebody's outward identifier.
    """
    return ids.encode(Kind.PERSON, uuid)


@lru_cache(maxsize=4096)
def _few(kind: Kind, value: str) -> str:
    # There are few of these and each stands in many people; encoding them anew took a third of the time of a page.
    return ids.encode(kind, value)


def organization_id(world: World) -> str:
    """
    Return the organisation's outward identifier.
    """
    return _few(Kind.ORGANIZATION, world.organization.uuid)


def license_id(world: World, key: str) -> str:
    """
    Return a licence's outward identifier.
    """
    return _few(Kind.LICENSE, f"{world.organization.uuid}:{key}")


def role_id(key: str) -> str:
    """
    Return a role's outward identifier.
    """
    return _few(Kind.ROLE, key)


def location_id(uuid: str) -> str:
    """
    Return a location's outward identifier.
    """
    return _few(Kind.LOCATION, uuid)


def group_id(world: World, group: Group) -> str:
    """
    Return a group's outward identifier.
    """
    return ids.encode(Kind.GROUP, f"{group.uuid}:{world.organization.uuid}")


def person(world: World, who: Person, view: PersonView) -> dict[str, Any]:
    """
    Return a person as `/people` shows it.
    """
    shown: dict[str, Any] = {
        "id": person_id(who.uuid),
        "emails": [who.email],
        "displayName": who.display_name,
        "firstName": who.first_name,
        "lastName": who.last_name,
        "nickName": who.nick_name,
        "userName": who.email,
        "avatar": who.avatar,
        "orgId": organization_id(world),
        "department": who.department,
        "title": who.title,
        "manager": who.manager,
        "managerId": person_id(who.manager_uuid) if world.person(who.manager_uuid) else "",
        "addresses": who.addresses,
        "timezone": who.timezone,
        "created": moment(who.created),
        "lastModified": moment(who.last_modified),
        "type": "person",
    }
    calling = view.calling and licensing.has_calling(world, who.licenses)
    shown["phoneNumbers"] = _phones(world, who, calling=calling)
    if calling:
        shown["extension"] = who.extension
        shown["locationId"] = location_id(who.location_uuid) if who.location_uuid else ""
    if view.presence:
        shown["status"] = who.status
        shown["lastActivity"] = moment(who.last_activity) if who.last_activity else ""
    present = {name: value for name, value in shown.items() if value}
    if view.admin:
        present["roles"] = [role_id(key) for key in who.roles]
        present["licenses"] = [license_id(world, key) for key in who.licenses]
        if sites := _sites(world, who):
            present["siteUrls"] = sites
        present["invitePending"] = who.invite_pending
        present["loginEnabled"] = who.login_enabled
    return present


def _sites(world: World, who: Person) -> list[str]:
    hosts = licensing.host_sites(world, who.licenses)
    return [*hosts, *(f"{site}#attendee" for site in who.attendee_sites)]


def _phones(world: World, who: Person, *, calling: bool) -> tuple[Phone, ...]:
    if not calling:
        return tuple(phone for phone in who.phones if phone.type != "work")
    extension = work_extension(world, who)
    return (*who.phones, extension) if extension else who.phones


def work_extension(world: World, who: Person) -> Phone | None:
    """
    Return the extension as a number that can be dialled from all locations; None for somebody without one.
    """
    if not who.extension:
        return None
    place = world.locations.get(who.location_uuid)
    prefix = place.routing_prefix if place else ""
    return Phone("work_extension", prefix + who.extension)


def license_(world: World, entry: License) -> dict[str, Any]:
    """
    Return a licence as `/licenses` shows it; a free one has as many units as are used.
    """
    consumed = world.consumed[entry.key]
    shown = {
        "subscriptionId": entry.subscription,
        "siteUrl": entry.site_url,
        "siteType": entry.site_type,
    }
    return {
        "id": license_id(world, entry.key),
        "name": entry.name,
        "totalUnits": consumed if entry.total_units is None else entry.total_units,
        "consumedUnits": consumed,
        "consumedByUsers": consumed,
        "consumedByWorkspaces": 0,
        **{name: value for name, value in shown.items() if value},
    }


def group(world: World, entry: Group, members: list[str] | None = None) -> dict[str, Any]:
    """
    Return a group as `/groups` shows it, with the given members (UUIDs) or without the list.
    """
    shown: dict[str, Any] = {
        "id": group_id(world, entry),
        "displayName": entry.display_name,
        "orgId": organization_id(world),
        "created": moment(entry.created),
        "lastModified": moment(entry.last_modified),
        "memberSize": len(entry.members),
    }
    if entry.description:
        shown["description"] = entry.description
    if members is not None:
        shown["members"] = [
            {"id": person_id(uuid), "type": "user", "displayName": who.display_name}
            for uuid in members
            if (who := world.person(uuid))
        ]
    return shown


def team(entry: Team) -> dict[str, Any]:
    """
    Return a team as `/teams` shows it.
    """
    shown = {
        "id": ids.encode(Kind.TEAM, entry.uuid),
        "name": entry.name,
        "creatorId": person_id(entry.creator_uuid),
        "created": moment(entry.created),
    }
    return {**shown, "description": entry.description} if entry.description else shown


def membership(world: World, entry: Team, uuid: str) -> dict[str, Any]:
    """
    Return a person's part in a team as `/team/memberships` shows it.
    """
    who, part = world.person(uuid), entry.members[uuid]
    return {
        "id": ids.encode(Kind.TEAM_MEMBERSHIP, f"{uuid}:{entry.uuid}"),
        "teamId": ids.encode(Kind.TEAM, entry.uuid),
        "personId": person_id(uuid),
        "personEmail": who.email if who else "",
        "personDisplayName": who.display_name if who else "",
        "personOrgId": organization_id(world),
        "isModerator": part.is_moderator,
        "created": moment(part.created),
    }


def location(world: World, place: Location) -> dict[str, Any]:
    """
    Return a location as `/locations` shows it.
    """
    address = {
        "address1": place.address.street_address,
        "address2": place.second_line,
        "city": place.address.locality,
        "state": place.address.region,
        "postalCode": place.address.postal_code,
        "country": place.address.country,
    }
    shown = {
        "id": location_id(place.uuid),
        "name": place.name,
        "orgId": organization_id(world),
        "address": {name: value for name, value in address.items() if value},
        "timeZone": place.timezone,
        "preferredLanguage": place.preferred_language,
        "announcementLanguage": place.announcement_language,
        "latitude": place.latitude,
        "longitude": place.longitude,
        "notes": place.notes,
    }
    return {name: value for name, value in shown.items() if value}
