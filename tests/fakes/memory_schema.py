"""
The object classes of the in-memory connector: the attribute tables of the classic Webex connectors, as data.
"""

from webex_connector.icf import names
from webex_connector.icf.schema import AttributeInfo, AttributeType, ObjectClassInfo

ROLES = "ROLES"
LICENSES = "LICENSES"

_TEXT_PARTS = ("country", "locality", "region", "streetAddress", "postalCode")

ACCOUNT_INFO = ObjectClassInfo(
    names.ACCOUNT,
    "People.",
    (
        AttributeInfo("firstName", "Given name."),
        AttributeInfo("lastName", "Family name."),
        AttributeInfo("displayName", "Full name.", required=True),
        AttributeInfo("emails", "Addresses, the first one is the name.", many=True, required=True),
        AttributeInfo("avatar", "Address of a picture.", case_sensitive=True),
        AttributeInfo(
            "licenses",
            "Licences held.",
            many=True,
            required=True,
            case_sensitive=True,
            refers_to=LICENSES,
        ),
        AttributeInfo(
            "groups",
            "Groups belonged to.",
            many=True,
            case_sensitive=True,
            returned_by_default=False,
            refers_to=names.GROUP,
        ),
        AttributeInfo("roles", "Roles held.", many=True, case_sensitive=True, refers_to=ROLES),
        AttributeInfo("extension", "Internal number.", returned_by_default=False, returned_when_read=True),
        AttributeInfo(
            "locationId",
            "Place of the telephone.",
            case_sensitive=True,
            requires=("extension",),
            excludes=("phoneNumbers",),
        ),
        AttributeInfo("orgId", "The organisation.", case_sensitive=True, updateable=False),
        AttributeInfo("department", "Department."),
        AttributeInfo("manager", "Manager's name."),
        AttributeInfo("managerId", "Manager.", case_sensitive=True, refers_to=names.ACCOUNT),
        AttributeInfo("title", "Title."),
        AttributeInfo("siteUrls", "Meeting sites.", many=True),
        AttributeInfo(
            "phoneNumbers",
            "Telephone numbers.",
            AttributeType.MAP,
            many=True,
            fields=(
                AttributeInfo("type", "Work, mobile, fax.", allowed=("work", "mobile", "fax")),
                AttributeInfo("value", "The number.", required=True),
            ),
        ),
        AttributeInfo(
            "addresses",
            "Postal addresses.",
            AttributeType.MAP,
            many=True,
            fields=(
                AttributeInfo("type", "Work, home.", allowed=("work", "home")),
                *(AttributeInfo(part, f"The address's {part}.") for part in _TEXT_PARTS),
            ),
        ),
        AttributeInfo(names.ENABLE, "Whether the person may log in.", AttributeType.BOOLEAN),
        AttributeInfo("created", "When it was made.", AttributeType.TIMESTAMP, creatable=False, updateable=False),
    ),
    name_attribute="emails",
)

GROUP_INFO = ObjectClassInfo(
    names.GROUP,
    "Groups of people.",
    (
        AttributeInfo("displayName", "The group's name.", required=True),
        AttributeInfo("orgId", "The organisation.", case_sensitive=True, updateable=False),
        AttributeInfo("description", "What it is for."),
        AttributeInfo(
            "members",
            "Who belongs to it.",
            AttributeType.MAP,
            many=True,
            case_sensitive=True,
            returned_by_default=False,
            refers_to=names.ACCOUNT,
            fields=(
                AttributeInfo("id", "The member.", required=True),
                AttributeInfo("type", "What the member is."),
                AttributeInfo("displayName", "The member's name."),
            ),
        ),
    ),
    name_attribute="displayName",
)

ROLES_INFO = ObjectClassInfo(
    ROLES,
    "Administrators' roles.",
    (AttributeInfo("name", "The role's name.", creatable=False, updateable=False),),
    name_attribute="name",
)

LICENSES_INFO = ObjectClassInfo(
    LICENSES,
    "Licences of the organisation.",
    (
        AttributeInfo("name", "The licence's name.", creatable=False, updateable=False),
        AttributeInfo("totalUnits", "Units bought.", AttributeType.INTEGER, creatable=False, updateable=False),
        AttributeInfo("consumedUnits", "Units in use.", AttributeType.INTEGER, creatable=False, updateable=False),
        AttributeInfo("subscriptionId", "Subscription.", case_sensitive=True, creatable=False, updateable=False),
        AttributeInfo("siteUrl", "Meeting site.", creatable=False, updateable=False),
        AttributeInfo("siteType", "Kind of site.", creatable=False, updateable=False),
    ),
    name_attribute="name",
)

ALL_INFO = ObjectClassInfo(names.ALL, "Every object class at once.", ())
