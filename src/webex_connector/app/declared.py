"""
Every setting, declared once: name, type, default, help and whether it is a secret. The reader, the environment overlay
and the reference page go by this.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

from webex_connector.connector.configuration import Certificates
from webex_connector.gateway.idm.systems import ConnectorRef
from webex_connector.gateway.remote.profiles import PROFILES, InStream
from webex_connector.gateway.rights import Role
from webex_connector.gateway.scim.dialects import Dialect, Groups
from webex_connector.icf.configuration import Property, PropertyType, Setting
from webex_connector.icf.schema import Operation, Schema

ANY = "<name>"
"""
Stands for a name of the user's choice in the path of a section.
"""


@dataclass(frozen=True, slots=True)
class Section:
    """
    One table of the settings file.
    """

    path: tuple[str, ...]
    help: str
    properties: tuple[Property, ...]

    @property
    def title(self) -> str:
        """
        The table's header without brackets.
        """
        return ".".join(self.path)

    def fits(self, path: tuple[str, ...]) -> bool:
        """
        Whether a path in a file is one of this section's tables.
        """
        return len(path) == len(self.path) and all(
            own in (ANY, given) for own, given in zip(self.path, path, strict=True)
        )


CONNECTOR = "control_hub"
"""
What connects a system that does not say it.
"""

ROOT = Section(
    (),
    "The tables there are.",
    (
        Property("serve", "Where the server listens.", PropertyType.MAP),
        Property("safety", "What no client may do too often.", PropertyType.MAP),
        Property("store", "Where state is kept.", PropertyType.MAP),
        Property("connect", "Where consent pages lead back to.", PropertyType.MAP),
        Property("remote", "The connector server for identity platforms written in Java.", PropertyType.MAP),
        Property("certificates", "Client certificates to show to Webex, one table for each.", PropertyType.MAP),
        Property("clients", "Who may log in, one table for each.", PropertyType.MAP),
        Property("systems", "What is connected, one table for each.", PropertyType.MAP),
        Property("provisioners", "A folder whose files `provisioner.openicf-*.json` each describe a system."),
    ),
)

SERVE = Section(
    ("serve",),
    "Where the server listens.",
    (
        Property("host", "The address to listen on.", default="127.0.0.1"),
        Property("port", "The TCP port to listen on; 0 takes any free one.", PropertyType.INTEGER, 8080),
        Property("certificate", "A PEM file with the server's certificate and its chain; with it, HTTPS is spoken."),
        Property("private_key", "A PEM file with the certificate's key, when the certificate's file does not hold it."),
        Property("private_key_password", "What opens the private key.", secret=True),
        Property(
            "plain_beyond_loopback",
            "Allow other computers to connect without TLS. Set it only behind a proxy that speaks TLS.",
            PropertyType.BOOLEAN,
            default=False,
        ),
        Property(
            "stop_within",
            "Seconds that requests in progress are given when the server is asked to stop.",
            PropertyType.NUMBER,
            30.0,
        ),
    ),
)

SAFETY = Section(
    ("safety",),
    "What no client may do too often.",
    (
        Property(
            "destructive_per_hour",
            "How many objects one client may delete or disable within an hour; 0 allows none.",
            PropertyType.INTEGER,
            50,
        ),
    ),
)

STORE = Section(
    ("store",),
    "Where state is kept: renewed tokens, the journal, what counts against limits.",
    (
        Property(
            "data_folder",
            "The folder of the database and its key. When not given: the state folder that systemd hands over, else "
            "`webex-connector` in the user's data folder (`$XDG_DATA_HOME`, `~/.local/share`).",
        ),
        Property(
            "database",
            "A PostgreSQL database in place of a file, for servers that share one: `postgresql://user@host/name`. "
            "With a password in it, a reference as for secrets.",
        ),
        Property(
            "key",
            "The keys that seal the secrets in the database, 32 bytes in base64 each, apart by white space, the one "
            "that seals first. When not given, `store.key` in the data folder, which is made on first use.",
            secret=True,
        ),
        Property(
            "journal_days",
            "How many days an entry of the journal is kept, by a running server; 0 keeps them for ever.",
            PropertyType.INTEGER,
            400,
        ),
    ),
)

CONNECT = Section(
    ("connect",),
    "Where Webex's consent page leads back to, for redirect URIs that can be registered.",
    (
        Property(
            "port",
            "The TCP port of this computer on which `webex-connector connect` awaits the browser; its redirect URI is "
            "`http://127.0.0.1:<port>/callback`.",
            PropertyType.INTEGER,
            8765,
        ),
        Property(
            "public_address",
            "Where browsers reach the console, `https://connector.example.com`, if that is not the address they ask "
            "at, as behind a proxy; the console's redirect URI is `<public_address>/connected`.",
        ),
    ),
)

REMOTE = Section(
    ("remote",),
    "The connector server, for midPoint, Apache Syncope, OpenIDM and their kin. Without this table there is none.",
    (
        Property("host", "The address to listen on.", default="127.0.0.1"),
        Property("port", "The TCP port to listen on; 0 takes any free one.", PropertyType.INTEGER, 8759),
        Property("key", "The key that platforms share with this server; at least 20 random characters.", secret=True),
        Property(
            "key_hash",
            "In place of the key: its digest, as `connectorserver.key` of a Java connector server has it.",
            secret=True,
        ),
        Property(
            "profile",
            "Who connects: `connid` is midPoint and Syncope, `openicf` is OpenIDM, Wren:IDM and PingIDM. What only the "
            "other family knows is not said.",
            default="connid",
            allowed=tuple(PROFILES),
        ),
        Property(
            "role",
            "What platforms may do. An admin configures connectors from the platform; a reader or provisioner uses "
            "systems of these settings alone, by the property `system`.",
            default=Role.ADMIN.value,
            allowed=tuple(each.value for each in Role),
        ),
        Property("systems", "The systems that `system` may name; all of them when not given.", PropertyType.LIST),
        Property(
            "tls", "Speak TLS. Without it, whoever listens reads every password.", PropertyType.BOOLEAN, default=True
        ),
        Property(
            "certificate",
            "A PEM file with the server's certificate and its chain. When not given, the one in the data folder that "
            "`webex-connector certificate` makes.",
        ),
        Property("private_key", "A PEM file with the certificate's key, when the certificate's file does not hold it."),
        Property("private_key_password", "What opens the private key.", secret=True),
        Property(
            "plain_beyond_loopback",
            "Allow other computers to connect without TLS. Set it only behind a proxy that speaks TLS.",
            PropertyType.BOOLEAN,
            default=False,
        ),
        Property(
            "search_result",
            "Whether a search tells its page cookie as an object of its stream, too: Syncope needs it, others fail on "
            "it. `auto` tells them apart.",
            default=InStream.AUTO.value,
            allowed=tuple(each.value for each in InStream),
        ),
        Property(
            "keep_at_most",
            "How many configurations that platforms send are kept open at the same time.",
            PropertyType.INTEGER,
            100,
        ),
        Property(
            "keep_idle",
            "Seconds after its last use until such a configuration is closed.",
            PropertyType.NUMBER,
            7200.0,
        ),
    ),
)

CLIENT = Section(
    ("clients", ANY),
    "Somebody who may log in, under the table's name.",
    (
        Property("password", "What the client logs in with.", secret=True),
        Property("token", "What it may show instead: a bearer token.", secret=True),
        Property("systems", "The systems the client may use; all of them when not given.", PropertyType.LIST),
        Property(
            "role",
            "What the client may do. A reader reads; a provisioner writes and runs scripts, too; an admin also sets "
            "systems up and has configurations tried.",
            default=Role.PROVISIONER.value,
            allowed=tuple(each.value for each in Role),
        ),
    ),
)

CERTIFICATE = Section(
    ("certificates", ANY),
    "A client certificate, under the name that clientCertAlias of a system takes.",
    (
        Property(
            "file",
            "The certificate with its chain as PEM, or certificate and key as PKCS#12 (.p12, .pfx).",
            required=True,
        ),
        Property("private_key", "A PEM file with the certificate's key, when the certificate's file does not hold it."),
        Property("password", "What opens the file, or the private key.", secret=True),
    ),
)

SYSTEM = Section(
    ("systems", ANY),
    "One connected system. Its name is part of the doors' addresses: letters and digits.",
    (
        Property("connector", "What connects it.", default=CONNECTOR),
        Property("display_name", "What people call it.", default="Webex Connector"),
        Property(
            "provisioner",
            "A file of OpenIDM or PingIDM, `provisioner.openicf-*.json`, that describes the system. What the tables "
            "here say goes before it.",
        ),
        Property("scripts", "A folder of Python files, each of which clients may run by its name without `.py`."),
        Property("configuration", "The connector's own properties.", PropertyType.MAP),
        Property("limits", "How much the system may be asked at once, and for how long.", PropertyType.MAP),
        Property("scim", "How the SCIM door shows the system.", PropertyType.MAP),
    ),
)

SCIM = Section(
    ("systems", ANY, "scim"),
    "How the SCIM door shows a system.",
    (
        Property(
            "dialect",
            "Whose words it speaks. `one_identity` has the organisation and the presence in the enterprise extension; "
            "`okta` has roles and licences as Okta's entitlement management looks for them.",
            default=Dialect.STANDARD.value,
            allowed=tuple(each.value for each in Dialect),
        ),
        Property(
            "groups",
            "What `/Groups` are: groups, teams, or groups with `/Teams` beside them. Teams need `objectClasses`.",
            default=Groups.GROUPS.value,
            allowed=tuple(each.value for each in Groups),
        ),
        Property("profiles", "Another name of the resource type of licences, as `Licenses`.", default="Profiles"),
        Property(
            "adopt",
            "Whether somebody who exists is taken over when a client makes them, instead of being reported as a "
            "conflict.",
            PropertyType.BOOLEAN,
            default=False,
        ),
        Property(
            "datetime_offset",
            "What is added to `meta.created` and `meta.lastModified`, as `+02:00` or in minutes.",
            default="+00:00",
        ),
        Property(
            "patience",
            "Seconds after which a client is asked to come back.",
            PropertyType.NUMBER,
            25.0,
        ),
    ),
)

LIMITS = Section(
    ("systems", ANY, "limits"),
    "How much a system may be asked at once, and for how long.",
    (
        Property("concurrent", "Operations on the system at the same time.", PropertyType.INTEGER, 20),
        Property("seconds", "Time limits, one for each operation.", PropertyType.MAP),
    ),
)

SECONDS = Section(
    ("systems", ANY, "limits", "seconds"),
    "Seconds that an operation may take; no limit when not given. A write past its limit begins no further step.",
    tuple(
        Property(operation.value, f"Seconds for {meaning}.", PropertyType.NUMBER)
        for operation, meaning in {
            Operation.TEST: "a test of the connection",
            Operation.GET: "reading one object",
            Operation.SEARCH: "each batch of a search",
            Operation.CREATE: "making one object",
            Operation.UPDATE: "changing one object",
            Operation.DELETE: "removing one object",
        }.items()
    ),
)

CONFIGURATION = ("systems", ANY, "configuration")
"""
The table of a connector's own properties; which there are, the connector says.
"""

SECTIONS = (SERVE, SAFETY, STORE, CONNECT, REMOTE, CERTIFICATE, CLIENT, SYSTEM, LIMITS, SECONDS, SCIM)


class Kind(Protocol):
    """
    What has to be known of a kind of connector to read its settings.
    """

    @property
    def properties(self) -> tuple[Property, ...]:
        """
        The properties there are.
        """
        ...

    @property
    def check(self) -> Callable[[Mapping[str, Setting], Certificates], None]:
        """
        Raises ConfigurationMistakes when values that are right one by one do not fit together, or with certificates.
        """
        ...

    @property
    def ref(self) -> ConnectorRef:
        """
        The names by which other platforms know it.
        """
        ...

    @property
    def schema(self) -> Callable[[Mapping[str, Setting], Certificates], Schema]:
        """
        Says what a connector with these values has, without asking it.
        """
        ...


def sections(connectors: Mapping[str, Kind]) -> tuple[Section, ...]:
    """
    Return every table there is, the connectors' own properties included.
    """
    own = (
        Section(CONFIGURATION, f'The properties of the connector "{name}".', kind.properties)
        for name, kind in connectors.items()
    )
    return (ROOT, *SECTIONS, *own)
