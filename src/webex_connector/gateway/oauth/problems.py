"""
What the token endpoint answers when it gives no token.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum


class Fault(Enum):
    """
    Why there is no token (RFC 6749, section 5.2, and for the last one section 4.1.2.1).
    """

    INVALID_REQUEST = "invalid_request"
    INVALID_CLIENT = "invalid_client"
    INVALID_GRANT = "invalid_grant"
    UNSUPPORTED_GRANT_TYPE = "unsupported_grant_type"
    INVALID_SCOPE = "invalid_scope"
    TEMPORARILY_UNAVAILABLE = "temporarily_unavailable"


@dataclass
class Problem(Exception):
    """
    The answer to a request that gets no token. `description` is a sentence for whoever set the client up.
    """

    fault: Fault
    description: str
    status: int = 400
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def body(self) -> dict[str, str]:
        """
        The answer's body. Quotation marks and backslashes are not allowed in it.
        """
        plain = "".join(each if " " <= each <= "~" and each not in '"\\' else "'" for each in self.description)
        return {"error": self.fault.value, "error_description": plain}


def refused_client(description: str) -> Problem:
    """
    Return the 401 for a client that does not prove who it is.
    """
    return Problem(Fault.INVALID_CLIENT, description, 401, {"WWW-Authenticate": 'Basic realm="webex-connector"'})
