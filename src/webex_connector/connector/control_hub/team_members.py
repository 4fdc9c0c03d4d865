"""
Putting people into a team, making them moderators, and taking either back
(https://developer.webex.com/docs/api/v1/team-memberships). One request for each person; each can be repeated.
"""

from collections.abc import Sequence

from webex_connector.connector.control_hub.team_roster import Change, Kind, Roster, last, roster_of
from webex_connector.connector.faults import meaning, not_taken, open_question
from webex_connector.connector.identity import identity
from webex_connector.connector.steps import Steps
from webex_connector.icf.errors import ConnectorError, InvalidAttributeValue
from webex_connector.webex.call import Call
from webex_connector.webex.client import WebexClient
from webex_connector.webex.errors import Conflict, Forbidden, NotFound, Refused, WebexError

_TRIES = 3


async def ordered(client: WebexClient, changes: Sequence[Change], call: Call) -> list[Change]:
    """
    Return the changes with those that take something from the token's owner at the end: who has left a team does not
    see it any more, and who does not moderate it may not change it.

    The owner is asked for only where it matters. Raises a ConnectorError when Webex cannot be asked.
    """
    if sum(change.kind.takes_away for change in changes) <= 1:
        return list(changes)
    try:
        return last(changes, str((await client.people.me(call))["id"]))
    except (Forbidden, NotFound):
        # The token may not ask who it belongs to; then one order is as good as another.
        return list(changes)
    except WebexError as error:
        raise meaning(error) from error


class MemberChanges:
    """
    The changes of one team's members within one operation. A part that fails is noted; the others go on.
    """

    def __init__(self, client: WebexClient, team_id: str, roster: Roster, call: Call, steps: Steps) -> None:
        self._client, self._team, self._call, self._steps = client, team_id, call, steps
        self._moderators = {key for key, part in roster.items() if part.is_moderator}

    async def run(self, changes: Sequence[Change]) -> None:
        """
        Make the changes in this order. Where a new moderator could not be made, the last one is left in place.
        """
        for change in changes:
            key = identity(change.person)
            if change.kind.takes_away and self._moderators == {key}:
                reason = "The last moderator of a team stays; the others could not be made moderators"
                self._steps.missed(change.kind.attribute, change.values, InvalidAttributeValue(reason))
                continue
            error = await self._made(change)
            if error is not None:
                self._steps.missed(change.kind.attribute, change.values, error)
            elif change.kind.makes_a_moderator:
                self._moderators.add(key)
            elif change.kind.takes_away:
                self._moderators.discard(key)

    async def _made(self, change: Change) -> ConnectorError | None:
        failures: list[WebexError] = []
        for remaining in reversed(range(_TRIES)):
            try:
                await self._send(change)
            except WebexError as error:
                failures.append(error)
                if remaining and error.may_have_happened and not isinstance(error, Refused):
                    continue
                break
            return None
        return await self._judged(change, failures)

    async def _judged(self, change: Change, failures: Sequence[WebexError]) -> ConnectorError | None:
        """
        Look whether the change is in place all the same; who was put in by somebody else meanwhile is promoted still.
        """
        subject = f"the change of {change.kind.attribute} of {self._team}"
        possible = any(failure.may_have_happened for failure in failures)
        if not possible and not isinstance(failures[-1], Conflict | NotFound):
            return not_taken(failures, subject)
        try:
            roster = await roster_of(self._client, self._team, self._call)
        except (NotFound, Refused):
            # Who took himself out sees the team no more, and cannot tell that from its end.
            return open_question(failures[0], subject) if possible else not_taken(failures, subject)
        except WebexError:
            return open_question(failures[0], subject)
        if change.is_in_place(roster):
            self._steps.done = self._steps.done or possible
            return None
        part = roster.get(identity(change.person))
        if change.kind is Kind.JOIN_AS_MODERATOR and part is not None:
            return await self._made(Change(Kind.PROMOTE, change.person, part.membership))
        return not_taken(failures, subject)

    async def _send(self, change: Change) -> None:
        memberships, call = self._client.team_memberships, self._call
        match change.kind:
            case Kind.JOIN | Kind.JOIN_AS_MODERATOR:
                moderates = change.kind.makes_a_moderator
                write = memberships.create(self._team, change.person, call, is_moderator=moderates)
                await self._steps.take(write)
            case Kind.PROMOTE | Kind.DEMOTE:
                write = memberships.update(change.membership, call, is_moderator=change.kind is Kind.PROMOTE)
                await self._steps.take(write)
            case Kind.LEAVE:
                await self._steps.take(memberships.delete(change.membership, call))
