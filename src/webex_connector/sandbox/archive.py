"""
What is left of deleted people: a tombstone each, and the time since when the address is free.
"""

import msgspec

from webex_connector.sandbox.records import Person


class Tombstone(msgspec.Struct, frozen=True, gc=False):
    """
    Somebody who was deleted.
    """

    uuid: str
    email: str
    display_name: str
    first_name: str
    last_name: str
    created: int
    """Milliseconds since 1970, as the other times."""
    last_modified: int
    deleted: int


class Archive:
    """
    Everybody who was ever deleted. A tombstone takes less memory than the person did.
    """

    def __init__(self) -> None:
        self._tombstones: dict[str, Tombstone] = {}
        self._freed: dict[str, int] = {}

    def get(self, uuid: str) -> Tombstone | None:
        """
        Return what is left of somebody, or None for whoever was never deleted.
        """
        return self._tombstones.get(uuid)

    def bury(self, person: Person, address: str, now: int) -> None:
        """
        Keep what is left of a person; `address` is the folded one, free from now on.
        """
        self._tombstones[person.uuid] = Tombstone(
            person.uuid,
            person.email,
            person.display_name,
            person.first_name,
            person.last_name,
            person.created,
            person.last_modified,
            now,
        )
        self._freed[address] = now

    def freed(self, address: str) -> int | None:
        """
        Return when the last owner of a folded address was deleted, in milliseconds; None when nobody was.
        """
        return self._freed.get(address)
