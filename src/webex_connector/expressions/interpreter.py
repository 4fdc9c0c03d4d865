"""
The sandboxed interpreter: Monty, a Python of its own without files, sockets and processes, in worker processes
(https://github.com/pydantic/monty). No other module imports it.

It is driven from threads of our own: a script then calls what we hand in as plain functions, without `await`, and the
event loop answers.
"""

import asyncio
from collections.abc import Callable, Coroutine, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from threading import Event, Lock
from typing import Any, TypeVar

import msgspec
from pydantic_monty import (
    ClassInstance,
    CollectString,
    Monty,
    MontyConversionError,
    MontyCrashedError,
    MontyError,
    MontyRuntimeError,
    MontySyntaxError,
    MontyTypingError,
    ResourceLimits,
)

from webex_connector.expressions.errors import Mistake, ScriptFailed, ScriptInvalid, ScriptStopped

_FILE = "script.py"
_CHECKING_SECONDS = 0.05

_Found = TypeVar("_Found")

_PASSED = {
    "time limit exceeded": "It computed for longer than it may",
    "sleep limit exceeded": "It slept for longer than it may",
    "memory limit exceeded": "It took more memory than it may",
    "suspension limit": "It asked for more than it may",
    "maximum recursion depth": "It called itself more often than it may",
}


class _Place(msgspec.Struct):
    row: int
    column: int


class _Diagnosis(msgspec.Struct):
    """
    One line of what the type checker says; its other members are not used.
    """

    location: _Place
    message: str


@dataclass(frozen=True, slots=True)
class Limits:
    """
    How much a script may use.
    """

    seconds: float = 5.0
    """Of computing and sleeping each; waiting for what it asked us for does not count."""
    memory: int = 64 * 2**20
    """In bytes, and a tenth of it for what it prints."""
    calls: int = 1000
    """Of what is handed in."""
    text: int = 64 * 2**10
    """Characters of the script."""


@dataclass(frozen=True, slots=True)
class Host:
    """
    An object of ours that a script may use, by its class's name as the script's errors say it.
    """

    name: str
    methods: Mapping[str, Callable[..., Coroutine[Any, Any, object]]]
    facts: Mapping[str, object] = field(default_factory=dict)
    """Its plain attributes."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """
    What a script left: the value of its last expression, and what it printed.
    """

    value: object
    printed: str


class Interpreter:
    """
    Runs scripts, a few at a time. Worker processes begin with the first script.
    """

    def __init__(self, limits: Limits | None = None, workers: int = 2) -> None:
        self.limits = limits or Limits()
        self._workers = workers
        self._beginning = Lock()
        self._threads: ThreadPoolExecutor | None = None
        self._pool: Monty | None = None

    async def check(self, text: str, stubs: str) -> tuple[Mistake, ...]:
        """
        Return what is wrong with a script: its syntax, and names and types against the stubs. Nothing that it asks
        for is done.
        """
        self._refuse_long(text)
        return await self._apart(lambda pool: self._checked(pool, text, stubs))

    async def run(
        self,
        text: str,
        stubs: str | None,
        hosts: Mapping[str, Host],
        values: Mapping[str, object],
    ) -> Outcome:
        """
        Run a script that knows these hosts and values by name. Without stubs its words and types are not checked again.

        Raises ScriptInvalid, ScriptFailed or ScriptStopped. A script whose caller is cancelled gets no answer to what
        it asks for next.
        """
        self._refuse_long(text)
        loop, gone = asyncio.get_running_loop(), Event()
        names = {name: _bridged(host, loop, gone) for name, host in hosts.items()} | dict(values)
        try:
            return await self._apart(lambda pool: self._fed(pool, text, stubs, names))
        except asyncio.CancelledError:
            gone.set()
            raise

    async def aclose(self) -> None:
        """
        End the worker processes. A script that still runs is waited for; its limits say how long that can be.
        """
        threads, self._threads = self._threads, None
        if threads is not None:
            await asyncio.get_running_loop().run_in_executor(threads, self._end)
            threads.shutdown()

    def _refuse_long(self, text: str) -> None:
        if len(text) > self.limits.text:
            reason = f"It has {len(text)} characters and may have {self.limits.text}"
            raise ScriptInvalid([Mistake(1, 1, reason)])

    async def _apart(self, work: Callable[[Monty], _Found]) -> _Found:
        if self._threads is None:
            self._threads = ThreadPoolExecutor(self._workers, "scripts")
        return await asyncio.get_running_loop().run_in_executor(self._threads, lambda: work(self._begun()))

    def _begun(self) -> Monty:
        with self._beginning:
            if self._pool is None:
                self._pool = Monty(max_processes=self._workers).__enter__()
            return self._pool

    def _end(self) -> None:
        with self._beginning:
            pool, self._pool = self._pool, None
        if pool is not None:
            pool.__exit__(None, None, None)

    def _checked(self, pool: Monty, text: str, stubs: str) -> tuple[Mistake, ...]:
        # Types are checked before anything runs, and nothing that runs can reach us. So it may end as it will.
        limits = self._enforced(_CHECKING_SECONDS)
        try:
            with pool.checkout(
                script_name=_FILE, limits=limits, type_check=True, type_check_stubs=stubs, type_check_format="json"
            ) as session:
                session.feed_start(text, print_callback=CollectString())
        except (MontySyntaxError, MontyTypingError) as error:
            return _mistakes(error)
        except MontyError:
            pass
        return ()

    def _fed(self, pool: Monty, text: str, stubs: str | None, names: Mapping[str, object]) -> Outcome:
        printed = CollectString(self.limits.memory // 10)
        try:
            with pool.checkout(
                script_name=_FILE,
                limits=self._enforced(self.limits.seconds),
                type_check=stubs is not None,
                type_check_stubs=stubs,
                type_check_format="json",
            ) as session:
                return Outcome(session.feed_run(text, inputs=dict(names), print_callback=printed), printed.output)
        except (MontySyntaxError, MontyTypingError) as error:
            raise ScriptInvalid(_mistakes(error)) from error
        except MontyConversionError as error:
            raise ScriptFailed(f"What was handed in is nothing a script can hold: {error}") from error
        except MontyCrashedError as error:
            reason = "It was ended, since it took too long or its worker process died"
            raise ScriptStopped(reason, printed.output) from error
        except MontyRuntimeError as error:
            raise _ended(error, printed.output) from error

    def _enforced(self, seconds: float) -> ResourceLimits:
        return {
            "max_feed_duration_secs": seconds,
            "max_total_sleep_secs": seconds,
            "max_memory": self.limits.memory,
            "max_suspensions": self.limits.calls,
        }


def _bridged(host: Host, loop: asyncio.AbstractEventLoop, gone: Event) -> ClassInstance:
    def bridged(method: Callable[..., Coroutine[Any, Any, object]]) -> Callable[..., object]:
        def call(*args: object, **named: object) -> object:
            if gone.is_set():
                raise TimeoutError("Nobody waits for the script any more")
            return asyncio.run_coroutine_threadsafe(method(*args, **named), loop).result()

        return call

    methods = {name: staticmethod(bridged(method)) for name, method in host.methods.items()}
    instance = type(host.name, (), {**host.facts, **methods})()
    return ClassInstance(instance, eager_attrs=tuple(host.facts), allowed_methods=frozenset(methods))


def _mistakes(error: MontySyntaxError | MontyTypingError) -> tuple[Mistake, ...]:
    if isinstance(error, MontySyntaxError):
        place = error.traceback()[-1]
        return (Mistake(place.line, place.column, str(error)),)
    found = msgspec.json.decode(error.display(), type=list[_Diagnosis])
    return tuple(Mistake(each.location.row, each.location.column, each.message.replace("`", "")) for each in found)


def _ended(error: MontyRuntimeError, printed: str) -> ScriptFailed | ScriptStopped:
    reason = str(error)
    for sign, sentence in _PASSED.items():
        if sign in reason:
            return ScriptStopped(sentence, printed)
    place = error.traceback()[-1:]
    return ScriptFailed(f"line {place[0].line}: {reason}" if place else reason)
