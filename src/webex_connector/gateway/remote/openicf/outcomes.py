"""
What operations return, and the objects of their streams, as messages of this protocol. Pure.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Final

from webex_connector.gateway.remote import profiles
from webex_connector.gateway.remote.codec import objects
from webex_connector.gateway.remote.codec.exceptions import RemoteWrappedException
from webex_connector.gateway.remote.codec.messages import OperationRequest
from webex_connector.gateway.remote.codec.objects import CountPolicy, SyncDeltaType
from webex_connector.gateway.remote.codec.streams import written
from webex_connector.gateway.remote.codec.values import Value
from webex_connector.gateway.remote.openicf.messages import new

_UNKNOWN: Final = -1
_POLICIES: Final = tuple(CountPolicy)
_DELTAS: Final = tuple(SyncDeltaType)


def answer(request: OperationRequest, returned: Value) -> Any:
    """
    Return the message `Response` for an operation that returned.
    """
    name, told = _RETURNED[request.operation.name]
    return _response(name, told(returned))


def part(each: Value, sequence: int) -> Any:
    """
    Return the message `Response` for one object of a stream; the first has sequence 1.
    """
    if isinstance(each, objects.SyncDelta):
        return _synced(sequence=sequence, delta=_delta(each))
    if not isinstance(each, objects.ToldObject):
        raise TypeError(f"a {type(each).__name__} is no object of a stream")
    found = new("Object", object_class=each.object_class, attributes=written(each.whole().attributes))
    return _response("search", new("Found", sequence=sequence, object=found))


def end(request: OperationRequest, returned: Value, sent: int) -> Any:
    """
    Return the message `Response` that ends a stream. Without it, or with another number of objects than were sent, the
    platform waits on.
    """
    if request.operation.name == profiles.SYNC:
        return _synced(sequence=sent, token=_token(returned))
    return _response("search", new("Found", sequence=sent, result=_result(returned)))


def failed(error: RemoteWrappedException) -> Any:
    """
    Return the message `Response` for an operation that failed.
    """
    return new("Response", error=new("Error", class_name=error.java_class, message=error.message))


def _response(name: str, told: Any) -> Any:
    return new("Response", operation=new("Outcome", **{name: told}))


def _synced(**since: Any) -> Any:
    return _response("sync", new("Synced", since=new("SyncedSince", **since)))


def _uid(value: Value) -> Any:
    return new("Uid", value=value.uid, revision=value.revision) if isinstance(value, objects.Uid) else None


def _token(value: Value) -> Any:
    return new("Token", value=_blob(value.value)) if isinstance(value, objects.SyncToken) else None


def _blob(value: Value) -> bytes | None:
    return None if value is None else written(value)


def _result(value: Value) -> Any:
    if not isinstance(value, objects.SearchResult):
        return None
    return new(
        "SearchResult",
        cookie=value.cookie,
        policy=None if value.policy is None else _POLICIES.index(value.policy),
        # A number that is not there would be read as zero.
        total=_UNKNOWN if value.total is None else value.total,
        remaining=value.remaining,
    )


def _delta(value: objects.SyncDelta) -> Any:
    return new(
        "SyncDelta",
        token=_token(value.token),
        type=_DELTAS.index(value.type),
        previous_uid=_uid(value.previous_uid),
        object_class=None if value.object_class is None else value.object_class.name,
        uid=_uid(value.uid),
        attributes=None if value.object is None else written(value.object.attributes),
    )


def _nothing(_: Value) -> Any:
    return new("Nothing")


def _of_uid(value: Value) -> Any:
    return new("UidOutcome", uid=_uid(value))


def _of_blob(value: Value) -> Any:
    return new("BlobOutcome", value=_blob(value))


def _latest(value: Value) -> Any:
    return new("Synced", latest=new("SyncedLatest", token=_token(value)))


_RETURNED: Final[Mapping[str, tuple[str, Callable[[Value], Any]]]] = MappingProxyType(
    {
        profiles.VALIDATE: ("validate", _nothing),
        profiles.TEST: ("test", _nothing),
        profiles.SCHEMA: ("schema", _of_blob),
        profiles.CREATE: ("create", _of_uid),
        profiles.GET: ("get", _of_blob),
        profiles.UPDATE: ("update", _of_uid),
        profiles.DELETE: ("delete", _nothing),
        profiles.SYNC: ("sync", _latest),
        profiles.RESOLVE: ("resolve", _of_uid),
        profiles.AUTHENTICATE: ("authenticate", _of_uid),
        profiles.SCRIPT: ("script", _of_blob),
    },
)
"""
The member of a message `Outcome` and what makes it, by the class of the operation.
"""
