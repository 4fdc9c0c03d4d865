"""
Many changes of users: deletions by fifties, everything else by itself and a few at a time.
"""

from collections.abc import Sequence

from webex_connector.connector.a_few_at_a_time import for_each
from webex_connector.connector.meetings_site.account_delete import STAYS, deactivated_together
from webex_connector.connector.meetings_site.own_user import is_own
from webex_connector.connector.until_stopped import Singly, UntilStopped
from webex_connector.icf import names
from webex_connector.icf.objects import NotApplied, WriteResult
from webex_connector.icf.operations import Change, ChangeOutcome, ChangeRequest, Fate
from webex_connector.icf.options import OperationOptions
from webex_connector.webex.meetings_xml.site import MeetingsSite
from webex_connector.webex.meetings_xml.users import MOST_DELETED


class ManyChanges:
    """
    Makes changes until something says that the run must stop.
    """

    def __init__(self, site: MeetingsSite, singly: Singly, options: OperationOptions) -> None:
        self._site, self._options = site, options
        self._each = UntilStopped(singly, options)

    async def run(self, changes: Sequence[ChangeRequest]) -> list[ChangeOutcome]:
        """
        Make the changes; one outcome for each, in order. Whoever did not leave with fifty others is deactivated by
        itself, which tells why.
        """
        outcomes: dict[int, ChangeOutcome] = {}
        if not self._options.dry_run:
            await self._deleted(changes, outcomes)

        async def work(place: int) -> None:
            outcomes[place] = await self._each.made(changes[place])

        await for_each([place for place in range(len(changes)) if place not in outcomes], work)
        return [outcomes[place] for place in range(len(changes))]

    async def _deleted(self, changes: Sequence[ChangeRequest], outcomes: dict[int, ChangeOutcome]) -> None:
        leaving = {
            (each.uid or "").lower(): place for place, each in enumerate(changes) if each.change is Change.DELETE
        }
        touched = [(each.uid or "").lower() for each in changes if each.change is not Change.CREATE]
        # Several changes of one user are made in their order, each by itself.
        alone = {uid for uid in leaving if touched.count(uid) > 1 or is_own(self._site, uid)}
        uids = [str(changes[place].uid) for uid, place in leaving.items() if uid and uid not in alone]
        if len(uids) < 2:  # noqa: PLR2004 - one is not many
            return
        told = (NotApplied(names.ENABLE, (), STAYS, asked=False),)
        for first in range(0, len(uids), MOST_DELETED):
            some = uids[first : first + MOST_DELETED]
            done = await deactivated_together(self._site, some, self._options)
            for uid in some:
                if uid.lower() in done:
                    result = WriteResult(uid, not_applied=told)
                    outcomes[leaving[uid.lower()]] = ChangeOutcome(Fate.DONE, result)
