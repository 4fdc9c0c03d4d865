"""
The protocol of OpenICF put together: a platform, the server, the connector and a simulated organisation.
"""

import asyncio
import base64
import os
import re
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from websockets.asyncio.client import connect

from fakes.called_platform import CalledPlatform
from fakes.openicf_client import Line, basic
from fakes.openicf_house import OpenIcfHouse, openicf_house
from fakes.remote_client import KEY, Platform
from fakes.virtual_time import VirtualClock
from webex_connector.app import openicf
from webex_connector.app.bearer import BearerToken
from webex_connector.app.remote import OWN_KEYS
from webex_connector.app.serve import serve
from webex_connector.app.settings import (
    Bearer,
    OpenIcfSettings,
    PlatformSettings,
    RemoteSettings,
    ServeSettings,
    Settings,
)
from webex_connector.base.secret import Secret
from webex_connector.gateway.remote.key import digest_of
from webex_connector.gateway.remote.openicf.messages import new
from webex_connector.gateway.remote.profiles import CONNID
from webex_connector.gateway.rights import Client, Role
from webex_connector.icf import names
from webex_connector.icf.errors import ConfigurationInvalid, ConnectionFailed

FACADE_KEY = Platform("", 0, configuration={"system": "webex"}).facade_key.encode()


async def _people(line: Line) -> int:
    """
    Return how many people a platform finds in the system `webex`.
    """
    own = OWN_KEYS["control_hub"]
    key = new(
        "ConnectorKey",
        bundle_name=own.bundle_name,
        bundle_version=own.bundle_version,
        connector_name=own.connector_name,
    )
    search = new("Search", object_class=names.ACCOUNT)
    await line.say(1, operation=new("Operation", connector=key, facade_key=FACADE_KEY, search=search))
    count = 0
    while (found := (await line.hear()).response.operation.search).HasField("object"):
        count += 1
    assert found.sequence == count
    return count


def _called(platform: CalledPlatform) -> PlatformSettings:
    return PlatformSettings(platform.url, "me", Secret("word"), None, None, None, 1, None)


async def test_people_of_webex_are_listed(clock: VirtualClock) -> None:
    """
    A platform that connects and names a system sees its people.
    """
    async with (
        openicf_house(clock) as house,
        openicf.serving(house.settings, 0, house.systems, 5, clock) as at,
        connect(f"ws://{at.host}:{at.port}/openicf", additional_headers={"Authorization": basic(KEY)}) as connection,
    ):
        line = Line(connection)
        await line.greet()

        assert house.sandbox.world.people_count == await _people(line)


async def test_a_platform_that_is_called_sees_them_too(clock: VirtualClock) -> None:
    """
    We show the name and password of the settings, and serve.
    """
    async with (
        openicf_house(clock) as house,
        CalledPlatform(clock).waiting() as platform,
        openicf.connected(house.settings, _called(platform), house.systems, 5, clock),
    ):
        assert house.sandbox.world.people_count == await _people(await platform.line())

    assert ["Basic " + base64.b64encode(b"me:word").decode()] == platform.shown


async def test_the_server_speaks_every_way_that_is_set(clock: VirtualClock, capsys: pytest.CaptureFixture[str]) -> None:
    """
    `serve` listens by the older protocol and by WebSocket, or calls a platform, as the settings say, and stops when it
    is asked to.
    """
    remote = RemoteSettings(
        "127.0.0.1", 0, Secret(digest_of(KEY)), Client("remote", role=Role.ADMIN), CONNID, None, None, None, 10, 600
    )
    house = Settings(ServeSettings(port=0), 50, (), {})

    both = replace(house, remote=replace(remote, openicf=OpenIcfSettings(0, None)))
    await _served_until_reached(both, clock)
    assert ["profile=connid", "profile=openicf"] == re.findall(r"profile=\w+", capsys.readouterr().out)

    async with CalledPlatform(clock).waiting() as platform:
        called = replace(remote, tcp=False, openicf=OpenIcfSettings(None, _called(platform)))
        serving = asyncio.create_task(serve(replace(house, remote=called), clock, lambda _: None))
        assert 3 == len(await (await platform.line()).connectors())
        os.kill(os.getpid(), signal.SIGTERM)
        await serving
    assert "remote.listening" not in capsys.readouterr().out


async def _served_until_reached(settings: Settings, clock: VirtualClock) -> None:
    """
    Serve, and ask to stop as soon as the server says that it is there.
    """
    loop = asyncio.get_running_loop()

    def announce(_: str) -> None:
        loop.call_later(1, os.kill, os.getpid(), signal.SIGTERM)

    await serve(settings, clock, announce)


@pytest.mark.parametrize("way", ["in", "out"])
async def test_unfit_certificates_are_told(clock: VirtualClock, tmp_path: Path, way: str) -> None:
    """
    A file that is no certificate keeps the server from starting, with its name.
    """
    file = tmp_path / "x.pem"
    file.write_text("nonsense")
    async with openicf_house(clock) as house:
        with pytest.raises(ConfigurationInvalid, match=r"x\.pem"):
            await _entered(house, file, way)


async def _entered(house: OpenIcfHouse, file: Path, way: str) -> None:
    if way == "in":
        async with openicf.serving(replace(house.settings, certificate=file), 0, house.systems, 5, house.clock):
            pass
    called = PlatformSettings("wss://x/openicf", "me", Secret("word"), None, file, None, 1, None)
    async with openicf.connected(house.settings, called, house.systems, 5, house.clock):
        pass


@asynccontextmanager
async def _endpoint(status: str, body: str) -> AsyncIterator[tuple[str, list[str]]]:
    """
    Answer every request with the same; yield the address, and what was asked.
    """
    asked: list[str] = []

    async def served(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        length = int(head.lower().partition("content-length:")[2].split("\r\n")[0])
        asked.append(head + (await reader.readexactly(length)).decode())
        writer.write(f"HTTP/1.1 {status}\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n{body}".encode())
        writer.close()

    server = await asyncio.start_server(served, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/token", asked


async def test_a_token_is_fetched_and_kept(clock: VirtualClock) -> None:
    """
    A token is asked for by client credentials, used until shortly before its end, and then renewed.
    """
    async with _endpoint("200 OK", '{"access_token": "T", "expires_in": 300, "token_type": "Bearer"}') as (url, asked):
        token = BearerToken(Bearer(url, "rcs", Secret("word"), "fr:idm:*"), clock)
        assert ["Bearer T"] * 2 == [await token.header(), await token.header()]
        assert 1 == len(asked)
        await clock.sleep(250)
        await token.header()

    assert 2 == len(asked)
    assert "grant_type=client_credentials&scope=fr%3Aidm%3A%2A" in asked[0]
    assert "Basic " + base64.b64encode(b"rcs:word").decode() in asked[0]


@pytest.mark.parametrize(("status", "body"), [("401 Unauthorized", "{}"), ("200 OK", "<html>"), ("200 OK", "{}")])
async def test_an_endpoint_without_a_token_is_told(clock: VirtualClock, status: str, body: str) -> None:
    """
    A refusal and an answer that holds no token are told without the client's secret.
    """
    async with _endpoint(status, body) as (url, _):
        with pytest.raises(ConnectionFailed, match="token") as refused:
            await BearerToken(Bearer(url, "rcs", Secret("word"), "s"), clock).header()

    assert "word" not in str(refused.value)


async def test_an_endpoint_that_is_not_there_is_told(clock: VirtualClock) -> None:
    """
    Nobody at the address is an error like others.
    """
    async with _endpoint("200 OK", "{}") as (url, _):
        pass
    with pytest.raises(ConnectionFailed, match="was not reached"):
        await BearerToken(Bearer(url, "rcs", Secret("word"), "s"), clock).header()
