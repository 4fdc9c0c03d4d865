"""
The people of a made-up organisation, hired one after another into departments with heads and teams.
"""

import random
from collections import Counter
from dataclasses import dataclass, field

from webex_connector.sandbox import catalogue
from webex_connector.sandbox.catalogue import DEPARTMENTS, DIAL, DOMAIN, LOCATIONS, SITE
from webex_connector.sandbox.names import CULTURES, Culture
from webex_connector.sandbox.records import FULL_ADMIN, GROUP_ADMIN, READ_ONLY_ADMIN, USER_ADMIN, Person, Phone

OPENED = 1_672_704_000_000
"""
When the organisation's first account was made: 3 January 2023, in milliseconds since 1970.
"""

LATEST = 1_767_225_600_000
"""
1 January 2026: nothing in a fresh organisation is younger.
"""

FREE_LICENSES = (catalogue.SCREEN_SHARE, catalogue.BASIC_MESSAGING, catalogue.BASIC_MEETINGS)
"""
What everybody has who has anything.
"""

_TEAM = 12
_LEAD = 2
_TRANSLATED = 70
_PLACES = {place.name: place for place in LOCATIONS}
# People at one place share one tuple.
_ADDRESSES = {place.name: (place.address,) for place in LOCATIONS}
_ROLES_BY_NUMBER = {
    3: USER_ADMIN,
    4: READ_ONLY_ADMIN,
    5: "id_device_admin",
    6: FULL_ADMIN,
    7: "atlas-portal.support",
    8: GROUP_ADMIN,
}


@dataclass(slots=True)
class _Department:
    head: str = ""
    lead: str = ""
    size: int = 0

    def join(self, uuid: str) -> tuple[str, str]:
        """
        Take somebody in; returns the rank and who is above.
        """
        self.size += 1
        if not self.head:
            self.head = self.lead = uuid
            return "Head of", ""
        if self.size % _TEAM == _LEAD:
            self.lead = uuid
            return "Team lead,", self.head
        return "", self.lead


@dataclass(slots=True)
class Staff:
    """
    Everybody hired so far, as far as those hired next depend on it.
    """

    rng: random.Random
    departments: dict[str, _Department] = field(default_factory=lambda: {name: _Department() for name in DEPARTMENTS})
    addresses: Counter[str] = field(default_factory=Counter)
    extensions: Counter[str] = field(default_factory=Counter)
    bundles: dict[tuple[str, ...], tuple[str, ...]] = field(default_factory=dict)

    def hire(self, number: int) -> Person:
        """
        Make the next person, from the second number on.
        """
        rng = self.rng
        culture = CULTURES[int(rng.random() * len(CULTURES))]
        display_name, first, last, address = self._name(culture)
        uuid = uuid4(rng)
        department = rng.choices(tuple(DEPARTMENTS), weights=tuple(DEPARTMENTS.values()))[0]
        rank, manager = self.departments[department].join(uuid)
        place = _PLACES[culture.city] if self._chance(0.7) else rng.choice(LOCATIONS)
        licenses = self._licenses(number)
        has_calling = catalogue.CALLING_PROFESSIONAL in licenses or catalogue.CALLING_STANDARD in licenses
        extension = self._extension(place.name) if has_calling else ""
        has_own_number = has_calling and self._chance(0.6)
        created = OPENED + int(rng.random() * (LATEST - OPENED))
        is_pending, is_disabled = _is_one(number, of=33, at=13), _is_one(number, of=50, at=19)
        return Person(
            uuid,
            address,
            display_name,
            created,
            created + int(rng.random() * (LATEST - created)),
            first_name=first,
            last_name=last,
            nick_name=first,
            department=department,
            title=f"{rank} {department}" if rank else _TITLES[department],
            manager_uuid=manager,
            addresses=_ADDRESSES[place.name],
            phones=(Phone("work", f"{DIAL[place.name]} {extension}", primary=True),) if has_own_number else (),
            extension=extension,
            location_uuid=place.uuid if has_calling else "",
            timezone="" if is_pending else place.timezone,
            roles=(_ROLES_BY_NUMBER[number],) if number in _ROLES_BY_NUMBER else (),
            licenses=licenses,
            attendee_sites=(SITE,) if _is_one(number, of=9, at=4) and catalogue.MEETINGS not in licenses else (),
            status="pending" if is_pending else "inactive" if is_disabled else "active",
            last_activity=0 if is_pending else created + int(rng.random() * (LATEST - created)),
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
        chosen = [*FREE_LICENSES, catalogue.CALL_ON_WEBEX]
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


def _is_one(number: int, *, of: int, at: int) -> bool:
    return number % of == at


def uuid4(rng: random.Random) -> str:
    """
    Return a version 4 UUID (RFC 9562 section 5.4).
    """
    # By hand: the library's class takes four times as long.
    digits = f"{rng.getrandbits(128):032x}"
    variant = "89ab"[int(digits[16], 16) & 3]
    return f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-{variant}{digits[17:20]}-{digits[20:]}"
