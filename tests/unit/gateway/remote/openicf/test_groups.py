"""
A platform with several sockets: what comes by one of them, and what becomes of it when one of them is gone.
"""

import asyncio

import pytest

from fakes.memory_connector import MemoryConnector, Traits, staff
from fakes.openicf_client import UNPROMPTED, Line, Served, basic, outcome, serving
from fakes.remote_client import KEY, MemoryKind, Refused
from fakes.virtual_time import VirtualClock
from webex_connector.gateway.remote.codec.objects import Attribute, Name
from webex_connector.gateway.remote.codec.streams import written
from webex_connector.gateway.remote.codec.values import Set
from webex_connector.gateway.remote.openicf.groups import Patience
from webex_connector.gateway.remote.openicf.messages import new
from webex_connector.icf import names

ANNA = written(Set((Name("anna@example.com"), Attribute("displayName", ("Anna",)), Attribute("licenses", ("L1",)))))
CREATE = new("Create", object_class=names.ACCOUNT, attributes=ANNA)
SEARCH = new("Search", object_class=names.ACCOUNT)


def slow(clock: VirtualClock, seconds: float, people: int = 0) -> MemoryKind:
    """
    Return a connector that takes its time.
    """
    kind = MemoryKind(clock, MemoryConnector(Traits(seconds=seconds)))
    staff(kind.connector, people)
    return kind


async def heard(line: Line) -> list[int]:
    """
    Return the numbers of everything that is said within a minute.
    """
    numbers = []
    try:
        async with asyncio.timeout(60):
            while True:
                numbers.append((await line.hear()).id)
    except TimeoutError:
        return numbers


async def test_several_operations_go_on_at_once(clock: VirtualClock) -> None:
    """
    Five operations of three seconds each, on one socket, take three seconds.
    """
    async with serving(clock, kind=slow(clock, 3)) as served, served.line() as line:
        numbers = [
            await line.begin(get=new("Get", object_class=names.ACCOUNT, uid=new("Uid", value="x"))) for _ in range(5)
        ]
        answered = [(await line.hear()).id for _ in numbers]

    assert numbers == sorted(answered)
    assert clock.monotonic() < 6


async def test_an_answer_finds_its_way_by_another_socket(clock: VirtualClock) -> None:
    """
    When the socket of a request is gone, what was asked for is done all the same, and told by the platform's other one.
    """
    async with serving(clock, kind=slow(clock, 3)) as served, served.line() as other:
        async with served.line() as line:
            number = await line.begin(create=CREATE)
            await clock.sleep(1)
        message = await other.hear()

    assert number == message.id
    assert outcome(message).create.uid.value in served.kind.connector.world[names.ACCOUNT]


async def test_an_answer_waits_for_its_platform(clock: VirtualClock) -> None:
    """
    A platform that has lost all its sockets and comes back is told what it missed; to another platform it is not told.
    """
    async with serving(clock, kind=slow(clock, 3)) as served, served.line("STRANGER") as stranger:
        async with served.line() as line:
            number = await line.begin(create=CREATE)
        await clock.sleep(20)
        async with served.line() as again:
            assert number == (await again.hear()).id
        assert not await heard(stranger)


async def test_a_platform_that_stays_away_is_forgotten(clock: VirtualClock) -> None:
    """
    Nobody waits for ever with an answer: the change is made, and the platform is forgotten.
    """
    async with serving(clock, kind=slow(clock, 3)) as served:
        async with served.line() as line:
            await line.begin(create=CREATE)
        await clock.sleep(200)
        async with served.line("ANOTHER"):
            assert served.group() is None
            assert 1 == len(served.groups)

    assert 1 == len(served.kind.connector.world[names.ACCOUNT])


async def test_a_stream_whose_socket_is_lost_fails(clock: VirtualClock) -> None:
    """
    Nobody knows how much of a stream arrived by a socket that is gone: by the other one it is told to have failed, and
    the target is asked for no more.
    """
    async with serving(clock, kind=slow(clock, 1, people=5_000)) as served, served.line() as other:
        async with served.line() as line:
            await line.begin(search=SEARCH)
            await line.hear()
        with pytest.raises(Refused, match="connection that it went by was lost") as refused:
            outcome(await other.hear())
        batches = served.kind.connector.traffic.calls["batch"]
        await clock.sleep(100)
        assert batches == served.kind.connector.traffic.calls["batch"] < 10

    assert "ConnectionBrokenException" == refused.value.java_class


async def test_a_platform_that_does_not_read_holds_up_itself_alone(clock: VirtualClock) -> None:
    """
    A search whose platform reads nothing stops asking the target once the buffers are full; another platform's goes on.
    """
    kind = MemoryKind(clock)
    staff(kind.connector, 5_000)
    for row in kind.connector.world[names.ACCOUNT].values():
        row["displayName"] = "x" * 5_000
    async with (
        serving(clock, kind=kind) as served,
        served.line("OTHER") as other,
        served.opened(max_queue=1) as line,
    ):
        await line.greet()
        await line.begin(search=SEARCH)
        await clock.sleep(100)
        asked = kind.connector.traffic.calls["batch"]
        assert asked < 40
        await other.call(test=new("Nothing"))
        await clock.sleep(100)
        assert asked == kind.connector.traffic.calls["batch"]


async def test_a_search_is_cancelled_by_any_socket(clock: VirtualClock) -> None:
    """
    The platform that wants no more says so by another socket: nothing more comes, and the target is asked no more.
    """
    async with (
        serving(clock, kind=slow(clock, 1, people=5_000)) as served,
        served.line() as line,
        served.line() as other,
    ):
        number = await line.begin(search=SEARCH)
        await line.hear()
        await other.say(number, cancel=new("Nothing"))
        await heard(line)
        batches = served.kind.connector.traffic.calls["batch"]
        assert not await heard(line)
        await line.call(test=new("Nothing"))

    assert batches == served.kind.connector.traffic.calls["batch"] < 10


async def test_a_search_may_be_cancelled_in_the_same_breath(clock: VirtualClock) -> None:
    """
    A cancellation that comes before the first object is looked for spares the target the search.
    """
    async with serving(clock, kind=slow(clock, 1, people=5_000)) as served, served.line() as line:
        number = await line.begin(search=SEARCH)
        await line.say(number, cancel=new("Nothing"))
        assert not await heard(line)

    assert not served.kind.connector.traffic.calls["batch"]


async def test_a_cancelled_change_is_made_whole(clock: VirtualClock) -> None:
    """
    Half a change would be worse than a whole one: it is made, and not told.
    """
    async with serving(clock, kind=slow(clock, 3)) as served, served.line() as line:
        number = await line.begin(create=CREATE)
        await clock.sleep(1)
        await line.say(number, cancel=new("Nothing"))
        assert not await heard(line)

    assert 1 == len(served.kind.connector.world[names.ACCOUNT])


async def test_a_cancellation_may_overtake(clock: VirtualClock) -> None:
    """
    What is cancelled before it comes is not done when it comes, within a minute; after that the number is free.
    """
    async with serving(clock) as served, served.line() as line:
        await line.say(1, cancel=new("Nothing"))
        await line.say(2, cancel=new("Nothing"))
        await line.begin(create=CREATE)
        assert not await heard(line)
        assert not served.kind.connector.world[names.ACCOUNT]
        await line.call(create=CREATE)

    assert 1 == len(served.kind.connector.world[names.ACCOUNT])


async def test_cancellations_of_nothing_are_not_kept_for_ever(clock: VirtualClock) -> None:
    """
    Ten thousand cancellations of what never comes cost no more than a thousand.
    """
    async with serving(clock) as served, served.line() as line:
        for number in range(10_000):
            await line.say(number + 10, cancel=new("Nothing"))
        await line.call(test=new("Nothing"))
        group = served.group()

        assert group is not None
        assert 1_000 == len(group._cancelled)


async def test_there_is_an_end_to_what_goes_on_at_once(clock: VirtualClock) -> None:
    """
    A platform that asks for more at once than may be is told that it does, in the form of something to try again.
    """
    patience = Patience(quiet=UNPROMPTED.quiet, at_once=3)
    async with serving(clock, kind=slow(clock, 5, people=1), patience=patience) as served, served.line() as line:
        for _ in range(3):
            await line.begin(search=SEARCH)
        with pytest.raises(Refused, match="More than 3") as refused:
            await line.call(test=new("Nothing"))

    assert "ConnectionFailedException" == refused.value.java_class


async def test_a_number_is_one_requests(clock: VirtualClock, capsys: pytest.CaptureFixture[str]) -> None:
    """
    A second request with the number of one that goes on would be answered by the other's answer; the socket is closed.
    """
    async with serving(clock, kind=slow(clock, 5)) as served:
        async with served.line() as line:
            await line.begin(create=CREATE)
            line.number = 0
            await line.begin(create=CREATE)
            await line.socket.wait_closed()
        await clock.sleep(20)

    assert "is given to two requests" in capsys.readouterr().out
    assert 1 == len(served.kind.connector.world[names.ACCOUNT])


async def _lists_its_requests(served: Served) -> None:
    async with served.line() as line:
        await line.say(7, control=new("Control", local_requests=[1], remote_requests=[7]))
        answer = (await line.hear()).response.control
        assert not answer.connectors
        assert not answer.requests


async def test_lists_of_open_requests_are_acknowledged(clock: VirtualClock) -> None:
    """
    What stock platforms say every four minutes is answered with nothing, and is no reason to list connectors.
    """
    async with serving(clock) as served:
        await _lists_its_requests(served)


async def test_a_socket_that_answers_no_more_is_closed(clock: VirtualClock) -> None:
    """
    A platform that vanished without a goodbye is asked whether it is there, and forgotten when it says nothing.
    """
    patience = Patience(quiet=60, handling=30)
    async with serving(clock, patience=patience) as served:
        reader, writer = await asyncio.open_connection(served.host, served.port)
        opening = f"GET /openicf HTTP/1.1\r\nHost: x\r\nAuthorization: {basic(KEY)}\r\n"
        opening += "Connection: Upgrade\r\nUpgrade: websocket\r\n"
        writer.write(
            f"{opening}Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n".encode()
        )
        greeting = new(
            "RemoteMessage", request=new("Request", handshake=new("Handshake", session="A"))
        ).SerializeToString()
        writer.write(bytes([0x82, 0x80 | len(greeting), 0, 0, 0, 0]) + greeting)
        seen = await reader.read()
        writer.close()
        # A frame that asks (RFC 6455, section 5.5.2), without content: Java could not read any.
        assert 1 == seen.count(b"\x89\x00")
        async with served.line():
            assert served.group("A") is None

    assert clock.monotonic() < 300
