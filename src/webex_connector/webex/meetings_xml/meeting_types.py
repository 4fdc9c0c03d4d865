"""
The session types of a site: https://developer.cisco.com/docs/webex-xml-api-reference-guide (meeting type service).
"""

from dataclasses import dataclass

from webex_connector.webex.call import Call
from webex_connector.webex.errors import NotFound, TooStrange
from webex_connector.webex.meetings_xml.markup import Node, Unreadable
from webex_connector.webex.meetings_xml.operations import Asked, Operation
from webex_connector.webex.meetings_xml.reasons import NO_RECORD


@dataclass(frozen=True, slots=True)
class MeetingType:
    """
    A session type: what a user who has it may host.
    """

    id: int
    prefix: str | None
    """The product it belongs to, as Cisco abbreviates it: `PRO`, `TRS`, `ONS`."""

    name: str | None
    active: bool | None
    services: tuple[str, ...]
    """`MeetingCenter` and the like."""

    most_users: int | None
    """How many may take part."""


class MeetingTypes:
    """
    The drawer of the session types.
    """

    def __init__(self, site: Asked) -> None:
        self._site = site

    async def list(self, call: Call) -> list[MeetingType]:
        """
        Return all of them. Raise TooStrange when the answer holds fewer than it says there are.
        """
        try:
            body = await self._site.call(Operation.LIST_MEETING_TYPE, {}, call)
        except NotFound as error:
            if error.codes[:1] == (NO_RECORD,):
                return []
            raise
        try:
            total = body.number("matchingRecords", "total")
            found = [_read(each) for each in body.all("meetingType")]
        except Unreadable as error:
            raise _strange(str(error)) from error
        if total is not None and total > len(found):
            raise _strange(f"{len(found)} of {total} session types")
        return found


def _read(node: Node) -> MeetingType:
    number = node.number("meetingTypeID")
    if number is None:
        raise _strange("a session type without an id")
    active, services = node.word("active"), node.at("serviceTypes")
    return MeetingType(
        number,
        node.word("productCodePrefix"),
        node.word("displayName") or node.word("name"),
        None if active is None else active == "ACTIVATED",
        tuple(each.text for each in services.all("serviceType") if each.text) if services else (),
        node.number("limits", "maxMeetingUser"),
    )


def _strange(detail: str) -> TooStrange:
    return TooStrange(detail, request=f"POST /{Operation.LIST_MEETING_TYPE.title}", status=200)
