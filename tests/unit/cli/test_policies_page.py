"""
The page of policies: its settings are read, and its terminal session is what the command says today.
"""

import re
import shlex
from collections.abc import Callable
from pathlib import Path

import pytest

from webex_connector.sandbox.sandbox import Sandbox

PAGE = (Path(__file__).parents[3] / "docs" / "policies.md").read_text("utf-8")
SETTINGS = re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL)
SESSIONS = re.findall(r"```console\n\$ webex-connector (.*?)\n(.*?)```", PAGE, re.DOTALL)


def test_the_session_of_the_page_is_true(
    run: Callable[..., int], config: Path, sandbox: Sandbox, capsys: pytest.CaptureFixture[str]
) -> None:
    """
    With the settings of the page in one file, the command says what the page shows; nobody is made. Ids are cut.
    """
    (config.parent / "licence-groups.csv").write_text("cost_center,group\nC7,Sales\n", "utf-8")
    config.write_text("\n".join([config.read_text("utf-8"), *SETTINGS]), "utf-8")
    ((words, shown),) = SESSIONS

    run(*shlex.split(words))

    told = re.sub(r"Y2lz\w+", "Y2lz…", capsys.readouterr().err)
    assert shown == told
    assert 0 == sandbox.world.writes
