"""
The pacer against the sandbox's limiter, in virtual time.
"""

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from itertools import pairwise

import pytest

from fakes.virtual_time import VirtualClock
from webex_connector.webex.budget import MemoryBudget
from webex_connector.webex.call import Lane
from webex_connector.webex.pace import Budget, Kind, Rate, TurnTooLate
from webex_connector.webex.pacer import UNSAID_PAUSE, AdaptivePacer


@dataclass
class _Webex:
    """
    Answers after a while, and refuses what comes faster than a bucket of `burst` allows.
    """

    clock: VirtualClock
    rate: float
    burst: float = 2.0
    latency: float = 0.05
    says_retry_after: bool = True
    let_through: list[float] = field(default_factory=list)
    refused: list[float] = field(default_factory=list)
    _level: tuple[float, float] = (0.0, 0.0)

    def admits(self) -> bool:
        now = self.clock.monotonic()
        level, since = self._level
        level = min(self.burst, level + (now - since) * self.rate)
        admitted = level >= 1 - 1e-9
        self._level = (level - 1 if admitted else level), now
        (self.let_through if admitted else self.refused).append(now)
        return admitted

    async def ask(self, pacer: AdaptivePacer, kind: Kind = Kind.READ, lane: Lane = Lane.BULK) -> None:
        while True:
            await pacer.turn(kind, lane)
            admitted = self.admits()
            await self.clock.sleep(self.latency)
            if admitted:
                pacer.answered(kind)
                return
            pacer.throttled(kind, max(1.0, 1 / self.rate) if self.says_retry_after else None)

    def use(self, start: float, end: float) -> float:
        return sum(start <= moment < end for moment in self.let_through) / (self.rate * (end - start))


async def _keep_asking(webex: _Webex, pacer: AdaptivePacer, seconds: float, kind: Kind = Kind.READ) -> int:
    end = webex.clock.monotonic() + seconds
    answered = 0

    async def work() -> None:
        nonlocal answered
        while webex.clock.monotonic() < end:
            await webex.ask(pacer, kind)
            answered += 1

    await asyncio.gather(*(work() for _ in range(20)))
    return answered


async def _moments(clock: VirtualClock, *turns: Coroutine[None, None, None]) -> list[float]:
    async def moment(turn: Coroutine[None, None, None]) -> float:
        await turn
        return round(clock.monotonic(), 6)

    return await asyncio.gather(*map(moment, turns))


@pytest.mark.parametrize("fixed", [True, False])
@pytest.mark.parametrize("factor", [1.0, 0.5, 2.0])
async def test_a_limit_is_used_and_seldom_hit(clock: VirtualClock, factor: float, *, fixed: bool) -> None:
    """
    Once five minutes have passed since a limit of five a second changed, 97 % of what is allowed is used; over the
    whole run, less than two answers in a hundred are refusals. (What the change itself costs, `bench/limiter.py` says.)
    """
    webex = _Webex(clock, rate=5.0)
    pacer = AdaptivePacer(clock, read=Rate(5) if fixed else None)
    answered = await _keep_asking(webex, pacer, 300)
    webex.rate *= factor
    answered += await _keep_asking(webex, pacer, 900)

    reachable = min(1.0, 1 / factor) if fixed else 1.0
    assert webex.use(600, 1200) >= 0.97 * reachable
    assert len(webex.refused) < 0.02 * (len(webex.let_through) + len(webex.refused))
    assert answered == len(webex.let_through), "each is answered once"


async def test_a_limit_far_below_the_start_is_found(clock: VirtualClock) -> None:
    """
    Where each pause lets just one request through, that one is evidence enough to slow down.
    """
    webex = _Webex(clock, rate=0.2)
    pacer = AdaptivePacer(clock)
    await _keep_asking(webex, pacer, 7200)

    assert webex.use(0, 7200) >= 0.97
    assert len(webex.refused) < 0.02 * len(webex.let_through)


async def test_turns_of_a_fixed_pace_are_even(clock: VirtualClock) -> None:
    """
    There is no burst: two turns are never closer than the rate says, but for the tenth of a second a start may use.
    """
    pacer = AdaptivePacer(clock, read=Rate(5))
    moments = await _moments(clock, *(pacer.turn(Kind.READ, Lane.BULK) for _ in range(10)))

    gaps = [after - before for before, after in pairwise(moments[1:])]
    assert min(gaps) >= 0.2
    assert moments[-1] == pytest.approx(9 * 0.2 / 0.99, abs=0.11)


async def test_a_429_stops_everybody_for_as_long_as_it_says(clock: VirtualClock) -> None:
    """
    Nothing leaves between the refusal and the end of the pause.
    """
    pacer = AdaptivePacer(clock, read=Rate(10))
    await pacer.turn(Kind.READ, Lane.BULK)
    pacer.throttled(Kind.READ, 7.0)

    assert min(await _moments(clock, *(pacer.turn(Kind.READ, lane) for lane in Lane))) == pytest.approx(7.0)


async def test_a_pause_that_begins_while_somebody_waits_counts_for_them(clock: VirtualClock) -> None:
    """
    A place that was given before the refusal is void.
    """
    pacer = AdaptivePacer(clock, read=Rate(1))

    async def refused() -> None:
        await pacer.turn(Kind.READ, Lane.BULK)
        pacer.throttled(Kind.READ, 30.0)

    moments = await _moments(clock, refused(), pacer.turn(Kind.READ, Lane.BULK))
    assert moments[1] == pytest.approx(30.0)


async def test_a_429_without_retry_after_has_a_pause_that_doubles_until_something_gets_through(
    clock: VirtualClock,
) -> None:
    """
    A limit that stays shut for long is asked less and less often, and the pace is not blamed.
    """
    webex = _Webex(clock, rate=1e-9, says_retry_after=False)
    pacer = AdaptivePacer(clock, read=Rate(10))
    asking = asyncio.create_task(webex.ask(pacer))
    await clock.sleep(200)
    pauses = [after - before for before, after in pairwise(webex.refused)]
    webex.rate = 10.0
    await asking

    assert pauses == [pytest.approx(wait, abs=0.1) for wait in (UNSAID_PAUSE, 10, 20, 40, 60, 60)]
    assert pacer.rate(Kind.READ) == Rate(10 * 0.99)


async def _use(pacer: AdaptivePacer, times: int) -> None:
    for _ in range(times):
        await pacer.turn(Kind.READ, Lane.BULK)
        pacer.answered(Kind.READ)


async def _refused_late(clock: VirtualClock, pacer: AdaptivePacer, after: float) -> None:
    await pacer.turn(Kind.READ, Lane.BULK)
    await clock.sleep(after)
    pacer.throttled(Kind.READ, 1.0)


async def test_refusals_of_requests_under_way_together_are_one_refusal(clock: VirtualClock) -> None:
    """
    Twenty 429 for twenty requests that had all left before the first of them change the pace about as much as one.
    """

    async def settled(refusals: int) -> float:
        pacer = AdaptivePacer(clock, read=Rate(10))
        await _use(pacer, 1000)
        await asyncio.gather(*(_refused_late(clock, pacer, 3.0) for _ in range(refusals)))
        await pacer.turn(Kind.READ, Lane.BULK)
        return pacer.rate(Kind.READ).per_second

    assert await settled(20) == pytest.approx(await settled(1), rel=0.02)


async def test_a_refusal_that_arrives_after_the_pause_stops_but_does_not_slow_down_again(clock: VirtualClock) -> None:
    """
    A 429 for a request sent before the last slowdown says nothing about the pace after it; its pause is kept.
    """
    pacer = AdaptivePacer(clock, read=Rate(10))
    await _use(pacer, 1000)
    late = asyncio.create_task(_refused_late(clock, pacer, 4.0))
    await clock.sleep(0.5)
    await _refused_late(clock, pacer, 0.1)
    await _use(pacer, 10)
    before = pacer.rate(Kind.READ).per_second
    await late
    came = clock.monotonic()
    await _use(pacer, 1)

    assert clock.monotonic() == pytest.approx(came + 1.0)
    assert before <= pacer.rate(Kind.READ).per_second < 10


async def test_interactive_requests_go_first_and_bulk_goes_on(clock: VirtualClock) -> None:
    """
    Of five places that both lanes want, the fifth is for bulk.
    """
    pacer = AdaptivePacer(clock, read=Rate(1))
    order: list[Lane] = []

    async def take(lane: Lane) -> None:
        await pacer.turn(Kind.READ, lane)
        order.append(lane)

    await asyncio.gather(*(take(Lane.BULK) for _ in range(3)), *(take(Lane.INTERACTIVE) for _ in range(8)))

    interactive, bulk = Lane.INTERACTIVE, Lane.BULK
    assert [*[interactive] * 4, bulk, *[interactive] * 4, bulk, bulk] == order


@pytest.mark.parametrize("wait", [0.0, 5.0])
async def test_a_deadline_that_cannot_be_kept_is_told_at_once(clock: VirtualClock, wait: float) -> None:
    """
    Whoever would have to wait longer than there is time does not wait at all; the others are not disturbed.
    """
    pacer = AdaptivePacer(clock, read=Rate(0.99))
    await clock.sleep(wait)
    waiting = [asyncio.create_task(pacer.turn(Kind.READ, Lane.BULK)) for _ in range(4)]
    await clock.sleep(0)
    began = clock.monotonic()

    with pytest.raises(TimeoutError):
        await pacer.turn(Kind.READ, Lane.BULK, deadline=began + 2.5)
    assert began == clock.monotonic()
    await pacer.turn(Kind.READ, Lane.BULK, deadline=began + 4.5)
    assert all(task.done() for task in waiting)


async def test_a_deadline_that_a_pause_overtakes_is_told_then(clock: VirtualClock) -> None:
    """
    A waiter whose turn moves behind its deadline does not wait for the end of the pause.
    """
    pacer = AdaptivePacer(clock, read=Rate(1))
    await pacer.turn(Kind.READ, Lane.BULK)
    waiting = asyncio.create_task(pacer.turn(Kind.READ, Lane.BULK, deadline=clock.monotonic() + 10))
    await clock.sleep(0.01)
    pacer.throttled(Kind.READ, 60.0)

    with pytest.raises(TimeoutError):
        await waiting
    assert clock.monotonic() < 2.0


async def test_a_cancelled_waiter_gives_its_place_back(clock: VirtualClock) -> None:
    """
    The next in line moves up.
    """
    pacer = AdaptivePacer(clock, read=Rate(1))
    await pacer.turn(Kind.READ, Lane.BULK)
    first, second = (asyncio.create_task(pacer.turn(Kind.READ, Lane.BULK)) for _ in range(2))
    await clock.sleep(0.5)
    first.cancel()
    await second

    assert first.cancelled()
    assert clock.monotonic() == pytest.approx(1 / 0.99, abs=0.11)


async def test_a_turn_that_is_given_at_the_moment_of_cancellation_goes_to_the_next(clock: VirtualClock) -> None:
    """
    A turn that its owner never came to use is not lost.
    """
    doomed: list[asyncio.Task[None]] = []

    class _CancellingClock(VirtualClock):
        async def sleep(self, seconds: float) -> None:
            await super().sleep(seconds)
            # Runs after the pacer has given the turn, and before the one who waited for it.
            for task in doomed:
                asyncio.get_running_loop().call_soon(task.cancel)

    pacer = AdaptivePacer(_CancellingClock(), read=Rate(1))
    await pacer.turn(Kind.READ, Lane.BULK)
    first, second = (asyncio.create_task(pacer.turn(Kind.READ, Lane.BULK)) for _ in range(2))
    doomed.append(first)
    await second

    assert first.cancelled()
    assert clock.monotonic() == pytest.approx(1 / 0.99, abs=0.11)


async def test_when_all_have_left_nothing_stays_behind(clock: VirtualClock) -> None:
    """
    No task waits for nobody, and who comes later is served.
    """
    pacer = AdaptivePacer(clock, read=Rate(0.01))
    await pacer.turn(Kind.READ, Lane.BULK)
    waiting = asyncio.create_task(pacer.turn(Kind.READ, Lane.BULK))
    await clock.sleep(1)
    waiting.cancel()
    await asyncio.gather(waiting, return_exceptions=True)
    await clock.sleep(0)
    assert {asyncio.current_task()} == asyncio.all_tasks()

    await pacer.turn(Kind.READ, Lane.BULK)
    assert clock.monotonic() < 110


async def test_reads_and_writes_share_one_budget_when_neither_is_configured(clock: VirtualClock) -> None:
    """
    Webex may count them together, so a refused write stops reads too.
    """
    pacer = AdaptivePacer(clock)
    await pacer.turn(Kind.WRITE, Lane.BULK)
    pacer.throttled(Kind.WRITE, 9.0)
    await pacer.turn(Kind.READ, Lane.BULK)

    assert clock.monotonic() == pytest.approx(9.0)


async def test_a_configured_kind_has_a_bound_of_its_own(clock: VirtualClock) -> None:
    """
    A refused write does not stop reads that were given their own rate, nor change it.
    """
    pacer = AdaptivePacer(clock, read=Rate(100))
    await pacer.turn(Kind.WRITE, Lane.BULK)
    pacer.throttled(Kind.WRITE, 9.0)
    await pacer.turn(Kind.READ, Lane.BULK)

    assert clock.monotonic() < 1
    assert pacer.rate(Kind.READ).per_second == pytest.approx(99)
    assert pacer.rate(Kind.WRITE).per_second == pytest.approx(5.0)


async def test_requests_after_an_idle_hour_start_no_storm(clock: VirtualClock) -> None:
    """
    A pace that was not used up has not climbed, so a run that begins after idle time is not refused in rows.
    """
    webex = _Webex(clock, rate=10.0)
    pacer = AdaptivePacer(clock)
    await _keep_asking(webex, pacer, 300)
    for _ in range(360):
        await webex.ask(pacer, lane=Lane.INTERACTIVE)
        await clock.sleep(10)
    before = len(webex.refused)
    await _keep_asking(webex, pacer, 10)

    assert len(webex.refused) - before <= 2


def _leasing(clock: VirtualClock) -> tuple[Callable[[str], Budget], list[int]]:
    taken: list[int] = []

    class _Leasing(MemoryBudget):
        lease = 0.25

        async def reserve(self, places: int, interval: float) -> float:
            taken.append(places)
            return await super().reserve(places, interval)

    one = _Leasing(clock)
    return lambda _name: one, taken


async def test_two_pacers_on_one_budget_stay_within_one_limit(clock: VirtualClock) -> None:
    """
    Two processes that share a budget, and lease places from it, use one limit together as one would.
    """
    webex = _Webex(clock, rate=10.0, burst=10.0)
    budget, taken = _leasing(clock)
    pacers = [AdaptivePacer(clock, budget=budget) for _ in range(2)]
    await asyncio.gather(*(_keep_asking(webex, pacer, 1200) for pacer in pacers))

    assert webex.use(600, 1200) >= 0.97
    assert len(webex.refused) < 0.02 * len(webex.let_through)
    assert max(taken) > 1, "places were leased, not fetched one by one"


async def test_a_budget_that_fails_fails_those_who_wait_and_no_later_ones(clock: VirtualClock) -> None:
    """
    The error of a shared budget is the waiters' error; when it works again, so does the pacer.
    """
    works = False

    class _Failing(MemoryBudget):
        async def reserve(self, places: int, interval: float) -> float:
            if not works:
                raise OSError("no database")
            return await super().reserve(places, interval)

    pacer = AdaptivePacer(clock, budget=lambda _name: _Failing(clock))
    outcomes = await asyncio.gather(*(pacer.turn(Kind.READ, lane) for lane in Lane), return_exceptions=True)
    assert [OSError, OSError] == [type(outcome) for outcome in outcomes]

    works = True
    await pacer.turn(Kind.READ, Lane.BULK)


@pytest.mark.parametrize(("asked", "waited"), [(-3.0, 1.0), (0.0, 1.0), (2.5, 2.5), (1e9, 900.0)])
async def test_an_unreasonable_retry_after_is_brought_to_reason(
    clock: VirtualClock,
    asked: float,
    waited: float,
) -> None:
    """
    A date that is past is a second; a day is a quarter of an hour, after which we ask again.
    """
    pacer = AdaptivePacer(clock, read=Rate(10))
    await pacer.turn(Kind.READ, Lane.BULK)
    pacer.throttled(Kind.READ, asked)
    await pacer.turn(Kind.READ, Lane.BULK)

    assert clock.monotonic() == pytest.approx(waited)


async def test_a_shorter_pause_does_not_end_a_longer_one(clock: VirtualClock) -> None:
    """
    Of several refusals, the longest wait counts.
    """
    pacer = AdaptivePacer(clock, read=Rate(10))
    await asyncio.gather(*(pacer.turn(Kind.READ, Lane.BULK) for _ in range(2)))
    pacer.throttled(Kind.READ, 30.0)
    pacer.throttled(Kind.READ, 1.0)
    await pacer.turn(Kind.READ, Lane.BULK)

    assert clock.monotonic() >= 30.0


async def test_a_deadline_is_kept_when_others_push_in(clock: VirtualClock) -> None:
    """
    A bulk request that is overtaken beyond its deadline is told so by then, instead of being sent too late.
    """
    pacer = AdaptivePacer(clock, read=Rate(1))
    bulk = [asyncio.create_task(pacer.turn(Kind.READ, Lane.BULK, deadline=3.5)) for _ in range(3)]
    await clock.sleep(0.5)
    people = [asyncio.create_task(pacer.turn(Kind.READ, Lane.INTERACTIVE)) for _ in range(4)]
    outcomes = await asyncio.gather(*bulk, return_exceptions=True)

    assert [type(None), TurnTooLate, TurnTooLate] == [type(outcome) for outcome in outcomes]
    assert clock.monotonic() <= 3.5
    await asyncio.gather(*people)


async def test_leased_places_that_nobody_used_are_no_burst_later(clock: VirtualClock) -> None:
    """
    When those who were to use a lease have left, its places are void.
    """
    budget, taken = _leasing(clock)
    pacer = AdaptivePacer(clock, read=Rate(100), budget=budget)
    tasks = [asyncio.create_task(pacer.turn(Kind.READ, Lane.BULK)) for _ in range(60)]
    await clock.sleep(0.2)
    for task in tasks:
        task.cancel()
    await clock.sleep(60)
    assert 20 < max(taken)
    began = clock.monotonic()
    await asyncio.gather(*(pacer.turn(Kind.READ, Lane.BULK) for _ in range(40)))

    assert clock.monotonic() - began > 0.2


async def test_answers_that_prove_nothing_do_not_defend_the_pace(clock: VirtualClock) -> None:
    """
    Answers to requests that had not waited, or had left before the pause, do not count for the pace that was refused.
    """
    pacer = AdaptivePacer(clock, read=Rate(10))

    async def answered_late() -> None:
        await pacer.turn(Kind.READ, Lane.BULK)
        await clock.sleep(12.0)
        pacer.answered(Kind.READ)

    early = asyncio.gather(*(answered_late() for _ in range(100)))
    await clock.sleep(10.5)
    await _refused_late(clock, pacer, 0.1)
    await _use(pacer, 1)
    await early
    for _ in range(100):
        await clock.sleep(1)
        await _use(pacer, 1)
    await _use(pacer, 5)
    await _refused_late(clock, pacer, 0.1)
    await _use(pacer, 1)

    assert pacer.rate(Kind.READ).per_second < 8
