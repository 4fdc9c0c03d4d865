"""
What is remembered of those for whom policies ended after which they are to be disabled: a plan does that, no door.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from webex_connector.policy.provisioning import Policy, Step, Verdict, step_of


class Retirements(Protocol):
    """
    Remembers for whom which policy has ended.
    """

    async def ended(self, uid: str, policies: Collection[str]) -> None:
        """
        Note that these have. Raises ConnectionFailed.
        """
        ...

    async def over(self, uid: str) -> None:
        """
        Note that a policy holds for somebody again. Raises ConnectionFailed.
        """
        ...


class Unremembered:
    """
    Remembers nothing: where there is no store, or no plan that would ask.
    """

    async def ended(self, uid: str, policies: Collection[str]) -> None:
        """
        Forget it.
        """

    async def over(self, uid: str) -> None:
        """
        Have nothing to forget.
        """


@dataclass(frozen=True, slots=True)
class Retiring:
    """
    Somebody who is to be disabled, since no policy holds for them any more.
    """

    policies: tuple[str, ...]
    """
    Those that ended.
    """
    since: datetime
    """
    When the first of them had ended.
    """
    days: int | None
    """
    After how many days of being disabled they are deleted; None: they are not.
    """


def retires(policy: Policy) -> bool:
    """
    Whether somebody is to be disabled once the policy has ended for them, and no other holds.
    """
    return policy.follow and step_of(policy, 0, qualifies_elsewhere=False) in {Step.DISABLE, Step.DELETE}


def retiring(policies: Sequence[Policy], verdicts: Sequence[Verdict], ended: Mapping[str, datetime]) -> Retiring | None:
    """
    Say what is to be done about somebody for whom policies have ended, each since a moment, by how they are now. None
    when a policy holds for them, or of one it cannot be told. Where several ended, the gentlest decides.
    """
    if any(each.holds or each.problem is not None for each in verdicts):
        return None
    over = [each for each in policies if each.name in ended and retires(each)]
    if not over:
        return None
    kept = any(step_of(each, each.delete_after, qualifies_elsewhere=False) is Step.DISABLE for each in over)
    days = None if kept else max(each.delete_after for each in over)
    return Retiring(tuple(each.name for each in over), min(ended[each.name] for each in over), days)
