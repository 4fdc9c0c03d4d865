"""
The connector server by the protocol of OpenICF, as the settings have it: on a port, or to a platform.
"""

import base64
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from webex_connector.app.bearer import BearerToken
from webex_connector.app.remote import lock_for, operations_for, tls_of
from webex_connector.app.settings import PlatformSettings, RemoteSettings
from webex_connector.app.sockets import socket_on
from webex_connector.app.systems import Systems
from webex_connector.base.clock import Clock
from webex_connector.base.log import logger
from webex_connector.gateway.remote.openicf.dialler import Authorization, Called, calling
from webex_connector.gateway.remote.openicf.groups import Groups
from webex_connector.gateway.remote.openicf.listener import listening
from webex_connector.gateway.remote.profiles import OPENICF
from webex_connector.gateway.remote.server import Address
from webex_connector.icf.errors import ConfigurationInvalid

_log = logger("app")

_ADVICE = "choose another by port in [remote.openicf] of the settings"


@asynccontextmanager
async def serving(
    settings: RemoteSettings, port: int, systems: Systems, stop_within: float, clock: Clock
) -> AsyncIterator[Address]:
    """
    Serve platforms that connect to a port while the block runs. At its end, operations in progress are given
    `stop_within` seconds.

    Raises SetupError when the port cannot be had, and ConfigurationInvalid when the certificate cannot be used.
    """
    tls = tls_of(settings)
    with socket_on(settings.host, port, _ADVICE) as listener:
        groups = Groups(operations_for(settings, OPENICF, systems, clock))
        async with listening(groups, lock_for(settings, clock), listener, tls, stop_within) as address:
            _log.info("remote.listening", host=address.host, port=address.port, tls=tls is not None, profile="openicf")
            yield address


@asynccontextmanager
async def connected(
    settings: RemoteSettings, platform: PlatformSettings, systems: Systems, stop_within: float, clock: Clock
) -> AsyncIterator[None]:
    """
    Keep connections to a platform open while the block runs, and serve it by them.

    Raises ConfigurationInvalid when the certificates cannot be used.
    """
    tls = _trusting(platform)
    proxy = None if platform.proxy is None else platform.proxy.reveal()
    authorization = _password(platform)
    if platform.bearer is not None:
        authorization = BearerToken(platform.bearer, clock, tls=tls, proxy=proxy).header
    called = Called(platform.url, authorization, tls, proxy, platform.connections, platform.lifetime)
    groups = Groups(operations_for(settings, OPENICF, systems, clock))
    async with calling(groups, called, clock, stop_within):
        yield


def _password(platform: PlatformSettings) -> Authorization:
    word = platform.password.reveal() if platform.password is not None else ""
    shown = base64.b64encode(f"{platform.principal}:{word}".encode()).decode()

    async def header() -> str:
        return f"Basic {shown}"

    return header


def _trusting(platform: PlatformSettings) -> ssl.SSLContext | None:
    if not platform.url.startswith("wss:"):
        return None
    try:
        return ssl.create_default_context(cafile=platform.certificates)
    except (OSError, ssl.SSLError) as problem:
        raise ConfigurationInvalid(f"Cannot use the certificates {platform.certificates}: {problem}") from problem
