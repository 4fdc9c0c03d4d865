"""
What every test may use.
"""

import asyncio
import logging
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest
import structlog

from fakes.virtual_time import VirtualClock, VirtualTimeLoop


def pytest_asyncio_loop_factories(
    config: pytest.Config,
    item: pytest.Item,
) -> Mapping[str, Callable[[], asyncio.AbstractEventLoop]]:
    """
    Run every asynchronous test in virtual time, so that no test sleeps; those that wait for threads, in real time.
    """
    if item.get_closest_marker("real_time"):
        return {"real": asyncio.SelectorEventLoop}
    return {"virtual": VirtualTimeLoop}


_CERTIFICATE = Path(__file__).parent / "samples" / "other-host.pem"


@pytest.fixture(autouse=True)
def one_certificate(monkeypatch: pytest.MonkeyPatch) -> None:
    """
    Trust one certificate in place of the machine's hundreds.

    The simulated Webex speaks no TLS, and reading all of them would take longer than most tests.
    """
    monkeypatch.setenv("SSL_CERT_FILE", str(_CERTIFICATE))


@pytest.fixture
def clock() -> VirtualClock:
    """
    The clock of the test's own loop.
    """
    return VirtualClock()


@pytest.fixture
def log_as_before() -> Iterator[None]:
    """
    Commands configure the log of their process, which here is that of all tests; it is put back.
    """
    handlers, level = list(logging.root.handlers), logging.root.level
    yield
    structlog.reset_defaults()
    logging.root.handlers[:] = handlers
    logging.root.setLevel(level)
