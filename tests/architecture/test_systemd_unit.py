"""
The unit in `examples/systemd`, as systemd reads it.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from webex_connector.app.settings import ServeSettings
from webex_connector.cli.exits import Exit

FOLDER = Path(__file__).parents[2] / "examples" / "systemd"
UNIT = (FOLDER / "webex-connector.service").read_text()
WRAPPER = (FOLDER / "webex-connector-as-service").read_text()
PAGE = (FOLDER.parents[1] / "docs" / "install.md").read_text()


def _values(name: str) -> list[str]:
    return [line.partition("=")[2] for line in UNIT.splitlines() if line.startswith(f"{name}=")]


def _analyzed(*words: str) -> subprocess.CompletedProcess[str]:
    program = shutil.which("systemd-analyze")
    if program is None:
        if os.environ.get("CI"):
            pytest.fail("systemd-analyze is not installed (Debian: apt-get install systemd)")
        pytest.skip("systemd-analyze is not installed (Debian: apt-get install systemd)")
    return subprocess.run([program, *words], capture_output=True, text=True, timeout=60, check=False)  # noqa: S603 - systemd's own program


def test_systemd_understands_every_line(tmp_path: Path) -> None:
    """
    Nothing is misspelt or misplaced. The program is where it is here.
    """
    file = tmp_path / "webex-connector.service"
    file.write_text(UNIT.replace("/opt/webex-connector/bin/webex-connector", str(Path(sys.executable))))
    found = _analyzed("verify", "--man=no", str(file))
    assert (0, "") == (found.returncode, found.stderr)


def test_a_misspelt_line_would_be_found(tmp_path: Path) -> None:
    """
    The check that is relied on does complain.
    """
    file = tmp_path / "webex-connector.service"
    text = UNIT.replace("/opt/webex-connector/bin/webex-connector", str(Path(sys.executable)))
    file.write_text(text.replace("DynamicUser=yes", "DynamicUsr=yes"))
    assert "DynamicUsr" in _analyzed("verify", "--man=no", str(file)).stderr


def test_the_page_tells_how_exposed_the_service_is() -> None:
    """
    The rating on the page is systemd's own.
    """
    found = _analyzed("security", "--offline=yes", "--no-pager", str(FOLDER / "webex-connector.service"))
    rating = float(found.stdout.rpartition("webex-connector.service: ")[2].split()[0])
    assert f"rates it {rating} of 10" in PAGE


def test_it_stops_later_than_the_server_and_does_not_repeat_a_wrong_setting() -> None:
    """
    Requests in progress have the time that the settings give them; what only an administrator can mend is left alone.
    """
    assert float(_values("TimeoutStopSec")[0]) > ServeSettings().stop_within
    assert [str(Exit.SETUP.value)] == _values("RestartPreventExitStatus")


def test_commands_run_with_the_service_s_user_state_and_key() -> None:
    """
    What the unit says of these, the wrapper for commands says too.
    """
    for name in ("DynamicUser", "StateDirectory", "StateDirectoryMode", "UMask", "LoadCredential"):
        assert [f"--property={name}={value}" in WRAPPER for value in _values(name)] == [True]
    assert "--property=User=webex-connector" in WRAPPER
    assert ["WEBEX_CONNECTOR__STORE__KEY=file:%d/store.key"] == _values("Environment")
    assert 'WEBEX_CONNECTOR__STORE__KEY="file:$CREDENTIALS_DIRECTORY/store.key"' in WRAPPER
