"""
Scripts in the sandboxed interpreter: what they can do, what they cannot, and what their writers read.
"""

import asyncio
from collections.abc import AsyncIterator

import pytest

from webex_connector.expressions.errors import Mistake, ScriptError, ScriptFailed, ScriptInvalid, ScriptStopped
from webex_connector.expressions.interpreter import Host, Interpreter, Limits, Outcome

pytestmark = pytest.mark.real_time

STUBS = """
from typing import Any
class Shelf:
    label: str
    def fetch(self, name: str) -> list[str]: ...
shelf: Shelf
given: dict[str, Any]
"""

FETCHED: list[str] = []


async def _fetch(name: str) -> list[str]:
    await asyncio.sleep(0)
    FETCHED.append(name)
    if name == "nothing":
        raise LookupError("There is nothing")
    return [name, name]


SHELF = Host("Shelf", {"fetch": _fetch}, {"label": "upper"})


@pytest.fixture
async def interpreter() -> AsyncIterator[Interpreter]:
    """
    An interpreter with narrow limits.
    """
    FETCHED.clear()
    interpreter = Interpreter(Limits(seconds=0.2, memory=16 * 2**20, calls=20, text=1000), workers=1)
    yield interpreter
    await interpreter.aclose()


async def _run(interpreter: Interpreter, text: str) -> Outcome:
    return await interpreter.run(text, STUBS, {"shelf": SHELF}, {"given": {"names": ["a", "b"]}})


async def test_a_script_uses_what_it_is_given(interpreter: Interpreter) -> None:
    """
    The value of the last expression comes back, and what was printed.
    """
    text = "print(shelf.label)\n[shelf.fetch(name) for name in given['names']]"

    assert Outcome([["a", "a"], ["b", "b"]], "upper\n") == await _run(interpreter, text)
    assert ["a", "b"] == FETCHED


async def test_a_script_catches_what_we_raise(interpreter: Interpreter) -> None:
    """
    An error of ours is an exception that the script may handle.
    """
    text = "try:\n    found = shelf.fetch('nothing')\nexcept LookupError as error:\n    found = str(error)\nfound"

    assert "There is nothing" == (await _run(interpreter, text)).value


FAILURES = [
    ("shelf.fetch('nothing')", ScriptFailed, "line 1: LookupError: There is nothing"),
    ("x = 1\nx / 0", ScriptFailed, "line 2: ZeroDivisionError: division by zero"),
    ("raise ValueError('mine')", ScriptFailed, "line 1: ValueError: mine"),
    ("while True: pass", ScriptStopped, "It computed for longer than it may"),
    ("import time\ntime.sleep(1)", ScriptStopped, "It slept for longer than it may"),
    ("[0] * 10**9", ScriptStopped, "It took more memory than it may"),
    ("print('x' * 3 * 10**6)", ScriptStopped, "It took more memory than it may"),
    ("def f() -> int: return f()\nf()", ScriptStopped, "It called itself more often than it may"),
    ("while shelf.fetch('a'): pass", ScriptStopped, "It asked for more than it may"),
    ("import socket", ScriptInvalid, "line 1, column 8: Cannot resolve imported module socket"),
    ("open('/etc/passwd')", ScriptInvalid, "line 1, column 1: Name open used when not defined"),
    ("import os\nos.system('ls')", ScriptInvalid, "line 2, column 1: Module os has no member system"),
    ("eval(\"open('/etc/passwd')\")", ScriptFailed, "line 1: PermissionError: Permission denied: '/etc/passwd'"),
    ("shelf.__class__.__bases__[0].__subclasses__()", ScriptFailed, None),
    ("getattr(shelf, 'fetch').__globals__", ScriptError, None),
    ("shelf.fetc('a')", ScriptInvalid, "line 1, column 1: Object of type Shelf has no attribute fetc"),
    ("shelf.fetch(1)", ScriptInvalid, None),
    ("x = (1,", ScriptInvalid, None),
    ("1" * 1001, ScriptInvalid, "line 1, column 1: It has 1001 characters and may have 1000"),
]


@pytest.mark.parametrize(("text", "kind", "sentence"), FAILURES, ids=[text[:30] for text, _, _ in FAILURES])
async def test_what_a_script_cannot_do_is_said(
    text: str,
    kind: type[ScriptError],
    sentence: str | None,
    interpreter: Interpreter,
) -> None:
    """
    Loops, allocation, files, sockets, processes and the way into our own objects end with a sentence; the next script
    runs as if nothing had been.
    """
    with pytest.raises(kind) as raised:
        await _run(interpreter, text)

    assert sentence in {None, str(raised.value)}
    assert 2 == (await _run(interpreter, "1 + 1")).value


@pytest.mark.parametrize("text", ["shelf.fetch('a')", "while shelf.fetch('a'): pass", "while True: pass", "1 / 0"])
async def test_checking_does_nothing(text: str, interpreter: Interpreter) -> None:
    """
    A script with no mistake in its text has none, whatever it would do; nothing is asked of us.
    """
    assert () == await interpreter.check(text, STUBS)
    assert [] == FETCHED


async def test_checking_tells_every_mistake(interpreter: Interpreter) -> None:
    """
    All mistakes come at once, with their places.
    """
    found = await interpreter.check("shelf.fetc('a')\nx: int = 'a'\nnobody", STUBS)

    assert [(1, 1), (2, 10), (3, 1)] == [(each.line, each.column) for each in found]
    assert Mistake(3, 1, "Name nobody used when not defined") == found[2]


async def test_a_caller_who_left_is_not_answered_for(interpreter: Interpreter) -> None:
    """
    A script whose caller is cancelled ends at the next thing it asks for.
    """
    entered, leave = asyncio.Event(), asyncio.Event()

    async def wait(name: str) -> list[str]:
        entered.set()
        await leave.wait()
        return [name]

    host = Host("Shelf", {"fetch": wait}, {"label": ""})
    running = asyncio.create_task(
        interpreter.run("shelf.fetch('a')\nshelf.fetch('b')", STUBS, {"shelf": host}, {"given": {}})
    )
    await entered.wait()
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    entered.clear()
    leave.set()

    assert 2 == (await _run(interpreter, "1 + 1")).value
    assert not entered.is_set()


async def test_closing_ends_the_workers(interpreter: Interpreter) -> None:
    """
    A closed interpreter begins anew when it is asked again.
    """
    await _run(interpreter, "1")
    await interpreter.aclose()

    assert 1 == (await _run(interpreter, "1")).value
