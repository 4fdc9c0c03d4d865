"""
Client certificates (RFC 8446, section 4.4.2): read from PEM or PKCS#12, checked, and handed to TLS.
"""

import os
import secrets
import ssl
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes, PublicKeyTypes
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)
from cryptography.hazmat.primitives.serialization.pkcs12 import load_pkcs12

from webex_connector.base.secret import Secret

_OWNER_ALONE = 0o600


class UnusableCertificate(Exception):
    """
    There is no certificate to show. The text says what is wrong with which file; it holds no secret.
    """


class WrongPassphrase(UnusableCertificate):
    """
    The certificate's key stays closed.
    """


@dataclass(frozen=True, slots=True)
class CertificateFile:
    """
    Where a client certificate lies.
    """

    file: Path
    """PEM, with the chain behind the certificate, or PKCS#12 (`.p12`, `.pfx`)."""

    private_key: Path | None = None
    """PEM, when the key does not stand in `file`."""

    password: Secret | None = None
    """What opens the file; the key too, unless something else is said to."""


@dataclass(frozen=True, slots=True)
class ClientCertificate:
    """
    A certificate with its key, ready to be shown.
    """

    subject: str
    ends: datetime
    chain: bytes
    """PEM, the certificate first."""

    key: Secret
    """PEM, without a passphrase."""

    def use_in(self, context: ssl.SSLContext) -> None:
        """
        Show it to every server that asks.

        OpenSSL reads keys from files only. What is on the disk for that moment is encrypted with a passphrase that
        nobody knows, in a folder that nobody else can read.
        """
        passphrase = secrets.token_bytes(32).hex().encode()
        closed = load_pem_private_key(self.key.reveal().encode(), None).private_bytes(
            Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(passphrase)
        )
        with TemporaryDirectory(prefix="webex-connector-") as folder:
            file = Path(folder) / "certificate.pem"
            with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _OWNER_ALONE), "wb") as stream:
                stream.write(closed + self.chain)
            context.load_cert_chain(file, password=passphrase)


def certificate_in(place: CertificateFile, key_password: Secret | None, now: datetime) -> ClientCertificate:
    """
    Return the certificate with its key.

    Raise WrongPassphrase when the key does not open, and UnusableCertificate when a file cannot be read or is neither
    PEM nor PKCS#12, when the key is missing or another's, and when the certificate is not in force.
    """
    content = _content(place.file)
    if b"-----BEGIN " in content:
        keyed = place.private_key or place.file
        chain = _chain(content, place.file)
        key = _key(_content(keyed), keyed, key_password or place.password)
    else:
        # PKCS#12 has one passphrase for all: `password` of the entry, or clientCertPassword where that has none.
        chain, key = _store(content, place.file, place.password or key_password)
    first = chain[0]
    subject = first.subject.rfc4514_string()
    if _public(key.public_key()) != _public(first.public_key()):
        raise UnusableCertificate(f"the private key belongs to another certificate than {subject}")
    if first.not_valid_after_utc <= now:
        raise UnusableCertificate(f"the certificate {subject} ended on {first.not_valid_after_utc:%Y-%m-%d}")
    if first.not_valid_before_utc > now:
        raise UnusableCertificate(f"the certificate {subject} begins on {first.not_valid_before_utc:%Y-%m-%d}")
    return ClientCertificate(
        subject,
        first.not_valid_after_utc,
        b"".join(each.public_bytes(Encoding.PEM) for each in chain),
        Secret(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()),
    )


def _content(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as problem:
        raise UnusableCertificate(f"cannot read {file}: {problem.strerror}") from None


def _chain(content: bytes, file: Path) -> list[x509.Certificate]:
    try:
        return x509.load_pem_x509_certificates(content)
    except ValueError:
        raise UnusableCertificate(f"no certificate in PEM form stands in {file}") from None


def _key(content: bytes, file: Path, password: Secret | None) -> PrivateKeyTypes:
    text = password.reveal().encode() if password else None
    encrypted = b"ENCRYPTED" in content
    try:
        return load_pem_private_key(content, text if encrypted else None)
    except TypeError:
        raise WrongPassphrase(f"the private key in {file} is encrypted: its passphrase is required") from None
    except ValueError:
        if encrypted:
            raise WrongPassphrase(f"the passphrase does not open the private key in {file}") from None
        raise UnusableCertificate(f"no private key in PEM form stands in {file}") from None


def _store(content: bytes, file: Path, password: Secret | None) -> tuple[list[x509.Certificate], PrivateKeyTypes]:
    try:
        store = load_pkcs12(content, password.reveal().encode() if password else None)
    except ValueError as problem:
        # The library's words tell a wrong passphrase from a file that is none.
        if "password" in str(problem).lower() or "mac" in str(problem).lower():
            raise WrongPassphrase(f"the passphrase does not open {file}") from None
        raise UnusableCertificate(f"{file} is neither PEM nor PKCS#12") from None
    if store.cert is None or store.key is None:
        raise UnusableCertificate(f"{file} lacks a certificate or its private key")
    return [store.cert.certificate, *(each.certificate for each in store.additional_certs)], store.key


def _public(key: PublicKeyTypes) -> bytes:
    return key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
