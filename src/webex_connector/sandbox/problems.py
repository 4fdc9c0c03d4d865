"""
Refusals: what the organisation answers when it does not do what was asked.

The texts of `message` and some descriptions are those seen on the wire
(https://developer.webex.com/docs/basics and recorded answers in public test suites).
"""

from collections.abc import Sequence
from http import HTTPStatus

import msgspec

from webex_connector.sandbox.quirks import ScimErrors

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

    def __init__(self, status: int, *details: Detail, message: str | None = None, scim_type: str = "") -> None:
        self.status = status
        self.details = details
        self.scim_type = scim_type
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


SCIM_ERROR = "urn:ietf:params:scim:api:messages:2.0:Error"
"""
The schema of a SCIM refusal (RFC 7644 section 3.12).
"""

SCIM_REASON = "urn:scim:schemas:extension:cisco:webexidentity:api:messages:2.0:Error"
"""
The section in which Webex puts the reason, as public clients of the bulk call have it.
"""


def invalid_value(description: str) -> Problem:
    """
    Refuse with 400 a value that is missing or cannot be (RFC 7644 section 3.12).
    """
    return Problem(400, Detail(description), scim_type="invalidValue")


def invalid_filter(description: str) -> Problem:
    """
    Refuse with 400 a filter that Webex does not know.
    """
    return Problem(400, Detail(description), scim_type="invalidFilter")


def no_target(description: str) -> Problem:
    """
    Refuse with 400 a change that names nothing to be changed (RFC 7644 section 3.5.2).
    """
    return Problem(400, Detail(description), scim_type="noTarget")


def scim_body_of(problem: Problem, tracking_id: str, style: ScimErrors) -> bytes:
    """
    Write the body of a SCIM refusal. The status is a text, and so is the code, whose numbers are invented here.

    A filter is refused in a shape of its own, as it was seen: without a schema, and the reason in `details`.
    """
    reason = "; ".join(detail.description for detail in problem.details) or problem.message
    body: dict[str, object] = {"schemas": [SCIM_ERROR], "status": str(problem.status)}
    if problem.scim_type:
        body["scimType"] = problem.scim_type
    if style is ScimErrors.RFC:
        body["detail"] = reason
    elif problem.scim_type == "invalidFilter":
        body["details"] = reason
        del body["schemas"]
    else:
        body[SCIM_REASON] = {"trackingId": tracking_id, "errorCode": f"100{problem.status}", "details": reason}
    return msgspec.json.encode(body)
