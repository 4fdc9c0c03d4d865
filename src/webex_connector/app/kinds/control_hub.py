"""
A Webex organisation as Control Hub administers it.
"""

from typing import Final

from webex_connector.app.kinds.kind import ConnectorKind, Surroundings, Values
from webex_connector.base.clock import SystemClock
from webex_connector.base.secret import Secret
from webex_connector.connector import configuration
from webex_connector.connector.configuration import NO_CERTIFICATES, Certificates
from webex_connector.connector.consent import is_brought
from webex_connector.connector.control_hub import connector as control_hub
from webex_connector.connector.properties import PROPERTIES, Method
from webex_connector.gateway.idm.systems import ConnectorRef
from webex_connector.icf.configuration import ConfigurationMistakes
from webex_connector.icf.operations import Connector, schema_of
from webex_connector.icf.schema import Schema
from webex_connector.mirror.local_schema import schema_with_local
from webex_connector.webex.tokens import MemoryVault

REF: Final = ConnectorRef(
    bundle_name="org.forgerock.openicf.connectors.webex-connector",
    bundle_version="1.5.20.34",
    connector_name="org.forgerock.openicf.connectors.webex.WebexConnector",
)
"""
The reference that OpenIDM configurations name, so that they find their connector here:
https://docs.pingidentity.com/openicf/connector-reference/webex.html
"""


def _fits_together(values: Values, certificates: Certificates = NO_CERTIFICATES) -> None:
    try:
        configuration.connection_of(values, SystemClock(), MemoryVault(), certificates)
    except ConfigurationMistakes as found:
        # What somebody may still bring by Connect is missed when the system is opened.
        wrong = [each for each in found.mistakes if not is_brought(each, values)]
        if wrong:
            raise ConfigurationMistakes(wrong) from None


async def _opened(values: Values, around: Surroundings) -> Connector:
    return control_hub.opened(
        values, around.clock, around.vault, around.budget, around.inventory, certificates=around.certificates
    )


def schema(values: Values, certificates: Certificates) -> Schema:
    """
    Return what an organisation connected with these values has, without asking it.
    """
    values = {**values, "authenticationMethod": Method.TOKEN.value, "authToken": Secret("any")}
    own = schema_of(control_hub.opened(values, SystemClock(), MemoryVault(), certificates=certificates))
    return schema_with_local(own)


KIND: Final = ConnectorKind(
    "Webex Connector",
    PROPERTIES,
    _fits_together,
    _opened,
    REF,
    schema,
    lambda _: REF,
    is_connected_by_consent=True,
    keeps_beside=True,
)
"""
Its schema is known without asking Webex.
"""
