"""
Who is in a team and who moderates it, and which steps lead from there to what was asked for. Pure but for the reading.

Webex shows members and moderators as one list of memberships (https://developer.webex.com/docs/api/v1/team-memberships):
a moderator is a member, and one moderator must stay.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

from webex_connector.connector.identity import identity
from webex_connector.icf.attributes import AttributeDelta, Values
from webex_connector.icf.errors import InvalidAttributeValue
from webex_connector.webex.call import Call
from webex_connector.webex.client import WebexClient
from webex_connector.webex.wire import Json

MEMBERS = "members"
MODERATORS = "moderators"


@dataclass(frozen=True, slots=True)
class Part:
    """
    One person's part in a team.
    """

    membership: str
    """
    The membership's id, by which it is changed.
    """
    person: str
    name: str | None = None
    is_moderator: bool = False


Roster = Mapping[str, Part]
"""
Everybody in a team, by what all spellings of the person's id have in common.
"""


class Kind(Enum):
    """
    What may happen to one person's part in a team.
    """

    JOIN = "join"
    JOIN_AS_MODERATOR = "join as moderator"
    PROMOTE = "promote"
    DEMOTE = "demote"
    LEAVE = "leave"

    @property
    def attribute(self) -> str:
        """
        The attribute that asks for it.
        """
        return MEMBERS if self in {Kind.JOIN, Kind.LEAVE} else MODERATORS

    @property
    def makes_a_moderator(self) -> bool:
        """
        Whether the person moderates the team afterwards.
        """
        return self in {Kind.JOIN_AS_MODERATOR, Kind.PROMOTE}

    @property
    def takes_away(self) -> bool:
        """
        Whether the person is less afterwards than before. Such steps come last, so that a moderator stays throughout.
        """
        return self in {Kind.DEMOTE, Kind.LEAVE}


@dataclass(frozen=True, slots=True)
class Change:
    """
    One step, which is one request.
    """

    kind: Kind
    person: str
    membership: str = ""
    """
    Empty for who is not in the team yet.
    """

    @property
    def values(self) -> Values:
        """
        The person as a value of the attribute that asks for the step.
        """
        return ({"id": self.person},) if self.kind.attribute == MEMBERS else (self.person,)

    def is_in_place(self, roster: Roster) -> bool:
        """
        Say whether the team is as if the step had been made.
        """
        part = roster.get(identity(self.person))
        match self.kind:
            case Kind.JOIN:
                return part is not None
            case Kind.JOIN_AS_MODERATOR | Kind.PROMOTE:
                return part is not None and part.is_moderator
            case Kind.DEMOTE:
                return part is None or not part.is_moderator
            case Kind.LEAVE:
                return part is None


def part_of(sent: Json) -> Part:
    """
    Return the part that a membership of Webex describes.
    """
    moderates = bool(sent.get("isModerator"))
    return Part(sent["id"], str(sent["personId"]), sent.get("personDisplayName"), moderates)


async def roster_of(client: WebexClient, team_id: str, call: Call) -> Roster:
    """
    Read everybody in a team, a hundred in a request. Raises the WebexError that fits.
    """
    pages = client.team_memberships.list(team_id, call)
    parts = [part_of(sent) async for page in pages for sent in page.items]
    return {identity(part.person): part for part in parts}


def changes(roster: Roster, deltas: Mapping[str, AttributeDelta]) -> list[Change]:
    """
    Return the steps that the deltas of members and moderators ask for: first who comes, last who goes.

    Who is named a moderator is put in. Raises InvalidAttributeValue when nobody would moderate the team any more, or
    nobody would be in it.
    """
    moderating = {key: part.person for key, part in roster.items() if part.is_moderator}
    moderators = _people_after(deltas.get(MODERATORS), moderating)
    members = _people_after(deltas.get(MEMBERS), {key: part.person for key, part in roster.items()})
    # Whoever is asked for as a moderator, as opposed to being one already, is in the team whatever members say.
    named = _people(deltas[MODERATORS].replace or deltas[MODERATORS].add) if MODERATORS in deltas else {}
    members |= named
    moderators = {key: person for key, person in moderators.items() if key in members}
    if moderating and not moderators:
        raise InvalidAttributeValue("The last moderator of a team stays", attribute=MODERATORS)
    if roster and not members:
        raise InvalidAttributeValue("The last member of a team stays", attribute=MEMBERS)
    come = [_coming(person, moderates=key in moderators) for key, person in members.items() if key not in roster]
    promoted = [roster[key] for key in moderators if key in roster and key not in moderating]
    demoted = [roster[key] for key in moderating if key in members and key not in moderators]
    left = [part for key, part in roster.items() if key not in members]
    return [
        *come,
        *(Change(Kind.PROMOTE, part.person, part.membership) for part in promoted),
        *(Change(Kind.DEMOTE, part.person, part.membership) for part in demoted),
        *(Change(Kind.LEAVE, part.person, part.membership) for part in left),
    ]


def last(steps: Sequence[Change], person: str | None) -> list[Change]:
    """
    Return the steps with what is taken from this person at the end; nobody when it is None.
    """
    key = None if person is None else identity(person)
    return sorted(steps, key=lambda step: (step.kind.takes_away, step.kind.takes_away and identity(step.person) == key))


def _coming(person: str, *, moderates: bool) -> Change:
    return Change(Kind.JOIN_AS_MODERATOR if moderates else Kind.JOIN, person)


def _people_after(delta: AttributeDelta | None, current: Mapping[str, str]) -> dict[str, str]:
    if delta is None:
        return dict(current)
    if delta.replace is not None:
        return _people(delta.replace)
    gone = _people(delta.remove)
    return {key: person for key, person in current.items() if key not in gone} | _people(delta.add)


def _people(values: Iterable[object]) -> dict[str, str]:
    people = [str(value["id"] if isinstance(value, Mapping) else value) for value in values]
    return {identity(person): person for person in people}
