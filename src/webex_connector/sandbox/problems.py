"""
Refusals: what the organisation answers when it does not do what was asked.

The texts of `message` and some descriptions are those seen on the wire
(https://developer.webex.com/docs/basics and recorded answers in public test suites).
"""

from collections.abc import Sequence
from http import HTTPStatus

import msgspec

MESSAGES = {
    400: "The request could not be understood by the server due to malformed syntax. See 'errors' for more details.",
    401: "The request requires a valid access token set in the Authorization request header.",
    403: "The server understood the request, but refused to fulfill it because the access token is missing required "
    "scopes or the user is missing required roles or licenses.",
    404: "The requested resource could not be found.",
    429: "The request was refused because too many requests were sent in a given amount of time.",
}
"""
The general sentence by status; other statuses say their HTTP phrase.
"""


class Detail(msgspec.Struct, frozen=True, rename="camel", omit_defaults=True):
    """
    One element of `errors`.
    """

    description: str
    error_code: int | None = None
    """The number that licence changes are refused with."""


class Problem(Exception):  # it is an answer, and not every one of them an error of the caller
    """
    The request is refused with this status; nothing was changed unless the rule that raised it says otherwise.
    """

    def __init__(self, status: int, *details: Detail, message: str | None = None) -> None:
        self.status = status
        self.details = details
        self.message = message or MESSAGES.get(status) or HTTPStatus(status).phrase
        super().__init__(f"{status}: {'; '.join(detail.description for detail in details) or self.message}")


def bad_request(description: str, code: int | None = None) -> Problem:
    """
    Refuse with 400 and one description, with an error code where Webex publishes one.
    """
    return Problem(400, Detail(description, code))


def not_found(what: str) -> Problem:
    """
    Refuse with 404: there is no such thing, or there is none any more.
    """
    return Problem(404, Detail(f"{what} not found"))


def conflict(description: str) -> Problem:
    """
    Refuse with 409: something else is in the way.
    """
    return Problem(409, Detail(description))


def body_of(message: str, details: Sequence[Detail], tracking_id: str) -> bytes:
    """
    Write the error body; `errors` is left out when there is nothing to say, as on the wire.
    """
    body: dict[str, object] = {"message": message}
    if details:
        body["errors"] = details
    return msgspec.json.encode({**body, "trackingId": tracking_id})
