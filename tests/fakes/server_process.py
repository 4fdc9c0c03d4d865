"""
`webex-connector serve` as a process of its own, on a free port.
"""

import os
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx2

COMMAND = [sys.executable, "-m", "webex_connector.cli"]
_ANNOUNCED = re.compile(r"Serving .* at (http://[^/ ]+)")
_PATIENCE = 60


@dataclass
class ServerProcess:
    """
    A running server, and what it has written to standard error so far.
    """

    process: subprocess.Popen[str]
    address: str = ""
    lines: list[str] = field(default_factory=list)

    @property
    def log(self) -> str:
        """
        Everything it wrote.
        """
        return "".join(self.lines)

    def asked(self, method: str, path: str, token: str | None = None, **more: str) -> httpx2.Response:
        """
        Send a request with a bearer token, or with other headers; underscores in their names are dashes.
        """
        headers = {name.replace("_", "-"): value for name, value in more.items()}
        if token is not None:
            headers["Authorization"] = f"Bearer {token}"
        return httpx2.request(method, f"{self.address}{path}", headers=headers, timeout=_PATIENCE)


@contextmanager
def serving(config: Path) -> Iterator[ServerProcess]:
    """
    Serve while the block runs, and stop as a service manager does: by SIGTERM.
    """
    process = subprocess.Popen(  # noqa: S603 - our own command
        [*COMMAND, "serve", "--config", str(config)],
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "WEBEX_CONNECTOR__SERVE__PORT": "0"},
    )
    server = ServerProcess(process)
    is_up = threading.Event()
    reader = threading.Thread(target=_read, args=(server, is_up))
    reader.start()
    try:
        assert is_up.wait(_PATIENCE), "the server said nothing"
        assert server.address, server.log
        yield server
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(_PATIENCE)
        reader.join()


def _read(server: ServerProcess, is_up: threading.Event) -> None:
    assert server.process.stderr is not None
    with server.process.stderr as lines:
        for line in lines:
            server.lines.append(line)
            found = _ANNOUNCED.search(line)
            if found:
                server.address = found[1]
                is_up.set()
    is_up.set()
