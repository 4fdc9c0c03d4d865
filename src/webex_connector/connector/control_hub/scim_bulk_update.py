"""
Changes of many people by SCIM's bulk: a hundred in one request
(https://developer.webex.com/docs/api/v1/scim-2-bulk; RFC 7644 section 3.7).

Bulk tells how each change ended, but not what the person looks like then. So what Webex might leave out in silence
(roles) is not changed this way, and what it refused or did not tell of is changed once more by itself, which finds out
why. A change done twice is a change done once.
"""

from collections.abc import Mapping, Sequence

from webex_connector.connector.a_few_at_a_time import for_each
from webex_connector.connector.calls import call_of
from webex_connector.connector.control_hub.scim_update import is_conditional
from webex_connector.connector.control_hub.scim_user import CAPABLE, operations_of
from webex_connector.connector.faults import meaning, undone
from webex_connector.connector.identity import identity
from webex_connector.icf.attributes import AttributeDelta
from webex_connector.icf.errors import Ambiguous, ConnectorError, UnknownUid, Verdict
from webex_connector.icf.objects import WriteResult
from webex_connector.icf.operations import CanUpdate, ChangeOutcome, Fate
from webex_connector.icf.options import OperationOptions
from webex_connector.webex.client import Scim
from webex_connector.webex.errors import WebexError, Withheld
from webex_connector.webex.resources.scim_bulk import MOST_OPERATIONS, Kind, Outcome, patch

Update = tuple[str, Sequence[AttributeDelta]]
"""
Whom to change, and how.
"""


def fits_bulk(delta: AttributeDelta) -> bool:
    """
    Say whether a change may be made without seeing the person before or after.
    """
    return delta.name in CAPABLE - {"roles"} and not is_conditional(delta)


class ScimBulkUpdate:
    """
    Changes that all fit into bulk requests.
    """

    def __init__(self, scim: Scim, singly: CanUpdate, options: OperationOptions) -> None:
        self._scim, self._singly, self._options = scim, singly, options
        self.stopped: ConnectorError | None = None
        """
        Why nothing more is sent.
        """

    async def run(self, updates: Mapping[int, Update]) -> dict[int, ChangeOutcome]:
        """
        Make the changes; one outcome for each, under the same key.

        After an error that ends the run, what has not begun is refused with the same error.
        """
        outcomes: dict[int, ChangeOutcome] = {}
        keys = list(updates)
        for first in range(0, len(keys), MOST_OPERATIONS):
            part = {key: updates[key] for key in keys[first : first + MOST_OPERATIONS]}
            outcomes |= await self._part(part)
        return outcomes

    async def _part(self, part: Mapping[int, Update]) -> dict[int, ChangeOutcome]:
        if self.stopped is not None:
            return dict.fromkeys(part, ChangeOutcome(Fate.REFUSED, error=self.stopped))
        operations = [patch(Kind.USER, identity(uid), operations_of(deltas)) for uid, deltas in part.values()]
        try:
            told = await self._scim.bulk.run(operations, call_of(self._options))
        except Withheld as withheld:
            line = f"{withheld.method} {withheld.path}"
            return {
                key: ChangeOutcome(Fate.DONE, WriteResult(uid, withheld=(line,), changed=False))
                for key, (uid, _) in part.items()
            }
        except WebexError as error:
            refused = meaning(error)
            if refused.verdict is Verdict.STOP_RUN:
                self.stopped = refused
                return dict.fromkeys(part, ChangeOutcome(Fate.REFUSED, error=refused))
            told = [Outcome(operation, None, None, error) for operation in operations]
        ends = dict(zip(part, told, strict=True))
        outcomes = {
            key: ChangeOutcome(Fate.DONE, WriteResult(uid)) for key, (uid, _) in part.items() if ends[key].error is None
        }

        async def alone(key: int) -> None:
            outcomes[key] = _certain(await self._alone(*part[key]), ends[key].error, part[key][0])

        await for_each([key for key in part if key not in outcomes], alone)
        return outcomes

    async def _alone(self, uid: str, deltas: Sequence[AttributeDelta]) -> ChangeOutcome:
        try:
            return ChangeOutcome(Fate.DONE, await self._singly.update(uid, deltas, self._options))
        except Ambiguous as error:
            return ChangeOutcome(Fate.AMBIGUOUS, error=error)
        except ConnectorError as error:
            return ChangeOutcome(Fate.REFUSED, error=error)


def _certain(outcome: ChangeOutcome, first: WebexError | None, uid: str) -> ChangeOutcome:
    """
    Return the outcome of a change that was made by itself after `first`; a refusal says nothing of a bulk request whose
    answer was lost.
    """
    if outcome.fate is not Fate.REFUSED or first is None or isinstance(outcome.error, UnknownUid):
        return outcome
    doubt = undone([first], f"the update of {uid}")
    return ChangeOutcome(Fate.AMBIGUOUS, error=doubt) if isinstance(doubt, Ambiguous) else outcome
