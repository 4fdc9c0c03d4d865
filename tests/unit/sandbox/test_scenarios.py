"""
Organisations made to order.
"""

import hashlib
import os
import subprocess
import sys
import unicodedata

import msgspec
import pytest

from fakes.virtual_time import VirtualClock
from webex_connector.sandbox import catalogue, scenarios
from webex_connector.sandbox.grants import Credentials
from webex_connector.sandbox.records import CALLING, FULL_ADMIN
from webex_connector.sandbox.world import World

_DIGEST = """
import hashlib, msgspec
from webex_connector.base.clock import SystemClock
from webex_connector.sandbox.grants import Credentials
from webex_connector.sandbox.scenarios import populate
world = populate(300, 7, SystemClock(), Credentials())
facts = ([person for _, person in world.people()], list(world.groups.values()), list(world.licenses.values()))
print(hashlib.sha256(msgspec.json.encode(facts)).hexdigest())
"""


def _made(people: int, seed: int, clock: VirtualClock) -> World:
    return scenarios.populate(people, seed, clock, Credentials())


def _digest(world: World) -> str:
    facts = ([person for _, person in world.people()], list(world.groups.values()), list(world.licenses.values()))
    return hashlib.sha256(msgspec.json.encode(facts)).hexdigest()


def test_the_same_arguments_give_the_same_organisation(clock: VirtualClock) -> None:
    """
    People, groups and licences are the same byte for byte, and others for another seed.
    """
    assert _digest(_made(300, 7, clock)) == _digest(_made(300, 7, clock))
    assert _digest(_made(300, 7, clock)) != _digest(_made(300, 8, clock))


@pytest.mark.parametrize("hash_seed", ["0", "4711"])
def test_python_may_hash_as_it_likes(hash_seed: str, clock: VirtualClock) -> None:
    """
    Another process with another hash seed and another clock makes the same organisation.
    """
    told = subprocess.run(  # noqa: S603  # our own interpreter and text
        [sys.executable, "-c", _DIGEST],
        env=os.environ | {"PYTHONHASHSEED": hash_seed},
        capture_output=True,
        text=True,
        check=True,
    )

    assert _digest(_made(300, 7, clock)) == told.stdout.strip()


def test_two_people_are_always_there(clock: VirtualClock) -> None:
    """
    The smallest organisation has its administrator and the John Doe of the printed queries.
    """
    world = _made(2, 1, clock)
    admin, sample = world.person_at(scenarios.ADMIN), world.person_at(scenarios.SAMPLE)

    assert admin is not None
    assert (FULL_ADMIN,) == admin.roles
    assert sample is not None
    assert "John Doe" == sample.display_name
    with pytest.raises(ValueError, match="at least 2 people, not 1"):
        _made(1, 1, clock)


def test_proportions_are_believable(clock: VirtualClock) -> None:
    """
    Of two thousand people some are pending, disabled or unlicensed, few are administrators, and all work somewhere.
    """
    world = _made(2000, 7, clock)
    people = [person for _, person in world.people()]

    assert 2000 == world.people_count == len(people)
    assert 55 <= sum(person.invite_pending for person in people) <= 65
    assert 35 <= sum(not person.login_enabled and not person.invite_pending for person in people) <= 45
    assert 95 <= sum(not person.licenses for person in people) <= 105
    assert 2 == sum(FULL_ADMIN in person.roles for person in people)
    assert 8 > sum(bool(person.roles) for person in people)
    assert set(catalogue.DEPARTMENTS) == {person.department for person in people} - {""}


def test_names_of_many_alphabets_have_plain_addresses(clock: VirtualClock) -> None:
    """
    Names are written in more than ten scripts, while each address is ASCII and nobody shares one.
    """
    people = [person for _, person in _made(2000, 7, clock).people()]
    scripts = {unicodedata.name(person.display_name[0]).split()[0] for person in people}

    assert {"LATIN", "CYRILLIC", "GREEK", "ARABIC", "HEBREW", "DEVANAGARI", "CJK", "HANGUL", "THAI"} <= scripts
    assert all(person.email.isascii() for person in people)
    assert 2000 == len({person.email for person in people})


def test_managers_form_a_tree(clock: VirtualClock) -> None:
    """
    Whoever has a manager reaches the head of the department in a few steps, who has none.
    """
    world = _made(500, 7, clock)
    for _, person in world.people():
        above, steps = person, 0
        while above.manager_uuid:
            manager = world.person(above.manager_uuid)
            assert manager is not None
            assert person.department == manager.department
            above, steps = manager, steps + 1
        assert steps <= 2


def test_calling_fields_follow_the_licence(clock: VirtualClock) -> None:
    """
    Those with Calling have a location and an extension that is unique there; nobody else has either.
    """
    world = _made(1000, 7, clock)
    taken = set()
    for _, person in world.people():
        calling = any(world.licenses[key].offer in CALLING for key in person.licenses)
        assert calling == bool(person.extension) == bool(person.location_uuid)
        if calling:
            assert (person.location_uuid, person.extension) not in taken
            taken.add((person.location_uuid, person.extension))
    assert 200 < len(taken) < 400


def test_units_cover_what_is_used_and_one_licence_is_used_up(clock: VirtualClock) -> None:
    """
    Each licence has as many units as are consumed or more, and of one no unit is left.
    """
    world = _made(1000, 7, clock)
    bought = {key: entry.total_units for key, entry in world.licenses.items() if entry.total_units is not None}

    assert all(world.consumed[key] <= total for key, total in bought.items())
    assert 10 == world.consumed[catalogue.EXHAUSTED] == bought[catalogue.EXHAUSTED]
    assert 0 == world.writes


def test_groups_of_different_sizes(clock: VirtualClock) -> None:
    """
    There are departments, offices, an empty group and, from a thousand people on, one of more than 500 members.
    """
    sizes = {group.display_name: len(group.members) for group in _made(1000, 7, clock).groups.values()}

    assert {"Sales", "Office Berlin", 'The "Q" club'} <= set(sizes)
    assert 0 == sizes["Newly founded"]
    assert 600 == sizes["Town hall"]
    assert "Town hall" not in {group.display_name for group in _made(999, 7, clock).groups.values()}
