"""
The requests of the OpenICF Webex connector's page, sent as bytes through a socket, with their effect on the
organisation.
"""

import json
import shlex
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import pytest

from fakes.rest_door import RestDoor, rest_door
from fakes.virtual_time import VirtualClock
from samples.ping.requests import CREATE_LINE, REQUESTS, PageRequest
from webex_connector.sandbox.sandbox import Sandbox
from webex_connector.webex.ids import encode, uuid_of

BY_NAME = {request.name: request for request in REQUESTS}
SITE = "acme.webex.com"


@dataclass(frozen=True)
class Page:
    """
    The door, and the identifiers that stand in the page's braces.
    """

    door: RestDoor
    ids: dict[str, str]

    @property
    def sandbox(self) -> Sandbox:
        """
        The organisation behind the door.
        """
        return self.door.hub.sandbox

    async def meant(self, name: str, **more: str) -> tuple[int, Any]:
        """
        Send a request of the page with its corrections.
        """
        return await self.door.send(BY_NAME[name].as_meant({**self.ids, **more}))


@pytest.fixture
async def page(clock: VirtualClock) -> AsyncIterator[Page]:
    """
    A system `webex` with the log-in that the page uses, in front of an organisation of 60 people.
    """
    async with rest_door(clock) as door:
        world = door.hub.sandbox.world
        first, second, *_ = (door.group_id(uuid) for uuid in world.groups)
        john = door.uid_of("john@example.wbx.ai")
        ids = {
            "group1": first,
            "group2": second,
            "group": first,
            "license": door.license_id("Professional"),
            "role": encode("ROLE", "id_readonly_admin"),
            "avatar": "https://example.com/john.png",
            "manager": john,
            "person": john,
            "org": encode("ORGANIZATION", world.organization.uuid),
            "location": encode("LOCATION", next(iter(world.locations))),
            "site": SITE,
        }
        yield Page(door, ids)


@pytest.mark.parametrize("request_", [each for each in REQUESTS if each.printed], ids=lambda each: each.name)
async def test_printed_slips_are_explained(page: Page, request_: PageRequest) -> None:
    """
    A request whose bytes cannot mean what they print is refused with the reason, and nothing changes.
    """
    assert request_.printed is not None
    before = page.sandbox.world.writes

    status, answer = await page.door.send(request_.as_printed(page.ids))

    assert (status, before) == (request_.printed[0], page.sandbox.world.writes)
    assert request_.printed[1] in answer["message"]
    assert {"code": status, "reason": "Bad Request"}.items() <= answer.items()


@pytest.mark.parametrize("request_", [each for each in REQUESTS if not each.printed], ids=lambda each: each.name)
async def test_everything_else_works_as_printed(page: Page, request_: PageRequest) -> None:
    """
    A request without a slip is answered with success, byte for byte as printed.
    """
    status, _ = await page.door.send(request_.as_printed(page.ids))

    assert (201 if "create" in request_.name else 200) == status


def test_each_correction_is_needed_and_explained() -> None:
    """
    Every correction changes something that is printed, and says why.
    """
    for request in REQUESTS:
        assert bool(request.corrections) == bool(request.printed)
        for each in request.corrections:
            assert each.printed in request.target + request.body + "".join(other.meant for other in request.corrections)
            assert len(each.reason) > 20


def test_the_first_curl_line_has_no_address() -> None:
    """
    As printed, the shell joins body and address into one word, so that line has to be corrected by a space.
    """
    assert not any(word.strip().startswith("http") for word in shlex.split(CREATE_LINE))
    assert any(word.strip().startswith("http") for word in shlex.split(CREATE_LINE.replace("'\\\n", "' \\\n")))


async def test_test_answers_exactly_as_printed(page: Page) -> None:
    """
    The status has the printed members, with the printed values, in the printed order.
    """
    _, answer = await page.meant("test")

    assert json.dumps(
        {
            "name": "webex",
            "enabled": True,
            "config": "config/provisioner.openicf/webex",
            "connectorRef": {
                "bundleVersion": "1.5.20.34",
                "bundleName": "org.forgerock.openicf.connectors.webex-connector",
                "connectorName": "org.forgerock.openicf.connectors.webex.WebexConnector",
            },
            "displayName": "Webex Connector",
            "objectTypes": ["__GROUP__", "__ACCOUNT__", "ROLES", "__ALL__", "LICENSES"],
            "ok": True,
        },
    ) == json.dumps(answer)


async def test_a_user_is_created_with_everything_on_the_page(page: Page) -> None:
    """
    The created person has what was sent, is in both groups, and the answer shows it.
    """
    status, answer = await page.meant("create user")

    uid = answer["_id"]
    person = page.door.person(uid)
    assert person is not None
    assert 201 == status
    assert "_warnings" not in answer
    assert ("John Doe", "John", "Doe", "john.doe@example.com") == (
        person.display_name,
        person.first_name,
        person.last_name,
        person.email,
    )
    assert ("123", "Title", "Sales", "Manager Name") == (
        person.extension,
        person.title,
        person.department,
        person.manager,
    )
    assert ("id_readonly_admin",) == person.roles
    assert SITE in person.attendee_sites
    assert page.door.groups_of(uid) == {page.ids["group1"], page.ids["group2"]}
    assert answer["groups"] == [page.ids["group1"], page.ids["group2"]]
    assert page.ids["license"] in answer["licenses"]
    assert "Milpitas" == answer["addresses"][0]["locality"]
    assert "+1 010 110 1101" == answer["phoneNumbers"][0]["value"]
    assert f"{SITE}#attendee" in answer["siteUrls"]
    assert page.ids["manager"] == answer["managerId"]


async def test_a_user_can_have_a_location_in_place_of_numbers(page: Page) -> None:
    """
    The other way out of the page's contradiction: the location stays, the numbers go.
    """
    request = BY_NAME["create user"]
    body = json.loads(request.body.replace("{location}", page.ids["location"]))
    del body["phoneNumbers"]
    text = json.dumps(body)
    other = PageRequest("create user", request.method, request.target, body=text)

    status, answer = await page.door.send(other.as_printed(page.ids))

    person = page.door.person(answer["_id"])
    assert person is not None
    assert (201, page.ids["location"], "123") == (status, answer["locationId"], answer["extension"])
    assert uuid_of(page.ids["location"]) == person.location_uuid


async def test_placeholders_pasted_as_they_stand_make_a_person_with_warnings(page: Page) -> None:
    """
    Whoever pastes the page's placeholders gets the person without them, and is told which ones were left out.
    """
    request = BY_NAME["create user"].as_meant(
        {
            **page.ids,
            "license": "licenseId",
            "role": "roleId",
            "avatar": "urlAvatar",
            "group1": "groupId",
            "group2": "groupId",
        },
    )

    status, answer = await page.door.send(request)

    warned = {each["attribute"] for each in answer["_warnings"]}
    assert 201 == status
    assert {"licenses", "roles", "avatar", "groups"} <= warned
    assert all(each["reason"] for each in answer["_warnings"])
    assert page.door.person(answer["_id"]) is not None
    assert page.door.groups_of(answer["_id"]) == set()


async def test_ids_of_all_users(page: Page) -> None:
    """
    query-all-ids answers everybody's id and nothing else, in the printed envelope.
    """
    _, answer = await page.meant("get users")

    everybody = {encode("PEOPLE", person.uuid) for _, person in page.sandbox.world.people()}
    assert everybody == {row["_id"] for row in answer["result"]}
    assert all(list(row) == ["_id"] for row in answer["result"])
    assert list(answer) == [
        "result",
        "resultCount",
        "pagedResultsCookie",
        "totalPagedResultsPolicy",
        "totalPagedResults",
        "remainingPagedResults",
    ]
    assert (len(everybody), None, "NONE", -1, -1) == tuple(answer.values())[1:]


async def test_one_user(page: Page) -> None:
    """
    Reading a user shows the attributes of the sample; extension and location only to those who have the licence.
    """
    _, created = await page.meant("create user")
    _, licensed = await page.meant("get user", person=created["_id"])
    _, john = await page.meant("get user")

    printed = {
        *("_id", "displayName", "firstName", "lastName", "emails", "licenses", "roles", "extension", "avatar", "title"),
        *("department", "manager", "managerId", "phoneNumbers", "addresses", "siteUrls", "orgId"),
    }
    assert printed <= licensed.keys()
    assert "123" == licensed["extension"]
    assert ("John Doe", ["john@example.wbx.ai"]) == (john["displayName"], john["emails"])
    assert page.ids["org"] == john["orgId"]  # the page prints true


async def test_groups_of_one_user_when_asked_for(page: Page) -> None:
    """
    The sample shows groups; they come when they are asked for, since they cost a walk of all groups.
    """
    _, created = await page.meant("create user")
    request = BY_NAME["get user"]
    asked = PageRequest("get user", "GET", f"{request.target}?_fields=*,groups")

    _, answer = await page.door.send(asked.as_printed({**page.ids, "person": created["_id"]}))

    assert {page.ids["group1"], page.ids["group2"]} == set(answer["groups"])


async def test_addresses_of_all_users(page: Page) -> None:
    """
    With _fields=emails each row holds id and address, nothing more.
    """
    _, answer = await page.meant("get user emails")

    expected = {encode("PEOPLE", each.uuid): [each.email] for _, each in page.sandbox.world.people()}
    assert expected == {row["_id"]: row["emails"] for row in answer["result"]}
    assert all(row.keys() == {"_id", "emails"} for row in answer["result"])


async def test_a_user_by_address_with_raw_quotation_marks(page: Page) -> None:
    """
    The filter finds John by one request to Webex, although its quotation marks are not encoded.
    """
    before = len(page.sandbox.trace.requests())

    _, answer = await page.meant("get user by email")

    asked = page.sandbox.trace.requests()[before:]
    assert [page.ids["person"]] == [row["_id"] for row in answer["result"]]
    printed = {"firstName", "displayName", "lastName", "orgId", "emails", "roles", "licenses", "__NAME__"}
    assert printed <= answer["result"][0].keys()
    assert ["/v1/people"] == [each.path for each in asked if "access_token" not in each.path]


async def test_users_by_the_beginning_of_their_name(page: Page) -> None:
    """
    The filter finds everybody whose display name begins so, whatever the case.
    """
    _, answer = await page.meant("get users by display name")

    world = page.sandbox.world
    johns = [each for _, each in world.people() if each.display_name.lower().startswith("john")]
    expected = {encode("PEOPLE", each.uuid) for each in johns}
    assert expected
    assert expected == {row["_id"] for row in answer["result"]}
    assert len(expected) == answer["resultCount"]


async def test_a_user_is_updated_without_precondition(page: Page) -> None:
    """
    PUT without If-Match, without /openidm, updates what it lists: the whole body of the page, corrected.
    """
    _, created = await page.meant("create user")
    request = BY_NAME["update user"]
    ids = {**page.ids, "person": created["_id"], "group2": page.ids["group1"], "role": encode("ROLE", "id_user_admin")}
    sent = request.as_meant(ids).replace(b'"Title"', b'"Chief"')

    status, answer = await page.door.send(sent)

    person = page.door.person(created["_id"])
    assert person is not None
    assert (200, "Chief", "Chief") == (status, answer["title"], person.title)
    assert "_warnings" not in answer
    assert ("id_user_admin",) == person.roles
    assert {page.ids["group1"]} == page.door.groups_of(created["_id"])
    assert "123" == person.extension
    assert person.avatar


async def test_updating_nobody_is_not_found(page: Page) -> None:
    """
    PUT to a person who is not there creates nobody.
    """
    before = page.sandbox.world.writes
    nobody = encode("PEOPLE", "00000000-0000-4000-8000-000000000000")

    status, answer = await page.meant("update user", person=nobody)

    assert (404, "Not Found", before) == (status, answer["reason"], page.sandbox.world.writes)


async def test_a_user_is_deleted(page: Page) -> None:
    """
    Deleting answers with the person as they were; afterwards they are gone, and deleting again is not found.
    """
    status, answer = await page.meant("delete user")
    again, _ = await page.meant("delete user")

    assert (200, page.ids["person"], ["john@example.wbx.ai"]) == (status, answer["_id"], answer["emails"])
    assert page.door.person(page.ids["person"]) is None
    assert 404 == again


async def test_the_life_of_a_group(page: Page) -> None:
    """
    A group is created, listed, renamed and deleted, each time answered as printed.
    """
    world = page.sandbox.world
    status, created = await page.meant("create group")
    uid = created["_id"]
    _, listed = await page.meant("get groups")
    _, updated = await page.meant("update group", group=uid)
    renamed = world.groups[uuid_of(uid)].display_name
    _, deleted = await page.meant("delete group", group=uid)

    assert (201, "Group name", "Group Description", page.ids["org"], []) == (
        status,
        created["displayName"],
        created["description"],
        created["orgId"],
        created["members"],
    )
    assert uid in {row["_id"] for row in listed["result"]}
    assert ("New Group Name", "New Group Name", "New Description", []) == (
        renamed,
        updated["displayName"],
        updated["description"],
        updated["members"],
    )
    assert (uid, "New Group Name", []) == (deleted["_id"], deleted["displayName"], deleted["members"])
    assert uuid_of(uid) not in world.groups


async def test_roles(page: Page) -> None:
    """
    Roles show `_id` and `__NAME__` alone, in the list and by themselves.
    """
    _, listed = await page.meant("get roles")
    _, one = await page.meant("get role")

    expected = {encode("ROLE", key): role.name for key, role in page.sandbox.world.roles.items()}
    assert expected == {row["_id"]: row["__NAME__"] for row in listed["result"]}
    assert all(row.keys() == {"_id", "__NAME__"} for row in listed["result"])
    assert {"_id": page.ids["role"], "__NAME__": "Read-only Administrator"}.items() <= one.items()


async def test_licenses(page: Page) -> None:
    """
    Licences show units, subscription and site as printed; the numbers are numbers.
    """
    _, listed = await page.meant("get licenses")
    _, one = await page.meant("get license")

    world = page.sandbox.world
    assert len(world.licenses) == listed["resultCount"]
    site = next(row for row in listed["result"] if "siteUrl" in row)
    assert {"_id", "name", "totalUnits", "consumedUnits", "subscriptionId", "siteUrl", "siteType"} <= site.keys()
    assert isinstance(site["totalUnits"], int)
    assert (page.ids["license"], one["__NAME__"]) == (one["_id"], one["name"])
