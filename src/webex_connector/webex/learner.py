"""
What rate Webex allows, learnt from its refusals, since it is written nowhere.

A round lasts from the end of one pause to the next refusal. It tells two things: so many requests were let through in
so many seconds, which is a rate that was allowed; and the rate at the end was not. So, after each round:

1. **Bracket.** The limit lies between the rate let through and the rate refused.
2. **Settle** a fifth of the way up from the lower end, where the evidence is better.
3. **Hold.** A refusal costs a pause; not knowing better costs the gap between the settled and the refused rate. The
   rate is held until the gap has cost three pauses, but no longer than a minute and a half: limits may rise.
4. **Climb.** What is added to the settled rate, at first a quarter of the gap, doubles every six seconds, until the
   next refusal.

So the first rounds, with a wide gap, are short, and later ones touch the limit once in about a hundred seconds. A limit
that was doubled is noticed with the next climb, which then simply goes on.

Nothing here depends on how Webex counts. Where it counts in long windows, or grants bursts, what a pause misses can be
caught up with afterwards, so the pause belongs to the time in which requests were let through; where it counts in short
windows, what is missed is lost, so it does not. A quarter of the pause is counted: either way the bracket closes.

Time is what paced turns took, never what the clock says: a pace that nobody uses up proves nothing and does not climb.
"""

from webex_connector.webex.pace import Rate

_START = Rate(5.0)
"""Where climbing starts: 300 a minute, which people who run bulk jobs report as usual for one organisation."""

_HEADROOM = 0.01
"""Share of a configured rate that is left unused, for requests that do not arrive as evenly as they left."""

_PAUSE_COUNTED = 0.25
_SETTLE = 0.2
_PAUSES_PER_HOLD = 3.0
_LONGEST_HOLD = 90.0
_FIRST_STEP = 0.25
_SMALLEST_STEP = 0.005
_DOUBLING = 6.0

_STEPS_PER_DOUBLING = 8
"""Requests it takes at least to double a step: at a slow pace, six seconds would be a leap."""


class Learner:
    """
    The rate to keep under one limit.

    With a `bound`, the rate is never above it: it starts there, sinks when Webex allows less, and climbs back. Without
    one it starts low and climbs.
    """

    def __init__(self, bound: Rate | None = None) -> None:
        if bound is None:
            self._ceiling = float("inf")
            self._settled = _START.per_second / 2
            self._step = 1.0
        else:
            self._ceiling = bound.per_second * (1 - _HEADROOM)
            self._settled = self._ceiling
            self._step = 0.0
        self._busy = 0.0
        self._let_through = 0

    @property
    def rate(self) -> float:
        """
        Requests a second to send now.
        """
        return min(self._ceiling, self._settled * (1 + self._step))

    @property
    def interval(self) -> float:
        """
        Seconds between two requests now.
        """
        return 1 / self.rate

    @property
    def proven(self) -> bool:
        """
        Whether anything was let through in this round.
        """
        return self._let_through > 0

    def spent(self) -> None:
        """
        Note a turn that had to wait for its place, so that the pace was used up.
        """
        self._busy += self.interval
        if self.rate < self._ceiling:
            self._step *= 2 ** min(self.interval / _DOUBLING, 1 / _STEPS_PER_DOUBLING)

    def let_through(self) -> None:
        """
        Note that Webex let such a turn's request through.
        """
        self._let_through += 1

    def refused(self, pause: float) -> None:
        """
        End the round: Webex refused, and the `pause` it asked for, in seconds, is over.

        If nothing at all was let through in the round, the pause before was too short, and the pace says nothing.
        """
        if not self.proven:
            return
        refused = self.rate
        allowed = min(refused, self._let_through / (self._busy + _PAUSE_COUNTED * pause))
        self._settled = allowed + _SETTLE * (refused - allowed)
        gap = refused / self._settled - 1
        hold = min(_LONGEST_HOLD, _PAUSES_PER_HOLD * pause / gap) if gap > 0 else _LONGEST_HOLD
        self._step = max(_SMALLEST_STEP, _FIRST_STEP * gap) * 2 ** (-hold / _DOUBLING)
        self._busy = 0.0
        self._let_through = 0
