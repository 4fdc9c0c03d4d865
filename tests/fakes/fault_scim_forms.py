"""
Writes through the SCIM door of systems of other forms while Webex fails: teams in the place of groups, teams beside
them, and what is read from a mirror.
"""

from dataclasses import replace
from typing import Any

import httpx2

from fakes.fault_scim_door import WRITES, State, Trial, uid
from fakes.scim_calls import patch_of
from fakes.scim_door import ScimDoor
from webex_connector.gateway.scim.dialects import Groups
from webex_connector.gateway.scim.groups import WEBEX_TEAM_URN
from webex_connector.gateway.scim.manner import Manner
from webex_connector.sandbox.faults import Fail, Fault
from webex_connector.sandbox.ids import Kind, encode
from webex_connector.sandbox.records import Team
from webex_connector.webex.ids import uuid_of

INSTEAD, BESIDE = Manner(groups=Groups.TEAMS), Manner(groups=Groups.BOTH)


def _named(door: ScimDoor, number: int) -> list[Team]:
    return [each for each in door.hub.sandbox.world.teams.values() if each.name == f"Crew {number}"]


def _count(door: ScimDoor, number: int) -> State:
    return len(_named(door, number))


def _description(door: ScimDoor, number: int) -> State:
    return [each.description for each in _named(door, number)]


def _is_in(door: ScimDoor, number: int) -> State:
    return [uuid_of(uid(door, number)) in each.members for each in _named(door, number)]


class At:
    """
    Requests to teams at an endpoint.
    """

    def __init__(self, endpoint: str) -> None:
        self._endpoint = endpoint

    def path(self, door: ScimDoor, number: int) -> str:
        """
        Return the address of the case's team.
        """
        return f"{self._endpoint}/{encode(Kind.TEAM, _named(door, number)[0].uuid)}"

    async def made(self, door: ScimDoor, number: int) -> httpx2.Response:
        """
        Make a team.
        """
        return await door.send("POST", self._endpoint, {"displayName": f"Crew {number}"})

    async def joined(self, door: ScimDoor, number: int) -> httpx2.Response:
        """
        Put somebody in.
        """
        body = patch_of(("add", "members", [{"value": uid(door, number)}]))
        return await door.send("PATCH", self.path(door, number), body)

    async def gathered(self, door: ScimDoor, number: int) -> None:
        """
        Make a team with somebody in it.
        """
        await self.made(door, number)
        await self.joined(door, number)

    async def parted(self, door: ScimDoor, number: int) -> httpx2.Response:
        """
        Take them out.
        """
        body = patch_of(("remove", f'members[value eq "{uid(door, number)}"]'))
        return await door.send("PATCH", self.path(door, number), body)

    async def described(self, door: ScimDoor, number: int) -> httpx2.Response:
        """
        Replace the description.
        """
        body = {"displayName": f"Crew {number}", WEBEX_TEAM_URN: {"description": "They test."}}
        return await door.send("PUT", self.path(door, number), body)

    async def deleted(self, door: ScimDoor, number: int) -> httpx2.Response:
        """
        Delete the team.
        """
        return await door.send("DELETE", self.path(door, number))

    async def shown(self, door: ScimDoor, number: int) -> list[dict[str, Any]]:
        """
        Return the case's team as the door shows it, in a list that is empty without it.
        """
        listed = await door.get(self._endpoint, filter=f'displayName eq "Crew {number}"')
        return list(listed["Resources"])

    async def is_in_shown(self, door: ScimDoor, number: int) -> State:
        """
        Return whether they are in it, as the door shows it.
        """
        rows = await self.shown(door, number)
        return [uid(door, number) in {each["value"] for each in row["members"]} for row in rows]

    async def count_shown(self, door: ScimDoor, number: int) -> State:
        """
        Return how many the door shows.
        """
        return len(await self.shown(door, number))


def _failing(to: str, attempt: int = 1) -> Fault:
    return Fault(Fail(503), to=to, attempt=attempt, times=1000, must_fire=0)


_GROUPS, _TEAMS = At("/Groups"), At("/Teams")


def _plain(name: str) -> Trial:
    return next(each for each in WRITES if each.name == name)


async def _title_shown(door: ScimDoor, number: int) -> State:
    return (await door.get(f"/Users/{uid(door, number)}")).get("title", "")


def _people_shown(address: str) -> Any:
    async def shown(door: ScimDoor, number: int) -> State:
        found = await door.get("/Users", filter=f'userName eq "{address.format(number)}"')
        return found["totalResults"]

    return shown


async def _membership_shown(door: ScimDoor, number: int) -> State:
    listed = await door.get("/Groups")
    first = min(listed["Resources"], key=lambda each: str(each["displayName"]))
    return uid(door, number) in {each["value"] for each in first.get("members", ())}


_JOIN, _PART, _ROSTER = "POST /team/memberships", "DELETE /team/memberships/{id}", "GET /team/memberships"

FORMS = (
    Trial(
        "POST of a team", ("POST /teams", "GET /teams"), _GROUPS.made, _count, lambda *_: 1, manner=INSTEAD, teams=True
    ),
    Trial(
        "PATCH into a team",
        (_JOIN, _ROSTER),
        _GROUPS.joined,
        _is_in,
        lambda *_: [True],
        manner=INSTEAD,
        teams=True,
        before=_GROUPS.made,
    ),
    Trial(
        "PUT of a team",
        ("GET /teams/{id}", "PUT /teams/{id}"),
        _TEAMS.described,
        _description,
        lambda *_: ["They test."],
        manner=BESIDE,
        teams=True,
        before=_TEAMS.made,
    ),
    Trial(
        "PATCH out of a team, mirrored",
        (_PART,),
        _TEAMS.parted,
        _is_in,
        lambda *_: [False],
        manner=BESIDE,
        teams=True,
        before=_TEAMS.gathered,
        shown=_TEAMS.is_in_shown,
    ),
    Trial(
        "DELETE of a team, mirrored",
        ("DELETE /teams/{id}",),
        _TEAMS.deleted,
        _count,
        lambda *_: 0,
        manner=BESIDE,
        teams=True,
        before=_TEAMS.made,
        shown=_TEAMS.count_shown,
    ),
    replace(
        _plain("PATCH"),
        name="PATCH, mirrored",
        to=("PUT /people/{id}",),
        # The first one is read before the write.
        blind=(_failing("GET /people/{id}", attempt=2),),
        shown=_title_shown,
    ),
    replace(
        _plain("PATCH by SCIM"),
        name="PATCH by SCIM, mirrored",
        to=("PATCH /Users/{id}",),
        blind=(_failing("GET /people/{id}"), _failing("GET /Users/{id}")),
        shown=_title_shown,
    ),
    replace(
        _plain("POST"),
        name="POST, mirrored",
        blind=(_failing("GET /people"), _failing("GET /people/{id}")),
        shown=_people_shown("new{}@example.com"),
    ),
    replace(
        _plain("DELETE"),
        name="DELETE, mirrored",
        blind=(_failing("GET /people/{id}", attempt=2),),
        shown=_people_shown("gone{}@example.com"),
    ),
    replace(_plain("PATCH of members"), name="PATCH of members, mirrored", shown=_membership_shown),
)
"""
Every kind of team, and of what a mirror has to find out again.
"""
