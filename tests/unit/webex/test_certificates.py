"""
Client certificates: in which forms they are read, and what is said of those that cannot be used.
"""

import re
import ssl
from datetime import datetime
from pathlib import Path

import pytest
import trustme
from cryptography import x509
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, NoEncryption, load_pem_private_key
from cryptography.hazmat.primitives.serialization.pkcs12 import serialize_key_and_certificates

from fakes.virtual_time import EPOCH
from fakes.wire import locked
from webex_connector.base.secret import Secret
from webex_connector.webex.certificates import (
    CertificateFile,
    UnusableCertificate,
    WrongPassphrase,
    certificate_in,
)

CA = trustme.CA()
LEAF = CA.issue_cert("us@acme.example")
KEY = LEAF.private_key_pem.bytes()
CHAIN = LEAF.cert_chain_pems[0].bytes()
OPEN, CLOSED, WRONG = None, Secret("0pen"), Secret("wr0ng")


def store(password: bytes | None) -> bytes:
    """
    The same as PKCS#12.
    """
    private, certificate = load_pem_private_key(KEY, None), x509.load_pem_x509_certificate(CHAIN)
    closed = BestAvailableEncryption(password) if password else NoEncryption()
    return serialize_key_and_certificates(b"ours", private, certificate, None, closed)  # type: ignore[arg-type]  # an EC key


FORMS = {
    "one PEM file": (KEY + CHAIN, None, OPEN, OPEN),
    "one PEM file, key locked": (locked(KEY, b"0pen") + CHAIN, None, CLOSED, OPEN),
    "two PEM files": (CHAIN, KEY, OPEN, OPEN),
    "two PEM files, key locked": (CHAIN, locked(KEY, b"0pen"), CLOSED, OPEN),
    "two PEM files, key locked otherwise": (CHAIN, locked(KEY, b"0pen"), WRONG, CLOSED),
    "PEM with a needless password": (KEY + CHAIN, None, CLOSED, OPEN),
    "PKCS#12": (store(b"0pen"), None, CLOSED, OPEN),
    "PKCS#12, password by the system": (store(b"0pen"), None, OPEN, CLOSED),
    "PKCS#12, open": (store(None), None, OPEN, OPEN),
}


def placed(folder: Path, content: bytes, key: bytes | None, password: Secret | None) -> CertificateFile:
    """
    The files.
    """
    file, private = folder / "client", folder / "client.key"
    file.write_bytes(content)
    if key is not None:
        private.write_bytes(key)
    return CertificateFile(file, None if key is None else private, password)


@pytest.mark.parametrize("form", FORMS)
def test_a_certificate_is_read_in_every_form(form: str, tmp_path: Path) -> None:
    """
    TLS takes it, nothing of it stays on the disk, and its key is not printed.
    """
    content, key, password, own = FORMS[form]
    before = set(tmp_path.parent.iterdir())
    found = certificate_in(placed(tmp_path, content, key, password), own, EPOCH)
    found.use_in(ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT))
    assert CHAIN == found.chain
    assert "PRIVATE KEY" not in repr(found)
    assert before == set(tmp_path.parent.iterdir())


OTHER = trustme.CA().issue_cert("us@acme.example")
ENDED = CA.issue_cert("us@acme.example", not_after=datetime(2020, 1, 1))  # noqa: DTZ001 - as the library wants it

BAD = {
    "wrong passphrase": (
        locked(KEY, b"0pen") + CHAIN,
        None,
        WRONG,
        WrongPassphrase,
        "the passphrase does not open the private key in FILE",
    ),
    "no passphrase": (
        locked(KEY, b"0pen") + CHAIN,
        None,
        OPEN,
        WrongPassphrase,
        "the private key in FILE is encrypted: its passphrase is required",
    ),
    "wrong passphrase, PKCS#12": (
        store(b"0pen"),
        None,
        WRONG,
        WrongPassphrase,
        "the passphrase does not open FILE",
    ),
    "no key": (CHAIN, None, OPEN, UnusableCertificate, "no private key in PEM form stands in FILE"),
    "no certificate": (KEY, None, OPEN, UnusableCertificate, "no certificate in PEM form stands in FILE"),
    "nothing known": (b"\x00\x01", None, OPEN, UnusableCertificate, "FILE is neither PEM nor PKCS#12"),
    "another key": (
        CHAIN,
        OTHER.private_key_pem.bytes(),
        OPEN,
        UnusableCertificate,
        "the private key belongs to another certificate than SUBJECT",
    ),
    "ended": (
        ENDED.private_key_and_cert_chain_pem.bytes(),
        None,
        OPEN,
        UnusableCertificate,
        "the certificate SUBJECT ended on 2020-01-01",
    ),
}


@pytest.mark.parametrize("case", BAD)
def test_what_cannot_be_used_has_its_sentence(case: str, tmp_path: Path) -> None:
    """
    With the file's name, and never the passphrase.
    """
    content, key, password, kind, sentence = BAD[case]
    with pytest.raises(UnusableCertificate) as caught:
        certificate_in(placed(tmp_path, content, key, password), None, EPOCH)
    said = re.sub(r"(OU|O)=.*?(?= ended|$)", "SUBJECT", str(caught.value).replace(str(tmp_path / "client"), "FILE"))
    assert (kind, sentence) == (type(caught.value), said)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    """
    With the system's reason.
    """
    with pytest.raises(UnusableCertificate, match=r"^cannot read .*/nowhere: No such file or directory$"):
        certificate_in(CertificateFile(tmp_path / "nowhere"), None, EPOCH)


def test_a_certificate_of_tomorrow_is_not_used_today(tmp_path: Path) -> None:
    """
    The clock may be the one that is wrong; the sentence has the date.
    """
    place = placed(tmp_path, KEY + CHAIN, None, None)
    with pytest.raises(UnusableCertificate, match=r"begins on 2000-01-01$"):
        certificate_in(place, None, EPOCH.replace(year=1999))
