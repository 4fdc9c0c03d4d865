"""
Gates before a plan: pure decisions about numbers. A gate that cannot compare stops.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from enum import Enum
from types import MappingProxyType
from typing import Final


class Harm(Enum):
    """
    Why a change counts against a threshold of its own.
    """

    CREATE = "create"
    DISABLE = "disable"
    DELETE = "delete"
    LICENSE_REMOVAL = "license_removal"
    CLEARING = "clearing"
    """An attribute that had a value has none afterwards."""


WORDS: Final[Mapping[Harm, str]] = MappingProxyType(
    {
        Harm.CREATE: "be made",
        Harm.DISABLE: "be disabled",
        Harm.DELETE: "be deleted",
        Harm.LICENSE_REMOVAL: "lose a licence",
        Harm.CLEARING: "lose a value",
    }
)
"""
What each does to somebody, after "would" or "may".
"""

FEW: Final = 3
"""
So many of each are never stopped by a percentage: one of twenty people is five percent of them.
"""


@dataclass(frozen=True, slots=True)
class Threshold:
    """
    How many changes of one kind may be in a plan: so many, and such a part of everybody. None: as many as there are.
    """

    count: int | None = None
    percent: float | None = None


USUAL: Final[Mapping[Harm, Threshold]] = MappingProxyType(
    {
        Harm.CREATE: Threshold(),
        Harm.DISABLE: Threshold(percent=5.0),
        Harm.DELETE: Threshold(percent=2.0),
        Harm.LICENSE_REMOVAL: Threshold(percent=10.0),
        Harm.CLEARING: Threshold(percent=10.0),
    }
)
"""
The thresholds where nobody says otherwise.
"""


@dataclass(frozen=True, slots=True)
class Limits:
    """
    What may be in a plan.
    """

    thresholds: Mapping[Harm, Threshold] = field(default_factory=lambda: USUAL)
    shrinking: float | None = 10.0
    """
    By how many percent a source may have fewer records than the last time.
    """
    least_records: int = 1
    """
    How many records a source has at least.
    """
    never_delete: bool = False
    only_owned: bool = True
    """
    Nobody is disabled or deleted whom we did not make, link or adopt.
    """
    protected: frozenset[str] = frozenset()
    """
    The names and uids, folded, of those whom no plan touches.
    """


@dataclass(frozen=True, slots=True)
class Numbers:
    """
    What the gates compare.
    """

    records: int
    objects: int
    harms: Mapping[Harm, int]
    records_before: int | None = None
    """
    Of the last plan that was applied; None when there is none.
    """
    strangers: int = 0
    """
    Those who would be disabled or deleted and are not ours.
    """
    protected: int = 0
    """
    Those who would be touched and may not be.
    """
    administrators: int | None = None
    """
    How many full administrators there are; None when nobody can tell.
    """
    administrators_lost: int = 0
    """
    How many of them would be disabled, deleted, or lose that role.
    """
    administrators_matter: bool = False
    """
    Whether anything in the plan could make somebody an administrator no more.
    """


@dataclass(frozen=True, slots=True)
class Stop:
    """
    Why a plan is stopped. `allow` is what somebody may say to let exactly this through; None: nothing does.
    """

    gate: str
    reason: str
    remedy: str
    allow: tuple[str, int] | None = None


def stops(limits: Limits, numbers: Numbers, allowed: Mapping[str, int] = MappingProxyType({})) -> list[Stop]:
    """
    Return everything that stands in a plan's way. `allowed` has exact numbers that somebody said yes to, by gate.
    """
    found = [*_of_source(limits, numbers), *_of_administrators(numbers), *_of_persons(limits, numbers)]
    found += [stop for harm in Harm if (stop := _of_harm(limits, numbers, harm)) is not None]
    return [each for each in found if each.allow is None or allowed.get(each.allow[0]) != each.allow[1]]


def _of_source(limits: Limits, numbers: Numbers) -> list[Stop]:
    found = []
    if numbers.records < limits.least_records:
        reason = f"the source has {numbers.records} records and should have {limits.least_records} at least"
        found.append(Stop("least_records", reason, "see whether the source is whole", ("records", numbers.records)))
    before = numbers.records_before
    if before and limits.shrinking is not None:
        lost = 100 * (before - numbers.records) / before
        if lost > limits.shrinking:
            reason = (
                f"the source has {numbers.records} records and had {before} the last time, {lost:.1f} % fewer; "
                f"{limits.shrinking:g} % may be"
            )
            remedy = f"see whether the source is whole; if it is, --allow records={numbers.records}"
            found.append(Stop("shrinking", reason, remedy, ("records", numbers.records)))
    return found


def _of_administrators(numbers: Numbers) -> list[Stop]:
    if not numbers.administrators_matter:
        return []
    if numbers.administrators is None:
        reason = "whether a full administrator would be left cannot be told, since the roles cannot be read"
        return [Stop("last_administrator", reason, "let the connector read roles, or take administrators out")]
    if numbers.administrators_lost and numbers.administrators <= numbers.administrators_lost:
        reason = f"all {numbers.administrators} full administrators would be gone"
        return [Stop("last_administrator", reason, "make somebody else a full administrator first")]
    return []


def _of_persons(limits: Limits, numbers: Numbers) -> list[Stop]:
    found = []
    if numbers.protected:
        reason = f"{numbers.protected} would be touched who are protected"
        found.append(Stop("protected", reason, "take them out of the source, or off the list of the protected"))
    if limits.only_owned and numbers.strangers:
        reason = f"{numbers.strangers} would be disabled or deleted whom this mapping neither made nor linked"
        remedy = f"link them first; or, to take them over, --allow strangers={numbers.strangers}"
        found.append(Stop("only_owned", reason, remedy, ("strangers", numbers.strangers)))
    if limits.never_delete and numbers.harms.get(Harm.DELETE, 0):
        reason = f"{numbers.harms[Harm.DELETE]} would be deleted, and never_delete is set"
        found.append(Stop("never_delete", reason, "disable them in place of deleting them"))
    return found


def _of_harm(limits: Limits, numbers: Numbers, harm: Harm) -> Stop | None:
    count = numbers.harms.get(harm, 0)
    limit = limits.thresholds.get(harm, Threshold())
    reason = None
    if limit.count is not None and count > limit.count:
        reason = f"{count} would {WORDS[harm]}, and {limit.count} may be"
    elif limit.percent is not None and count > FEW:
        if not numbers.objects:
            reason = f"{count} would {WORDS[harm]}, and of how many cannot be told"
        elif 100 * count / numbers.objects > limit.percent:
            share = 100 * count / numbers.objects
            reason = f"{count} would {WORDS[harm]}, {share:.1f} % of {numbers.objects}, and {limit.percent:g} % may be"
    if reason is None:
        return None
    return Stop(harm.value, reason, f"if that is right, --allow {harm.value}={count}", (harm.value, count))


def is_protected(limits: Limits, names: Collection[str]) -> bool:
    """
    Whether somebody known by these folded names is protected.
    """
    return not limits.protected.isdisjoint(names)
