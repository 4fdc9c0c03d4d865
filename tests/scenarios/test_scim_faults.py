"""
Writes and lists by SCIM while Webex fails in the middle of them; over a socket.
"""

from typing import Any

import pytest

from fakes.scim_door import scim_door
from webex_connector.base.clock import Clock
from webex_connector.gateway.scim.patch import PATCH_URN
from webex_connector.sandbox.faults import Fail, Fault, HalfBody, LoseAnswer, RefuseButApplied, Reset, Throttle
from webex_connector.webex.ids import uuid_of


def _patch(*operations: dict[str, Any]) -> dict[str, Any]:
    return {"schemas": [PATCH_URN], "Operations": list(operations)}


@pytest.mark.parametrize(
    ("effect", "status"), [(Fail(503), 503), (Throttle(3600), 429), (Reset(), 503), (HalfBody(), 503)]
)
@pytest.mark.parametrize("parameters", [{"count": 50}, {"count": 1000, "cursor": ""}, {"filter": "name.formatted pr"}])
async def test_a_list_that_breaks_on_its_way_is_an_error(
    clock: Clock, effect: Any, status: int, parameters: dict[str, str | int]
) -> None:
    """
    Whatever was read before: a short list would have people deleted.
    """
    async with scim_door(clock, people=250) as door:
        door.hub.sandbox.faults.add(Fault(effect, to="GET /people", page=2, times=100, must_fire=1))
        answer = await door.http.get(f"{door.address}/webex/v2/Users", params=parameters)
        door.hub.sandbox.faults.verify()
        assert answer.status_code == status
        assert "Resources" not in answer.json()


@pytest.mark.parametrize("effect", [LoseAnswer(), RefuseButApplied(status=502)])
async def test_a_change_whose_answer_is_lost_is_looked_for(clock: Clock, effect: Any) -> None:
    """
    The client is told that it is done, since it is.
    """
    async with scim_door(clock) as door:
        uid = door.uid_of(door.people()[3].email)
        door.hub.sandbox.faults.add(Fault(effect, to="PUT /people/{id}"))
        body = _patch({"op": "replace", "path": "title", "value": "Boss"})
        answer = await door.send("PATCH", f"/Users/{uid}", body)
        door.hub.sandbox.faults.verify()
        person = door.person(uid)
        assert answer.status_code == 200
        assert answer.json()["title"] == "Boss"
        assert person is not None
        assert person.title == "Boss"


async def test_a_deletion_whose_answer_is_lost_is_done(clock: Clock) -> None:
    """
    204, and nobody is there any more.
    """
    async with scim_door(clock) as door:
        uid = door.uid_of(door.people()[3].email)
        door.hub.sandbox.faults.add(Fault(LoseAnswer(), to="DELETE /people/{id}"))
        answer = await door.send("DELETE", f"/Users/{uid}")
        assert answer.status_code == 204
        assert door.person(uid) is None


async def test_half_a_change_of_members_does_not_pass_for_a_whole_one(clock: Clock) -> None:
    """
    The second five hundred could not be put in: the answer says so, and asking again finishes it.
    """
    async with scim_door(clock, people=620) as door:
        members = [door.uid_of(each.email) for each in door.people()[:600]]
        made = (await door.send("POST", "/Groups", {"displayName": "Everybody"})).json()
        body = _patch({"op": "add", "path": "members", "value": [{"value": uid} for uid in members]})
        door.hub.sandbox.faults.add(Fault(Fail(503), to="PATCH /groups/{id}", attempt=2, times=50, must_fire=1))
        answer = await door.send("PATCH", f"/Groups/{made['id']}", body)
        door.hub.sandbox.faults.verify()
        group = door.group("Everybody")
        assert group is not None
        assert answer.status_code == 400
        assert answer.json()["detail"].startswith(
            "Not everything could be done, and what could be stays done. members: "
        )
        assert len(group.members) == 500
        door.hub.sandbox.faults.clear()
        again = await door.send("PATCH", f"/Groups/{made['id']}", body)
        assert again.status_code == 204
        assert {uuid_of(uid) for uid in members} == set(group.members)


async def test_a_licence_that_webex_refuses_is_missing_in_the_answer(clock: Clock) -> None:
    """
    The person is there, so it is 201; the answer shows what is true.
    """
    async with scim_door(clock) as door:
        profiles = (await door.get("/Profiles"))["Resources"]
        wanted = next(each for each in profiles if "Messaging" in each["displayName"])
        door.hub.sandbox.faults.add(Fault(Fail(400), to="POST /people", body="licenses"))
        door.hub.sandbox.faults.add(Fault(Fail(400), to="PATCH /licenses/users", times=50))
        body = {"userName": "ann@example.com", "entitlements": [{"value": wanted["id"]}]}
        answer = await door.send("POST", "/Users", body)
        assert answer.status_code == 201
        assert wanted["id"] not in {each["value"] for each in answer.json().get("entitlements", [])}
        assert door.person(answer.json()["id"]) is not None
