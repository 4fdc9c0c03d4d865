"""
Writes whose answer is lost: looking whether they happened, and repeating those that come to the same.
"""

from collections.abc import Awaitable, Callable
from typing import TypeVar

from webex_connector.base.clock import Clock
from webex_connector.connector.faults import open_question, undone
from webex_connector.connector.meetings_site.refusals import is_open
from webex_connector.icf.errors import Ambiguous
from webex_connector.webex.errors import Conflict, Refused, WebexError

TRIES = 3
"""
How often a write is sent at most.
"""

_FIRST_PAUSE = 1.0

T = TypeVar("T")


async def settled(
    write: Callable[[], Awaitable[object]],
    look: Callable[[], Awaitable[T | None]],
    subject: str,
    clock: Clock,
) -> T | None:
    """
    Make a write, and return None when the site answered it. After a failure that leaves a doubt, look: return what is
    seen in place, or write again after a pause.

    Raises the WebexError of a refusal after which surely nothing was done; Ambiguous when nobody can tell, or what the
    failure means when the write is not in place after the last try.
    """
    failures: list[WebexError] = []
    while True:
        try:
            await write()
        except WebexError as error:
            if not is_open(error) and not failures:
                raise
            failures.append(error)
            try:
                found = await look()
            except WebexError as unseen:
                raise open_question(failures[0], subject) from unseen
            if found is not None:
                return found
            if not is_open(error) or isinstance(error, Refused):
                doubt = undone(failures, subject)
                # Who is in the way now stays in the way of a try that arrives late.
                if isinstance(doubt, Ambiguous) and not isinstance(error, Conflict):
                    raise doubt from error
                raise
            if len(failures) == TRIES:
                raise undone(failures, subject) from error
        else:
            return None
        await clock.sleep(_FIRST_PAUSE * 2.0 ** (len(failures) - 1))
