"""
A classic meeting site that answers as a test tells it to, and a client of it.
"""

import re
from collections.abc import Callable, Mapping
from contextlib import AsyncExitStack
from dataclasses import replace
from pathlib import Path

from fakes.scripted_webex import Reply, ScriptedWebex, Seen
from fakes.virtual_time import VirtualClock
from fakes.webex_stage import PatientPacer
from webex_connector.base.secret import Secret
from webex_connector.webex.meetings_xml.envelope import Caller
from webex_connector.webex.meetings_xml.site import MeetingsSite
from webex_connector.webex.meetings_xml.tickets import Credential, Password
from webex_connector.webex.settings import ClientSettings
from webex_connector.webex.transport import Transport

SAMPLES = Path(__file__).parent.parent / "samples" / "meetings_xml"
PASSWORD = "S3cret<&>pass"
DONE = (SAMPLES / "authenticate_user.xml").read_text().replace("use:sessionTicket", "use:nothing")

USUAL = {
    "AuthenticateUser": "authenticate_user.xml",
    "GetUser": "get_user.xml",
    "LstsummaryUser": "list_users.xml",
    "GetSite": "get_site.xml",
    "LstMeetingType": "list_meeting_types.xml",
    "LstTimeZone": "list_time_zones.xml",
    "GetAPIVersion": "get_api_version.xml",
}


def failure(code: str, reason: str = "Why", *, backup: bool = False, value: str = "") -> Reply:
    """
    Return a refusal with this code.
    """
    text = (SAMPLES / "failure.xml").read_text().replace("CODE", code).replace("REASON", reason)
    text = text.replace("PRIMARY", "BACKUP") if backup else text
    return xml(text.replace("</serv:exceptionID>", f"</serv:exceptionID><serv:value>{value}</serv:value>"))


def sample(name: str) -> Reply:
    """
    Return a sample as an answer.
    """
    return Reply(body=(SAMPLES / name).read_bytes(), headers={"Content-Type": "text/xml;charset=UTF-8"})


def xml(text: str) -> Reply:
    """
    Return a text as an answer.
    """
    return Reply(body=text.encode(), headers={"Content-Type": "text/xml;charset=UTF-8"})


def operation_of(seen: Seen) -> str:
    """
    Return which operation a request asks for.
    """
    found = re.search(r'xsi:type="java:com\.webex\.service\.binding\.\w+\.(\w+)"', seen.body.decode())
    assert found is not None
    return found[1]


class ScriptedSite:
    """
    The server, with the samples as its answers but where the test gives others: per operation one, or several in turn.
    """

    def __init__(self, stack: AsyncExitStack, clock: VirtualClock) -> None:
        self._stack, self._clock = stack, clock
        self.pacer = PatientPacer()
        self.server: ScriptedWebex | None = None
        self._answers: dict[str, list[Reply]] = {}

    async def client(
        self,
        answers: Mapping[str, Reply | list[Reply]] | None = None,
        credential: Credential | None = None,
        caller: Caller | None = None,
    ) -> MeetingsSite:
        """
        Start the server and return a client of it.
        """
        given = answers or {}
        self._answers = {name: each if isinstance(each, list) else [each] for name, each in given.items()}
        self.server = await self._stack.enter_async_context(ScriptedWebex(self._answer))
        address = f"{self.server.origin}/WBXService/XMLService"
        settings = replace(ClientSettings(trust_environment=False), service_uri=address)
        transport = Transport(settings, None, self.pacer, self._clock, _NO_LUCK)
        self._stack.push_async_callback(transport.aclose)
        who, how = caller or Caller("acme", "admin"), credential or Password(Secret(PASSWORD))
        return MeetingsSite(transport, address, who, how, self._clock)

    @property
    def asked(self) -> list[str]:
        """
        The operations that were asked for, in order.
        """
        assert self.server is not None
        return [operation_of(each) for each in self.server.seen]

    def body(self, place: int) -> str:
        """
        Return the text of a request.
        """
        assert self.server is not None
        return self.server.seen[place].body.decode()

    def _answer(self, seen: Seen) -> Reply:
        name = operation_of(seen)
        mine = self._answers.get(name)
        if mine:
            return mine.pop(0) if len(mine) > 1 else mine[0]
        return sample(USUAL[name]) if name in USUAL else xml(DONE)


_NO_LUCK: Callable[[], float] = lambda: 0.0  # noqa: E731 - the shape that the transport wants
