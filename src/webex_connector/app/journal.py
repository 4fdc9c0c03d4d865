"""
The journal of every system: each write before it leaves, and how it ended; in the log, and in the store.
"""

import secrets
from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from webex_connector.base.clock import Clock
from webex_connector.base.log import logger
from webex_connector.icf.attributes import AttributeDelta
from webex_connector.icf.errors import ConnectionFailed
from webex_connector.icf.masking import masked_json
from webex_connector.icf.objects import ConnectorObject, NotApplied
from webex_connector.icf.ports import Done, Failed, Intent
from webex_connector.store.errors import StoreError
from webex_connector.store.journal import Choice, Ending, Entry, JournalTable, Opening, Outcome

_log = logger("journal")
_DAY = 86_400.0


class LogJournal:
    """
    Writes who changed what, through which door, and with which outcome. Attributes and kinds of errors are named; their
    values and words are not: a log travels further than the personal data in them may.
    """

    async def begin(self, intent: Intent) -> str:
        """
        Log the intent and return the key that its end will carry.
        """
        key = secrets.token_hex(8)
        _log_intent(key, intent)
        return key

    async def end(self, key: str, end: Done | Failed) -> None:
        """
        Log how it ended, with what was not applied, and whether it is in doubt.
        """
        _log_end(key, end)


class StoredJournal:
    """
    Keeps each write in the store, with values but without secrets, and logs it like `LogJournal`.

    An intent whose end was never written is a write that nobody saw the end of: the process died, or the store did.
    Only the target can tell what became of it.
    """

    def __init__(self, table: JournalTable) -> None:
        self._table = table

    async def begin(self, intent: Intent) -> str:
        """
        Store the intent and return its key. Raises ConnectionFailed when it cannot be; then nothing is written to the
        target.
        """
        try:
            key = await self._table.begin(_opening(intent))
        except StoreError as problem:
            raise ConnectionFailed(f"The journal cannot be written, so nothing was changed: {problem}") from problem
        _log_intent(key, intent)
        return key

    async def end(self, key: str, end: Done | Failed) -> None:
        """
        Store how it ended. When that fails it is logged: the write has happened, and its caller shall hear so.
        """
        _log_end(key, end)
        try:
            await self._table.end(key, _ending(end))
        except StoreError as problem:
            _log.error("journal.end_lost", key=key, reason=str(problem))

    async def forget(self, before: datetime) -> None:
        """
        Take away what began before a moment. When that fails it is logged: the next try will do it.
        """
        try:
            count = await self._table.forget(before)
        except StoreError as problem:
            _log.warning("journal.not_shortened", reason=str(problem))
            return
        if count:
            _log.info("journal.shortened", entries=count, before=before.isoformat())

    async def entries(self, choice: Choice) -> list[Entry]:
        """
        Return the chosen entries. Raises ConnectionFailed when they cannot be read.
        """
        try:
            return await self._table.entries(choice)
        except StoreError as problem:
            raise ConnectionFailed(f"The journal cannot be read: {problem}") from problem

    async def stream(self, choice: Choice) -> AsyncIterator[Sequence[Entry]]:
        """
        Stream every chosen entry, oldest first. Raises ConnectionFailed when they cannot be read.
        """
        try:
            async for some in self._table.stream(choice):
                yield some
        except StoreError as problem:
            raise ConnectionFailed(f"The journal cannot be read: {problem}") from problem


async def shortened_daily(journal: StoredJournal, days: int, clock: Clock) -> None:
    """
    Take away, now and once a day until cancelled, what is older than so many days; nothing when that is 0.
    """
    while days:
        await journal.forget(clock.now() - timedelta(days=days))
        await clock.sleep(_DAY)


def _opening(intent: Intent) -> Opening:
    wanted: dict[str, Any] = {}
    if intent.attributes is not None:
        wanted["attributes"] = intent.attributes
    if intent.deltas:
        wanted["deltas"] = [_delta(each) for each in intent.deltas]
    return Opening(
        intent.system,
        intent.object_class,
        intent.change.value,
        intent.actor.name,
        intent.actor.door,
        intent.uid,
        masked_json(wanted),
    )


def _ending(end: Done | Failed) -> Ending:
    if isinstance(end, Failed):
        outcome = Outcome.AMBIGUOUS if end.ambiguous else Outcome.FAILED
        return Ending(outcome, error=end.error, reason=end.reason, tracking_id=end.tracking_id)
    result = end.result
    return Ending(
        Outcome.PARTIAL if result.not_applied else Outcome.DONE,
        result.uid,
        tracking_id=next((each.tracking_id for each in result.not_applied if each.tracking_id), None),
        before=_object(result.before),
        after=_object(result.after),
        not_applied=masked_json([_missed(each) for each in result.not_applied]) if result.not_applied else None,
    )


def _delta(delta: AttributeDelta) -> Mapping[str, Any]:
    change = {"replace": delta.replace} if delta.replace is not None else {"add": delta.add, "remove": delta.remove}
    return {"name": delta.name, **change}


def _missed(part: NotApplied) -> Mapping[str, Any]:
    return {"attribute": part.attribute, "values": part.values, "reason": part.reason}


def _object(found: ConnectorObject | None) -> str | None:
    return (
        None if found is None else masked_json({"uid": found.uid, "name": found.name, "attributes": found.attributes})
    )


def _log_intent(key: str, intent: Intent) -> None:
    names = [*(intent.attributes or {}), *(delta.name for delta in intent.deltas)]
    _log.info(
        "write.begins",
        key=key,
        system=intent.system,
        object_class=intent.object_class,
        change=intent.change.value,
        uid=intent.uid,
        attributes=sorted(names),
        client=intent.actor.name,
        door=intent.actor.door,
    )


def _log_end(key: str, end: Done | Failed) -> None:
    if isinstance(end, Done):
        missed = [part.attribute for part in end.result.not_applied]
        _log.info("write.done", key=key, uid=end.result.uid, changed=end.result.changed, not_applied=missed)
    else:
        _log.info(
            "write.failed",
            key=key,
            error=end.error,
            tracking_id=end.tracking_id,
            ambiguous=end.ambiguous,
        )
