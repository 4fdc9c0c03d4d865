"""
What is known of a run, and how its owner lets go of it.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import Enum


class RunState(Enum):
    """
    How far a run is.
    """

    WAITING = "waiting"
    """Somebody will begin it, or go on with it, when it is due."""
    RUNNING = "running"
    WAITING_FOR_APPROVAL = "waiting_for_approval"
    """It goes on once somebody has said yes to what it `awaits`, or when it is due without."""
    CANCELLED = "cancelled"
    FAILED = "failed"
    DONE = "done"


ENDED = frozenset({RunState.CANCELLED, RunState.FAILED, RunState.DONE})
"""
The states that nothing follows.
"""


@dataclass(frozen=True, slots=True)
class NewRun:
    """
    A run as it is asked for; `arguments` is JSON: names and ids, never what they stand for, and no secrets.
    """

    id: str
    kind: str
    arguments: str
    actor: str
    key: str | None = None
    """Of the runs with one key, one at most has not ended."""


@dataclass(frozen=True, slots=True)
class Executor:
    """
    Who works on runs: an installation by its lasting name, and the process that it is at present.
    """

    name: str
    process: str


@dataclass(frozen=True, slots=True)
class KeptRun:
    """
    A run as it is kept.
    """

    id: str
    kind: str
    key: str | None
    arguments: str
    actor: str
    state: RunState
    made: datetime
    due: datetime | None
    began: datetime | None
    ended: datetime | None
    executor: str | None
    owner: str | None
    heartbeat: datetime | None
    attempts: int
    """How often it was begun or gone on with since it last came further, or ended in good order."""
    awaits: str | None
    cancelled_by: str | None
    error: str | None

    @property
    def failure(self) -> str | None:
        """
        The name of the error that made it fail; None when it has not failed, or not by an error.
        """
        if self.state is not RunState.FAILED or self.error is None:
            return None
        name, colon, _ = self.error.partition(": ")
        return name if colon and name.isidentifier() else None


@dataclass(frozen=True, slots=True)
class RunEvent:
    """
    What a run tells; numbers begin at one. `content` is JSON.
    """

    run: str
    number: int
    at: datetime
    kind: str
    content: str


@dataclass(frozen=True, slots=True)
class Settling:
    """
    How an owner lets go of a run: ended, or WAITING until `due`, or WAITING_FOR_APPROVAL of what it `awaits`, until
    `due` where that is said.
    """

    state: RunState
    error: str | None = None
    """Why it failed, or waits."""
    due: datetime | None = None
    awaits: str | None = None


@dataclass(frozen=True, slots=True)
class Wanted:
    """
    Which runs an executor would take: of these kinds, but not of these ids, or the one of an id alone.
    """

    kinds: Collection[str]
    dead: datetime
    """Whoever owns a run and has not been heard of since is taken for dead."""
    but: Collection[str] = ()
    only: str | None = None


STATE_EVENT = "state"
"""
The kind of the events that tell a run's new state, with who brought it about and why.
"""
