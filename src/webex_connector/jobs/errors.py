"""
What is in a run's way.

    JobsError
    ├── UnknownKind      nobody has registered what is asked for
    ├── ArgumentMissing  a kind of run needs to be told more
    ├── UnknownRun       there is no such run
    ├── RunInTheWay      one of the same key has not ended
    ├── NotAwaited       the run does not wait for this approval
    └── RunStops         raised inside a run, for the worker alone
        ├── Postponed    by the work: it cannot go on now
        ├── Parked       it waits for somebody's approval
        ├── Interrupted  the process is about to end
        └── RunLost      another process has taken it over
"""

from webex_connector.store.run_values import KeptRun


class JobsError(Exception):
    """
    A run is not, or does not go on.
    """


class UnknownKind(JobsError):
    """
    Nothing is registered under this name.
    """


class ArgumentMissing(JobsError):
    """
    A kind of run needs an argument that is not given.
    """


class UnknownRun(JobsError):
    """
    There is no such run, or it is forgotten.
    """


class RunInTheWay(JobsError):
    """
    A run of the same key has not ended; one at a time is allowed.
    """

    def __init__(self, run: KeptRun) -> None:
        self.run = run
        since = f"{run.began or run.made:%Y-%m-%d %H:%M} UTC"
        state = run.state.value.replace("_", " ")
        super().__init__(
            f"Run {run.id} ({run.kind} by {run.actor}) has not ended: it is {state} since {since}. Wait for its end, "
            f"or cancel it: webex-connector runs cancel {run.id}"
        )


class NotAwaited(JobsError):
    """
    The run does not wait for this approval: it waits for another one, or for none.
    """


class RunStops(JobsError):
    """
    Leaves a run without an end of it. Work lets it pass.
    """


class Postponed(RunStops):
    """
    Raised by work that cannot go on now, and can later; the run waits that many seconds and is gone on with.
    """

    def __init__(self, reason: str, seconds: float = 60.0) -> None:
        self.seconds = seconds
        super().__init__(reason)


class Parked(RunStops):
    """
    The run waits until somebody approves of something, or that many seconds are over.
    """

    def __init__(self, awaits: str, within: float | None = None) -> None:
        self.awaits, self.within = awaits, within
        super().__init__(f"It waits for approval of {awaits}")


class Interrupted(RunStops):
    """
    The process is about to end; the run waits for the next one.
    """


class RunLost(RunStops):
    """
    The run belongs to another process, which took this one for dead. Nothing more may be done for it here.
    """
