"""
Deleting something that was seen a moment ago. Deleting twice is deleting once.
"""

from collections.abc import Awaitable, Callable

from webex_connector.connector.faults import meaning, open_question, undone
from webex_connector.connector.steps import Steps
from webex_connector.webex.errors import NotFound, Refused, WebexError

_TRIES = 3


async def deleted(
    delete: Callable[[], Awaitable[None]],
    read: Callable[[], Awaitable[object]],
    subject: str,
    steps: Steps,
) -> None:
    """
    Delete; after answers that leave a doubt, again, and at last look.

    Raises Ambiguous when it may be gone and nobody can tell, another ConnectorError when it is still there.
    """
    failures: list[WebexError] = []
    for remaining in reversed(range(_TRIES)):
        try:
            await steps.take(delete())
        except NotFound:
            # It was there, so an earlier try of ours, or somebody else, was faster.
            steps.done = True
        except WebexError as error:
            failures.append(error)
            if not any(each.may_have_happened for each in failures):
                raise meaning(error) from error
            if remaining and error.may_have_happened and not isinstance(error, Refused):
                continue
            await _gone(read, subject, failures)
            steps.done = True
        return


async def _gone(read: Callable[[], Awaitable[object]], subject: str, failures: list[WebexError]) -> None:
    try:
        await read()
    except NotFound:
        return
    except WebexError as error:
        raise open_question(failures[0], subject) from error
    raise undone(failures, subject) from failures[-1]
