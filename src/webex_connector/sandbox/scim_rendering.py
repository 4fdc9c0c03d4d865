"""
How people and groups look by SCIM (https://developer.webex.com/docs/api/v1/scim-2-users).

Absent values are left out, never null.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from webex_connector.sandbox import places, rendering, urns
from webex_connector.sandbox.profile import PLAIN, GroupProfile, Profile
from webex_connector.sandbox.records import Group, Person, Phone
from webex_connector.sandbox.world import World

Json = dict[str, Any]

_SIP_DOMAIN = "acme.calls.webex.com"
_ALWAYS = frozenset({"schemas", "id"})


@dataclass(frozen=True, slots=True)
class Scene:
    """
    What an answer is written from.
    """

    world: World
    base_url: str
    """Scheme and host as the caller used them."""

    def location(self, kind: str, uuid: str) -> str:
        """
        Return the address of a user (`Users`) or a group (`Groups`).
        """
        root = f"{self.base_url}{places.root_of(self.world.quirks)}"
        return f"{root}/identity/scim/{self.world.organization.uuid}/v2/{kind}/{uuid}"


def version(last_modified: int) -> str:
    """
    Return what `meta.version` says.
    """
    return f'W/"{last_modified}"'


def user(scene: Scene, who: Person) -> Json:
    """
    Return a person as `/Users` shows it.
    """
    more = who.more or PLAIN
    shown: Json = {
        "id": who.uuid,
        "externalId": more.external_id,
        "userName": who.email,
        "active": who.active,
        "userType": more.user_type,
        "displayName": who.display_name,
        "nickName": who.nick_name,
        "title": who.title,
        "name": _present(
            givenName=who.first_name,
            familyName=who.last_name,
            middleName=more.middle_name,
            honorificPrefix=more.honorific_prefix,
            honorificSuffix=more.honorific_suffix,
            formatted=more.formatted_name,
        ),
        "emails": [{"value": who.email, "type": "work", "primary": True}, *_built(more.emails)],
        "phoneNumbers": _built(_phones(scene.world, who)),
        "ims": _built(more.ims),
        "photos": _built(more.photos),
        "addresses": _built(who.addresses),
        "roles": [{"value": key, "type": "cirole"} for key in who.roles],
        "entitlements": _built(more.entitlements),
        "x509Certificates": _built(more.certificates),
        "preferredLanguage": more.preferred_language,
        "locale": more.locale,
        "timezone": who.timezone,
        "profileUrl": more.profile_url,
        urns.ENTERPRISE: _enterprise(scene, who, more),
        urns.WEBEX_USER: _webex_user(scene.world, who, more),
        "meta": _meta(scene, "User", "Users", who),
    }
    present = {name: value for name, value in shown.items() if value not in ("", [], {})}
    schemas = [urns.USER, *(urn for urn in urns.SECTIONS if urn in present)]
    return {"schemas": schemas, **present}


def with_groups(scene: Scene, shown: Json, *, usages: Iterable[str] = ()) -> Json:
    """
    Add the groups a person is in, all or those of some usages.
    """
    wanted = frozenset(usages)
    entries = [
        {"value": group.uuid, "display": group.display_name, "$ref": scene.location("Groups", group.uuid)}
        for group in scene.world.groups.values()
        if shown["id"] in group.members and (not wanted or (group.more or GroupProfile()).webex.get("usage") in wanted)
    ]
    return {**shown, "groups": entries} if entries else shown


def group(scene: Scene, entry: Group, members: Iterable[str] | None = None) -> Json:
    """
    Return a group as `/Groups` shows it, with the given members (UUIDs) or without the list.
    """
    more = entry.more or GroupProfile()
    shown: Json = {
        "schemas": [urns.GROUP, urns.WEBEX_GROUP],
        "id": entry.uuid,
        "displayName": entry.display_name,
        **_present(externalId=more.external_id),
        "meta": _meta(scene, "Group", "Groups", entry),
        urns.WEBEX_GROUP: {**more.webex, "meta": {"organizationID": scene.world.organization.uuid}},
    }
    if members is not None:
        shown["members"] = [
            {**member, "$ref": scene.location("Users", member["value"])} for member in members_of(scene.world, members)
        ]
    return shown


def members_of(world: World, uuids: Iterable[str]) -> list[Json]:
    """
    Return members as lists of them show them.
    """
    return [
        {"value": uuid, "type": "user", "display": person.display_name}
        for uuid in uuids
        if (person := world.person(uuid))
    ]


def listing(found: Sequence[Json], total: int, start: int) -> Json:
    """
    Return one page of a search (RFC 7644 section 3.4.2).
    """
    return {
        "schemas": [urns.LIST],
        "totalResults": total,
        "itemsPerPage": len(found),
        "startIndex": start,
        "Resources": found,
    }


def selection(attributes: str, excluded: str) -> Callable[[Json], Json]:
    """
    Return what cuts an object down to the attributes asked for (RFC 7644 section 3.9); identifier and schemas stay.

    Names may be those of a whole section, and lead into an attribute by a dot.
    """
    wanted, unwanted = _paths(attributes), _paths(excluded)

    def cut(shown: Json) -> Json:
        if wanted:
            kept = {name: part for name, value in shown.items() if (part := _kept(name, value, wanted)) is not None}
            return {name: shown[name] for name in shown if name in _ALWAYS} | kept
        return {name: _without(name, value, unwanted) for name, value in shown.items() if not _is_gone(name, unwanted)}

    return cut if wanted or unwanted else lambda shown: shown


def _paths(text: str) -> list[tuple[str, ...]]:
    paths = []
    for name in filter(None, (part.strip() for part in text.split(","))):
        section, rest = urns.split(name)
        paths.append(tuple(part.lower() for part in (section, *rest.split(".")) if part))
    return paths


def _kept(name: str, value: Any, wanted: list[tuple[str, ...]]) -> Any:
    below = [path[1:] for path in wanted if path[0] == name.lower()]
    if not below:
        return None
    if () in below or not isinstance(value, dict | list):
        return value
    if isinstance(value, list):
        return [element if not isinstance(element, dict) else _kept_parts(element, below) for element in value]
    return _kept_parts(value, below) or None


def _kept_parts(whole: Json, below: list[tuple[str, ...]]) -> Json:
    return {name: part for name, value in whole.items() if (part := _kept(name, value, below)) is not None}


def _is_gone(name: str, unwanted: list[tuple[str, ...]]) -> bool:
    return (name.lower(),) in unwanted and name not in _ALWAYS


def _without(name: str, value: Any, unwanted: list[tuple[str, ...]]) -> Any:
    below = [path[1:] for path in unwanted if path[0] == name.lower() and path[1:]]
    if not below or not isinstance(value, dict):
        return value
    return {part: _without(part, inner, below) for part, inner in value.items() if not _is_gone(part, below)}


def _enterprise(scene: Scene, who: Person, more: Profile) -> Json:
    manager = scene.world.person(who.manager_uuid)
    above = manager and {
        "value": manager.uuid,
        "displayName": manager.display_name,
        "$ref": scene.location("Users", manager.uuid),
    }
    return _present(
        employeeNumber=more.employee_number,
        costCenter=more.cost_center,
        organization=more.organization,
        division=more.division,
        department=who.department,
        manager=above,
    )


def _webex_user(world: World, who: Person, more: Profile) -> Json:
    states = list(more.account_status)
    if who.invite_pending:
        states.append("pending")
    elif who.active and not states and world.quirks.account_status_shown:
        states.append("active")
    is_due = world.now() >= who.created + world.quirks.sip_address_delay * 1000
    address = f"{who.email.partition('@')[0]}@{_SIP_DOMAIN}"
    return {
        **_present(accountStatus=states, provisionSource=world.quirks.provision_source),
        **more.webex,
        **_present(sipAddresses=[{"value": address, "type": "cloud-calling", "primary": True}] if is_due else []),
        "meta": {"organizationId": world.organization.uuid},
    }


def _phones(world: World, who: Person) -> tuple[Phone, ...]:
    extension = rendering.work_extension(world, who)
    return (*who.phones, extension) if extension else who.phones


def _meta(scene: Scene, kind: str, collection: str, entry: Person | Group) -> Json:
    return {
        "resourceType": kind,
        "location": scene.location(collection, entry.uuid),
        "version": version(entry.last_modified),
        "created": rendering.moment(entry.created),
        "lastModified": rendering.moment(entry.last_modified),
    }


def _present(**values: Any) -> Json:
    return {name: value for name, value in values.items() if value}


def _built(values: Sequence[msgspec.Struct]) -> list[Any]:
    return [msgspec.to_builtins(value) for value in values]
