"""
Changing a person on the SCIM road: what is named changes, in one request
(https://developer.webex.com/docs/api/v1/scim-2-users, PATCH; RFC 7644 section 3.5.2).

The operations set values, add values that are not there, and remove values that are: doing them twice is doing them
once. So after a lost answer they may be sent again.
"""

from collections.abc import Sequence
from typing import Any

from webex_connector.connector.control_hub.addresses import holder_of, taken
from webex_connector.connector.control_hub.person import not_applied
from webex_connector.connector.control_hub.scim_user import SINGLE, attributes_of, operations_of
from webex_connector.connector.faults import attribute_in, meaning, open_question, reading, reading_one, undone
from webex_connector.connector.identity import identity
from webex_connector.connector.steps import Steps
from webex_connector.icf.attributes import AttributeDelta, Attributes, after, replaced
from webex_connector.icf.names import ACCOUNT
from webex_connector.icf.objects import ConnectorObject
from webex_connector.webex.call import Call
from webex_connector.webex.client import WebexClient
from webex_connector.webex.errors import Conflict, WebexError

_TRIES = 3


class ScimUpdate:
    """
    One change of one person, as far as SCIM can make it.
    """

    def __init__(self, client: WebexClient, organization: str, uid: str, call: Call, steps: Steps) -> None:
        self._client = client
        self._users = client.scim(organization).users
        self._uid, self._call, self._steps = uid, call, steps
        self._subject = f"the update of {uid}"

    async def run(self, deltas: Sequence[AttributeDelta]) -> dict[str, Any] | None:
        """
        Make the change; what Webex did not take is noted in the steps. Return the user that the answer shows, None when
        there was none. Raises UnknownUid, AlreadyExists, or any
        ConnectorError as long as nothing was changed.
        """
        deltas = await self._unconditional(deltas)
        names = [delta.name for delta in deltas]
        operations = operations_of(deltas)
        if not operations:
            return None
        failures: list[WebexError] = []
        for _ in range(_TRIES):
            try:
                answer = await self._steps.take(self._users.patch(identity(self._uid), operations, self._call))
            except Conflict as error:
                if not failures:
                    raise await self._taken(deltas, error) from error
                failures.append(error)
            except WebexError as error:
                failures.append(error)
            else:
                if answer is not None:
                    self._compare(deltas, answer)
                return answer
            if not failures[-1].may_have_happened:
                break
            seen = await self._looked(failures)
            if not self._missing(deltas, seen):
                self._steps.done = True
                return seen
        raise undone(failures, self._subject, attribute=attribute_in(failures[-1], names)) from failures[-1]

    async def _unconditional(self, deltas: Sequence[AttributeDelta]) -> Sequence[AttributeDelta]:
        """
        Replace what depends on the value there is: an attribute of one value loses only the value that was named.
        """
        if not any(is_conditional(delta) for delta in deltas):
            return deltas
        with reading_one(ACCOUNT, self._uid):
            have = attributes_of(await self._users.get(identity(self._uid), self._call))
        return [
            replaced(delta.name, *after(delta, have[delta.name])) if is_conditional(delta) else delta
            for delta in deltas
            if not is_conditional(delta) or after(delta, have[delta.name]) != have[delta.name]
        ]

    async def _looked(self, failures: Sequence[WebexError]) -> dict[str, Any]:
        try:
            return await self._users.get(identity(self._uid), self._call)
        except WebexError as error:
            raise open_question(failures[0], self._subject) from error

    async def _taken(self, deltas: Sequence[AttributeDelta], conflict: Conflict) -> Exception:
        address = next((str(value) for delta in deltas if delta.name == "emails" for value in delta.values), None)
        if address is None:
            return meaning(conflict)
        with reading():
            return taken(address, await holder_of(self._client, address, self._call), conflict)

    def _compare(self, deltas: Sequence[AttributeDelta], user: dict[str, Any]) -> None:
        have = ConnectorObject("", self._uid, None, attributes_of(user))
        self._steps.not_applied.extend(not_applied(_asked(deltas, have), have))

    def _missing(self, deltas: Sequence[AttributeDelta], user: dict[str, Any]) -> bool:
        have = ConnectorObject("", self._uid, None, attributes_of(user))
        return bool(not_applied(_asked(deltas, have), have, exactly=True))


def is_conditional(delta: AttributeDelta) -> bool:
    """
    Say whether what a change does depends on the value there is.
    """
    return delta.name in SINGLE and delta.replace is None and not delta.add


def _asked(deltas: Sequence[AttributeDelta], have: ConnectorObject) -> Attributes:
    return {delta.name: after(delta, have.values(delta.name)) for delta in deltas}
