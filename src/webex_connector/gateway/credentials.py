"""
What clients show to be let in: tokens that are made here, and passwords that people choose; kept as digests only.
"""

import base64
import hashlib
import hmac
import secrets
from typing import Final

from webex_connector.base.secret import Secret

PREFIX: Final = "wxc_"
"""
What every token begins with, so that people, and programs that look for lost secrets, recognise one.
"""

ACCESS_PREFIX: Final = "wxa_"
"""
What every access token of the token endpoint begins with.
"""

LEAST_PASSWORD: Final = 12
"""
How many characters a password has at least.
"""

_TOKEN_BYTES: Final = 32
_HINT: Final = len(PREFIX) + 6
# Of the settings that OWASP lists for scrypt the one with the least memory that a guess still finds dear: 32 MiB
# (https://cheatsheetseries.owasp.org/cheatsheets/Password_Storage_Cheat_Sheet.html).
_COST: Final = {"n": 2**15, "r": 8, "p": 3, "maxmem": 64 * 1024 * 1024}
_FORM: Final = "scrypt-15-8-3"
_SALT_BYTES: Final = 16


def fresh_token() -> Secret:
    """
    Return a new token: 256 random bits.
    """
    return Secret(PREFIX + secrets.token_urlsafe(_TOKEN_BYTES))


def fresh_access_token() -> Secret:
    """
    Return a new access token: 256 random bits.
    """
    return Secret(ACCESS_PREFIX + secrets.token_urlsafe(_TOKEN_BYTES))


def hint_of(token: Secret) -> str:
    """
    Return how a token begins: enough to tell it from others, too little to guess the rest.
    """
    return token.reveal()[:_HINT]


def token_digest(token: str) -> str:
    """
    Return what is kept of a token. No salt and no work: nobody guesses 256 random bits.
    """
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def password_digest(password: Secret) -> str:
    """
    Return what is kept of a password. It takes some tenths of a second, on purpose.
    """
    salt = secrets.token_bytes(_SALT_BYTES)
    return "$".join((_FORM, _text(salt), _text(_derived(password.reveal(), salt))))


def password_fits(password: str, digest: str) -> bool:
    """
    Whether a password is the one of a digest. It takes as long whether it is or not.
    """
    _, salt, derived = digest.split("$")
    return hmac.compare_digest(_text(_derived(password, base64.b64decode(salt))), derived)


NOBODYS_PASSWORD: Final = f"{_FORM}$$"
"""
A digest that no password fits, for those who try a name that is not there.
"""


def _derived(password: str, salt: bytes) -> bytes:
    return hashlib.scrypt(password.encode("utf-8", "surrogatepass"), salt=salt, **_COST)


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode()
