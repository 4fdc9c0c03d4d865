"""
What is seen of an object, in a few characters: enough to tell whether it changed since it was told of. Pure.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from webex_connector.connector.identity import identity
from webex_connector.connector.inventory import TOLD
from webex_connector.icf.objects import ConnectorObject
from webex_connector.webex.wire import Json

OVERLAP = int(timedelta(minutes=5).total_seconds() * 1000)
"""
How far a scan reaches back behind what it has seen, in milliseconds: searches show a change late, not all equally late,
and clocks differ. What was told of is not repeated.
"""


@dataclass(frozen=True, slots=True)
class Sight:
    """
    An object as it was seen once. Moments are milliseconds since 1970; 0 where Webex tells none.
    """

    modified: int
    event: int = 0
    """
    The newest audit event about it.
    """
    detail: str = ""
    """
    A digest of what may change without moving `modified`; empty when it was not looked at.
    """

    @property
    def mark(self) -> str:
        """
        What an inventory keeps of it.
        """
        return f"{self.modified}.{self.event}.{self.detail}"

    def tells_more_than(self, mark: str | None) -> bool:
        """
        Say whether the object changed since it was seen with that mark; None for never.

        Whatever a late search shows older than that is no change.
        """
        if mark is None or mark == TOLD:
            return True
        before = sight_in(mark)
        if self.modified > before.modified or self.event > max(before.event, before.modified):
            return True
        both_looked = bool(self.detail and before.detail)
        return both_looked and self.modified == before.modified and self.detail != before.detail


def sight_in(mark: str) -> Sight:
    """
    Return what a mark of an inventory stands for.
    """
    modified, event, detail = mark.split(".", 2)
    return Sight(int(modified), int(event), detail)


def event_of(mark: str | None) -> int:
    """
    Return the moment of the newest audit event that a mark has taken in; 0 for none.
    """
    return 0 if mark is None or mark == TOLD else sight_in(mark).event


@dataclass(frozen=True, slots=True)
class Sighting:
    """
    An object that was met in a list, or was read.
    """

    key: str
    """
    Its identity, whatever the spelling of its id.
    """
    sight: Sight
    created: int = 0
    found: ConnectorObject | None = None
    """
    The object itself, where the list had it.
    """

    @property
    def read(self) -> ConnectorObject:
        """
        The object itself. Raises ValueError where it was only heard of.
        """
        if self.found is None:
            raise ValueError(f"{self.key} was seen, not read")
        return self.found

    def joined(self, event: int) -> "Sighting":
        """
        Return the sighting with what an audit event told of it.
        """
        return replace(self, sight=replace(self.sight, event=max(event, self.sight.event)))


def met(found: ConnectorObject, details: Iterable[str]) -> Sighting:
    """
    Return the sighting of an object; `details` names what may change without moving `lastModified`.
    """
    told = [f"{name}={sorted(map(str, found.values(name)))}" for name in details]
    digest = hashlib.blake2b("\n".join(told).encode(), digest_size=6).hexdigest()
    sight = Sight(_first(found, "lastModified"), detail=digest)
    return Sighting(identity(found.uid), sight, _first(found, "created"), found)


def met_by_scim(sent: Json) -> Sighting:
    """
    Return the sighting of a user or group of SCIM, by its `meta` (RFC 7643, section 3.1).
    """
    meta = sent.get("meta")
    told: dict[str, Any] = meta if isinstance(meta, dict) else {}
    return Sighting(identity(sent["id"]), Sight(moment_in(told.get("lastModified"))), moment_in(told.get("created")))


def milliseconds(moment: datetime) -> int:
    """
    Return a moment as a count of milliseconds since 1970.
    """
    return int((moment - datetime(1970, 1, 1, tzinfo=UTC)) / timedelta(milliseconds=1))


def moment_in(text: object) -> int:
    """
    Return a time that Webex wrote, in milliseconds since 1970; 0 for what is none.
    """
    try:
        moment = datetime.fromisoformat(str(text))
    except ValueError:
        return 0
    return milliseconds(moment if moment.tzinfo else moment.replace(tzinfo=UTC))


def _first(found: ConnectorObject, attribute: str) -> int:
    return moment_in(next(iter(found.values(attribute)), None))
