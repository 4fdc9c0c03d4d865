"""
The locations API and the rules behind it.
"""

import httpx2
import pytest

from webex_connector.sandbox import catalogue, ids, rendering
from webex_connector.sandbox.ids import Kind
from webex_connector.sandbox.sandbox import Sandbox

Client = httpx2.AsyncClient

_NOWHERE = ids.encode(Kind.LOCATION, "a6b0d2f4-18c3-4e79-8f25-0c9e7d314b58")
_ADDRESS = {"address1": "Quai 5", "city": "Basel", "state": "BS", "postalCode": "4051", "country": "CH"}
_BASEL = {
    "name": "Basel",
    "timeZone": "Europe/Zurich",
    "preferredLanguage": "de_de",
    "announcementLanguage": "de_de",
    "address": _ADDRESS,
}


async def _names(api: Client, query: str) -> list[str]:
    return [place["name"] for place in (await api.get(f"/locations{query}")).json()["items"]]


async def test_locations_are_found_by_part_of_the_name(api: Client) -> None:
    """
    Without a text all come; the text may stand anywhere and in any case.
    """
    assert [place.name for place in catalogue.LOCATIONS] == await _names(api, "")
    assert ["Berlin"] == await _names(api, "?name=ERLI")
    assert [] == await _names(api, "?name=Atlantis")
    assert ["Paris"] == await _names(api, f"?id={rendering.location_id(catalogue.LOCATIONS[2].uuid)}")
    assert [] == await _names(api, f"?id={_NOWHERE}")


async def test_locations_come_page_by_page(api: Client) -> None:
    """
    Following the links shows all of them.
    """
    following, seen = "/locations?max=3", []
    while following:
        answer = await api.get(following)
        seen.append([place["name"] for place in answer.json()["items"]])
        following = answer.links["next"]["url"] if "next" in answer.links else ""

    assert [3, 3, 2] == [len(page) for page in seen]
    assert [place.name for place in catalogue.LOCATIONS] == [name for page in seen for name in page]


async def test_a_location_is_shown_with_its_address(api: Client) -> None:
    """
    What is empty is left out.
    """
    shown = (await api.get(f"/locations/{rendering.location_id(catalogue.LOCATIONS[1].uuid)}")).json()

    assert ("Berlin", "Europe/Berlin", "en_us") == (shown["name"], shown["timeZone"], shown["preferredLanguage"])
    assert {"address1", "city", "state", "postalCode", "country"} == set(shown["address"])
    assert not {"latitude", "longitude", "notes"} & set(shown)


async def test_a_location_is_made_changed_and_deleted(api: Client, sandbox: Sandbox) -> None:
    """
    201 with the identifier alone, then 204; what a change leaves out stays.
    """
    made = await api.post("/locations", json={**_BASEL, "notes": "By the river", "latitude": "47.5"})
    path = f"/locations/{made.json()['id']}"
    before = (await api.get(path)).json()
    changed = await api.put(path, json={"name": "Basle", "notes": "", "address": {"address2": "Floor 2"}})
    after = (await api.get(path)).json()

    assert (201, {"id"}, 204) == (made.status_code, set(made.json()), changed.status_code)
    assert {**_BASEL, "notes": "By the river", "latitude": "47.5"}.items() <= before.items()
    assert ("Basle", {**_ADDRESS, "address2": "Floor 2"}) == (after["name"], after["address"])
    assert "notes" not in after
    assert 204 == (await api.delete(path)).status_code
    assert (404, len(catalogue.LOCATIONS)) == ((await api.get(path)).status_code, len(sandbox.world.locations))


@pytest.mark.parametrize("missing", sorted(_BASEL))
async def test_what_a_location_needs(missing: str, api: Client, sandbox: Sandbox) -> None:
    """
    Each of the five is required, and so is every part of the address but its second line.
    """
    lacking = {name: value for name, value in _BASEL.items() if name != missing}
    answer = await api.post("/locations", json=lacking)

    assert 400 == answer.status_code
    assert missing in answer.json()["errors"][0]["description"]
    part = await api.post("/locations", json={**_BASEL, "address": {**_ADDRESS, "postalCode": ""}})
    assert (400, 0) == (part.status_code, sandbox.world.writes)
    assert "postalCode" in part.json()["errors"][0]["description"]


@pytest.mark.parametrize(
    ("length", "calling", "status"), [(256, False, 204), (257, False, 400), (80, True, 204), (81, True, 400)]
)
async def test_names_have_an_end(length: int, calling: bool, status: int, api: Client) -> None:  # noqa: FBT001  # the case
    """
    256 characters, and 80 where there are telephones.
    """
    berlin = rendering.location_id(catalogue.LOCATIONS[1].uuid)
    place = berlin if calling else (await api.post("/locations", json=_BASEL)).json()["id"]

    assert status == (await api.put(f"/locations/{place}", json={"name": "n" * length})).status_code


async def test_a_location_in_use_stays(api: Client, sandbox: Sandbox) -> None:
    """
    One with telephones, and one with people, is refused with 409 in Webex's words.
    """
    sandbox.seed(2, 7)
    telephones = await api.delete(f"/locations/{rendering.location_id(catalogue.LOCATIONS[1].uuid)}")
    place = (await api.post("/locations", json=_BASEL)).json()["id"]
    calling = {"extension": "77", "locationId": place}
    licenses = [rendering.license_id(sandbox.world, catalogue.CALLING_PROFESSIONAL)]
    await api.post("/people", json={"emails": ["t@acme.example"], "displayName": "T", "licenses": licenses, **calling})
    people = await api.delete(f"/locations/{place}")

    assert (409, 409) == (telephones.status_code, people.status_code)
    assert "Location is being referenced, cannot be deleted" == people.json()["errors"][0]["description"]
    assert len(catalogue.LOCATIONS) + 1 == len(sandbox.world.locations)


@pytest.mark.parametrize(("place", "status"), [(_NOWHERE, 404), ("no id", 400)])
async def test_unknown_locations(place: str, status: int, api: Client) -> None:
    """
    An unknown identifier is not found, a malformed one is refused.
    """
    assert [status] * 3 == [
        (await api.request(method, f"/locations/{place}", json={"name": "x"})).status_code
        for method in ("GET", "PUT", "DELETE")
    ]
