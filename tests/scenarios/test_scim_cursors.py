"""
Lists by cursor (RFC 9865), over a socket.
"""

from typing import Any

import pytest

from fakes.mirrors import mirrored
from fakes.scim_door import ScimDoor, scim_door
from webex_connector.base.clock import Clock
from webex_connector.gateway.scim.paging import CURSOR_SECONDS
from webex_connector.icf.operations import Connector
from webex_connector.mirror.mirror import Mirror
from webex_connector.sandbox.faults import Fail, Fault
from webex_connector.store.engine import Database


async def _walked(door: ScimDoor, **parameters: str | int) -> list[dict[str, Any]]:
    """
    Return all pages, from the first to the one without a next cursor.
    """
    pages = [await door.get("/Users", cursor="", **parameters)]
    while "nextCursor" in pages[-1]:
        pages.append(await door.get("/Users", cursor=pages[-1]["nextCursor"], **parameters))
    return pages


def _names(pages: list[dict[str, Any]]) -> list[str]:
    return [each["userName"] for page in pages for each in page["Resources"]]


async def test_everybody_comes_once_and_each_page_is_read_once(clock: Clock) -> None:
    """
    A page by cursor costs what it shows; one by index has to walk.
    """
    async with scim_door(clock, people=25) as door:
        await door.get("/Roles")
        await door.get("/Users", count=1)
        door.requests()
        pages = await _walked(door, count=10)
        assert [10, 10, 5] == [page["itemsPerPage"] for page in pages]
        assert all("startIndex" not in page for page in pages)
        assert sorted(_names(pages)) == sorted(each.email for each in door.people())
        assert {"GET /people"} == set(door.requests())


async def test_a_filter_that_webex_does_not_know_makes_pages_shorter(clock: Clock) -> None:
    """
    Pages may have fewer than asked for, or none; nobody is missing in the end, and no total is claimed.
    """
    async with scim_door(clock, people=25) as door:
        some = [each.email for each in door.people()][5:25:7]
        text = " or ".join(f'emails[value eq "{each}" and primary eq true]' for each in some)
        text = f"name.formatted pr and ({text})"
        pages = await _walked(door, count=10, filter=text)
        assert sorted(some) == sorted(_names(pages))
        assert all("totalResults" not in page for page in pages)


async def test_sorted_pages_go_on_in_order(clock: Clock) -> None:
    """
    The order is the same over all pages.
    """
    async with scim_door(clock, people=25) as door:
        found = _names(await _walked(door, count=10, sortBy="userName"))
        assert found == sorted(each.email for each in door.people())


async def test_no_resources_but_the_number_of_them(clock: Clock) -> None:
    """
    `count=0` tells the total alone, by cursor as by index.
    """
    async with scim_door(clock, people=25) as door:
        page = await door.get("/Users", cursor="", count=0)
        assert (25, 0, []) == (page["totalResults"], page["itemsPerPage"], page["Resources"])
        assert "nextCursor" not in page


@pytest.mark.parametrize(
    ("changed", "kind"),
    [
        ({"cursor": "made-up"}, "invalidCursor"),
        ({"filter": "title pr"}, "invalidCursor"),
        ({"count": 11}, "invalidCount"),
    ],
)
async def test_cursors_that_cannot_be_gone_on_from(clock: Clock, changed: dict[str, Any], kind: str) -> None:
    """
    One Identity's own connector takes any cursor, as Webex does. Here each is told what is wrong with it.
    """
    async with scim_door(clock, people=25) as door:
        first = await door.get("/Users", cursor="", count=10)
        parameters = {"cursor": first["nextCursor"], "count": 10, **changed}
        door.requests()
        answer = await door.http.get(f"{door.address}/webex/v2/Users", params=parameters)
        assert (400, kind) == (answer.status_code, answer.json()["scimType"])
        assert door.requests() == []


async def test_a_cursor_ends_with_its_time(clock: Clock) -> None:
    """
    After the time that the configuration tells it is expired, and not unknown.
    """
    async with scim_door(clock, people=25) as door:
        first = await door.get("/Users", cursor="", count=10)
        told = (await door.get("/ServiceProviderConfig"))["pagination"]["cursorTimeout"]
        assert told == CURSOR_SECONDS
        await clock.sleep(told + 1)
        answer = await door.send("GET", f"/Users?count=10&cursor={first['nextCursor']}")
        assert (400, "expiredCursor") == (answer.status_code, answer.json()["scimType"])


async def test_a_page_that_cannot_be_read_is_not_the_last_one(clock: Clock) -> None:
    """
    It is an error; the same cursor goes on once Webex is back.
    """
    async with scim_door(clock, people=25) as door:
        first = await door.get("/Users", cursor="", count=10)
        door.hub.sandbox.faults.add(Fault(Fail(503), to="GET /people", times=100))
        answer = await door.send("GET", f"/Users?count=10&cursor={first['nextCursor']}")
        door.hub.sandbox.faults.clear()
        again = await door.get("/Users", cursor=first["nextCursor"], count=10)
        assert answer.status_code == 503
        assert 10 == again["itemsPerPage"]


async def test_a_copy_that_fails_or_is_gone_between_pages(clock: Clock) -> None:
    """
    While the store fails the answer is 503, and the same cursor goes on afterwards; that of a copy which is gone is
    expired, and a new one begins in Webex.
    """
    there: list[tuple[Mirror, Database]] = []

    def wrapped(connector: Connector, database: Database) -> Mirror:
        there.append((mirrored(connector, database, clock), database))
        return there[0][0]

    async with scim_door(clock, people=25, wrapped=wrapped) as door:
        mirror, database = there[0]
        for refresher in mirror.refreshers.values():
            assert await refresher.refresh()
        first = await door.get("/Users", cursor="", count=10)
        following = f"/Users?count=10&cursor={first['nextCursor']}"
        door.requests()
        database.write_now(lambda link: link.exec_driver_sql("ALTER TABLE mirror_objects RENAME TO away"))
        answer = await door.send("GET", following)
        assert (503, True) == (answer.status_code, "retry-after" in answer.headers)
        database.write_now(lambda link: link.exec_driver_sql("ALTER TABLE away RENAME TO mirror_objects"))
        second = (await door.send("GET", following)).json()
        assert 10 == second["itemsPerPage"]
        assert not {each["id"] for each in first["Resources"]} & {each["id"] for each in second["Resources"]}
        assert door.requests() == []
        database.write_now(lambda link: link.exec_driver_sql("DELETE FROM mirrored"))
        answer = await door.send("GET", following)
        assert (400, "expiredCursor") == (answer.status_code, answer.json()["scimType"])
        assert "cookie" not in answer.text
        assert 10 == (await door.get("/Users", cursor="", count=10))["itemsPerPage"]
