"""
Real platforms: programs in Java, built on the framework that midPoint and Apache Syncope are built on, drive the
server.
`make interop` runs them; Maven fetches what they need.
"""

import asyncio
import os
import shutil
from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Final

import pytest

from fakes.remote_client import KEY
from fakes.remote_house import remote_house
from webex_connector.app.self_signed import self_signed
from webex_connector.base.clock import SystemClock

_JAVA: Final = Path(__file__).parent / "java"
_MINUTES: Final = 10
PEOPLE: Final = 450

pytestmark = [
    pytest.mark.real_time,
    pytest.mark.skipif(not os.environ.get("INTEROP"), reason="real Java clients are fetched and run by make interop"),
    pytest.mark.skipif(
        bool(os.environ.get("INTEROP")) and not os.environ.get("CI") and not shutil.which("mvn"),
        reason="there is no Maven here: on Debian, apt-get install maven",
    ),
]


@pytest.fixture(scope="module", params=["1.6.1.0", "1.6.0.0", "1.5.2.1", "1.5.1.0"])
def platform(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[str]]:
    """
    Build the platform on a version of the framework, and return the words that run it.
    """
    folder = tmp_path_factory.mktemp("platform") / "java"
    shutil.copytree(_JAVA, folder)
    classpath = folder / "classpath"
    asyncio.run(
        _run(
            "mvn",
            "-q",
            "-B",
            "-f",
            str(folder / "pom.xml"),
            f"-Dconnid.version={request.param}",
            f"-Dmdep.outputFile={classpath}",
            "compile",
            "org.apache.maven.plugins:maven-dependency-plugin:3.6.1:build-classpath",
        )
    )
    yield [
        "java",
        "-cp",
        f"{folder / 'target' / 'classes'}{os.pathsep}{classpath.read_text('utf-8')}",
        "example.Platform",
    ]
    shutil.rmtree(folder)


async def _run(*words: str) -> str:
    process = await asyncio.create_subprocess_exec(
        *words, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
    )
    async with asyncio.timeout(60 * _MINUTES):
        out, problems = await process.communicate()
    assert process.returncode == 0, f"{words[0]} failed:\n{out.decode()}\n{problems.decode()}"
    return out.decode()


async def _seen(platform: list[str], *, key: str = KEY, tls: Path | None = None) -> Mapping[str, list[str]]:
    """
    Run a platform against a server for an organisation; what it saw, by its words.
    """
    certificate = None if tls is None else tls / "remote.pem"
    async with remote_house(SystemClock(), people=PEOPLE, certificate=certificate) as house:
        trusted = "" if tls is None else str(tls / "remote.crt")
        at = house.platform
        out = await _run(*platform, at.host, str(at.port), key, "webex", trusted)
        assert house.sandbox.world.people_count == PEOPLE
    found = defaultdict(list)
    for line in out.splitlines():
        # What the framework logs stands between the findings.
        if line.startswith("> "):
            word, _, finding = line[2:].partition("\t")
            found[word].append(finding)
    return found


@pytest.mark.parametrize("by_tls", ["plain", "tls"])
async def test_a_platform_lives_with_the_connector(platform: list[str], tmp_path: Path, by_tls: str) -> None:
    """
    It lists connectors, learns the schema, searches by pages, filters and order, stops early, creates, reads, changes
    in every way, follows changes, deletes, runs a script, and gets each error by the class it looks for.
    """
    made = self_signed(["127.0.0.1", "localhost"], SystemClock().now(), timedelta(days=2))
    (tmp_path / "remote.pem").write_bytes(made.key + made.certificate)
    (tmp_path / "remote.crt").write_bytes(made.certificate)

    seen = await _seen(platform, tls=tmp_path if by_tls == "tls" else None)

    assert [
        "org.forgerock.openicf.connectors.webex.WebexConnector Webex Connector",
        "webex_connector.ControlHub Webex Connector",
    ] == seen["connector"]
    assert "system environment serviceUri" in seen["properties"][0]
    assert seen["help"][0].startswith("The name of a system that the connector server's own settings connect.")
    assert "[CreateApiOp, DeleteApiOp, GetApiOp, ResolveUsernameApiOp, SchemaApiOp," in seen["operations"][0]
    assert "[LICENSES, ROLES, __ACCOUNT__, __GROUP__]" == seen["classes"][0]
    assert {
        "__NAME__ String required",
        "emails String many",
        "__ENABLE__ Boolean",
        "phoneNumbers.work String many",
    } < set(seen["attribute"])
    assert {
        "everybody": [str(PEOPLE)],
        "stopped": ["250"],
        "pages": ["5 450"],
        "sorted": ["true"],
        "uid": ["1"],
        "name": ["1"],
        "equal": ["true"],
        "prefix": ["true"],
        "none": ["0"],
        "created": ["{__NAME__=[java@example.com], addresses.work.country=[IT], displayName=[Java Dübel]}"],
        "resolved": ["true"],
        "effects": ["0"],
        "changes": ["[CREATE true] true"],
        "gone": ["true"],
        "script": ["42"],
        "unknown uid": ["UnknownUidException"],
        "unknown class": ["UnsupportedOperationException"],
        "unknown attribute": ["InvalidAttributeValueException"],
        "missing attribute": ["InvalidAttributeValueException"],
        "misconfigured": ["ConfigurationException"],
    }.items() <= seen.items()
    assert "addresses.work.country=[IT], addresses.work.locality=[Roma]" in seen["updated"][0]
    assert "department=[Tea]" in seen["added"][0]
    assert "department" not in seen["removed"][0]
    assert "title=[Head]" in seen["delta"][0]


async def test_a_platform_with_a_wrong_key_sees_nothing(platform: list[str]) -> None:
    """
    A wrong key is the exception that platforms know for it.
    """
    assert {"refused": ["InvalidCredentialException"]} == await _seen(platform, key="wrong")
