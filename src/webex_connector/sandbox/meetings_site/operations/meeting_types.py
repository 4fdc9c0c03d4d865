"""
LstMeetingType and GetMeetingType: the session types of the site (REF "LstMeetingType").
"""

from xml.etree import ElementTree as ET

from webex_connector.sandbox.meetings_site.asking import Asked, Operation, number_in
from webex_connector.sandbox.meetings_site.reading import NOTHING
from webex_connector.sandbox.meetings_site.records import SessionType
from webex_connector.sandbox.meetings_site.refusals import Refusal
from webex_connector.sandbox.meetings_site.writing import Content, element

_ALL = 1_000_000


def list_meeting_types(asked: Asked) -> Content:
    """
    Answer with those named, or all. Raises Refusal when there is none.
    """
    world = asked.world
    wanted = {number_in(world, each) for each in asked.content.all("meetingTypeID")}
    found = [kind for number, kind in world.session_types.items() if not wanted or number in wanted]
    control = asked.content.child("listControl") or NOTHING
    start = max(1, number_in(world, control, "startFrom", default=1))
    size = number_in(world, control, "maximumNum", default=_ALL)
    page = found[start - 1 : start - 1 + size]
    if not page:
        raise Refusal("000015")
    records = element(
        "mtgtype:matchingRecords",
        element("serv:total", len(found)),
        element("serv:returned", len(page)),
        element("serv:startFrom", start),
    )
    listed = (element("mtgtype:meetingType", *_shown(kind)) for kind in page)
    return Content("lstMeetingTypeResponse", (records, *listed), "mtgtype")


def get_meeting_type(asked: Asked) -> Content:
    """
    Answer with one. Raises Refusal for an unknown one.
    """
    kind = asked.world.session_types.get(number_in(asked.world, asked.content, "meetingTypeID"))
    if kind is None:
        raise Refusal("000015")
    return Content("getMeetingTypeResponse", (element("mtgtype:meetingType", *_shown(kind)),), "mtgtype")


def _shown(kind: SessionType) -> tuple[ET.Element, ...]:
    return (
        element("mtgtype:productCodePrefix", kind.prefix),
        element("mtgtype:active", "ACTIVATED" if kind.active else "DEACTIVATED"),
        element("mtgtype:name", kind.prefix),
        element("mtgtype:displayName", kind.name),
        element("mtgtype:limits", element("mtgtype:maxAppShareDuration", 1440), element("mtgtype:maxMeetingUser", 200)),
        element("mtgtype:meetingTypeID", kind.number),
        element("mtgtype:serviceTypes", *(element("mtgtype:serviceType", name) for name in kind.services)),
    )


OPERATIONS = (
    Operation("meetingtype.LstMeetingType", list_meeting_types),
    Operation("meetingtype.GetMeetingType", get_meeting_type),
)
