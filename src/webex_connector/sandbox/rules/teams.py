"""
What may happen to a team. Only its members see it; there is no view of all teams for administrators.

The rules are those of https://developer.webex.com/docs/api/v1/teams and
https://developer.webex.com/docs/api/v1/team-memberships.
"""

from dataclasses import dataclass

import msgspec

from webex_connector.sandbox import ids
from webex_connector.sandbox.changes import Happened, TeamChanged
from webex_connector.sandbox.problems import Problem, bad_request, conflict, not_found
from webex_connector.sandbox.records import Membership, Person, Team
from webex_connector.sandbox.rules import people
from webex_connector.sandbox.world import World

_ONLY_MODERATOR = "The last moderator of a team cannot be removed; make somebody else a moderator first."


class TeamDraft(msgspec.Struct, frozen=True):
    """
    What a caller writes about a team; unknown members are ignored.
    """

    name: str | None = None
    description: str | None = None


class MembershipDraft(msgspec.Struct, frozen=True, rename="camel"):
    """
    What a caller writes about somebody's part in a team.
    """

    team_id: str | None = None
    person_id: str | None = None
    person_email: str | None = None
    is_moderator: bool | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """
    A membership with its two ends.
    """

    team: Team
    uuid: str
    """The person's."""

    @property
    def membership(self) -> Membership:
        """
        The membership as it is now.
        """
        return self.team.members[self.uuid]


def visible(world: World, viewer: str | None, start: int = 0) -> list[tuple[int, Team]]:
    """
    Return the teams of a person from a place on, each with its place; a machine account is in none.
    """
    return [(team.number, team) for team in world.teams.values() if team.number >= start and viewer in team.members]


def find(world: World, viewer: str | None, team_id: str) -> Team:
    """
    Return a team of the viewer. Raises a 404 for any other, a 400 for a malformed identifier.
    """
    team = world.teams.get(ids.value_of(ids.Kind.TEAM, team_id) or "")
    if team is None or viewer not in team.members:
        raise not_found("Team")
    return team


def create(world: World, viewer: str | None, draft: TeamDraft) -> Team:
    """
    Make a team of which the viewer is the only member and a moderator.

    Raises a 400 without a name, a 403 when there is no person behind the token.
    """
    name, now = _name(draft), world.now()
    person = world.person(viewer or "")
    if person is None:
        raise Problem(403)
    number = 1 + max((team.number for team in world.teams.values()), default=-1)
    team = Team(world.new_uuid(), number, name, person.uuid, now, draft.description or "")
    _enter(team, person, now, is_moderator=True)
    world.teams[team.uuid] = team
    world.changed(TeamChanged(team, Happened.CREATED))
    return team


def change(world: World, team: Team, draft: TeamDraft) -> None:
    """
    Rename a team; a description that is left out stays. Raises a 400 without a name.
    """
    team.name = _name(draft)
    if draft.description is not None:
        team.description = draft.description
    world.changed(TeamChanged(team, Happened.CHANGED))


def remove(world: World, team: Team) -> None:
    """
    Delete a team with all its memberships.
    """
    del world.teams[team.uuid]
    world.changed(TeamChanged(team, Happened.DELETED))


def part(world: World, viewer: str | None, membership_id: str) -> Part:
    """
    Return a membership in one of the viewer's teams. Raises a 404 for any other, a 400 for a malformed identifier.
    """
    uuid, _, team_uuid = (ids.value_of(ids.Kind.TEAM_MEMBERSHIP, membership_id) or "").partition(":")
    team = world.teams.get(team_uuid)
    if team is None or viewer not in team.members or uuid not in team.members:
        raise not_found("Team membership")
    return Part(team, uuid)


def join(world: World, viewer: str | None, draft: MembershipDraft) -> Part:
    """
    Take somebody into one of the viewer's teams.

    Raises a 400 when team or person are not named, a 404 when there is none such, a 409 for who is in it already.
    """
    if not draft.team_id:
        raise bad_request("teamId is required.")
    if not draft.person_id and not draft.person_email:
        raise bad_request("Must specify either personId or personEmail.")
    team = find(world, viewer, draft.team_id)
    person = _person(world, draft)
    if person.uuid in team.members:
        raise conflict("Person is already in the team.")
    _enter(team, person, world.now(), is_moderator=bool(draft.is_moderator))
    world.changed(TeamChanged(team, Happened.CHANGED))
    return Part(team, person.uuid)


def appoint(world: World, one: Part, draft: MembershipDraft) -> None:
    """
    Make somebody a moderator, or no longer. Raises a 400 when it is not said which, and for the last moderator.
    """
    if draft.is_moderator is None:
        raise bad_request("isModerator is required.")
    if not draft.is_moderator:
        _require_another_moderator(one)
    one.team.members[one.uuid] = msgspec.structs.replace(one.membership, is_moderator=draft.is_moderator)
    world.changed(TeamChanged(one.team, Happened.CHANGED))


def leave(world: World, one: Part) -> None:
    """
    Take somebody out of a team. Raises a 400 for the last moderator.
    """
    _require_another_moderator(one)
    del one.team.members[one.uuid]
    world.changed(TeamChanged(one.team, Happened.CHANGED))


def _enter(team: Team, person: Person, now: int, *, is_moderator: bool) -> None:
    team.members[person.uuid] = Membership(team.joined, now, is_moderator)
    team.joined += 1


def _name(draft: TeamDraft) -> str:
    if not draft.name or not draft.name.strip():
        raise bad_request("name is required.")
    return draft.name


def _person(world: World, draft: MembershipDraft) -> Person:
    if draft.person_id:
        return people.find(world, draft.person_id)
    person = world.person_at(draft.person_email or "")
    if person is None:
        raise not_found("Person")
    return person


def _require_another_moderator(one: Part) -> None:
    others = (member for uuid, member in one.team.members.items() if uuid != one.uuid)
    if one.membership.is_moderator and not any(member.is_moderator for member in others):
        raise bad_request(_ONLY_MODERATOR)
