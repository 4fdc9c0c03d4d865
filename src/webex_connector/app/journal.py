"""
The journal as lines of the structured log: each write before it leaves, and how it ended.
"""

import secrets

from webex_connector.base.log import logger
from webex_connector.icf.ports import Done, Failed, Intent

_log = logger("journal")


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
        return key

    async def end(self, key: str, end: Done | Failed) -> None:
        """
        Log how it ended, with what was not applied, and whether it is in doubt.
        """
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
