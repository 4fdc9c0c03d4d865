"""
What some clients read differently, as variations of the tables.
"""

from dataclasses import replace
from enum import Enum
from typing import Final

from webex_connector.gateway.scim.catalogues import OKTA_PROFILE, OKTA_ROLE, PROFILE, ROLE
from webex_connector.gateway.scim.groups import GROUP, TEAM, TEAM_AS_GROUP
from webex_connector.gateway.scim.mapping import Attribute, Mutability, Resource
from webex_connector.gateway.scim.users import ENTERPRISE, USER, WEBEX


class Dialect(Enum):
    """
    Whose words the door speaks.
    """

    STANDARD = "standard"
    """
    RFC 7643, for Entra, SailPoint, midPoint, Ping and everybody else.
    """
    ONE_IDENTITY = "one_identity"
    """
    The organisation and the presence are in the enterprise extension, as in Starling Connect's table.
    """
    OKTA = "okta"
    """
    Roles and licences have the schemas that Okta's entitlement management looks for.
    """


class Groups(Enum):
    """
    What stands behind `/Groups`.
    """

    GROUPS = "groups"
    TEAMS = "teams"
    BOTH = "both"
    """
    Groups; and teams as a resource type `Team` beside them.
    """


_STARLING_EXTENSION: Final = replace(
    ENTERPRISE,
    attributes=(
        *(each for each in ENTERPRISE.attributes if each.name != "organization"),
        Attribute(
            "organization",
            "The id of the Webex organisation.",
            "orgId",
            mutability=Mutability.READ_ONLY,
            case_exact=True,
        ),
        Attribute("status", "The presence; pending for somebody who never signed in.", "status"),
    ),
)

ONE_IDENTITY_USER: Final = replace(USER, extensions=(_STARLING_EXTENSION, WEBEX))


def resources_of(
    dialect: Dialect = Dialect.STANDARD,
    groups: Groups = Groups.GROUPS,
    profiles: str | None = None,
) -> tuple[Resource, ...]:
    """
    Return the resource types of a dialect; `profiles` is another name and endpoint for the licences.
    """
    user = ONE_IDENTITY_USER if dialect is Dialect.ONE_IDENTITY else USER
    role, profile = (OKTA_ROLE, OKTA_PROFILE) if dialect is Dialect.OKTA else (ROLE, PROFILE)
    if profiles is not None:
        profile = replace(profile, name=profiles, endpoint=profiles)
    behind = {Groups.GROUPS: (GROUP,), Groups.TEAMS: (TEAM_AS_GROUP,), Groups.BOTH: (GROUP, TEAM)}
    return (user, *behind[groups], role, profile)
