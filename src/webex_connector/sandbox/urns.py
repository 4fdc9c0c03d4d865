"""
Names of SCIM's schemas (RFC 7643 section 10, https://developer.webex.com/docs/api/v1/scim-2-users).
"""

from typing import Final

USER: Final = "urn:ietf:params:scim:schemas:core:2.0:User"
ENTERPRISE: Final = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
WEBEX_USER: Final = "urn:scim:schemas:extension:cisco:webexidentity:2.0:User"
GROUP: Final = "urn:ietf:params:scim:schemas:core:2.0:Group"
WEBEX_GROUP: Final = "urn:scim:schemas:extension:cisco:webexidentity:2.0:Group"
GROUP_MEMBERS: Final = "urn:scim:schemas:extension:cisco:webexidentity:2.0:GroupMembers"
LIST: Final = "urn:ietf:params:scim:api:messages:2.0:ListResponse"
BULK_RESPONSE: Final = "urn:ietf:params:scim:api:messages:2.0:BulkResponse"

SECTIONS: Final = (ENTERPRISE, WEBEX_USER, WEBEX_GROUP)
"""
Schemas whose attributes stand in a section of their own.
"""


def split(path: str) -> tuple[str, str]:
    """
    Return the section that a path leads into and the rest of it; no section stands for the core attributes.

    Between them stands a colon (RFC 7644 section 3.10), or a dot as in Cisco's own sample of a group.
    """
    lower = path.lower()
    for section in (*SECTIONS, USER, GROUP):
        if lower.startswith(section.lower()) and path[len(section) : len(section) + 1] in {"", ":", "."}:
            return section if section in SECTIONS else "", path[len(section) + 1 :]
    return "", path
