"""
Making a person once.

A refused creation may have happened (https://developer.webex.com/docs/api/v1/people, "create a person"), and a lost
answer says nothing. So after every answer that leaves a doubt we look the address up; it belongs to one person only,
by whichever of Webex's APIs that person is made, which makes a second try safe once nobody was found.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Protocol

from webex_connector.base.clock import Clock
from webex_connector.connector.control_hub.addresses import taken
from webex_connector.connector.control_hub.recency import made_since
from webex_connector.connector.faults import open_question, reading, undone
from webex_connector.icf.attributes import Attributes
from webex_connector.icf.errors import Ambiguous, ConnectorError
from webex_connector.webex.errors import Conflict, NotFound, Refused, WebexError
from webex_connector.webex.wire import Json

NAMES = ("displayName", "firstName", "lastName")
"""
What tells a person we made from another at the same address.
"""

_TRIES = 2
_WAITS = (0.5, 1.0, 2.0, 4.0)


class Register(Protocol):
    """
    One of Webex's APIs, as far as it makes people. People are in the form of `/people`.
    """

    async def post(self, body: Json) -> Json | None:
        """
        Send a creation once; None when a dry run withheld it. Raises the WebexError.
        """
        ...

    async def holder(self, address: str) -> Json | None:
        """
        Return whoever of the organisation has the address, perhaps not with everything. Raises the WebexError.
        """
        ...

    async def whole(self, holder: Json) -> Json:
        """
        Return everything of somebody who has the address. Raises the WebexError.
        """
        ...


class Making:
    """
    One person being made, at an address, with the names that tell who it is.
    """

    def __init__(self, register: Register, clock: Clock, asked: Attributes) -> None:
        self._register, self._clock, self._asked = register, clock, asked
        self._address = str(asked["emails"][0])
        self._subject = f"the creation of {self._address}"
        self.doubt: WebexError | None = None
        """
        What the latest failure was after which the person was found to be there all the same.
        """

    async def posted(self, body: Json) -> Json | None:
        """
        Post, look after every failure that leaves a doubt, and post again when nobody was found.

        If the first try arrives after all, Webex refuses the second. Raises Refused when Webex refused and nobody is
        there, else a ConnectorError.
        """
        began = self._clock.now()
        failures: list[WebexError] = []
        self.doubt = None
        for _ in range(_TRIES):
            try:
                return await self._register.post(body)
            except WebexError as error:
                failures.append(error)
            if not any(failure.may_have_happened for failure in failures):
                break
            self.doubt = failures[-1]
            found = await self._ours(began, failures)
            if found is not None:
                return found
            if isinstance(failures[-1], Refused):
                raise failures[-1]
        if isinstance(failures[-1], Conflict):
            raise await self._exists(failures[-1], failures) from failures[-1]
        raise undone(failures, self._subject) from failures[-1]

    async def refuse_known(self) -> None:
        """
        Raise AlreadyExists when somebody has the address: what Webex would say in a dry run.
        """
        with reading():
            holder = await self._register.holder(self._address)
        if holder is not None:
            raise taken(self._address, holder)

    async def _ours(self, began: datetime, failures: Sequence[WebexError]) -> Json | None:
        """
        Return the person that our own request made; None when there is nobody.

        When Webex says that the address is taken, the person may only not be shown yet, so there are several looks.
        Raises AlreadyExists when somebody else's is there, Ambiguous when looking fails.
        """
        person = None
        for wait in (0.0, *_WAITS):
            await self._clock.sleep(wait)
            try:
                person = await self._known()
            except NotFound:
                person = None
            except WebexError as error:
                raise open_question(failures[0], self._subject) from error
            if person is not None or not isinstance(failures[-1], Conflict):
                break
        if person is None:
            return None
        if is_ours(person, self._asked, began):
            return person
        raise taken(self._address, person)

    async def _known(self) -> Json | None:
        holder = await self._register.holder(self._address)
        return holder and await self._register.whole(holder)

    async def _exists(self, conflict: Conflict, failures: Sequence[WebexError]) -> ConnectorError:
        with reading():
            holder = await self._register.holder(self._address)
        outcome = undone(failures, self._subject)
        if holder is None and isinstance(outcome, Ambiguous):
            return outcome
        return taken(self._address, holder, conflict)


def is_ours(person: dict[str, Any], asked: Attributes, began: datetime) -> bool:
    """
    Say whether somebody who has the address is the person that our request made since then.
    """
    named = [name for name in NAMES if name in asked]
    return all(person.get(name) == asked[name][0] for name in named) and made_since(person, began)
