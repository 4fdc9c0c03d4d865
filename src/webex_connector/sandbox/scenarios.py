"""
Organisations made to order: the same arguments give the same organisation on any machine.

Most people have messaging, about half of them meetings, a third calling. Every 33rd was invited and has not come yet,
every 50th was disabled, every 20th has no licence.
"""

import random

import msgspec

from webex_connector.base.clock import Clock
from webex_connector.sandbox import catalogue
from webex_connector.sandbox.catalogue import DEPARTMENTS, LICENSES, LOCATIONS, ORGANIZATION, ROLES
from webex_connector.sandbox.grants import Credentials, Grants
from webex_connector.sandbox.quirks import Quirks
from webex_connector.sandbox.records import FULL_ADMIN, Group, Person
from webex_connector.sandbox.rules import upkeep
from webex_connector.sandbox.staff import FREE_LICENSES, LATEST, OPENED, Staff, uuid4
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

_DAY = 86_400_000
_LARGE_GROUP = 5_000
_LARGE_ORGANIZATION = 1_000


def populate(people: int, seed: int, clock: Clock, credentials: Credentials, quirks: Quirks | None = None) -> World:
    """
    Make an organisation. Raises ValueError for fewer people than the two that are always there.
    """
    if people < FEWEST:
        raise ValueError(f"an organisation has at least {FEWEST} people, not {people}")
    rng = random.Random(seed)  # noqa: S311  # a simulation, and repeatable
    admin = uuid4(rng)
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
    staff = Staff(rng)
    for number in range(people):
        world.put_person(_FIXED[number](rng, admin) if number < FEWEST else staff.hire(number))
    _fill_groups(world, rng)
    _buy_licenses(world)
    world.catch_up()
    world.writes = 0
    upkeep.begin(world)
    return world


def _admin(_rng: random.Random, uuid: str) -> Person:
    return Person(
        uuid,
        ADMIN,
        "Ada Admin",
        OPENED,
        OPENED,
        first_name="Ada",
        last_name="Admin",
        nick_name="Ada",
        department="IT",
        title="Collaboration Administrator",
        addresses=(LOCATIONS[0].address,),
        timezone=LOCATIONS[0].timezone,
        roles=(FULL_ADMIN,),
        licenses=(*FREE_LICENSES, catalogue.MESSAGING, catalogue.MEETINGS),
        status="active",
        last_activity=LATEST,
        invite_pending=False,
        login_enabled=True,
    )


def _sample(rng: random.Random, _admin: str) -> Person:
    return Person(
        uuid4(rng),
        SAMPLE,
        "John Doe",
        OPENED + _DAY,
        OPENED + _DAY,
        first_name="John",
        last_name="Doe",
        nick_name="John",
        licenses=(*FREE_LICENSES, catalogue.MESSAGING),
        status="active",
        last_activity=LATEST - _DAY,
        invite_pending=False,
        login_enabled=True,
    )


_FIXED = (_admin, _sample)


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
        created = OPENED + int(rng.random() * (LATEST - OPENED))
        world.put_group(Group(uuid4(rng), name, created, created, description, dict.fromkeys(members)))


def _buy_licenses(world: World) -> None:
    for license_ in LICENSES:
        if license_.total_units is None:
            continue
        used = world.consumed[license_.key]
        total = used if license_.key == catalogue.EXHAUSTED else used + used // 20 + 25
        world.licenses[license_.key] = msgspec.structs.replace(license_, total_units=total)
