"""
The kinds of connectors there are: their properties, what makes them, and the names other platforms know them by.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

from webex_connector.base.clock import Clock, SystemClock
from webex_connector.base.secret import Secret
from webex_connector.connector import configuration
from webex_connector.connector.configuration import NO_CERTIFICATES, Certificates
from webex_connector.connector.consent import is_brought
from webex_connector.connector.control_hub import connector as control_hub
from webex_connector.connector.inventory import Inventory
from webex_connector.connector.properties import PROPERTIES, Method
from webex_connector.gateway.idm.systems import ConnectorRef
from webex_connector.icf.configuration import ConfigurationMistakes, Property, Setting
from webex_connector.icf.operations import Connector, schema_of
from webex_connector.icf.schema import Schema
from webex_connector.mirror.local_schema import schema_with_local
from webex_connector.webex.pace import Budget
from webex_connector.webex.tokens import MemoryVault, TokenVault

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


class Opens(Protocol):
    """
    Builds a connector for validated values; nothing is sent yet. Raises ConfigurationMistakes.
    """

    def __call__(
        self,
        settings: Values,
        clock: Clock,
        vault: TokenVault,
        budget: Callable[[str], Budget] | None = None,
        inventory: Inventory | None = None,
        *,
        certificates: Certificates = NO_CERTIFICATES,
    ) -> Connector:
        """
        Build.
        """
        ...


@dataclass(frozen=True, slots=True)
class ConnectorKind:
    """
    One kind of connector.
    """

    properties: tuple[Property, ...]
    check: Checks
    """
    Raises ConfigurationMistakes when values that are right one by one do not fit together. What Connect brings may be
    missing.
    """
    opened: Opens
    ref: ConnectorRef
    schema: Callable[[Values, Certificates], Schema]
    """
    Says what a connector with these values has, without asking it.
    """


def _fits_together(values: Values, certificates: Certificates = NO_CERTIFICATES) -> None:
    try:
        configuration.connection_of(values, SystemClock(), MemoryVault(), certificates)
    except ConfigurationMistakes as found:
        # What somebody may still bring by Connect is missed when the system is opened.
        wrong = [each for each in found.mistakes if not is_brought(each, values)]
        if wrong:
            raise ConfigurationMistakes(wrong) from None


def _schema(values: Values, certificates: Certificates) -> Schema:
    values = {**values, "authenticationMethod": Method.TOKEN.value, "authToken": Secret("any")}
    own = schema_of(control_hub.opened(values, SystemClock(), MemoryVault(), certificates=certificates))
    return schema_with_local(own)


CONTROL_HUB = "control_hub"

# The reference that OpenIDM configurations name, so that they find their connector here:
# https://docs.pingidentity.com/openicf/connector-reference/webex.html
KINDS: Mapping[str, ConnectorKind] = {
    CONTROL_HUB: ConnectorKind(
        PROPERTIES,
        _fits_together,
        control_hub.opened,
        ConnectorRef(
            bundle_name="org.forgerock.openicf.connectors.webex-connector",
            bundle_version="1.5.20.34",
            connector_name="org.forgerock.openicf.connectors.webex.WebexConnector",
        ),
        _schema,
    ),
}
"""
Every kind, by the name that `connector` in a system's settings takes.
"""
