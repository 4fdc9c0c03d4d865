"""
Which runs begin by themselves: `[schedules.<name>]`.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, cast

from webex_connector.app.declared import ANY, Section
from webex_connector.app.table import Table
from webex_connector.icf.configuration import Property, PropertyType
from webex_connector.jobs.schedules import Missed, Schedule
from webex_connector.jobs.timing import Cron, Every, Timing, TimingInvalid

_UTC = "UTC"

SECTION = Section(
    ("schedules", ANY),
    "A run that begins by itself, at the times of `cron` or every so many seconds, in the name of the schedule. A time "
    "at which the run before has not ended is skipped.",
    (
        Property("run", "The kind of run: `recon`, `live` or `inventory`.", required=True),
        Property(
            "arguments",
            "What it is about, as `{ mapping = 'people', wait = true }` or `{ system = 'webex' }`.",
            PropertyType.MAP,
            {},
        ),
        Property("cron", "Minute, hour, day of month, month and day of week, as `0 2 * * 1-5`."),
        Property("zone", "The time zone of `cron`, as `Europe/Oslo`.", default=_UTC),
        Property("every", "Seconds from one to the next, in the place of `cron`.", PropertyType.NUMBER),
        Property(
            "missed",
            "What becomes of times at which no server ran: `once`, one run makes up for all of them, or `skip`.",
            default=Missed.ONCE.value,
        ),
    ),
)


def read(top: Table) -> dict[str, Schedule]:
    """
    Return the schedules by name.
    """
    found = {name: _schedule(name, table) for name, table in top.table("schedules").tables().items()}
    return {name: schedule for name, schedule in found.items() if schedule is not None}


def _schedule(name: str, table: Table) -> Schedule | None:
    values = table.values(SECTION.properties)
    if not values:
        return None
    if values["missed"] not in {each.value for each in Missed}:
        table.wrong("missed", f"must be one of: {', '.join(each.value for each in Missed)}")
        return None
    timing = _timing(table, values)
    if timing is None:
        return None
    arguments = cast("Mapping[str, Any]", values["arguments"])
    return Schedule(name, str(values["run"]), arguments, timing, Missed(str(values["missed"])))


def _timing(table: Table, values: Mapping[str, Any]) -> Timing | None:
    cron, every = values["cron"], values["every"]
    if (cron is None) == (every is None):
        table.unfit("needs cron or every, one of them")
        return None
    named = "every" if cron is None else "cron"
    try:
        return Every(timedelta(seconds=every)) if cron is None else Cron(cron, values["zone"])
    except (TimingInvalid, OverflowError) as problem:
        table.wrong("zone" if "time zone" in str(problem) else named, f"does not fit: {problem}")
        return None
