"""
A classic Webex Meetings site.
"""

from typing import Final

from webex_connector.app.kinds.kind import ConnectorKind, Surroundings, Values
from webex_connector.base.clock import SystemClock
from webex_connector.base.secret import Secret
from webex_connector.connector.configuration import NO_CERTIFICATES, Certificates
from webex_connector.connector.meetings_site.configuration import connection_of
from webex_connector.connector.meetings_site.connector import opened
from webex_connector.connector.meetings_site.properties import PROPERTIES
from webex_connector.gateway.idm.systems import ConnectorRef
from webex_connector.icf.operations import Connector, schema_of
from webex_connector.icf.schema import Schema
from webex_connector.mirror.local_schema import schema_with_local

# No connector of the platforms' makers is known by a public name, so this one has our own.
_REF: Final = ConnectorRef("webex-connector", "1.0", "webex_connector.MeetingsSite")


def _check(values: Values, certificates: Certificates = NO_CERTIFICATES) -> None:
    connection_of(values, SystemClock().now(), certificates)


async def _opened(values: Values, around: Surroundings) -> Connector:
    return opened(values, around.clock, around.budget, around.inventory, around.certificates)


def _schema(values: Values, certificates: Certificates) -> Schema:
    values = {**values, "password": Secret("any"), "accessToken": None}
    return schema_with_local(schema_of(opened(values, SystemClock(), certificates=certificates)))


KIND: Final = ConnectorKind(
    "Webex Meetings site",
    PROPERTIES,
    _check,
    _opened,
    _REF,
    _schema,
    lambda _: _REF,
    checks_passwords=True,
    keeps_beside=True,
)
"""
Its schema is known without asking the site.
"""
