"""
Who goes next.
"""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from webex_connector.webex.call import Lane
from webex_connector.webex.lanes import INTERACTIVE_IN_A_ROW, Lanes, Turn, Waiter
from webex_connector.webex.pace import Kind

TURN = Turn(at=0.0, waited=True)


def _next(lanes: Lanes, waiters: list[Waiter]) -> Waiter:
    lanes.admit(TURN)
    (admitted,) = [waiter for waiter in waiters if waiter.turn.done()]
    waiters.remove(admitted)
    return admitted


def _joined(lanes: Lanes, *joining: Lane) -> list[Waiter]:
    waiters = [Waiter(lane, deadline=None) for lane in joining]
    for waiter in waiters:
        lanes.join(waiter)
    return waiters


async def test_a_late_interactive_request_overtakes_bulk_ones() -> None:
    """
    A person does not wait behind a run.
    """
    lanes = Lanes()
    waiters = _joined(lanes, Lane.BULK, Lane.BULK, Lane.INTERACTIVE)

    assert [Lane.INTERACTIVE, Lane.BULK, Lane.BULK] == [_next(lanes, waiters).lane for _ in range(3)]


async def test_a_bulk_request_that_has_just_come_does_not_overtake() -> None:
    """
    Its share counts from when it waits: interactive requests that went before it came are not counted against them.
    """
    lanes = Lanes()
    waiters = _joined(lanes, *[Lane.INTERACTIVE] * 9)
    for _ in range(8):
        _next(lanes, waiters)
    waiters += _joined(lanes, Lane.BULK)

    assert Lane.INTERACTIVE is _next(lanes, waiters).lane


async def test_within_a_lane_the_first_to_come_is_the_first_to_go() -> None:
    """
    Nobody overtakes in the own lane.
    """
    lanes = Lanes()
    waiters = _joined(lanes, Lane.BULK, Lane.BULK, Lane.BULK)
    order = list(waiters)

    assert order == [_next(lanes, waiters) for _ in range(3)]


async def test_each_lane_has_its_share_while_both_wait() -> None:
    """
    Of a hundred places that both want, bulk gets twenty: no less, so that it goes on, and no more.
    """
    lanes = Lanes()
    waiters = _joined(lanes, *[Lane.BULK, Lane.INTERACTIVE] * 100)
    admitted = [_next(lanes, waiters).lane for _ in range(100)]

    assert 20 == admitted.count(Lane.BULK)


@given(st.lists(st.sampled_from([Lane.BULK, Lane.INTERACTIVE, None]), max_size=200))
async def test_nobody_starves_whatever_comes(moments: list[Lane | None]) -> None:
    """
    Over all arrivals: while bulk waits, at most four interactive requests go before it; while an interactive request
    waits, no two bulk ones go in a row.
    """
    lanes, passed_over = Lanes(), 0
    waiters: list[Waiter] = []
    history: list[tuple[bool, Lane]] = []
    for moment in moments:
        if moment is not None:
            waiters += _joined(lanes, moment)
        elif waiters:
            contended = len({waiter.lane for waiter in waiters}) == 2
            lane = _next(lanes, waiters).lane
            passed_over = passed_over + 1 if contended and lane is Lane.INTERACTIVE else 0
            history.append((contended, lane))
            assert passed_over <= INTERACTIVE_IN_A_ROW
    contended_bulk = (True, Lane.BULK)
    assert not any(first == second == contended_bulk for first, second in pairwise(history))


async def test_who_has_left_gets_nothing_and_takes_nothing() -> None:
    """
    The place of a waiter that left or was cancelled goes to the next one.
    """
    lanes = Lanes()
    left, cancelled, stays = _joined(lanes, Lane.BULK, Lane.BULK, Lane.BULK)
    lanes.leave(left)
    lanes.leave(left)
    cancelled.turn.cancel()

    assert 1 == len(lanes)
    lanes.admit(TURN)
    assert stays.turn.done()
    assert 0 == len(lanes)


def _kinds(lanes: Lanes, waiters: list[Waiter], count: int) -> str:
    return "".join(_next(lanes, waiters).kind.value[0] for _ in range(count))


async def test_writes_go_before_reads_and_reads_go_on() -> None:
    """
    Of five places that both kinds want, in either lane, the fifth is a read's; who is alone gets them all.
    """
    for lane in Lane:
        lanes = Lanes()
        waiters = [Waiter(lane, None, kind) for kind in [Kind.READ] * 3 + [Kind.WRITE] * 9]
        for each in waiters:
            lanes.join(each)

        assert "wwwwrwwwwrwr" == _kinds(lanes, waiters, 12)


async def test_a_write_in_bulk_does_not_go_before_a_read_that_somebody_waits_for() -> None:
    """
    Interactive before bulk counts for more than writes before reads.
    """
    lanes = Lanes()
    waiters = [Waiter(Lane.BULK, None, Kind.WRITE), Waiter(Lane.INTERACTIVE, None, Kind.READ)]
    for each in waiters:
        lanes.join(each)

    assert "rw" == _kinds(lanes, waiters, 2)


KINDS = st.tuples(st.sampled_from(Lane), st.sampled_from(Kind))


@given(st.lists(st.one_of(KINDS, st.none()), max_size=100), KINDS)
async def test_the_number_ahead_is_how_many_go_before(
    arrivals: list[tuple[Lane, Kind] | None], last: tuple[Lane, Kind]
) -> None:
    """
    Over all histories: if nobody else comes, as many go before the last one as was told.
    """
    lanes = Lanes()
    waiters: list[Waiter] = []
    for arrival in arrivals:
        if arrival is not None:
            waiters.append(Waiter(arrival[0], None, arrival[1]))
            lanes.join(waiters[-1])
        elif waiters:
            _next(lanes, waiters)
    told, mine = lanes.ahead(*last), Waiter(last[0], None, last[1])
    lanes.join(mine)
    waiters.append(mine)

    order = [_next(lanes, waiters) for _ in range(len(waiters))]
    assert told == order.index(mine)


async def test_only_those_whose_deadline_is_too_early_are_sent_away() -> None:
    """
    A deadline before the next place is an error; the very moment of it is not.
    """
    lanes = Lanes()
    early, just, whenever = Waiter(Lane.BULK, 1.0), Waiter(Lane.BULK, 2.0), Waiter(Lane.INTERACTIVE, None)
    for waiter in (early, just, whenever):
        lanes.join(waiter)
    lanes.expire(2.0, 1.5)

    assert isinstance(early.turn.exception(), TimeoutError)
    assert not just.turn.done()
    assert not whenever.turn.done()


async def test_a_failure_reaches_everybody_who_waits() -> None:
    """
    When no places can be had, every waiter is told why.
    """
    lanes = Lanes()
    waiters = _joined(lanes, Lane.BULK, Lane.INTERACTIVE)
    error = OSError("no database")
    lanes.fail(error)

    assert [error, error] == [waiter.turn.exception() for waiter in waiters]
