"""
What the sync file says, as values. `app/sync_file.py` reads it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from webex_connector.policy.safety import Limits
from webex_connector.sync.apply.fitness import MOST_AGE
from webex_connector.sync.decide.definition import SyncMapping
from webex_connector.sync.sources.source import Source


@dataclass(frozen=True, slots=True)
class SourceSettings:
    """
    One source: its kind, and how it is opened under its name.
    """

    name: str
    kind: str
    opened: Callable[[str], Source]


@dataclass(frozen=True, slots=True)
class Remark:
    """
    Something in a file of another product that is no mistake: how it was read, or that it has no effect here.
    """

    place: str
    setting: str
    words: str

    def __str__(self) -> str:
        return f"{self.place}: {self.setting} {self.words}"


@dataclass(frozen=True, slots=True)
class SyncSettings:
    """
    Everything that the sync file says.
    """

    sources: Mapping[str, SourceSettings] = field(default_factory=dict)
    mappings: Mapping[str, SyncMapping] = field(default_factory=dict)
    limits: Limits = field(default_factory=Limits)
    remarks: tuple[Remark, ...] = ()
    most_age: timedelta = MOST_AGE
    """
    How old a plan may be when it is applied.
    """
    uses: Mapping[str, frozenset[str] | None] = field(default_factory=dict)
    """
    Which attributes of records a mapping uses, by its name; None for one that uses records as a whole.
    """
