"""
Secrets of a provisioner file, sealed in place.
"""

import json
import stat
from pathlib import Path

import pytest

from webex_connector.app.connectors import KINDS
from webex_connector.app.mistakes import SettingsMistakes
from webex_connector.app.provisioner.sealing import FOLDER, Seals, seal
from webex_connector.app.settings_file import load
from webex_connector.base.secret import Secret
from webex_connector.icf.errors import ConfigurationInvalid
from webex_connector.store.cipher import Key
from webex_connector.store.opening import StorePlace

SAMPLE = Path(__file__).parents[3] / "samples" / "provisioner" / "provisioner.openicf-webex.json"
PLAIN = '"plain-client-secret"'
ENVIRONMENT = {"WEBEX_CLIENT_ID": "C0ffee", "WEBEX_REFRESH_TOKEN": "refresh"}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """
    A provisioner file with a secret in plain text, and settings that name it.
    """
    (tmp_path / "settings.toml").write_text(
        '[store]\ndata_folder = "data"\n[systems.webex]\nprovisioner = "file.json"\n',
        "utf-8",
    )
    path = tmp_path / "file.json"
    path.write_text(SAMPLE.read_text("utf-8"), "utf-8")
    return path


def _sealed_secret(file: Path) -> dict[str, str]:
    found: dict[str, str] = json.loads(file.read_text("utf-8"))["configurationProperties"]["clientSecret"]
    return found


def _place(file: Path) -> StorePlace:
    return StorePlace(file.parent / "data")


def test_only_the_secret_changes(file: Path) -> None:
    """
    The plain secret is replaced where it stands, every other character stays, and only the owner can read the file.
    """
    before = file.read_text("utf-8")
    done = seal(file, KINDS, Seals(_place(file)))
    assert (done.sealed, done.left) == (("clientSecret",), ("refreshToken",))
    fresh = json.dumps(_sealed_secret(file))
    assert file.read_text("utf-8") == before.replace(PLAIN, fresh)
    assert list(_sealed_secret(file)) == ["$sealed"]
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE((file.parent / "data" / FOLDER / "store.key").stat().st_mode) == 0o600


def test_a_sealed_file_is_read_as_before(file: Path) -> None:
    """
    The system has the secret, whatever becomes of the keys of the database; sealing again changes nothing.
    """
    seal(file, KINDS, Seals(_place(file)))
    (file.parent / "data" / "store.key").write_text("another", "ascii")
    found = load(file.parent / "settings.toml", ENVIRONMENT, KINDS)
    assert found.systems["webex"].configuration["clientSecret"] == Secret("plain-client-secret")
    before = file.read_bytes()
    again = seal(file, KINDS, Seals(_place(file)))
    assert (again.sealed, again.left) == ((), ("clientSecret", "refreshToken"))
    assert file.read_bytes() == before


def test_a_sealed_value_opens_at_its_own_place_only(file: Path) -> None:
    """
    Copied to another property, or to a system of another name, it does not open.
    """
    seal(file, KINDS, Seals(_place(file)))
    tree = json.loads(file.read_text("utf-8"))
    tree["configurationProperties"]["refreshToken"] = tree["configurationProperties"]["clientSecret"]
    file.write_text(json.dumps(tree), "utf-8")
    with pytest.raises(SettingsMistakes) as caught:
        load(file.parent / "settings.toml", ENVIRONMENT, KINDS)
    assert str(caught.value) == (
        f"{file}:1: configurationProperties.refreshToken does not open: provisioner.refreshToken was changed, or "
        "copied from another place"
    )


def test_a_new_first_key_seals_anew(file: Path) -> None:
    """
    With keys of the settings, what the old one sealed is sealed with the new one, which then opens it alone.
    """
    old, new = Key.made(), Key.made()
    seal(file, KINDS, Seals(StorePlace(keys=old.text)))
    both = Secret(f"{new.text.reveal()} {old.text.reveal()}")
    done = seal(file, KINDS, Seals(StorePlace(keys=both)))
    assert done.sealed == ("clientSecret",)
    text = _sealed_secret(file)["$sealed"]
    assert Seals(StorePlace(keys=new.text)).opened(text, "webex", "clientSecret") == Secret("plain-client-secret")
    with pytest.raises(ValueError, match=r"does not open: provisioner\.clientSecret was sealed with the key"):
        Seals(StorePlace(keys=old.text)).opened(text, "webex", "clientSecret")


def test_what_cannot_be_sealed_is_one_sentence(file: Path) -> None:
    """
    Without a place for the key, and with a file that is none or names no connector, nothing is changed.
    """
    before = file.read_bytes()
    with pytest.raises(ConfigurationInvalid, match=r"has no key: name a data_folder or a key in \[store\]"):
        seal(file, KINDS, Seals(StorePlace()))
    file.write_text(file.read_text("utf-8").replace(PLAIN, '{"$sealed": "v1.a.b.c"}'), "utf-8")
    with pytest.raises(ConfigurationInvalid, match="clientSecret does not open"):
        seal(file, KINDS, Seals(_place(file)))
    file.write_bytes(before.replace(b"WebexConnector", b"LdapConnector"))
    with pytest.raises(SettingsMistakes, match="connectorName is org"):
        seal(file, KINDS, Seals(_place(file)))
    with pytest.raises(SettingsMistakes, match="cannot be read: No such file or directory"):
        seal(file.parent / "none.json", KINDS, Seals(_place(file)))
