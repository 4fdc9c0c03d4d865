"""
Many people deleted by SCIM's bulk (https://developer.webex.com/docs/api/v1/scim-2-bulk).

Deleting twice is deleting once, and who is not there is gone. So what was refused or not told of is looked at, 85
people in a request, and whoever is still there is deleted again.
"""

from collections.abc import Mapping

from webex_connector.connector.calls import call_of
from webex_connector.connector.control_hub.existence import known_among
from webex_connector.connector.control_hub.scim_hundreds import Hundreds, all_refused, ended, withheld
from webex_connector.connector.faults import open_question, undone
from webex_connector.connector.identity import identity
from webex_connector.icf.objects import WriteResult
from webex_connector.icf.operations import ChangeOutcome, Fate
from webex_connector.icf.options import OperationOptions
from webex_connector.webex.client import WebexClient
from webex_connector.webex.errors import Forbidden, NotFound, Refused, WebexError, Withheld
from webex_connector.webex.resources.scim_bulk import Kind, Outcome, delete

_TRIES = 3


class ScimBulkDelete:
    """
    Some deletions being made, each of another person.
    """

    def __init__(self, client: WebexClient, hundreds: Hundreds, options: OperationOptions) -> None:
        self._client, self._hundreds, self._call = client, hundreds, call_of(options)
        self._outcomes: dict[int, ChangeOutcome] = {}
        self._failures: dict[int, list[WebexError]] = {}

    async def run(self, uids: Mapping[int, str]) -> dict[int, ChangeOutcome]:
        """
        Delete the people; one outcome for each, under the same key, except for those that only SCIM may not delete.
        """
        left = dict(uids)
        for _ in range(_TRIES):
            if left:
                left = await self._tried(left)
        for key, uid in left.items():
            self._outcomes[key] = ended(undone(self._failures[key], _subject(uid)))
        return self._outcomes

    async def _tried(self, uids: dict[int, str]) -> dict[int, str]:
        """
        Send the deletions; return those that, as one can see, have to be sent again.
        """
        told = await self._hundreds.send({key: delete(Kind.USER, identity(uid)) for key, uid in uids.items()})
        doubts = {key: uids[key] for key, outcome in told.items() if self._is_doubt(key, uids[key], outcome)}
        if self._hundreds.stopped is not None:
            begun = self._outcomes.keys() | doubts.keys()
            self._outcomes |= all_refused(uids.keys() - begun, self._hundreds.stopped)
        if not doubts:
            return {}
        known = await known_among(self._client, list(doubts.values()), self._call)
        if known is None:
            for key, uid in doubts.items():
                self._outcomes[key] = ended(open_question(self._failures[key][0], _subject(uid)))
            return {}
        left = {}
        for key, uid in doubts.items():
            failures = self._failures[key]
            if uid not in known:
                self._outcomes[key] = ChangeOutcome(Fate.DONE, WriteResult(uid))
            elif isinstance(failures[-1], Refused) and told[key].status is not None:
                self._outcomes[key] = ended(undone(failures, _subject(uid)))
            else:
                left[key] = uid
        return left

    def _is_doubt(self, key: int, uid: str, outcome: Outcome) -> bool:
        """
        Note how a deletion ended, unless that has to be looked at.
        """
        error, failures = outcome.error, self._failures.setdefault(key, [])
        if isinstance(error, Withheld):
            self._outcomes[key] = withheld(uid, error)
        elif error is None or isinstance(error, NotFound):
            changed = error is None or bool(failures)
            self._outcomes[key] = ChangeOutcome(Fate.DONE, WriteResult(uid, changed=changed))
        else:
            failures.append(error)
            if any(each.may_have_happened for each in failures):
                return True
            if not isinstance(error, Forbidden):
                self._outcomes[key] = ended(undone(failures, _subject(uid)))
        return False


def _subject(uid: str) -> str:
    return f"the deletion of {uid}"
