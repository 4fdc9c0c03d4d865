"""
The command as a process: what a shell sees.
"""

import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from webex_connector.cli.exits import Exit

pytestmark = pytest.mark.long

COMMAND = [sys.executable, "-m", "webex_connector.cli"]
HEAVY = ("httpx2", "starlette", "uvicorn", "msgspec", "structlog", "webex_connector.app", "webex_connector.gateway")


def _run(*words: str, command: list[str] | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603 - our own command
        [*(command or COMMAND), *words],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_help_needs_no_command() -> None:
    """
    Help goes to standard output, names every command, and ends well.
    """
    ended = _run("--help")

    assert (Exit.OK, "") == (ended.returncode, ended.stderr)
    assert all(name in ended.stdout for name in ("test", "list", "create", "serve", "demo"))


def test_help_loads_no_server_and_no_client() -> None:
    """
    Help comes at once because it loads little: neither the web, nor the HTTP client, nor the rooms behind them.
    """
    program = (
        "import sys\nfrom webex_connector.cli.main import main\nmain(['--help'])\n"
        f"loaded = [name for name in {HEAVY!r} if name in sys.modules]\nsys.exit(' '.join(loaded) or 0)"
    )

    ended = _run("-c", program, command=[sys.executable])

    assert "" == ended.stderr


def test_a_mistake_ends_with_its_code_and_one_line(tmp_path: Path) -> None:
    """
    The shell sees the exit code; people see what to do, on standard error.
    """
    file = tmp_path / "wc.toml"
    file.write_text('[systems.webex.configuration]\nclientSecret = "plain"\n')

    ended = _run("list", "account", "--config", str(file))

    assert (Exit.SETUP, "") == (ended.returncode, ended.stdout)
    assert f"{file}:2: systems.webex.configuration.clientSecret is a secret" in ended.stderr
    assert "plain" not in ended.stderr
    assert "Traceback" not in ended.stderr


@pytest.mark.parametrize("words", ["schema account", "list account --json"])
def test_a_reader_that_leaves_early_is_no_error(words: str, config: Path) -> None:
    """
    `| head` closes the pipe, be there little to write or much; nobody is told about it.
    """
    program = f"{shlex.join(COMMAND)} {words} --config {shlex.quote(str(config))} | true"

    ended = _run("-c", program, command=["/bin/sh"])

    assert "" == ended.stderr


def test_the_version_is_told() -> None:
    """
    The version is that of the installed package.
    """
    assert _run("--version").stdout.startswith("0.")
