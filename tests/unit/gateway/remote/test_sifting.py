"""
Searches by parts of complex values, which platforms of ConnId see as attributes.
"""

from typing import Any

import pytest

from fakes.memory_connector import MemoryConnector, person
from fakes.remote_client import MemoryKind, Refused, serving
from fakes.virtual_time import VirtualClock
from webex_connector.gateway.remote.codec.filters import AttributeFilter, Comparison, JoinedFilter, Junction, NotFilter
from webex_connector.gateway.remote.codec.objects import Attribute, ObjectClass, OperationOptions, SearchResult, Uid
from webex_connector.gateway.remote.codec.values import Array, JavaClass, Map, Value
from webex_connector.icf import names

ACCOUNT = ObjectClass(names.ACCOUNT)
ITALY = AttributeFilter(Comparison.EQUALS, Attribute("Addresses.work.country", ("it",)))
SALES = AttributeFilter(Comparison.EQUALS, Attribute("department", ("Sales",)))


def _kind(clock: VirtualClock) -> MemoryKind:
    """
    Return a connector of thirty people, every other one of whom works in Italy, and all of whom live in it.
    """
    connector = MemoryConnector()
    connector.world[names.ACCOUNT].update(
        {
            f"p{number:02}": person(
                number,
                department=("Sales", "Support")[number % 3 == 0],
                phoneNumbers=[{"type": "work", "value": f"+{number}"}, {"type": "mobile", "value": "+0"}],
                addresses=[
                    {"type": "home", "country": "IT"},
                    {"type": "work", "country": "IT" if number % 2 else "DE", "locality": "Roma"},
                ],
            )
            for number in range(30)
        }
    )
    return MemoryKind(clock, connector)


async def _asked(clock: VirtualClock, node: Value, **options: Value) -> tuple[list[Any], SearchResult]:
    async with serving(clock, kind=_kind(clock)) as served:
        asked = OperationOptions(Map(tuple(options.items())))
        found, result = await served.platform.stream("SearchApiOp", "search", ACCOUNT, node, asked)
    return found, result


def _numbers(found: list[Any]) -> list[int]:
    uids = (each.uid for one in found if hasattr(one, "attributes") for each in one.attributes if isinstance(each, Uid))
    return [int(uid[1:]) for uid in uids]


@pytest.mark.parametrize(
    ("node", "numbers"),
    [
        (ITALY, range(1, 30, 2)),
        (NotFilter(ITALY), range(0, 30, 2)),
        (JoinedFilter(Junction.AND, SALES, ITALY), (each for each in range(1, 30, 2) if each % 3)),
        (JoinedFilter(Junction.OR, NotFilter(SALES), ITALY), (each for each in range(30) if each % 2 or not each % 3)),
        (AttributeFilter(Comparison.EQUALS, Attribute("phoneNumbers.work", ("+7",))), (7,)),
        (AttributeFilter(Comparison.EQUALS, Attribute("phoneNumbers.work", ("+0",))), (0,)),
        (AttributeFilter(Comparison.STARTS_WITH, Attribute("phoneNumbers.work", ("+2",))), (2, *range(20, 30))),
        (AttributeFilter(Comparison.EQUALS, Attribute("addresses.home.locality", ("Roma",))), ()),
    ],
)
async def test_parts_of_complex_values_are_compared(clock: VirtualClock, node: Value, numbers: Any) -> None:
    """
    A part is compared with that part alone: of the right kind of address or number, and in capitals that mean nothing.
    """
    found, _ = await _asked(clock, node)
    assert list(numbers) == _numbers(found)


async def test_what_was_only_read_to_compare_is_not_told(clock: VirtualClock) -> None:
    """
    A platform gets the attributes it asked for, not those that the filter needed.
    """
    found, _ = await _asked(clock, ITALY, ATTRS_TO_GET=Array(JavaClass("String"), ("department",)))

    told = {each.name for one in found for each in one.attributes if isinstance(each, Attribute)}
    assert {"department"} == told


async def test_pages_by_offset_are_full(clock: VirtualClock) -> None:
    """
    MidPoint's pages begin at a place: each is full but the last, and together they are everything once.
    """
    pages = [(await _asked(clock, ITALY, PAGE_SIZE=4, PAGED_RESULTS_OFFSET=first))[0] for first in range(1, 17, 4)]

    assert [4, 4, 4, 3] == [len(each) for each in pages]
    assert list(range(1, 30, 2)) == [number for each in pages for number in _numbers(each)]


async def test_midpoint_can_count_parts(clock: VirtualClock) -> None:
    """
    One object from the first place on, and how many remain after it: that is how midPoint counts.
    """
    found, result = await _asked(clock, ITALY, PAGE_SIZE=1, PAGED_RESULTS_OFFSET=1)
    assert (1, SearchResult(None, 14)) == (len(found), result)


async def test_pages_by_cookie_are_everything_once(clock: VirtualClock) -> None:
    """
    Syncope's pages go on by a cookie: they may be short, and together are everything once; nothing is counted.
    """
    numbers: list[int] = []
    more: dict[str, Value] = {}
    async with serving(clock, kind=_kind(clock)) as served:
        while True:
            asked = OperationOptions(Map((("PAGE_SIZE", 7), ("PAGED_RESULTS_OFFSET", -1), *more.items())))
            found, result = await served.platform.stream("SearchApiOp", "search", ACCOUNT, ITALY, asked)
            numbers += _numbers(found)
            assert -1 == result.remaining
            assert result == found[-1]
            if result.cookie is None:
                break
            more = {"PAGED_RESULTS_COOKIE": result.cookie}

    assert list(range(1, 30, 2)) == numbers


async def test_what_cannot_be_compared_is_refused(clock: VirtualClock) -> None:
    """
    A number where a part is a text, and a part that there is not, are refused as they are of any attribute.
    """
    for wrong in (Attribute("addresses.work.country", (1,)), Attribute("addresses.work.planet", ("Mars",))):
        with pytest.raises(Refused, match="InvalidAttributeValue"):
            await _asked(clock, AttributeFilter(Comparison.EQUALS, wrong))
