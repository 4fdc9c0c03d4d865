"""
Writes answers: the envelope, and elements with the prefixes of the real server.
"""

from dataclasses import dataclass
from xml.etree import ElementTree as ET

from webex_connector.sandbox.meetings_site.namespaces import INSTANCE, PREFIXES
from webex_connector.sandbox.meetings_site.refusals import Refusal

Child = ET.Element | str | int | bool
"""
What stands in an element: elements, or one text.
"""


@dataclass(frozen=True, slots=True)
class Content:
    """
    The body of a success.
    """

    kind: str
    """The name of its type, such as `getUserResponse`."""
    children: tuple[ET.Element, ...] = ()
    prefix: str = "use"
    """The prefix of the service."""


def element(name: str, *content: Child) -> ET.Element:
    """
    Return an element with a prefixed name; truth values are written in small letters.
    """
    made = ET.Element(name)
    for part in content:
        if isinstance(part, ET.Element):
            made.append(part)
        else:
            made.text = str(part).lower() if isinstance(part, bool) else str(part)
    return made


def success(content: Content, gsb_status: str) -> bytes:
    """
    Write the answer to a request that was carried out.
    """
    body = element("serv:bodyContent", *content.children)
    body.set("xmlns:xsi", INSTANCE)
    body.set("xsi:type", f"{content.prefix}:{content.kind}")
    response = (element("serv:result", "SUCCESS"), element("serv:gsbStatus", gsb_status))
    return _written(response, body, content.prefix)


def failure(refusal: Refusal, gsb_status: str) -> bytes:
    """
    Write the answer to a request that was refused.
    """
    response = [
        element("serv:result", "FAILURE"),
        element("serv:reason", refusal.reason),
        element("serv:gsbStatus", gsb_status),
        element("serv:exceptionID", refusal.code),
    ]
    if refusal.details:
        subs = (
            element("serv:subError", element("serv:exceptionID", code), element("serv:reason", reason))
            for code, reason in refusal.details
        )
        response.append(element("serv:subErrors", *subs))
    if refusal.value:
        response.append(element("serv:value", refusal.value))
    return _written(tuple(response), element("serv:bodyContent"), "use")


def _written(response: tuple[ET.Element, ...], body: ET.Element, prefix: str) -> bytes:
    root = element(
        "serv:message",
        element("serv:header", element("serv:response", *response)),
        element("serv:body", body),
    )
    for name in dict.fromkeys(("serv", "com", prefix)):
        root.set(f"xmlns:{name}", PREFIXES[name])
    written: bytes = ET.tostring(root, encoding="UTF-8", xml_declaration=True)
    return written
