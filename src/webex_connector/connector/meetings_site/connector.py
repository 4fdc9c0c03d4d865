"""
The connector of a classic meeting site: one handler for each object class, and the test of the whole.
"""

from collections.abc import Callable, Mapping

from webex_connector.base.clock import Clock
from webex_connector.connector.calls import call_of
from webex_connector.connector.configuration import NO_CERTIFICATES, Certificates
from webex_connector.connector.everything import Everything
from webex_connector.connector.inventory import Inventory, MemoryInventory
from webex_connector.connector.meetings_site.attributes import PRIVILEGE_CLASS, SESSION_TYPES, TIME_ZONES
from webex_connector.connector.meetings_site.changes import FollowedAccounts
from webex_connector.connector.meetings_site.configuration import budgets_of, connection_of
from webex_connector.connector.meetings_site.diagnosis import Diagnosis
from webex_connector.connector.meetings_site.privilege import privileges
from webex_connector.connector.meetings_site.session_type import session_types
from webex_connector.connector.meetings_site.time_zone import time_zones
from webex_connector.icf import names
from webex_connector.icf.configuration import Setting
from webex_connector.icf.objects import TestReport
from webex_connector.icf.operations import Handler
from webex_connector.icf.options import OperationOptions
from webex_connector.webex.meetings_xml.site import MeetingsSite, connected
from webex_connector.webex.pace import Budget
from webex_connector.webex.pacer import AdaptivePacer


class MeetingsSiteConnector:
    """
    One classic meeting site as a connector.
    """

    def __init__(
        self, site: MeetingsSite, clock: Clock, inventory: Inventory | None = None, *, at_once: int = 4, page: int = 500
    ) -> None:
        self._site = site
        known = inventory or MemoryInventory()
        accounts = FollowedAccounts(site, clock, known, at_once=at_once, page=page)
        self.handlers: Mapping[str, Handler] = {
            names.ACCOUNT: accounts,
            SESSION_TYPES: session_types(site),
            PRIVILEGE_CLASS: privileges(),
            TIME_ZONES: time_zones(site),
            names.ALL: Everything(accounts),
        }

    async def test(self, options: OperationOptions) -> TestReport:
        """
        Find out what works, what this site cannot do, and what to do about it. Nothing is changed.
        """
        return await Diagnosis(self._site).report(call_of(options))

    async def aclose(self) -> None:
        """
        Close the connections to the site.
        """
        await self._site.aclose()


def opened(
    settings: Mapping[str, Setting],
    clock: Clock,
    budget: Callable[[str], Budget] | None = None,
    inventory: Inventory | None = None,
    certificates: Certificates = NO_CERTIFICATES,
) -> MeetingsSiteConnector:
    """
    Build the connector for validated settings. Nothing is sent yet. Without `budget` it takes it that no other process
    spends requests of the same administrator; without `inventory` changes are remembered until the process ends.

    Raises ConfigurationMistakes with everything that is missing or contradicts.
    """
    connection = connection_of(settings, clock.now(), certificates)
    pacer = AdaptivePacer(
        clock, read=connection.read_rate, write=connection.write_rate, budget=budgets_of(connection, budget)
    )
    site = connected(connection.client, connection.caller, connection.credential, pacer, clock)
    return MeetingsSiteConnector(site, clock, inventory, at_once=connection.at_once, page=connection.page)
