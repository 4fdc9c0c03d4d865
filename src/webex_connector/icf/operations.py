"""
What a connector can do, as small protocols. What it implements is what it can; the advertised list is derived.

A connector is a mapping from object classes to handlers. Each handler implements the abilities its object class has.
Wrappers (policy, mirror) are connectors too, and so can stand in front of another one.
"""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any, Protocol, runtime_checkable

from webex_connector.icf.attributes import AttributeDelta, Attributes
from webex_connector.icf.calling import Operations
from webex_connector.icf.errors import ConnectorError
from webex_connector.icf.filters import Filter
from webex_connector.icf.objects import Batch, ConnectorObject, TestReport, WriteResult
from webex_connector.icf.options import OperationOptions
from webex_connector.icf.schema import ObjectClassInfo, Operation, Schema


@dataclass(frozen=True, slots=True)
class Translation:
    """
    A filter, split into what the target evaluates and what is left for us.
    """

    native: object
    """
    Only the handler that made it understands it.
    """
    remainder: Filter
    """
    What the facade still has to test on each object; EVERYTHING when the native query is exact.
    """
    arranges: bool = False
    """
    Whether the search, when nothing remains to be tested, may sort and skip by itself. Its batches say whether it has.
    """


@runtime_checkable
class Handler(Protocol):
    """
    One object class of a connector.
    """

    @property
    def info(self) -> ObjectClassInfo:
        """
        The object class and its attributes.
        """
        ...


@runtime_checkable
class CanCreate(Protocol):
    """
    New objects can be made.
    """

    async def create(self, attributes: Attributes, options: OperationOptions) -> WriteResult:
        """
        Make an object. Names are canonical and values validated against the schema.

        Raises AlreadyExists when the target has such an object. What the target would not take of an object that it did
        make is in the result's `not_applied`.
        """
        ...


@runtime_checkable
class CanUpdate(Protocol):
    """
    Objects can be changed.
    """

    async def update(self, uid: str, deltas: Sequence[AttributeDelta], options: OperationOptions) -> WriteResult:
        """
        Change an object as atomically as the target allows. Raises UnknownUid when it is not there.
        """
        ...


@runtime_checkable
class CanDelete(Protocol):
    """
    Objects can be removed.
    """

    async def delete(self, uid: str, options: OperationOptions) -> WriteResult:
        """
        Remove an object; the result's `after` is the object as it was. Raises UnknownUid when it is already gone.
        """
        ...


@runtime_checkable
class CanGet(Protocol):
    """
    One object can be read by its uid.
    """

    async def get(self, uid: str, wanted: frozenset[str], options: OperationOptions) -> ConnectorObject:
        """
        Read an object with at least the wanted attributes. Raises UnknownUid when it is not there.
        """
        ...


@runtime_checkable
class CanSearch(Protocol):
    """
    Objects can be listed and looked for.
    """

    def translate(self, node: Filter) -> Translation:
        """
        Split a filter; no I/O.
        """
        ...

    def search(
        self,
        native: object,
        wanted: frozenset[str],
        resume: str | None,
        options: OperationOptions,
    ) -> AsyncIterator[Batch]:
        """
        Stream what matches the native query, with at least the wanted attributes, from the mark `resume` on.

        Any failed page raises: an incomplete stream never ends politely.
        """
        ...


@runtime_checkable
class CanAnswer(Protocol):
    """
    A copy of the target's objects is at hand. What it answers costs the target nothing, so no limit of the target holds
    it up; what it does not answer, the same handler's `get` and `search` ask the target.
    """

    async def held(self, uid: str, wanted: frozenset[str], options: OperationOptions) -> ConnectorObject | None:
        """
        Return an object as the copy has it, with at least the wanted attributes; None when the target has to be asked.

        Raises UnknownUid when the target said a moment ago that there is no such object.
        """
        ...

    async def answered(
        self,
        native: object,
        wanted: frozenset[str],
        resume: str | None,
        options: OperationOptions,
    ) -> AsyncIterator[Batch] | None:
        """
        Return what the copy brings to a search; None when the target has to be asked.

        Raises InvalidOption when the copy that a mark belongs to is there no more, and ConnectionBroken when that
        cannot be told now.
        """
        ...


class Change(Enum):
    """
    What a change of `apply_many` does.
    """

    CREATE = "create"
    UPDATE = "update"
    DELETE = "delete"


@dataclass(frozen=True, slots=True)
class ChangeRequest:
    """
    One of many changes. A create has attributes, an update a uid and deltas, a delete a uid.
    """

    change: Change
    uid: str | None = None
    attributes: Attributes | None = None
    deltas: tuple[AttributeDelta, ...] = ()


class Fate(Enum):
    """
    How one of many changes ended.
    """

    DONE = "done"
    REFUSED = "refused"
    AMBIGUOUS = "ambiguous"
    """
    It may have happened; looking did not tell.
    """


@dataclass(frozen=True, slots=True)
class ChangeOutcome:
    """
    The end of one of many changes: a result when done, else the error.
    """

    fate: Fate
    result: WriteResult | None = None
    error: ConnectorError | None = None


@runtime_checkable
class CanApplyMany(Protocol):
    """
    Many changes can be made in fewer requests than one each.
    """

    async def apply_many(self, changes: Sequence[ChangeRequest], options: OperationOptions) -> list[ChangeOutcome]:
        """
        Make the changes; one outcome for each, in order. One that fails does not keep the others from happening.
        """
        ...


class DeltaType(Enum):
    """
    What happened to an object since a sync token.
    """

    CREATE = "create"
    UPDATE = "update"
    DELETE = "delete"
    CREATE_OR_UPDATE = "create or update"


@dataclass(frozen=True, slots=True)
class SyncDelta:
    """
    One change of the target, with the token at which a consumer may stop without losing anything.
    """

    type: DeltaType
    uid: str
    token: str
    object: ConnectorObject | None = None
    previous_uid: str | None = None


@runtime_checkable
class CanSync(Protocol):
    """
    The target can tell what changed.
    """

    def sync(self, token: str | None, options: OperationOptions) -> AsyncIterator[SyncDelta]:
        """
        Stream what changed after the token, in order.
        """
        ...

    async def latest_token(self, options: OperationOptions) -> str | None:
        """
        Return the token of now.
        """
        ...


@runtime_checkable
class CanAuthenticate(Protocol):
    """
    The target can check somebody's password.
    """

    async def authenticate(self, name: str, password: str, options: OperationOptions) -> str:
        """
        Return the uid. Raises BadCredentials.
        """
        ...


@runtime_checkable
class CanRunScript(Protocol):
    """
    The connector runs scripts.
    """

    async def run_script(
        self,
        language: str,
        text: str,
        arguments: Mapping[str, Any],
        operations: Operations,
        options: OperationOptions,
    ) -> object:
        """
        Run a script, which reads and writes by these operations with these options, and return its JSON-like result.

        Raises UnsupportedOperation for a language it does not know, ScriptFailed when the script does not end well.
        """
        ...


@runtime_checkable
class CanDiscover(Protocol):
    """
    The connector can suggest values for its own configuration.
    """

    async def discover(self) -> Mapping[str, Sequence[object]]:
        """
        Return suggested values by property.
        """
        ...


@runtime_checkable
class CanTest(Protocol):
    """
    The connector can check that it works.
    """

    async def test(self, options: OperationOptions) -> TestReport:
        """
        Look at everything the configuration refers to. What is wrong is a finding, not an exception.
        """
        ...


class Connector(Protocol):
    """
    Handlers by object class. Abilities of the connector as a whole (test, script, discovery) are protocols of their
    own.
    """

    @property
    def handlers(self) -> Mapping[str, Handler]:
        """
        One handler for each object class, by its canonical name, in the order they are listed.
        """
        ...

    async def aclose(self) -> None:
        """
        Release connections. The connector is not used afterwards.
        """
        ...


HANDLER_ABILITIES: Mapping[Operation, type] = {
    Operation.CREATE: CanCreate,
    Operation.UPDATE: CanUpdate,
    Operation.DELETE: CanDelete,
    Operation.GET: CanGet,
    Operation.SEARCH: CanSearch,
    Operation.SYNC: CanSync,
    Operation.BULK: CanApplyMany,
    Operation.AUTHENTICATE: CanAuthenticate,
}
"""
Which protocol stands for which operation of an object class.
"""

CONNECTOR_ABILITIES: Mapping[Operation, type] = {
    Operation.TEST: CanTest,
    Operation.SCRIPT_ON_CONNECTOR: CanRunScript,
    Operation.DISCOVER: CanDiscover,
}
"""
Which protocol stands for which operation of the connector as a whole.
"""


def abilities_of(handler: Handler) -> frozenset[Operation]:
    """
    Return what a handler can do: what it implements.
    """
    return frozenset(operation for operation, ability in HANDLER_ABILITIES.items() if isinstance(handler, ability))


def schema_of(connector: Connector) -> Schema:
    """
    Derive the schema from what the connector implements.
    """
    handlers = connector.handlers.values()
    return Schema(
        tuple(handler.info for handler in handlers),
        {handler.info.name: abilities_of(handler) for handler in handlers},
    )
