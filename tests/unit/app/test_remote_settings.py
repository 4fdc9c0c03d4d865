"""
The connector server in the settings file.
"""

from pathlib import Path

import pytest

from webex_connector.app.connectors import KINDS
from webex_connector.app.mistakes import SettingsMistakes
from webex_connector.app.settings import RemoteSettings, Settings
from webex_connector.app.settings_file import load
from webex_connector.base.secret import Secret
from webex_connector.gateway.remote.profiles import InStream
from webex_connector.gateway.rights import Client, Role

SYSTEM = """
[systems.webex.configuration]
authenticationMethod = "TOKEN"
authToken = "env:T"
"""
DIGEST = Secret("lmA6bMfENJGlIDbfrVtklXFK32s=")


def _settings(folder: Path, text: str) -> Settings:
    file = folder / "settings.toml"
    file.write_text(text + f'\n[store]\ndata_folder = "data"\n{SYSTEM}')
    return load(file, {"T": "t", "KEY": "changeit", "HASH": DIGEST.reveal()}, KINDS)


def _remote(folder: Path, text: str) -> RemoteSettings:
    found = _settings(folder, f"[remote]\n{text}").remote
    assert found is not None
    return found


def test_without_the_table_there_is_no_server(tmp_path: Path) -> None:
    """
    Nobody opens a port by accident.
    """
    assert _settings(tmp_path, "").remote is None


def test_the_key_may_be_a_key_or_its_digest(tmp_path: Path) -> None:
    """
    Both lead to the same digest; the rest has its defaults.
    """
    by_key = _remote(tmp_path, 'key = "env:KEY"\ntls = false')

    assert by_key == _remote(tmp_path, 'key_hash = "env:HASH"\ntls = false')
    assert (DIGEST, "127.0.0.1", 8759, "connid") == (by_key.key, by_key.host, by_key.port, by_key.profile.name)
    assert Client("remote", role=Role.ADMIN) == by_key.client
    assert by_key.certificate is None


def test_the_certificate_of_the_data_folder_is_found(tmp_path: Path) -> None:
    """
    What `webex-connector certificate` made is used without being named.
    """
    (tmp_path / "data").mkdir()
    own = tmp_path / "data" / "remote.pem"
    own.write_text("PEM")

    assert own == _remote(tmp_path, 'key = "env:KEY"\nhost = "0.0.0.0"').certificate


def test_everything_may_be_said(tmp_path: Path) -> None:
    """
    Family, role, systems and how a search ends.
    """
    found = _remote(
        tmp_path,
        'key = "env:KEY"\ntls = false\nprofile = "openicf"\nsearch_result = "always"\nrole = "provisioner"\n'
        'systems = ["webex"]\nkeep_at_most = 3\nkeep_idle = 60',
    )

    assert ("openicf", InStream.ALWAYS) == (found.profile.name, found.profile.result_in_stream)
    assert Client("remote", systems=frozenset({"webex"}), role=Role.PROVISIONER) == found.client
    assert (3, 60.0) == (found.at_most, found.idle)


@pytest.mark.parametrize(
    ("text", "mistake"),
    [
        ("tls = false", "remote.key must be given"),
        ('key = "env:KEY"\nkey_hash = "env:HASH"\ntls = false', "remote.key must be given, or key_hash"),
        ('key = "changeit"\ntls = false', "remote.key"),
        ('key = "env:KEY"', "remote.certificate is no file"),
        ('key = "env:KEY"\ncertificate = "none.pem"', "none.pem. `webex-connector certificate` makes one"),
        ('key = "env:KEY"\ntls = false\nhost = "0.0.0.0"', "remote.tls 0.0.0.0 lets other computers connect"),
        ('key = "env:KEY"\ntls = false\nport = 70000', "remote.port must be from 0 to 65535"),
        ('key = "env:KEY"\ntls = false\nprofile = "idm"', "remote.profile must be one of connid, openicf"),
        ('key = "env:KEY"\ntls = false\nkeep_idle = 0', "remote.keep_idle must be more than zero"),
        ('key = "env:KEY"\ntls = false\nsystems = ["webex"]', "remote.systems limits nobody"),
    ],
)
def test_mistakes_are_told(tmp_path: Path, text: str, mistake: str) -> None:
    """
    Each one by its name, and what to do.
    """
    with pytest.raises(SettingsMistakes) as found:
        _settings(tmp_path, f"[remote]\n{text}")

    assert mistake in str(found.value)
