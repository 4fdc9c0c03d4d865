"""
Who may call Webex, and who may call us.
"""

from sqlalchemy import BigInteger, Column, Index, Integer, String, Table, Text

from webex_connector.store.tables.base import METADATA, Moment

TOKENS = Table(
    "tokens",
    METADATA,
    Column("endpoint", String, primary_key=True),
    Column("client_id", String, primary_key=True),
    Column("fingerprint", String, primary_key=True),
    Column("access", Text, nullable=False, info={"sealed": True}),
    Column("refresh", Text, info={"sealed": True}),
    Column("begins", Moment),
    Column("ends", Moment),
    Column("refresh_ends", Moment),
    Column("scopes", Text),
)
"""
Tokens as the token endpoint gave them last; `scopes` apart by spaces.
"""

CONNECTIONS = Table(
    "connections",
    METADATA,
    Column("system", String, primary_key=True),
    Column("properties", Text, nullable=False, info={"sealed": True}),
    Column("connected", Moment, nullable=False),
    Column("actor", String, nullable=False),
)
"""
The properties that a person gave a system by Connect, as JSON; they go before those of the settings.
"""

CLIENTS = Table(
    "clients",
    METADATA,
    Column("name", String, primary_key=True),
    Column("role", String, nullable=False),
    Column("systems", Text),
    Column("made", Moment, nullable=False),
    Column("revoked", Moment),
    Column("without", Text),
    Column("objects", Text),
    Column("issuer", String),
    Column("subject", String),
    Index(None, "issuer", "subject"),
)
"""
Who may call the doors, besides those of the settings. `systems` and `objects` are names in JSON, nothing for all of
them; `without` the rights that the role has and the client has not. What `issuer` says of `subject` speaks for it.
"""

CLIENT_CREDENTIALS = Table(
    "client_credentials",
    METADATA,
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    Column("client", String, nullable=False),
    Column("kind", String, nullable=False),
    Column("hint", String, nullable=False),
    Column("digest", String, nullable=False),
    Column("made", Moment, nullable=False),
    Column("ends", Moment),
    Column("used", Moment),
    Index(None, "client"),
    Index(None, "digest"),
    sqlite_autoincrement=True,
)
"""
What clients show to be let in, as digests only. `hint` is how a token begins, to tell one from the other.
"""

ACCESS_TOKENS = Table(
    "access_tokens",
    METADATA,
    Column("digest", String, primary_key=True),
    Column("client", String, nullable=False),
    Column("credential", BigInteger),
    Column("scope", Text, nullable=False),
    Column("made", Moment, nullable=False),
    Column("ends", Moment, nullable=False),
    Index(None, "ends"),
)
"""
What the token endpoint gave, as digests. `credential` is what the client showed for it, if that is in the store;
`scope` is apart by spaces.
"""

ASSERTIONS = Table(
    "assertions",
    METADATA,
    Column("issuer", String, primary_key=True),
    Column("identifier", String, primary_key=True),
    Column("ends", Moment, nullable=False),
    Index(None, "ends"),
)
"""
Signed assertions that were used, by the claim `jti`, until they end.
"""

SIGNING_KEYS = Table(
    "signing_keys",
    METADATA,
    Column("name", String, primary_key=True),
    Column("key", Text, nullable=False, info={"sealed": True}),
)
"""
Keys that this server signs with what it hands out and takes back, by what they are for; in hexadecimal digits.
"""
