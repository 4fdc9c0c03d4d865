"""
The scripts that settings and provisioner files name: read, checked before anything starts, and run over REST.
"""

import json
from pathlib import Path

import pytest

from webex_connector.app.connectors import KINDS
from webex_connector.app.named_scripts import refuse_wrong
from webex_connector.app.settings import Settings
from webex_connector.app.settings_file import load
from webex_connector.icf.errors import ConfigurationInvalid

pytestmark = pytest.mark.real_time

SETTINGS = """
[systems.webex]
scripts = "scripts"
[systems.webex.configuration]
serviceUri = "http://localhost:1/v1"
authenticationMethod = "TOKEN"
authToken = "env:TOKEN"
"""


def _settings(folder: Path, **scripts: str) -> Settings:
    (folder / "scripts").mkdir()
    for name, text in scripts.items():
        (folder / "scripts" / f"{name}.py").write_text(text, "utf-8")
    file = folder / "settings.toml"
    file.write_text(SETTINGS, "utf-8")
    return load(file, {"TOKEN": "secret", "XDG_DATA_HOME": str(folder)}, KINDS)


async def test_a_folder_holds_the_scripts(tmp_path: Path) -> None:
    """
    Each Python file is a script by its name; the example has nothing wrong with it.
    """
    example = Path(__file__).parents[3] / "examples" / "scripts" / "unlicensed.py"
    settings = _settings(tmp_path, unlicensed=example.read_text("utf-8"), one="1")

    assert {"unlicensed", "one"} == settings.systems["webex"].scripts.keys()
    await refuse_wrong(settings.systems.values())


async def test_wrong_scripts_are_refused_before_the_start(tmp_path: Path) -> None:
    """
    All mistakes of all scripts come at once, each with file, line and column.
    """
    settings = _settings(tmp_path, first="connector.purge()", second="1 +", third="x = 2\nnobody", fourth="#" * 70_000)
    with pytest.raises(ConfigurationInvalid) as raised:
        await refuse_wrong(settings.systems.values())

    place = tmp_path / "scripts"
    assert [
        "Scripts are wrong:",
        f"{place}/first.py:1:1: Object of type Connector has no attribute purge",
        f"{place}/fourth.py:1:1: It has 70000 characters and may have 65536",
        f"{place}/second.py:1:4: Expected an expression",
        f"{place}/third.py:2:1: Name nobody used when not defined",
    ] == raised.value.message.splitlines()


def test_a_folder_that_is_none_is_a_mistake(tmp_path: Path) -> None:
    """
    The place in the settings is named.
    """
    file = tmp_path / "settings.toml"
    file.write_text(SETTINGS, "utf-8")
    with pytest.raises(ConfigurationInvalid) as raised:
        load(file, {"TOKEN": "secret"}, KINDS)

    assert f"settings.toml:3: systems.webex.scripts is no folder: {tmp_path}/scripts" in str(raised.value)


def test_python_of_a_provisioner_file_is_taken(tmp_path: Path) -> None:
    """
    Actions whose `systemType` fits this connector are; those for other systems are not.
    """
    sample = Path(__file__).parents[2] / "samples" / "provisioner" / "provisioner.openicf-webex.json"
    tree = json.loads(sample.read_text("utf-8"))
    python = {"actionType": "python", "actionSource": "1"}
    tree["systemActions"] = [
        {"scriptId": "ours", "actions": [{**python, "systemType": ".*WebexConnector"}]},
        {"scriptId": "every", "actions": [python]},
        {"scriptId": "theirs", "actions": [{**python, "systemType": ".*ScriptedConnector"}]},
    ]
    (tmp_path / "provisioner.openicf-webex.json").write_text(json.dumps(tree), "utf-8")
    file = tmp_path / "settings.toml"
    file.write_text('provisioners = "."\n', "utf-8")
    known = {"XDG_DATA_HOME": str(tmp_path), "WEBEX_CLIENT_ID": "C1", "WEBEX_REFRESH_TOKEN": "R1"}
    settings = load(file, known, KINDS)

    assert {"ours", "every"} == settings.systems["webex"].scripts.keys()
