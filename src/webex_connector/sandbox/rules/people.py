"""
What may happen to a person, and what follows from it.

The rules are those of https://developer.webex.com/docs/api/v1/people; where Webex says nothing, `quirks` decides.
"""

from collections.abc import Iterable
from urllib.parse import urlsplit

import msgspec

from webex_connector.sandbox import ids
from webex_connector.sandbox.problems import Problem, bad_request, conflict, not_found
from webex_connector.sandbox.records import FULL_ADMIN, Address, Person, Phone
from webex_connector.sandbox.rules import calling, licensing
from webex_connector.sandbox.rules.calling import CallingFields
from webex_connector.sandbox.world import World, folded

_ATTENDEE = "#attendee"


class PersonDraft(msgspec.Struct, frozen=True, rename="camel"):
    """
    What a caller writes, in Webex's own names. None stands for absent and for null; unknown members are ignored.
    """

    emails: tuple[str, ...] | None = None
    display_name: str | None = None
    first_name: str | None = None
    last_name: str | None = None
    avatar: str | None = None
    org_id: str | None = None
    roles: tuple[str, ...] | None = None
    licenses: tuple[str, ...] | None = None
    site_urls: tuple[str, ...] | None = None
    phone_numbers: tuple[Phone, ...] | None = None
    extension: str | None = None
    location_id: str | None = None
    department: str | None = None
    title: str | None = None
    manager: str | None = None
    manager_id: str | None = None
    addresses: tuple[Address, ...] | None = None
    login_enabled: bool | None = None


def find(world: World, person_id: str) -> Person:
    """
    Return the person. Raises a 404 for nobody or nobody any more, a 400 for a malformed identifier.
    """
    person = world.person(ids.value_of(ids.Kind.PERSON, person_id) or "")
    if person is None:
        raise not_found("Person")
    return person


def create(world: World, draft: PersonDraft) -> Person:
    """
    Add a person, without the fields that cannot be had: unknown roles, managers and licences, a bad avatar.

    Raises a 400 without an address or a name and for contradictory calling fields, a 409 for an address that is taken.
    A 400 for an impossible phone number comes after the person was added, if the quirks say so.
    """
    address = _address(draft)
    if not any((draft.display_name, draft.first_name, draft.last_name)):
        raise bad_request("At least one of displayName, firstName and lastName is required.")
    _require_own_org(world, draft.org_id)
    fields = calling.read(world, draft.extension or "", draft.location_id or "", draft.phone_numbers or ())
    if world.address_taken(address):
        raise conflict("User already exists.")
    bad_number = fields.bad_number
    if bad_number and not world.quirks.bad_phone_number_creates:
        raise _bad_number(bad_number)
    person = _created(world, draft, address, CallingFields() if bad_number else fields)
    world.put_person(person)
    if bad_number:
        raise _bad_number(bad_number)
    return person


def replace(world: World, person: Person, draft: PersonDraft, *, show_all_types: bool = False) -> Person:
    """
    Put what the caller wrote in the place of what was there; what is left out is cleared, unless the quirks keep it.

    Kept are the address when none is given, whether log-in is enabled, the location, and what cannot be written.
    Raises a 400 without a display name, when an implicit licence is missing from the list, for a location that would
    move, and for contradictory calling fields; a 409 for an address that is taken.
    """
    if not draft.display_name:
        raise bad_request("displayName is required.")
    draft = draft if world.quirks.put_clears else _completed(world, person, draft)
    address = _address(draft) if draft.emails is not None else person.email
    _require_own_org(world, draft.org_id)
    fields = calling.read(world, draft.extension or "", draft.location_id or "", draft.phone_numbers or ())
    if fields.bad_number:
        raise _bad_number(fields.bad_number)
    if folded(address) != folded(person.email) and world.address_taken(address):
        raise conflict("User already exists.")
    wanted = licensing.known(world, draft.licenses or ())
    if missing := licensing.implicit(world, person) - set(wanted):
        raise bad_request(f"Implicitly assigned licenses cannot be removed: {', '.join(sorted(missing))}")
    had_calling = licensing.has_calling(world, person.licenses)
    if had_calling and fields.location_uuid and fields.location_uuid != person.location_uuid:
        raise bad_request("locationId cannot be changed for a Webex Calling user.")
    licenses = licensing.assignable(world, person.licenses, wanted, calling_ready=fields.ready)
    new = msgspec.structs.replace(
        person,
        email=address,
        nick_name=draft.first_name or "",
        licenses=licenses,
        roles=_known_roles(world, draft.roles or ()),
        login_enabled=person.login_enabled if draft.login_enabled is None else draft.login_enabled,
        attendee_sites=_attendee_sites(world, draft, licenses, () if show_all_types else person.attendee_sites),
        last_modified=world.now(),
        **_plain_fields(world, draft),
        **_calling_fields(world, fields, licenses, person),
    )
    require_an_admin(world, person, new)
    world.put_person(new)
    return new


def remove(world: World, person: Person) -> None:
    """
    Delete somebody. Raises a 400 for the last full administrator.
    """
    require_an_admin(world, person, None)
    world.drop_person(person.uuid)


def require_an_admin(world: World, before: Person, after: Person | None) -> None:
    """
    Raise a 400 if the change would leave the organisation without a full administrator who can sign in.
    """
    if not world.quirks.last_admin_protected or not _is_working_admin(before):
        return
    if after is not None and _is_working_admin(after):
        return
    if not any(_is_working_admin(other) for _, other in world.people() if other.uuid != before.uuid):
        raise bad_request("The last full administrator cannot be removed.")


def require_somebody_else(world: World, person: Person, actor: str | None) -> None:
    """
    Raise a 400 if the person is the actor (a UUID) and the quirks forbid deleting the own account.
    """
    if world.quirks.own_account_protected and person.uuid == actor:
        raise bad_request("The own account cannot be deleted.")


def _created(world: World, draft: PersonDraft, address: str, fields: CallingFields) -> Person:
    wanted = licensing.known(world, draft.licenses or ())
    licenses = licensing.assignable(world, (), wanted, calling_ready=fields.ready)
    now = world.now()
    person = Person(world.new_uuid(), address, "", now, now)
    return msgspec.structs.replace(
        person,
        nick_name=draft.first_name or "",
        licenses=licenses,
        roles=_known_roles(world, draft.roles or ()),
        attendee_sites=_attendee_sites(world, draft, licenses, ()),
        **_plain_fields(world, draft),
        **_calling_fields(world, fields, licenses, person),
    )


def _completed(world: World, person: Person, draft: PersonDraft) -> PersonDraft:
    """
    Fill in what is left out with what is there, except the picture.
    """
    kept = PersonDraft(
        first_name=person.first_name,
        last_name=person.last_name,
        roles=tuple(ids.encode(ids.Kind.ROLE, key) for key in person.roles),
        licenses=tuple(ids.encode(ids.Kind.LICENSE, f"{world.organization.uuid}:{key}") for key in person.licenses),
        phone_numbers=tuple(phone for phone in person.phones if phone.type == "work"),
        extension=person.extension,
        department=person.department,
        title=person.title,
        manager=person.manager,
        manager_id=person.manager_uuid,
        addresses=person.addresses,
    )
    given = {name: value for name in draft.__struct_fields__ if (value := getattr(draft, name)) is not None}
    return msgspec.structs.replace(kept, **given)


def _plain_fields(world: World, draft: PersonDraft) -> dict[str, object]:
    first, last = draft.first_name or "", draft.last_name or ""
    manager = ids.known_value_of(ids.Kind.PERSON, draft.manager_id or "") or ""
    return {
        "display_name": draft.display_name or f"{first} {last}".strip(),
        "first_name": first,
        "last_name": last,
        "avatar": draft.avatar if _is_address_of_a_picture(draft.avatar) else "",
        "department": draft.department or "",
        "title": draft.title or "",
        "manager": draft.manager or "",
        "manager_uuid": manager if world.person(manager) else "",
        "addresses": draft.addresses or (),
    }


def _calling_fields(
    world: World,
    fields: CallingFields,
    licenses: tuple[str, ...],
    before: Person,
) -> dict[str, object]:
    others = tuple(phone for phone in before.phones if phone.type != "work")
    if not licensing.has_calling(world, licenses):
        return {"extension": "", "location_uuid": "", "phones": others}
    return {
        "extension": fields.extension,
        "location_uuid": fields.location_uuid or before.location_uuid or calling.default_location(world),
        "phones": (*fields.phones, *others),
    }


def _attendee_sites(
    world: World,
    draft: PersonDraft,
    licenses: tuple[str, ...],
    kept: tuple[str, ...],
) -> tuple[str, ...]:
    asked = (entry.removesuffix(_ATTENDEE) for entry in draft.site_urls or () if entry.endswith(_ATTENDEE))
    hosts = licensing.host_sites(world, licenses)
    sites = {license_.site_url for license_ in world.licenses.values()} - {""}
    return tuple(dict.fromkeys(site for site in (*kept, *asked) if site in sites and site not in hosts))


def _address(draft: PersonDraft) -> str:
    address = draft.emails[0].strip() if draft.emails else ""
    if not address:
        raise bad_request("emails is required.")
    local, _, domain = address.rpartition("@")
    if not local or "." not in domain.strip(".") or any(character.isspace() for character in address):
        raise bad_request(f"Invalid email address: {address}")
    return address


def _require_own_org(world: World, org_id: str | None) -> None:
    if org_id and ids.value_of(ids.Kind.ORGANIZATION, org_id) != world.organization.uuid:
        raise Problem(403)


def _known_roles(world: World, identifiers: Iterable[str]) -> tuple[str, ...]:
    keys = (ids.known_value_of(ids.Kind.ROLE, text) for text in identifiers)
    return tuple(dict.fromkeys(key for key in keys if key in world.roles))


def _is_address_of_a_picture(url: str | None) -> bool:
    try:
        parts = urlsplit(url or "")
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.netloc)


def _is_working_admin(person: Person) -> bool:
    return FULL_ADMIN in person.roles and person.login_enabled


def _bad_number(number: str) -> Problem:
    return bad_request(f"Invalid phone number: {number}")
