"""
What was in the way of a request that never left.
"""

import socket
import ssl

import pytest

from fakes.scripted_webex import Reply
from fakes.virtual_time import VirtualClock
from fakes.webex_stage import Stage
from webex_connector.base.secret import Secret
from webex_connector.webex.call import Call
from webex_connector.webex.errors import NotReached, Obstacle
from webex_connector.webex.oauth import OAuthClient
from webex_connector.webex.obstacles import obstacle_in
from webex_connector.webex.tokens import DirectGrant
from webex_connector.webex.wire import Request

READ = Request("GET", "/people")


def _from(cause: BaseException) -> BaseException:
    outer = RuntimeError("as the library has it")
    outer.__cause__ = cause
    return outer


@pytest.mark.parametrize(
    ("cause", "obstacle"),
    [
        (socket.gaierror(-2, "unknown"), Obstacle.NAME),
        (ssl.SSLCertVerificationError("untrusted"), Obstacle.TLS),
        (ConnectionRefusedError(), Obstacle.CONNECTION),
        (OSError("no way there"), Obstacle.CONNECTION),
        (TimeoutError(), Obstacle.TIME),
        (ValueError("something else"), Obstacle.OTHER),
    ],
)
def test_the_cause_behind_an_error_tells_the_obstacle(cause: BaseException, obstacle: Obstacle) -> None:
    """
    Name, TLS and time are errors of the operating system too, and are told apart from the rest of them.
    """
    assert obstacle == obstacle_in(_from(cause))


async def test_the_token_endpoint_has_obstacles_too(stage: Stage, clock: VirtualClock) -> None:
    """
    The request waits for a token that nobody can be asked for: the obstacle is that of the token endpoint.
    """
    server = await stage.server(lambda _seen: Reply(body={"items": []}))
    client = OAuthClient("http://127.0.0.1:1/token", "id", Secret("hush"))
    with pytest.raises(NotReached) as caught:
        await stage.transport(DirectGrant(client, lambda: {"grant_type": "client_credentials"}, clock=clock)).send(
            READ, Call()
        )
    assert Obstacle.CONNECTION is caught.value.obstacle
    assert not server.seen
