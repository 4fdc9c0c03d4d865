"""
Requests for operations, from the messages of this protocol to what the older one says for the same. Pure.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Final

from webex_connector.gateway.remote import profiles
from webex_connector.gateway.remote.codec.description import ConnectorKey
from webex_connector.gateway.remote.codec.messages import OperationRequest
from webex_connector.gateway.remote.codec.objects import ObjectClass, ScriptContext, SyncToken, Uid
from webex_connector.gateway.remote.codec.primitives import Malformed
from webex_connector.gateway.remote.codec.streams import read
from webex_connector.gateway.remote.codec.values import JavaClass, Map, Value
from webex_connector.gateway.remote.openicf.messages import member
from webex_connector.icf.errors import UnsupportedOperation

_UPDATES: Final = ("update", "addAttributeValues", "removeAttributeValues")
_Said = tuple[str, str, tuple[Value, ...]]
"""
The class of an operation, its method, and its arguments.
"""

ACCOMPANYING: Final = ("connector", "locale")
"""
What stands beside the operation in each request for one.
"""


def request_of(operation: Any) -> OperationRequest:
    """
    Return what is asked for by a message `Operation`. Raises Malformed, UnsupportedOperation.
    """
    name = member(operation, *ACCOMPANYING)
    said = _OPERATIONS.get(name)
    if said is None:
        raise UnsupportedOperation("Unknown OperationRequest: batches and subscriptions are not offered here")
    api, method, arguments = said(getattr(operation, name))
    key = operation.connector
    try:
        facade_key = operation.facade_key.decode("ascii")
    except UnicodeDecodeError:
        raise Malformed("the facade key is not Base64") from None
    connector = ConnectorKey(key.bundle_name, key.bundle_version, key.connector_name)
    return OperationRequest(JavaClass(api), method, connector, facade_key, arguments)


def value_in(blob: bytes) -> Value:
    """
    Return the value that a field of bytes holds as a stream of its own; None for an empty one. Raises Malformed.
    """
    if not blob:
        return None
    values = read(blob)
    if len(values) != 1:
        raise Malformed(f"a field holds {len(values)} values in place of one")
    return values[0]


def _nothing(api: str, method: str) -> Callable[[Any], _Said]:
    return lambda _: (api, method, ())


def _authenticate(asked: Any) -> _Said:
    password = value_in(asked.password)
    where = ObjectClass(asked.object_class)
    return profiles.AUTHENTICATE, "authenticate", (where, asked.username, password, value_in(asked.options))


def _create(asked: Any) -> _Said:
    where = ObjectClass(asked.object_class)
    return profiles.CREATE, "create", (where, value_in(asked.attributes), value_in(asked.options))


def _delete(asked: Any) -> _Said:
    return profiles.DELETE, "delete", (*_object(asked), value_in(asked.options))


def _get(asked: Any) -> _Said:
    return profiles.GET, "getObject", (*_object(asked), value_in(asked.options))


def _resolve(asked: Any) -> _Said:
    where = ObjectClass(asked.object_class)
    return profiles.RESOLVE, "resolveUsername", (where, asked.username, value_in(asked.options))


def _script(api: str, method: str) -> Callable[[Any], _Said]:
    def said(asked: Any) -> _Said:
        script, given = asked.context.script, value_in(asked.context.arguments)
        arguments = Map() if given is None else given
        if not isinstance(arguments, Map):
            raise Malformed("the arguments of a script come as a map")
        return api, method, (ScriptContext(script.language, arguments, script.text), value_in(asked.options))

    return said


def _search(asked: Any) -> _Said:
    where = ObjectClass(asked.object_class)
    return profiles.SEARCH, "search", (where, value_in(asked.filter), value_in(asked.options))


def _sync(asked: Any) -> _Said:
    if member(asked) == "latest":
        return profiles.SYNC, "getLatestSyncToken", (ObjectClass(asked.latest.object_class),)
    since = asked.since
    value = value_in(since.token.value)
    token = None if value is None else SyncToken(value)
    return profiles.SYNC, "sync", (ObjectClass(since.object_class), token, value_in(since.options))


def _update(asked: Any) -> _Said:
    if not 0 <= asked.type < len(_UPDATES):
        raise Malformed(f"{asked.type} is no kind of update")
    arguments = (*_object(asked), value_in(asked.attributes), value_in(asked.options))
    return profiles.UPDATE, _UPDATES[asked.type], arguments


def _object(asked: Any) -> tuple[ObjectClass, Uid]:
    return ObjectClass(asked.object_class), Uid(asked.uid.value, asked.uid.revision or None)


_OPERATIONS: Final[Mapping[str, Callable[[Any], _Said]]] = MappingProxyType(
    {
        "authenticate": _authenticate,
        "create": _create,
        "delete": _delete,
        "get": _get,
        "resolve": _resolve,
        "schema": _nothing(profiles.SCHEMA, "schema"),
        "script": _script(profiles.SCRIPT, "runScriptOnConnector"),
        "resource_script": _script(profiles.RESOURCE_SCRIPT, "runScriptOnResource"),
        "search": _search,
        "sync": _sync,
        "test": _nothing(profiles.TEST, "test"),
        "update": _update,
        "validate": _nothing(profiles.VALIDATE, "validate"),
    }
)
