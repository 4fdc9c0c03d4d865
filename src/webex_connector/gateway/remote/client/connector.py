"""
A connector elsewhere as one of the model: whatever calls a connector can call it across a connector server.
"""

from collections.abc import Mapping
from typing import Any, Final

from webex_connector.gateway.remote import profiles
from webex_connector.gateway.remote.attributes import boxed_inner, plain_inner
from webex_connector.gateway.remote.client.calling import Calling, understood, writing_options
from webex_connector.gateway.remote.client.following import Following
from webex_connector.gateway.remote.client.handlers import (
    Authenticating,
    Creating,
    Deleting,
    Getting,
    OfClass,
    Searching,
)
from webex_connector.gateway.remote.client.schema import RemoteClass, RemoteSchema, schema_in
from webex_connector.gateway.remote.client.updating import Updating
from webex_connector.gateway.remote.codec.objects import ScriptContext
from webex_connector.gateway.remote.codec.values import Map
from webex_connector.icf.calling import Operations
from webex_connector.icf.errors import ConnectorError
from webex_connector.icf.objects import Finding, TestReport, Verdict
from webex_connector.icf.operations import Handler
from webex_connector.icf.options import OperationOptions

_ABILITIES: Final[tuple[tuple[frozenset[str], type[OfClass]], ...]] = (
    (frozenset({profiles.CREATE}), Creating),
    (frozenset({profiles.UPDATE, profiles.UPDATE_DELTA}), Updating),
    (frozenset({profiles.DELETE}), Deleting),
    (frozenset({profiles.GET}), Getting),
    (frozenset({profiles.SEARCH}), Searching),
    (frozenset({profiles.SYNC}), Following),
    (frozenset({profiles.AUTHENTICATE}), Authenticating),
)
"""
What an object class can do when it has any of these operations.
"""


class RemoteConnector:
    """
    One configured connector of a connector server. Every call is a connection of its own; nothing is kept open.
    """

    def __init__(self, calling: Calling, schema: RemoteSchema) -> None:
        self._calling, self._known = calling, schema.options
        self._handlers = {each.info.name: _handler(each, calling, schema.options) for each in schema.classes}

    @property
    def handlers(self) -> Mapping[str, Handler]:
        """
        The object classes of the schema.
        """
        return self._handlers

    async def test(self, options: OperationOptions) -> TestReport:  # noqa: ARG002 - the model's signature
        """
        Have the server test the connector. It says one thing that is wrong, or nothing.
        """
        try:
            await self._calling.call(profiles.TEST, "test")
        except ConnectorError as error:
            finding = Finding("connector", Verdict.NO, error.message, error.tracking_id)
        else:
            finding = Finding("connector", Verdict.YES, "The connector server tested it")
        return TestReport((finding,))

    async def run_script(
        self,
        language: str,
        text: str,
        arguments: Mapping[str, Any],
        operations: Operations,  # noqa: ARG002 - it runs over there, with the operations of there
        options: OperationOptions,
    ) -> object:
        """
        Have the server run a script beside the connector. Raises what `Server.call` raises for a write.
        """
        given = Map(tuple((name, boxed_inner(value)) for name, value in arguments.items()))
        accompanying = writing_options(options, self._known)
        context = ScriptContext(language, given, text)
        result = await self._calling.call(profiles.SCRIPT, "runScriptOnConnector", context, accompanying, writing=True)
        with understood():
            return plain_inner(result)

    async def aclose(self) -> None:
        """
        Do nothing: no connection outlives its request.
        """


async def opened(calling: Calling) -> RemoteConnector:
    """
    Return the connector, once it has told its schema. Raises what `Server.call` raises.
    """
    told = await calling.call(profiles.SCHEMA, "schema")
    with understood():
        return RemoteConnector(calling, schema_in(told))


def _handler(remote: RemoteClass, calling: Calling, known: frozenset[str]) -> OfClass:
    """
    Make a handler that has the abilities of the object class and no other: what it implements is what it can do.
    """
    abilities = tuple(ability for needed, ability in _ABILITIES if needed & remote.operations)
    kind: type[OfClass] = type("RemoteObjects", abilities or (OfClass,), {})
    return kind(remote, calling, known)
