"""
Real platforms: programs in Java, built on the framework that OpenIDM is built on, call the server over WebSocket, or
are called by it.
`make interop` runs them; Maven fetches what they need.
"""

import asyncio
import base64
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Final

import pytest

from fakes.java import NEEDS_MAVEN, built, run
from fakes.openicf_house import openicf_house
from fakes.remote_client import KEY
from webex_connector.app import openicf
from webex_connector.app.self_signed import self_signed
from webex_connector.app.settings import PlatformSettings
from webex_connector.base.clock import SystemClock
from webex_connector.base.secret import Secret

_JAVA: Final = Path(__file__).parent / "openicf"
PEOPLE: Final = 450
HOME: Final = "addresses=[{country=IT, locality=Roma, type=work}]"

pytestmark = [pytest.mark.real_time, *NEEDS_MAVEN]


@pytest.fixture(scope="module")
def classpath(tmp_path_factory: pytest.TempPathFactory) -> str:
    """
    Build the platform.
    """
    return asyncio.run(built(_JAVA, tmp_path_factory.mktemp("openicf") / "java"))


def _findings(lines: Iterable[str]) -> Mapping[str, list[str]]:
    """
    Return what a platform saw, by its words. What the framework logs stands between its findings.
    """
    found = defaultdict(list)
    for line in lines:
        if line.startswith("> "):
            word, _, finding = line[2:].rstrip("\n").partition("\t")
            found[word].append(finding)
    return found


def _lived(seen: Mapping[str, list[str]]) -> None:
    """
    Check what a platform saw of the connector.
    """
    # The framework waits for the connector that it uses, and may or may not have heard of the one after it by then.
    assert [
        "org.forgerock.openicf.connectors.webex.WebexConnector Webex Connector",
        "webex_connector.ControlHub Webex Connector",
    ] == sorted(set(seen["connector"]) - {"webex_connector.MeetingsSite Webex Meetings site"})
    assert "system environment serviceUri" in seen["properties"][0]
    assert seen["help"][0].startswith("The name of a system that the connector server's own settings connect.")
    assert "[CreateApiOp, DeleteApiOp, GetApiOp, ResolveUsernameApiOp, SchemaApiOp," in seen["operations"][0]
    assert "[LICENSES, ROLES, __ACCOUNT__, __GROUP__]" == seen["classes"][0]
    assert {"__NAME__ String required", "emails String many", "__ENABLE__ Boolean", "addresses Map many"} < set(
        seen["attribute"]
    )
    assert {
        "everybody": [str(PEOPLE)],
        # The framework's own way to say that its caller wanted no more.
        "stopped": ["250 CancellationException"],
        "pages": ["5 450"],
        "sorted": ["true"],
        "uid": ["1"],
        "name": ["1"],
        "equal": ["true"],
        "prefix": ["true"],
        "others": ["true"],
        "present": [str(PEOPLE)],
        "none": ["0"],
        "at once": [f"[{PEOPLE}]"],
        "created": [f"{{__NAME__=[java@example.com], {HOME}, displayName=[Java Dübel]}}"],
        "resolved": ["true"],
        "changes": ["[CREATE true true] true"],
        "gone": ["true"],
        "script": ["42"],
        "unknown uid": ["UnknownUidException"],
        "unknown class": ["UnsupportedOperationException"],
        "unknown attribute": ["InvalidAttributeValueException"],
        "missing attribute": ["InvalidAttributeValueException"],
        "misconfigured": ["ConfigurationException"],
    }.items() <= seen.items()
    assert "title=[Lead]" in seen["updated"][0]
    assert "department=[Tea]" in seen["added"][0]
    assert "department" not in seen["removed"][0]


@pytest.mark.parametrize("by_tls", ["plain", "tls"])
async def test_a_platform_lives_with_the_connector(classpath: str, tmp_path: Path, by_tls: str) -> None:
    """
    It lists connectors, learns the schema, searches by pages, filters and order, several at once, stops early, creates,
    reads, changes in each of the three ways, follows changes, deletes, runs a script, and gets each error by the class
    it looks for; complex values are maps, both ways.
    """
    made = self_signed(["127.0.0.1", "localhost"], SystemClock().now(), timedelta(days=2))
    (tmp_path / "remote.pem").write_bytes(made.key + made.certificate)
    (tmp_path / "remote.crt").write_bytes(made.certificate)
    store = ["-keystore", str(tmp_path / "trust.p12"), "-storepass", "changeit", "-storetype", "PKCS12"]
    await run("keytool", "-importcert", "-noprompt", "-alias", "server", "-file", str(tmp_path / "remote.crt"), *store)
    trusting = [f"-Djavax.net.ssl.trustStore={tmp_path / 'trust.p12'}", "-Djavax.net.ssl.trustStorePassword=changeit"]
    tls = by_tls == "tls"

    async with openicf_house(SystemClock(), PEOPLE, certificate=tmp_path / "remote.pem" if tls else None) as house:
        async with openicf.serving(house.settings, 0, house.systems, 5, house.clock) as at:
            url = f"{'wss' if tls else 'ws'}://127.0.0.1:{at.port}/openicf"
            out = await run("java", *trusting, "-cp", classpath, "example.Calling", url, KEY, "webex")
        assert PEOPLE == house.sandbox.world.people_count

    _lived(_findings(out.splitlines()))


async def test_a_platform_with_a_wrong_key_sees_nothing(classpath: str) -> None:
    """
    Without the key there is no connector.
    """
    async with (
        openicf_house(SystemClock(), PEOPLE) as house,
        openicf.serving(house.settings, 0, house.systems, 5, house.clock) as at,
    ):
        out = await run(
            "java", "-cp", classpath, "example.Calling", f"ws://127.0.0.1:{at.port}/openicf", "wrong", "webex"
        )

    assert ["refused"] == list(_findings(out.splitlines()))


async def test_a_called_platform_lives_with_the_connector(classpath: str) -> None:
    """
    The same is done by a platform that we call.
    """
    login = "Basic " + base64.b64encode(b"openidm:secret").decode()
    words = ["java", "-cp", classpath, "example.Called", login, "webex"]
    async with openicf_house(SystemClock(), PEOPLE) as house:
        platform = await asyncio.create_subprocess_exec(*words, stdout=asyncio.subprocess.PIPE)
        assert platform.stdout is not None
        async with asyncio.timeout(300):
            lines = [(await platform.stdout.readline()).decode()]
            while not lines[-1].startswith("> port"):
                assert lines[-1], "the platform has ended"
                lines.append((await platform.stdout.readline()).decode())
            url = f"ws://127.0.0.1:{lines[-1].split()[-1]}/openicf"
            called = PlatformSettings(url, "openidm", Secret("secret"), None, None, None, 2, None)
            async with openicf.connected(house.settings, called, house.systems, 5, house.clock):
                out, _ = await platform.communicate()
        assert PEOPLE == house.sandbox.world.people_count

    _lived(_findings(out.decode().splitlines()))
