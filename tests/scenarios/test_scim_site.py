"""
Users of a classic site by SCIM: what has a place in the standard, what stands in the extension, what is never shown.
"""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from fakes.classic_site import PASSWORD
from fakes.site_doors import House, Scim, scim_door, site_house
from webex_connector.base.clock import SystemClock
from webex_connector.gateway.scim.site_users import SITE_USER_URN

pytestmark = pytest.mark.real_time

CLOCK = SystemClock()
WHO = "/Users/jdoe"
PATCH = "urn:ietf:params:scim:api:messages:2.0:PatchOp"


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    """
    A site of twenty users.
    """
    async with site_house(CLOCK, tmp_path) as house:
        yield house


@pytest.fixture
async def scim(house: House) -> AsyncIterator[Scim]:
    """
    The SCIM door to it.
    """
    async with scim_door(house, CLOCK) as door:
        yield door


def _op(op: str, path: str, value: Any = None) -> dict[str, Any]:
    return {"schemas": [PATCH], "Operations": [{"op": op, "path": path, **({} if value is None else {"value": value})}]}


def _fields(house: House, *paths: str) -> tuple[str, ...]:
    return tuple(map(house.user("jdoe").field, paths))


async def test_the_door_tells_what_a_site_has(scim: Scim) -> None:
    """
    Users have a password that is never returned, and a lock; there are no groups; what users are given is listed.
    """
    config = await scim.ask("GET", "/ServiceProviderConfig")
    types = {row["name"] for row in (await scim.ask("GET", "/ResourceTypes"))["Resources"]}
    schemas = {row["id"]: row for row in (await scim.ask("GET", "/Schemas"))["Resources"]}
    core = {row["name"]: row for row in schemas["urn:ietf:params:scim:schemas:core:2.0:User"]["attributes"]}
    more = {row["name"]: row for row in schemas[SITE_USER_URN]["attributes"]}

    assert config["changePassword"] == {"supported": True}
    assert {"User", "SessionType", "Privilege", "TimeZone"} == types
    assert ("writeOnly", "never") == (core["password"]["mutability"], core["password"]["returned"])
    assert "immutable" == core["userName"]["mutability"]
    assert ("boolean", "readWrite") == (more["locked"]["type"], more["locked"]["mutability"])
    assert {"hostPIN", "resetPassword", "trackingCode10", "accountState"} <= more.keys()
    assert not core.keys() & more.keys()
    assert (await scim.ask("GET", "/SessionTypes"))["totalResults"] > 3
    document = (await scim.ask("GET", "/openapi.json"))["components"]["schemas"]
    assert "password" not in document["User"]["properties"]
    assert document["UserWritten"]["properties"]["password"]["writeOnly"]
    assert "format" not in document["UserWritten"]["properties"]["userName"]


async def test_what_a_site_holds_one_by_one_is_a_list(house: House, scim: Scim) -> None:
    """
    Telephones and the address come as the lists of the standard, and each value goes where the site has it.
    """
    numbers = [{"value": "1,408,5550100", "type": "work"}, {"value": "1,408,5550101", "type": "mobile"}]
    await scim.ask("PATCH", WHO, _op("replace", "phoneNumbers", numbers))
    address = {"streetAddress": "1 Main St", "locality": "San Jose", "region": "CA", "postalCode": "95134"}
    await scim.ask("PATCH", WHO, _op("add", "addresses", [address]))

    assert ("1 Main St", "San Jose", "95134") == _fields(house, "address/address1", "address/city", "address/zipCode")
    row = await scim.ask("PATCH", WHO, _op("replace", 'phoneNumbers[type eq "work"].value', "1,408,5550199"))
    assert {("work", "1,408,5550199"), ("mobile", "1,408,5550101")} == {
        (each["type"], each["value"]) for each in row["phoneNumbers"]
    }
    assert "San Jose" == row["addresses"][0]["locality"]
    row = await scim.ask("PATCH", WHO, _op("remove", 'phoneNumbers[type eq "mobile"]'))
    assert ["work"] == [each["type"] for each in row["phoneNumbers"]]
    row = await scim.ask("PATCH", WHO, _op("add", "phoneNumbers", [{"value": "1,408,5550177", "type": "work"}]))
    assert ["1,408,5550177"] == [each["value"] for each in row["phoneNumbers"]]
    found = await scim.ask("GET", '/Users?filter=phoneNumbers[type eq "work" and value co "5550177"]')
    assert ["jdoe"] == [each["userName"] for each in found["Resources"]]
    with pytest.raises(AssertionError, match="no room for the type home"):
        await scim.ask("PATCH", WHO, _op("add", "phoneNumbers", [{"value": "1", "type": "home"}]))


async def test_what_is_given_is_named(house: House, scim: Scim) -> None:
    """
    Session types and privileges are given by id or by name, and shown with their names.
    """
    types = (await scim.ask("GET", "/SessionTypes"))["Resources"]
    other = next(each for each in types if int(each["id"]) not in house.user("jdoe").meeting_types and each["active"])

    row = await scim.ask("PATCH", WHO, _op("add", "entitlements", [{"value": other["displayName"]}]))

    assert int(other["id"]) in house.user("jdoe").meeting_types
    assert other["displayName"] in [each["display"] for each in row["entitlements"]]
    await scim.ask("PATCH", WHO, _op("add", "roles", [{"value": "recordingEditor"}]))
    assert house.user("jdoe").may("recordingEditor")
    await scim.ask("PATCH", WHO, _op("remove", 'roles[value eq "recordingEditor"]'))
    assert not house.user("jdoe").may("recordingEditor")


async def test_a_put_repeats_the_name_and_cannot_change_it(house: House, scim: Scim) -> None:
    """
    What a GET shows can be sent back; another userName is refused, and so is a look for passwords.
    """
    row = await scim.ask("GET", WHO)
    writes = house.site.world.writes
    row["title"] = "Lead"
    assert "Lead" == (await scim.ask("PUT", WHO, row))["title"]
    assert writes + 1 == house.site.world.writes
    assert {"created", "location", "version"} <= row["meta"].keys()

    with pytest.raises(AssertionError, match=r"400 .*mutability"):
        await scim.ask("PUT", WHO, {**row, "userName": "somebody"})
    with pytest.raises(AssertionError, match=r"400 .*never shown"):
        await scim.ask("GET", '/Users?filter=password eq "x"')
    with pytest.raises(AssertionError, match="501"):
        await scim.ask("GET", "/Users?sortBy=password")
    assert "password" not in await scim.ask("GET", f"{WHO}?attributes=password,userName")
    assert (await scim.ask("GET", '/Users?filter=userName eq "jdoe"'))["totalResults"] == 1


async def test_a_new_user_needs_a_password(house: House, scim: Scim) -> None:
    """
    Without one, and without having one mailed, nobody is made, and the error says what to give.
    """
    given = {"userName": "zz", "emails": ["zz@acme.example"], "name": {"givenName": "Z", "familyName": "Z"}}
    with pytest.raises(AssertionError, match="needs a password, or resetPassword"):
        await scim.ask("POST", "/Users", given)
    assert house.site.world.user("zz") is None

    await scim.ask("POST", "/Users", {**given, SITE_USER_URN: {"resetPassword": True}})
    assert house.user("zz").was_reset


async def test_bulk_and_deletion(house: House, scim: Scim) -> None:
    """
    Many changes go in one request, with passwords; a deleted user is deactivated and stays.
    """
    operation = {"method": "PATCH", "path": WHO, "data": _op("replace", "password", PASSWORD)}
    told = await scim.ask(
        "POST", "/Bulk", {"schemas": ["urn:ietf:params:scim:api:messages:2.0:BulkRequest"], "Operations": [operation]}
    )
    assert "200" == told["Operations"][0]["status"]
    assert house.user("jdoe").has_password(PASSWORD)

    await scim.ask("DELETE", WHO)
    assert not house.user("jdoe").is_active
    row = await scim.ask("GET", WHO)
    assert (False, "DEACTIVATED") == (row["active"], row[SITE_USER_URN]["accountState"])
