"""
Planning alone: records and accounts with twelve attributes, all linked, one in a hundred different, how long that takes
and how much memory; from ten thousand to a million of each.

Both sides are made while they are read, as they would come from a file and from Webex; that takes a good part of the
time. Targets: a million in a minute, within 2 GiB, on two cores. For the build server: a hundred thousand, and that
memory and time grow no faster than the numbers.
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
Of the seconds for each pair, from the smallest number to the largest.
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
    bytes: int
    items: int


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


async def _planned(size: int) -> Figures:
    clock, expressions = SystemClock(), Expressions({})
    rules = await compiled(_MAPPING, _INFO, expressions, clock)
    planner = Planner(_MAPPING, _INFO, rules, Watch(Limits(), ""), datetime.now(UTC))
    sides = Sides(_records(size), _objects(size), _links(size), _decisions())
    began, items = time.perf_counter(), 0
    with tempfile.TemporaryDirectory() as folder:
        async for some in planner.items(sides, Place(Path(folder) / "staging.db")):
            items += len(some)
    seconds = time.perf_counter() - began
    await expressions.aclose()
    return Figures(size, seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024, items)


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
        each = figures.seconds / size
        print(
            f"  {size:>9,}: {figures.seconds:5.1f} s, {1e6 * each:4.1f} µs each, {figures.bytes / 2**20:4.0f} MiB, "
            f"{figures.items:,} items"
        )
        found.append(figures)
        if figures.items != size // _ONE_IN:
            missed.append(f"planning {size}: {figures.items} items")
    growth = found[-1].seconds / found[-1].size / (found[0].seconds / found[0].size)
    print(f"  from {found[0].size:,} to {found[-1].size:,} each takes {growth:.2f} times as long")
    if growth > MOST_GROWTH:
        missed.append(f"planning: each takes {growth:.2f} times as long where there are many")
    if found[-1].bytes > MOST_BYTES:
        missed.append(f"planning: {found[-1].bytes / 2**30:.1f} GiB")
    if not gates and found[-1].seconds > MOST_SECONDS:
        missed.append(f"planning: {found[-1].seconds:.0f} s")
    return missed


if __name__ == "__main__":
    print(run(gates=False))
