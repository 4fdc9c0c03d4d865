"""
Many people made by SCIM's bulk (https://developer.webex.com/docs/api/v1/scim-2-bulk).

An answer tells how each creation ended and where the person is. Of whatever it does not tell, or refuses for a name
that is taken, the address is looked up, many in a request; a creation is sent again once nobody was found, which is
safe because an address belongs to one person only.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

from webex_connector.base.clock import Clock
from webex_connector.connector.calls import call_of
from webex_connector.connector.control_hub.addresses import taken
from webex_connector.connector.control_hub.making import is_ours
from webex_connector.connector.control_hub.person import account_of, not_applied
from webex_connector.connector.control_hub.scim_hundreds import Hundreds, all_refused, ended, withheld
from webex_connector.connector.control_hub.scim_lookup import holders_of
from webex_connector.connector.control_hub.scim_user import CAPABLE, body_of
from webex_connector.connector.faults import attribute_in, meaning, open_question, said, undone
from webex_connector.icf import names
from webex_connector.icf.attributes import Attributes
from webex_connector.icf.errors import Ambiguous, ConnectorError
from webex_connector.icf.names import folded_text
from webex_connector.icf.objects import WriteResult
from webex_connector.icf.operations import ChangeOutcome, Fate
from webex_connector.icf.options import OperationOptions
from webex_connector.icf.schema import ObjectClassInfo
from webex_connector.webex.client import Scim
from webex_connector.webex.errors import Conflict, Forbidden, Refused, WebexError, Withheld
from webex_connector.webex.ids import encode
from webex_connector.webex.resources.scim_bulk import Kind, Outcome, create
from webex_connector.webex.wire import Json

_TRIES = 2
_WAITS = (0.5, 1.0, 2.0, 4.0)
_CREATED = 201


class ScimBulkCreate:
    """
    Some creations being made, each at another address.
    """

    def __init__(
        self,
        scim: Scim,
        hundreds: Hundreds,
        info: ObjectClassInfo,
        clock: Clock,
        options: OperationOptions,
    ) -> None:
        self._scim, self._hundreds, self._info, self._clock = scim, hundreds, info, clock
        self._options, self._call = options, call_of(options)
        self._outcomes: dict[int, ChangeOutcome] = {}
        self._failures: dict[int, list[WebexError]] = {}

    async def run(self, wanted: Mapping[int, Attributes]) -> dict[int, ChangeOutcome]:
        """
        Make the people; one outcome for each, under the same key, except for those that are to be tried by themselves:
        whom this token may not make by bulk, and whom Webex took in neither spelling.
        """
        began, left = self._clock.now(), dict(wanted)
        if self._options.dry_run:
            left = await self._unknown(left)
        for _ in range(_TRIES):
            if left:
                left = await self._tried(left, began)
        for key, attributes in left.items():
            if not all(isinstance(each, Refused) for each in self._failures[key]):
                self._outcomes[key] = ended(undone(self._failures[key], _subject(attributes)))
        return self._outcomes

    async def _unknown(self, wanted: dict[int, Attributes]) -> dict[int, Attributes]:
        """
        Say in a dry run what Webex would say to addresses that are taken.
        """
        try:
            found = await holders_of(self._scim, _addresses(wanted), self._call)
        except WebexError as error:
            self._outcomes |= all_refused(wanted, meaning(error))
            return {}
        known = {key: holder for key, each in wanted.items() if (holder := found.get(_key(each))) is not None}
        self._outcomes |= {key: ended(taken(_address(wanted[key]), holder)) for key, holder in known.items()}
        return {key: each for key, each in wanted.items() if key not in known}

    async def _tried(self, wanted: dict[int, Attributes], began: datetime) -> dict[int, Attributes]:
        """
        Send the creations; return those that, as one can see, have to be sent again.
        """
        told = await self._hundreds.send(
            {key: create(Kind.USER, f"person-{key}", body_of(each)) for key, each in wanted.items()}
        )
        doubts = {key: wanted[key] for key, outcome in told.items() if self._is_doubt(key, wanted[key], outcome)}
        if self._hundreds.stopped is not None:
            begun = self._outcomes.keys() | doubts.keys()
            self._outcomes |= all_refused(wanted.keys() - begun, self._hundreds.stopped)
        if not doubts:
            return {}
        try:
            found = await self._looked(doubts)
        except WebexError as error:
            for key, attributes in doubts.items():
                self._outcomes[key] = ended(self._unseen(key, attributes, error))
            return {}
        return {
            key: attributes
            for key, attributes in doubts.items()
            if not self._is_settled(key, attributes, found.get(_key(attributes)), began, whole=told[key].status is None)
        }

    def _is_doubt(self, key: int, attributes: Attributes, outcome: Outcome) -> bool:
        """
        Note how a creation ended, unless that has to be looked at.
        """
        error, failures = outcome.error, self._failures.setdefault(key, [])
        if isinstance(error, Withheld):
            self._outcomes[key] = withheld(None, error)
        elif error is None:
            uid = encode("PEOPLE", str(outcome.id))
            made = outcome.status == _CREATED
            self._outcomes[key] = _done(uid) if made else ended(taken(_address(attributes), {"id": uid}))
        else:
            failures.append(error)
            if isinstance(error, Conflict) or any(each.may_have_happened for each in failures):
                return True
            if not isinstance(error, Forbidden):
                self._outcomes[key] = ended(undone(failures, _subject(attributes)))
        return False

    async def _looked(self, doubts: Mapping[int, Attributes]) -> dict[str, Json]:
        """
        Return who has the addresses. Somebody whom an earlier try of ours made may not be shown yet: then Webex says
        that the address is taken, and there are several looks.
        """
        found: dict[str, Json] = {}
        for wait in (0.0, *_WAITS):
            await self._clock.sleep(wait)
            found |= await holders_of(self._scim, _addresses(doubts), self._call)
            if not any(_key(each) not in found and self._is_late(key) for key, each in doubts.items()):
                break
        return found

    def _is_late(self, key: int) -> bool:
        *earlier, last = self._failures[key]
        return isinstance(last, Conflict) and any(each.may_have_happened for each in earlier)

    def _unseen(self, key: int, attributes: Attributes, error: WebexError) -> ConnectorError:
        failures = self._failures[key]
        if any(each.may_have_happened for each in failures):
            return open_question(failures[0], _subject(attributes))
        return meaning(error)

    def _is_settled(
        self, key: int, attributes: Attributes, holder: Json | None, began: datetime, *, whole: bool
    ) -> bool:
        """
        Note how a creation ended of which we looked up the address; False when it may be sent again.
        """
        failures = self._failures[key]
        doubtful, last = any(each.may_have_happened for each in failures), failures[-1]
        conflict = last if isinstance(last, Conflict) else None
        if holder is not None and doubtful and is_ours(holder, attributes, began):
            self._outcomes[key] = self._found(holder, attributes, failures)
        elif holder is not None:
            self._outcomes[key] = ended(taken(_address(attributes), holder, conflict))
        elif conflict is not None:
            meant = undone(failures, _subject(attributes))
            doubt = isinstance(meant, Ambiguous)
            self._outcomes[key] = ended(meant if doubt else taken(_address(attributes), None, conflict))
        elif isinstance(last, Refused) and not whole:
            self._outcomes[key] = ended(meaning(last, attribute=attribute_in(last, attributes)))
        else:
            return False
        return True

    def _found(self, holder: Json, attributes: Attributes, failures: Sequence[WebexError]) -> ChangeOutcome:
        carried = {name: values for name, values in attributes.items() if name in CAPABLE - {names.ENABLE}}
        doubt = failures[-1]
        missing = not_applied(
            carried,
            account_of(holder, self._info),
            said=said(doubt) if isinstance(doubt, Refused) else None,
            tracking_id=doubt.tracking_id,
        )
        return ChangeOutcome(Fate.DONE, WriteResult(holder["id"], not_applied=missing))


def _done(uid: str) -> ChangeOutcome:
    return ChangeOutcome(Fate.DONE, WriteResult(uid))


def _address(attributes: Attributes) -> str:
    return str(attributes["emails"][0])


def _key(attributes: Attributes) -> str:
    return folded_text(_address(attributes))


def _addresses(wanted: Mapping[int, Attributes]) -> list[str]:
    return [_address(each) for each in wanted.values()]


def _subject(attributes: Attributes) -> str:
    return f"the creation of {_address(attributes)}"
