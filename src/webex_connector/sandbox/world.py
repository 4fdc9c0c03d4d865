"""
The organisation as it is: its people, groups, licences, roles and locations, and how much was ever changed.

State only. What may happen to it stands in `rules`; whoever calls `put_person` and its like has asked them.
"""

import random
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from uuid import UUID

from webex_connector.base.clock import Clock
from webex_connector.sandbox.grants import Grants
from webex_connector.sandbox.quirks import Quirks
from webex_connector.sandbox.records import Group, License, Location, Organization, Person, Role


def folded(text: str) -> str:
    """
    Return the form in which two spellings of one address are equal: composed characters, no case.
    """
    if text.isascii():
        return text.lower()
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", text).casefold())


class World:
    """
    A simulated organisation.

    People keep the place at which they were added, so that a page of a listing costs as much as the page holds, and
    nobody is skipped or shown twice while others come and go.
    """

    def __init__(
        self,
        organization: Organization,
        clock: Clock,
        grants: Grants,
        *,
        licenses: Iterable[License] = (),
        roles: Iterable[Role] = (),
        locations: Iterable[Location] = (),
        quirks: Quirks | None = None,
        seed: int = 0,
    ) -> None:
        self.organization = organization
        self.clock = clock
        self.grants = grants
        self.quirks = quirks or Quirks()
        self.licenses = {license_.key: license_ for license_ in licenses}
        self.roles = {role.key: role for role in roles}
        self.locations = {location.uuid: location for location in locations}
        self.groups: dict[str, Group] = {}
        self.consumed: Counter[str] = Counter()
        """How many people hold each licence, by its key."""
        self.foreign_addresses: set[str] = set()
        """Folded addresses that belong to other organisations: taken, and found by nobody here."""
        self.writes = 0
        """How many changes were made since the organisation was populated."""
        self._random = random.Random(seed)  # noqa: S311  # identifiers of a simulation, the same for the same seed
        self._people: dict[str, Person] = {}
        self._by_address: dict[str, str] = {}
        self._places: dict[str, int] = {}
        self._line: list[str | None] = []

    def now(self) -> int:
        """
        Return the current time in milliseconds since 1970.
        """
        return int(self.clock.now().timestamp() * 1000)

    def new_uuid(self) -> str:
        """
        Return an identifier nobody had before; the sequence is the same for the same seed.
        """
        return str(UUID(int=self._random.getrandbits(128), version=4))

    @property
    def people_count(self) -> int:
        """
        How many people there are.
        """
        return len(self._people)

    def person(self, uuid: str) -> Person | None:
        """
        Return the person, or None when there is none or none any more.
        """
        return self._people.get(uuid)

    def person_at(self, address: str) -> Person | None:
        """
        Return the person with that e-mail address, whatever its case or Unicode form.
        """
        uuid = self._by_address.get(folded(address))
        return self._people[uuid] if uuid is not None else None

    def address_taken(self, address: str) -> bool:
        """
        Tell whether an address belongs to anybody, here or in another organisation.
        """
        return folded(address) in self._by_address or folded(address) in self.foreign_addresses

    def people(self, start: int = 0) -> Iterator[tuple[int, Person]]:
        """
        Walk over everybody from a place on, each with its place.
        """
        for place in range(start, len(self._line)):
            uuid = self._line[place]
            if uuid is not None:
                yield place, self._people[uuid]

    def put_person(self, person: Person) -> None:
        """
        Add somebody at the end, or put the new record in the place of the old one.
        """
        before = self._people.get(person.uuid)
        if before is None:
            self._places[person.uuid] = len(self._line)
            self._line.append(person.uuid)
        else:
            self.consumed.subtract(before.licenses)
            del self._by_address[folded(before.email)]
        self.consumed.update(person.licenses)
        self._people[person.uuid] = person
        self._by_address[folded(person.email)] = person.uuid
        self.writes += 1

    def drop_person(self, uuid: str) -> None:
        """
        Forget somebody, also as a member of groups; the licences are free again.
        """
        person = self._people.pop(uuid)
        self._line[self._places[uuid]] = None
        self.consumed.subtract(person.licenses)
        del self._by_address[folded(person.email)]
        for group in self.groups.values():
            group.members.pop(uuid, None)
        self.writes += 1

    def put_group(self, group: Group) -> None:
        """
        Add a group, or say that this one was changed.
        """
        self.groups[group.uuid] = group
        self.writes += 1

    def drop_group(self, uuid: str) -> None:
        """
        Forget a group.
        """
        del self.groups[uuid]
        self.writes += 1
