"""
A plain client of classic sites, and what it hears; it knows nothing of the product's own.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from xml.etree import ElementTree as ET

import httpx2

PATH = "/WBXService/XMLService"
_XSI = "http://www.w3.org/2001/XMLSchema-instance"
_SERVICE = "http://www.webex.com/schemas/2002/06/service"


@dataclass(frozen=True)
class Heard:
    """
    An answer of a site.
    """

    root: ET.Element

    @property
    def code(self) -> str:
        """
        What it was refused with; empty for a success.
        """
        return self.text("exceptionID")

    @property
    def content(self) -> ET.Element:
        """
        The content of its body.
        """
        found = self.root.find("{*}body/{*}bodyContent")
        assert found is not None
        return found

    def text(self, name: str) -> str:
        """
        Return the first text of that name; empty when there is none.
        """
        return next(self.texts(name), "")

    def texts(self, name: str) -> Iterator[str]:
        """
        Yield all texts of that name.
        """
        return (each.text or "" for each in self.root.iterfind(f".//{{*}}{name}"))


@dataclass(frozen=True)
class SiteAsker:
    """
    Asks a site, as its administrator unless another context is given.
    """

    http: httpx2.AsyncClient
    context: Mapping[str, str]

    async def __call__(self, operation: str, body: Mapping[str, object] | None = None, **context: str) -> Heard:
        """
        Ask, such as `user.GetUser`. What is given by name stands in the security context in place of the usual.
        """
        return await self.send(request(operation, body or {}, {**self.context, **context}))

    async def send(self, document: str | bytes) -> Heard:
        """
        Send a document as it is.
        """
        content = document.encode() if isinstance(document, str) else document
        answer = await self.http.post(PATH, content=content, headers={"Content-Type": "text/xml"})
        assert answer.status_code == httpx2.codes.OK, answer.text
        return Heard(ET.fromstring(answer.text))  # noqa: S314 - the sandbox's own answer


def request(operation: str, body: Mapping[str, object], context: Mapping[str, str]) -> bytes:
    """
    Write a request; lists repeat an element.
    """
    root = ET.Element("serv:message", {"xmlns:serv": _SERVICE, "xmlns:xsi": _XSI})
    _fill(ET.SubElement(ET.SubElement(root, "header"), "securityContext"), {k: v for k, v in context.items() if v})
    content = ET.SubElement(root, "body")
    kind = {"xsi:type": f"java:com.webex.service.binding.{operation}"}
    _fill(ET.SubElement(content, "bodyContent", kind), body)
    written: bytes = ET.tostring(root, encoding="UTF-8")
    return written


def _fill(parent: ET.Element, fields: Mapping[str, object]) -> None:
    for name, value in fields.items():
        for each in value if isinstance(value, list) else [value]:
            child = ET.SubElement(parent, name)
            if isinstance(each, Mapping):
                _fill(child, each)
            else:
                child.text = str(each)
