"""
The settings file for a simulated organisation.
"""

import stat
from pathlib import Path

import pytest

from webex_connector.app.connectors import KINDS
from webex_connector.app.practice import practice_file, practice_system, write_practice_file
from webex_connector.app.settings_file import load
from webex_connector.base.secret import Secret
from webex_connector.icf.errors import ConfigurationInvalid
from webex_connector.sandbox.grants import Credentials
from webex_connector.sandbox.meetings_site.site import SiteCredentials

ADDRESS = "http://127.0.0.1:8085"


def test_the_written_file_can_be_read(tmp_path: Path) -> None:
    """
    It leads to the organisation and lets one client in, whose password was made up.
    """
    file = tmp_path / "wc.toml"
    folder = write_practice_file(file, ADDRESS, Credentials())

    settings = load(file, {}, KINDS)

    webex = settings.systems["webex"]
    assert f"{ADDRESS}/v1" == webex.configuration["serviceUri"]
    assert Secret(Credentials().refresh_token) == webex.configuration["refreshToken"]
    (client,) = settings.clients
    assert client.password == Secret((folder / "password").read_text().strip())


def test_a_site_is_a_further_system(tmp_path: Path) -> None:
    """
    Its password is kept beside the other secrets, under the site's name.
    """
    file = tmp_path / "wc.toml"
    site = SiteCredentials("acmeclassic", 4_711_001, "g1acme!", "site-admin", "Sandbox-1")
    write_practice_file(file, ADDRESS, Credentials(), [site])

    systems = load(file, {}, KINDS).systems

    assert ["webex", "acmeclassic"] == list(systems)
    found = systems["acmeclassic"].configuration
    assert [f"{ADDRESS}/WBXService/XMLService", "4711001", Secret("Sandbox-1")] == [
        found[name] for name in ("siteUrl", "siteId", "password")
    ]


def test_the_printed_file_can_be_read(tmp_path: Path) -> None:
    """
    Pasted, with its variables set, it is a whole settings file, and differs from the demonstration's in the pace alone.
    """
    file = tmp_path / "wc.toml"
    references = {name: f"env:{name}" for name in ("client_secret", "refresh_token", "password")}
    file.write_text(practice_file(ADDRESS, Credentials(), references))
    environment = {
        "client_secret": Credentials().client_secret,
        "refresh_token": Credentials().refresh_token,
        "password": "x",
    }

    printed = load(file, environment, KINDS).systems["webex"].configuration
    demonstrated = practice_system("webex", ADDRESS, Credentials()).configuration

    assert {"readRateLimit", "writeRateLimit"} == {key for key in printed if printed[key] != demonstrated[key]}


def test_secrets_are_their_owners_alone(tmp_path: Path) -> None:
    """
    Nobody else on the computer can read them, and none stands in the settings.
    """
    file = tmp_path / "wc.toml"
    folder = write_practice_file(file, ADDRESS, Credentials())

    assert 0o700 == stat.S_IMODE(folder.stat().st_mode)
    assert {0o600} == {stat.S_IMODE(each.stat().st_mode) for each in folder.iterdir()}
    assert Credentials().client_secret not in file.read_text().replace('sandbox-client"', "")


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    """
    Somebody's own settings stay as they are.
    """
    file = tmp_path / "wc.toml"
    file.write_text("mine")

    with pytest.raises(ConfigurationInvalid, match="File exists"):
        write_practice_file(file, ADDRESS, Credentials())

    assert "mine" == file.read_text()
    assert [file] == list(tmp_path.iterdir())
