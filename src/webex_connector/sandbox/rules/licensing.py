"""
Which licences somebody ends up with: what exists, what is left, what brings what along, what cannot stand together.
"""

from collections.abc import Iterable

from webex_connector.sandbox import ids
from webex_connector.sandbox.records import CALLING, Offer, Person
from webex_connector.sandbox.world import World

_PAID = frozenset({Offer.MESSAGING, Offer.MEETINGS})

NEEDED_BY = {
    Offer.FREE_MESSAGING: _PAID,
    Offer.FREE_MEETINGS: frozenset({Offer.MEETINGS}),
}
"""
Free licences and the paid ones that stand on them (https://developer.webex.com/docs/api/v1/licenses).
"""


def offers(world: World, keys: Iterable[str]) -> frozenset[Offer]:
    """
    Return what these licences are licences for.
    """
    return frozenset(world.licenses[key].offer for key in keys)


def has_calling(world: World, keys: Iterable[str]) -> bool:
    """
    Tell whether a Webex Calling licence is among them.
    """
    return not CALLING.isdisjoint(offers(world, keys))


def host_sites(world: World, keys: Iterable[str]) -> tuple[str, ...]:
    """
    Return the meeting sites these licences make their holder a host of.
    """
    return tuple(world.licenses[key].site_url for key in keys if world.licenses[key].site_url)


def known(world: World, identifiers: Iterable[str]) -> tuple[str, ...]:
    """
    Return the keys behind outward identifiers, each once; what is no licence of the organisation is left out.
    """
    keys = (ids.known_value_of(ids.Kind.LICENSE, text) for text in identifiers)
    mine = f"{world.organization.uuid}:"
    found = (key.removeprefix(mine) for key in keys if key)
    return tuple(dict.fromkeys(key for key in found if key in world.licenses))


def has_unit(world: World, key: str) -> bool:
    """
    Tell whether one more person can have the licence; always, if the quirks let more be used than was bought.
    """
    total = world.licenses[key].total_units
    return total is None or world.consumed[key] < total or world.quirks.no_unit_status == 200  # noqa: PLR2004  # HTTP


def assignable(world: World, held: Iterable[str], wanted: Iterable[str], *, calling_ready: bool) -> tuple[str, ...]:
    """
    Return what of the wanted licences can be given; the rest is left out without a word, as on `/people`.

    Left out are those without a unit left, Calling without the fields it needs, and a second kind of Calling.
    """
    before, after = frozenset(held), list[str]()
    for key in wanted:
        offer = world.licenses[key].offer
        if key not in before and not has_unit(world, key):
            continue
        if offer in CALLING and ((key not in before and not calling_ready) or has_calling(world, after)):
            continue
        after.append(key)
    return with_companions(world, after)


def with_companions(world: World, keys: Iterable[str]) -> tuple[str, ...]:
    """
    Add the free licences that the given ones need or bring along.
    """
    keys = tuple(keys)
    if not keys or not world.quirks.companion_licenses:
        return keys
    have = offers(world, keys)
    due = {free for free, paid in NEEDED_BY.items() if paid & have} | {Offer.SCREEN_SHARE}
    extra = [license_.key for license_ in world.licenses.values() if license_.offer in due - have]
    return (*keys, *extra)


def implicit(world: World, person: Person) -> frozenset[str]:
    """
    Return the licences of somebody that cannot be taken away.
    """
    return frozenset(key for key in person.licenses if world.licenses[key].offer is Offer.SCREEN_SHARE)
