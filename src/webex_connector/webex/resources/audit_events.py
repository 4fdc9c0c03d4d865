"""
What administrators did, deletions included: https://developer.webex.com/docs/api/v1/admin-audit-events.

The token must be a full administrator's. An event is a hint, no state: read the object it is about.
"""

from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from webex_connector.webex.call import Call, Sender
from webex_connector.webex.ids import uuid_of
from webex_connector.webex.paging import Page, offset_pages
from webex_connector.webex.wire import Json, Request, path_to

_LARGEST_PAGE = 200

# What Webex gives when it is not asked for a size. A page that holds less is the last, also when 200 are too many.
_WHOLE_PAGE = 100

# A request may span a year.
_LONGEST_WINDOW = timedelta(days=365)

# Webex does not say whether an event of the very moment belongs to the window before or after it.
_OVERLAP = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class AuditEvent:
    """
    What we need of one event.
    """

    category: str
    """In capitals: `USERS`, `LICENSE`, `LOCATIONS`, …"""

    target_type: str | None
    """What the event is about, in capitals: `PERSON`, `ORG`, …"""

    target: str | None
    """The UUID of what it is about; `None` when Webex names no UUID."""

    failed: bool
    """Whether the administrator's attempt failed: then nothing changed."""

    created: datetime | None = field(default=None, compare=False)
    """When it happened; `None` when Webex names no moment."""


def read_event(item: Json) -> AuditEvent:
    """
    Return what an event tells. Nothing is raised: what is missing or of another shape tells nothing.

    Webex's samples write `EventCategory.USERS` where others show `USERS`.
    """
    content = item.get("data")
    told: dict[str, Any] = content if isinstance(content, dict) else {}
    try:
        target = uuid_of(str(told.get("targetId")))
    except ValueError:
        target = None
    return AuditEvent(
        category=_word(told.get("eventCategory")) or "",
        target_type=_word(told.get("targetType")),
        target=target,
        failed=bool(told.get("errorCode")),
        created=_moment(item.get("created")),
    )


class AuditEvents:
    """
    The audit events of an organisation. Every method raises the WebexError that fits.
    """

    def __init__(self, sender: Sender) -> None:
        self._sender = sender

    async def list(
        self,
        organization_id: str,
        since: datetime,
        until: datetime,
        call: Call,
        *,
        categories: Sequence[str] = (),
    ) -> AsyncIterator[Page]:
        """
        Yield every page of the events between two moments, from the oldest year to the newest.

        Where two years meet an event may come twice. Raise ValueError for a moment without a zone.
        """
        query = {"orgId": organization_id, "max": str(_LARGEST_PAGE)}
        if categories:
            query["eventCategories"] = ",".join(categories)
        for first, last in _windows(since, until):
            request = Request("GET", path_to("adminAudit", "events"), query | {"from": _text(first), "to": _text(last)})
            async for page in offset_pages(self._sender, request, call, "items", whole=_WHOLE_PAGE):
                yield page

    async def categories(self, call: Call) -> Sequence[str]:
        """
        Return the categories that Webex knows. Raise TooStrange when the answer holds no list of words.
        """
        answer = await self._sender.send(Request("GET", path_to("adminAudit", "eventCategories")), call)
        found = answer.json().get("eventCategories")
        if not isinstance(found, list) or not all(isinstance(each, str) for each in found):
            raise answer.strange("no list of categories")
        return found


def _windows(since: datetime, until: datetime) -> Iterator[tuple[datetime, datetime]]:
    if since.tzinfo is None or until.tzinfo is None:
        raise ValueError("a moment without a zone is no moment")
    while since < until:
        last = min(until, since + _LONGEST_WINDOW)
        yield since, last
        since = until if last == until else last - _OVERLAP


def _text(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _moment(value: object) -> datetime | None:
    try:
        moment = datetime.fromisoformat(str(value))
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _word(value: object) -> str | None:
    return value.rsplit(".", 1)[-1].upper() if isinstance(value, str) and value else None
