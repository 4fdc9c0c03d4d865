"""
The certificate of the connector server, made on the command line.
"""

import ssl
import stat
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes

from webex_connector.cli.exits import Exit
from webex_connector.cli.main import main


def test_a_certificate_is_made(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """
    Key and certificate fit each other, are for the owner alone, and the fingerprint that is told is the certificate's.
    """
    assert Exit.OK == main(["certificate", "connector.example.com", "192.0.2.7", "--folder", str(tmp_path)])

    file = tmp_path / "remote.pem"
    ssl.create_default_context(ssl.Purpose.CLIENT_AUTH).load_cert_chain(file)
    made = x509.load_pem_x509_certificate((tmp_path / "remote.crt").read_bytes())
    names = made.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert ["connector.example.com"] == names.get_values_for_type(x509.DNSName)
    assert ["192.0.2.7"] == [str(each) for each in names.get_values_for_type(x509.IPAddress)]
    assert 0o600 == stat.S_IMODE(file.stat().st_mode)
    assert made.fingerprint(hashes.SHA256()).hex(":").upper() in capsys.readouterr().out


def test_one_that_is_there_stays(tmp_path: Path) -> None:
    """
    Platforms trust it already; another one takes its place only when that is said.
    """
    main(["certificate", "localhost", "--folder", str(tmp_path)])
    first = (tmp_path / "remote.pem").read_bytes()

    assert Exit.OK != main(["certificate", "localhost", "--folder", str(tmp_path)])
    assert first == (tmp_path / "remote.pem").read_bytes()
    assert Exit.OK == main(["certificate", "localhost", "--folder", str(tmp_path), "--renew"])
    assert first != (tmp_path / "remote.pem").read_bytes()
