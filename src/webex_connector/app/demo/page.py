"""
The bodies of the reference page, with identifiers of the simulated organisation in the place of its examples.
"""

from dataclasses import dataclass
from typing import Any

from webex_connector.app.demo.visitor import Visitor
from webex_connector.sandbox.catalogue import SITE
from webex_connector.sandbox.scenarios import ADMIN

ADDRESS = "john.doe@example.com"
"""
Whom the page creates.
"""

LICENSES = ("Advanced Messaging", "Webex Calling - Professional")
"""
The licences that the new user is given: the extension and the telephone number of the page need one for calling.
"""

CORRECTED = (
    "it gives both locationId and phoneNumbers, which exclude each other, so locationId is left out; real identifiers "
    "stand in the place of its examples"
)
"""
What is different in the bodies of a user.
"""

_ROLE = "Read-only Administrator"


@dataclass(frozen=True, slots=True)
class Real:
    """
    Identifiers that exist.
    """

    organisation: str
    manager: str
    role: str
    licenses: tuple[str, ...]
    groups: tuple[str, ...]


async def real(visitor: Visitor, root: str) -> Real:
    """
    Look up identifiers through the door.
    """
    managers = await visitor.look(f'{root}/__ACCOUNT__?_queryFilter=emails%20eq%20"{ADMIN}"')
    roles = await visitor.look(f"{root}/ROLES?_queryFilter=true")
    licenses = await visitor.look(f"{root}/LICENSES?_queryFilter=true")
    groups = await visitor.look(f"{root}/__GROUP__?_queryFilter=true&_pageSize=2")
    manager = managers["result"][0]
    return Real(
        manager["orgId"],
        manager["_id"],
        next(each["_id"] for each in roles["result"] if each["__NAME__"] == _ROLE),
        tuple(each["_id"] for each in licenses["result"] if each["name"] in LICENSES),
        tuple(each["_id"] for each in groups["result"]),
    )


def user(known: Real) -> dict[str, Any]:
    """
    Return the body of "Create user". `LastName` is spelled as on the page: names match in any case.
    """
    return {
        "displayName": "John Doe",
        "firstName": "John",
        "LastName": "Doe",
        "groups": list(known.groups),
        "emails": [ADDRESS],
        "licenses": list(known.licenses),
        "roles": [known.role],
        "extension": "123",
        "avatar": "https://avatars.example.com/john.png",
        "title": "Title",
        "department": "Sales",
        "manager": "Manager Name",
        "managerId": known.manager,
        "phoneNumbers": [{"type": "work", "value": "+1 010 110 1101"}],
        "addresses": [
            {
                "type": "work",
                "country": "US",
                "locality": "Milpitas",
                "region": "California",
                "streetAddress": "1111 Bird Ave.",
                "postalCode": "010101",
            },
        ],
        "siteUrls": [f"{SITE}#attendee"],
        "orgId": known.organisation,
    }


def group(known: Real) -> dict[str, Any]:
    """
    Return the body of "Create group".
    """
    return {"displayName": "Group name", "description": "Group Description", "orgId": known.organisation}
