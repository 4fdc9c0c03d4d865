"""
A simulated organisation in real time, in a thread of its own: commands run their own event loop.
"""

import asyncio
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from webex_connector.app.practice import write_practice_file
from webex_connector.cli.main import main
from webex_connector.sandbox.sandbox import Sandbox


@pytest.fixture(autouse=True)
def log_put_back(log_as_before: None) -> None:
    """
    Commands leave the log of all tests as it was.
    """


class _Organisation(threading.Thread):
    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.sandbox = Sandbox(people=60, seed=7)
        self.address = ""
        self.is_up = threading.Event()
        self._loop = asyncio.new_event_loop()
        self._end = asyncio.Event()

    def run(self) -> None:
        self._loop.run_until_complete(self._serve())
        self._loop.close()

    async def _serve(self) -> None:
        async with self.sandbox.serving() as self.address:
            self.is_up.set()
            await self._end.wait()

    def stop(self) -> None:
        self._loop.call_soon_threadsafe(self._end.set)
        self.join()


@pytest.fixture(scope="module")
def organisation() -> Iterator[_Organisation]:
    """
    The organisation's thread, up and listening.
    """
    thread = _Organisation()
    thread.start()
    assert thread.is_up.wait(10)
    yield thread
    thread.stop()


@pytest.fixture
def sandbox(organisation: _Organisation) -> Sandbox:
    """
    The organisation, fresh for each test.
    """
    organisation.sandbox.reset()
    return organisation.sandbox


@pytest.fixture
def config(organisation: _Organisation, sandbox: Sandbox, tmp_path: Path) -> Path:
    """
    A settings file that leads to the organisation.
    """
    file = tmp_path / "webex-connector.toml"
    write_practice_file(file, organisation.address, sandbox.credentials)
    return file


Run = Callable[..., int]
"""
Runs a command and returns its exit code.
"""


@pytest.fixture
def run(config: Path) -> Run:
    """
    Run commands with that settings file.
    """
    return lambda *words: main([*words, "--config", str(config)])
