"""
Secrets in the form that the protocol gives them. Key and vector are public constants of it: this keeps a password out
of sight and protects it from nobody. TLS does.

Source: `EncryptorFactoryImpl.getDefaultEncryptor` in ConnId and OpenICF.
"""

from typing import Final

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC
from cryptography.hazmat.primitives.padding import PKCS7

from webex_connector.gateway.remote.codec.primitives import Malformed

_CIPHER: Final = Cipher(
    AES(bytes.fromhex("236587225978544364056ABD34A23457")),
    CBC(bytes.fromhex("5165222364056ABE5165222364056ABE")),
)
_PADDING: Final = PKCS7(AES.block_size)


def sealed(content: bytes) -> bytes:
    """
    Return the bytes encrypted.
    """
    padder, encryptor = _PADDING.padder(), _CIPHER.encryptor()
    return encryptor.update(padder.update(content) + padder.finalize()) + encryptor.finalize()


def opened(content: bytes) -> bytes:
    """
    Return the bytes decrypted. Raises Malformed when they are not the encryption of anything.
    """
    decryptor, unpadder = _CIPHER.decryptor(), _PADDING.unpadder()
    try:
        return unpadder.update(decryptor.update(content) + decryptor.finalize()) + unpadder.finalize()
    except ValueError:
        raise Malformed("a secret is not encrypted as it should be") from None


def sealed_text(content: str) -> bytes:
    """
    Return a text encrypted: its UTF-16 units, as Java holds them.
    """
    return sealed(content.encode("utf-16-be", "surrogatepass"))


def opened_text(content: bytes) -> str:
    """
    Return a text decrypted. Raises Malformed.
    """
    try:
        return opened(content).decode("utf-16-be", "surrogatepass")
    except UnicodeDecodeError:
        raise Malformed("a secret is no text") from None
