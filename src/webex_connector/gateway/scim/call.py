"""
One request to one resource type, with everything read out of it; and its answer.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final, Self
from urllib.parse import quote

from starlette.responses import Response

from webex_connector.gateway.http import age_of, encoded
from webex_connector.gateway.scim.asked import NOTHING_ASKED, Asked
from webex_connector.gateway.scim.mapping import Resource
from webex_connector.gateway.scim.rendering import Setting, View
from webex_connector.gateway.scim.shown import Shown
from webex_connector.gateway.scim.systems import System
from webex_connector.gateway.scim.written import Written
from webex_connector.icf.options import Freshness, OperationOptions
from webex_connector.icf.schema import ObjectClassInfo

SCIM_JSON: Final = "application/scim+json"
"""
The media type of every answer (RFC 7644, section 8.1).
"""


@dataclass(frozen=True, slots=True)
class Call:
    """
    What a request asks of a resource type.
    """

    system: System
    resource: Resource
    options: OperationOptions
    base: str
    """
    The address of the door for this system.
    """
    asked: Asked = NOTHING_ASKED
    headers: Mapping[str, str] = field(default_factory=dict)
    """
    By names in lower case.
    """
    uid: str = ""
    """
    The resource's id; empty when the request is to the whole type.
    """
    body: Any = None

    @property
    def info(self) -> ObjectClassInfo:
        """
        The object class behind the resource type.
        """
        return self.system.facade.schema.object_class(self.resource.object_class)

    @property
    def begun(self) -> Self:
        """
        The same call after it has written something: what is left of it is done however long that takes.
        """
        return replace(self, options=replace(self.options, deadline=None))

    def age(self, freshness: Freshness) -> dict[str, str]:
        """
        Return the header that says how old an answer from a copy is.
        """
        return age_of(freshness, self.system.clock.now())

    def location(self, uid: str) -> str:
        """
        Return the address of a resource of this type.
        """
        return f"{self.base}/{self.resource.endpoint}/{quote(uid, safe='')}"

    @property
    def shown(self) -> Shown:
        """
        What the answer is to show. Raises Problem (400).
        """
        return self.system.narrowing(self.resource).to(self.asked)

    async def view(self, shown: Shown) -> View:
        """
        Return what turns objects into resources.
        """
        return shown.view(await self.setting(shown))

    async def setting(self, shown: Shown) -> Setting:
        """
        Return what is the same for all resources of an answer, with the names of what `shown` refers to.
        """
        names = {name: (await self.system.display_names.of(kind, self.options)).names for name, kind in shown.granted}
        return Setting(self.base, self.system.manner.offset, names, self.system.endpoints)


def answered(status: int, body: object = None, headers: Mapping[str, str] | None = None) -> Response:
    """
    Answer with JSON, or with nothing.
    """
    # Details of errors repeat what the caller wrote; no browser may take them for a page.
    fixed = {"Cache-Control": "no-cache", "X-Content-Type-Options": "nosniff", **(headers or {})}
    if body is None:
        return Response(status_code=status, headers=fixed)
    return Response(encoded(body), status, fixed, SCIM_JSON)


def found(location: str, row: Written, status: int = 200, more: Mapping[str, str] | None = None) -> Response:
    """
    Answer with a resource: its address, its version as the entity tag, and more headers.
    """
    headers = {"Location": location, **(more or {})}
    if row.version is not None:
        headers["ETag"] = row.version
    return answered(status, row.body, headers)
