"""
When something is due: by a cron expression in a time zone, or every so often.

When clocks are put forward, what would fall into the hour that there is not is due right after it; when they are put
back, what names a time of day is due once, in the first of the two hours. An expression with `*` or a step in minute or
hour goes by time that passes: it leaves nothing out and repeats what the day repeats. So does Debian's cron:
https://manpages.debian.org/stable/cron/cron.8.en.html
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from cronsim import CronSim, CronSimError

_FIELDS = 5
_STEPS = timedelta(hours=6)
"""
Longer than any two hours that have one name are apart.
"""


class TimingInvalid(Exception):
    """
    There is no such time, or no such time zone.
    """


@dataclass(frozen=True, slots=True)
class Cron:
    """
    By a cron expression of five fields: minute, hour, day of month, month, day of week. Raises TimingInvalid when there
    is no such zone, or no day that fits.
    """

    expression: str
    zone: str = "UTC"

    def __post_init__(self) -> None:
        try:
            zone = ZoneInfo(self.zone)
            next(_times(self.expression, datetime(2026, 1, 1, tzinfo=zone)))
        except (ZoneInfoNotFoundError, ValueError, OSError):
            raise TimingInvalid(
                f"There is no time zone {self.zone}; one is like Europe/Oslo (a computer that knows none needs: "
                "pip install tzdata)"
            ) from None
        except CronSimError as problem:
            raise TimingInvalid(
                f"{self.expression!r} is no cron expression ({problem}); one is like '0 2 * * 1-5': minute, hour, day "
                "of month, month, day of week"
            ) from None

    def after(self, moment: datetime) -> datetime:
        """
        Return the first moment it is due after this one, in UTC.
        """
        times = _times(self.expression, moment.astimezone(ZoneInfo(self.zone)))
        # From the second of two hours that have one name, the library begins again in the first.
        return next(then for each in times if (then := each.astimezone(UTC)) > moment)

    def __str__(self) -> str:
        return f"{self.expression} {self.zone}"


@dataclass(frozen=True, slots=True)
class Every:
    """
    Every so often. Raises TimingInvalid when that is less than a second.
    """

    span: timedelta

    def __post_init__(self) -> None:
        if self.span < timedelta(seconds=1):
            raise TimingInvalid("A span must be at least one second")

    def after(self, moment: datetime) -> datetime:
        """
        Return the moment one span later, in UTC.
        """
        return moment.astimezone(UTC) + self.span

    def __str__(self) -> str:
        return f"every {self.span.total_seconds():g} s"


Timing = Cron | Every


def _times(expression: str, after: datetime) -> CronSim:
    # With a sixth field, of seconds, the library would go by these.
    if len(expression.split()) != _FIELDS:
        raise CronSimError("Wrong number of fields")
    return CronSim(expression, after)


def following(timing: Timing, due: datetime, now: datetime) -> datetime:
    """
    Return the first moment after now, for something that was due at a moment.
    """
    if now - due > _STEPS:
        return timing.after(now)
    # Step by step: reckoned from the second of two hours that have one name, what was due in the first would be due
    # again.
    then = timing.after(due)
    while then <= now:
        then = timing.after(then)
    return then
