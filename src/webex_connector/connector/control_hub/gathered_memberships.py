"""
Memberships gathered over many people: one request for each 500 people of a group, whatever they are put in or out for
(https://developer.webex.com/docs/api/v1/groups).
"""

from collections.abc import Iterable, Mapping

from webex_connector.connector.a_few_at_a_time import for_each
from webex_connector.connector.control_hub.memberships import Missed, change_members_there_are
from webex_connector.connector.identity import identity
from webex_connector.connector.steps import Steps
from webex_connector.icf.errors import ConnectorError, Verdict
from webex_connector.webex.call import Call
from webex_connector.webex.client import WebexClient
from webex_connector.webex.resources.groups import MOST_MEMBERS


class GatheredMemberships:
    """
    Who is to be in which group and who is not. Whatever was said last about a person and a group counts.
    """

    def __init__(self, client: WebexClient, call: Call, stopped: ConnectorError | None = None) -> None:
        self._client, self._call, self._stopped = client, call, stopped
        self._wishes: dict[str, dict[str, bool]] = {}
        self._spelled: dict[str, str] = {}
        self._missed: dict[tuple[str, str], ConnectorError] = {}
        self._withheld: dict[tuple[str, str], tuple[str, ...]] = {}

    def add(self, person: str, join: Iterable[str], leave: Iterable[str]) -> None:
        """
        Note which groups a person joins and leaves.
        """
        person = self._spelled.setdefault(identity(person), person)
        for groups, inside in ((join, True), (leave, False)):
            for group in groups:
                key = identity(group)
                self._spelled.setdefault(key, group)
                self._wishes.setdefault(key, {})[person] = inside

    async def carry_out(self) -> None:
        """
        Change the groups. One that fails does not keep the others from happening.

        After an error that ends the run nothing more is sent, and the rest counts as missed for the same reason.
        """
        await for_each(self._wishes.items(), self._change)

    def missed(self, person: str, group: str) -> ConnectorError | None:
        """
        Return why a person is not in or out of a group as wished; None when all is as wished.
        """
        return self._missed.get(self._place(person, group))

    def withheld(self, person: str, group: str) -> tuple[str, ...]:
        """
        Return the request about a person and a group that a dry run did not send; many people may share it.
        """
        return self._withheld.get(self._place(person, group), ())

    def _place(self, person: str, group: str) -> tuple[str, str]:
        return self._spelled.get(identity(person), person), identity(group)

    async def _change(self, wishes: tuple[str, Mapping[str, bool]]) -> None:
        key, people = wishes
        everybody = list(people.items())
        for first in range(0, len(everybody), MOST_MEMBERS):
            await self._change_part(key, dict(everybody[first : first + MOST_MEMBERS]))

    async def _change_part(self, key: str, part: Mapping[str, bool]) -> None:
        if self._stopped is not None:
            self._note(key, Missed(frozenset(part), self._stopped))
            return
        joining = [person for person, inside in part.items() if inside]
        leaving = [person for person, inside in part.items() if not inside]
        steps, group = Steps(), self._spelled[key]
        for missed in await change_members_there_are(self._client, group, joining, leaving, self._call, steps):
            self._note(key, missed)
            if missed.error.verdict is Verdict.STOP_RUN:
                self._stopped = missed.error
        self._withheld.update({(person, key): tuple(steps.withheld) for person in part})

    def _note(self, key: str, missed: Missed) -> None:
        self._missed.update({(person, key): missed.error for person in missed.people})
