"""
Giving and taking licences of one person, with the refusals that Webex numbers.

The codes are those of https://developer.webex.com/docs/api/v1/licenses/assign-licenses-to-users.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import msgspec

from webex_connector.sandbox import ids
from webex_connector.sandbox.problems import Detail, Problem, bad_request
from webex_connector.sandbox.records import CALLING, Offer, Person, Phone
from webex_connector.sandbox.rules import calling, licensing
from webex_connector.sandbox.rules.calling import CallingFields
from webex_connector.sandbox.world import World

_NEEDED = {
    (Offer.FREE_MESSAGING, Offer.MESSAGING): 700003,
    (Offer.FREE_MEETINGS, Offer.MEETINGS): 700004,
    (Offer.FREE_MESSAGING, Offer.MEETINGS): 700005,
}


class CallingProperties(msgspec.Struct, frozen=True, rename="camel"):
    """
    What a Calling licence needs to be given.
    """

    location_id: str | None = None
    phone_number: str | None = None
    extension: str | None = None


class LicenseChange(msgspec.Struct, frozen=True, rename="camel"):
    """
    One licence to give or to take.
    """

    id: str
    operation: str = "add"
    properties: CallingProperties | None = None


class SiteChange(msgspec.Struct, frozen=True, rename="camel"):
    """
    One meeting site to become, or to be no longer, an attendee of.
    """

    site_url: str
    account_type: str = "attendee"
    operation: str = "add"


class AssignmentDraft(msgspec.Struct, frozen=True, rename="camel"):
    """
    What a caller writes to `PATCH /licenses/users`.
    """

    email: str | None = None
    person_id: str | None = None
    org_id: str | None = None
    licenses: tuple[LicenseChange, ...] = ()
    site_urls: tuple[SiteChange, ...] = ()


@dataclass(frozen=True, slots=True)
class Assignment:
    """
    What came of it.
    """

    person: Person
    complete: bool
    """False when a licence could not be given because no unit was left."""


def assign(world: World, draft: AssignmentDraft) -> Assignment:
    """
    Carry the changes out together, except for licences without a unit left.

    Raises a 404 for an unknown person and a 400 with its code for anything the rules forbid; then nothing was changed.
    """
    person = _person(world, draft)
    taken = {_key(world, change) for change in draft.licenses if _operation(change.operation) == "remove"}
    given = {_key(world, change): change for change in draft.licenses if _operation(change.operation) == "add"}
    kept = tuple(key for key in person.licenses if key not in taken)
    fresh = tuple(key for key in given if key not in kept)
    _require_removable(world, person, taken, (*kept, *fresh))
    _require_one_calling(world, taken, (*kept, *fresh))
    fields = _calling_fields(world, given, fresh)
    short = tuple(key for key in fresh if not licensing.has_unit(world, key))
    if short and world.quirks.no_unit_status == 400:  # noqa: PLR2004  # an HTTP status
        raise bad_request("No license unit is left.")
    licenses = licensing.with_companions(world, (*kept, *(key for key in fresh if key not in short)))
    new = msgspec.structs.replace(
        person,
        licenses=licenses,
        attendee_sites=_attendee_sites(world, person, draft.site_urls, licenses),
        last_modified=world.now() if world.quirks.licenses_modify else person.last_modified,
        **_calling_changes(world, person, fields, licenses),
    )
    if (new.licenses, new.attendee_sites) != (person.licenses, person.attendee_sites):
        world.put_person(new)
    return Assignment(new, complete=not short)


def _person(world: World, draft: AssignmentDraft) -> Person:
    if not draft.person_id and not draft.email:
        raise bad_request("Must specify either personId or email.")
    if draft.person_id:
        person = world.person(ids.value_of(ids.Kind.PERSON, draft.person_id) or "")
    else:
        person = world.person_at(draft.email or "")
    if person is None:
        raise Problem(world.quirks.unknown_holder_status, Detail("Person not found"))
    return person


def _operation(text: str) -> str:
    if text.lower() not in {"add", "remove"}:
        raise bad_request(f"Unknown operation: {text}")
    return text.lower()


def _key(world: World, change: LicenseChange) -> str:
    keys = licensing.known(world, (change.id,))
    if not keys:
        raise bad_request("License not recognized.", code=400000)
    return keys[0]


def _require_removable(world: World, person: Person, taken: Iterable[str], after: Iterable[str]) -> None:
    staying = licensing.offers(world, after)
    for offer in licensing.offers(world, (key for key in taken if key in person.licenses)):
        if offer is Offer.SCREEN_SHARE:
            raise bad_request("Screen share is assigned implicitly and cannot be removed.", code=700006)
        if not world.quirks.companion_licenses:
            continue
        for (free, paid), code in _NEEDED.items():
            if offer is free and paid in staying:
                raise bad_request(f"{free.value.capitalize()} is mandatory for {paid.value}.", code=code)


def _require_one_calling(world: World, taken: Iterable[str], after: Iterable[str]) -> None:
    if licensing.offers(world, after) >= CALLING:
        raise bad_request("Calling Professional and Standard cannot be assigned together.", code=400404)
    if Offer.CALLING_PROFESSIONAL in licensing.offers(world, taken) and Offer.CALLING_STANDARD in licensing.offers(
        world,
        after,
    ):
        raise bad_request("Calling Professional cannot be downgraded to Standard.", code=400112)


def _calling_fields(world: World, given: dict[str, LicenseChange], fresh: Iterable[str]) -> CallingFields | None:
    for key in fresh:
        if world.licenses[key].offer not in CALLING:
            continue
        properties = given[key].properties or CallingProperties()
        phones = (Phone("work", properties.phone_number, primary=True),) if properties.phone_number else ()
        place = calling.location(world, properties.location_id).uuid if properties.location_id else ""
        fields = CallingFields(properties.extension or "", place, phones)
        if not fields.ready:
            raise bad_request("A Calling license needs a phone number, or an extension and a location.", code=400411)
        if fields.bad_number:
            raise bad_request(f"Invalid phone number: {fields.bad_number}")
        return fields
    return None


def _calling_changes(
    world: World,
    person: Person,
    fields: CallingFields | None,
    licenses: tuple[str, ...],
) -> dict[str, object]:
    others = tuple(phone for phone in person.phones if phone.type != "work")
    if not licensing.has_calling(world, licenses):
        return {"extension": "", "location_uuid": "", "phones": others}
    if fields is None:
        return {}
    if licensing.has_calling(world, person.licenses):
        # From one kind of Calling to another: the number stays unless a new one was given.
        return {
            "extension": fields.extension or person.extension,
            "location_uuid": person.location_uuid or fields.location_uuid,
            "phones": (*fields.phones, *others) if fields.phones else person.phones,
        }
    return {
        "extension": fields.extension,
        "location_uuid": fields.location_uuid or calling.default_location(world),
        "phones": (*fields.phones, *others),
    }


def _attendee_sites(
    world: World,
    person: Person,
    changes: Iterable[SiteChange],
    licenses: tuple[str, ...],
) -> tuple[str, ...]:
    sites = {license_.site_url for license_ in world.licenses.values()} - {""}
    now = dict.fromkeys(person.attendee_sites)
    for change in changes:
        site = change.site_url.removesuffix("#attendee")
        if site not in sites or change.account_type.lower() != "attendee":
            raise bad_request(f"Invalid attendee site: {change.site_url}", code=400216)
        if _operation(change.operation) == "add":
            now[site] = None
        else:
            now.pop(site, None)
    hosts = licensing.host_sites(world, licenses)
    return tuple(site for site in now if site not in hosts)
