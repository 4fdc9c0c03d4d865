"""
What the target said a moment ago that it does not have.
"""

from webex_connector.base.clock import Clock

SECONDS = 5.0
"""
For how long that is believed: somebody else may make it.
"""

_MOST = 10_000


class Absences:
    """
    Remembers for a few seconds what was looked for in vain, as long as nothing is written here.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._until: dict[str, float] = {}

    def note(self, sought: str) -> None:
        """
        Remember that the target does not have what was looked for.
        """
        if len(self._until) >= _MOST:
            self._until.clear()
        self._until[sought] = self._clock.monotonic() + SECONDS

    def has(self, sought: str) -> bool:
        """
        Whether the target said so a moment ago.
        """
        until = self._until.get(sought)
        if until is None or self._clock.monotonic() < until:
            return until is not None
        del self._until[sought]
        return False

    def forget(self) -> None:
        """
        Forget everything: something was written.
        """
        self._until.clear()
