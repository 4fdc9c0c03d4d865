"""
The connector server put together: a platform, the server, the connector and a simulated organisation.
"""

import ssl
from datetime import timedelta
from pathlib import Path

import pytest

from fakes.remote_client import Refused
from fakes.remote_house import remote_house
from fakes.virtual_time import VirtualClock
from webex_connector.app.self_signed import self_signed
from webex_connector.gateway.remote.codec.messages import HelloRequest, HelloResponse
from webex_connector.gateway.remote.codec.objects import Name, ObjectClass, OperationOptions
from webex_connector.gateway.remote.codec.values import Array, JavaClass, Map
from webex_connector.icf import names
from webex_connector.icf.errors import ConfigurationInvalid

ACCOUNT = ObjectClass(names.ACCOUNT)


@pytest.mark.parametrize("by_name", [None, "webex"])
async def test_people_of_webex_are_listed(clock: VirtualClock, by_name: str | None) -> None:
    """
    A platform that brings the whole configuration and one that names a system see the same people.
    """
    wanted = OperationOptions(Map((("ATTRS_TO_GET", Array(JavaClass("String"), ("displayName",))),)))
    async with remote_house(clock) as house:
        sandbox, platform = house.sandbox, house.platform
        if by_name is not None:
            platform.configuration = {"system": by_name}
        assert await platform.call("TestApiOp", "test") is None
        found, _ = await platform.stream("SearchApiOp", "search", ACCOUNT, None, wanted)

        assert sandbox.world.people_count == len(found)
        assert all(any(isinstance(each, Name) for each in one.attributes) for one in found)


async def test_each_connector_is_listed_under_its_names(clock: VirtualClock) -> None:
    """
    Under the name that OpenICF's own connector has, so that its configurations fit, and under one of ours. That of
    meeting sites, which has none of theirs, is listed once.
    """
    async with remote_house(clock) as house, house.platform.connected() as wire:
        answer = await house.platform.ask(wire, HelloRequest(16))

    assert isinstance(answer, HelloResponse)
    assert [
        "org.forgerock.openicf.connectors.webex.WebexConnector",
        "webex_connector.ControlHub",
        "webex_connector.MeetingsSite",
    ] == [getattr(each, "connector_name", None) for each in answer.keys]


async def test_tls_is_spoken(clock: VirtualClock, tmp_path: Path) -> None:
    """
    With a certificate of its own, the server is reached by whoever trusts it, and by nobody else.
    """
    made = self_signed(["localhost", "127.0.0.1"], clock.now() - timedelta(days=300), timedelta(days=20_000))
    file = tmp_path / "remote.pem"
    file.write_bytes(made.key + made.certificate)
    async with remote_house(clock, certificate=file) as house:
        platform = house.platform
        platform.tls = ssl.create_default_context(cadata=made.certificate.decode())
        assert await platform.call("ValidateApiOp", "validate") is None
        platform.tls = ssl.create_default_context()
        with pytest.raises(ssl.SSLCertVerificationError):
            await platform.call("ValidateApiOp", "validate")


async def test_a_certificate_that_cannot_be_used_is_told(clock: VirtualClock, tmp_path: Path) -> None:
    """
    The server does not start without the certificate that it was told to show.
    """
    file = tmp_path / "remote.pem"
    file.write_text("nothing")
    with pytest.raises(ConfigurationInvalid, match="Cannot use the certificate"):
        async with remote_house(clock, certificate=file):
            pass


async def test_a_system_that_is_not_there_is_told(clock: VirtualClock) -> None:
    """
    A wrong name is a wrong configuration.
    """
    async with remote_house(clock) as house:
        platform = house.platform
        platform.configuration = {"system": "nowhere"}
        with pytest.raises(Refused, match="has no system nowhere"):
            await platform.call("ValidateApiOp", "validate")
