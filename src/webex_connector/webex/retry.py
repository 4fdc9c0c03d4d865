"""
Which requests are repeated, how often, and after how long.

A request is repeated only when it provably had no effect, or when it can have none: it never left, Webex turned it away
before looking at it (429, 423), or it only reads. A write whose fate is unknown is never repeated here, not even a
`DELETE`, whose repetition may answer 404 though it was ours that deleted: the caller looks first, then decides.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from webex_connector.webex.errors import AnswerLost, Locked, NotReached, ServerFailed, Throttled, WebexError
from webex_connector.webex.wire import Request

LONGEST_WAIT = 120.0
"""
Seconds. Who is asked to wait longer than that is told so, instead of being kept waiting.
"""

_FIRST_PAUSE = 0.5
_LONGEST_PAUSE = 30.0

# 500 and 501 speak of the request, the others of a gateway or of load (RFC 9110, sections 15.6.3 to 15.6.5). 200 is the
# status with which the classic XML API tells that something behind it failed.
_PASSING = frozenset({200, 502, 503, 504})


@dataclass(frozen=True, slots=True)
class Rule:
    """
    How an error is met.
    """

    tries: int
    """How often the request is sent at most, the first time included."""

    writes_too: bool
    """Whether a request that changes something is repeated as well."""


RULES: Mapping[type[WebexError], Rule] = {
    NotReached: Rule(tries=3, writes_too=True),
    Throttled: Rule(tries=10, writes_too=True),
    Locked: Rule(tries=5, writes_too=True),
    ServerFailed: Rule(tries=4, writes_too=False),
    AnswerLost: Rule(tries=3, writes_too=False),
}
"""
The errors after which a request may be repeated; after any other it never is.
"""


def pause(request: Request, error: WebexError, tries: int, *, luck: float, remaining: float | None) -> float | None:
    """
    Return the seconds to wait before the request is sent again, or None when it must not be.

    `tries` counts how often it was sent, `luck` is a random number from 0 to 1 that keeps many callers from coming back
    at the same moment, `remaining` the seconds until the caller's deadline. After a 429 the pause is zero: the pacer
    holds everybody back for as long as Webex asked, and gives this request its turn as fairly as any other.
    """
    rule = RULES.get(type(error))
    if rule is None or tries >= rule.tries or not (request.is_safe or rule.writes_too):
        return None
    if isinstance(error, ServerFailed) and error.status not in _PASSING:
        return None
    asked = error.wait or 0.0
    if asked > LONGEST_WAIT:
        return None
    if isinstance(error, Throttled):
        seconds = 0.0
    elif asked:
        seconds = asked + luck
    else:
        seconds = min(_LONGEST_PAUSE, _FIRST_PAUSE * 2.0 ** (tries - 1)) * (1 + luck) / 2
    # A pacer that has the wait to itself refuses the turn; the refusal would hide what Webex said.
    needed = asked if isinstance(error, Throttled) else seconds
    return None if remaining is not None and needed >= remaining else seconds
