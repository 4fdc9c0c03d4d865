"""
What work knows of the run it is done for, and how it keeps what is done.
"""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, TypeVar

import msgspec

from webex_connector.jobs.errors import Interrupted, Parked, RunLost
from webex_connector.store.run_values import KeptRun
from webex_connector.store.runs import RunTable, approval_step

T = TypeVar("T")

PROGRESS = "progress"
"""
The kind of the events that tell how far a run is: `done`, and `total` when it is known.
"""


class RunHandle:
    """
    A run as its work sees it.

    After a crash the work is called again, from its beginning. Whatever it does inside `step` is not done again once
    its result was kept; a step that was under way is, so each one looks before it repeats a write. Between two steps
    nothing but arithmetic should happen. Every method that waits may raise RunStops, which work lets pass, and
    StoreFailed, after which the run is gone on with later.
    """

    def __init__(self, run: KeptRun, process: str, runs: RunTable, kept: Mapping[str, str]) -> None:
        self._run, self._process, self._runs = run, process, runs
        self._kept = dict(kept)
        self._taken: set[str] = set()
        self.cancelled_by = run.cancelled_by
        """Who wants it cancelled; None while nobody does."""
        self.was_told = False
        """Whether the work has been told so."""
        self.is_stopping = False
        """Whether the process is about to end."""

    @property
    def id(self) -> str:
        """
        The run's id.
        """
        return self._run.id

    @property
    def actor(self) -> str:
        """
        Who asked for the run.
        """
        return self._run.actor

    async def step(self, name: str, work: Callable[[], Awaitable[T]], result: type[T]) -> T:
        """
        Do one batch, unless an earlier process has; return its result, which is kept as JSON: small, and no secret.

        Steps have names of their own. Raises ValueError when a name comes twice, and what the work raises.
        """
        if name in self._taken:
            raise ValueError(f"There are two steps named {name} in run {self.id}")
        self._taken.add(name)
        if name not in self._kept:
            self._go_on()
            text = msgspec.json.encode(await work()).decode()
            if not await self._runs.keep_step(self.id, self._process, name, text):
                raise RunLost(self.id)
            self._kept[name] = text
        return msgspec.json.decode(self._kept[name], type=result)

    async def progress(self, done: int, total: int | None = None, **more: Any) -> None:
        """
        Tell how far it is.
        """
        await self.tell(PROGRESS, {"done": done, **({} if total is None else {"total": total}), **more})

    async def tell(self, kind: str, content: Mapping[str, Any]) -> None:
        """
        Keep an event, for whoever follows the run.
        """
        if not await self._runs.tell(self.id, self._process, kind, msgspec.json.encode(content).decode()):
            raise RunLost(self.id)
        self._go_on()

    def is_cancelled(self) -> bool:
        """
        Return whether nothing more is to be begun. To be asked between two batches; work that was told so returns.
        """
        self.was_told = self.cancelled_by is not None
        return self.was_told

    async def approval(self, of: str, within: float | None = None) -> str:
        """
        Return who said yes to exactly this. As long as nobody has, the run waits, and nothing after this happens; with
        `within`, its work is called again after so many seconds without a yes, to see what becomes of that.
        """
        kept = self._kept.get(approval_step(of))
        if kept is None:
            raise Parked(of, within)
        return msgspec.json.decode(kept, type=str)

    def _go_on(self) -> None:
        if self.is_stopping:
            raise Interrupted("The process is about to end")
