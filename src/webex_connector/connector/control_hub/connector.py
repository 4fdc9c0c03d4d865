"""
The Control Hub connector: one handler for each object class, and the test of the whole.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from webex_connector.base.clock import Clock
from webex_connector.connector.budgets import budgets_of
from webex_connector.connector.calls import call_of
from webex_connector.connector.configuration import NO_CERTIFICATES, Certificates, connection_of
from webex_connector.connector.control_hub.account import Accounts
from webex_connector.connector.control_hub.change_hints import AuditHints
from webex_connector.connector.control_hub.change_source import Source
from webex_connector.connector.control_hub.changes import (
    Feed,
    FollowedAccounts,
    FollowedGroups,
    FollowedScimAccounts,
)
from webex_connector.connector.control_hub.diagnosis.diagnosis import Diagnosis
from webex_connector.connector.control_hub.license import licenses
from webex_connector.connector.control_hub.location import Locations
from webex_connector.connector.control_hub.own_account import OwnAccount
from webex_connector.connector.control_hub.road import Roads
from webex_connector.connector.control_hub.role import roles
from webex_connector.connector.control_hub.team import Teams
from webex_connector.connector.everything import Everything
from webex_connector.connector.inventory import Inventory, MemoryInventory
from webex_connector.connector.properties import Grant, Login, Road
from webex_connector.connector.scripts import Scripts
from webex_connector.expressions.interpreter import Interpreter
from webex_connector.icf import names
from webex_connector.icf.calling import Operations
from webex_connector.icf.configuration import Setting
from webex_connector.icf.objects import TestReport
from webex_connector.icf.operations import Handler
from webex_connector.icf.options import OperationOptions
from webex_connector.webex.client import WebexClient, connect
from webex_connector.webex.pace import Budget
from webex_connector.webex.pacer import AdaptivePacer
from webex_connector.webex.tokens import TokenVault

OPTIONAL: Mapping[str, Callable[[WebexClient, Clock], Handler]] = {
    "LOCATIONS": lambda client, _clock: Locations(client),
    "TEAMS": Teams,
}
"""
Object classes that are there when `objectClasses` names them.
"""


class ControlHub:
    """
    One Webex organisation as a connector.
    """

    def __init__(
        self,
        client: WebexClient,
        clock: Clock,
        scripts: Scripts,
        name_attribute: str = "emails",
        road: Road = Road.PEOPLE,
        more_classes: Sequence[str] = (),
        inventory: Inventory | None = None,
        login: Login = Grant.REFRESH_TOKEN,
    ) -> None:
        self._client = client
        self._scripts = scripts
        roads, own = Roads(client, road), OwnAccount(client)
        self._diagnosis = Diagnosis(client, clock, roads, own, road, more_classes, login)
        accounts: FollowedAccounts | FollowedScimAccounts
        if road is Road.PEOPLE:
            accounts = FollowedAccounts(client, clock, own, name_attribute)
        else:
            accounts = FollowedScimAccounts(Accounts(client, clock, own, name_attribute), client, roads, clock)
        groups, hints, known = FollowedGroups(client, clock), AuditHints(client, clock), inventory or MemoryInventory()
        for each in (accounts, groups):
            each.follow(Feed(Source(each, client, roads, hints), known, client, clock))
        self.handlers: Mapping[str, Handler] = {
            names.GROUP: groups,
            names.ACCOUNT: accounts,
            "ROLES": roles(client),
            names.ALL: Everything(accounts, groups),
            "LICENSES": licenses(client),
            **{name: OPTIONAL[name](client, clock) for name in more_classes},
        }

    async def test(self, options: OperationOptions) -> TestReport:
        """
        Find out what works, what does not or cannot be told, and what to do about it. Nothing is changed.
        """
        return await self._diagnosis.report(call_of(options))

    async def run_script(
        self,
        language: str,
        text: str,
        arguments: Mapping[str, Any],
        operations: Operations,
        options: OperationOptions,
    ) -> object:
        """
        Run a Python script that uses this system by these operations.

        Raises UnsupportedOperation for another language, ScriptFailed.
        """
        return await self._scripts.run(language, text, arguments, operations, options)

    async def aclose(self) -> None:
        """
        Close the connections to Webex, and end the scripts' worker processes.
        """
        await self._scripts.aclose()
        await self._client.aclose()


def opened(
    settings: Mapping[str, Setting],
    clock: Clock,
    vault: TokenVault,
    budget: Callable[[str], Budget] | None = None,
    inventory: Inventory | None = None,
    certificates: Certificates = NO_CERTIFICATES,
) -> ControlHub:
    """
    Build the connector for validated settings. Nothing is sent yet. Without `budget` it takes it that no other process
    spends requests of the same organisation; without `inventory` the change feed remembers until the process ends.

    Raises ConfigurationMistakes with everything that is missing or contradicts.
    """
    connection = connection_of(settings, clock, vault, certificates)
    budgets = budgets_of(settings, budget)
    pacer = AdaptivePacer(clock, read=connection.read_rate, write=connection.write_rate, budget=budgets)
    client = connect(connection.client, connection.tokens, pacer, clock)
    scripts = Scripts(Interpreter(), settings)
    return ControlHub(
        client,
        clock,
        scripts,
        connection.name_attribute,
        connection.road,
        connection.more_classes,
        inventory,
        connection.login,
    )
