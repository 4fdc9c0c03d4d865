"""
An operation from its request to what it returns, whatever wire it came by: on which connector, by whom, until when.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace

from webex_connector.base.clock import Clock
from webex_connector.base.log import logger
from webex_connector.gateway.client_pace import ClientPace
from webex_connector.gateway.remote import errors
from webex_connector.gateway.remote.calls import METHODS, Call
from webex_connector.gateway.remote.codec.exceptions import RemoteWrappedException
from webex_connector.gateway.remote.codec.messages import OperationRequest
from webex_connector.gateway.remote.codec.values import Value
from webex_connector.gateway.remote.facades import Facades
from webex_connector.gateway.remote.profiles import Profile
from webex_connector.gateway.remote.streaming import STREAMS, Flow
from webex_connector.gateway.rights import Client, Right
from webex_connector.icf.errors import UnsupportedOperation
from webex_connector.icf.options import OperationOptions

_log = logger("gateway")


@dataclass(frozen=True, slots=True)
class Operations:
    """
    What every operation goes by.
    """

    profile: Profile
    client: Client
    facades: Facades
    clock: Clock
    pace: ClientPace
    within: float = 50.0
    """
    Seconds for what a platform waits for in silence: Syncope hangs up after 60.
    """

    async def performed(self, request: OperationRequest, streamed: Callable[[Flow], Awaitable[None]]) -> Value:
        """
        Return what the operation returns; before that, `streamed` is called with its objects if it has a stream.

        Raises what the operation raises, UnsupportedOperation for one that there is not, Throttled when the
        client asks too fast, and what `streamed` raises.
        """
        standing = self.pace.take(self.client.name)
        if standing is not None:
            standing.refuse(self.client.name)
        which = (request.operation.name, request.method.lower())
        if which not in METHODS and which not in STREAMS:
            raise UnsupportedOperation(f"There is no operation {request.operation.name}.{request.method}")
        async with self.facades.using(request.connector, request.facade_key) as facade:
            options = OperationOptions(actor=self.client.actor("remote"))
            call = Call(facade, self.profile, self.client, options, request.arguments)
            call.may(Right.READ)
            if which in STREAMS:
                flow = STREAMS[which](call)
                await streamed(flow)
                return flow.returned
            deadline = self.clock.monotonic() + self.within
            return await METHODS[which](replace(call, options=replace(options, deadline=deadline)))


def failure(error: Exception, operation: str) -> RemoteWrappedException:
    """
    Return what a platform is told of an error. Our own are told to the log, too.
    """
    if not errors.is_ours(error):
        _log.error("remote.failed", operation=operation, exc_info=error)
    return errors.wrapped(error)
