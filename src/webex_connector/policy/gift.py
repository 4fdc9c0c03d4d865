"""
What policies give one person, by what the target calls it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from webex_connector.icf.attributes import Values
from webex_connector.icf.objects import NotApplied
from webex_connector.policy.entitlements import Grant
from webex_connector.policy.provisioning import What


def missed(attribute: str, values: Values, reason: str, tracking_id: str | None = None) -> NotApplied:
    """
    Return a part that a policy would have given, and that nobody asked for.
    """
    return NotApplied(attribute, values, reason, tracking_id, asked=False)


@dataclass(slots=True)
class Gift:
    """
    What policies give one person, in the target's own words.
    """

    uids: dict[What, dict[str, Grant]] = field(default_factory=dict)
    """
    By kind and uid.
    """
    values: dict[str, Values] = field(default_factory=dict)
    """
    Of attributes that have one value.
    """
    labels: dict[str, str] = field(default_factory=dict)
    """
    What people call what has a uid.
    """
    added: dict[str, Values] = field(default_factory=dict)
    """
    What of all this was added to what the caller asked for, by attribute.
    """
    used_up: set[str] = field(default_factory=set)
    """
    The licences of which no unit was left when they were looked up.
    """
    missed: list[NotApplied] = field(default_factory=list)
    """
    What cannot be given, known before anything is written.
    """

    def due(self, what: What) -> tuple[str, ...]:
        """
        Return the uids of one kind.
        """
        return tuple(self.uids.get(what, {}))

    def lines(self, taken: Mapping[str, Values]) -> tuple[str, ...]:
        """
        Say what policies add, and what is taken back, for people.
        """
        found: list[str] = []
        for name, values in self.added.items():
            for value in values:
                grant = self.grant(name, value)
                by = "" if grant is None else f" (policy {', '.join(grant.policies)})"
                found.append(f"give {name} {self.label(str(value))}{by}")
        found += [f"take back {name} {self.label(str(uid))}" for name, uids in taken.items() for uid in uids]
        return tuple(found)

    def grant(self, attribute: str, value: object) -> Grant | None:
        """
        Return whose gift a value is; None for what no policy added, or what has one value.
        """
        if not any(value == each for each in self.added.get(attribute, ())):
            return None
        what = next((what for what in What if what.value == attribute), None)
        return None if what is None else self.uids[what].get(str(value))

    def label(self, uid: str) -> str:
        """
        Return what people call it.
        """
        return self.labels.get(uid, uid)
