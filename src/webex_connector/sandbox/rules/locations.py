"""
What may happen to a location (https://developer.webex.com/docs/api/v1/locations).
"""

import msgspec

from webex_connector.sandbox import ids
from webex_connector.sandbox.changes import Happened, LocationChanged
from webex_connector.sandbox.problems import bad_request, conflict, not_found
from webex_connector.sandbox.records import Address, Location
from webex_connector.sandbox.world import World

LONGEST_NAME = 256
"""
Characters of a name; `LONGEST_CALLING_NAME` where there are telephones.
"""

LONGEST_CALLING_NAME = 80
"""
Characters of the name of a location with Webex Calling.
"""


class PlaceDraft(msgspec.Struct, frozen=True):
    """
    What a caller writes about an address.
    """

    address1: str | None = None
    address2: str | None = None
    city: str | None = None
    state: str | None = None
    postal_code: str | None = msgspec.field(default=None, name="postalCode")
    country: str | None = None


class LocationDraft(msgspec.Struct, frozen=True, rename="camel"):
    """
    What a caller writes; unknown members are ignored.
    """

    name: str | None = None
    time_zone: str | None = None
    preferred_language: str | None = None
    announcement_language: str | None = None
    address: PlaceDraft | None = None
    latitude: str | float | None = None
    """A text, as in the specification; wxc-sdk sends a number."""
    longitude: str | float | None = None
    notes: str | None = None


def find(world: World, location_id: str) -> Location:
    """
    Return the location. Raises a 404 for an unknown one, a 400 for a malformed identifier.
    """
    place = world.locations.get(ids.value_of(ids.Kind.LOCATION, location_id) or "")
    if place is None:
        raise not_found("Location")
    return place


def create(world: World, draft: LocationDraft) -> Location:
    """
    Add a location without telephones. Raises a 400 when one of what is required is missing or the name is too long.
    """
    required = ("name", "time_zone", "preferred_language", "announcement_language", "address")
    _require(draft, required)
    address = draft.address or PlaceDraft()
    _require(address, ("address1", "city", "state", "postal_code", "country"))
    return _put(world, Location(world.new_uuid(), "", Address("work"), ""), draft, Happened.CREATED)


def change(world: World, place: Location, draft: LocationDraft) -> None:
    """
    Change a location; what is left out stays. Raises a 400 for a name that is empty or too long.
    """
    _put(world, place, draft, Happened.CHANGED)


def remove(world: World, place: Location) -> None:
    """
    Delete a location. Raises a 409 for one that has telephones, or people who work there.
    """
    if place.routing_prefix or any(person.location_uuid == place.uuid for _, person in world.people()):
        raise conflict("Location is being referenced, cannot be deleted")
    del world.locations[place.uuid]
    world.changed(LocationChanged(place, Happened.DELETED))


def _put(world: World, before: Location, draft: LocationDraft, happened: Happened) -> Location:
    given = {
        "name": draft.name,
        "timezone": draft.time_zone,
        "preferred_language": draft.preferred_language,
        "announcement_language": draft.announcement_language,
        "latitude": None if draft.latitude is None else str(draft.latitude),
        "longitude": None if draft.longitude is None else str(draft.longitude),
        "notes": draft.notes,
        **_address(before, draft.address),
    }
    place = msgspec.structs.replace(before, **{name: value for name, value in given.items() if value is not None})
    longest = LONGEST_CALLING_NAME if place.routing_prefix else LONGEST_NAME
    if not place.name.strip() or len(place.name) > longest:
        raise bad_request(f"name needs between 1 and {longest} characters.")
    world.locations[place.uuid] = place
    world.changed(LocationChanged(place, happened))
    return place


def _address(before: Location, draft: PlaceDraft | None) -> dict[str, Address | str | None]:
    if draft is None:
        return {}
    given = {
        "street_address": draft.address1,
        "locality": draft.city,
        "region": draft.state,
        "postal_code": draft.postal_code,
        "country": draft.country,
    }
    changes = {name: value for name, value in given.items() if value is not None}
    return {"address": msgspec.structs.replace(before.address, **changes), "second_line": draft.address2}


def _require(draft: LocationDraft | PlaceDraft, fields: tuple[str, ...]) -> None:
    names = {field.name: field.encode_name for field in msgspec.structs.fields(draft)}
    if missing := [names[name] for name in fields if not getattr(draft, name)]:
        raise bad_request(f"Required: {', '.join(missing)}")
