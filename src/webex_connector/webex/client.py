"""
The Webex client: one object with a drawer for each resource.
"""

from datetime import timedelta

from webex_connector.base.clock import Clock
from webex_connector.webex.call import Sender
from webex_connector.webex.ids import uuid_of
from webex_connector.webex.pace import Pacer
from webex_connector.webex.resources.audit_events import AuditEvents
from webex_connector.webex.resources.authorizations import Authorizations
from webex_connector.webex.resources.groups import Groups
from webex_connector.webex.resources.licenses import Licenses
from webex_connector.webex.resources.locations import Locations
from webex_connector.webex.resources.organizations import Organizations
from webex_connector.webex.resources.people import People
from webex_connector.webex.resources.roles import Roles
from webex_connector.webex.resources.scim_bulk import ScimBulk
from webex_connector.webex.resources.scim_groups import ScimGroups
from webex_connector.webex.resources.scim_users import ScimUsers
from webex_connector.webex.resources.team_memberships import TeamMemberships
from webex_connector.webex.resources.teams import Teams
from webex_connector.webex.settings import ClientSettings
from webex_connector.webex.tokens import TokenFacts, TokenSource
from webex_connector.webex.transport import Transport


class Scim:
    """
    One organisation, seen through SCIM 2.0.
    """

    def __init__(self, sender: Sender, organization: str) -> None:
        self.users = ScimUsers(sender, organization)
        self.groups = ScimGroups(sender, organization)
        self.bulk = ScimBulk(sender, organization)


class WebexClient:
    """
    One Webex organisation, seen through one token source. Close it with `aclose`.
    """

    def __init__(self, transport: Transport) -> None:
        self._transport = transport
        self.people = People(transport)
        self.groups = Groups(transport)
        self.licenses = Licenses(transport)
        self.roles = Roles(transport)
        self.organizations = Organizations(transport)
        self.locations = Locations(transport)
        self.teams = Teams(transport)
        self.team_memberships = TeamMemberships(transport)
        self.audit_events = AuditEvents(transport)
        self.authorizations = Authorizations(transport)

    def scim(self, organization: str) -> Scim:
        """
        Return the organisation's SCIM drawers. Raise ValueError for what is neither its UUID nor an id that holds one.
        """
        return Scim(self._transport, uuid_of(organization))

    @property
    def connections(self) -> int:
        """
        How many requests can be on their way at the same time.
        """
        return self._transport.connections

    @property
    def lead(self) -> timedelta | None:
        """
        How far Webex's clock was ahead of ours in its last answer; None before there was one with a date.
        """
        return self._transport.lead

    @property
    def token(self) -> TokenFacts:
        """
        What is known of the access token in use.
        """
        return self._transport.token

    async def aclose(self) -> None:
        """
        Close every connection.
        """
        await self._transport.aclose()


def connect(settings: ClientSettings, tokens: TokenSource, pacer: Pacer, clock: Clock) -> WebexClient:
    """
    Return a client. Nothing is sent before the first request.
    """
    return WebexClient(Transport(settings, tokens, pacer, clock))
