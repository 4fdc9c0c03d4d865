"""
What has to be known of a kind of connector, whatever it connects to.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from webex_connector.base.clock import Clock
from webex_connector.connector.configuration import NO_CERTIFICATES, Certificates
from webex_connector.connector.inventory import Inventory
from webex_connector.gateway.idm.systems import ConnectorRef
from webex_connector.icf.configuration import Property, Setting
from webex_connector.icf.operations import Connector, schema_of
from webex_connector.icf.schema import Schema
from webex_connector.webex.pace import Budget
from webex_connector.webex.tokens import TokenVault

Values = Mapping[str, Setting]
"""
The values of a connector's properties.
"""


class Checks(Protocol):
    """
    Raises ConfigurationMistakes when values that are right one by one do not fit together, or with the certificates.
    """

    def __call__(self, values: Values, certificates: Certificates = NO_CERTIFICATES) -> None:
        """
        Check.
        """
        ...


@dataclass(frozen=True, slots=True)
class Surroundings:
    """
    What the house gives to a connector; each kind takes what it needs.
    """

    clock: Clock
    vault: TokenVault
    budget: Callable[[str], Budget] | None = None
    """
    None where no other process spends requests of the same organisation.
    """
    inventory: Inventory | None = None
    """
    None where what streams of changes have told of is remembered until the process ends.
    """
    certificates: Certificates = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ConnectorKind:
    """
    One kind of connector.
    """

    title: str
    """
    What people call a system of this kind that has no name of its own.
    """
    properties: tuple[Property, ...]
    check: Checks
    """
    Raises ConfigurationMistakes when values that are right one by one do not fit together. What Connect brings may be
    missing.
    """
    opened: Callable[[Values, Surroundings], Awaitable[Connector]]
    """
    Builds a connector for validated values. Raises ConfigurationMistakes, and where its schema has to be asked for, any
    ConnectorError.
    """
    ref: ConnectorRef | None
    """
    The name by which configurations of platforms call this kind; None for one that no platform configures here.
    """
    schema: Callable[[Values, Certificates], Schema] | None
    """
    Says what a connector with these values has, without asking it; None where only it can tell.
    """
    ref_of: Callable[[Values], ConnectorRef]
    """
    Says which connector stands behind a system with these values.
    """
    is_connected_by_consent: bool = False
    """
    Whether a person's consent can bring what it logs in with.
    """
    checks_passwords: bool = False
    """
    Whether it can tell that a password is somebody's.
    """
    keeps_beside: bool = False
    """
    Whether attributes that its objects cannot hold are kept beside them.
    """

    async def told_schema(self, values: Values, around: Surroundings) -> Schema:
        """
        Return what a connector with these values has; it is asked where that cannot be known without.

        Raises what `opened` raises.
        """
        if self.schema is not None:
            return self.schema(values, around.certificates)
        connector = await self.opened(values, around)
        try:
            return schema_of(connector)
        finally:
            await connector.aclose()
