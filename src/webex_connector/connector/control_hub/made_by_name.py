"""
Making a group or a team once, though Webex may take two of one name.

Whoever asks has looked for the name before. After every answer that leaves a doubt the name is looked for again, and
only where none was made is the request repeated.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from webex_connector.base.clock import Clock
from webex_connector.connector.control_hub.recency import made_since
from webex_connector.connector.faults import open_question, undone
from webex_connector.connector.steps import Steps
from webex_connector.icf.errors import Ambiguous, ConnectorError
from webex_connector.webex.errors import Refused, WebexError
from webex_connector.webex.wire import Json

_TRIES = 3
_WAITS = (0.5, 1.0, 2.0, 4.0)


class Named(Protocol):
    """
    What is being made, as far as Webex has to be asked about it.
    """

    @property
    def subject(self) -> str:
        """
        The creation, as errors speak of it.
        """
        ...

    async def post(self, body: Json) -> Json:
        """
        Send the creation once. Raises the WebexError, Withheld in a dry run.
        """
        ...

    async def namesakes(self, body: Json) -> list[Json]:
        """
        Return everything that has the name. Raises the WebexError.
        """
        ...

    async def refusal(self, failures: Sequence[WebexError], body: Json) -> ConnectorError:
        """
        Return what the failures mean where nothing was made.
        """
        ...


async def made(named: Named, body: Json, clock: Clock, steps: Steps) -> Json | None:
    """
    Make it and return it as Webex shows it; None in a dry run. Raises the ConnectorError if nothing was made, or nobody
    can tell.
    """
    began = clock.now()
    failures: list[WebexError] = []
    for _ in range(_TRIES):
        try:
            return await steps.take(named.post(body))
        except WebexError as error:
            failures.append(error)
        if not any(failure.may_have_happened for failure in failures):
            break
        known = await _newest(named, body, clock, began, failures)
        if known is not None:
            steps.done = True
            return known
        if not failures[-1].may_have_happened or isinstance(failures[-1], Refused):
            break
        outcome = undone(failures, named.subject)
        if isinstance(outcome, Ambiguous):
            # Nothing keeps a request that is still on its way from making a second one of this name.
            raise outcome from failures[-1]
    raise await named.refusal(failures, body) from failures[-1]


async def _newest(
    named: Named,
    body: Json,
    clock: Clock,
    began: datetime,
    failures: Sequence[WebexError],
) -> Json | None:
    """
    Return what one of our own tries made; None when there is none, even after some seconds.
    """
    for wait in (0.0, *_WAITS):
        await clock.sleep(wait)
        try:
            found = await named.namesakes(body)
        except WebexError as error:
            raise open_question(failures[0], named.subject) from error
        ours = [each for each in found if made_since(each, began) and _described(each) == _described(body)]
        if ours:
            return max(ours, key=lambda each: str(each["created"]))
        if isinstance(failures[-1], Refused):
            break
    return None


def _described(shown: Json) -> str:
    return str(shown.get("description") or "")
