"""
Which organisation a path may name: the one there is.
"""

from webex_connector.sandbox import ids
from webex_connector.sandbox.problems import not_found
from webex_connector.sandbox.world import World


def require_own(world: World, identifier: str) -> None:
    """
    Raise a 404 unless this is the organisation itself, by identifier or by UUID; a 400 for a malformed one.
    """
    if ids.value_of(ids.Kind.ORGANIZATION, identifier) != world.organization.uuid:
        raise not_found("Organization")
