"""
What can go wrong between a source and Webex.

    SyncError
    ├── SourceFailed         the source could not be read, or not to its end
    │   └── SourceRefused    it was read, but what came cannot be what the source holds
    ├── PlanOutdated         what was approved is no longer what would be done
    └── RunRefused           a run may not begin: another is going on, or a limit stops it
"""


class SyncError(Exception):
    """
    Something that ends a run, in one sentence that says what to do.
    """


class SourceFailed(SyncError):
    """
    A source could not be read to its end. What was read of it is no basis for a plan.
    """

    def __init__(self, source: str, reason: str, *, place: str | None = None) -> None:
        super().__init__(f"{source}: {reason}" if place is None else f"{source}: {place}: {reason}")
        self.source, self.reason, self.place = source, reason, place


class SourceRefused(SourceFailed):
    """
    A source was read to its end, but what came cannot be what it holds: two records of one key, or half the records
    of the last time.
    """


class PlanOutdated(SyncError):
    """
    The plan that was approved is not the one that would be applied now.
    """


class RunRefused(SyncError):
    """
    A run may not begin.
    """
