"""
Processes that work on a store and are killed before a chosen statement or commit.
"""

import subprocess
import sys

from webex_connector.store.opening import StorePlace

_FRAME = """
import asyncio, os, signal, sys
from pathlib import Path
from sqlalchemy import event
from sqlalchemy.engine import Engine
from webex_connector.base.clock import SystemClock
from webex_connector.base.secret import Secret
from webex_connector.store import opening

IMPORTS

folder, url = sys.argv[1:]
left, opened = 0, False

def die_in_time(*_):
    global left
    left -= 1
    if left == 0:
        os.kill(os.getpid(), signal.SIGKILL)

WORK

def traced(connection, _record):
    # Not every statement to SQLite goes by way of SQLAlchemy.
    connection.set_trace_callback(lambda said: opened and not said.startswith("PRAGMA") and die_in_time())

async def main():
    global opened
    if not url:
        event.listen(Engine, "connect", traced)
    store = opening.opened(opening.StorePlace(Path(folder), Secret(url) if url else None))
    opened = True
    if url:
        event.listen(Engine, "before_cursor_execute", die_in_time)
        event.listen(Engine, "commit", die_in_time)
    await work(store, SystemClock())
    store.close()

for line in sys.stdin:
    if (child := os.fork()) == 0:
        left = int(line)
        asyncio.run(main())
        os._exit(0)
    _, status = os.waitpid(child, 0)
    print("end", os.waitstatus_to_exitcode(status), flush=True)
"""


class Workers:
    """
    Starts a process for each piece of work; what all have to import is imported once. `work` is the source of an
    `async def work(store, clock)` that prints a word for each promise that it has kept.
    """

    def __init__(self, place: StorePlace, imports: str, work: str) -> None:
        url = "" if place.database is None else place.database.reveal()
        program = _FRAME.replace("IMPORTS", imports).replace("WORK", work)
        words = [sys.executable, "-c", program, str(place.folder), url]
        self._parent = subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)  # noqa: S603 - our own work

    def killed_at(self, statement: int) -> list[str] | None:
        """
        Do the work until it is killed before that statement, and return what it has promised; None when it was done.
        """
        assert self._parent.stdin is not None
        assert self._parent.stdout is not None
        self._parent.stdin.write(f"{statement}\n")
        self._parent.stdin.flush()
        lines: list[str] = []
        while not (line := self._parent.stdout.readline()).startswith("end "):
            assert line, "the workers are gone"
            lines.append(line.strip())
        assert line in {"end 0\n", "end -9\n"}
        # Beside the promises there may be lines of the log.
        return None if line == "end 0\n" else [word for word in lines if word.isalpha()]

    def close(self) -> None:
        """
        Let the parent of all workers end.
        """
        self._parent.communicate()
