"""
Progress of a plan that is applied: a bar for people, lines for logs, JSON lines for machines; and Ctrl-C.
"""

import asyncio
import signal
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import datetime
from typing import Any, Protocol

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from webex_connector.cli import output
from webex_connector.sync.report.outline import span

Step = Mapping[str, Any]
"""
How far something is, as the events of a run tell it.
"""


class Telling(Protocol):
    """
    One way to tell how far a plan is.
    """

    def tell(self, step: Step) -> None:
        """
        Tell it.
        """
        ...


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
        self._bar.update(self._task, completed=step["done"], total=step.get("total"), words=words(step))


class AsLines:
    """
    A line on standard error after each batch.
    """

    def tell(self, step: Step) -> None:
        """
        Write a line.
        """
        output.note(told(step))


class AsJson:
    """
    JSON lines on standard output.
    """

    def tell(self, step: Step) -> None:
        """
        Write a line.
        """
        named = {"ended" if name == "done" else name: value for name, value in step.items()}
        output.show_json_lines([{"plan": named.pop("plan", None), **named}])


def told(step: Step) -> str:
    """
    Return in one line how far something is.
    """
    done, total = step["done"], step.get("total")
    so_far = f"{done:,}" if total is None else f"{done:,} of {total:,}"
    return ", ".join(each for each in (so_far, "" if done == total else words(step)) if each)


def words(step: Step) -> str:
    """
    Return the pace and the time left in words; what everybody waits for, where nothing else can be done.
    """
    if (due := step.get("due")) is not None:
        return f"the others are tried again at {datetime.fromisoformat(due):%H:%M:%S} UTC"
    rate, left = step.get("per_second"), step.get("seconds_left")
    if rate is None or left is None:
        return ""
    return f"{rate:,.1f} a second, {span(left)} left"


@contextmanager
def telling(*, is_json: bool) -> Iterator[Telling]:
    """
    Have a way to tell how a plan goes on, while the block runs.
    """
    if is_json or not sys.stderr.isatty():
        yield AsJson() if is_json else AsLines()
        return
    columns = (BarColumn(), MofNCompleteColumn(), TextColumn("{task.fields[words]}"))
    with Progress(*columns, console=Console(file=sys.stderr), transient=True) as bar:
        yield AsBar(bar)


@contextmanager
def on_interrupt(stop: Callable[[], object]) -> Iterator[None]:
    """
    Have the first Ctrl-C call this while the block runs; the second one ends the command as it usually does.
    """
    loop = asyncio.get_running_loop()

    def once() -> None:
        loop.remove_signal_handler(signal.SIGINT)
        stop()

    # Not where the system has no such signals, nor outside of the main thread.
    with suppress(NotImplementedError, ValueError, RuntimeError):
        loop.add_signal_handler(signal.SIGINT, once)
    try:
        yield
    finally:
        with suppress(NotImplementedError, ValueError, RuntimeError):
            loop.remove_signal_handler(signal.SIGINT)
