"""
The command that applies a plan, in a process of its own, ended by SIGKILL at every kind of write; and by Ctrl-C.
"""

import asyncio
import json
import logging
import signal
import sqlite3
import subprocess
import sys
from collections import Counter
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
import structlog

from fakes.mortal import Death, Gate, Moment
from fakes.sync_files import SYNC_FILE
from fakes.sync_stage import Effects
from webex_connector.app.practice import write_practice_file
from webex_connector.cli.main import main
from webex_connector.sandbox import server
from webex_connector.sandbox.delivery import Receive, Send
from webex_connector.sandbox.sandbox import Sandbox

pytestmark = [pytest.mark.long, pytest.mark.real_time]

POINTS = [
    ("POST", "/people", 1, Moment.BEFORE),
    ("POST", "/people", 1, Moment.AFTER),
    ("POST", "/people", 2, Moment.AFTER),
    ("POST", "/Bulk", 1, Moment.BEFORE),
    ("POST", "/Bulk", 1, Moment.AFTER),
    ("DELETE", "/people/", 1, Moment.BEFORE),
    ("DELETE", "/people/", 1, Moment.AFTER),
]
"""
At which request, by its method, a part of its path and its number among those alike, and when as seen from it.
"""


class NamedGate(Gate):
    """
    Lets a process die at a request that is told by what it is.
    """

    point: tuple[str, str, int, Moment] | None = None
    met = 0

    async def __call__(self, scope: Any, receive: Receive, send: Send) -> None:
        """
        Pass a request on, unless its sender dies before.
        """
        if self.point is not None and not self.dead:
            method, path, number, moment = self.point
            self.met += scope["method"] == method and path in scope["path"]
            if self.met == number:
                self._death = Death(self.requests + 1, moment)
        await super().__call__(scope, receive, send)


@pytest.fixture(autouse=True)
def log_as_before() -> Iterator[None]:
    """
    Commands configure the log of their process, which here is that of all tests; it is put back.
    """
    handlers, level = list(logging.root.handlers), logging.root.level
    yield
    structlog.reset_defaults()
    logging.root.handlers[:] = handlers
    logging.root.setLevel(level)


class House:
    """
    A folder with settings and a source, before an organisation.
    """

    def __init__(self, gate: NamedGate, address: str, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.gate, self._folder, self._capsys = gate, folder, capsys
        self.effects = Effects()
        gate.sandbox.world.watchers.append(self.effects.watch)
        self.config = folder / "webex-connector.toml"
        write_practice_file(self.config, address, gate.sandbox.credentials)
        with self.config.open("a") as settings:
            settings.write('[sync]\nfile = "sync.toml"\n')
        (folder / "sync.toml").write_text(SYNC_FILE)

    def source(self, people: Sequence[tuple[str, str, str]]) -> None:
        """
        Let the source have these: name, title, and the manager's name. The name is the key, too.
        """
        lines = [f"{name},{name.lower()}@acme.example,{name},{title},{boss}" for name, title, boss in people]
        (self._folder / "hr.csv").write_text("\n".join(["number,mail,first,job,boss", *lines, ""]))

    def seen(self) -> list[tuple[str, str, str]]:
        """
        Return those who are there and have a post: name, title and the manager's name.
        """
        people = [each for _, each in self.gate.sandbox.world.people()]
        named = {each.uuid: each.display_name for each in people}
        return sorted(
            (each.display_name, each.title, named.get(each.manager_uuid, ""))
            for each in people
            if each.title.startswith("Post")
        )

    async def run(self, *words: str) -> tuple[int, str]:
        """
        Run a command in this process, and return its exit code and what it wrote.
        """
        self._capsys.readouterr()
        code = await asyncio.to_thread(main, [*words, "--config", str(self.config)])
        return code, self._capsys.readouterr().out

    async def plan(self) -> tuple[str, str, list[str]]:
        """
        Make a plan: its id, its fingerprint, and what it does.
        """
        code, told = await self.run("sync", "plan", "people", "--json")
        assert code == 0, told
        made = json.loads(told)
        return made["plan"], made["fingerprint"], [each["action"] for each in made["items"] if each["source_key"]]

    async def ended(self, plan: str, fingerprint: str) -> tuple[int, bytes]:
        """
        Apply a plan in a process of its own, until it ends in whichever way; return its exit code and what it told.
        """
        process = self.started(plan, fingerprint)
        self.gate.begin(process.kill, None)
        return await self.awaited(process)

    def started(self, plan: str, fingerprint: str) -> subprocess.Popen[bytes]:
        """
        Begin to apply a plan in a process of its own.
        """
        command = [sys.executable, "-m", "webex_connector.cli", "sync", "apply", plan, "--approve", fingerprint]
        pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
        return subprocess.Popen([*command, "--config", str(self.config)], **pipes)  # type: ignore[call-overload, no-any-return]  # noqa: S603 - our own command; the overloads know no mapping

    async def awaited(self, process: subprocess.Popen[bytes]) -> tuple[int, bytes]:
        """
        Wait for a process, and return its exit code and what it told.
        """
        _, told = await asyncio.to_thread(process.communicate)
        return process.returncode, told

    def let_leases_end(self) -> None:
        """
        Let the time be over for which a dead process keeps others waiting.
        """
        with sqlite3.connect(self._folder / "webex-connector.toml.data" / "store.db") as link:
            link.execute("DELETE FROM leases")
        link.close()


@asynccontextmanager
async def opened(folder: Path, capsys: pytest.CaptureFixture[str]) -> AsyncIterator[House]:
    """
    Have an organisation while the block runs.
    """
    gate = NamedGate(Sandbox(people=6))
    async with server.serving(gate) as address:
        yield House(gate, address, folder, capsys)


async def test_killed_at_any_write_it_is_gone_on_with(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """
    Time and again two join, one moves and one leaves, and the process dies: whoever goes on makes nobody twice and
    leaves nothing out, and the next plan is empty.
    """
    async with opened(tmp_path, capsys) as house:
        house.source([("Ana", "Post 0", ""), ("Bo0", "Post", "Ana")])
        plan, fingerprint, _ = await house.plan()
        assert (await house.run("sync", "apply", plan, "--approve", fingerprint))[0] == 0
        stay = [("Ana", "Post 0", "")]
        for number, point in enumerate(POINTS, start=1):
            more = [(f"Al{number}", "Post", "Ana"), (f"Bo{number}", "Post", f"Al{number}")]
            stay = [("Ana", f"Post {number}", ""), *stay[1:], more[0]]
            house.source([*stay, more[1]])
            plan, fingerprint, actions = await house.plan()
            assert Counter(actions) == {"CREATE": 2, "UPDATE": 1, "DELETE": 1}
            house.gate.met, house.gate.point = 0, point
            assert (await house.ended(plan, fingerprint))[0] == -signal.SIGKILL, point
            house.gate.point = None
            house.gate.begin(lambda: None, None)
            house.let_leases_end()
            assert (await house.run("sync", "apply", plan, "--approve", fingerprint))[0] == 0, point
            assert house.seen() == sorted([*stay, more[1]]), point
            assert house.effects.twice() == [], point
            assert (await house.plan())[2] == [], point


async def test_ctrl_c_lets_end_what_was_begun(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """
    The batches that were begun are done and no other is begun; the command says how to go on, and that does the rest.
    """
    everybody = [(f"P{number:03}", "Post", "") for number in range(250)]
    async with opened(tmp_path, capsys) as house:
        house.source(everybody)
        plan, fingerprint, _ = await house.plan()
        process = house.started(plan, fingerprint)
        house.gate.sandbox.world.watchers.append(
            lambda _: process.send_signal(signal.SIGINT) if house.effects.made.total() == 1 else None
        )
        code, told = await house.awaited(process)
        assert (code, len(house.seen())) == (130, 200), told
        assert f"To go on: webex-connector sync apply {plan}".encode() in told
        assert (await house.run("sync", "apply", plan, "--approve", fingerprint))[0] == 0
        assert house.seen() == sorted(everybody)
        assert house.effects.twice() == []
