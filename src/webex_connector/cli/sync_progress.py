"""
Progress of a plan that is applied: a bar for people, lines for logs, JSON lines for machines; and Ctrl-C, which lets
end what was begun.
"""

import asyncio
import signal
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Any, Protocol

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from webex_connector.cli import output
from webex_connector.sync.apply.ports import Step

_MINUTE, _HOUR = 60, 3600


class Telling(Protocol):
    """
    One way to tell how far a plan is.
    """

    def tell(self, step: Step) -> None:
        """
        Tell it.
        """
        ...


class Watching:
    """
    Tells each step, and is cancelled by Ctrl-C.
    """

    def __init__(self, telling: Telling) -> None:
        self._telling, self._is_cancelled = telling, False

    async def step(self, step: Step) -> None:
        """
        Tell how far it is.
        """
        self._telling.tell(step)

    def is_cancelled(self) -> bool:
        """
        Whether nothing more is to be begun.
        """
        return self._is_cancelled

    def cancel(self) -> None:
        """
        Begin nothing more.
        """
        self._is_cancelled = True


class AsBar:
    """
    A bar on standard error.
    """

    def __init__(self, bar: Progress) -> None:
        self._bar, self._task = bar, bar.add_task("", total=None, words="")

    def tell(self, step: Step) -> None:
        """
        Move the bar.
        """
        self._bar.update(self._task, completed=step.ended, total=step.total, words=words(step))


class AsLines:
    """
    A line on standard error after each batch.
    """

    def tell(self, step: Step) -> None:
        """
        Write a line.
        """
        more = words(step)
        output.note(f"{step.ended:,} of {step.total:,}{', ' if more else ''}{more}")


class AsJson:
    """
    JSON lines on standard output.
    """

    def tell(self, step: Step) -> None:
        """
        Write a line.
        """
        output.show_json_lines([as_json(step)])


def as_json(step: Step) -> Mapping[str, Any]:
    """
    Return a step as machines read it: counts by state, items a second, seconds.
    """
    return {
        "plan": step.plan,
        "ended": step.ended,
        "total": step.total,
        "states": {state.value: count for state, count in step.counts.items()},
        "per_second": step.rate,
        "seconds_left": step.seconds_left,
        "due": None if step.due is None else step.due.isoformat(),
    }


def words(step: Step) -> str:
    """
    Return the pace and the time left in words; what everybody waits for, where nothing else can be done.
    """
    if step.due is not None:
        return f"the others are tried again at {step.due:%H:%M:%S} UTC"
    if step.rate is None or step.seconds_left is None:
        return ""
    return f"{step.rate:,.1f} a second, {_span(step.seconds_left)} left"


def _span(seconds: float) -> str:
    if seconds < _MINUTE:
        return f"{seconds:.0f} seconds"
    if seconds < _HOUR:
        return f"{seconds / _MINUTE:.0f} minutes"
    return f"{seconds / _HOUR:.1f} hours"


@contextmanager
def watching(*, is_json: bool) -> Iterator[Watching]:
    """
    Tell how a plan goes on while the block runs. The first Ctrl-C lets the batch end that was begun; the second one
    ends the command at once, and nothing is lost by that either.
    """
    if is_json or not sys.stderr.isatty():
        watched = Watching(AsJson() if is_json else AsLines())
        with _stopped_by_keyboard(watched):
            yield watched
        return
    columns = (BarColumn(), MofNCompleteColumn(), TextColumn("{task.fields[words]}"))
    with Progress(*columns, console=Console(file=sys.stderr), transient=True) as bar:
        watched = Watching(AsBar(bar))
        with _stopped_by_keyboard(watched):
            yield watched


@contextmanager
def _stopped_by_keyboard(watched: Watching) -> Iterator[None]:
    loop = asyncio.get_running_loop()

    def stop() -> None:
        loop.remove_signal_handler(signal.SIGINT)
        watched.cancel()
        output.note("What was begun ends first; Ctrl-C once more ends at once.")

    # Not where the system has no such signals, nor outside of the main thread.
    with suppress(NotImplementedError, ValueError, RuntimeError):
        loop.add_signal_handler(signal.SIGINT, stop)
    try:
        yield
    finally:
        with suppress(NotImplementedError, ValueError, RuntimeError):
            loop.remove_signal_handler(signal.SIGINT)
