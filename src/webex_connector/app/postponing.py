"""
What passes by itself, and how a run waits for it.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from webex_connector.icf.errors import ConnectorError, Verdict
from webex_connector.jobs.errors import Postponed

PASSING: Final = frozenset({Verdict.RETRY_NOW, Verdict.RETRY_LATER})
"""
What is said about errors that nobody needs to mend.
"""

_WAIT = 60.0


@contextmanager
def postponing() -> Iterator[None]:
    """
    Have the run of this block wait for what passes by itself: raises Postponed in the place of such an error.
    """
    try:
        yield
    except ConnectorError as problem:
        if problem.verdict not in PASSING:
            raise
        raise Postponed(problem.message, problem.retry_after or _WAIT) from problem
