"""
Whether there are enough licences for many people, counted before any of them is made or changed. Pure, but for the
expressions.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from webex_connector.icf.attributes import Attributes
from webex_connector.icf.objects import ConnectorObject
from webex_connector.policy.entitlements import difference, entitled, short_of, wanted_units
from webex_connector.policy.judging import Rules
from webex_connector.policy.named import Found, found_of, meant
from webex_connector.policy.provisioning import What


@dataclass(frozen=True, slots=True)
class Person:
    """
    Somebody as they will be.
    """

    key: str
    """
    By which messages name them.
    """
    attributes: Attributes
    is_new: bool = True
    """
    Policies that do not follow give to new people alone.
    """
    held: frozenset[str] = frozenset()
    """
    The uids of the licences that they hold, or that they are given anyway.
    """


@dataclass(frozen=True, slots=True)
class Shortage:
    """
    Units of a licence that are missing.
    """

    uid: str
    name: str
    missing: int

    def __str__(self) -> str:
        return f"{self.missing} {self.name} short"


@dataclass(frozen=True, slots=True)
class Units:
    """
    What policies would take of the licences.
    """

    wanted: dict[str, int]
    """
    By uid.
    """
    short: tuple[Shortage, ...] = ()
    unknown: tuple[str, ...] = ()
    """
    What policies name and no licence is called.
    """


async def units_for(
    rules: Rules,
    people: Sequence[Person],
    licenses: Iterable[ConnectorObject],
    now: datetime,
    by_template: Sequence[str] = (),
) -> Units:
    """
    Count the units that policies would give to these people, against what is left of the licences.
    """
    known = [found_of(each) for each in licenses]
    templates = frozenset(each.uid for name in by_template for each in meant(known, name)[:1])
    verdicts = await rules.judged([(person.key, person.attributes) for person in people], now)
    unknown: dict[str, None] = {}
    moves = []
    for person, judged in zip(people, verdicts, strict=True):
        pairs = [pair for pair in zip(rules.policies, judged, strict=True) if person.is_new or pair[0].follow]
        grants = entitled([policy for policy, _ in pairs], [verdict for _, verdict in pairs]).grants
        due: list[Found] = []
        for grant in grants:
            if grant.what is What.LICENSE:
                found = meant(known, grant.name)[:1]
                due += found
                unknown |= {} if found else {grant.name: None}
        moves.append(difference(person.held, (each.uid for each in due), frozenset(), templates))
    wanted = wanted_units(moves)
    called = {each.uid: each.name for each in known}
    missing = short_of({each.uid: each.free for each in known}, wanted)
    short = tuple(Shortage(uid, called[uid], number) for uid, number in missing.items())
    return Units(wanted, short, tuple(unknown))
