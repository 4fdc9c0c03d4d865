"""
What administrators did lately, as hints to look at an object: deletions, and changes of licences or members that may
not move `lastModified` (https://developer.webex.com/docs/api/v1/admin-audit-events).

Only a full administrator's token with `audit:events_read` may read them. Whether ours may is found out once.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from webex_connector.base.clock import Clock
from webex_connector.connector.change_sighting import OVERLAP, milliseconds
from webex_connector.connector.faults import reading
from webex_connector.webex.call import Call
from webex_connector.webex.client import WebexClient
from webex_connector.webex.errors import Forbidden, NotFound, Refused
from webex_connector.webex.resources.audit_events import read_event


@dataclass(frozen=True, slots=True)
class Subject:
    """
    Which events concern an object class.
    """

    target: str
    """
    What they are about: `PERSON`, `GROUP`.
    """
    categories: Sequence[str]


class AuditHints:
    """
    The audit events of one organisation.
    """

    def __init__(self, client: WebexClient, clock: Clock) -> None:
        self._client = client
        self._clock = clock
        self.readable: bool | None = None
        """
        Whether the token may read them; None until it was tried.
        """

    async def about(self, subject: Subject, organization: str, since: int, call: Call) -> dict[str, int] | None:
        """
        Return whom or what anything happened to, by UUID, with the moment of the newest event; None when the token may
        not read events.

        Events of failed attempts say nothing. Raises ConnectorError when Webex cannot be asked.
        """
        if self.readable is False:
            return None
        found: dict[str, int] = {}
        # What Webex says of its clock has no fractions of a second: by our own it may be later, and the latest matter.
        until = self._clock.now() + max(timedelta(), self._client.lead or timedelta())
        pages = self._client.audit_events.list(
            organization,
            _moment(max(0, since - OVERLAP)),
            until,
            call,
            categories=subject.categories,
        )
        with reading():
            try:
                async for page in pages:
                    for event in map(read_event, page.items):
                        if not event.failed and event.target and event.target_type == subject.target:
                            moment = milliseconds(event.created or until)
                            found[event.target] = max(moment, found.get(event.target, 0))
            except (Forbidden, NotFound, Refused):
                self.readable = False
                return None
        self.readable = True
        return found


def _moment(count: int) -> datetime:
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=count)
