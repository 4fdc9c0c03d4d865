"""
The person whose token the connector uses. Without that person, or without the administrator's roles, Webex refuses
every request from then on, so the connector does neither to them.

Webex tells who it is (https://developer.webex.com/docs/api/v1/people/get-my-own-details). Service apps are nobody, and
a token without `spark:people_read` is not told: then nobody is kept.
"""

import asyncio
from collections.abc import Sequence
from contextlib import suppress

from webex_connector.connector.faults import reading
from webex_connector.connector.identity import identity, without
from webex_connector.icf import names
from webex_connector.icf.attributes import AttributeDelta, Attributes, Values, after
from webex_connector.icf.errors import CallerRefused
from webex_connector.icf.writing import disables
from webex_connector.webex.call import Call
from webex_connector.webex.client import WebexClient
from webex_connector.webex.errors import Forbidden, NotFound, Refused
from webex_connector.webex.wire import Json

ROLES = "roles"


class OwnAccount:
    """
    Knows whose the token is, asks when that matters for the first time, and remembers.
    """

    def __init__(self, client: WebexClient) -> None:
        self._client = client
        self._key = ""
        self._answered = False
        self._asking = asyncio.Lock()

    async def person(self, call: Call) -> Json:
        """
        Ask Webex for the person. Raises WebexError: Forbidden, NotFound and Refused say that it shows nobody.
        """
        try:
            found = await self._client.people.me(call)
        except (Forbidden, NotFound, Refused):
            self._answered = True
            raise
        self._key, self._answered = identity(str(found["id"])), True
        return found

    async def learn(self, call: Call) -> None:
        """
        See to it that Webex was asked. Raises ConnectorError when it does not answer; then the next one asks again.
        """
        async with self._asking:
            if not self._answered:
                with reading(), suppress(Forbidden, NotFound, Refused):
                    await self.person(call)

    def is_known_as(self, uid: str) -> bool:
        """
        Whether this is the person, as far as Webex was asked.
        """
        return bool(self._key) and identity(uid) == self._key

    async def refuse_deletion(self, uid: str, call: Call) -> None:
        """
        Raise CallerRefused if this is the person, and ConnectorError when Webex cannot be asked.
        """
        await self.learn(call)
        if self.is_known_as(uid):
            raise _kept(uid)

    async def refuse_loss(self, uid: str, changes: Attributes, roles: Values, call: Call) -> None:
        """
        Raise as `refuse_deletion` does if somebody with these roles gets values that end the access of this system.

        Who has no role is not asked for: only administrators manage people.
        """
        lost = _lost(changes, roles) if roles else None
        if lost is None:
            return
        await self.learn(call)
        if self.is_known_as(uid):
            raise _kept(uid, lost)

    async def refuse_loss_unseen(self, uid: str, deltas: Sequence[AttributeDelta], call: Call) -> None:
        """
        Raise as `refuse_loss` does for somebody who was not read.
        """
        risky = [delta for delta in deltas if disables(delta) or _takes_roles(delta)]
        if not risky:
            return
        await self.learn(call)
        if not self.is_known_as(uid):
            return
        if any(map(disables, risky)):
            raise _kept(uid, names.ENABLE)
        with reading():
            roles = tuple((await self.person(call)).get(ROLES) or ())
        if any(_lost({ROLES: after(delta, roles)}, roles) for delta in risky):
            raise _kept(uid, ROLES)


_DOINGS = {names.ENABLE: "disabled", ROLES: "relieved of a role"}


def _takes_roles(delta: AttributeDelta) -> bool:
    return delta.name == ROLES and (delta.replace is not None or bool(delta.remove))


def _lost(changes: Attributes, roles: Values) -> str | None:
    """
    Return the attribute whose new values end an administrator's access.
    """
    if changes.get(names.ENABLE, (True,)) != (True,):
        return names.ENABLE
    return ROLES if without(map(str, roles), map(str, changes.get(ROLES, roles))) else None


def _kept(uid: str, attribute: str | None = None) -> CallerRefused:
    doing = "deleted" if attribute is None else _DOINGS[attribute]
    text = (
        f"{uid} is the person whose token this system uses, and is not {doing}: Webex would refuse every request from "
        "then on. Give the system another administrator's token, or a service app's, or do it in Control Hub"
    )
    return CallerRefused(text, attribute=attribute)
