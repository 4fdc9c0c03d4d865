"""
The requests that the documentation of the classic Webex connector prints, as it prints them.

Source: docs.pingidentity.com, OpenICF connector reference, "Webex connector".
"""

from typing import Any

import pytest

from fakes.idm_door import PEOPLE, Rig
from webex_connector.icf import names

LISTED = [
    "result",
    "resultCount",
    "pagedResultsCookie",
    "totalPagedResultsPolicy",
    "totalPagedResults",
    "remainingPagedResults",
]
PERSON = {
    "displayName": "John Doe",
    "firstName": "John",
    "LastName": "Doe",
    "groups": ["groupId", "groupId"],
    "emails": ["john.doe@example.com"],
    "licenses": ["licenseId"],
    "roles": ["roleId"],
    "extension": "123",
    "avatar": "urlAvatar",
    "title": "Title",
    "department": "Sales",
    "manager": "Manager Name",
    "managerId": "managerId",
    "addresses": [{"type": "work", "country": "US", "locality": "Milpitas", "region": "California"}],
    "siteUrls": ["mysite.webex.com#attendee"],
    "orgId": "orgId",
    "locationId": "locationId",
}
"""
The printed body, without `phoneNumbers`, which the page itself says may not stand beside `locationId`.
"""


async def test_the_test_needs_neither_prefix_nor_body(rig: Rig) -> None:
    """
    The system is tested under an address without `/openidm`.
    """
    answer = await rig.http.post("/system/webex?_action=test", headers={"Accept-API-Version": "resource=1.0"})
    assert list(answer.json()) == ["name", "enabled", "config", "connectorRef", "displayName", "objectTypes", "ok"]


async def test_a_user_is_created_as_printed(rig: Rig) -> None:
    """
    The body's `LastName` is the schema's `lastName`, and the whole object comes back.
    """
    answer = await rig.send("POST", f"{PEOPLE}?_action=create", PERSON)
    assert answer.status_code == 201
    person: dict[str, Any] = {name: value for name, value in PERSON.items() if name != "LastName"}
    assert rig.people["Account-0001"] == person | {"lastName": "Doe"}
    assert answer.json() == rig.people["Account-0001"] | {
        "_id": "Account-0001",
        "_rev": answer.json()["_rev"],
        "__NAME__": "john.doe@example.com",
    }


@pytest.mark.parametrize("object_class", [names.ACCOUNT, names.GROUP])
async def test_identifiers_are_listed_as_printed(rig: Rig, object_class: str) -> None:
    """
    The rows hold `_id` alone, though the GET names a content type.
    """
    rig.connector.world[names.GROUP]["G1"] = {"displayName": "Sales"}
    path = f"/openidm/system/webex/{object_class}?_queryId=query-all-ids"
    answer = await rig.send("GET", path, Content_Type="application/json")
    assert list(answer.json()) == LISTED
    assert answer.json()["result"] == [{"_id": uid} for uid in rig.connector.world[object_class]]


@pytest.mark.parametrize(
    ("query", "ids", "keys"),
    [
        ("_queryFilter=true&_fields=emails", [1, 2, 3, 4, 5], ["_id", "emails"]),
        ('_queryFilter=emails%20eq%20"person1@example.com"', [1], None),
        ('_queryFilter=displayName%20sw%20"ben"', [1], None),
    ],
)
async def test_users_are_found_as_printed(rig: Rig, query: str, ids: list[int], keys: list[str] | None) -> None:
    """
    Fields and filters are honoured, the double quotes come unencoded.
    """
    answer = (await rig.send("GET", f"{PEOPLE}?{query}", Content_Type="application/json")).json()
    assert list(answer) == LISTED
    assert [row["_id"] for row in answer["result"]] == [f"P-000{n}" for n in ids]
    assert keys is None or list(answer["result"][0]) == keys


async def test_a_user_is_updated_as_printed(rig: Rig) -> None:
    """
    The PUT has neither prefix nor precondition, and sends `orgId` back as it is.
    """
    rig.people["P-0001"]["orgId"] = "orgId"
    answer = await rig.send("PUT", "/system/webex/__ACCOUNT__/P-0001", PERSON)
    assert answer.status_code == 200
    assert (rig.people["P-0001"]["lastName"], rig.people["P-0001"]["title"]) == ("Doe", "Title")
    absent = await rig.send("PUT", "/system/webex/__ACCOUNT__/absent", PERSON)
    assert (absent.status_code, absent.json()["reason"]) == (404, "Not Found")


async def test_users_and_groups_are_deleted_as_printed(rig: Rig) -> None:
    """
    The answer is the deleted object.
    """
    rig.connector.world[names.GROUP]["G1"] = {"displayName": "Sales", "description": "They sell"}
    group = (await rig.send("DELETE", "/openidm/system/webex/__GROUP__/G1")).json()
    assert (group["_id"], group["displayName"], group["description"]) == ("G1", "Sales", "They sell")
    assert (await rig.send("DELETE", f"{PEOPLE}/P-0001")).json()["emails"] == ["person1@example.com"]
    assert not rig.connector.world[names.GROUP]
    assert "P-0001" not in rig.people


async def test_a_group_is_created_and_updated_as_printed(rig: Rig) -> None:
    """
    A group needs a name; the PUT insists on any revision.
    """
    body = {"displayName": "Group name", "description": "Group Description", "orgId": "orgId"}
    made = await rig.send("POST", "/openidm/system/webex/__GROUP__?_action=create", body)
    assert made.json().items() >= body.items()
    changed = {"displayName": "New Group Name", "description": "New Description"}
    path = f"/openidm/system/webex/__GROUP__/{made.json()['_id']}"
    assert (await rig.send("PUT", path, changed, If_Match="*")).json().items() >= changed.items()
    assert rig.connector.world[names.GROUP][made.json()["_id"]] == body | changed


@pytest.mark.parametrize("object_class", ["ROLES", "LICENSES"])
async def test_roles_and_licences_are_listed_and_read_as_printed(rig: Rig, object_class: str) -> None:
    """
    The list's address has a slash before the question mark.
    """
    path = f"/openidm/system/webex/{object_class}/?_queryFilter=true"
    answer = (await rig.send("GET", path, Content_Type="application/json")).json()
    assert list(answer) == LISTED
    assert answer["resultCount"] == 3
    for row in answer["result"]:
        one = (await rig.send("GET", f"/openidm/system/webex/{object_class}/{row['_id']}")).json()
        assert row | {"_rev": one["_rev"]} == one
