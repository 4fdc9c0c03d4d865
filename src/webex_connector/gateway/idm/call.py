"""
One request to one object class, with everything read out of its headers, query string and body; and its answer.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from starlette.responses import Response

from webex_connector.gateway.http import age_of, encoded
from webex_connector.gateway.idm.headers import Preconditions, Version
from webex_connector.gateway.idm.objects import REVISION, Fields
from webex_connector.gateway.idm.parameters import Parameters
from webex_connector.gateway.idm.paths import Path
from webex_connector.gateway.idm.target import Target
from webex_connector.icf.objects import ConnectorObject
from webex_connector.icf.options import OperationOptions
from webex_connector.icf.schema import ObjectClassInfo, Operation

JSON: Final = "application/json; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Call:
    """
    What a request asks of an object class.
    """

    facade: Target
    info: ObjectClassInfo
    path: Path
    parameters: Parameters
    preconditions: Preconditions
    version: Version
    options: OperationOptions
    now: Callable[[], datetime]
    """
    Tells the time.
    """
    body: Any = None
    native: str = ""
    """
    The connector's own name of the object class.
    """
    ignored: frozenset[Operation] = frozenset()
    """
    The writes that are to do nothing here.
    """
    root: str = ""
    """
    Where the door is mounted; it stands before every address that is handed out.
    """

    @property
    def uid(self) -> str:
        """
        The object's identifier. Raises ValueError when the path names no object.
        """
        if self.path.uid is None:
            raise ValueError("the path names no object")
        return self.path.uid

    @property
    def pretty(self) -> bool:
        """
        Whether the answer is to be indented.
        """
        return self.parameters.flag("_prettyPrint")

    @property
    def age(self) -> dict[str, str]:
        """
        The header that says how old an answer from a copy is.
        """
        freshness = self.options.freshness
        return {} if freshness is None else age_of(freshness, self.now())

    def options_for(self, fields: Fields) -> OperationOptions:
        """
        Return the options that fetch what a caller wants to see.
        """
        return replace(self.options, attributes_to_get=fields.to_get, return_default_attributes=fields.with_defaults)

    async def current(self, fields: Fields) -> ConnectorObject:
        """
        Return the object as it is. Raises UnknownUid.
        """
        return await self.facade.get(self.info.name, self.uid, self.options_for(fields))

    def answer(self, row: Mapping[str, Any], *, status: int = 200, location: str | None = None) -> Response:
        """
        Answer with a JSON object, and its revision as the ETag when it has one.
        """
        headers = self.age
        if REVISION in row:
            headers["ETag"] = f'"{row[REVISION]}"'
        if location is not None:
            headers["Location"] = location
        return answered(row, self.version, status=status, pretty=self.pretty, headers=headers)


def answered(
    content: object,
    version: Version,
    *,
    status: int = 200,
    pretty: bool = False,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """
    Answer with JSON and the headers that every answer has.
    """
    return Response(encoded(content, pretty=pretty), status, headers_of(version, headers), JSON)


def headers_of(version: Version, more: Mapping[str, str] | None = None) -> dict[str, str]:
    """
    Return the headers that every answer has, and some more.
    """
    return {
        "Cache-Control": "no-cache",
        "Content-API-Version": version.header,
        # Messages repeat what the caller wrote; no browser may take them for a page.
        "X-Content-Type-Options": "nosniff",
        **(more or {}),
    }
