"""
The fields that belong to Webex Calling: extension, location and work numbers.
"""

import re
from dataclasses import dataclass

from webex_connector.sandbox import ids
from webex_connector.sandbox.problems import Problem, bad_request
from webex_connector.sandbox.records import Location, Phone
from webex_connector.sandbox.world import World

_NUMBER = re.compile(r"\+?[0-9][0-9 ().-]{2,24}")


@dataclass(frozen=True, slots=True)
class CallingFields:
    """
    What a caller wrote into the fields of Calling.
    """

    extension: str = ""
    location_uuid: str = ""
    phones: tuple[Phone, ...] = ()
    """Work numbers."""

    @property
    def ready(self) -> bool:
        """
        Whether a Calling licence can be given: a number or an extension, and for the latter a place.
        """
        return bool(self.phones) or bool(self.extension and self.location_uuid)

    @property
    def bad_number(self) -> str:
        """
        The first number that cannot be one; empty when all can.
        """
        return next((phone.value for phone in self.phones if not _NUMBER.fullmatch(phone.value)), "")


def read(world: World, extension: str, location_id: str, phones: tuple[Phone, ...]) -> CallingFields:
    """
    Check the fields against one another, whatever licences there are.

    Raises a 400 when `locationId` stands beside work numbers, stands without an extension, or names no location
    (https://docs.pingidentity.com/openicf/connector-reference/webex.html and the People API).
    """
    work = tuple(phone for phone in phones if phone.type == "work")
    if location_id and work and world.quirks.location_excludes_phone_numbers:
        raise bad_request("locationId and phoneNumbers are mutually exclusive.")
    if location_id and not extension and not work:
        raise bad_request("locationId requires an extension or a phone number.")
    return CallingFields(extension, location(world, location_id).uuid if location_id else "", work)


def location(world: World, location_id: str) -> Location:
    """
    Return the location. Raises a 400 with error code 400 for an unknown one.
    """
    try:
        uuid = ids.value_of(ids.Kind.LOCATION, location_id)
    except Problem:
        uuid = None
    found = world.locations.get(uuid or "")
    if found is None:
        raise bad_request("Location not found", code=400)
    return found


def default_location(world: World) -> str:
    """
    Return where somebody with a number but without a location belongs; empty when there are no locations.
    """
    return next(iter(world.locations), "")
