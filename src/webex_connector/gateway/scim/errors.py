"""
What goes wrong, as RFC 7644, section 3.12, has it: `schemas`, `status` as a text, `scimType` where there is one,
and a `detail` for people.
"""

import math
from collections.abc import Mapping
from enum import Enum
from types import MappingProxyType
from typing import Any, Final

from webex_connector.icf import errors as icf

ERROR_URN: Final = "urn:ietf:params:scim:api:messages:2.0:Error"


class Kind(Enum):
    """
    The values of `scimType` that the standards have (RFC 7644, table 9; RFC 9865, section 2.3). No others are made up:
    clients decide by them what to do.
    """

    INVALID_FILTER = "invalidFilter"
    TOO_MANY = "tooMany"
    UNIQUENESS = "uniqueness"
    MUTABILITY = "mutability"
    INVALID_SYNTAX = "invalidSyntax"
    INVALID_PATH = "invalidPath"
    NO_TARGET = "noTarget"
    INVALID_VALUE = "invalidValue"
    INVALID_VERSION = "invalidVers"
    SENSITIVE = "sensitive"
    INVALID_CURSOR = "invalidCursor"
    EXPIRED_CURSOR = "expiredCursor"
    INVALID_COUNT = "invalidCount"


class Problem(Exception):
    """
    An answer that is an error. `status` is the HTTP status.
    """

    def __init__(
        self,
        status: int,
        detail: str,
        kind: Kind | None = None,
        *,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.kind = kind
        self.headers = dict(headers or {})

    @property
    def body(self) -> dict[str, Any]:
        """
        The answer's body.
        """
        body: dict[str, Any] = {"schemas": [ERROR_URN], "status": str(self.status)}
        if self.kind is not None:
            body["scimType"] = self.kind.value
        return {**body, "detail": self.detail}


def refused(kind: Kind, detail: str) -> Problem:
    """
    Return the 400 of this kind.
    """
    return Problem(400, detail, kind)


ANSWERS: Final[Mapping[type[icf.ConnectorError], tuple[int, Kind | None]]] = MappingProxyType(
    {
        icf.UnknownObjectClass: (404, None),
        icf.UnknownAttribute: (400, Kind.INVALID_SYNTAX),
        icf.InvalidAttributeValue: (400, Kind.INVALID_VALUE),
        icf.InvalidFilter: (400, Kind.INVALID_FILTER),
        icf.InvalidOption: (400, Kind.INVALID_VALUE),
        icf.InvalidInput: (400, Kind.INVALID_VALUE),
        icf.UnknownUid: (404, None),
        icf.AlreadyExists: (409, Kind.UNIQUENESS),
        icf.PreconditionFailed: (412, None),
        icf.PreconditionRequired: (412, None),
        # 503 and not 403 or 401: it is our access to Webex that lacks something, and some clients take 401 and 403 for
        # "there is no such user", others put their whole job into quarantine.
        icf.PermissionDenied: (503, None),
        icf.CallerRefused: (403, None),
        icf.AccessRefused: (503, None),
        icf.ConfigurationInvalid: (503, None),
        icf.UnsupportedOperation: (501, None),
        icf.GuardRefused: (403, None),
        icf.BadCredentials: (401, None),
        icf.ConnectionFailed: (503, None),
        icf.ConnectionBroken: (503, None),
        icf.Throttled: (429, None),
        # As for a read that takes too long: nothing was changed, and Entra counts a 5xx against its whole job.
        icf.OperationTimeout: (429, None),
        # 500 and not 503: clients repeat a 503 by themselves, and this write may have happened.
        icf.Ambiguous: (500, None),
        icf.ScriptFailed: (500, None),
    },
)
"""
The status and the kind of every error of the model.
"""

AMBIGUOUS: Final = "The change may have been made, and looking did not tell. Look at the resource before repeating it"
"""
What stands before the message of a write whose end nobody saw.
"""

LATER: Final = frozenset({429, 503})
"""
The statuses that ask the client to come back, with `Retry-After`.
"""

_USUAL_WAIT: Final = 30


def problem_of(error: icf.ConnectorError) -> Problem:
    """
    Return the answer that an error of the model becomes. Webex's tracking id, which its support asks for, is in the
    detail, and so is the id of the resource that is in the way.
    """
    status, kind = next(ANSWERS[each] for each in type(error).__mro__ if each in ANSWERS)
    # The words of the model for it name object classes, which nobody knows here.
    detail = "There is no resource with this id" if isinstance(error, icf.UnknownUid) else error.message
    if isinstance(error, icf.Ambiguous):
        detail = f"{AMBIGUOUS}: {detail}"
    if isinstance(error, icf.AlreadyExists) and error.uid is not None:
        detail = f"{detail} (id {error.uid})"
    if error.tracking_id is not None:
        detail = f"{detail} (tracking id {error.tracking_id})"
    return Problem(status, detail, kind, headers=later(error.retry_after) if status in LATER else {})


def later(seconds: float | None) -> dict[str, str]:
    """
    Return the header that says when to come back: whole seconds, since Okta does not read dates, and at least one.
    """
    wait = _USUAL_WAIT if seconds is None else max(1, math.ceil(seconds))
    return {"Retry-After": str(wait)}
