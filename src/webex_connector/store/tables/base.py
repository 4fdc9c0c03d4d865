"""
What all tables share.
"""

from datetime import UTC, datetime, timedelta

from sqlalchemy import (
    BigInteger,
    Dialect,
    MetaData,
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


Exact = Text().with_variant(Text(collation="C"), "postgresql")
"""
A text that compares as Python compares texts, by code points, in both databases.
"""

METADATA = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    },
)
