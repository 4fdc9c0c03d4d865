"""
Organisations made to order: the same arguments give the same organisation on any machine.

Most people have messaging, about half of them meetings, a third calling. Every 33rd was invited and has not come yet,
every 50th was disabled, every 20th has no licence.
"""

import random
from collections import Counter
from dataclasses import dataclass, field

import msgspec

from webex_connector.base.clock import Clock
from webex_connector.sandbox import catalogue
from webex_connector.sandbox.catalogue import DEPARTMENTS, DIAL, DOMAIN, LICENSES, LOCATIONS, ORGANIZATION, ROLES, SITE
from webex_connector.sandbox.grants import Credentials, Grants
from webex_connector.sandbox.names import CULTURES, Culture
from webex_connector.sandbox.quirks import Quirks
from webex_connector.sandbox.records import FULL_ADMIN, GROUP_ADMIN, READ_ONLY_ADMIN, USER_ADMIN, Group, Person, Phone
from webex_connector.sandbox.world import World

ADMIN = "ada.admin@acme.example"
"""
The address of the administrator whose token is handed out; the first person of every organisation.
"""

SAMPLE = "john@example.wbx.ai"
"""
The address of John Doe, whom the OpenICF connector reference looks up; the second person of every organisation.
"""

FEWEST = 2
"""
No organisation is smaller than the two people above.
"""

_OPENED = 1_672_704_000_000  # 3 January 2023
_LATEST = 1_767_225_600_000  # 1 January 2026: nothing in a fresh organisation is younger
_DAY = 86_400_000
_TEAM = 12
_LARGE_GROUP = 5_000
_LARGE_ORGANIZATION = 1_000
_TRANSLATED = 70
_ROLES_BY_NUMBER = {
    3: USER_ADMIN,
    4: READ_ONLY_ADMIN,
    5: "id_device_admin",
    6: FULL_ADMIN,
    7: "atlas-portal.support",
    8: GROUP_ADMIN,
}
_PLACES = {place.name: place for place in LOCATIONS}
_FREE = (catalogue.SCREEN_SHARE, catalogue.BASIC_MESSAGING, catalogue.BASIC_MEETINGS)


def populate(people: int, seed: int, clock: Clock, credentials: Credentials, quirks: Quirks | None = None) -> World:
    """Make an organisation. Raises ValueError for fewer people than the two that are always there."""
    if people < FEWEST:
        raise ValueError(f"an organisation has at least {FEWEST} people, not {people}")
    rng = random.Random(seed)  # noqa: S311  # a simulation, and repeatable
    admin = _uuid(rng)
    world = World(
        ORGANIZATION,
        clock,
        Grants(credentials, clock, ORGANIZATION.uuid, admin),
        licenses=LICENSES,
        roles=ROLES,
        locations=LOCATIONS,
        quirks=quirks,
        seed=rng.getrandbits(64),
    )
    staff = _Staff(rng)
    for number in range(people):
        world.put_person(_FIXED[number](rng, admin) if number < FEWEST else staff.hire(number))
    _fill_groups(world, rng)
    _buy_licenses(world)
    world.writes = 0
    return world


def _admin(_rng: random.Random, uuid: str) -> Person:
    return Person(
        uuid,
        ADMIN,
        "Ada Admin",
        _OPENED,
        _OPENED,
        first_name="Ada",
        last_name="Admin",
        nick_name="Ada",
        department="IT",
        title="Collaboration Administrator",
        addresses=(LOCATIONS[0].address,),
        timezone=LOCATIONS[0].timezone,
        roles=(FULL_ADMIN,),
        licenses=(*_FREE, catalogue.MESSAGING, catalogue.MEETINGS),
        status="active",
        last_activity=_LATEST,
        invite_pending=False,
        login_enabled=True,
    )


def _sample(rng: random.Random, _admin: str) -> Person:
    return Person(
        _uuid(rng),
        SAMPLE,
        "John Doe",
        _OPENED + _DAY,
        _OPENED + _DAY,
        first_name="John",
        last_name="Doe",
        nick_name="John",
        licenses=(*_FREE, catalogue.MESSAGING),
        status="active",
        last_activity=_LATEST - _DAY,
        invite_pending=False,
        login_enabled=True,
    )


_FIXED = (_admin, _sample)


@dataclass(slots=True)
class _Department:
    head: str = ""
    lead: str = ""
    size: int = 0

    def join(self, uuid: str) -> tuple[str, str]:
        """Take somebody in; returns the rank and who is above."""
        self.size += 1
        if not self.head:
            self.head = self.lead = uuid
            return "Head of", ""
        if self.size % _TEAM == FEWEST:
            self.lead = uuid
            return "Team lead,", self.head
        return "", self.lead


@dataclass(slots=True)
class _Staff:
    """Everybody hired so far, as far as those hired next depend on it."""

    rng: random.Random
    departments: dict[str, _Department] = field(default_factory=lambda: {name: _Department() for name in DEPARTMENTS})
    addresses: Counter[str] = field(default_factory=Counter)
    extensions: Counter[str] = field(default_factory=Counter)
    bundles: dict[tuple[str, ...], tuple[str, ...]] = field(default_factory=dict)

    def hire(self, number: int) -> Person:
        """Make the next person, from the second number on."""
        rng = self.rng
        culture = CULTURES[int(rng.random() * len(CULTURES))]
        display_name, first, last, address = self._name(culture)
        uuid = _uuid(rng)
        department = rng.choices(tuple(DEPARTMENTS), weights=tuple(DEPARTMENTS.values()))[0]
        rank, manager = self.departments[department].join(uuid)
        place = _PLACES[culture.city] if self._chance(0.7) else rng.choice(LOCATIONS)
        licenses = self._licenses(number)
        has_calling = catalogue.CALLING_PROFESSIONAL in licenses or catalogue.CALLING_STANDARD in licenses
        extension = self._extension(place.name) if has_calling else ""
        has_own_number = has_calling and self._chance(0.6)
        created = _OPENED + int(rng.random() * (_LATEST - _OPENED))
        is_pending, is_disabled = _is_one(number, of=33, at=13), _is_one(number, of=50, at=19)
        return Person(
            uuid,
            address,
            display_name,
            created,
            created + int(rng.random() * (_LATEST - created)),
            first_name=first,
            last_name=last,
            nick_name=first,
            department=department,
            title=f"{rank} {department}" if rank else _TITLES[department],
            manager_uuid=manager,
            addresses=(place.address,),
            phones=(Phone("work", f"{DIAL[place.name]} {extension}", primary=True),) if has_own_number else (),
            extension=extension,
            location_uuid=place.uuid if has_calling else "",
            timezone="" if is_pending else place.timezone,
            roles=(_ROLES_BY_NUMBER[number],) if number in _ROLES_BY_NUMBER else (),
            licenses=licenses,
            attendee_sites=(SITE,) if _is_one(number, of=9, at=4) and catalogue.MEETINGS not in licenses else (),
            status="pending" if is_pending else "inactive" if is_disabled else "active",
            last_activity=0 if is_pending else created + int(rng.random() * (_LATEST - created)),
            invite_pending=is_pending,
            login_enabled=not (is_pending or is_disabled),
        )

    def _name(self, culture: Culture) -> tuple[str, str, str, str]:
        rng = self.rng
        first = culture.first[int(rng.random() * len(culture.first))]
        last = culture.last[int(rng.random() * len(culture.last))]
        local = f"{first.ascii}.{last.ascii}"
        self.addresses[local] += 1
        again = self.addresses[local]
        display = f"{last.native}{first.native}" if culture.family_first else f"{first.native} {last.native}"
        return display, first.native, last.native, f"{local}{again if again > 1 else ''}@{DOMAIN}"

    def _licenses(self, number: int) -> tuple[str, ...]:
        if _is_one(number, of=20, at=15):
            return ()
        chosen = [*_FREE, catalogue.CALL_ON_WEBEX]
        chosen += [catalogue.MESSAGING] * self._chance(0.85)
        chosen += [catalogue.MEETINGS] * self._chance(0.55)
        if self._chance(0.3):
            chosen.append(catalogue.CALLING_PROFESSIONAL if self._chance(0.7) else catalogue.CALLING_STANDARD)
        chosen += [catalogue.TRANSLATIONS] * (_is_one(number, of=7, at=2) and number < _TRANSLATED)
        bundle = tuple(chosen)
        # People with the same licences share one tuple.
        return self.bundles.setdefault(bundle, bundle)

    def _chance(self, share: float) -> bool:
        return self.rng.random() < share

    def _extension(self, place: str) -> str:
        self.extensions[place] += 1
        return str(1000 + self.extensions[place])


_TITLES = {
    "Sales": "Account Manager",
    "Engineering": "Engineer",
    "Customer Support": "Support Specialist",
    "Operations": "Operations Planner",
    "Finance": "Controller",
    "Marketing": "Campaign Manager",
    "Human Resources": "People Partner",
    "IT": "Systems Engineer",
    "Legal": "Counsel",
    "Facilities & Security": "Facilities Coordinator",
}


def _fill_groups(world: World, rng: random.Random) -> None:
    everybody = [person for _, person in world.people()]
    by_department: dict[str, list[str]] = {name: [] for name in DEPARTMENTS}
    by_city: dict[str, list[str]] = {place.name: [] for place in LOCATIONS}
    for person in everybody:
        if person.department:
            by_department[person.department].append(person.uuid)
        if person.addresses:
            by_city[person.addresses[0].locality or ""].append(person.uuid)
    groups = {name: (f"Department {name}", members) for name, members in by_department.items()}
    groups |= {f"Office {city}": (f"Everybody in {city}", members) for city, members in by_city.items()}
    groups |= {
        "Managers": ("Heads and team leads", [p.uuid for p in everybody if p.title.startswith(("Head", "Team"))]),
        "Finance approvers": ("", by_department["Finance"][:3]),
        "Первая помощь": ("First aid, all offices", [p.uuid for p in everybody[::40]]),
        'The "Q" club': ("A name with quotation marks", [p.uuid for p in everybody[5:17]]),
        "Newly founded": ("Nobody is in it yet", []),
    }
    if len(everybody) >= _LARGE_ORGANIZATION:
        listeners = [p.uuid for p in everybody[: len(everybody) * 3 // 5][:_LARGE_GROUP]]
        groups["Town hall"] = ("More members than one answer shows", listeners)
    for name, (description, members) in groups.items():
        created = _OPENED + int(rng.random() * (_LATEST - _OPENED))
        world.put_group(Group(_uuid(rng), name, created, created, description, dict.fromkeys(members)))


def _buy_licenses(world: World) -> None:
    for license_ in LICENSES:
        if license_.total_units is None:
            continue
        used = world.consumed[license_.key]
        total = used if license_.key == catalogue.EXHAUSTED else used + used // 20 + 25
        world.licenses[license_.key] = msgspec.structs.replace(license_, total_units=total)


def _is_one(number: int, *, of: int, at: int) -> bool:
    return number % of == at


def _uuid(rng: random.Random) -> str:
    # A version 4 UUID (RFC 9562 section 5.4) by hand: the library's class takes four times as long.
    digits = f"{rng.getrandbits(128):032x}"
    variant = "89ab"[int(digits[16], 16) & 3]
    return f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-{variant}{digits[17:20]}-{digits[20:]}"
