"""
`TIME_ZONES`: the time zones of a site, by the numbers that users hold.

A site may have stopped listing them with the meeting-related part of the API
(https://developer.webex.com/docs/webex-xml-api-deprecation-announcement); then those of the published schema are shown.
"""

from webex_connector.connector.meetings_site.attributes import TIME_ZONES
from webex_connector.connector.meetings_site.catalogue import Catalogue
from webex_connector.icf.attributes import Values
from webex_connector.icf.objects import ConnectorObject
from webex_connector.icf.schema import AttributeInfo, AttributeType, ObjectClassInfo
from webex_connector.webex.call import Call
from webex_connector.webex.errors import Refused
from webex_connector.webex.meetings_xml.site import MeetingsSite
from webex_connector.webex.meetings_xml.time_zones import TimeZone

TIME_ZONE = ObjectClassInfo(
    TIME_ZONES,
    "Time zones of users.",
    (
        AttributeInfo("description", "The name that users see.", creatable=False, updateable=False),
        AttributeInfo("offset", "Minutes east of Greenwich.", AttributeType.INTEGER, creatable=False, updateable=False),
    ),
    name_attribute="description",
)

# Offset in minutes and place, from number 0 on, in the order of the published schema.
_PUBLISHED = (
    *((-720, "Eniwetok"), (-660, "Samoa"), (-600, "Honolulu"), (-540, "Anchorage"), (-480, "San Jose")),
    *((-420, "Arizona"), (-420, "Denver"), (-360, "Chicago"), (-360, "Mexico City"), (-360, "Regina")),
    *((-300, "Bogota"), (-300, "New York"), (-300, "Indiana"), (-240, "Halifax"), (-240, "Caracas")),
    *((-210, "Newfoundland"), (-180, "Brasilia"), (-180, "Buenos Aires"), (-120, "Mid-Atlantic"), (-60, "Azores")),
    *((0, "Casablanca"), (0, "London"), (60, "Amsterdam"), (60, "Paris"), (60, "Prague"), (60, "Berlin")),
    *((120, "Athens"), (120, "Bucharest"), (120, "Cairo"), (120, "Pretoria"), (120, "Helsinki"), (120, "Tel Aviv")),
    *((180, "Baghdad"), (180, "Moscow"), (180, "Nairobi"), (180, "Tehran"), (240, "Abu Dhabi"), (240, "Baku")),
    *((240, "Kabul"), (300, "Ekaterinburg"), (300, "Islamabad"), (330, "Bombay"), (360, "Colombo"), (360, "Almaty")),
    *((420, "Bangkok"), (480, "Beijing"), (480, "Perth"), (480, "Singapore"), (480, "Hong Kong"), (540, "Tokyo")),
    *((540, "Seoul"), (540, "Yakutsk"), (570, "Adelaide"), (570, "Darwin"), (600, "Brisbane"), (600, "Sydney")),
    *((600, "Guam"), (600, "Hobart"), (600, "Vladivostok"), (660, "Solomon Is"), (720, "Wellington"), (720, "Fiji")),
)


def time_zones(site: MeetingsSite) -> Catalogue:
    """
    Return the handler of `TIME_ZONES`.
    """

    async def read(call: Call) -> list[ConnectorObject]:
        try:
            found = await site.time_zones.list(call)
        except Refused:
            found = [TimeZone(number, offset, place, None) for number, (offset, place) in enumerate(_PUBLISHED)]
        return [_object(each) for each in found]

    return Catalogue(TIME_ZONE, read)


def _object(zone: TimeZone) -> ConnectorObject:
    values: dict[str, Values] = {"description": (zone.description,), "offset": (zone.offset_minutes,)}
    attributes = {name: each for name, each in values.items() if each[0] is not None}
    return ConnectorObject(TIME_ZONES, str(zone.id), zone.description, attributes)
