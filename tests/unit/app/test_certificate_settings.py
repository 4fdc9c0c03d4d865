"""
Client certificates and maps in the settings file.
"""

from pathlib import Path

import pytest
import trustme

from fakes.wire import locked
from webex_connector.app.connectors import KINDS
from webex_connector.app.mistakes import SettingsMistakes
from webex_connector.app.settings import Settings
from webex_connector.app.settings_file import load
from webex_connector.base.clock import SystemClock
from webex_connector.base.secret import Secret
from webex_connector.connector.configuration import connection_of
from webex_connector.webex.certificates import CertificateFile
from webex_connector.webex.tokens import MemoryVault

LEAF = trustme.CA().issue_cert("us@acme.example")
SYSTEM = """
[systems.webex.configuration]
authenticationMethod = "TOKEN"
authToken = "env:TOKEN"
clientCertAlias = "ours"
"""


def read(folder: Path, text: str) -> Settings:
    """
    The settings in such a file, beside a locked certificate.
    """
    (folder / "client.pem").write_bytes(locked(LEAF.private_key_pem.bytes(), b"0pen") + LEAF.cert_chain_pems[0].bytes())
    file = folder / "webex-connector.toml"
    file.write_text(text, "utf-8")
    return load(
        file, {"TOKEN": "t0ken", "OPEN": "0pen", "WRONG": "wr0ng", "KEY": LEAF.private_key_pem.bytes().decode()}, KINDS
    )


def test_a_system_shows_a_certificate_of_the_settings(tmp_path: Path) -> None:
    """
    The file is looked for beside the settings, the passphrase is a reference.
    """
    settings = read(tmp_path, f'[certificates.ours]\nfile = "client.pem"\npassword = "env:OPEN"\n{SYSTEM}')
    assert {"ours": CertificateFile(tmp_path / "client.pem", None, Secret("0pen"))} == settings.certificates
    values = settings.systems["webex"].configuration
    shown = connection_of(values, SystemClock(), MemoryVault(), settings.certificates).client.client_certificate
    assert shown is not None
    assert LEAF.cert_chain_pems[0].bytes() == shown.chain


@pytest.mark.parametrize(
    ("certificate", "mistake"),
    [
        (
            '[certificates.ours]\nfile = "client.pem"\npassword = "env:WRONG"\n',
            "configuration.clientCertPassword the passphrase does not open the private key in {}/client.pem",
        ),
        (
            '[certificates.ours]\nfile = "client.p12"\n',
            "systems.webex.configuration.clientCertAlias cannot read {}/client.p12: No such file or directory",
        ),
        ("", "systems.webex.configuration.clientCertAlias names no table [certificates.ours]; there is none"),
        ("[certificates.ours]\n", "certificates.ours.file is required"),
    ],
)
def test_a_certificate_that_cannot_be_used_is_a_mistake_of_the_settings(
    certificate: str, mistake: str, tmp_path: Path
) -> None:
    """
    Told when they are read, not with the first request.
    """
    with pytest.raises(SettingsMistakes) as caught:
        read(tmp_path, certificate + SYSTEM)
    assert mistake.format(tmp_path) in str(caught.value)
    assert "wr0ng" not in str(caught.value)


def test_the_claims_of_a_jwt_are_a_table(tmp_path: Path) -> None:
    """
    The key is a secret like any other.
    """
    text = (
        '[systems.webex.configuration]\nauthenticationMethod = "JWT_TOKEN"\njwtPem = "env:KEY"\n'
        '[systems.webex.configuration.jwtClaims]\niss = "us"\nlevel = 3\n'
    )
    values = read(tmp_path, text).systems["webex"].configuration
    assert {"iss": "us", "level": 3} == values["jwtClaims"]
    assert "PRIVATE KEY" not in repr(values)
