"""
Configured connectors are kept open from one request to the next, and not for ever.
"""

from dataclasses import replace

from fakes.remote_client import serving
from fakes.virtual_time import VirtualClock
from webex_connector.base.secret import Secret
from webex_connector.gateway.remote.codec.messages import OperationResponsePart
from webex_connector.gateway.remote.facades import Keeping


async def test_one_configuration_is_opened_once(clock: VirtualClock) -> None:
    """
    Three requests with the same configuration find the same connector; another configuration has another.
    """
    async with serving(clock) as served:
        for _ in range(3):
            await served.platform.call("TestApiOp", "test")
        assert 1 == len(served.kind.seen)
        served.platform.configuration = {"clientSecret": Secret("another")}
        await served.platform.call("TestApiOp", "test")

        assert (2, 2) == (len(served.kind.seen), len(served.facades))


async def test_what_nobody_uses_is_closed(clock: VirtualClock) -> None:
    """
    After ten idle minutes, where that is the limit, a connector is closed; a later request opens it anew.
    """
    async with serving(clock, keeping=Keeping(idle=600)) as served:
        await served.platform.call("TestApiOp", "test")
        await clock.sleep(500)
        assert 1 == len(served.facades)
        await clock.sleep(200)
        assert (0, True) == (len(served.facades), served.kind.connector.closed)
        await served.platform.call("TestApiOp", "test")
        assert 1 == len(served.facades)


async def test_the_oldest_makes_room(clock: VirtualClock) -> None:
    """
    No more than two are kept, where that is the limit: the one used longest ago is closed.
    """
    async with serving(clock, keeping=Keeping(at_most=2)) as served:
        for secret in ("a", "b", "a", "c", "a"):
            served.platform.configuration = {"clientSecret": Secret(secret)}
            await served.platform.call("TestApiOp", "test")

        assert 2 == len(served.facades)
        assert ["a", "b", "c"] == [
            each["clientSecret"].reveal() for each in served.kind.seen if isinstance(each["clientSecret"], Secret)
        ]


async def test_a_key_that_is_none_is_refused(clock: VirtualClock) -> None:
    """
    A facade key that is no stream, or holds no configuration, is the caller's mistake.
    """
    async with serving(clock) as served:
        for key in ("%%%", "AAAA", "AAD6+wAAAAIAAAAAPEg="):
            async with served.platform.connected() as wire:
                request = served.platform.request("TestApiOp", "test")
                answer = await served.platform.ask(wire, replace(request, facade_key=key))
            assert isinstance(answer, OperationResponsePart)
            assert answer.exception is not None
            assert "java.lang.IllegalArgumentException" == answer.exception.java_class
