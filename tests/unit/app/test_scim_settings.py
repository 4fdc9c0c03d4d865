"""
How the settings file says how the SCIM door shows a system.
"""

from datetime import timedelta
from pathlib import Path

import pytest

from webex_connector.app.connectors import KINDS
from webex_connector.app.mistakes import SettingsMistakes
from webex_connector.app.settings_file import load
from webex_connector.gateway.scim.dialects import Dialect, Groups
from webex_connector.gateway.scim.manner import USUAL, LastMember, Manner

SYSTEM = """
[systems.webex.configuration]
clientId = "id"
clientSecret = "env:SECRET"
refreshToken = "env:SECRET"
"""


def _manner(folder: Path, text: str) -> Manner:
    file = folder / "settings.toml"
    file.write_text(SYSTEM + text, "utf-8")
    return load(file, {"SECRET": "x"}, KINDS).systems["webex"].scim


def test_without_a_word_the_manner_is_the_usual(tmp_path: Path) -> None:
    """
    The defaults of the file are those of the door.
    """
    assert _manner(tmp_path, "") == Manner(profiles="Profiles") == _manner(tmp_path, "[systems.webex.scim]\n")
    assert Manner() == USUAL


def test_everything_may_be_said(tmp_path: Path) -> None:
    """
    Each in the table of the system.
    """
    text = """
    [systems.webex.scim]
    dialect = "okta"
    groups = "both"
    profiles = "Licenses"
    adopt = true
    duplicate_names = true
    change_user_name = false
    last_member = "delete"
    datetime_offset = "-90"
    patience = 10
    """
    assert _manner(tmp_path, text) == Manner(
        Dialect.OKTA,
        Groups.BOTH,
        "Licenses",
        adopt=True,
        duplicate_names=True,
        change_user_name=False,
        last_member=LastMember.DELETE,
        offset=timedelta(minutes=-90),
        patience=10.0,
    )
    assert _manner(tmp_path, "[systems.webex.scim]\nstrict_create = true\n").strict_create


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ('dialect = "klingon"', "standard, one_identity, okta"),
        ('groups = "none"', "groups, teams, both"),
        (
            'datetime_offset = "2h"',
            "systems.webex.scim.datetime_offset must be as +02:00 or a number of minutes, not 2h",
        ),
        ('last_member = "ask"', "refuse, delete"),
        ("strict_create = true\nadopt = true", "systems.webex.scim.strict_create and adopt cannot both be true"),
        ("patience = 0", "systems.webex.scim.patience must be more than zero"),
        ("adopted = true", "adopt"),
    ],
)
def test_mistakes_are_told_with_their_place(tmp_path: Path, line: str, told: str) -> None:
    """
    With what there is instead.
    """
    with pytest.raises(SettingsMistakes) as wrong:
        _manner(tmp_path, f"[systems.webex.scim]\n{line}\n")
    assert told in wrong.value.message
    assert "settings.toml:7" in wrong.value.message
