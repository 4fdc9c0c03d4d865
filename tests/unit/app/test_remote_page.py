"""
The page of the connector server.
"""

import json
import re
from pathlib import Path

import pytest

from webex_connector.app.connectors import KINDS
from webex_connector.app.sections import openicf, remote
from webex_connector.app.settings_file import load
from webex_connector.gateway.remote.codec.framing import TRUSTED
from webex_connector.gateway.remote.openicf.groups import Patience

PAGE = (Path(__file__).parents[3] / "docs" / "remote.md").read_text("utf-8")
SETTINGS = re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL)
SYSTEM = '[systems.webex.configuration]\nauthenticationMethod = "TOKEN"\nauthToken = "env:T"\n'


@pytest.mark.parametrize("text", SETTINGS)
def test_its_settings_are_settings(tmp_path: Path, text: str) -> None:
    """
    Every example can be used as it stands.
    """
    (tmp_path / "data").mkdir()
    for name in ("data/remote.pem", "platform-ca.pem"):
        (tmp_path / name).write_text("PEM")
    file = tmp_path / "settings.toml"
    file.write_text(f'{text}\n[store]\ndata_folder = "data"\n{SYSTEM}')

    assert load(file, {"T": "t", "CONNECTOR_KEY": "k", "PLATFORM_PASSWORD": "p"}, KINDS).remote is not None


def test_it_has_the_numbers_that_hold() -> None:
    """
    Ports, and how long is waited for whom.
    """
    ports = [each.default for part in (remote, openicf) for each in part.SECTION.properties if each.name == "port"]
    (server,) = re.findall(r"```json\n(.*?)```", PAGE, re.DOTALL)
    patience = Patience()

    assert [8759, 8760] == ports
    assert all(f"port {port}" in PAGE.replace("port for it,", "port") for port in ports)
    assert ports[1] == json.loads(server)["port"]
    assert (60, 60, 900, 200) == (patience.absence, patience.quiet, patience.handling, patience.at_once)
    assert "15 minutes" in PAGE
    assert "have 200 operations" in PAGE
    assert f"{TRUSTED.size // 2**20} MiB at most" in PAGE
