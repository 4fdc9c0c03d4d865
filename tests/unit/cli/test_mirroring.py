"""
`mirror` against a simulated organisation.
"""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from webex_connector.cli.exits import Exit
from webex_connector.sandbox.sandbox import Sandbox
from webex_connector.sandbox.scenarios import SAMPLE

Run = Callable[..., int]
Capture = pytest.CaptureFixture[str]


@pytest.fixture
def mirrored(config: Path) -> None:
    """
    Turn the mirror on in the settings.
    """
    with config.open("a", encoding="utf-8") as file:
        file.write("\n[systems.webex.mirror]\n")


@pytest.mark.usefixtures("mirrored")
def test_copies_are_made_and_shown(run: Run, sandbox: Sandbox, capsys: Capture) -> None:
    """
    Nothing is copied before the first refresh; afterwards other commands read without a request.
    """
    assert Exit.OK == run("mirror", "status", "--json")
    before = json.loads(capsys.readouterr().out)
    assert Exit.OK == run("mirror", "refresh", "--whole", "--json")
    after = {row["class"]: row for row in json.loads(capsys.readouterr().out)}
    sandbox.trace.clear()
    assert Exit.OK == run("get", "account", SAMPLE, "--fields", "displayName")

    assert {(0, None, "from Webex")} == {(row["objects"], row["as_of"], row["reads"]) for row in before}
    assert sandbox.world.people_count == after["__ACCOUNT__"]["objects"]
    assert {"from the copy"} == {row["reads"] for row in after.values()}
    assert [] == list(sandbox.trace.requests())


def test_a_system_without_a_mirror_says_so(run: Run, capsys: Capture) -> None:
    """
    The message names the table that is missing.
    """
    assert Exit.OK != run("mirror", "refresh")
    assert "[systems.webex.mirror]" in capsys.readouterr().err
