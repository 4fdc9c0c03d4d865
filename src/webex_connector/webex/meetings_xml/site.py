"""
One classic Webex Meetings site, asked through the same transport, pace and budget as everything else of Webex.
"""

from dataclasses import replace

from webex_connector.base.clock import Clock
from webex_connector.base.secret import Secret
from webex_connector.webex.call import Call
from webex_connector.webex.errors import TokenRefused, Unauthorized
from webex_connector.webex.meetings_xml.envelope import AnswerReader, Caller, Proof, request_for, secrets_in
from webex_connector.webex.meetings_xml.markup import Node
from webex_connector.webex.meetings_xml.meeting_types import MeetingTypes
from webex_connector.webex.meetings_xml.operations import Fields, Operation
from webex_connector.webex.meetings_xml.reasons import STALE_TICKETS, TICKET_UNFIT
from webex_connector.webex.meetings_xml.site_info import SiteInfo
from webex_connector.webex.meetings_xml.tickets import Credential, Tickets
from webex_connector.webex.meetings_xml.time_zones import TimeZones
from webex_connector.webex.meetings_xml.users import Users
from webex_connector.webex.pace import Pacer
from webex_connector.webex.settings import ClientSettings
from webex_connector.webex.transport import Transport

# What can be asked by anybody who knows the site's name.
_OPEN = frozenset({Operation.GET_API_VERSION})


class MeetingsSite:
    """
    A site with a drawer for each of its services. Close it with `aclose`.
    """

    def __init__(
        self, transport: Transport, address: str, caller: Caller, credential: Credential, clock: Clock
    ) -> None:
        self._transport, self._address, self._caller = transport, address, caller
        self.tickets = Tickets(credential, caller.webex_id, clock)
        self.users = Users(self)
        self.meeting_types = MeetingTypes(self)
        self.time_zones = TimeZones(self)
        self.info = SiteInfo(self)

    @property
    def webex_id(self) -> str:
        """
        Who asks.
        """
        return self._caller.webex_id

    async def call(self, operation: Operation, fields: Fields, call: Call) -> Node:
        """
        Return the body of the answer, after logging in where that is due. Raise the WebexError that fits anything else.

        A session ticket that is over is renewed once, an operation that takes none is shown the password.
        """
        if operation in _OPEN:
            return await self._send(operation, fields, None, call)

        async def ask(asked: Operation, its_fields: Fields, proof: Proof) -> Node:
            return await self._send(asked, its_fields, proof, call)

        proof = await self.tickets.proof(operation, ask)
        try:
            return await self._tried(operation, fields, proof, call)
        except TokenRefused as error:
            if proof.element != "sessionTicket" or error.codes[:1] == ():
                raise
            if error.codes[0] in STALE_TICKETS:
                proof = await self.tickets.renewed(proof, operation, ask)
            elif error.codes[0] == TICKET_UNFIT:
                proof = await self.tickets.by_credential(operation)
            else:
                raise
        return await self._tried(operation, fields, proof, call)

    async def log_in(self, webex_id: str, password: Secret, call: Call) -> None:
        """
        Check somebody's password. Raise what the site says when it does not accept it; that counts as a failed log-in.
        """
        proof = Proof("password", password)
        context = replace(self._caller, webex_id=webex_id).context(proof)
        await self._exchange(Operation.AUTHENTICATE_USER, {}, context, call)

    async def aclose(self) -> None:
        """
        Close every connection.
        """
        await self._transport.aclose()

    async def _tried(self, operation: Operation, fields: Fields, proof: Proof, call: Call) -> Node:
        try:
            return await self._send(operation, fields, proof, call)
        except Unauthorized as error:
            self.tickets.refused(error)
            raise

    async def _send(self, operation: Operation, fields: Fields, proof: Proof | None, call: Call) -> Node:
        return await self._exchange(operation, fields, self._caller.context(proof), call)

    async def _exchange(self, operation: Operation, fields: Fields, context: Fields, call: Call) -> Node:
        request = request_for(self._address, operation, fields, context)
        answer = await self._transport.ask(request, call, AnswerReader((*secrets_in(context), *secrets_in(fields))))
        return answer.body


def connected(
    settings: ClientSettings, caller: Caller, credential: Credential, pacer: Pacer, clock: Clock
) -> MeetingsSite:
    """
    Return the site whose XML API is at `settings.service_uri`. Nothing is sent before the first request.
    """
    return MeetingsSite(Transport(settings, None, pacer, clock), settings.service_uri, caller, credential, clock)
