"""
`/openidm/info`: what clients of this interface look at before they do anything else.

Source: PingIDM, "Server state": https://docs.pingidentity.com/pingidm/8.1/rest-api-reference/endpoints/rest-info.html
"""

from collections.abc import Mapping
from importlib.metadata import version
from typing import Any, Final

from webex_connector.gateway.idm.systems import System
from webex_connector.gateway.rights import Client, Right

PRODUCT: Final = "webex-connector"
"""
What this is, where upstream names itself.
"""

PAGES: Final = ("ping", "login", "version")
"""
What there is to look at.
"""


def page_of(name: str, client: Client, systems: Mapping[str, System]) -> dict[str, Any]:
    """
    Return one of the PAGES.
    """
    match name:
        case "ping":
            state = "ACTIVE_READY" if systems else "ACTIVE_NOT_READY"
            return {"_id": "", "shortDesc": f"{PRODUCT} serves {len(systems)} systems", "state": state}
        case "login":
            roles = ["internal/role/openidm-authorized"]
            if client.may(Right.CONFIGURE, None):
                roles.append("internal/role/openidm-admin")
            authorization = {"id": client.name, "component": "internal/user", "roles": roles}
            return {"_id": "login", "authenticationId": client.name, "authorization": authorization}
        case _:
            return {"_id": "version", "productName": PRODUCT, "productVersion": version(PRODUCT)}
