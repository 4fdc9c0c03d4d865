"""
How a SCIM client says who it is: a bearer token (RFC 6750), or name and password (RFC 7617).
"""

from collections.abc import Mapping

from webex_connector.gateway.access import Access
from webex_connector.gateway.admission import NotAdmitted, TooManyFailures
from webex_connector.gateway.authorization import basic_of, bearer_of, challenge
from webex_connector.gateway.rights import Client
from webex_connector.gateway.scim.errors import Problem


async def admitted(access: Access, headers: Mapping[str, str], address: str) -> Client:
    """
    Return the client that the Authorization header names. Raises Problem (401, or 429 after too many failures).
    """
    token, login = bearer_of(headers), basic_of(headers)
    try:
        if token is not None:
            return await access.admit_token(token.reveal(), address)
        if login is not None:
            return await access.admit(login.name, login.password.reveal(), address)
    except TooManyFailures as error:
        raise Problem(429, str(error), headers={"Retry-After": str(error.retry_after)}) from None
    except NotAdmitted as error:
        raise Problem(401, str(error), headers=challenge(headers)) from None
    unread = headers.get("authorization", "").partition(" ")[0].lower() == "basic"
    why = "cannot be read" if unread else "with a bearer token is missing"
    raise Problem(401, f"The Authorization header {why}", headers=challenge(headers))
