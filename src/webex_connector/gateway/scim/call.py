"""
One request to one resource type, with everything read out of it; and its answer.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import quote

from starlette.responses import Response

from webex_connector.gateway.http import encoded
from webex_connector.gateway.scim.asked import NOTHING_ASKED, Asked
from webex_connector.gateway.scim.mapping import Resource
from webex_connector.gateway.scim.rendering import Names, Setting, View
from webex_connector.gateway.scim.systems import System
from webex_connector.icf.options import OperationOptions
from webex_connector.icf.schema import ObjectClassInfo

GRANTED: Final = frozenset({"LICENSES", "ROLES"})
"""
The object classes whose objects are granted to people.
"""

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

    def location(self, uid: str) -> str:
        """
        Return the address of a resource of this type.
        """
        return f"{self.base}/{self.resource.endpoint}/{quote(uid, safe='')}"

    async def view(self, shown: Resource | None = None, *, with_version: bool = True) -> View:
        """
        Return what turns objects into resources; `shown` is the resource type narrowed to what is to be seen.
        """
        narrowed = shown or self.resource
        return View(narrowed, await self.setting(narrowed), with_version=with_version)

    async def setting(self, shown: Resource) -> Setting:
        """
        Return what is the same for all resources of an answer, with the names of what `shown` refers to.
        """
        granted: dict[str, Names] = {}
        for _, row in shown.rows:
            kind = self.info.attribute(row.model).refers_to if row.model and row.part("display") else None
            if kind in GRANTED:
                catalogue = await self.system.display_names.of(kind, self.options)
                granted[row.model or ""] = catalogue.names
        return Setting(self.base, self.system.manner.offset, granted, self.system.endpoints)


def answered(status: int, body: object = None, headers: Mapping[str, str] | None = None) -> Response:
    """
    Answer with JSON, or with nothing.
    """
    # Details of errors repeat what the caller wrote; no browser may take them for a page.
    fixed = {"Cache-Control": "no-cache", "X-Content-Type-Options": "nosniff", **(headers or {})}
    if body is None:
        return Response(status_code=status, headers=fixed)
    return Response(encoded(body), status, fixed, SCIM_JSON)


def found(view_of: View, row: Mapping[str, Any], status: int = 200) -> Response:
    """
    Answer with a resource: its address, and its version as the entity tag.
    """
    meta = row.get("meta", {})
    headers = {"Location": meta.get("location") or view_of.location(row["id"])}
    if "version" in meta:
        headers["ETag"] = meta["version"]
    return answered(status, row, headers)
