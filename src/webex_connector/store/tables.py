"""
Every table. A change here needs a migration: a test compares what the migrations make with this.
"""

from datetime import UTC, datetime, timedelta

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Dialect,
    Float,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
)

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


class Moment(TypeDecorator[datetime]):
    """
    An aware moment as whole microseconds since 1970-01-01 UTC: the same, and in the same order, in both databases.
    """

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:  # noqa: ARG002 - the base's signature
        """
        Return the number to store.
        """
        return None if value is None else (value - _EPOCH) // _MICROSECOND

    def process_result_value(self, value: int | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - as above
        """
        Return the moment that was stored.
        """
        return None if value is None else _EPOCH + value * _MICROSECOND


METADATA = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    },
)

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

LEASES = Table(
    "leases",
    METADATA,
    Column("name", String, primary_key=True),
    Column("owner", String, nullable=False),
    Column("ends", Moment, nullable=False),
)
"""
Who alone may do something, and until when, should they never say that they have done it.
"""

JOURNAL = Table(
    "journal",
    METADATA,
    # SQLite counts only a column of this very type by itself.
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    Column("began", Moment, nullable=False),
    Column("system", String, nullable=False),
    Column("object_class", String, nullable=False),
    Column("change", String, nullable=False),
    Column("actor", String, nullable=False),
    Column("door", String, nullable=False),
    Column("uid", String),
    Column("intent", Text, nullable=False),
    Column("ended", Moment),
    Column("outcome", String),
    Column("error", String),
    Column("reason", Text),
    Column("tracking_id", String),
    Column("before", Text),
    Column("after", Text),
    Column("not_applied", Text),
    Index(None, "uid"),
    Index(None, "actor"),
    Index(None, "began"),
    # Numbers are never given again, not even those of entries that were taken away.
    sqlite_autoincrement=True,
)
"""
Each write: the intent before it leaves, the end after it. What says how it ended is empty until somebody saw that.
"""

DESTRUCTIONS = Table(
    "destructions",
    METADATA,
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    Column("client", String, nullable=False),
    Column("moment", Moment, nullable=False),
    Index(None, "client", "moment"),
)
"""
The destructive writes that count against a client's quota.
"""

STOPS = Table(
    "stops",
    METADATA,
    Column("client", String, primary_key=True),
    Column("since", Moment, nullable=False),
    Column("system", String, nullable=False),
    Column("door", String, nullable=False),
    Column("told", Boolean, nullable=False),
)
"""
The clients that deleted and disabled too much and wait for an administrator's yes; `told` once somebody was alerted.
"""

ALLOWANCES = Table(
    "allowances",
    METADATA,
    Column("client", String, primary_key=True),
    Column("left", Integer, nullable=False),
    Column("ends", Moment, nullable=False),
)
"""
How many destructive writes beyond its quota a client may do still, and until when.
"""

BUDGETS = Table(
    "budgets",
    METADATA,
    Column("name", String, primary_key=True),
    Column("next", Float(53), nullable=False),
)
"""
The next free place of each budget, in seconds since 1970-01-01 UTC.
"""

LOCAL_VALUES = Table(
    "local_values",
    METADATA,
    Column("system", String, primary_key=True),
    Column("object_class", String, primary_key=True),
    Column("uid", String, primary_key=True),
    Column("attribute", String, primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("value", Text, nullable=False),
    Column("folded", Text, nullable=False),
    Index(None, "system", "object_class", "attribute", "folded"),
)
"""
Values of attributes that the target cannot hold, one row each; `folded` is how a value compares.
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
them; `without` the rights that the role has and the client has not. Assertions of `issuer` about `subject` speak for it.
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

STREAMS = Table(
    "streams",
    METADATA,
    Column("name", String, primary_key=True),
    Column("acknowledged", BigInteger, nullable=False),
    Column("base", BigInteger, nullable=False),
    Column("surplus", BigInteger, nullable=False),
    Column("complete", Boolean, nullable=False),
    Column("used", Moment, nullable=False),
)
"""
Where each stream of changes stands.
"""

SIGHTINGS = Table(
    "sightings",
    METADATA,
    Column("stream", String, primary_key=True),
    Column("key", String, primary_key=True),
    Column("mark", Text),
    Column("number", BigInteger),
    Column("pending", Text),
    Column("walk", String),
)
"""
Each object of a stream: its mark as acknowledged; with a number, what was told since; the last walk that met it.
"""
