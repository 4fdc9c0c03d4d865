"""
Where SCIM and the identity broker are: beside the API, as everybody has it, or elsewhere (`identity_elsewhere`).
"""

from webex_connector.sandbox.problems import Problem
from webex_connector.sandbox.quirks import Quirks

ELSEWHERE = "/elsewhere"
"""
What stands before their paths when they are elsewhere. It does for a host of its own: whoever guesses finds nothing.
"""

_MOVING = ("/identity/scim/", "/idb/")


def root_of(quirks: Quirks) -> str:
    """
    Return what stands before the paths of SCIM and the identity broker.
    """
    return ELSEWHERE if quirks.identity_elsewhere else ""


def assumed(quirks: Quirks, path: str) -> str:
    """
    Return the path as the table of routes has it. Raises a 404 where SCIM or the identity broker are not.
    """
    usual = path.removeprefix(ELSEWHERE)
    if not usual.startswith(_MOVING):
        return path
    if path != f"{root_of(quirks)}{usual}":
        raise Problem(404)
    return usual
