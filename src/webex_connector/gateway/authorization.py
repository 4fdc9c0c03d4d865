"""
What the `Authorization` header of a request shows: name and password (RFC 7617), or a bearer token (RFC 6750).
"""

from base64 import b64decode
from binascii import Error as NotBase64
from collections.abc import Mapping
from dataclasses import dataclass

from webex_connector.base.secret import Secret

Headers = Mapping[str, str]
"""
Header values by name in any case.
"""


@dataclass(frozen=True, slots=True)
class Login:
    """
    Name and password that came with a request.
    """

    name: str
    password: Secret


def basic_of(headers: Headers) -> Login | None:
    """
    Return the log-in of Basic authorization; None when there is none, or it cannot be read.
    """
    scheme, _, rest = headers.get("authorization", "").partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        user, colon, word = b64decode(rest.strip(), validate=True).decode().partition(":")
    except (NotBase64, ValueError):
        return None
    return Login(user, Secret(word)) if colon else None


def bearer_of(headers: Headers) -> Secret | None:
    """
    Return the bearer token; None when there is none.
    """
    scheme, _, token = headers.get("authorization", "").partition(" ")
    return Secret(token.strip()) if scheme.lower() == "bearer" and token.strip() else None


def challenge(headers: Headers, *, basic_first: bool = False) -> dict[str, str]:
    """
    Return the header of a 401 that says how to log in. Whoever showed a token is told that it is that: clients fetch
    another then (RFC 6750, section 3.1).
    """
    wrong = "" if bearer_of(headers) is None else ', error="invalid_token"'
    ways = [f'Bearer realm="webex-connector"{wrong}', 'Basic realm="webex-connector", charset="UTF-8"']
    return {"WWW-Authenticate": ", ".join(reversed(ways) if basic_first else ways)}
