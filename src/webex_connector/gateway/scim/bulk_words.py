"""
The body of a bulk request, and what its operations say of one another (RFC 7644, section 3.7). Pure.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import unquote

from webex_connector.gateway.scim.discovery import MOST_OPERATIONS
from webex_connector.gateway.scim.errors import Kind, Problem, refused
from webex_connector.gateway.scim.values import shown

BULK_REQUEST_URN: Final = "urn:ietf:params:scim:api:messages:2.0:BulkRequest"
BULK_RESPONSE_URN: Final = "urn:ietf:params:scim:api:messages:2.0:BulkResponse"

REFERENCE: Final = "bulkId:"
"""
What stands before the `bulkId` of another operation, in the place of an id that is not known yet.
"""

METHODS: Final = frozenset({"POST", "PUT", "PATCH", "DELETE"})


@dataclass(frozen=True, slots=True)
class Order:
    """
    One operation as the client wrote it.
    """

    place: int
    method: str
    endpoint: str
    uid: str
    """
    Empty where something is to be made.
    """
    bulk_id: str | None
    data: Any
    version: str | None
    mistake: Problem | None = None
    """
    Why it cannot be carried out as it is written.
    """

    @property
    def references(self) -> frozenset[str]:
        """
        The `bulkId`s of other operations that it names.
        """
        return frozenset(_references([self.uid, self.data]))


@dataclass(frozen=True, slots=True)
class Orders:
    """
    All operations of a request, and after how many errors it is to stop; None for never.
    """

    each: tuple[Order, ...]
    fail_on_errors: int | None = None


def orders_of(body: Any) -> Orders:
    """
    Return what a bulk request asks. Raises Problem: 400 for what is none, 413 for too many operations.
    """
    if not isinstance(body, Mapping):
        raise refused(Kind.INVALID_SYNTAX, "The body must be a BulkRequest, a JSON object")
    words = {str(key).lower(): value for key, value in body.items()}
    operations = words.get("operations")
    if not isinstance(operations, list) or not operations:
        raise refused(Kind.INVALID_SYNTAX, "Operations must be a list with at least one operation")
    if len(operations) > MOST_OPERATIONS:
        raise Problem(413, f"A bulk request may have {MOST_OPERATIONS} operations, and this one has {len(operations)}")
    most = words.get("failonerrors")
    if most is not None and (not isinstance(most, int) or isinstance(most, bool) or most < 1):
        raise refused(Kind.INVALID_VALUE, f"failOnErrors must be an integer from 1 on, not {shown(most)}")
    return Orders(tuple(_order(place, each) for place, each in enumerate(operations)), most)


def resolved(value: Any, made: Mapping[str, str]) -> Any:
    """
    Return a value with the ids of what was made in the place of references.

    Raises Problem (400, invalidValue) for a reference to what was not made before.
    """
    if isinstance(value, str) and value.startswith(REFERENCE):
        uid = made.get(value.removeprefix(REFERENCE))
        if uid is None:
            raise refused(Kind.INVALID_VALUE, f"{value} names no operation that has made something before")
        return uid
    if isinstance(value, list):
        return [resolved(each, made) for each in value]
    if isinstance(value, Mapping):
        return {key: resolved(each, made) for key, each in value.items()}
    return value


def _order(place: int, given: Any) -> Order:
    if not isinstance(given, Mapping):
        return _wrong(place, {}, f"An operation must be an object, not {shown(given)}")
    words = {str(key).lower(): value for key, value in given.items()}
    method, path, bulk_id = (words.get(name) for name in ("method", "path", "bulkid"))
    if not isinstance(method, str) or method.upper() not in METHODS:
        return _wrong(place, words, f"method must be one of {', '.join(sorted(METHODS))}, not {shown(method)}")
    if not isinstance(path, str):
        return _wrong(place, words, f"path must be as /Users or /Users/<id>, not {shown(path)}")
    endpoint, *rest = [unquote(part) for part in path.strip("/").split("/")]
    making = method.upper() == "POST"
    if not endpoint or len(rest) != (0 if making else 1):
        return _wrong(place, words, f"{method.upper()} cannot have the path {shown(path)}")
    if making and not (isinstance(bulk_id, str) and bulk_id):
        return _wrong(place, words, "POST needs a bulkId")
    version = words.get("version")
    return Order(
        place,
        method.upper(),
        endpoint,
        rest[0] if rest else "",
        bulk_id if isinstance(bulk_id, str) else None,
        words.get("data"),
        version if isinstance(version, str) else None,
    )


def _wrong(place: int, words: Mapping[str, Any], why: str) -> Order:
    method, bulk_id = words.get("method"), words.get("bulkid")
    return Order(
        place,
        method if isinstance(method, str) else "",
        "",
        "",
        bulk_id if isinstance(bulk_id, str) else None,
        None,
        None,
        refused(Kind.INVALID_SYNTAX, why),
    )


def _references(value: Any) -> Iterator[str]:
    if isinstance(value, str) and value.startswith(REFERENCE):
        yield value.removeprefix(REFERENCE)
    elif isinstance(value, list):
        for each in value:
            yield from _references(each)
    elif isinstance(value, Mapping):
        for each in value.values():
            yield from _references(each)
