"""
How much of a rate limit the pacer uses, and how often it is refused.

Run it by itself with `PYTHONPATH=tests python -m bench.limiter`; `--all` tries more rates, windows and bursts.

Twenty workers send as fast as the pacer lets them, for two hours of virtual time, to the sandbox's own limiter, each
request half of 50 ms (give or take 10 %) away from it. The limit is R for the first hour; for the second it stays, is
halved or is doubled. Retry-After is in whole seconds, rounded up, as the sandbox does it.

- **use**: requests let through in the measured time, divided by the limit integrated over that time. It is measured
  over both hours, the time after the change included, without the first two minutes; `whole` has them too. A fixed
  pace is configured to R; when the limit is doubled, it is measured against R, since more is forbidden to it.
- **after**: the same for the second hour alone, which begins with the change.
- **back**: seconds from the change until a whole minute was used to 97 %.
- **429**: refusals, divided by all answers.
- **lost**: requests that did not end with exactly one answer other than 429.

Exit code 1 when a use is below 97 %, a share of 429 is not below 2 %, or a request is lost. The last lines repeat one
case in real time over a real socket, beside the same seconds in virtual time. The fixed pace must reach the targets
there too; the adaptive one, which still learns, must only do what virtual time says.
"""

import argparse
import asyncio
import logging
import random
import sys
import time
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field

from fakes.virtual_time import VirtualClock, VirtualTimeLoop
from webex_connector.base import log
from webex_connector.base.clock import Clock, SystemClock
from webex_connector.sandbox.limits import FixedWindow, Limiter, PerUser, Shape, TokenBucket, retry_after
from webex_connector.webex.call import Lane
from webex_connector.webex.pace import Kind, Rate
from webex_connector.webex.pacer import AdaptivePacer

HOUR = 3600.0
WARM_UP = 120.0
WORKERS = 20
LATENCY = 0.05
LEAST_USE = 0.97
MOST_REFUSED = 0.02
CHANGES = {"steady": 1.0, "halved": 0.5, "doubled": 2.0}

ShapeOf = Callable[[float], Shape]
"""The limiter's shape for a rate."""


@dataclass(frozen=True)
class Case:
    """
    One cell of the table.
    """

    rate: float
    name: str
    shape_of: ShapeOf
    change: str
    fixed: bool
    seed: int = 1

    def shape(self, hour: int) -> Shape:
        """
        Return the limit of the first (0) or second (1) hour.
        """
        return self.shape_of(self.rate * (CHANGES[self.change] if hour else 1.0))

    def reachable(self, hour: int) -> float:
        """
        Return the requests a second that can be reached in that hour.
        """
        shape = self.shape(hour)
        limit = shape.requests / shape.seconds if isinstance(shape, FixedWindow) else shape.rate
        return min(limit, self.rate) if self.fixed else limit


@dataclass
class Tally:
    """
    What happened: when which request was let through or refused.
    """

    let_through: list[float] = field(default_factory=list)
    refused: int = 0
    taken: int = 0
    answered: int = 0

    def use(self, case: Case, start: float, end: float, hour: float = HOUR) -> float:
        """
        Return the share of the reachable requests that were let through from `start` to `end`.
        """
        first, second = max(0.0, min(end, hour) - start), max(0.0, end - max(start, hour))
        reachable = first * case.reachable(0) + second * case.reachable(1)
        return sum(start <= moment < end for moment in self.let_through) / reachable

    def recovery(self, case: Case) -> float:
        """
        Return the seconds from the change until the end of the first minute that was well used.
        """
        counts = [0] * int(2 * HOUR)
        for moment in self.let_through:
            counts[min(int(moment), len(counts) - 1)] += 1
        needed = LEAST_USE * 60 * case.reachable(1)
        # The burst that a bucket had saved before the change is no use of the new limit.
        starts = range(int(HOUR), len(counts) - 60)
        return next((start + 60 - HOUR for start in starts if sum(counts[start : start + 60]) >= needed), float("inf"))


Exchange = Callable[[], Awaitable[int | None]]
"""Send one request; the answer is None, or the seconds of a 429."""


async def drive(pacer: AdaptivePacer, clock: Clock, exchange: Exchange, seconds: float, tally: Tally) -> None:
    """
    Send requests with all workers for so many seconds, each until it is answered.
    """
    end = clock.monotonic() + seconds

    async def work() -> None:
        while clock.monotonic() < end:
            tally.taken += 1
            while True:
                await pacer.turn(Kind.READ, Lane.BULK)
                wait = await exchange()
                if wait is None:
                    break
                tally.refused += 1
                pacer.throttled(Kind.READ, float(wait))
            pacer.answered(Kind.READ)
            tally.answered += 1

    await asyncio.gather(*(work() for _ in range(WORKERS)))


async def in_virtual_time(case: Case, hour: float = HOUR) -> Tally:
    """
    Run one case against the limiter object.
    """
    clock, tally, luck = VirtualClock(), Tally(), random.Random(case.seed)  # noqa: S311 - a repeatable latency
    limiter = Limiter(case.shape(0))
    # Windows begin at moments that have nothing to do with the run's.
    offset = luck.uniform(0, 100)

    async def exchange() -> int | None:
        await clock.sleep(LATENCY / 2 * luck.uniform(0.9, 1.1))
        now = clock.monotonic()
        wait = limiter.admit(now + offset, "service")
        if wait == 0:
            tally.let_through.append(now)
        await clock.sleep(LATENCY / 2 * luck.uniform(0.9, 1.1))
        return retry_after(wait) if wait else None

    async def change() -> None:
        await clock.sleep(hour)
        limiter.change(case.shape(1))

    pacer = AdaptivePacer(clock, read=Rate(case.rate) if case.fixed else None)
    await asyncio.gather(drive(pacer, clock, exchange, 2 * hour, tally), change())
    return tally


async def over_a_socket(case: Case, seconds: float) -> Tally:
    """
    Run one case in real time, against a small HTTP server on the loopback.
    """
    clock, tally = SystemClock(), Tally()
    limiter, start = Limiter(case.shape(0)), clock.monotonic()
    idle: list[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = []
    connections: list[asyncio.Future[None]] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        gone: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        connections.append(gone)
        while await reader.readline():
            await reader.readuntil(b"\r\n\r\n")
            await asyncio.sleep(LATENCY / 2)
            wait = limiter.admit(clock.monotonic(), "service")
            if wait == 0:
                tally.let_through.append(clock.monotonic() - start)
            await asyncio.sleep(LATENCY / 2)
            head = f"HTTP/1.1 429 \r\nRetry-After: {retry_after(wait)}" if wait else "HTTP/1.1 200 OK"
            writer.write(f"{head}\r\nContent-Length: 0\r\n\r\n".encode())
        writer.close()
        gone.set_result(None)

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]

    async def exchange() -> int | None:
        reader, writer = idle.pop() if idle else await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"GET /v1/people HTTP/1.1\r\nHost: localhost\r\n\r\n")
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        idle.append((reader, writer))
        return int(head.partition("Retry-After: ")[2].split()[0]) if " 429 " in head else None

    pacer = AdaptivePacer(clock, read=Rate(case.rate) if case.fixed else None)
    await drive(pacer, clock, exchange, seconds, tally)
    for _, writer in idle:
        writer.close()
    await asyncio.gather(*connections)
    server.close()
    await server.wait_closed()
    return tally


def window(seconds: float) -> ShapeOf:
    """
    Return windows of so many seconds.
    """
    return lambda rate: FixedWindow(round(rate * seconds), seconds)


def bucket(burst: float) -> ShapeOf:
    """
    Return one bucket for all.
    """
    return lambda rate: TokenBucket(rate, burst)


def per_user(burst: float) -> ShapeOf:
    """
    Return a bucket for each user.
    """
    return lambda rate: PerUser(rate, burst)


def shapes(rate: float, *, everything: bool) -> Iterator[tuple[str, ShapeOf]]:
    """
    Yield the limiter shapes to try, each by name.
    """
    for seconds in (1, 10, 60) if everything else (2, 60):
        # A window of so few requests that half of them cannot be counted is no use as a test.
        if rate * seconds >= 10:
            yield f"{rate * seconds:g} per {seconds} s", window(seconds)
    for burst in (max(2.0, rate / 5), rate * 5) if everything else (2 * rate,):
        yield f"bucket of {burst:g}", bucket(burst)
        yield f"per user, {burst:g}", per_user(burst)


def passed(tally: Tally, use: float) -> bool:
    """
    Say whether a run reached the targets.
    """
    refused = tally.refused / (tally.refused + tally.answered)
    return use >= LEAST_USE and refused < MOST_REFUSED and tally.taken == tally.answered == len(tally.let_through)


def report(case: Case) -> bool:
    """
    Run a case in virtual time, print its line and say whether it reached the targets.
    """
    began = time.perf_counter()
    with asyncio.Runner(loop_factory=VirtualTimeLoop) as runner:
        tally = runner.run(in_virtual_time(case))
    use = tally.use(case, WARM_UP, 2 * HOUR)
    print(
        f"{case.rate:5g}/s  {case.name:14} {case.change:8}{'fixed' if case.fixed else 'adaptive':9}"
        f"{use:7.1%}{tally.use(case, 0, 2 * HOUR):8.1%}{tally.use(case, HOUR, 2 * HOUR):8.1%}"
        f"{tally.recovery(case):6.0f}{tally.refused / (tally.refused + tally.answered):8.2%}"
        f"{tally.taken - tally.answered:5}{tally.answered:8}{time.perf_counter() - began:6.1f} s"
        f"{'' if passed(tally, use) else '  MISSED'}",
        flush=True,
    )
    return passed(tally, use)


def report_in_real_time(case: Case, seconds: float) -> bool:
    """
    Run a case in real time and print it beside the same seconds in virtual time.
    """
    real = asyncio.run(over_a_socket(case, seconds))
    with asyncio.Runner(loop_factory=VirtualTimeLoop) as runner:
        virtual = runner.run(in_virtual_time(case, seconds / 2))
    uses = [tally.use(case, 0, seconds, hour=seconds / 2) for tally in (real, virtual)]
    refused = [tally.refused / (tally.refused + tally.answered) for tally in (real, virtual)]
    print(
        f"{case.rate:5g}/s  {case.name:14} {'fixed' if case.fixed else 'adaptive':9} {seconds:g} s from a cold start: "
        f"use {uses[0]:.1%} over a socket, {uses[1]:.1%} virtual; 429 {refused[0]:.2%}, {refused[1]:.2%}",
    )
    # A cold start cannot reach what an hour reaches: the adaptive pace is compared with itself.
    return passed(real, uses[0]) if case.fixed else abs(uses[0] - uses[1]) < 0.1


def run(*, gates: bool, everything: bool = False, seed: int = 1) -> list[str]:
    """
    Print the table and return the missed targets. With `gates` real time is left out, since it depends on the load of
    the computer, and a fixed pace, which learns nothing, is tried on the first shape alone; with `everything` more
    rates, windows and bursts are tried, which takes about an hour.
    """
    log.configure(as_json=False, level=logging.WARNING)
    print("  limit  shape          second   pace         use   whole   after  back     429 lost answered  took")
    cases = [
        Case(rate, name, shape_of, change, fixed, seed)
        for rate in ((2.5, 10.0, 50.0) if everything else (8.0,))
        for number, (name, shape_of) in enumerate(shapes(rate, everything=everything))
        for fixed in ((False,) if gates and number else (False, True))
        for change in CHANGES
    ]
    missed = [str(case) for case in cases if not report(case)]
    in_real_time = [] if gates else [Case(20.0, "20 per 1 s", window(1.0), "steady", fixed) for fixed in (True, False)]
    missed += [f"real time: {case}" for case in in_real_time if not report_in_real_time(case, seconds=20.0)]
    return missed


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="How much of a rate limit the pacer uses.")
    parser.add_argument("--all", action="store_true", help="more rates, windows and bursts (about an hour)")
    parser.add_argument("--seed", type=int, default=1, help="seed of the latencies and of the windows' beginning")
    options = parser.parse_args()
    sys.exit(1 if run(gates=False, everything=options.all, seed=options.seed) else 0)
