"""
Drift: what is otherwise than in an earlier inventory, attribute by attribute, and whether it was us.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec

from webex_connector.store.snapshots import Difference, Snapshot, SnapshotTable
from webex_connector.sync.decide.plan import AttributeChange

Writers = Callable[[str, datetime], Awaitable[Sequence[str]]]
"""
Says who has written an object since a moment, through our doors, by its uid.
"""


@dataclass(frozen=True, slots=True)
class Drift:
    """
    One object that is otherwise. Without changes it is new or gone.
    """

    uid: str
    name: str | None
    kind: str
    """
    `new`, `changed` or `gone`.
    """
    changes: tuple[AttributeChange, ...]
    writers: tuple[str, ...]
    """
    Who has written it through us; nobody: it was done elsewhere.
    """


async def drifts(table: SnapshotTable, before: Snapshot, after: Snapshot, writers: Writers) -> AsyncIterator[Drift]:
    """
    Stream what is otherwise in one inventory than in an earlier one. Raises StoreFailed.
    """
    async for some in table.differences(before.id, after.id):
        for each in some:
            yield _drift(each, await writers(each.uid, before.began))


def _drift(found: Difference, writers: Sequence[str]) -> Drift:
    kind = "new" if found.before is None else "gone" if found.after is None else "changed"
    changes = changes_between(found.before, found.after) if kind == "changed" else ()
    return Drift(found.uid, found.name, kind, changes, tuple(writers))


def changes_between(before: str | None, after: str | None) -> tuple[AttributeChange, ...]:
    """
    Return which attributes differ between two versions.
    """
    old, new = _attributes(before), _attributes(after)
    return tuple(
        AttributeChange(name, tuple(old.get(name, ())), tuple(new.get(name, ())))
        for name in sorted(old.keys() | new.keys())
        if old.get(name) != new.get(name)
    )


def _attributes(content: str | None) -> dict[str, list[Any]]:
    return {} if content is None else msgspec.json.decode(content, type=dict[str, list[Any]])
