"""
Streams of objects over a socket: pages, pauses, stops, and failures half-way.
"""

import pytest

from fakes.memory_connector import MemoryConnector, Traits, person
from fakes.remote_client import MemoryKind, Refused, serving
from fakes.virtual_time import VirtualClock
from webex_connector.gateway.remote.codec.framing import TRUSTED
from webex_connector.gateway.remote.codec.messages import (
    OperationRequestMoreData,
    OperationResponseEnd,
    OperationResponsePart,
    OperationResponsePause,
)
from webex_connector.gateway.remote.codec.objects import ObjectClass, OperationOptions, SearchResult, SortKey
from webex_connector.gateway.remote.codec.values import Array, JavaClass, Map, Value
from webex_connector.icf import names

ACCOUNT = ObjectClass(names.ACCOUNT)


def people(clock: VirtualClock, count: int, **traits: object) -> MemoryKind:
    """
    Return a connector of so many people.
    """
    connector = MemoryConnector(Traits(**traits))  # type: ignore[arg-type]  # the traits are checked by their own class
    connector.world[names.ACCOUNT].update({f"p{number:05}": person(number) for number in range(count)})
    return MemoryKind(clock, connector)


def asking(**options: Value) -> OperationOptions:
    """
    Return operation options.
    """
    return OperationOptions(Map(tuple(options.items())))


async def test_everybody_is_streamed_in_order(clock: VirtualClock) -> None:
    """
    A thousand people arrive one by one, through four pauses, and the search says that nothing remains to be fetched.
    """
    async with serving(clock, kind=people(clock, 1000)) as served:
        found, returned = await served.platform.stream("SearchApiOp", "search", ACCOUNT, None, None)

    uids = [next(each.uid for each in one.attributes if hasattr(each, "uid")) for one in found]
    assert [f"p{number:05}" for number in range(1000)] == uids
    assert SearchResult() == returned


async def test_a_platform_that_wants_no_more_gets_no_more(clock: VirtualClock) -> None:
    """
    Asked after 200 objects, a platform says stop: it gets those that were on their way, the stream ends in good order,
    and the target is asked for no more.
    """
    async with serving(clock, kind=people(clock, 5000)) as served:
        found, returned = await served.platform.stream(
            "SearchApiOp", "search", ACCOUNT, None, None, wants=lambda _: False
        )
        batches = served.kind.connector.traffic.calls["batch"]

    assert (400, None) == (len(found), returned)
    assert batches == 4


async def test_a_connection_takes_another_request_after_a_stream(clock: VirtualClock) -> None:
    """
    A platform that answers a question only when it has everything is waited for, and may ask for something else then,
    over the same connection.
    """
    async with serving(clock, kind=people(clock, 250)) as served, served.platform.connected() as wire:
        request = served.platform.request("SearchApiOp", "search", ACCOUNT, None, None)
        answers = [await served.platform.ask(wire, request)]
        while len(answers) < 250 + 3:
            answers.append(await wire.read(TRUSTED, 10_000))
        await wire.write(OperationRequestMoreData())
        again = await served.platform.ask(wire, request)

    assert 200 == [type(each) for each in answers].index(OperationResponsePause)
    assert OperationResponseEnd() == answers[-2]
    assert answers[0] == again


async def test_pages_follow_one_another(clock: VirtualClock) -> None:
    """
    By pages of two, five people are told in three pages; the last has no cookie, and each says what remains.
    """
    got: list[Value] = []
    cookies: list[Value] = []
    cookie: Value = None
    async with serving(clock, kind=people(clock, 5)) as served:
        while cookie is not None or not got:
            more: dict[str, Value] = {} if cookie is None else {"PAGED_RESULTS_COOKIE": cookie}
            found, returned = await served.platform.stream(
                "SearchApiOp", "search", ACCOUNT, None, asking(PAGE_SIZE=2, **more)
            )
            got += found
            cookie = returned.cookie
            cookies.append(cookie)

    assert 5 == len(got)
    assert 3 == len(cookies)


async def test_syncope_finds_its_cookie_in_the_stream(clock: VirtualClock) -> None:
    """
    With an offset below 1, which Syncope alone sends, the result is one more object of the stream, the same that is
    returned; any other platform would fail on it and gets none.
    """
    async with serving(clock, kind=people(clock, 5)) as served:
        found, returned = await served.platform.stream(
            "SearchApiOp", "search", ACCOUNT, None, asking(PAGE_SIZE=2, PAGED_RESULTS_OFFSET=-1)
        )
        others, _ = await served.platform.stream(
            "SearchApiOp", "search", ACCOUNT, None, asking(PAGE_SIZE=2, PAGED_RESULTS_OFFSET=1)
        )

    assert returned == found[-1]
    assert returned.cookie
    assert 2 == len(others)


async def test_midpoint_can_count(clock: VirtualClock) -> None:
    """
    Asked for one object from the first place, a search says how many remain, so that one and they are everybody.
    """
    async with serving(clock, kind=people(clock, 7)) as served:
        found, returned = await served.platform.stream(
            "SearchApiOp", "search", ACCOUNT, None, asking(PAGE_SIZE=1, PAGED_RESULTS_OFFSET=1)
        )

    assert 7 == len(found) + returned.remaining


async def test_objects_come_sorted(clock: VirtualClock) -> None:
    """
    Sort keys are followed, descending ones too.
    """
    keys = Array(JavaClass("SortKey"), (SortKey(names.NAME, ascending=False),))
    async with serving(clock, kind=people(clock, 3)) as served:
        found, _ = await served.platform.stream("SearchApiOp", "search", ACCOUNT, None, asking(SORT_KEYS=keys))

    uids = [next(each.uid for each in one.attributes if hasattr(each, "uid")) for one in found]
    assert ["p00002", "p00001", "p00000"] == uids


async def test_a_stream_that_breaks_never_ends_politely(clock: VirtualClock) -> None:
    """
    When the second batch cannot be read, the platform gets an exception after the first, and no end.
    """
    async with serving(clock, kind=people(clock, 150, failing_batch=2)) as served:
        with pytest.raises(Refused, match=r"batch 2 broke \(tracking id MEMORY_1\)") as refused:
            await served.platform.stream("SearchApiOp", "search", ACCOUNT, None, None)

    assert "ConnectionBrokenException" == refused.value.java_class


async def test_a_slow_target_is_bridged_by_pauses(clock: VirtualClock) -> None:
    """
    While a batch takes 65 seconds, the platform is asked every 20 whether it is still there, and so never waits 60.
    """
    times = []
    async with serving(clock, kind=people(clock, 10, seconds=65.0)) as served, served.platform.connected() as wire:
        request = served.platform.request("SearchApiOp", "search", ACCOUNT, None, None)
        answer = await served.platform.ask(wire, request)
        while isinstance(answer, OperationResponsePause):
            times.append(clock.monotonic())
            await wire.write(OperationRequestMoreData())
            await wire.flush()
            answer = await wire.read(TRUSTED, 10_000)

    assert [20, 40, 60] == [round(each) for each in times]
    assert isinstance(answer, OperationResponsePart)
    assert answer.result is not None


async def test_a_platform_that_vanishes_is_let_go(clock: VirtualClock) -> None:
    """
    A platform that hangs up in the middle of a search costs nothing more: the connector is released, others are served.
    """
    async with serving(clock, kind=people(clock, 5000)) as served:
        async with served.platform.connected() as wire:
            await served.platform.ask(wire, served.platform.request("SearchApiOp", "search", ACCOUNT, None, None))
        found, _ = await served.platform.stream("SearchApiOp", "search", ACCOUNT, None, asking(PAGE_SIZE=1))
        batches = served.kind.connector.traffic.calls["batch"]

    assert 1 == len(found)
    assert batches < 10
