"""
Planning alone: records and accounts with twelve attributes, all linked, one in a hundred different, how long that takes
and how much memory; from ten thousand to a million of each.

Both sides are made while they are read, as they would come from a file and from Webex; that takes a good part of the
time, which is told beside it. Targets: a million in a minute, within 2 GiB, on two cores that have nothing else to do.
For the build server, which has: a hundred thousand, and that memory and the time of the processor grow no faster than
the numbers.
"""

import asyncio
import multiprocessing
import resource
import tempfile
import time
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from webex_connector.base.clock import SystemClock
from webex_connector.base.garbage import collect_rarely
from webex_connector.expressions.compiling import Expressions
from webex_connector.icf import names
from webex_connector.icf.attributes import Attributes
from webex_connector.icf.objects import ConnectorObject
from webex_connector.icf.schema import AttributeInfo, ObjectClassInfo
from webex_connector.policy.safety import Limits
from webex_connector.store.decisions import Decision
from webex_connector.sync.decide.counting import Watch
from webex_connector.sync.decide.definition import CorrelationRule, PropertyMapping, SyncMapping
from webex_connector.sync.decide.mapped import Link
from webex_connector.sync.planning import Planner, Sides
from webex_connector.sync.records import Page, Record
from webex_connector.sync.rules import compiled
from webex_connector.sync.staging import Place

SIZES = (10_000, 100_000, 1_000_000)
MOST_SECONDS = 60
MOST_BYTES = 2 * 2**30
MOST_GROWTH = 2.0
"""
Of the seconds of the processor for each pair, from the smallest number to the largest.
"""

_PAGE = 1000
_ONE_IN = 100
_OTHERS = tuple(f"attribute{number}" for number in range(11))
_INFO = ObjectClassInfo(
    names.ACCOUNT,
    "People.",
    (
        AttributeInfo("emails", "Address.", many=True, required=True),
        *(AttributeInfo(name, "Something.") for name in _OTHERS),
    ),
    "emails",
)
_MAPPING = SyncMapping(
    "people",
    "hr",
    "webex",
    names.ACCOUNT,
    tuple(PropertyMapping(each.name, each.name) for each in _INFO.attributes),
    (CorrelationRule(("emails",)),),
)


@dataclass(frozen=True, slots=True)
class Figures:
    """
    What one comparison took.
    """

    size: int
    seconds: float
    busy: float
    """Seconds of the processor, of both cores together."""

    making: float
    """Those of them that making both sides took."""

    bytes: int
    items: int

    def each(self, seconds: float) -> float:
        """
        Return microseconds for each pair.
        """
        return 1e6 * seconds / self.size


def _attributes(number: int, *, changed: bool) -> Attributes:
    found: dict[str, tuple[str, ...]] = {"emails": (f"person{number}@example.com",)}
    for name in _OTHERS:
        found[name] = (f"{name} of {number}",)
    if changed:
        found["attribute7"] = ("something else",)
    return found


async def _records(size: int) -> AsyncIterator[Page]:
    for start in range(0, size, _PAGE):
        yield Page([Record(f"{n:07}", _attributes(n, changed=n % _ONE_IN == 0)) for n in range(start, start + _PAGE)])


async def _objects(size: int) -> AsyncIterator[Sequence[ConnectorObject]]:
    for start in range(0, size, _PAGE):
        yield [
            ConnectorObject(names.ACCOUNT, f"uid-{n:07}", f"person{n}@example.com", _attributes(n, changed=False))
            for n in range(start, start + _PAGE)
        ]


async def _links(size: int) -> AsyncIterator[Sequence[Link]]:
    for start in range(0, size, _PAGE):
        yield [Link(f"{n:07}", f"uid-{n:07}") for n in range(start, start + _PAGE)]


async def _decisions() -> AsyncIterator[Sequence[Decision]]:
    yield []


def _making(size: int) -> float:
    """
    Return the seconds of the processor that making both sides takes, as a part of them tells.
    """
    began, part = time.process_time(), min(size, SIZES[0])
    for number in range(part):
        _attributes(number, changed=False)
        _attributes(number, changed=False)
    return (time.process_time() - began) * size / part


async def _planned(size: int) -> Figures:
    clock, expressions = SystemClock(), Expressions({})
    rules = await compiled(_MAPPING, _INFO, expressions, clock)
    planner = Planner(_MAPPING, _INFO, rules, Watch(Limits(), ""), datetime.now(UTC))
    sides = Sides(_records(size), _objects(size), _links(size), _decisions())
    making = _making(size)
    began, busy, items = time.perf_counter(), time.process_time(), 0
    with tempfile.TemporaryDirectory() as folder:
        async for some in planner.items(sides, Place(Path(folder) / "staging.db")):
            items += len(some)
    seconds, busy = time.perf_counter() - began, time.process_time() - busy
    await expressions.aclose()
    return Figures(size, seconds, busy, making, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024, items)


def measured(size: int) -> Figures:
    """
    Compare so many with as many, in a process that began as those of the program do.
    """
    collect_rarely()
    return asyncio.run(_planned(size))


def run(*, gates: bool) -> list[str]:
    """
    Print the figures and return the missed targets.
    """
    print("planning: records and as many accounts, twelve attributes, one in a hundred different")
    missed: list[str] = []
    found: list[Figures] = []
    for size in SIZES[: 2 if gates else 3]:
        # What a process has had of memory it keeps, so each size has one of its own.
        with multiprocessing.get_context("spawn").Pool(1) as pool:
            figures = pool.apply(measured, (size,))
        found.append(figures)
        print(
            f"  {size:>9,}: {figures.seconds:5.1f} s, {figures.each(figures.seconds):4.1f} µs each; of the processor "
            f"{figures.each(figures.busy):4.1f} µs, {figures.each(figures.making):4.1f} µs for making both sides; "
            f"{figures.bytes / 2**20:4.0f} MiB; {figures.items:,} items; {_growth(found):.2f} times as long for each"
        )
        if figures.items != size // _ONE_IN:
            missed.append(f"planning {size}: {figures.items} items")
    if _growth(found) > MOST_GROWTH:
        missed.append(f"planning: each takes {_growth(found):.2f} times as long where there are many")
    if found[-1].bytes > MOST_BYTES:
        missed.append(f"planning: {found[-1].bytes / 2**30:.1f} GiB")
    if not gates and found[-1].seconds > MOST_SECONDS:
        missed.append(f"planning: {found[-1].seconds:.0f} s")
    return missed


def _growth(found: Sequence[Figures]) -> float:
    return found[-1].each(found[-1].busy) / found[0].each(found[0].busy)


if __name__ == "__main__":
    print(run(gates=False))
