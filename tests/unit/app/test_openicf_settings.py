"""
The protocol of OpenICF in the settings file.
"""

from pathlib import Path

import pytest

from webex_connector.app.connectors import KINDS
from webex_connector.app.mistakes import SettingsMistakes
from webex_connector.app.settings import Bearer, PlatformSettings, RemoteSettings
from webex_connector.app.settings_file import load
from webex_connector.base.secret import Secret

SERVER = '[remote]\nkey = "env:KEY"\ntls = false\n'
CLIENT = '[remote]\ntcp = false\n[remote.openicf]\nmode = "client"\n'
URL = 'url = "wss://idm.example.com/openicf"\n'
PASSWORD = 'password = "env:WORD"\n'
TOKEN = 'token_endpoint = "https://idm.example.com/token"\nclient_id = "rcs"\nclient_secret = "env:WORD"\n'


def _remote(folder: Path, text: str) -> RemoteSettings:
    file = folder / "settings.toml"
    file.write_text(
        f'{text}\n[store]\ndata_folder = "data"\n[systems.webex.configuration]\nauthenticationMethod = "TOKEN"\n'
        'authToken = "env:T"\n'
    )
    found = load(file, {"T": "t", "KEY": "changeit", "WORD": "word"}, KINDS).remote
    assert found is not None
    return found


def test_it_is_not_spoken_unasked(tmp_path: Path) -> None:
    """
    Without its table there is the older protocol alone.
    """
    found = _remote(tmp_path, SERVER)

    assert found.tcp
    assert found.openicf is None


def test_it_listens_beside_the_older_one(tmp_path: Path) -> None:
    """
    An empty table opens a second port, which may be the only one.
    """
    both = _remote(tmp_path, f"{SERVER}[remote.openicf]")
    alone = _remote(tmp_path, f"{SERVER}tcp = false\n[remote.openicf]\nport = 8759")

    assert both.openicf is not None
    assert alone.openicf is not None
    assert (True, 8759, 8760) == (both.tcp, both.port, both.openicf.port)
    assert (False, 8759) == (alone.tcp, alone.openicf.port)


def test_a_platform_is_called_with_a_password(tmp_path: Path) -> None:
    """
    Who only calls needs neither key nor certificate.
    """
    found = _remote(tmp_path, f"{CLIENT}{URL}{PASSWORD}")

    assert not found.listens
    assert found.openicf is not None
    assert (
        PlatformSettings("wss://idm.example.com/openicf", "anonymous", Secret("word"), None, None, None, 2, None)
        == found.openicf.platform
    )


def test_a_platform_is_called_with_a_token(tmp_path: Path) -> None:
    """
    Everything may be said: where the token is, who vouches for the platform, the way there, how many sockets for how
    long.
    """
    (tmp_path / "ca.pem").write_text("PEM")
    more = 'certificates = "ca.pem"\nproxy = "env:WORD"\nconnections = 3\nconnection_lifetime = 300\n'
    found = _remote(tmp_path, f"{CLIENT}{URL}{TOKEN}{more}")

    assert found.openicf is not None
    assert (
        PlatformSettings(
            "wss://idm.example.com/openicf",
            "anonymous",
            None,
            Bearer("https://idm.example.com/token", "rcs", Secret("word"), "fr:idm:*"),
            tmp_path / "ca.pem",
            Secret("word"),
            3,
            300.0,
        )
        == found.openicf.platform
    )


@pytest.mark.parametrize(
    ("text", "name", "told"),
    [
        ("[remote]\ntcp = false\n", "remote.tcp", "no protocol is spoken"),
        (f"{SERVER}[remote.openicf]\nport = 70000", "remote.openicf.port", "65535"),
        (f'{SERVER}[remote.openicf]\nmode = "both"', "remote.openicf.mode", "server"),
        (f"{SERVER}[remote.openicf]\n{URL}", "remote.openicf.url", 'mode = "client"'),
        ("[remote]\ntcp = false\n[remote.openicf]\nport = 0", "remote.key", "must be given"),
        (f"{CLIENT}{PASSWORD}", "remote.openicf.url", "wss://host/openicf"),
        (f'{CLIENT}{PASSWORD}url = "https://idm.example.com"', "remote.openicf.url", "wss://host/openicf"),
        (f'{CLIENT}{PASSWORD}url = "wss://idm.example.com:x"', "remote.openicf.url", "no address"),
        (f'{CLIENT}{PASSWORD}url = "wss://me:word@idm.example.com"', "remote.openicf.url", "must not hold a log-in"),
        (f'{CLIENT}{PASSWORD}url = "ws://idm.example.com/openicf"', "remote.openicf.url", "without TLS"),
        (f"{CLIENT}{URL}", "remote.openicf.password", "token_endpoint"),
        (f"{CLIENT}{URL}{PASSWORD}{TOKEN}", "remote.openicf.password", "not needed beside"),
        (f'{CLIENT}{URL}token_endpoint = "https://x"\n', "remote.openicf.client_secret", "must be given"),
        (
            f"{CLIENT}{URL}{TOKEN.replace('https', 'http')}",
            "remote.openicf.token_endpoint",
            "must begin with https://",
        ),
        (f'{CLIENT}{URL}{PASSWORD}certificates = "no.pem"', "remote.openicf.certificates", "is no file"),
        (f"{CLIENT}{URL}{PASSWORD}connections = 11", "remote.openicf.connections", "from 1 to 10"),
        (f"{CLIENT}{URL}{PASSWORD}connection_lifetime = -1", "remote.openicf.connection_lifetime", "less than zero"),
    ],
)
def test_what_does_not_fit_is_told(tmp_path: Path, text: str, name: str, told: str) -> None:
    """
    Each mistake is told with the property's name and what to do.
    """
    with pytest.raises(SettingsMistakes) as mistakes:
        _remote(tmp_path, text)

    assert any(name == each.setting and told in each.problem for each in mistakes.value.mistakes), mistakes.value
