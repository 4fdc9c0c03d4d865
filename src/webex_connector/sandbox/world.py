"""
The organisation as it is: its people, groups, teams, licences, roles and locations, and how much was ever changed.

State only. What may happen to it stands in `rules`; whoever calls `put_person` and its like has asked them.
"""

import random
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from uuid import UUID

from webex_connector.base.clock import Clock
from webex_connector.sandbox.agenda import Agenda
from webex_connector.sandbox.archive import Archive
from webex_connector.sandbox.audit_log import AuditLog
from webex_connector.sandbox.changes import ITSELF, Caller, Change, GroupChanged, Happened, PersonChanged, Watcher
from webex_connector.sandbox.grants import Grants
from webex_connector.sandbox.quirks import Quirks
from webex_connector.sandbox.records import Domain, Group, License, Location, Organization, Person, Role, Team, Template
from webex_connector.sandbox.searches import Order, Searches

INVITATIONS = "allow-admin-invite-emails"
"""
The key of the setting that says whether new people are sent an e-mail.
"""

_DAY = 86_400_000


def folded(text: str) -> str:
    """
    Return the form in which two spellings of one address are equal: composed characters, no case.
    """
    if text.isascii():
        # The text itself where nothing changes: a million equal copies take eighty megabytes.
        return text if text.islower() else text.lower()
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
        self.teams: dict[str, Team] = {}
        self.templates: dict[str, Template] = {}
        """Those in force, by the UUID of their group; empty for the organisation's, which stands alone."""
        self.inactive_since: dict[str, int] = {}
        """Since when people are inactive whose time runs, by UUID."""
        self.settings = {INVITATIONS: True}
        self.domains: dict[str, Domain] = {}
        self.foreign_domains: set[str] = set()
        """Mail domains that another organisation has claimed."""
        self.archive = Archive()
        self.agenda = Agenda()
        self.audit = AuditLog()
        self.watchers: list[Watcher] = []
        """Told of every change from the moment they are added."""
        self.caller = ITSELF
        """On whose behalf changes are made at the moment."""
        self.consumed: Counter[str] = Counter()
        """How many people hold each licence, by its key."""
        self.foreign_addresses: set[str] = set()
        """Folded addresses that belong to other organisations: taken, and found by nobody here."""
        self.writes = 0
        """How many changes were made since the organisation was populated."""
        self._moment: int | None = None
        self._random = random.Random(seed)  # noqa: S311  # identifiers of a simulation, the same for the same seed
        self._people: dict[str, Person] = {}
        self._by_address: dict[str, str] = {}
        self._line: list[str] = []
        self._searches = Searches(self._people)

    def now(self) -> int:
        """
        Return the current time in milliseconds since 1970.
        """
        return int(self.clock.now().timestamp() * 1000) if self._moment is None else self._moment

    @contextmanager
    def acting(self, caller: Caller, moment: int | None = None) -> Iterator[None]:
        """
        Do what is done in the block on somebody's behalf, and as if at that moment.
        """
        before = self.caller, self._moment
        self.caller, self._moment = caller, moment
        try:
            yield
        finally:
            self.caller, self._moment = before

    def changed(self, change: Change) -> None:
        """
        Say that something was changed, by whatever way: it is counted, and the watchers are told.
        """
        self.writes += 1
        for watcher in self.watchers:
            watcher(change)

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
        Tell whether an address belongs to anybody, here or in another organisation, or to somebody deleted of late.
        """
        key = folded(address)
        freed = self.archive.freed(key)
        hold = self.quirks.address_hold_days * _DAY
        is_held = freed is not None and self.now() - freed < hold
        return is_held or key in self._by_address or key in self.foreign_addresses

    def people(self, start: int = 0) -> Iterator[tuple[int, Person]]:
        """
        Walk over everybody from a place on, each with its place.
        """
        for place in range(start, len(self._line)):
            person = self._people.get(self._line[place])
            if person is not None:
                yield place, person

    def found(self, start: int = 0) -> Iterator[tuple[int, Person]]:
        """
        Walk over everybody as searches see them, which may be late (`quirks.search_lag`).
        """
        if not self._lagging():
            yield from self.people(start)
            return
        for place in range(start, len(self._line)):
            person = self._searches.seen(self._line[place])
            if person is not None:
                yield place, person

    def found_person(self, uuid: str) -> Person | None:
        """
        Return somebody as searches see them.
        """
        return self._searches.seen(uuid) if self._lagging() else self.person(uuid)

    def found_at(self, address: str) -> Person | None:
        """
        Return whom searches find at an address.
        """
        late = self._lagging()
        person = self.person_at(address)
        if person is not None and person.uuid not in late:
            return person
        sought = folded(address)
        return next((before for before in late.values() if before and folded(before.email) == sought), None)

    def found_line(self, order: Order) -> list[str]:
        """
        Return the UUIDs of everybody whom searches see, in an order; not to be changed.
        """
        self._lagging()
        return self._searches.line(order)

    def catch_up(self) -> None:
        """
        Let searches see everything there is.
        """
        self._searches = Searches(self._people)

    def _lagging(self) -> Mapping[str, Person | None]:
        self._searches.settle(self.now())
        return self._searches.lagging()

    def _note(self, uuid: str, before: Person | None, after: Person | None) -> None:
        if self._searches.used or self.quirks.search_lag:
            self._searches.change(uuid, before, after, self.now() + int(self.quirks.search_lag * 1000))

    def put_person(self, person: Person) -> None:
        """
        Add somebody at the end, or put the new record in the place of the old one.
        """
        before = self._people.get(person.uuid)
        self._note(person.uuid, before, person)
        if before is None:
            # Somebody deleted who is put back still has a place.
            if self.archive.get(person.uuid) is None:
                self._line.append(person.uuid)
        else:
            self.consumed.subtract(before.licenses)
            del self._by_address[folded(before.email)]
        self.consumed.update(person.licenses)
        self._people[person.uuid] = person
        self._by_address[folded(person.email)] = person.uuid
        self.changed(PersonChanged(before, person))

    def drop_person(self, uuid: str) -> None:
        """
        Delete somebody, also as a member of groups and teams; the licences are free again, and a tombstone stays.
        """
        person = self._people[uuid]
        self._note(uuid, person, None)
        del self._people[uuid]
        self.consumed.subtract(person.licenses)
        del self._by_address[folded(person.email)]
        for group in self.groups.values():
            group.members.pop(uuid, None)
        for team in self.teams.values():
            team.members.pop(uuid, None)
        self.archive.bury(person, folded(person.email), self.now())
        self.changed(PersonChanged(person, None))

    def put_group(self, group: Group, joined: Iterable[str] = ()) -> None:
        """
        Add a group, or say that this one was changed; `joined` are those who are new in it.
        """
        happened = Happened.CHANGED if group.uuid in self.groups else Happened.CREATED
        self.groups[group.uuid] = group
        self.changed(GroupChanged(group, happened, tuple(joined)))

    def drop_group(self, uuid: str) -> None:
        """
        Forget a group.
        """
        self.changed(GroupChanged(self.groups.pop(uuid), Happened.DELETED))
