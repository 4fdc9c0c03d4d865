"""
Sockets that doors listen on.
"""

import errno
import socket

from webex_connector.icf.errors import SetupError

_BACKLOG = 2048
_PORTS = 65_536


def socket_on(host: str, port: int, advice: str) -> socket.socket:
    """
    Return a socket that listens. `advice` is what to do about a port that cannot be had.

    Raises SetupError when the port is taken or may not be used.
    """
    # The resolver takes a port past the last one for another port, and says nothing.
    if port not in range(_PORTS):
        raise SetupError(f"There is no port {port}; {advice}")
    try:
        family, *_, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
        listener = socket.create_server(address[:2], family=family, backlog=_BACKLOG)
    except socket.gaierror as problem:
        raise SetupError(f"Cannot listen on {host}: {problem.strerror}") from problem
    except OSError as problem:
        if problem.errno == errno.EADDRINUSE:
            raise SetupError(f"Port {port} on {host} is taken by another program; {advice}") from problem
        raise SetupError(f"Cannot listen on port {port} of {host}: {problem.strerror}") from problem
    # Connections inherit it. asyncio sets it on sockets that know their protocol, and accepted ones do not: the body of
    # an answer, sent after its head, would wait some 40 ms for the client's acknowledgement.
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listener
