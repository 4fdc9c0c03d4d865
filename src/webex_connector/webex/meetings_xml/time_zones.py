"""
The time zones of a site: https://developer.cisco.com/docs/webex-xml-api-reference-guide (site service, LstTimeZone).
"""

from dataclasses import dataclass

from webex_connector.webex.call import Call
from webex_connector.webex.errors import TooStrange
from webex_connector.webex.meetings_xml.markup import Node, Unreadable
from webex_connector.webex.meetings_xml.operations import Asked, Operation


@dataclass(frozen=True, slots=True)
class TimeZone:
    """
    A time zone, known to users by its number.
    """

    id: int
    offset_minutes: int | None
    """East of Greenwich."""

    description: str | None
    short_name: str | None


class TimeZones:
    """
    The drawer of the time zones.
    """

    def __init__(self, site: Asked) -> None:
        self._site = site

    async def list(self, call: Call) -> list[TimeZone]:
        """
        Return all of them.
        """
        body = await self._site.call(Operation.LIST_TIME_ZONE, {}, call)
        try:
            return [_read(each) for each in body.all("timeZone")]
        except Unreadable as error:
            raise _strange(str(error)) from error


def _read(node: Node) -> TimeZone:
    number = node.number("timeZoneID")
    if number is None:
        raise _strange("a time zone without a number")
    return TimeZone(number, node.number("gmtOffset"), node.word("description"), node.word("shortName"))


def _strange(detail: str) -> TooStrange:
    return TooStrange(detail, request=f"POST /{Operation.LIST_TIME_ZONE.title}", status=200)
