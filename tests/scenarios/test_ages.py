"""
How old an answer from a copy is, and asking for one of Webex's own, by SCIM and by REST, over a socket.
"""

import httpx2
import msgspec
import pytest

from fakes.beside import empty_database
from fakes.mirrors import mirrored
from fakes.rest_door import rest_door
from fakes.scim_door import scim_door
from fakes.virtual_time import VirtualClock
from webex_connector.icf.operations import Connector
from webex_connector.mirror.mirror import Mirror
from webex_connector.sandbox.faults import Fail, Fault
from webex_connector.store.engine import Database


async def test_answers_from_a_copy_tell_their_age(clock: VirtualClock) -> None:
    """
    Reads of one and of many say how many seconds ago Webex was so; what Webex itself answered has no age.
    """
    there: list[Mirror] = []

    def wrapped(connector: Connector, database: Database) -> Mirror:
        there.append(mirrored(connector, database, clock))
        return there[0]

    async with scim_door(clock, wrapped=wrapped) as door:
        uid = door.uid_of(door.people()[3].email)
        reads = (f"/Users/{uid}", "/Users?count=5", "/Users?cursor=&count=5", "/Users?count=0", "/Groups?count=2")
        assert [None] * len(reads) == [(await door.send("GET", each)).headers.get("age") for each in reads]
        for refresher in there[0].refreshers.values():
            assert await refresher.refresh()
        ages = {age.object_class: age.as_of for age in await there[0].ages()}
        await clock.sleep(120.5)
        door.requests()
        for read in reads:
            answer = await door.send("GET", read)
            as_of = ages["__GROUP__" if "Groups" in read else "__ACCOUNT__"]
            assert as_of is not None
            assert (200, str(int((clock.now() - as_of).total_seconds()))) == (answer.status_code, answer.headers["age"])
        assert door.requests() == []
        known = (await door.send("GET", f"/Users/{uid}")).headers["etag"]
        same = await door.send("GET", f"/Users/{uid}", if_none_match=known)
        assert (304, True) == (same.status_code, int(same.headers["age"]) >= 120)
        nobody = await door.send("GET", '/Users?filter=userName eq "nobody@example.com"')
        assert (200, None) == (nobody.status_code, nobody.headers.get("age"))


@pytest.mark.parametrize("asking", ["no-cache", "Max-Age = 0, no-transform"])
async def test_a_reader_by_scim_may_ask_webex_itself(clock: VirtualClock, asking: str) -> None:
    """
    `Cache-Control: no-cache` on a read by id spends a request and shows what somebody else has changed. Lists stay the
    copy's, and what fails is an error, not the copy.
    """
    there: list[Mirror] = []

    def wrapped(connector: Connector, database: Database) -> Mirror:
        there.append(mirrored(connector, database, clock))
        return there[0]

    async with scim_door(clock, wrapped=wrapped) as door:
        for refresher in there[0].refreshers.values():
            assert await refresher.refresh()
        person = door.people()[3]
        path = f"/Users/{door.uid_of(person.email)}"
        await door.get(path)
        door.hub.sandbox.world.put_person(msgspec.structs.replace(person, title="Changed elsewhere"))
        door.requests()
        old = await door.send("GET", path)
        assert (200, person.title) == (old.status_code, old.json().get("title"))
        assert door.requests() == []
        new = await door.send("GET", path, Cache_Control=asking)
        assert (200, "Changed elsewhere", None) == (new.status_code, new.json()["title"], new.headers.get("age"))
        assert [each for each in door.requests() if each.startswith("GET /people")] == ["GET /people/{id}"]
        assert 200 == (await door.send("GET", "/Users?count=3", Cache_Control=asking)).status_code
        assert door.requests() == []
        door.hub.sandbox.faults.add(Fault(Fail(503), to="GET /people/{id}", times=50, must_fire=1))
        assert 503 == (await door.send("GET", path, Cache_Control=asking)).status_code


async def test_by_rest_it_is_the_same(clock: VirtualClock) -> None:
    """
    Reads and queries from a copy tell their age, also where nothing has changed since; a read by id may ask Webex.
    """
    there: list[Mirror] = []
    with empty_database() as database:

        def wrapped(connector: Connector) -> Mirror:
            there.append(mirrored(connector, database, clock))
            return there[0]

        async with (
            rest_door(clock, people=20, wrapped=wrapped) as door,
            httpx2.AsyncClient(
                base_url=f"http://127.0.0.1:{door.port}/openidm/system/webex",
                auth=("openidm-admin", "openidm-admin"),
            ) as http,
        ):
            person = next(each for _, each in door.hub.sandbox.world.people())
            path, listing = f"/__ACCOUNT__/{door.uid_of(person.email)}", "/__ACCOUNT__?_queryFilter=true&_pageSize=3"
            asked = {"X-Requested-With": "test"}
            ages = [(await http.get(each, headers=asked)).headers.get("age") for each in (path, listing)]
            assert ages == [None, None]
            for refresher in there[0].refreshers.values():
                assert await refresher.refresh()
            await clock.sleep(90)
            door.hub.sandbox.trace.clear()
            counting = "/__ACCOUNT__?_queryFilter=true&_countOnly=true"
            newer = {**asked, "Accept-API-Version": "protocol=2.2"}
            for each in (path, listing, counting):
                answer = await http.get(each, headers=newer)
                assert (200, True) == (answer.status_code, 90 <= int(answer.headers["age"]) < 120), each
            known = (await http.get(path, headers=asked)).headers.get("etag")
            if known is not None:
                same = await http.get(path, headers={**asked, "If-None-Match": known})
                assert (304, True) == (same.status_code, int(same.headers["age"]) >= 90)
            assert door.hub.sandbox.trace.requests() == []
            live = await http.get(path, headers={**asked, "Cache-Control": "no-cache"})
            assert (200, None) == (live.status_code, live.headers.get("age"))
            assert [each.template for each in door.hub.sandbox.trace.requests()] == ["/people/{id}"]
