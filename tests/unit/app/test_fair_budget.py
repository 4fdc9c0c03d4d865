"""
Whose requests to Webex go first, by a budget in memory and by the one that processes share.
"""

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise

import pytest

from fakes.beside import empty_database
from fakes.virtual_time import VirtualClock
from webex_connector.app.storing import StoredBudget
from webex_connector.store.budget import LEASE, SharedBudget
from webex_connector.webex.call import Lane
from webex_connector.webex.pace import Budget, Kind, Rate, TurnTooLate
from webex_connector.webex.pacer import AdaptivePacer

RATE = 10.0
Budgets = Callable[[str], Budget]


@pytest.fixture(params=["memory", "store"])
def budgets(request: pytest.FixtureRequest, clock: VirtualClock) -> Iterator[Budgets | None]:
    """
    What makes the budgets; None for those in memory.
    """
    if request.param == "memory":
        yield None
        return
    with empty_database() as database:
        yield lambda name: StoredBudget(SharedBudget(database, name, clock))


Asking = tuple[Lane, Kind]


@dataclass
class _Run:
    """
    Workers that ask again and again, until so many turns are taken together.
    """

    count: int
    order: list[Asking] = field(default_factory=list)

    async def ask(self, pacer: AdaptivePacer, lane: Lane, kind: Kind) -> None:
        while len(self.order) < self.count:
            await pacer.turn(kind, lane)
            self.order.append((lane, kind))

    async def all(self, *work: tuple[int, AdaptivePacer, Asking]) -> None:
        await asyncio.gather(*(self.ask(pacer, *asking) for number, pacer, asking in work for _ in range(number)))

    def share(self, *asking: Asking) -> float:
        return sum(map(self.order.count, asking)) / len(self.order)

    def farthest(self, asking: Asking) -> int:
        """
        Return how many others went between two turns of this kind at most.
        """
        places = [place for place, each in enumerate(self.order) if each == asking]
        return max(after - before - 1 for before, after in pairwise(places))


async def test_nobody_starves_and_the_order_holds(clock: VirtualClock, budgets: Budgets | None) -> None:
    """
    While all want to ask: interactive has four fifths of the turns, writes have four fifths in each lane. Reads and
    writes share one budget here, as they do unless rates are set.
    """
    run, pacer = _Run(500), AdaptivePacer(clock, budget=budgets)
    everybody = [(lane, kind) for lane in Lane for kind in Kind]
    await run.all(*((10, pacer, each) for each in everybody))

    assert 0.8 == pytest.approx(run.share(*((Lane.INTERACTIVE, kind) for kind in Kind)), abs=0.03)
    for lane in Lane:
        of_lane = run.share(*((lane, kind) for kind in Kind))
        assert 0.8 == pytest.approx(run.share((lane, Kind.WRITE)) / of_lane, abs=0.05)


async def test_one_person_hardly_notices_a_run(clock: VirtualClock, budgets: Budgets | None) -> None:
    """
    Beside twenty workers of a run, each request of somebody who waits has one of the next two turns.
    """
    run, pacer, person = _Run(300), AdaptivePacer(clock, budget=budgets), (Lane.INTERACTIVE, Kind.READ)
    await run.all((10, pacer, (Lane.BULK, Kind.READ)), (10, pacer, (Lane.BULK, Kind.WRITE)), (1, pacer, person))

    assert run.farthest(person) <= 2
    assert min(run.share((Lane.BULK, kind)) for kind in Kind) > 0.05


async def test_the_wait_told_is_the_wait_there_is(clock: VirtualClock, budgets: Budgets | None) -> None:
    """
    Whoever is sent away with a wait has a turn about then, if nobody else comes.
    """
    pacer = AdaptivePacer(clock, read=Rate(RATE), budget=budgets)
    waiting = [asyncio.create_task(pacer.turn(Kind.READ, Lane.INTERACTIVE)) for _ in range(50)]
    await clock.sleep(0.05)
    with pytest.raises(TurnTooLate) as late:
        await pacer.turn(Kind.READ, Lane.INTERACTIVE, deadline=clock.monotonic() + 1)
    began = clock.monotonic()
    await pacer.turn(Kind.READ, Lane.INTERACTIVE, deadline=began + late.value.wait + 0.5)

    assert late.value.wait == pytest.approx(clock.monotonic() - began, abs=0.5)
    assert 4.0 < late.value.wait < 6.0
    assert all(each.done() for each in waiting)


async def test_a_run_in_another_process_leaves_room(clock: VirtualClock) -> None:
    """
    The processes share the places, a quarter of a second's worth at a time: a person asks here, twenty workers of a run
    there. Neither starves, and together they are not faster.
    """
    run, person = _Run(300), (Lane.INTERACTIVE, Kind.READ)
    with empty_database() as database:

        def shared(name: str) -> Budget:
            return StoredBudget(SharedBudget(database, name, clock))

        here, there = (AdaptivePacer(clock, read=Rate(RATE), budget=shared) for _ in range(2))
        await run.all((20, there, (Lane.BULK, Kind.READ)), (1, here, person))

    assert run.farthest(person) <= RATE * LEASE + 1
    assert run.share((Lane.BULK, Kind.READ)) > 0.4
    assert len(run.order) / clock.monotonic() <= RATE * 1.1
