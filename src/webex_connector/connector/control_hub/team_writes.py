"""
Making and changing a team (https://developer.webex.com/docs/api/v1/teams).

Webex allows two teams of one name. So we look before, as with groups, and whoever asks again after an end that nobody
saw learns the uid instead of getting a second team.
"""

from collections.abc import Mapping, Sequence

from webex_connector.base.clock import Clock
from webex_connector.connector.calls import call_of
from webex_connector.connector.control_hub.made_by_name import made
from webex_connector.connector.control_hub.team_members import MemberChanges, ordered
from webex_connector.connector.control_hub.team_roster import (
    MEMBERS,
    MODERATORS,
    Change,
    Part,
    Roster,
    changes,
    roster_of,
)
from webex_connector.connector.faults import attribute_in, meaning, open_question, reading, undone
from webex_connector.connector.identity import identity
from webex_connector.connector.steps import Steps
from webex_connector.icf import names
from webex_connector.icf.attributes import AttributeDelta, Attributes, after
from webex_connector.icf.errors import AlreadyExists, ConnectorError
from webex_connector.icf.objects import ConnectorObject
from webex_connector.icf.options import OperationOptions
from webex_connector.icf.schema import ObjectClassInfo
from webex_connector.icf.validation import refuse_cleared
from webex_connector.webex.call import Call
from webex_connector.webex.client import WebexClient
from webex_connector.webex.errors import Refused, WebexError
from webex_connector.webex.wire import Json

FIELDS = ("name", "description")
"""
What a change of a team may name beside its people.
"""

PEOPLE = frozenset({MEMBERS, MODERATORS})
"""
The attributes that cost a request of their own.
"""

_TRIES = 3


class TeamCreation:
    """
    One team being made.
    """

    def __init__(self, client: WebexClient, clock: Clock, attributes: Attributes, options: OperationOptions) -> None:
        self._client, self._clock, self._attributes = client, clock, attributes
        self._may_share = options.namesakes
        self._before: frozenset[str] = frozenset()
        self.call = call_of(options)
        self.steps = Steps()
        self.roster: Roster | None = None
        """Everybody in the team as it is at the end; None when nobody was put in, or Webex could not be asked."""

    async def run(self) -> Json | None:
        """
        Make the team, put people in, and return the team; None in a dry run.

        Raises AlreadyExists for a name that a team of the token's owner has, or another ConnectorError if nothing was
        made. Webex makes the owner the first member and moderator, whoever else is named.
        """
        body: Json = {name: self._attributes[name][0] for name in FIELDS if self._attributes.get(name)}
        with reading():
            known = await self._named(body["name"])
        if known and not self._may_share:
            raise AlreadyExists(f"There is a team named {body['name']}", uid=known[0]["id"])
        self._before = frozenset(each["id"] for each in known)
        sent = await made(self, body, self._clock, self.steps)
        uid = sent["id"] if sent else "new"
        roster = _first_of(sent)
        asked = {name: AttributeDelta(name, add=self._attributes.get(name, ())) for name in (MEMBERS, MODERATORS)}
        joining = changes(roster, asked)
        await MemberChanges(self._client, uid, roster, self.call, self.steps).run(joining)
        if sent is not None and joining:
            self.roster = await _seen(self._client, uid, self.call)
        return sent

    @property
    def subject(self) -> str:
        """
        The creation, as errors speak of it.
        """
        name: object = self._attributes["name"][0]
        return f"the creation of the team {name}"

    async def post(self, body: Json) -> Json:
        """
        Send the creation once. Raises the WebexError, Withheld in a dry run.
        """
        return await self._client.teams.create(body, self.call)

    async def namesakes(self, body: Json) -> list[Json]:
        """
        Return every team of the owner that has the name and was not there before. Raises the WebexError.
        """
        return [each for each in await self._named(body["name"]) if each["id"] not in self._before]

    async def refusal(self, failures: Sequence[WebexError], body: Json) -> ConnectorError:
        """
        Return what the failures mean where no team was made.
        """
        return undone(failures, self.subject, attribute=attribute_in(failures[-1], body))

    async def _named(self, name: str) -> list[Json]:
        folded = names.folded_text(name)
        pages = self._client.teams.list(self.call)
        return [
            team async for page in pages for team in page.items if names.folded_text(str(team.get("name"))) == folded
        ]


def _first_of(sent: Json | None) -> Roster:
    creator = str((sent or {}).get("creatorId") or "")
    # Webex does not tell the membership's id here, and nothing needs it: the creator is put in nowhere twice.
    return {identity(creator): Part("", creator, is_moderator=True)} if creator else {}


class TeamUpdate:
    """
    One change of one team.
    """

    def __init__(
        self,
        client: WebexClient,
        info: ObjectClassInfo,
        before: ConnectorObject,
        deltas: Sequence[AttributeDelta],
        options: OperationOptions,
    ) -> None:
        self._client, self._info, self._before = client, info, before
        self._deltas: Mapping[str, AttributeDelta] = {delta.name: delta for delta in deltas}
        self.call = call_of(options)
        self.steps = Steps()
        self.roster: Roster | None = None
        """Everybody in the team as it is at the end; None when that was not asked for, or is not known."""

    async def run(self) -> Json | None:
        """
        Make the change and return the team as it is then; None when nothing was changed, or it cannot be seen any more.

        Raises InvalidAttributeValue before anything is sent when no moderator or no member would stay, UnknownUid, or
        any ConnectorError as long as nothing was changed.
        """
        uid, body = self._before.uid, self._body()
        roster: Roster = {}
        moves: list[Change] = []
        if PEOPLE & self._deltas.keys():
            with reading():
                roster = await roster_of(self._client, uid, self.call)
            moves = await ordered(self._client, changes(roster, self._deltas), self.call)
        sent = await self._replaced(body) if body else None
        await MemberChanges(self._client, uid, roster, self.call, self.steps).run(moves)
        if not self.steps.done:
            return None
        if sent is not None and not moves:
            return sent
        try:
            seen = await self._client.teams.get(uid, self.call)
        except WebexError:
            # Whatever was to be done is done or noted; an error would say that nothing is.
            return None
        self.roster = await _seen(self._client, uid, self.call)
        return seen

    def _body(self) -> Json:
        body: Json = {}
        changed = False
        for name in FIELDS:
            current = self._before.values(name)
            values = after(self._deltas[name], current) if name in self._deltas else current
            if values != current:
                refuse_cleared(self._info.attribute(name), values)
                changed = True
            body[name] = values[0] if values else ""
        # The request replaces both (https://developer.webex.com/docs/api/v1/teams), so both are in it.
        return body if changed else {}

    async def _replaced(self, body: Json) -> Json | None:
        failures: list[WebexError] = []
        for _ in range(_TRIES):
            try:
                return await self.steps.take(self._client.teams.replace(self._before.uid, body, self.call))
            except WebexError as error:
                failures.append(error)
            if not failures[-1].may_have_happened or isinstance(failures[-1], Refused):
                break
        if any(failure.may_have_happened for failure in failures):
            return await self._looked(body, failures)
        raise meaning(failures[-1], attribute=attribute_in(failures[-1], body)) from failures[-1]

    async def _looked(self, body: Json, failures: Sequence[WebexError]) -> Json:
        subject = f"the change of the team {self._before.uid}"
        try:
            seen = await self._client.teams.get(self._before.uid, self.call)
        except WebexError as error:
            raise open_question(failures[0], subject) from error
        if any((seen.get(name) or "") != value for name, value in body.items()):
            raise undone(failures, subject, attribute=attribute_in(failures[-1], body)) from failures[-1]
        self.steps.done = True
        return seen


async def _seen(client: WebexClient, uid: str, call: Call) -> Roster | None:
    """
    Return who is in the team now, None when Webex does not tell: the change is done all the same.
    """
    try:
        return await roster_of(client, uid, call)
    except WebexError:
        return None
