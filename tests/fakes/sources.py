"""
What tests of sources share.
"""

from webex_connector.sync.records import Kind, Record, RecordChange
from webex_connector.sync.sources.source import Incremental, Source


async def records_of(source: Source) -> list[Record]:
    """
    Return every record of a source.
    """
    return [each async for page in source.read() for each in page.records]


async def changes_of(source: Incremental, token: str) -> list[RecordChange]:
    """
    Return every change since a token.
    """
    return [each async for each in source.changes(token)]


def told(changes: list[RecordChange]) -> list[str]:
    """
    Return changes in short: `+key` for a record that is new or other, `-key` for one that is gone.
    """
    return [f"{'-' if each.kind is Kind.GONE else '+'}{each.key}" for each in changes]
