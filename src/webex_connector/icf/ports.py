"""
What the facade needs from the house around it; `app/wiring.py` hands it in.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Protocol

from webex_connector.icf.attributes import AttributeDelta, Attributes
from webex_connector.icf.objects import ConnectorObject, WriteResult
from webex_connector.icf.operations import Change
from webex_connector.icf.options import Actor


@dataclass(frozen=True, slots=True)
class Intent:
    """
    A write that is about to happen.
    """

    system: str
    object_class: str
    change: Change
    actor: Actor
    uid: str | None = None
    attributes: Attributes | None = None
    deltas: Sequence[AttributeDelta] = ()
    dry_run: bool = False


@dataclass(frozen=True, slots=True)
class Done:
    """
    A write that came back with a result, whole or in part.
    """

    result: WriteResult


@dataclass(frozen=True, slots=True)
class Failed:
    """
    A write that came back with an error. `ambiguous`: it may have happened all the same.
    """

    error: str
    """
    The kind of error, which says nothing about anybody.
    """
    reason: str | None = None
    """
    What the error said. It may repeat what was to be written, so it belongs where personal data may be.
    """
    tracking_id: str | None = None
    ambiguous: bool = False


class Journal(Protocol):
    """
    Remembers each write: before it leaves, and how it ended. An intent without an end is a write nobody saw the end of.
    """

    async def begin(self, intent: Intent) -> str:
        """
        Record the intent durably and return its key. Raises when it cannot; then nothing is written to the target.
        """
        ...

    async def end(self, key: str, end: Done | Failed) -> None:
        """
        Record how it ended.
        """
        ...


class Harm(Enum):
    """
    Why a write counts as destructive.
    """

    DELETE = "delete"
    DISABLE = "disable"
    """
    Webex deletes people who stay inactive for 30 days, so disabling is a delayed deletion.
    """


@dataclass(frozen=True, slots=True)
class Destruction:
    """
    A destructive write that asks for permission.
    """

    system: str
    object_class: str
    uid: str
    harm: Harm
    actor: Actor
    before: ConnectorObject | None = None


class Guard(Protocol):
    """
    Says whether a destructive write may happen.
    """

    async def permit(self, destruction: Destruction) -> None:
        """
        Return when it may happen, and count it. Raises GuardRefused when a limit would be passed or cannot be checked.
        """
        ...
