"""
The tables of groups: `Group` is a group of Webex, or a team where it is configured so.

Sources: RFC 7643, section 4.2; the group mapping of One Identity's Starling Connect for Webex
(https://support.oneidentity.com/technical-documents/starling-connect), whose field names are those of teams.
"""

from typing import Final

from webex_connector.gateway.scim.mapping import (
    Attribute,
    Mutability,
    Part,
    Resource,
    ScimType,
    Shape,
    Table,
)
from webex_connector.gateway.scim.users import common, entry_parts
from webex_connector.icf import names

GROUP_URN: Final = "urn:ietf:params:scim:schemas:core:2.0:Group"
TEAM_URN: Final = "urn:webex-connector:params:scim:schemas:core:2.0:Team"
WEBEX_GROUP_URN: Final = "urn:webex-connector:params:scim:schemas:extension:2.0:Group"
WEBEX_TEAM_URN: Final = "urn:webex-connector:params:scim:schemas:extension:2.0:Team"

TEAMS: Final = "TEAMS"
"""
The object class of teams.
"""

_READ_ONLY: Final = Mutability.READ_ONLY

MEMBERS: Final = Attribute(
    "members",
    "The people in it.",
    "members",
    Shape.MAPS,
    (
        Part("value", "The person's id.", "id", case_exact=True, required=True),
        Part(
            "$ref", "The person's address.", None, ScimType.REFERENCE, _READ_ONLY, case_exact=True, refers_to=("User",)
        ),
        Part("display", "The person's name.", "displayName", mutability=_READ_ONLY),
        Part("type", "User.", mutability=_READ_ONLY, canonical=("User",)),
    ),
    ScimType.COMPLEX,
    case_exact=True,
)
"""
A value is written by its id alone, whatever else the client says of it.
"""

GROUP: Final = Resource(
    "Group",
    "Groups",
    "Groups of the Webex organisation.",
    names.GROUP,
    Table(
        GROUP_URN,
        "Group",
        "A group of people.",
        (
            Attribute("displayName", "The name of the group.", "displayName", required=True, unique=True),
            MEMBERS,
        ),
    ),
    (
        Table(
            WEBEX_GROUP_URN,
            "WebexGroup",
            "What Webex has beside the attributes of the standard.",
            (
                Attribute("description", "What the group is for.", "description"),
                Attribute("orgId", "The id of the organisation.", "orgId", mutability=_READ_ONLY, case_exact=True),
                Attribute("memberSize", "How many members it has.", "memberSize", type=ScimType.INTEGER),
            ),
        ),
    ),
    common("group_external_id"),
)

_TEAM_ATTRIBUTES: Final = (
    Attribute("displayName", "The name of the team.", "name", required=True, unique=True),
    MEMBERS,
)

_TEAM_EXTENSION: Final = Table(
    WEBEX_TEAM_URN,
    "WebexTeam",
    "What teams have beside the attributes of the standard.",
    (
        Attribute("description", "What the team is for.", "description"),
        Attribute("creatorId", "Who made it.", "creatorId", case_exact=True),
        Attribute(
            "moderators",
            "The people who moderate it; the last one stays.",
            "moderators",
            Shape.ENTRIES,
            entry_parts("the person", ("User",)),
            ScimType.COMPLEX,
            case_exact=True,
        ),
    ),
)

TEAM_AS_GROUP: Final = Resource(
    "Group",
    "Groups",
    "Teams that the owner of the token is in.",
    TEAMS,
    Table(GROUP_URN, "Group", "A team.", _TEAM_ATTRIBUTES),
    (_TEAM_EXTENSION,),
    common("externalId"),
)
"""
Teams in the place of groups.
"""

TEAM: Final = Resource(
    "Team",
    "Teams",
    "Teams that the owner of the token is in.",
    TEAMS,
    Table(TEAM_URN, "Team", "A team.", _TEAM_ATTRIBUTES),
    (_TEAM_EXTENSION,),
    common("externalId"),
)
"""
Teams beside groups, as a resource type of their own.
"""
