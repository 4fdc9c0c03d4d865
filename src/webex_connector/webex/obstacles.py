"""
What was in the way of a request that never left, read from the error of the network.
"""

import socket
import ssl
from collections.abc import Iterator

from webex_connector.webex.errors import Obstacle


def obstacle_in(error: BaseException) -> Obstacle:
    """
    Return what the error, or one of those it came from, says. The more telling kind goes before the more general one.
    """
    chain = list(_chain(error))
    for kind, obstacle in (
        (ssl.SSLError, Obstacle.TLS),
        (socket.gaierror, Obstacle.NAME),
        (TimeoutError, Obstacle.TIME),
        (OSError, Obstacle.CONNECTION),
    ):
        if any(isinstance(each, kind) for each in chain):
            return obstacle
    return Obstacle.OTHER


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__
