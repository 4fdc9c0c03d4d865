"""
Writes of teams (`TEAMS`) that fault schedules and killings are tried on.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fakes.fault_operations import first_people, john
from fakes.fault_trial import Facts, Operation
from fakes.hub import Hub
from webex_connector.icf.attributes import AttributeDelta, Attributes, added, removed, replaced
from webex_connector.icf.objects import WriteResult
from webex_connector.icf.options import OperationOptions
from webex_connector.sandbox import rendering
from webex_connector.sandbox.grants import ADMIN_SCOPES, RefreshToken
from webex_connector.sandbox.ids import Kind, encode
from webex_connector.sandbox.rules import teams as rules
from webex_connector.sandbox.rules.teams import MembershipDraft, TeamDraft
from webex_connector.sandbox.scenarios import ADMIN
from webex_connector.sandbox.world import World

CREW, OLD = "Testers", "Old hands"
"""
The name of the team that is made, and of the one that is there: with its owner and one more, both moderators.
"""


PERSONAL: Mapping[str, Any] = {"objectClasses": ["TEAMS"], "refreshToken": "a refresh token of the administrator"}
"""
Settings of a system with teams, whose token can be renewed.
"""


@dataclass(frozen=True)
class Crew:
    """
    Every team of that name.
    """

    name: str

    def facts(self, world: World) -> Facts:
        """
        Return what the world knows about the team.
        """
        found = [team for team in world.teams.values() if team.name == self.name]
        parts = [(uuid, part) for team in found for uuid, part in team.members.items()]
        return {
            "there": frozenset(str(number) for number, _ in enumerate(found, start=1)),
            "description": frozenset(team.description for team in found if team.description),
            "members": frozenset(rendering.person_id(uuid) for uuid, _ in parts),
            "moderators": frozenset(rendering.person_id(uuid) for uuid, part in parts if part.is_moderator),
        }

    def others(self, world: World) -> object:
        """
        Return everything in the world but the team.
        """
        teams = {
            uuid: (team.name, team.description, {**team.members})
            for uuid, team in world.teams.items()
            if team.name != self.name
        }
        groups = {uuid: (group.display_name, frozenset(group.members)) for uuid, group in world.groups.items()}
        return [each for _, each in world.people()], groups, teams


def ada(world: World) -> str:
    """
    Return the uid of the token's owner.
    """
    person = world.person_at(ADMIN)
    assert person is not None
    return rendering.person_id(person.uuid)


def third(world: World) -> str:
    """
    Return the uid of somebody who is in no team yet.
    """
    return next(uid for uid in first_people(world, 6) if uid not in {ada(world), john(world)})


def entitled(world: World) -> None:
    """
    Let the refresh token of the settings belong to a person, since a machine account is in no team.
    """
    person = world.person_at(ADMIN)
    assert person is not None
    world.grants.entrust(RefreshToken(PERSONAL["refreshToken"], person.uuid, person.uuid, ADMIN_SCOPES))


def founded(world: World) -> None:
    """
    Let the token's owner make the old team, with John as the second moderator.
    """
    entitled(world)
    person = world.person_at(ADMIN)
    assert person is not None
    team = rules.create(world, person.uuid, TeamDraft(OLD, "As ever"))
    draft = MembershipDraft(encode(Kind.TEAM, team.uuid), john(world), is_moderator=True)
    rules.join(world, person.uuid, draft)


def old_team(world: World) -> str:
    """
    Return the uid of the old team.
    """
    return next(encode(Kind.TEAM, team.uuid) for team in world.teams.values() if team.name == OLD)


async def _create(hub: Hub, options: OperationOptions) -> WriteResult:
    world = hub.sandbox.world
    attributes: Attributes = {
        "name": (CREW,),
        "description": ("They test.",),
        "members": ({"id": third(world)},),
        "moderators": (john(world),),
    }
    return await hub.facade.create("TEAMS", attributes, options)


async def _update(hub: Hub, options: OperationOptions, deltas: Sequence[AttributeDelta]) -> WriteResult:
    return await hub.facade.update("TEAMS", old_team(hub.sandbox.world), deltas, options)


async def _describe(hub: Hub, options: OperationOptions) -> WriteResult:
    return await _update(hub, options, [replaced("description", "They test.")])


async def _change(hub: Hub, options: OperationOptions) -> WriteResult:
    world = hub.sandbox.world
    deltas = [
        replaced("description", "They test."),
        added("members", {"id": third(world)}),
        removed("moderators", john(world)),
    ]
    return await _update(hub, options, deltas)


async def _part(hub: Hub, options: OperationOptions) -> WriteResult:
    return await _update(hub, options, [removed("members", {"id": john(hub.sandbox.world)})])


async def _delete(hub: Hub, options: OperationOptions) -> WriteResult:
    return await hub.facade.delete("TEAMS", old_team(hub.sandbox.world), options)


def _made(world: World) -> Facts:
    return {
        "there": frozenset({"1"}),
        "description": frozenset({"They test."}),
        "members": frozenset({ada(world), john(world), third(world)}),
        "moderators": frozenset({ada(world), john(world)}),
    }


def _described(_world: World) -> Facts:
    return {"description": frozenset({"They test."})}


def _changed(world: World) -> Facts:
    return {
        **_described(world),
        "members": frozenset({ada(world), john(world), third(world)}),
        "moderators": frozenset({ada(world)}),
    }


def _parted(world: World) -> Facts:
    return dict.fromkeys(("members", "moderators"), frozenset({ada(world)}))


def _nothing(_world: World) -> Facts:
    return dict.fromkeys(("there", "description", "members", "moderators"), frozenset())


async def _found(hub: Hub, options: OperationOptions) -> WriteResult:
    return await hub.facade.create("TEAMS", {"name": (CREW,), "description": ("They test.",)}, options)


def _founded(world: World) -> Facts:
    return {**_described(world), **_parted(world), "there": frozenset({"1"})}


FOUNDING = Operation(Crew(CREW), _found, _founded, settings=PERSONAL, before=entitled)
GATHERING = Operation(Crew(CREW), _create, _made, writes=3, settings=PERSONAL, before=entitled)
DESCRIBING = Operation(Crew(OLD), _describe, _described, settings=PERSONAL, before=founded)
CHANGING = Operation(Crew(OLD), _change, _changed, writes=3, settings=PERSONAL, before=founded)
PARTING = Operation(Crew(OLD), _part, _parted, settings=PERSONAL, before=founded)
DISBANDING = Operation(Crew(OLD), _delete, _nothing, settings=PERSONAL, before=founded)
