"""
The Control Hub connector: one handler for each object class, and the test of the whole.
"""

from collections.abc import Callable, Coroutine, Mapping, Sequence
from typing import Any

from webex_connector.base.clock import Clock
from webex_connector.connector.calls import call_of
from webex_connector.connector.configuration import Road, connection_of
from webex_connector.connector.control_hub.account import Accounts
from webex_connector.connector.control_hub.account_scim import ScimAccounts
from webex_connector.connector.control_hub.group import Groups
from webex_connector.connector.control_hub.license import licenses
from webex_connector.connector.control_hub.location import Locations
from webex_connector.connector.control_hub.road import Roads
from webex_connector.connector.control_hub.role import roles
from webex_connector.connector.control_hub.team import Teams
from webex_connector.connector.faults import said
from webex_connector.icf import names
from webex_connector.icf.configuration import Setting
from webex_connector.icf.errors import ConnectorError
from webex_connector.icf.objects import Finding, TestReport
from webex_connector.icf.operations import Handler
from webex_connector.icf.options import OperationOptions
from webex_connector.icf.schema import ObjectClassInfo
from webex_connector.webex.call import Call
from webex_connector.webex.client import WebexClient, connect
from webex_connector.webex.errors import Forbidden, NotFound, WebexError
from webex_connector.webex.pacer import AdaptivePacer
from webex_connector.webex.resources.people import PeopleQuery
from webex_connector.webex.tokens import TokenVault

OPTIONAL: Mapping[str, Callable[[WebexClient, Clock], Handler]] = {
    "LOCATIONS": lambda client, _clock: Locations(client),
    "TEAMS": Teams,
}
"""
Object classes that are there when `objectClasses` names them.
"""


class Everything:
    """
    `__ALL__`: it is listed, since platforms look for it, and only synchronisation may use it.
    """

    info = ObjectClassInfo(names.ALL, "Every object class at once, for synchronisation.", ())


class ControlHub:
    """
    One Webex organisation as a connector.
    """

    def __init__(
        self,
        client: WebexClient,
        clock: Clock,
        name_attribute: str = "emails",
        road: Road = Road.PEOPLE,
        more_classes: Sequence[str] = (),
    ) -> None:
        self._client = client
        self._roads = Roads(client, road)
        people = Accounts(client, clock, name_attribute)
        self.handlers: Mapping[str, Handler] = {
            names.GROUP: Groups(client, clock),
            names.ACCOUNT: people if road is Road.PEOPLE else ScimAccounts(people, client, self._roads, clock),
            "ROLES": roles(client),
            names.ALL: Everything(),
            "LICENSES": licenses(client),
            **{name: OPTIONAL[name](client, clock) for name in more_classes},
        }

    async def test(self, options: OperationOptions) -> TestReport:
        """
        Reach Webex with the credentials and read one thing of each kind: organisation, people, groups, roles, licences.

        Each finding names what was looked at; a missing scope shows as the one that fails.
        """
        call = call_of(options)
        reads: dict[str, Callable[[Call], Coroutine[Any, Any, str]]] = {
            "organisation": self._organisation,
            "people": self._people,
            "groups": self._groups,
            "roles": self._roles,
            "licences": self._licenses,
        }
        findings: list[Finding] = []
        for subject, read in reads.items():
            try:
                findings.append(Finding(subject, ok=True, detail=await read(call)))
            except WebexError as error:
                optional = subject == "organisation" and isinstance(error, Forbidden | NotFound)
                findings.append(Finding(subject, ok=optional, detail=said(error), tracking_id=error.tracking_id))
                if not optional and subject in {"organisation", "people"}:
                    break
        if all(finding.ok for finding in findings):
            findings.append(await self._road(call))
        return TestReport(tuple(findings))

    async def _road(self, call: Call) -> Finding:
        try:
            taken = await self._roads.taken(call)
        except ConnectorError as error:
            return Finding("road", ok=False, detail=error.message, tracking_id=error.tracking_id)
        return Finding("road", ok=True, detail=f"{taken.road.value}: {taken.why}")

    async def aclose(self) -> None:
        """
        Close the connections to Webex.
        """
        await self._client.aclose()

    async def _organisation(self, call: Call) -> str:
        found = await self._client.organizations.list(call)
        return ", ".join(str(each.get("displayName")) for each in found)

    async def _people(self, call: Call) -> str:
        async for _ in self._client.people.list(PeopleQuery(max=1, exclude_status=True), call):
            break
        return "readable"

    async def _groups(self, call: Call) -> str:
        async for page in self._client.groups.list(call, count=1):
            return f"{page.total} groups"
        return "none"

    async def _roles(self, call: Call) -> str:
        return f"{len(await self._client.roles.list(call))} roles"

    async def _licenses(self, call: Call) -> str:
        return f"{len(await self._client.licenses.list(call))} licences"


def opened(settings: Mapping[str, Setting], clock: Clock, vault: TokenVault) -> ControlHub:
    """
    Build the connector for validated settings. Nothing is sent yet.

    Raises ConfigurationMistakes with everything that is missing or contradicts.
    """
    connection = connection_of(settings, clock, vault)
    pacer = AdaptivePacer(clock, read=connection.read_rate, write=connection.write_rate)
    client = connect(connection.client, connection.tokens, pacer, clock)
    return ControlHub(client, clock, connection.name_attribute, connection.road, connection.more_classes)
