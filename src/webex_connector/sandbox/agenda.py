"""
What the organisation will do by itself, and when.
"""

import heapq
from collections.abc import Callable
from itertools import count


class Agenda:
    """
    Work with the time it falls due. Nothing runs in the background: whoever looks at the organisation does it first.
    """

    def __init__(self) -> None:
        self._entries: list[tuple[int, int, Callable[[], None]]] = []
        self._numbers = count()

    def __len__(self) -> int:
        return len(self._entries)

    def add(self, moment: int, work: Callable[[], None]) -> None:
        """
        Note work for a moment, in milliseconds since 1970; work of one moment is done in the order it was noted.
        """
        heapq.heappush(self._entries, (moment, next(self._numbers), work))

    def next_due(self, now: int) -> tuple[int, Callable[[], None]] | None:
        """
        Take the earliest work that is due, with its moment; None when there is none.
        """
        if not self._entries or self._entries[0][0] > now:
            return None
        moment, _, work = heapq.heappop(self._entries)
        return moment, work
