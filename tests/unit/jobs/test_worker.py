"""
Doing runs: once, one at a time for each key, to an end that tells the truth.
"""

import asyncio
import itertools
import json
from typing import Any

import pytest

from fakes.shop import Counting, Shop
from webex_connector.jobs.errors import NotAwaited, Postponed, RunInTheWay, UnknownKind, UnknownRun
from webex_connector.jobs.handle import RunHandle
from webex_connector.jobs.kinds import Arguments
from webex_connector.jobs.worker import Rhythm
from webex_connector.store.errors import StoreFailed
from webex_connector.store.run_values import RunState


async def _events(shop: Shop, run: Any) -> list[dict[str, Any]]:
    return [json.loads(each.content) async for each in shop.jobs.follow(run.id)]


async def test_a_run_is_done_and_tells_of_it(shop: Shop, work: Counting) -> None:
    """
    It waits, runs, says after each batch how far it is, and is done; nothing of its steps is left.
    """
    run = await shop.jobs.submit("count", {"name": "x"}, "anna")
    async with shop.working():
        done = await shop.ended(run)
        told = await _events(shop, run)
    assert ["x0", "x1", "x2"] == work.done
    assert ["waiting", "running", None, None, None, "done"] == [each.get("state") for each in told]
    assert [1, 2, 3] == [each["done"] for each in told if "done" in each]
    assert ("anna", '{"name":"x"}', None) == (done.actor, done.arguments, done.error)
    assert {} == await shop.table.steps(run.id)


async def test_one_run_at_a_time_for_each_key(shop: Shop, work: Counting) -> None:
    """
    The second is refused with the name of the first; one of another key is not, nor is one after its end.
    """
    first = await shop.jobs.submit("count", {"name": "x"}, "anna")
    with pytest.raises(RunInTheWay, match=f"Run {first.id} .count by anna. has not ended: it is waiting since"):
        await shop.jobs.submit("count", {"name": "x"}, "bo")
    await shop.jobs.submit("count", {"name": "y"}, "bo")
    async with shop.working():
        await shop.ended(first)
        await shop.ended(await shop.jobs.submit("count", {"name": "x"}, "bo"))
    assert 9 == len(work.done)


async def test_what_nobody_has_registered_is_refused(shop: Shop, work: Counting) -> None:
    """
    The names that there are are told.
    """
    with pytest.raises(UnknownKind, match="There is no kind of run named dance; there are: count"):
        await shop.jobs.submit("dance", {}, "anna")
    with pytest.raises(UnknownRun, match="There is no run nix"):
        await shop.jobs.cancel("nix", "anna")
    assert [] == await shop.jobs.runs()


async def test_a_stop_lets_go_after_the_batch_and_the_next_process_goes_on(shop: Shop, work: Counting) -> None:
    """
    The batch under way is finished and kept, no other is begun, and nothing is done twice.
    """
    begun = asyncio.Event()

    async def slow(name: str) -> None:
        if name == "x1":
            begun.set()
            await shop.clock.sleep(5)

    work.before = slow
    run = await shop.jobs.submit("count", {"name": "x"}, "anna")
    async with shop.working():
        await begun.wait()
    assert ["x0", "x1"] == work.done
    assert RunState.WAITING is (await shop.jobs.run(run.id)).state
    async with shop.working("b"):
        await shop.ended(run)
    assert ["x0", "x1", "x2"] == work.done


async def test_a_batch_that_never_ends_does_not_hold_a_stop_for_ever(shop: Shop, work: Counting) -> None:
    """
    After `stop_within` it is left, and the run waits for the next process, which does the batch again.
    """
    begun = asyncio.Event()

    async def endless(name: str) -> None:
        if name == "x1" and not begun.is_set():
            begun.set()
            await asyncio.Event().wait()

    work.before = endless
    run = await shop.jobs.submit("count", {"name": "x"}, "anna")
    async with shop.working():
        await begun.wait()
        asked = shop.clock.monotonic()
    assert shop.rhythm.stop_within <= shop.clock.monotonic() - asked < shop.rhythm.stop_within + 1
    assert RunState.WAITING is (await shop.jobs.run(run.id)).state
    async with shop.working():
        await shop.ended(run)
    assert ["x0", "x1", "x2"] == work.done


async def test_cancelling_ends_it_between_two_batches(shop: Shop, work: Counting) -> None:
    """
    Another process asks for it; the batch under way comes to its end, and the run says who wanted it so.
    """
    begun = asyncio.Event()

    async def slow(name: str) -> None:
        begun.set()
        await shop.clock.sleep(5)

    work.before = slow
    run = await shop.jobs.submit("count", {"name": "x"}, "anna")
    async with shop.working():
        await begun.wait()
        asked = await shop.jobs.cancel(run.id, "bo")
        assert (RunState.RUNNING, "bo") == (asked.state, asked.cancelled_by)
        await shop.ended(run, RunState.CANCELLED)
        told = await _events(shop, run)
    assert (["x0"], {"state": "cancelled", "by": "bo"}) == (work.done, told[-1])


async def test_one_that_waits_is_cancelled_at_once_and_one_that_ended_stays(shop: Shop, work: Counting) -> None:
    """
    Nobody has to be there for it, and its key is free.
    """
    run = await shop.jobs.submit("count", {"name": "x"}, "anna")
    assert RunState.CANCELLED is (await shop.jobs.cancel(run.id, "bo")).state
    assert "bo" == (await shop.jobs.cancel(run.id, "carl")).cancelled_by
    again = await shop.jobs.submit("count", {"name": "x"}, "anna")
    async with shop.working():
        await shop.ended(again)
        assert RunState.DONE is (await shop.jobs.cancel(again.id, "bo")).state


async def test_a_run_whose_work_raises_has_failed(shop: Shop, work: Counting) -> None:
    """
    What was raised is told, and others go on.
    """

    async def wrong(name: str) -> None:
        if name == "x1":
            raise ValueError("the third column is missing")

    work.before = wrong
    bad = await shop.jobs.submit("count", {"name": "x"}, "anna")
    good = await shop.jobs.submit("count", {"name": "y"}, "anna")
    async with shop.working():
        failed = await shop.ended(bad, RunState.FAILED)
        await shop.ended(good)
    assert "ValueError: the third column is missing" == failed.error


async def test_two_steps_of_one_name_are_refused(shop: Shop) -> None:
    """
    The second would silently have the first one's result.
    """

    async def work(run: RunHandle, _: Arguments) -> None:
        for _number in range(2):
            await run.step("batch", _one, int)

    async def _one() -> int:
        return 1

    shop.kinds.register("twice", work)
    run = await shop.jobs.submit("twice", {}, "anna")
    async with shop.working():
        failed = await shop.ended(run, RunState.FAILED)
    assert f"ValueError: There are two steps named batch in run {run.id}" == failed.error


async def test_what_is_postponed_is_gone_on_with_when_it_is_due(shop: Shop, work: Counting) -> None:
    """
    Until then it waits, says why, and holds its key.
    """
    tries: list[float] = []

    async def later(name: str) -> None:
        if name == "x1":
            tries.append(shop.clock.monotonic())
            if len(tries) < 3:
                raise Postponed("Webex is down", 120)

    work.before = later
    run = await shop.jobs.submit("count", {"name": "x"}, "anna")
    async with shop.working():
        waiting = await shop.ended(run, RunState.WAITING)
        await shop.clock.sleep(2)
        waiting = await shop.jobs.run(run.id)
        with pytest.raises(RunInTheWay):
            await shop.jobs.submit("count", {"name": "x"}, "bo")
        await shop.ended(run)
    assert ("Webex is down", RunState.WAITING) == (waiting.error, waiting.state)
    assert ["x0", "x1", "x2"] == work.done
    assert [120, 120] == pytest.approx([b - a for a, b in itertools.pairwise(tries)], abs=2)


async def test_a_store_that_does_not_answer_postpones(shop: Shop, work: Counting) -> None:
    """
    The work is not at fault: the run goes on once the store answers again.
    """
    tries: list[str] = []

    async def full(name: str) -> None:
        tries.append(name)
        if tries.count("x1") == 1:
            raise StoreFailed("The store did not answer: disk full")

    work.before = full
    run = await shop.jobs.submit("count", {"name": "x"}, "anna")
    async with shop.working():
        await shop.ended(run)
    assert ["x0", "x1", "x1", "x2"] == tries


async def test_a_run_waits_for_a_yes_to_exactly_that(shop: Shop, work: Counting) -> None:
    """
    A yes to something else is refused, the right one lets it go on from there, and who said it is known to the work.
    """
    said: list[str] = []

    async def careful(run: RunHandle, _: Arguments) -> None:
        plan = await run.step("plan", lambda: work.batch("f1"), str)
        said.append(await run.approval(plan))

    shop.kinds.register("careful", careful, lambda _: "x")
    run = await shop.jobs.submit("careful", {}, "anna")
    async with shop.working():
        parked = await shop.ended(run, RunState.WAITING_FOR_APPROVAL)
        with pytest.raises(RunInTheWay, match="waiting for approval"):
            await shop.jobs.submit("careful", {}, "bo")
        with pytest.raises(NotAwaited, match="waits for approval of f1; it is waiting_for_approval"):
            await shop.jobs.approve(run.id, "f2", "bo")
        await shop.jobs.approve(run.id, "f1", "bo")
        await shop.ended(run)
        with pytest.raises(NotAwaited, match="waits for no approval; it is done"):
            await shop.jobs.approve(run.id, "f1", "bo")
    assert ("f1", ["bo"], ["f1"]) == (parked.awaits, said, work.done)


async def test_a_run_does_not_wait_for_ever_for_a_yes(shop: Shop) -> None:
    """
    When its time is over the work is called again, and says what becomes of that.
    """
    asked: list[float] = []

    async def hasty(run: RunHandle, _: Arguments) -> None:
        asked.append(shop.clock.monotonic())
        if len(asked) > 1:
            raise ValueError("nobody said yes")
        await run.approval("f1", 600)

    shop.kinds.register("hasty", hasty)
    run = await shop.jobs.submit("hasty", {}, "anna")
    async with shop.working():
        await shop.ended(run, RunState.WAITING_FOR_APPROVAL)
        found = await shop.ended(run, RunState.FAILED)
    assert (RunState.FAILED, "ValueError", None) == (found.state, found.failure, found.awaits)
    assert 0 <= asked[1] - asked[0] - 600 < 10


async def test_no_more_than_so_many_at_once(shop: Shop, work: Counting) -> None:
    """
    The others wait for their turn, the oldest first.
    """
    now: set[str] = set()
    most: list[int] = []

    async def slow(name: str) -> None:
        now.add(name[0])
        most.append(len(now))
        await shop.clock.sleep(5)
        if name.endswith("2"):
            now.discard(name[0])

    work.before = slow
    runs = [await shop.jobs.submit("count", {"name": name}, "anna") for name in "abcdef"]
    async with shop.working():
        for run in runs:
            await shop.ended(run)
    assert (Rhythm().at_once, 18) == (max(most), len(work.done))


async def test_a_run_is_done_here_and_now_beside_nobody_elses(shop: Shop, work: Counting) -> None:
    """
    A command does its own run and leaves those that wait for a server.
    """
    waiting = await shop.jobs.submit("count", {"name": "y"}, "anna")
    done = await shop.jobs.do("count", {"name": "x"}, "anna", shop.worker())
    assert (RunState.DONE, ["x0", "x1", "x2"]) == (done.state, work.done)
    assert RunState.WAITING is (await shop.jobs.run(waiting.id)).state


async def test_a_command_that_is_interrupted_cancels_its_run(shop: Shop, work: Counting) -> None:
    """
    Its batch comes to its end; nothing is gone on with behind the back of who pressed Ctrl-C.
    """
    begun = asyncio.Event()

    async def slow(_: str) -> None:
        begun.set()
        await shop.clock.sleep(5)

    work.before = slow
    command = asyncio.create_task(shop.jobs.do("count", {"name": "x"}, "anna", shop.worker()))
    await begun.wait()
    command.cancel()
    await asyncio.gather(command, return_exceptions=True)
    (run,) = await shop.jobs.runs()
    assert (["x0"], RunState.CANCELLED) == (work.done, run.state)


async def test_runs_are_forgotten_after_their_time(shop: Shop, work: Counting) -> None:
    """
    With what they told; one that has not ended is kept.
    """
    old = await shop.jobs.do("count", {"name": "x"}, "anna", shop.worker())
    await shop.clock.sleep(100)
    waiting = await shop.jobs.submit("count", {"name": "y"}, "anna")
    assert 1 == await shop.jobs.forget(shop.clock.now())
    assert ([waiting.id], []) == ([each.id for each in await shop.jobs.runs()], list(await shop.jobs.events(old.id)))
