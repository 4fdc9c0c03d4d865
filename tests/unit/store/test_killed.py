"""
Processes that are killed between two statements: what does the survivor find?
"""

import asyncio
import subprocess
import sys
from collections.abc import Iterator

import pytest

from webex_connector.base.clock import SystemClock
from webex_connector.store.journal import Choice, JournalTable, Outcome
from webex_connector.store.leases import Leases
from webex_connector.store.opening import Store, StorePlace, opened
from webex_connector.store.vault import Holder, Vault

_WORK = """
import asyncio, os, signal, sys
from pathlib import Path
from sqlalchemy import event
from sqlalchemy.engine import Engine
from webex_connector.base.clock import SystemClock
from webex_connector.base.secret import Secret
from webex_connector.store import opening
from webex_connector.store.journal import Ending, JournalTable, Opening, Outcome
from webex_connector.store.leases import Leases
from webex_connector.store.vault import Holder, KeptTokens, Vault

folder, url = sys.argv[1:]
left = 0

def die_in_time(*_):
    global left
    left -= 1
    if left == 0:
        os.kill(os.getpid(), signal.SIGKILL)

async def main():
    store = opening.opened(opening.StorePlace(Path(folder), Secret(url) if url else None))
    event.listen(Engine, "before_cursor_execute", die_in_time)
    event.listen(Engine, "commit", die_in_time)
    clock = SystemClock()
    journal = JournalTable(store.database, clock)
    vault = Vault(store.database, store.sealing, Leases(store.database, clock))
    holder = Holder("e", "c", "f")
    key = await journal.begin(Opening("webex", "__ACCOUNT__", "create", "anna", "rest", None, "{}"))
    print("begun", flush=True)
    await vault.put(holder, KeptTokens(Secret("a2"), Secret("r2"), None, None))
    print("kept", flush=True)
    await journal.end(key, Ending(Outcome.DONE, "7"))
    print("ended", flush=True)
    store.close()

for line in sys.stdin:
    if (child := os.fork()) == 0:
        left = int(line)
        asyncio.run(main())
        os._exit(0)
    _, status = os.waitpid(child, 0)
    print("end", os.waitstatus_to_exitcode(status), flush=True)
"""

_ENOUGH = 40


class _Workers:
    """
    Starts a process for each piece of work; what all have to import is imported once.
    """

    def __init__(self, place: StorePlace) -> None:
        url = "" if place.database is None else place.database.reveal()
        words = [sys.executable, "-c", _WORK, str(place.folder), url]
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
        return None if line == "end 0\n" else [word for word in lines if word in {"begun", "kept", "ended"}]

    def close(self) -> None:
        """
        Let the parent of all workers end.
        """
        self._parent.communicate()


@pytest.fixture
def workers(place: StorePlace) -> Iterator[_Workers]:
    """
    Processes that may die.
    """
    found = _Workers(place)
    yield found
    found.close()


async def _tokens(store: Store) -> str | None:
    vault = Vault(store.database, store.sealing, Leases(store.database, SystemClock()))
    found = await vault.get(Holder("e", "c", "f"))
    return None if found is None else f"{found.access.reveal()} {found.refresh.reveal() if found.refresh else ''}"


def test_what_was_promised_is_there_and_nothing_is_half(place: StorePlace, workers: _Workers) -> None:
    """
    At every statement and commit: an intent that was promised is in the journal, tokens are the whole new pair or none,
    and an entry has its end or says that nobody saw it.
    """
    opened(place, inline=True).close()
    seen: set[tuple[str, ...]] = set()
    entries = 0
    for statement in range(1, _ENOUGH):
        promised = workers.killed_at(statement)
        if promised is None:
            break
        seen.add(tuple(promised))
        store = opened(place, inline=True)
        found = asyncio.run(JournalTable(store.database, SystemClock()).entries(Choice()))
        tokens = asyncio.run(_tokens(store))
        store.close()
        fresh = found[entries:]
        entries = len(found)
        assert len(fresh) == 1 or (not fresh and "begun" not in promised)
        assert tokens in {None, "a2 r2"}
        assert "kept" not in promised or tokens == "a2 r2"
        assert all(each.ending.outcome in {Outcome.UNFINISHED, Outcome.DONE} for each in fresh)
    else:
        raise AssertionError("the work never came to its end")
    assert {(), ("begun",), ("begun", "kept")} <= seen


def test_a_killed_process_lets_go_of_the_folder(place: StorePlace, workers: _Workers) -> None:
    """
    The lock dies with who held it: a restore after a crash needs nobody's help.
    """
    assert [] == workers.killed_at(1)

    opened(place, alone=True, inline=True).close()
