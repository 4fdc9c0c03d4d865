"""
Many SCIM operations in one request: https://developer.webex.com/docs/api/v1/scim-2-bulk, RFC 7644 section 3.7.

Webex answers 200 also when operations failed, so each operation has an outcome of its own.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from urllib.parse import urlsplit

from webex_connector.webex.call import Call, Sender
from webex_connector.webex.errors import AnswerLost, TooStrange, WebexError
from webex_connector.webex.reasons import reason_of
from webex_connector.webex.scim_wire import BULK_MESSAGE, patch_body, scim_request
from webex_connector.webex.wire import Answer, Json, path_to, refusal

MOST_OPERATIONS = 100
"""
How many operations fit in one request; Webex refuses more as a whole.
"""


class Spelling(Enum):
    """
    How a request names its list. Cisco's samples have it with a capital letter, as RFC 7644 has, its definitions
    without.
    """

    CAPITAL = "Operations"
    SMALL = "operations"

    @property
    def other(self) -> "Spelling":
        """
        What may be understood where this is not.
        """
        return Spelling.SMALL if self is Spelling.CAPITAL else Spelling.CAPITAL


class Kind(Enum):
    """
    What an operation is about.
    """

    USER = "Users"
    GROUP = "Groups"


class Method(Enum):
    """
    What an operation does. Webex has no PUT here.
    """

    CREATE = "POST"
    PATCH = "PATCH"
    DELETE = "DELETE"


@dataclass(frozen=True, slots=True)
class BulkOperation:
    """
    One operation; made by `create`, `patch` and `delete`.
    """

    method: Method
    kind: Kind
    id: str | None = None
    """The UUID of what is changed or deleted; `None` for a creation."""

    bulk_id: str | None = None
    """
    The name of a creation within its request; later bodies may say `bulkId:<name>` for the UUID to come. Whatever has
    none gets one when it is sent, so that its outcome can be recognised.
    """

    body: Json | None = None

    @property
    def path(self) -> str:
        """
        The path within the bulk request. Raise NotFound for an id that would lead elsewhere.
        """
        return path_to(self.kind.value, *(() if self.id is None else (self.id,)))

    def wire(self, name: str) -> Json:
        """
        Return the operation as Webex wants it, under that name.
        """
        operation: Json = {"method": self.method.value, "path": self.path, "bulkId": name}
        return operation if self.body is None else operation | {"data": self.body}


def create(kind: Kind, bulk_id: str, body: Json) -> BulkOperation:
    """
    Return the operation that creates a user or a group.
    """
    return BulkOperation(Method.CREATE, kind, bulk_id=bulk_id, body=body)


def patch(kind: Kind, id_: str, operations: Sequence[Json]) -> BulkOperation:
    """
    Return the operation that applies those PATCH operations, which `scim_wire` makes.
    """
    return BulkOperation(Method.PATCH, kind, id_, body=patch_body(operations))


def delete(kind: Kind, id_: str) -> BulkOperation:
    """
    Return the operation that deletes for good.
    """
    return BulkOperation(Method.DELETE, kind, id_)


@dataclass(frozen=True, slots=True)
class Outcome:
    """
    What became of one operation.
    """

    operation: BulkOperation
    status: int | None
    """
    As a single request would have got; `None` when the answer does not tell. A creation that says 200 in the place of
    201 has been seen for a user that was there before.
    """

    id: str | None
    """The UUID of what was created, changed or deleted; `None` after a creation that failed."""

    error: WebexError | None = None
    """
    `None` after a success. Otherwise what a single request would have raised; AnswerLost when the answer leaves the
    operation out, so that it may or may not have happened.
    """


class ScimBulk:
    """
    Bulk requests to one organisation, which is given by its UUID.
    """

    def __init__(self, sender: Sender, organization: str) -> None:
        self._sender, self._organization = sender, organization

    async def run(
        self,
        operations: Sequence[BulkOperation],
        call: Call,
        *,
        fail_on_errors: int = MOST_OPERATIONS,
        spelling: Spelling = Spelling.CAPITAL,
    ) -> list[Outcome]:
        """
        Send the operations in one request; return the outcome of each, in their order. Without any, nothing is sent.

        After `fail_on_errors` errors Webex leaves the rest undone and says nothing of it. Raise ValueError when there
        are more than `MOST_OPERATIONS`, or two creations of one name; the WebexError that fits when the request failed
        as a whole, after which each of the operations may have happened if `may_have_happened` says so.
        """
        if not operations:
            return []
        names = [operation.bulk_id or f"change-{number}" for number, operation in enumerate(operations, 1)]
        if len(operations) > MOST_OPERATIONS or len(set(names)) < len(names):
            raise ValueError(f"{len(operations)} operations; at most {MOST_OPERATIONS} fit, each with its own bulkId")
        body: Json = {
            "schemas": [BULK_MESSAGE],
            "failOnErrors": fail_on_errors,
            spelling.value: [operation.wire(name) for operation, name in zip(operations, names, strict=True)],
        }
        answer = await self._sender.send(scim_request("POST", self._organization, "v2", "Bulk", body=body), call)
        return _outcomes(operations, names, answer)


def _outcomes(operations: Sequence[BulkOperation], names: Sequence[str], answer: Answer) -> list[Outcome]:
    # The definitions published by Cisco write the key in lower case, its examples do not.
    told = answer.items("operations" if "operations" in answer.json() else "Operations")
    outcomes = []
    for operation, name in zip(operations, names, strict=True):
        place = next((n for n, each in enumerate(told) if _is_about(each, operation, name)), None)
        outcomes.append(_outcome(operation, None if place is None else told.pop(place), answer))
    return outcomes


def _is_about(told: Json, operation: BulkOperation, name: str) -> bool:
    """
    Say whether a part of the answer tells of the operation, by its name or else by where the thing is; never by its
    place in the list: the order is nowhere promised.

    Only of a creation must the answer repeat the name; of a failure it may leave out where the thing is.
    """
    if str(told.get("method")).upper() != operation.method.value:
        return False
    where = _id_in(told, operation.kind)
    if told.get("bulkId") is not None:
        return told["bulkId"] == name and (operation.id is None or where in {None, operation.id.lower()})
    return operation.id is not None and where == operation.id.lower()


def _outcome(operation: BulkOperation, told: Json | None, answer: Answer) -> Outcome:
    title = f"{operation.method.value} {operation.path}"
    if told is None:
        lost = AnswerLost("the answer leaves it out", request=title, tracking_id=answer.tracking_id)
        return Outcome(operation, None, operation.id, lost)
    try:
        status = int(str(told.get("status")))
    except ValueError:
        lost = AnswerLost("the answer has no status for it", request=title, tracking_id=answer.tracking_id)
        return Outcome(operation, None, operation.id, lost)
    if not 200 <= status < 300:  # noqa: PLR2004 - RFC 9110, section 15.3
        response = told.get("response")
        reason = reason_of(response if isinstance(response, dict) else {})
        error = refusal(status, reason, request=title, tracking_id=answer.tracking_id)
        return Outcome(operation, status, operation.id, error)
    id_ = operation.id or _id_in(told, operation.kind)
    if id_ is None:
        nameless = "created, but the answer does not tell where"
        error = TooStrange(nameless, request=title, status=status, tracking_id=answer.tracking_id)
        return Outcome(operation, status, None, error)
    return Outcome(operation, status, id_)


def _id_in(told: Json, kind: Kind) -> str | None:
    location = told.get("location")
    if not isinstance(location, str):
        return None
    *_, folder, id_ = ["", "", *urlsplit(location).path.split("/")]
    return id_.lower() if folder == kind.value and id_ else None
