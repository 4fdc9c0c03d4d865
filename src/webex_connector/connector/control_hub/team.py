"""
`TEAMS`: the teams that the token's owner is in (https://developer.webex.com/docs/api/v1/teams). There is no view of all
teams of an organisation, so they are no substitute for groups.
"""

from collections.abc import AsyncIterator, Sequence

from webex_connector.base.clock import Clock
from webex_connector.connector.by_uid import present
from webex_connector.connector.calls import call_of
from webex_connector.connector.control_hub.deletion import deleted
from webex_connector.connector.control_hub.team_roster import MEMBERS, MODERATORS, Roster, roster_of
from webex_connector.connector.control_hub.team_writes import PEOPLE, TeamCreation, TeamUpdate
from webex_connector.connector.faults import read_all, reading, reading_one
from webex_connector.connector.one_at_a_time import OneAtATime
from webex_connector.connector.queries import ByUid, Listing, translated
from webex_connector.connector.steps import Steps
from webex_connector.icf import names
from webex_connector.icf.attributes import AttributeDelta, Attributes, Values
from webex_connector.icf.filters import Filter
from webex_connector.icf.objects import Batch, ConnectorObject, WriteResult
from webex_connector.icf.operations import Translation
from webex_connector.icf.options import OperationOptions
from webex_connector.icf.schema import AttributeInfo, AttributeType, ObjectClassInfo
from webex_connector.webex.client import WebexClient
from webex_connector.webex.wire import Json

_PAGE = 100

TEAM = ObjectClassInfo(
    "TEAMS",
    "Teams that the owner of the token is in; Webex shows no others.",
    (
        AttributeInfo("name", "The team's name.", required=True),
        AttributeInfo("description", "What it is for."),
        AttributeInfo(
            "creatorId",
            "Who made it.",
            case_sensitive=True,
            refers_to=names.ACCOUNT,
            creatable=False,
            updateable=False,
        ),
        AttributeInfo(
            MEMBERS,
            "The people in it, moderators among them. Reading them costs one request for each 100.",
            AttributeType.MAP,
            many=True,
            case_sensitive=True,
            refers_to=names.ACCOUNT,
            returned_by_default=False,
            returned_when_read=True,
            fields=(
                AttributeInfo("id", "The person's id.", required=True),
                AttributeInfo("displayName", "The person's name; never written."),
            ),
        ),
        AttributeInfo(
            MODERATORS,
            "Ids of the people who moderate it. Naming somebody puts them in; the last one stays.",
            many=True,
            case_sensitive=True,
            refers_to=names.ACCOUNT,
            returned_by_default=False,
            returned_when_read=True,
        ),
        AttributeInfo("created", "When it was made.", AttributeType.TIMESTAMP, creatable=False, updateable=False),
    ),
    name_attribute="name",
)


def team_of(sent: Json, roster: Roster | None = None) -> ConnectorObject:
    """
    Return the object for a team; with its members and moderators if they are handed in.
    """
    attributes: dict[str, Values] = {
        fact.name: (sent[fact.name],)
        for fact in TEAM.attributes
        if fact.name not in PEOPLE and sent.get(fact.name) not in (None, "")
    }
    if roster is not None:
        parts = roster.values()
        attributes[MEMBERS] = tuple(
            {"id": part.person, "displayName": part.name} if part.name else {"id": part.person} for part in parts
        )
        attributes[MODERATORS] = tuple(part.person for part in parts if part.is_moderator)
    return ConnectorObject(TEAM.name, sent["id"], sent.get("name"), attributes)


class Teams:
    """
    The handler of `TEAMS`.
    """

    info = TEAM

    def __init__(self, client: WebexClient, clock: Clock) -> None:
        self._client = client
        self._clock = clock
        self._turns = OneAtATime()

    async def create(self, attributes: Attributes, options: OperationOptions) -> WriteResult:
        """
        Make a team, whose first member and moderator is the token's owner. Who could not be put in is in the result.

        Raises AlreadyExists for a name that a team of the owner has, though Webex would take it twice.
        """
        creation = TeamCreation(self._client, self._clock, attributes, options)
        sent = await creation.run()
        if sent is None:
            return creation.steps.result(None)
        return creation.steps.result(sent["id"], after=team_of(sent, creation.roster))

    async def update(self, uid: str, deltas: Sequence[AttributeDelta], options: OperationOptions) -> WriteResult:
        """
        Change name, description, members and moderators of a team.

        Raises InvalidAttributeValue when no moderator or no member would stay.
        """
        async with self._turns.turn(uid):
            before = await self.get(uid, TEAM.defaults, options)
            update = TeamUpdate(self._client, self.info, before, deltas, options)
            sent = await update.run()
            seen = None if sent is None else team_of(sent, update.roster)
            return update.steps.result(before.uid, before=before, after=seen)

    async def delete(self, uid: str, options: OperationOptions) -> WriteResult:
        """
        Delete a team; its members stay in Webex.
        """
        call, steps = call_of(options), Steps()
        async with self._turns.turn(uid):
            before = await self.get(uid, TEAM.defaults_when_read, options)
            teams, subject = self._client.teams, f"the deletion of the team {before.uid}"
            await deleted(lambda: teams.delete(before.uid, call), lambda: teams.get(before.uid, call), subject, steps)
        return steps.result(before.uid, before=before, after=before if steps.done else None)

    async def get(self, uid: str, wanted: frozenset[str], options: OperationOptions) -> ConnectorObject:
        """
        Read a team, with everybody in it if members or moderators are wanted.
        """
        call = call_of(options)
        with reading_one(TEAM.name, uid):
            sent = await self._client.teams.get(uid, call)
            roster = await roster_of(self._client, sent["id"], call) if PEOPLE & wanted else None
        return team_of(sent, roster)

    def translate(self, node: Filter) -> Translation:
        """
        Webex finds teams by uid alone; nobody is in so many that we could not look for names ourselves.
        """
        return translated(node, {}, TEAM.name_attribute)

    async def search(
        self,
        native: object,
        wanted: frozenset[str],
        resume: str | None,
        options: OperationOptions,
    ) -> AsyncIterator[Batch]:
        """
        Stream the token owner's teams page by page.
        """
        if isinstance(native, ByUid):
            yield await present(lambda uid: self.get(uid, wanted, options), native.uids)
        elif isinstance(native, Listing):
            call = call_of(options)
            size = min(options.page_size, _PAGE) if options.page_size else _PAGE
            async for page in read_all(self._client.teams.list(call, max=size, start=resume)):
                found: list[ConnectorObject] = []
                for sent in page.items:
                    with reading():
                        roster = await roster_of(self._client, sent["id"], call) if PEOPLE & wanted else None
                    found.append(team_of(sent, roster))
                yield Batch(found, page.next_url)
