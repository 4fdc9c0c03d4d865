"""
What goes wrong, in this door's envelope: `code`, `reason`, `message` and, when there is something to add, `detail`.

Sources: `ResourceException` in commons for the envelope and the codes, `ExceptionHelper` in OpenIDM for what the errors
of a connector become. Three codes are ours, each with its reason beside it.
"""

import math
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from webex_connector.icf import errors as icf

REASONS: Final[Mapping[int, str]] = MappingProxyType(
    {
        400: "Bad Request",
        401: "Unauthorized",
        403: "Forbidden",
        404: "Not Found",
        409: "Conflict",
        412: "Precondition Failed",
        413: "Content Too Large",
        428: "Precondition Required",
        429: "Too Many Requests",
        500: "Internal Server Error",
        501: "Not Implemented",
        503: "Service Unavailable",
    },
)
"""
The reason of every code that this door answers.
"""

CODES: Final[Mapping[type[icf.ConnectorError], int]] = MappingProxyType(
    {
        icf.UnknownObjectClass: 404,
        icf.UnknownAttribute: 400,
        icf.InvalidAttributeValue: 400,
        icf.InvalidFilter: 400,
        icf.InvalidOption: 400,
        icf.InvalidInput: 400,
        icf.UnknownUid: 404,
        icf.AlreadyExists: 412,
        icf.PreconditionFailed: 412,
        icf.PreconditionRequired: 428,
        icf.PermissionDenied: 403,
        icf.CallerRefused: 403,
        icf.UnsupportedOperation: 501,
        # A limit says no to this client, as a policy does; 503 would invite it to try again.
        icf.GuardRefused: 403,
        icf.InvalidCredential: 401,
        icf.PasswordExpired: 403,
        icf.ConnectionFailed: 503,
        icf.ConnectionBroken: 503,
        # 503 and not 429: callers of this interface know that one to be temporary, and honour Retry-After on both.
        icf.Throttled: 503,
        icf.OperationTimeout: 503,
        # 500 and not 503: callers and proxies repeat a 503 by themselves, and this write may have happened.
        icf.Ambiguous: 500,
        icf.ScriptFailed: 500,
        icf.ConfigurationInvalid: 500,
        icf.AccessRefused: 500,
    },
)
"""
The code of every error of the model.
"""

AMBIGUOUS: Final = "The change may have been made, and looking did not tell. Look at the object before repeating it"
"""
What stands before the message of a write whose end nobody saw.
"""


class Problem(Exception):
    """
    An answer that is an error: of this door itself, or what an error of the model became.
    """

    def __init__(
        self,
        code: int,
        message: str,
        *,
        detail: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.detail = dict(detail or {})
        self.headers = dict(headers or {})

    @property
    def envelope(self) -> dict[str, Any]:
        """
        The answer's body.
        """
        body = {"code": self.code, "reason": REASONS[self.code], "message": self.message}
        return {**body, "detail": self.detail} if self.detail else body


def problem_of(error: icf.ConnectorError) -> Problem:
    """
    Return the answer that an error of the model becomes.
    """
    detail = {
        "attribute": error.attribute,
        "position": error.position if isinstance(error, icf.InvalidFilter) else None,
        "uid": error.uid if isinstance(error, icf.AlreadyExists) else None,
        "trackingId": error.tracking_id,
        "retryAfter": _wait_of(error),
    }
    given = {key: value for key, value in detail.items() if value is not None}
    if isinstance(error, icf.Ambiguous):
        given["ambiguous"] = True
    return Problem(_code_of(error), _message_of(error), detail=given, headers=_headers_of(error))


def _code_of(error: icf.ConnectorError) -> int:
    return next((CODES[kind] for kind in type(error).__mro__ if kind in CODES), 500)


def _message_of(error: icf.ConnectorError) -> str:
    match error:
        case icf.UnknownAttribute() if error.attribute is not None:
            return f"Target does not support attribute {error.attribute} ({error.message})"
        case icf.Ambiguous():
            return f"{AMBIGUOUS}: {error.message}"
        case _:
            return error.message


def _headers_of(error: icf.ConnectorError) -> dict[str, str]:
    wait = _wait_of(error)
    return {} if wait is None else {"Retry-After": str(wait)}


def _wait_of(error: icf.ConnectorError) -> int | None:
    # Rounded up: coming back a fraction of a second early earns a second refusal.
    return None if error.retry_after is None else max(1, math.ceil(error.retry_after))
