"""
The index that searches are answered from.
"""

import random

import msgspec

from webex_connector.sandbox.records import Person
from webex_connector.sandbox.searches import Order, Searches, sort_key


def _person(number: int, moment: int) -> Person:
    return Person(f"{number:04d}", f"{number * 7919 % 1000:03d}@acme.example", f"P{number}", 0, moment)


def test_every_order_is_that_of_the_people_as_they_were() -> None:
    """
    Through a thousand random creations, changes and deletions, each order equals a fresh sort of what was there a lag
    ago, whenever it is looked at.
    """
    rng = random.Random(7)  # noqa: S311  # a test, repeatable
    people: dict[str, Person] = {}
    searches = Searches(people)
    past: list[tuple[int, dict[str, Person]]] = [(0, {})]
    for now in range(1, 1001):
        number = rng.randrange(60)
        before = people.get(f"{number:04d}")
        after = None if before and rng.random() < 0.3 else _person(number, now)
        if before and after and rng.random() < 0.5:
            after = msgspec.structs.replace(before, email=f"{rng.randrange(1000):03d}.{number}@acme.example")
        searches.change(f"{number:04d}", before, after, now + 25)
        if after:
            people[after.uuid] = after
        else:
            people.pop(f"{number:04d}", None)
        past.append((now, dict(people)))
        if rng.random() < 0.2:
            searches.settle(now)
            seen = past[max(0, now - 25)][1]
            for order in Order:
                key = sort_key(order)
                assert [person.uuid for person in sorted(seen.values(), key=key)] == searches.line(order)
    searches.settle(2000)
    assert {} == searches.lagging()
    assert sorted(people) == searches.line(Order.ID)
    assert all(searches.seen(uuid) is person for uuid, person in people.items())


def test_an_index_nobody_asked_for_costs_nothing() -> None:
    """
    Until somebody is sorted or waited for, changes need not be noted.
    """
    searches = Searches({})
    assert not searches.used

    searches.line(Order.USER_NAME)

    assert searches.used
