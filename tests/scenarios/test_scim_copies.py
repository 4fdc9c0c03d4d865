"""
Answers by SCIM from a copy in a file: what the door keeps of them is never older than the copy.
"""

from pathlib import Path

from fakes.mirrors import Mirrors
from fakes.scim_door import scim_door
from webex_connector.base.clock import Clock
from webex_connector.gateway.scim.patch import PATCH_URN
from webex_connector.icf import names
from webex_connector.store.learning import Gone, Learning
from webex_connector.store.local_attributes import Shelf
from webex_connector.store.opening import StorePlace, opened


async def test_each_write_is_in_the_next_answer(clock: Clock, tmp_path: Path) -> None:
    """
    A list and its total, a resource and its version: by a write of this process, and by one of another process. So is
    the address that a client uses, and what it asks for.
    """
    ours, theirs = (opened(StorePlace(tmp_path), inline=True) for _ in range(2))
    mirrors = Mirrors(ours.database, clock)
    async with scim_door(clock, people=12, wrapped=lambda connector, _: mirrors(connector)) as door:
        await mirrors.fill()
        first, again = [await door.get("/Users", count=5) for _ in range(2)]
        assert first == again
        door.requests()
        uid, other = (each["id"] for each in first["Resources"][:2])
        assert await door.get(f"/Users/{uid}") == first["Resources"][0]
        narrow = await door.get("/Users", count=5, attributes="userName")
        assert narrow["Resources"][0].keys() == {"schemas", "id", "userName"}
        elsewhere = await door.send("GET", f"/Users/{uid}", host="scim.example.com")
        assert elsewhere.json()["meta"]["location"].startswith("http://scim.example.com/")
        assert door.requests() == []

        operation = {"op": "replace", "path": "displayName", "value": "Somebody Else"}
        answer = await door.send("PATCH", f"/Users/{uid}", {"schemas": [PATCH_URN], "Operations": [operation]})
        told, listed = await door.get(f"/Users/{uid}"), await door.get("/Users", count=5)
        assert ["Somebody Else"] * 3 == [each["displayName"] for each in (answer.json(), told, listed["Resources"][0])]
        assert told["meta"]["version"] != first["Resources"][0]["meta"]["version"]
        assert listed["Resources"][1:] == first["Resources"][1:]

        await Learning(theirs.database).take(Shelf("webex", names.ACCOUNT), [Gone(other)], clock.now())
        listed = await door.get("/Users", count=5)
        assert (11, 5) == (listed["totalResults"], listed["itemsPerPage"])
        assert other not in {each["id"] for each in listed["Resources"]}
    ours.close()
    theirs.close()
