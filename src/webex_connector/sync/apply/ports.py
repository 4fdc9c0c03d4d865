"""
What applying a plan needs from the house around it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from webex_connector.icf.calling import Operations
from webex_connector.icf.operations import ChangeOutcome, ChangeRequest
from webex_connector.icf.options import OperationOptions
from webex_connector.store.plans import ItemState


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
    counts: dict[ItemState, int]
    total: int


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
