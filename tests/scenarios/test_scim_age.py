"""
How old an answer from a copy is, by SCIM, over a socket.
"""

from fakes.mirrors import mirrored
from fakes.scim_door import scim_door
from fakes.virtual_time import VirtualClock
from webex_connector.icf.operations import Connector
from webex_connector.mirror.mirror import Mirror
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
