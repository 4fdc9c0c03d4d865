"""
The operations of the XML API that we use, and what each of them does to the site
(https://developer.cisco.com/docs/webex-xml-api-reference-guide).
"""

from collections.abc import Mapping, Sequence
from enum import Enum
from typing import Protocol, TypeAlias

from webex_connector.base.secret import Secret
from webex_connector.webex.call import Call
from webex_connector.webex.meetings_xml.markup import Node

Field: TypeAlias = "str | int | bool | Secret | Mapping[str, Field] | Sequence[Field]"
"""
What stands in one element: a text, other elements, or a list of either, for which the element is repeated.
"""

Fields: TypeAlias = Mapping[str, Field]
"""
Elements by name, in the order in which they are sent.
"""


class Operation(Enum):
    """
    An operation: its service and name, and whether it only reads.
    """

    AUTHENTICATE_USER = ("user.AuthenticateUser", True)
    GET_USER = ("user.GetUser", True)
    LIST_SUMMARY_USER = ("user.LstsummaryUser", True)
    CREATE_USER = ("user.CreateUser", False)
    SET_USER = ("user.SetUser", False)
    DELETE_USER = ("user.DelUser", False)
    LIST_MEETING_TYPE = ("meetingtype.LstMeetingType", True)
    LIST_TIME_ZONE = ("site.LstTimeZone", True)
    GET_SITE = ("site.GetSite", True)
    GET_API_VERSION = ("ep.GetAPIVersion", True)

    @property
    def title(self) -> str:
        """
        Its service and name, as people know it: `user.GetUser`.
        """
        return self.value[0]

    @property
    def reads(self) -> bool:
        """
        Whether it cannot change anything.
        """
        return self.value[1]

    @property
    def binding(self) -> str:
        """
        The `xsi:type` of its request.
        """
        return f"java:com.webex.service.binding.{self.title}"


class Asked(Protocol):
    """
    A site that is asked: `MeetingsSite`, or what stands for it in a test.
    """

    async def call(self, operation: Operation, fields: Fields, call: Call) -> Node:
        """
        Return the body of the answer. Raise the WebexError that fits anything else than a success.
        """
        ...
