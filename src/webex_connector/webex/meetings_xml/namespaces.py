"""
The namespaces of the XML API, and the prefixes that Cisco's examples write without declaring them
(https://developer.cisco.com/docs/webex-xml-api-reference-guide).
"""

from collections.abc import Mapping

FAMILY = "http://www.webex.com/schemas/2002/06/"
SERVICE = f"{FAMILY}service"
COMMON = f"{FAMILY}common"
INSTANCE = "http://www.w3.org/2001/XMLSchema-instance"

USUAL: Mapping[str, str] = {
    "serv": SERVICE,
    "com": COMMON,
    "use": f"{SERVICE}/user",
    "site": f"{SERVICE}/site",
    "mtgtype": f"{SERVICE}/meetingtype",
    "ep": f"{SERVICE}/ep",
    "xsi": INSTANCE,
}
"""
What a prefix stands for where nobody declares it.
"""


def is_webex(namespace: str) -> bool:
    """
    Say whether a namespace is one of Webex's. Which of them an element is in differs between sites and releases (the
    children of `address` are in `common`, those of `phones` in two), so that within a body each of them will do.
    """
    return namespace.startswith(FAMILY)
