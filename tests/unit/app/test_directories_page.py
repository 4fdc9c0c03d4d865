"""
The page of directories: its settings are read, and it names what exists. Its sync file runs in tests/interop.
"""

import re
from pathlib import Path

from webex_connector.app import ready
from webex_connector.app.connectors import KINDS, REMOTE
from webex_connector.app.settings_file import load
from webex_connector.cli.commands import COMMANDS

PAGE = (Path(__file__).parents[3] / "docs" / "directories.md").read_text("utf-8")
SYSTEM, SYNC_FILE = re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL)


def test_its_settings_are_right(tmp_path: Path) -> None:
    """
    They are read as anybody's are, with the two secrets that they name.
    """
    file = tmp_path / "webex-connector.toml"
    file.write_text(SYSTEM)
    system = load(file, {"CONNECTOR_SERVER_KEY": "x", "LDAP_PASSWORD": "y"}, KINDS).systems["directory"]
    assert (REMOTE, "OpenLDAP") == (system.connector, system.display_name)


def test_it_names_what_exists() -> None:
    """
    Commands, ready mappings, and the properties of the kind.
    """
    commands = {" ".join(each.split()[:2]) for each in re.findall(r"^\$ webex-connector (.*)$", PAGE, re.MULTILINE)}
    known = {each.name for each in COMMANDS}
    assert [] == [each for each in commands if each not in known and each.split()[0] not in known]
    assert set(re.findall(r"`(ping-[a-z-]+)`", PAGE)) <= set(ready.names())
    assert {"secrets", "properties", "certificates", "fingerprint"} <= {each.name for each in KINDS[REMOTE].properties}


def test_its_mappings_are_the_ready_ones_as_far_as_they_go() -> None:
    """
    What they give of people and groups, the ready ones give too.
    """
    for what in ("users", "groups"):
        here = SYNC_FILE.partition(f"[mappings.{what}_from_webex.attributes]")[2].partition("\n\n")[0]
        sources = set(re.findall(r'= (?:\{ source = )?"(\w+)"', here))
        whole = ready.text_of(f"ping-{what}-from-webex")
        assert len(sources) >= 3
        assert [] == [each for each in sources if f'"{each}"' not in whole]
