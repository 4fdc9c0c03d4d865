"""
The options that may accompany any operation.
"""

from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum

from webex_connector.icf.denials import NOTHING_DENIED, Denials


class Lane(Enum):
    """
    How urgent an operation is when requests to the target are scarce.
    """

    INTERACTIVE = "interactive"
    """
    Somebody waits for the answer.
    """

    BULK = "bulk"
    """
    A run that may take its time.
    """


class TotalPolicy(Enum):
    """
    Whether the caller wants to know how many objects match in all.
    """

    NONE = "NONE"
    """
    Do not count.
    """

    ESTIMATE = "ESTIMATE"
    """
    A number if it costs nothing.
    """

    EXACT = "EXACT"
    """
    Count, even if every match has to be walked for it.
    """


@dataclass(frozen=True, slots=True)
class SortKey:
    """
    Sort by an attribute; objects without it come last in either direction.
    """

    attribute: str
    ascending: bool = True


@dataclass(frozen=True, slots=True)
class Actor:
    """
    On whose behalf an operation happens: the client that logged in, and through which door.
    """

    name: str
    door: str
    denials: Denials = NOTHING_DENIED
    """
    What this client was not given; it holds besides what the system denies to everybody.
    """


NOBODY = Actor("unknown", "none")
"""
The actor of operations that nobody signed; a guard may refuse it.
"""


@dataclass(slots=True)
class Course:
    """
    How far a write of several steps has come. The facade makes one for each write, and its steps share it.
    """

    has_begun: bool = False
    """
    Whether a step may have changed the target: from then on the deadline stops none of the others.
    """


@dataclass(slots=True)
class Freshness:
    """
    How old what was read is. Who wants to know puts one into the options of a read, and looks at it afterwards.
    """

    as_of: datetime | None = None
    """
    What happened in the target before that moment is in it. None when nothing came from a copy.
    """

    def note(self, as_of: datetime) -> None:
        """
        Take note of a copy that objects come from; the oldest one counts.
        """
        self.as_of = as_of if self.as_of is None else min(self.as_of, as_of)


@dataclass(frozen=True, slots=True)
class OperationOptions:
    """
    What a caller may say beside the operation itself.
    """

    attributes_to_get: tuple[str, ...] | None = None
    """
    Only these attributes (uid and name always come). None: those returned by default.
    """

    return_default_attributes: bool = False
    """
    With `attributes_to_get`: the defaults as well.
    """

    page_size: int = 0
    """
    At most that many objects, with a cookie for the next page; 0 for all of them in one stream.
    """

    cookie: str | None = None
    """
    Where to go on; from the previous page's result.
    """

    offset: int = 0
    """
    How many matching objects to skip, counted from 0. Not together with a cookie.
    """

    sort_keys: tuple[SortKey, ...] = ()
    total_policy: TotalPolicy = TotalPolicy.NONE
    actor: Actor = field(default=NOBODY)
    lane: Lane = Lane.INTERACTIVE

    deadline: float | None = None
    """
    In seconds of the clock's monotonic time; no write begins after it.
    """

    course: Course | None = None

    live: bool = False
    """
    A read goes to the target, also where a copy of its objects is at hand.
    """

    freshness: Freshness | None = None

    namesakes: bool = False
    """
    Something may be made with the name of another thing, where the target itself allows that. Whoever repeats such a
    creation makes a second one.
    """

    read_back: bool = True
    """
    Whether an object is read again after a change when the target's answer does not show the whole of it. False: who
    asks has a copy, and makes changes there that nothing else follows from.
    """

    dry_run: bool = False
    """
    Read and decide as usual, but send nothing that changes anything.
    """
