"""
What becomes of runs whose process died, or was only taken for dead.
"""

import asyncio
from datetime import timedelta

import pytest

from fakes.shop import Counting, Shop
from webex_connector.jobs.errors import RunInTheWay
from webex_connector.jobs.worker import Rhythm
from webex_connector.store.engine import Database
from webex_connector.store.errors import StoreFailed
from webex_connector.store.run_values import Executor, KeptRun, RunState, Wanted


async def _left(shop: Shop, work: Counting, name: str = "a") -> KeptRun:
    """
    Return a run whose process died in the middle of its second batch.
    """
    begun = asyncio.Event()

    async def endless(step: str) -> None:
        if step == "x1":
            begun.set()
            await asyncio.Event().wait()

    work.before = endless
    run = await shop.jobs.submit("count", {"name": "x"}, "anna")
    worker = shop.worker(name)
    task = asyncio.create_task(worker.work())
    async with asyncio.timeout(60):
        await begun.wait()
    # As a process that is killed: nothing of it has a say in its end.
    for each in [running.task for running in worker._running.values()]:
        each.cancel("the run belongs to another process")
    worker._running.clear()
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    work.before = work.nothing
    found = await shop.jobs.run(run.id)
    assert RunState.RUNNING is found.state
    return found


async def test_the_same_installation_goes_on_at_once(shop: Shop, work: Counting) -> None:
    """
    Its name is its own, so whoever had it before is dead; what was kept is not done again.
    """
    run = await _left(shop, work)
    began = shop.clock.monotonic()
    async with shop.working("a"):
        await shop.ended(run)
    assert shop.clock.monotonic() - began < 2
    assert ["x0", "x1", "x2"] == work.done


async def test_another_machine_waits_until_it_is_sure(shop: Shop, work: Counting) -> None:
    """
    A heartbeat that is young may be followed by another one.
    """
    run = await _left(shop, work)
    began = shop.clock.monotonic()
    async with shop.working("b"):
        await shop.ended(run)
    assert shop.rhythm.dead_after - shop.rhythm.beat_every <= shop.clock.monotonic() - began
    assert shop.clock.monotonic() - began <= shop.rhythm.dead_after + 2
    assert ["x0", "x1", "x2"] == work.done


async def test_a_long_batch_is_nobody_elses(shop: Shop, work: Counting) -> None:
    """
    Its process beats all the while.
    """

    async def slow(step: str) -> None:
        if step == "x1":
            await shop.clock.sleep(3 * shop.rhythm.dead_after)

    work.before = slow
    run = await shop.jobs.submit("count", {"name": "x"}, "anna")
    async with shop.working("a"), shop.working("b"):
        await shop.ended(run)
    assert ["x0", "x1", "x2"] == work.done


async def test_two_workers_share_what_there_is(shop: Shop, work: Counting) -> None:
    """
    Each run is done by one of them.
    """
    runs = [await shop.jobs.submit("count", {"name": name}, "anna") for name in "abcdefgh"]
    async with shop.working("a"), shop.working("b"):
        for run in runs:
            await shop.ended(run)
    assert 24 == len(work.done) == len(set(work.done))
    assert {"a", "b"} == {run.executor for run in await shop.jobs.runs()}


async def test_who_was_taken_for_dead_keeps_nothing_more(shop: Shop, work: Counting) -> None:
    """
    A process that comes to itself after another one has taken over ends its part: the step is not its to keep.
    """
    asleep, woken = asyncio.Event(), asyncio.Event()

    async def absent(step: str) -> None:
        if step == "x1" and not asleep.is_set():
            asleep.set()
            await woken.wait()

    work.before = absent
    run = await shop.jobs.submit("count", {"name": "x"}, "anna")
    sleeper = shop.worker("a")
    taken = await sleeper.taken(run.id)
    assert taken is not None
    task = await sleeper._begun(taken)
    await asleep.wait()
    await shop.clock.sleep(shop.rhythm.dead_after + 1)
    async with shop.working("b"):
        await shop.ended(run)
    woken.set()
    await task
    told = [each.content async for each in shop.jobs.follow(run.id)]
    assert (["x0", "x1", "x2", "x1"], 1) == (work.done, sum('"done"}' in each for each in told))
    assert "b" == (await shop.jobs.run(run.id)).executor


async def test_a_worker_that_hears_of_its_loss_stops_in_the_middle(shop: Shop, work: Counting) -> None:
    """
    It does not wait for the end of the batch to learn that somebody else is at it.
    """
    run = await _running_for_ever(shop, work)
    async with shop.working("a") as worker:
        await shop.ended(run, RunState.RUNNING)
        soon = Wanted(shop.kinds.names, shop.clock.now() + timedelta(hours=1))
        assert await shop.table.claim(Executor("b", "another"), soon)
        await shop.clock.sleep(2)
        assert {} == worker._running
    kept = await shop.jobs.run(run.id)
    assert (RunState.RUNNING, "another") == (kept.state, kept.owner)


async def _running_for_ever(shop: Shop, work: Counting) -> KeptRun:
    async def endless(_: str) -> None:
        await asyncio.Event().wait()

    work.before = endless
    return await shop.jobs.submit("count", {"name": "x"}, "anna")


async def test_who_cannot_say_that_it_lives_stops(shop: Shop, work: Counting, monkeypatch: pytest.MonkeyPatch) -> None:
    """
    After so long without the store, another machine may have taken its runs over.
    """

    async def unanswered(*_: object) -> None:
        raise StoreFailed("The store did not answer: gone")

    run = await _running_for_ever(shop, work)
    async with shop.working("a") as worker:
        await shop.ended(run, RunState.RUNNING)
        with monkeypatch.context() as patched:
            for name in ("read", "write", "glance"):
                patched.setattr(Database, name, unanswered)
            await shop.clock.sleep(shop.rhythm.dead_after - 2)
            assert [run.id] == list(worker._running)
            await shop.clock.sleep(20)
            assert {} == worker._running
        work.before = work.nothing
        await shop.ended(run)


async def test_a_run_that_kills_every_process_fails(shop: Shop, work: Counting) -> None:
    """
    It is not begun for ever; its key is free then.
    """
    run = await _left(shop, work)
    for _ in range(Rhythm().most_attempts):
        worker = shop.worker("a")
        assert await worker.taken(run.id)
    async with shop.working("a"):
        failed = await shop.ended(run, RunState.FAILED)
    assert "It was begun 5 times, and each time the process died before it came further" == failed.error
    assert ["x0"] == work.done


async def test_a_command_goes_on_with_what_a_dead_command_left(shop: Shop, work: Counting) -> None:
    """
    The same words once more do the rest; other words are refused as long as it has not ended.
    """
    run = await _left(shop, work)
    with pytest.raises(RunInTheWay):
        await shop.jobs.do("count", {"name": "x", "other": 1}, "anna", shop.worker("a"))
    done = await shop.jobs.do("count", {"name": "x"}, "anna", shop.worker("a"))
    assert (run.id, RunState.DONE, ["x0", "x1", "x2"]) == (done.id, done.state, work.done)


async def test_what_is_cancelled_meanwhile_ends_before_its_next_batch(shop: Shop, work: Counting) -> None:
    """
    The survivor knows of it from the start.
    """
    run = await _left(shop, work)
    await shop.jobs.cancel(run.id, "bo")
    async with shop.working("a"):
        await shop.ended(run, RunState.CANCELLED)
    assert ["x0"] == work.done


async def test_one_that_nobody_works_on_is_cancelled_at_once(shop: Shop, work: Counting) -> None:
    """
    Without waiting for a server that may never be begun again; its key is free, and it can be removed.
    """
    run = await _left(shop, work)
    assert RunState.RUNNING is (await shop.jobs.cancel(run.id, "bo")).state
    assert not await shop.jobs.remove(run.id)
    await shop.clock.sleep(shop.rhythm.dead_after + 1)
    assert RunState.CANCELLED is (await shop.jobs.cancel(run.id, "carl")).state
    assert "bo" == (await shop.jobs.run(run.id)).cancelled_by
    again = await shop.jobs.submit("count", {"name": "x"}, "anna")
    assert await shop.jobs.remove(run.id)
    assert [again.id] == [each.id for each in await shop.jobs.runs()]
