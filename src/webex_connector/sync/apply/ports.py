"""
What applying a plan needs from the house around it.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from webex_connector.icf.calling import Operations
from webex_connector.icf.operations import ChangeOutcome, ChangeRequest
from webex_connector.icf.options import OperationOptions
from webex_connector.store.plans import ENDED, ItemState

Now = Callable[[], datetime]
"""
Tells the time.
"""


class TargetSystem(Operations, Protocol):
    """
    A system that plans are applied to.
    """

    async def apply_many(
        self, object_class: str, changes: Sequence[ChangeRequest], options: OperationOptions
    ) -> list[ChangeOutcome]:
        """
        Make many changes; one outcome for each, in order.
        """
        ...


class Permits(Protocol):
    """
    Lets an approved plan do what it says, and no more of it.
    """

    async def allow(self, client: str, destructive: int) -> None:
        """
        Let a client delete or disable so many objects.
        """
        ...


@dataclass(frozen=True, slots=True)
class Step:
    """
    How far a plan is: how many of its items are in each state.
    """

    plan: str
    counts: Mapping[ItemState, int]
    total: int
    before: int = 0
    """
    How many of them had ended before this process began.
    """
    seconds: float = 0.0
    """
    How long this process is at it.
    """
    due: datetime | None = None
    """
    When the next item is tried, where all that are left have to wait.
    """

    @property
    def ended(self) -> int:
        """
        How many items have ended, well or not.
        """
        return sum(count for state, count in self.counts.items() if state in ENDED)

    @property
    def rate(self) -> float | None:
        """
        How many items end in a second; None as long as that cannot be told.
        """
        done = self.ended - self.before
        return done / self.seconds if done and self.seconds else None

    @property
    def seconds_left(self) -> float | None:
        """
        How long it will take at this rate; None as long as that cannot be told.
        """
        return None if self.rate is None else (self.total - self.ended) / self.rate


class Progress(Protocol):
    """
    Watches a plan being applied.
    """

    async def step(self, step: Step) -> None:
        """
        Hear how far it is; called after each batch.
        """
        ...

    def is_cancelled(self) -> bool:
        """
        Whether nothing more is to be begun.
        """
        ...
