"""
How a SCIM client says who it is: a bearer token (RFC 6750), or name and password (RFC 7617).
"""

from base64 import b64decode
from binascii import Error as NotBase64
from collections.abc import Mapping
from typing import Final

from webex_connector.gateway.access import Access
from webex_connector.gateway.admission import Lapsed, NotAdmitted, TooManyFailures
from webex_connector.gateway.rights import Client
from webex_connector.gateway.scim.errors import Problem

CHALLENGE: Final = {"WWW-Authenticate": 'Bearer realm="webex-connector", Basic realm="webex-connector"'}


async def admitted(access: Access, headers: Mapping[str, str], address: str) -> Client:
    """
    Return the client that the Authorization header names. Raises Problem (401, or 429 after too many failures).
    """
    scheme, _, rest = headers.get("authorization", "").partition(" ")
    try:
        match scheme.lower():
            case "bearer" if rest.strip():
                return await access.admit_token(rest.strip(), address)
            case "basic":
                name, password = _name_and_password(rest)
                return await access.admit(name, password, address)
            case _:
                raise Problem(401, "The Authorization header with a bearer token is missing", headers=CHALLENGE)
    except TooManyFailures as error:
        raise Problem(429, str(error), headers={"Retry-After": str(error.retry_after)}) from None
    except Lapsed as error:
        raise Problem(401, str(error), headers=CHALLENGE) from None
    except NotAdmitted as error:
        raise Problem(401, str(error), headers=CHALLENGE) from None


def _name_and_password(text: str) -> tuple[str, str]:
    try:
        name, colon, password = b64decode(text.strip(), validate=True).decode().partition(":")
    except (NotBase64, ValueError):
        colon = name = password = ""
    if not colon:
        raise Problem(401, "The Authorization header cannot be read", headers=CHALLENGE)
    return name, password
