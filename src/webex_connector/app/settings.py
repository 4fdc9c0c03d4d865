"""
The settings as values. `app/settings_file.py` reads them.
"""

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import Enum
from pathlib import Path
from typing import Any

from webex_connector.base.secret import Secret
from webex_connector.connector.configuration import Certificates
from webex_connector.gateway.idm.systems import AS_IT_IS, Script, Shape
from webex_connector.gateway.remote.profiles import Profile
from webex_connector.gateway.rights import Client
from webex_connector.gateway.scim.manner import USUAL, Manner
from webex_connector.gateway.trust import Issuer
from webex_connector.icf.configuration import Setting
from webex_connector.icf.denials import NOTHING_DENIED, Denials
from webex_connector.icf.limits import Limits
from webex_connector.jobs.schedules import Schedule
from webex_connector.mirror.refresh import Rhythm
from webex_connector.policy.provisioning import Policy
from webex_connector.store.opening import StorePlace


@dataclass(frozen=True, slots=True)
class ServeSettings:
    """
    Where the server listens.
    """

    host: str = "127.0.0.1"
    port: int = 8080
    certificate: Path | None = None
    private_key: Path | None = None
    private_key_password: Secret | None = None
    plain_beyond_loopback: bool = False
    stop_within: float = 30.0
    """
    In seconds.
    """
    patience: float = 50.0
    """
    In seconds, of the REST door: proxies on the way commonly hang up after 60.
    """

    @property
    def is_loopback(self) -> bool:
        """
        Whether only this computer can connect.
        """
        try:
            return ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return self.host.lower() == "localhost"


@dataclass(frozen=True, slots=True)
class ConnectSettings:
    """
    Where consent pages lead back to.
    """

    port: int = 8765
    """
    Of this computer, for `webex-connector connect`.
    """
    public_address: str | None = None
    """
    The console's, as browsers know it; None for the one they ask at.
    """


@dataclass(frozen=True, slots=True)
class Bearer:
    """
    Where a token is fetched by OAuth 2 client credentials.
    """

    endpoint: str
    client_id: str
    client_secret: Secret
    scope: str


@dataclass(frozen=True, slots=True)
class PlatformSettings:
    """
    A platform that the connector server calls.
    """

    url: str
    principal: str
    password: Secret | None
    bearer: Bearer | None
    """
    In place of a password.
    """
    certificates: Path | None
    proxy: Secret | None
    connections: int
    lifetime: float | None
    """
    Of a connection, in seconds.
    """


@dataclass(frozen=True, slots=True)
class OpenIcfSettings:
    """
    How the protocol of OpenICF is spoken: on a port, or to a platform.
    """

    port: int | None
    platform: PlatformSettings | None


@dataclass(frozen=True, slots=True)
class RemoteSettings:
    """
    Where the connector server listens, and who may use it.
    """

    host: str
    port: int
    key: Secret
    """
    The digest of the shared key.
    """
    client: Client
    profile: Profile
    certificate: Path | None
    """
    None for plain TCP.
    """
    private_key: Path | None
    private_key_password: Secret | None
    at_most: int
    idle: float
    tcp: bool = True
    """
    Whether the older protocol is spoken.
    """
    openicf: OpenIcfSettings | None = None
    """
    None where only the older protocol is spoken.
    """

    @property
    def listens(self) -> bool:
        """
        Whether platforms can connect; else the server calls one.
        """
        return self.tcp or (self.openicf is not None and self.openicf.port is not None)


class MailSecurity(Enum):
    """
    How the way to a mail server is protected.
    """

    STARTTLS = "starttls"
    TLS = "tls"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class MailSettings:
    """
    The mail server that takes alerts to people.
    """

    host: str
    port: int
    security: MailSecurity
    user: str | None
    password: Secret | None
    sender: str
    recipients: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AlertSettings:
    """
    Whom alerts are told to, beside the log.
    """

    webhook: Secret | None = None
    """
    The address; whoever knows it may be able to post there.
    """
    webhook_secret: Secret | None = None
    mail: MailSettings | None = None
    quiet: timedelta = timedelta(hours=1)
    check_every: timedelta = timedelta(minutes=5)
    """
    Between two looks at every system; zero for none.
    """


@dataclass(frozen=True, slots=True)
class MirrorSettings:
    """
    Which object classes of a system are mirrored, and how often they are refreshed.
    """

    classes: tuple[str, ...]
    rhythm: Rhythm = field(default_factory=Rhythm)


@dataclass(frozen=True, slots=True)
class SystemSettings:
    """
    One connected system: which connector, with which values of its properties.
    """

    name: str
    connector: str
    display_name: str
    configuration: Mapping[str, Setting]
    limits: Limits = field(default_factory=Limits)
    shape: Shape = AS_IT_IS
    denials: Denials = NOTHING_DENIED
    scripts: Mapping[str, Script] = field(default_factory=dict)
    """
    The scripts that may be run by name.
    """
    scim: Manner = USUAL
    """
    How the SCIM door shows it.
    """
    mirror: MirrorSettings | None = None
    """
    None where every read goes to the target.
    """
    policies: tuple[Policy, ...] = ()
    """
    Who gets what.
    """
    templates: tuple[str, ...] = ()
    """
    The licences that Control Hub gives by itself.
    """


@dataclass(frozen=True, slots=True)
class Settings:
    """
    Everything that is set.
    """

    serve: ServeSettings
    destructive_per_hour: int
    clients: tuple[Client, ...]
    systems: Mapping[str, SystemSettings]
    store: StorePlace = field(default_factory=StorePlace)
    """
    Where state is kept; in memory, for settings that were not read from a file.
    """
    certificates: Certificates = field(default_factory=dict)
    """
    What `clientCertAlias` of a system may name.
    """
    connect: ConnectSettings = field(default_factory=ConnectSettings)
    journal_days: int = 400
    """
    How long an entry of the journal is kept; 0 for ever.
    """
    remote: RemoteSettings | None = None
    """
    The connector server; None where there is none.
    """
    issuers: tuple[Issuer, ...] = ()
    """
    Whose signed assertions are gone by.
    """
    requests_per_second: int = 200
    """
    Of one client, at every door; 0 is no limit.
    """
    tables: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """
    What expressions look up, by table and key.
    """
    sync_file: Path | None = None
    """
    The sync engine's file; None where nothing is synchronized.
    """
    schedules: Mapping[str, Schedule] = field(default_factory=dict)
    """
    Which runs begin by themselves.
    """
    alerts: AlertSettings = field(default_factory=AlertSettings)
    """
    Whom alerts are told to.
    """
    plans_days: int = 400
    """
    How long a plan is kept that nothing changes any more; 0 for ever.
    """
