"""
Scripts on the connector: sandboxed Python that uses the system it belongs to as every other caller does.

A script sees `connector` (the operations and the settings that are no secret) and `arguments`; the value of its last
expression is the result. What it writes is validated, limited, journalled and guarded, since it goes through the
operations that it is handed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import msgspec

from webex_connector.base.secret import Secret
from webex_connector.expressions.errors import Mistake, ScriptError
from webex_connector.expressions.interpreter import Host, Interpreter
from webex_connector.icf import names
from webex_connector.icf.attributes import AttributeDelta, Attributes, Values
from webex_connector.icf.calling import Operations
from webex_connector.icf.errors import (
    AlreadyExists,
    ConnectorError,
    InvalidInput,
    NotAllowed,
    ScriptFailed,
    TryLater,
    UnknownUid,
    UnsupportedOperation,
)
from webex_connector.icf.filters import EVERYTHING, And, Filter, equals
from webex_connector.icf.objects import ConnectorObject, WriteResult
from webex_connector.icf.options import OperationOptions

LANGUAGE = "python"
"""
The one language of scripts.
"""

STUBS = '''
from typing import Any

class Connector:
    """The system that the script runs on."""

    name: str
    configuration: dict[str, Any]

    def get(self, object_class: str, uid: str, attributes: list[str] | None = None) -> dict[str, Any]: ...
    def search(
        self,
        object_class: str,
        where: dict[str, Any] | None = None,
        attributes: list[str] | None = None,
        limit: int = 100,
    ) -> list[dict[str, Any]]: ...
    def create(self, object_class: str, attributes: dict[str, Any]) -> dict[str, Any]: ...
    def update(
        self,
        object_class: str,
        uid: str,
        replace: dict[str, Any] | None = None,
        add: dict[str, Any] | None = None,
        remove: dict[str, Any] | None = None,
    ) -> dict[str, Any]: ...
    def delete(self, object_class: str, uid: str) -> None: ...

connector: Connector
arguments: dict[str, Any]
'''
"""
What a script may use, as its type checker knows it.
"""

_RAISED: Mapping[type[ConnectorError], type[Exception]] = {
    UnknownUid: LookupError,
    AlreadyExists: ValueError,
    InvalidInput: ValueError,
    NotAllowed: PermissionError,
    TryLater: TimeoutError,
}
"""
What a script can catch for an error of ours; RuntimeError for all others.
"""


class Scripts:
    """
    Runs scripts for one system.
    """

    def __init__(self, interpreter: Interpreter, configuration: Mapping[str, object]) -> None:
        self._interpreter = interpreter
        self._configuration = {
            name: value for name, value in configuration.items() if not isinstance(value, Secret) and value is not None
        }

    async def check(self, language: str, text: str) -> tuple[Mistake, ...]:
        """
        Return what is wrong with a script; nothing of what it asks for is done.

        Raises UnsupportedOperation for another language than Python.
        """
        _refuse_language(language)
        return await self._interpreter.check(text, STUBS)

    async def run(
        self,
        language: str,
        text: str,
        arguments: Mapping[str, object],
        operations: Operations,
        options: OperationOptions,
    ) -> object:
        """
        Run a script and return its result as JSON would hold it.

        Raises UnsupportedOperation for another language than Python, and ScriptFailed with the reason and its place.
        What the script did before it failed stays done.
        """
        _refuse_language(language)
        bridge = _Bridge(operations, options)
        facts = {"name": operations.system, "configuration": self._configuration}
        host = Host("Connector", bridge.methods(), facts)
        try:
            outcome = await self._interpreter.run(text, STUBS, {"connector": host}, {"arguments": dict(arguments)})
            return msgspec.to_builtins(outcome.value)
        except ScriptError as error:
            raise ScriptFailed(f"The script failed: {error}") from error
        except TypeError as error:
            raise ScriptFailed("The script's result is nothing that JSON can hold") from error

    async def aclose(self) -> None:
        """
        End what runs scripts.
        """
        await self._interpreter.aclose()


class _Bridge:
    """
    The operations as a script calls them: plain values in and out.
    """

    def __init__(self, operations: Operations, options: OperationOptions) -> None:
        self._operations, self._options = operations, options

    def methods(self) -> dict[str, Any]:
        every = (self.get, self.search, self.create, self.update, self.delete)
        return {method.__name__: _told(method) for method in every}

    async def get(self, object_class: str, uid: str, attributes: list[str] | None = None) -> dict[str, Any]:
        found = await self._operations.get(object_class, uid, self._wanting(attributes))
        return self._plain(found)

    async def search(
        self,
        object_class: str,
        where: Mapping[str, Any] | None = None,
        attributes: list[str] | None = None,
        limit: int = 100,
    ) -> list[dict[str, Any]]:
        options = replace(self._wanting(attributes), page_size=limit)
        node = _conjunction([equals(name, value) for name, value in (where or {}).items()])
        found = self._operations.search(object_class, node, options)
        return [self._plain(each) async for batch in found for each in batch]

    async def create(self, object_class: str, attributes: Mapping[str, Any]) -> dict[str, Any]:
        return self._written(await self._operations.create(object_class, _values(attributes), self._options))

    async def update(
        self,
        object_class: str,
        uid: str,
        replace: Mapping[str, Any] | None = None,
        add: Mapping[str, Any] | None = None,
        remove: Mapping[str, Any] | None = None,
    ) -> dict[str, Any]:
        deltas = [AttributeDelta(name, replace=values) for name, values in _values(replace or {}).items()]
        added, removed = _values(add or {}), _values(remove or {})
        deltas += [
            AttributeDelta(name, add=added.get(name, ()), remove=removed.get(name, ()))
            for name in dict.fromkeys([*added, *removed])
        ]
        return self._written(await self._operations.update(object_class, uid, deltas, self._options))

    async def delete(self, object_class: str, uid: str) -> None:
        await self._operations.delete(object_class, uid, self._options)

    def _wanting(self, attributes: Sequence[str] | None) -> OperationOptions:
        return replace(self._options, attributes_to_get=None if attributes is None else tuple(attributes))

    def _plain(self, found: ConnectorObject) -> dict[str, Any]:
        info = self._operations.schema.object_class(found.object_class)
        plain: dict[str, Any] = {names.UID: found.uid, names.NAME: found.name}
        for name, values in found.attributes.items():
            plain[name] = _shown(values, many=info.attribute(name).many)
        return plain

    def _written(self, result: WriteResult) -> dict[str, Any]:
        plain: dict[str, Any] = {names.UID: result.uid} if result.after is None else self._plain(result.after)
        if result.not_applied:
            plain["_warnings"] = [f"{each.attribute}: {each.reason}" for each in result.not_applied]
        if result.withheld:
            plain["_withheld"] = list(result.withheld)
        return plain


def _refuse_language(language: str) -> None:
    if names.folded(language) not in {LANGUAGE, "py"}:
        raise UnsupportedOperation(
            f"Scripts in {language} are not run here; write them in Python (language: {LANGUAGE})"
        )


def _told(method: Any) -> Any:
    """
    Return the method with our errors as exceptions that a script knows.
    """

    async def telling(*args: object, **named: object) -> object:
        try:
            return await method(*args, **named)
        except ConnectorError as error:
            kind = next((to for base, to in _RAISED.items() if isinstance(error, base)), RuntimeError)
            raise kind(error.message) from error

    return telling


def _conjunction(nodes: Sequence[Filter]) -> Filter:
    return EVERYTHING if not nodes else nodes[0] if len(nodes) == 1 else And(tuple(nodes))


def _values(attributes: Mapping[str, Any]) -> Attributes:
    return {name: _listed(value) for name, value in attributes.items()}


def _listed(value: Any) -> Values:
    if value is None:
        return ()
    return tuple(value) if isinstance(value, list | tuple | set) else (value,)


def _shown(values: Values, *, many: bool) -> object:
    open_values = [dict(value) if isinstance(value, Mapping) else value for value in values]
    return open_values if many else next(iter(open_values), None)
