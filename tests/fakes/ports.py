"""
Stand-ins for what the house around the facade provides.
"""

from dataclasses import dataclass

from webex_connector.icf.errors import GuardRefused
from webex_connector.icf.ports import Destruction, Done, Failed, Intent


@dataclass(slots=True)
class Entry:
    """
    One line of the journal; `end` is None until somebody saw the end.
    """

    intent: Intent
    end: Done | Failed | None = None


class MemoryJournal:
    """
    A journal that is a list.
    """

    def __init__(self) -> None:
        self.entries: list[Entry] = []

    async def begin(self, intent: Intent) -> str:
        """
        Add an entry; its key is its place.
        """
        self.entries.append(Entry(intent))
        return str(len(self.entries) - 1)

    async def end(self, key: str, end: Done | Failed) -> None:
        """
        Complete an entry. Raises AssertionError when it was complete already.
        """
        entry = self.entries[int(key)]
        if entry.end is not None:
            raise AssertionError(f"the write {entry.intent} ends twice")
        entry.end = end


class OpenGuard:
    """
    A guard that permits everything and remembers what.
    """

    def __init__(self) -> None:
        self.permitted: list[Destruction] = []

    async def permit(self, destruction: Destruction) -> None:
        """
        Permit it.
        """
        self.permitted.append(destruction)


class RefusingGuard(OpenGuard):
    """
    A guard that permits `limit` destructive writes and refuses the rest.
    """

    def __init__(self, limit: int) -> None:
        super().__init__()
        self.limit = limit

    async def permit(self, destruction: Destruction) -> None:
        """
        Permit it while the limit lasts. Raises GuardRefused afterwards.
        """
        if len(self.permitted) >= self.limit:
            raise GuardRefused(f"The limit of {self.limit} destructive changes is reached")
        await super().permit(destruction)
