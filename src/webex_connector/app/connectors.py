"""
The kinds of connectors there are, by the names that settings call them.
"""

from collections.abc import Mapping

from webex_connector.app.kinds import control_hub, meetings_site, remote
from webex_connector.app.kinds.kind import ConnectorKind

CONTROL_HUB = "control_hub"
MEETINGS_SITE = "meetings_site"
REMOTE = "remote"

KINDS: Mapping[str, ConnectorKind] = {
    CONTROL_HUB: control_hub.KIND,
    MEETINGS_SITE: meetings_site.KIND,
    REMOTE: remote.KIND,
}
"""
Every kind, by the name that `connector` in a system's settings takes.
"""
