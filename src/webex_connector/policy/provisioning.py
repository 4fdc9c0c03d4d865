"""
Provisioning policies as the settings define them: who gets what, and what happens to those who no longer qualify.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from webex_connector.expressions.values import Expression


class What(Enum):
    """
    What can be given by name, as the settings call it.
    """

    LICENSE = "licenses"
    ROLE = "roles"
    GROUP = "groups"
    TEAM = "teams"


class Beside(Enum):
    """
    What a policy does where the caller gave values of the same attribute.
    """

    ADD = "add"
    """The person gets both."""

    LEAVE = "leave"
    """The person gets what the caller gave."""


class Otherwise(Enum):
    """
    What happens to somebody for whom a policy held and holds no more.
    """

    REPORT = "report"
    """They keep what they have, and it is said."""

    KEEP = "keep"
    """They keep what they have."""

    REMOVE = "remove_licenses"
    """What no other policy gives them is taken back: licences, and the rest too."""

    DISABLE = "disable"
    """They cannot sign in any more, once no policy holds for them. Webex deletes whoever stays disabled for 30 days."""

    DISABLE_THEN_DELETE = "disable_then_delete"
    """As above, and after some days they are deleted."""


@dataclass(frozen=True, slots=True)
class Policy:
    """
    One policy. Several may hold for one person, who then gets what all of them give.
    """

    name: str
    when: Expression | None = None
    """
    Who qualifies; None for everybody.
    """
    licenses: tuple[str, ...] = ()
    """
    By name or id, as roles, groups and teams.
    """
    roles: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    teams: tuple[str, ...] = ()
    location: str | None = None
    """
    The place of the person's telephone, by name or id.
    """
    extension: Expression | None = None
    phone: Expression | None = None
    """
    The work number.
    """
    beside: Beside = Beside.ADD
    follow: bool = False
    """
    Whether what people have follows when what they are changes; else it is given once, when they are made.
    """
    otherwise: Otherwise = Otherwise.REPORT
    delete_after: int = 30
    """
    In days, with DISABLE_THEN_DELETE.
    """

    def named(self, what: What) -> tuple[str, ...]:
        """
        Return what the policy gives of one kind, as it is written.
        """
        return {
            What.LICENSE: self.licenses,
            What.ROLE: self.roles,
            What.GROUP: self.groups,
            What.TEAM: self.teams,
        }[what]


@dataclass(frozen=True, slots=True)
class Verdict:
    """
    Whether a policy holds for somebody, and the values that it works out for them.
    """

    holds: bool
    extension: str | None = None
    phone: str | None = None
    problem: str | None = None
    """
    Why it cannot be told, or not all of it. A policy of which it cannot be told gives nothing and takes nothing.
    """


class Step(Enum):
    """
    What is to be done about somebody who no longer qualifies, the gentlest first.
    """

    NOTHING = "nothing"
    REPORT = "report"
    TAKE_BACK = "take back"
    DISABLE = "disable"
    DELETE = "delete"


def ended(policies: Sequence[Policy], before: Sequence[Verdict], now: Sequence[Verdict]) -> tuple[Policy, ...]:
    """
    Return the policies that held for somebody and hold no more. One of which it cannot be told has not ended.
    """
    pairs = zip(policies, before, now, strict=True)
    return tuple(policy for policy, old, new in pairs if old.holds and not new.holds and new.problem is None)


def step_of(policy: Policy, days: int, *, qualifies_elsewhere: bool) -> Step:
    """
    Say what is to be done about somebody for whom a policy ended so many days ago.

    Nobody is disabled or deleted for whom another policy still holds; they lose what this one gave.
    """
    match policy.otherwise:
        case Otherwise.KEEP:
            return Step.NOTHING
        case Otherwise.REPORT:
            return Step.REPORT
        case Otherwise.REMOVE:
            return Step.TAKE_BACK
        case _ if qualifies_elsewhere:
            return Step.TAKE_BACK
        case Otherwise.DISABLE_THEN_DELETE if days >= policy.delete_after:
            return Step.DELETE
        case _:
            return Step.DISABLE
