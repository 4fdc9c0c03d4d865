"""
Where the store is, as the settings say it.
"""

from collections.abc import Mapping
from pathlib import Path

import pytest

from webex_connector.app.connectors import KINDS
from webex_connector.app.mistakes import SettingsMistakes
from webex_connector.app.settings import Settings
from webex_connector.app.settings_file import load
from webex_connector.base.secret import Secret
from webex_connector.store.opening import StorePlace

SYSTEM = """
[systems.webex.configuration]
authenticationMethod = "TOKEN"
authToken = "env:T"
"""


def _settings(folder: Path, text: str, environment: Mapping[str, str] | None = None) -> Settings:
    file = folder / "settings.toml"
    file.write_text(text + SYSTEM)
    return load(file, {"T": "t", **(environment or {})}, KINDS)


def _store(folder: Path, text: str, environment: Mapping[str, str] | None = None) -> StorePlace:
    return _settings(folder, text, environment).store


def test_the_folder_is_the_users_unless_told_otherwise(tmp_path: Path) -> None:
    """
    Settings that say nothing still remember what they have to.
    """
    assert StorePlace(tmp_path / "webex-connector") == _store(tmp_path, "", {"XDG_DATA_HOME": str(tmp_path)})


def test_a_named_folder_is_beside_the_settings(tmp_path: Path) -> None:
    """
    A relative path does not depend on where the command was started; the environment has the last word.
    """
    text = '[store]\ndata_folder = "data"\n'

    assert StorePlace(tmp_path / "data") == _store(tmp_path, text)
    environment = {"WEBEX_CONNECTOR__STORE__DATA_FOLDER": "/srv/data"}
    assert StorePlace(Path("/srv/data")) == _store(tmp_path, text, environment)


@pytest.mark.parametrize(
    ("written", "url"),
    [
        ("postgresql://wx@db/wx", "postgresql://wx@db/wx"),
        ("postgresql:///wx?host=/run/postgresql", "postgresql:///wx?host=/run/postgresql"),
        ("env:URL", "postgresql://wx:hush@db/wx"),
        ("file:url", "postgresql://wx:hush@db/other"),
    ],
)
def test_a_database_is_named_or_referred_to(tmp_path: Path, written: str, url: str) -> None:
    """
    Without a password the URL may stand in the file.
    """
    (tmp_path / "url").write_text("postgresql://wx:hush@db/other\n")
    text = f'[store]\ndata_folder = "data"\ndatabase = "{written}"\n'

    found = _store(tmp_path, text, {"URL": "postgresql://wx:hush@db/wx"})

    assert StorePlace(tmp_path / "data", Secret(url)) == found


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ('database = "postgresql://wx:hush@db/wx"', "settings.toml:2: store.database holds a password"),
        ('database = "env:NOWHERE"', "settings.toml:2: store.database the environment variable NOWHERE is not set"),
        ('key = "hush"', "settings.toml:2: store.key is a secret and must not stand here"),
        ('folder = "data"', "settings.toml:2: store.folder is not a property; did you mean data_folder?"),
    ],
)
def test_mistakes_are_told_with_their_line(tmp_path: Path, line: str, problem: str) -> None:
    """
    A secret in the file is not repeated in the message.
    """
    with pytest.raises(SettingsMistakes) as wrong:
        _store(tmp_path, f"[store]\n{line}\n")

    assert problem in wrong.value.message
    assert "hush" not in wrong.value.message


def test_keys_come_by_reference(tmp_path: Path) -> None:
    """
    Like every secret.
    """
    assert Secret("k1 k2") == _store(tmp_path, '[store]\nkey = "env:K"\n', {"K": "k1 k2"}).keys


@pytest.mark.parametrize(
    ("text", "days"), [("", 400), ("[store]\njournal_days = 30\n", 30), ("[store]\njournal_days = 0\n", 0)]
)
def test_how_long_the_journal_is_kept(tmp_path: Path, text: str, days: int) -> None:
    """
    A little more than a year, unless told otherwise.
    """
    assert days == _settings(tmp_path, text).journal_days


def test_a_time_below_zero_is_a_mistake(tmp_path: Path) -> None:
    """
    It is told with its line.
    """
    with pytest.raises(SettingsMistakes, match=r":2: store\.journal_days must be zero or more"):
        _settings(tmp_path, "[store]\njournal_days = -1\n")
