"""
A connector with local attributes, in front of another one.
"""

from collections.abc import Mapping
from typing import TypeGuard

from webex_connector.icf.operations import (
    CONNECTOR_ABILITIES,
    CanApplyMany,
    CanAuthenticate,
    CanCreate,
    CanDelete,
    CanGet,
    CanSearch,
    CanSync,
    CanUpdate,
    Connector,
    Handler,
)
from webex_connector.icf.schema import Operation
from webex_connector.mirror.local import LocalObjects, Whole
from webex_connector.mirror.local_more import LocalBulk, LocalBulkFollowed, LocalFollowed
from webex_connector.mirror.local_schema import with_local
from webex_connector.store.local_attributes import LocalValues

_METHODS: Mapping[Operation, str] = {
    Operation.TEST: "test",
    Operation.SCRIPT_ON_CONNECTOR: "run_script",
    Operation.DISCOVER: "discover",
}

_KINDS: Mapping[tuple[bool, bool], type[LocalObjects]] = {
    (False, False): LocalObjects,
    (True, False): LocalBulk,
    (False, True): LocalFollowed,
    (True, True): LocalBulkFollowed,
}

_AUTHENTICATE = "authenticate"


class WithLocalAttributes:
    """
    The same object classes and abilities as the connector behind it, with the attributes it cannot hold.
    """

    def __init__(self, connector: Connector, system: str, table: LocalValues) -> None:
        self._connector = connector
        self.handlers: Mapping[str, Handler] = {
            name: _beside(handler, system, table) for name, handler in connector.handlers.items()
        }
        for operation, ability in CONNECTOR_ABILITIES.items():
            if isinstance(connector, ability):
                setattr(self, _METHODS[operation], getattr(connector, _METHODS[operation]))

    async def aclose(self) -> None:
        """
        Release the connector. The table is its owner's to close.
        """
        await self._connector.aclose()


def _beside(handler: Handler, system: str, table: LocalValues) -> Handler:
    if with_local(handler.info) is handler.info:
        return handler
    if not _is_whole(handler):
        raise TypeError(f"{handler.info.name} has local attributes, but not the operations they go with")
    front = _KINDS[isinstance(handler, CanApplyMany), isinstance(handler, CanSync)](handler, system, table)
    if isinstance(handler, CanAuthenticate):
        # What is kept beside an object has no part in it.
        setattr(front, _AUTHENTICATE, handler.authenticate)
    return front


def _is_whole(handler: Handler) -> TypeGuard[Whole]:
    return all(isinstance(handler, ability) for ability in (CanCreate, CanUpdate, CanDelete, CanGet, CanSearch))
