"""
The connector server as the settings have it: which connectors it offers, and with which store, limits and journal.
"""

import hashlib
import secrets
import ssl
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

from webex_connector.app.connectors import KINDS
from webex_connector.app.inventory import StoredInventory
from webex_connector.app.kinds.kind import ConnectorKind, Surroundings
from webex_connector.app.settings import RemoteSettings
from webex_connector.app.sockets import socket_on
from webex_connector.app.systems import Systems
from webex_connector.base.clock import Clock
from webex_connector.base.log import logger
from webex_connector.gateway.client_pace import ClientPace
from webex_connector.gateway.failed_logins import FailedLogins, FailureLimit
from webex_connector.gateway.idm.systems import ConnectorRef
from webex_connector.gateway.remote.codec.description import ConnectorKey
from webex_connector.gateway.remote.conversation import House
from webex_connector.gateway.remote.facades import Facades, Keeping
from webex_connector.gateway.remote.key import Lock
from webex_connector.gateway.remote.operations import Operations
from webex_connector.gateway.remote.profiles import Profile
from webex_connector.gateway.remote.server import Address, listening
from webex_connector.icf.configuration import Property, configured
from webex_connector.icf.errors import ConfigurationInvalid
from webex_connector.icf.facade import Facade

_log = logger("app")

_KEY_BYTES = 32
_NAMED_BY = ("serviceUri", "clientId", "login")
_SITES_NAMED_BY = ("siteUrl", "siteName", "webExId")
_ADVICE = "choose another by port in [remote] of the settings"

OWN_KEYS: Mapping[str, ConnectorKey] = {
    "control_hub": ConnectorKey("webex-connector", "1.0", "webex_connector.ControlHub"),
    "meetings_site": ConnectorKey("webex-connector", "1.0", "webex_connector.MeetingsSite"),
}
"""
The names of our own by which platforms may know each kind of connector that they configure. Platforms store them: they
do not change.
"""


class ConfiguredKind:
    """
    A kind of connector that platforms configure. It shares journal, guard, tokens and budget with the systems here.
    """

    def __init__(self, keys: tuple[ConnectorKey, ...], kind: ConnectorKind, systems: Systems, clock: Clock) -> None:
        self.keys, self.display_name, self.checks_passwords = keys, kind.title, kind.checks_passwords
        self.properties: tuple[Property, ...] = kind.properties
        self._kind, self._systems, self._clock = kind, systems, clock
        memory = systems.memory
        inventory = StoredInventory(memory.store.database, clock)
        self._around = Surroundings(clock, memory.vault, memory.budget, inventory, systems.settings.certificates)
        self._cookie_key = secrets.token_bytes(_KEY_BYTES)

    async def opened(self, configuration: Mapping[str, object]) -> Facade:
        """
        Open the connector. Raises ConfigurationMistakes with everything that is wrong.
        """
        memory = self._systems.memory
        connector = await self._kind.opened(configured(self.properties, configuration), self._around)
        return Facade(
            _name_of(configuration),
            connector,
            journal=memory.journal,
            guard=memory.guard,
            clock=self._clock,
            cookie_key=self._cookie_key,
        )


def _name_of(configuration: Mapping[str, object]) -> str:
    """
    Return what the journal calls a system that a platform configured: the same for the same organisation and client,
    or site and administrator.
    """
    named = [str(configuration.get(each, "")) for each in _NAMED_BY]
    named += [str(configuration[each]) for each in _SITES_NAMED_BY if configuration.get(each)]
    told = "\n".join(named)
    return f"remote{hashlib.blake2b(told.encode(), digest_size=4).hexdigest()}"


class OpenSystems:
    """
    The systems of the settings that are open.
    """

    def __init__(self, systems: Systems) -> None:
        self._systems = systems

    def facade(self, name: str) -> Facade:
        """
        Return a system. Raises ConfigurationInvalid when there is none of this name, or it is not open or disabled.
        """
        system = self._systems.get(name)
        if system is None or not system.shape.enabled:
            problem = self._systems.problems.get(name, "none of this name is open")
            raise ConfigurationInvalid(f"The connector server has no system {name}: {problem}")
        return system.facade


def operations_for(settings: RemoteSettings, profile: Profile, systems: Systems, clock: Clock) -> Operations:
    """
    Return what platforms may do, with the connectors of the house.
    """
    kinds = [
        ConfiguredKind(tuple(dict.fromkeys((_key(kind.ref), OWN_KEYS[name]))), kind, systems, clock)
        for name, kind in KINDS.items()
        if kind.ref is not None
    ]
    keeping = Keeping(settings.at_most, settings.idle)
    facades = Facades(kinds, OpenSystems(systems), settings.client, clock, keeping)
    pace = ClientPace(systems.settings.requests_per_second, clock)
    return Operations(profile, settings.client, facades, clock, pace)


def _key(ref: ConnectorRef) -> ConnectorKey:
    return ConnectorKey(ref.bundle_name, ref.bundle_version, ref.connector_name)


def lock_for(settings: RemoteSettings, clock: Clock) -> Lock:
    """
    Return what the shared key opens.
    """
    return Lock(settings.key, FailedLogins(clock, FailureLimit()))


@asynccontextmanager
async def serving(
    settings: RemoteSettings, systems: Systems, stop_within: float, clock: Clock
) -> AsyncIterator[Address]:
    """
    Serve the connector protocol while the block runs. At its end, operations in progress are given `stop_within`
    seconds.

    Raises SetupError when the port cannot be had, and ConfigurationInvalid when the certificate cannot be used.
    """
    tls = tls_of(settings)
    house = House(
        lock_for(settings, clock),
        operations_for(settings, settings.profile, systems, clock),
        clock.now(),
    )
    with socket_on(settings.host, settings.port, _ADVICE) as listener:
        async with listening(house, listener, tls, stop_within) as address:
            _log.info(
                "remote.listening",
                host=address.host,
                port=address.port,
                tls=tls is not None,
                profile=settings.profile.name,
            )
            yield address


def tls_of(settings: RemoteSettings) -> ssl.SSLContext | None:
    """
    Return how TLS is spoken; None for not at all. Raises ConfigurationInvalid when the certificate cannot be used.
    """
    if settings.certificate is None:
        return None
    password = settings.private_key_password
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    try:
        context.load_cert_chain(
            settings.certificate, settings.private_key, None if password is None else password.reveal()
        )
    except (OSError, ssl.SSLError) as problem:
        raise ConfigurationInvalid(f"Cannot use the certificate {settings.certificate}: {problem}") from problem
    return context
