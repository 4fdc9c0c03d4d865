"""
What policies give somebody, what of that they lack, and whether there is enough of it. Pure.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field

from webex_connector.policy.provisioning import Policy, Verdict, What

LOCATION = "locationId"
EXTENSION = "extension"
PHONES = "phoneNumbers"


@dataclass(frozen=True, slots=True)
class Grant:
    """
    One thing that policies give.
    """

    what: What
    name: str
    """
    As it is written: its name or its id.
    """
    policies: tuple[str, ...]
    """
    The names of those that give it.
    """


@dataclass(frozen=True, slots=True)
class Conflict:
    """
    Policies that give different values of an attribute that has one. Nobody gets any of them.
    """

    attribute: str
    values: Mapping[str, str]
    """
    By policy.
    """

    def __str__(self) -> str:
        said = ", ".join(f"{policy} says {value}" for policy, value in self.values.items())
        return f"policies disagree: {said}"


@dataclass(frozen=True, slots=True)
class Entitlements:
    """
    What somebody gets by all policies that hold for them.
    """

    grants: tuple[Grant, ...] = ()
    values: Mapping[str, str] = field(default_factory=dict)
    """
    Of attributes that have one value: the location, by name or id, the extension and the work number.
    """
    sources: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """
    Which policies give these values.
    """
    conflicts: tuple[Conflict, ...] = ()
    problems: Mapping[str, str] = field(default_factory=dict)
    """
    Why it cannot be told of a policy whether it holds, by its name.
    """


def entitled(policies: Sequence[Policy], verdicts: Sequence[Verdict]) -> Entitlements:
    """
    Return the union of what the policies give that hold.
    """
    holding = [(policy, verdict) for policy, verdict in zip(policies, verdicts, strict=True) if verdict.holds]
    grants: dict[tuple[What, str], list[str]] = {}
    asked: dict[str, dict[str, str]] = {}
    for policy, verdict in holding:
        for what in What:
            for name in policy.named(what):
                grants.setdefault((what, name), []).append(policy.name)
        given = {LOCATION: policy.location, EXTENSION: verdict.extension, PHONES: verdict.phone}
        for attribute, value in given.items():
            if value:
                asked.setdefault(attribute, {})[policy.name] = value
    agreed = {attribute: said for attribute, said in asked.items() if len(set(said.values())) == 1}
    return Entitlements(
        tuple(Grant(what, name, tuple(given_by)) for (what, name), given_by in grants.items()),
        {attribute: next(iter(said.values())) for attribute, said in agreed.items()},
        {attribute: tuple(said) for attribute, said in agreed.items()},
        tuple(Conflict(attribute, said) for attribute, said in asked.items() if attribute not in agreed),
        {
            policy.name: verdict.problem
            for policy, verdict in zip(policies, verdicts, strict=True)
            if verdict.problem is not None
        },
    )


@dataclass(frozen=True, slots=True)
class Difference:
    """
    What of one kind somebody is to get and to lose, by uid.
    """

    gains: tuple[str, ...] = ()
    losses: tuple[str, ...] = ()


def difference(
    held: AbstractSet[str],
    due: Iterable[str],
    governed: AbstractSet[str],
    by_template: AbstractSet[str] = frozenset(),
) -> Difference:
    """
    Compare what somebody holds with what is due to them, by uid.

    Only what policies speak of, the `governed`, can be lost: whatever else somebody holds was given by other people.
    What Control Hub gives by a licence template of its own (https://help.webex.com/article/n3ijtao) is not given, since
    it comes by itself, and never taken.
    """
    wanted = tuple(dict.fromkeys(due))
    return Difference(
        tuple(each for each in wanted if each not in held and each not in by_template),
        tuple(sorted(each for each in held & governed if each not in wanted and each not in by_template)),
    )


def wanted_units(differences: Iterable[Difference]) -> dict[str, int]:
    """
    Count how many units of each licence changes take; what is lost first gives back.
    """
    units: Counter[str] = Counter()
    for each in differences:
        units.update(each.gains)
        units.subtract(each.losses)
    return {license_: number for license_, number in units.items() if number > 0}


def short_of(free: Mapping[str, int | None], wanted: Mapping[str, int]) -> dict[str, int]:
    """
    Return how many units of which licences are missing. None free: as many as one likes; a licence that is not named
    has no unit.
    """
    found: dict[str, int] = {}
    for license_, number in wanted.items():
        left = free.get(license_, 0)
        if left is not None and number > max(0, left):
            found[license_] = number - max(0, left)
    return found
