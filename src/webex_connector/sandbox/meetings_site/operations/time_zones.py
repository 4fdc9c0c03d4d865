"""
LstTimeZone: the time zones, all or those named (REF "LstTimeZone").
"""

from webex_connector.sandbox.meetings_site.asking import Asked, Operation, number_in
from webex_connector.sandbox.meetings_site.refusals import Refusal
from webex_connector.sandbox.meetings_site.time_zones import TIME_ZONES
from webex_connector.sandbox.meetings_site.writing import Content, element


def list_time_zones(asked: Asked) -> Content:
    """
    Answer with the time zones. Raises Refusal when there is none of those named.
    """
    wanted = {number_in(asked.world, each) for each in asked.content.all("timeZoneID")}
    found = [zone for number, zone in TIME_ZONES.items() if not wanted or number in wanted]
    if not found:
        raise Refusal("000015")
    listed = (
        element(
            "ns1:timeZone",
            element("ns1:timeZoneID", zone.number),
            element("ns1:gmtOffset", zone.minutes),
            element("ns1:description", zone.text),
            element("ns1:shortName", zone.city),
            element("ns1:hideTimeZoneName", "false"),
            element("ns1:fallInDST", "false"),
        )
        for zone in found
    )
    return Content("lstTimeZoneResponse", tuple(listed), "ns1")


OPERATIONS = (Operation("site.LstTimeZone", list_time_zones),)
