"""
Real platforms: programs in Java, built on the framework that midPoint and Apache Syncope are built on, drive the
server.
`make interop` runs them; Maven fetches what they need.
"""

import asyncio
import base64
import re
from collections import defaultdict
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Final

import pytest

from fakes.java import NEEDS_MAVEN, QUIET, built, run
from fakes.remote_client import KEY
from fakes.remote_house import remote_house
from webex_connector.app.self_signed import self_signed
from webex_connector.base.clock import SystemClock
from webex_connector.connector.properties import PROPERTIES
from webex_connector.gateway.remote.codec.description import APIConfiguration
from webex_connector.gateway.remote.codec.streams import read
from webex_connector.gateway.remote.description import SYSTEM
from webex_connector.gateway.remote.profiles import CONNID, OPENICF, Profile
from webex_connector.icf.configuration import PropertyType

_JAVA: Final = Path(__file__).parent / "java"
PEOPLE: Final = 450

FILTERS: Final = [
    "equalTo uid",
    "equalTo name",
    "equalTo",
    "equalTo list",
    "contains",
    "startsWith",
    "endsWith",
    "containsAllValues",
    "greaterThan",
    "greaterThanOrEqualTo",
    "lessThan",
    "lessThanOrEqualTo",
    "and",
    "or",
    "not",
    "nested",
]
"""
Every filter that all versions of the framework have; none is told with a difference.
"""

COMPLEX: Final[Mapping[str, Mapping[str, list[str]]]] = {
    "connid": {
        "complex": ["flattened"],
        "complex created": ["{addresses.work.country=[IT]}"],
        "complex updated": ["{addresses.work.country=[IT], addresses.work.locality=[Köln]}"],
        "complex found": ["[complex@example.com]"],
        "members": ["{members=[MEMBER]}"],
        "members removed": ["{members=[]}"],
    },
    "openicf": {
        "complex": ["maps"],
        "complex created": ["{addresses=[{country=IT, locality=Roma, type=work}]}"],
        "complex updated": ["{addresses=[{country=DE, locality=Köln, type=work}]}"],
        "members removed": ["{members=[]}"],
    },
}
"""
What a platform sees of the complex values that it writes, by the profile.
"""

_JAVA_TYPES: Final = {
    PropertyType.STRING: "String",
    PropertyType.INTEGER: "Long",
    PropertyType.BOOLEAN: "Boolean",
    PropertyType.MAP: "String",
    PropertyType.LIST: "String[]",
}

PROPERTIES_SEEN: Final = [
    f"{fact.name}|{label}|{fact.group.capitalize()}|{'GuardedString' if fact.secret else _JAVA_TYPES[fact.type]}"
    f"|{str(fact.secret).lower()}|false"
    for fact, label in (
        (each, re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", each.name[0].upper() + each.name[1:]))
        for each in (SYSTEM, *PROPERTIES)
    )
]
"""
What a platform sees of each configuration property, in their order: name, label, group, type, and whether it is a
secret or required.
"""

pytestmark = [pytest.mark.real_time, *NEEDS_MAVEN]


@pytest.fixture(scope="module", params=["1.6.1.0", "1.6.0.0", "1.5.2.1", "1.5.1.0"])
def platform(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """
    Build the platform on a version of the framework, and return the words that run it.
    """
    folder = tmp_path_factory.mktemp("platform") / "java"
    classpath = asyncio.run(built(_JAVA, folder, f"connid.version={request.param}"))
    return ["java", QUIET, "-cp", classpath, "example.Platform"]


async def _seen(
    platform: list[str], *more: str, key: str = KEY, tls: Path | None = None, profile: Profile = CONNID
) -> Mapping[str, list[str]]:
    """
    Run a platform against a server for an organisation; what it saw, by its words. It may delete three people an hour.
    """
    certificate = None if tls is None else tls / "remote.pem"
    async with remote_house(
        SystemClock(), people=PEOPLE, certificate=certificate, profile=profile, destructive_per_hour=3
    ) as house:
        trusted = "" if tls is None else str(tls / "remote.crt")
        at = house.platform
        out = await run(*platform, at.host, str(at.port), key, "webex", trusted, *more)
        assert house.sandbox.world.person_at("java@example.com") is None
        assert house.sandbox.world.person_at("dry@example.com") is None
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
        "webex_connector.MeetingsSite Webex Meetings site",
    ] == seen["connector"]
    assert "system environment serviceUri" in seen["properties"][0]
    assert [
        "org.forgerock.openicf.connectors.webex-connector 1.5.20.34 Cisco Webex",
        "webex-connector 1.0 Cisco Webex",
        "webex-connector 1.0 Cisco Webex",
    ] == seen["bundle"]
    assert PROPERTIES_SEEN == seen["property"]
    assert "CreateApiOp [DRY_RUN]" in seen["options"]
    assert "GetApiOp [ATTRS_TO_GET, RETURN_DEFAULT_ATTRIBUTES]" in seen["options"]
    assert any(each.startswith("SearchApiOp [") and "PAGED_RESULTS_COOKIE" in each for each in seen["options"])
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
        "updates": ["[UPDATE true]"],
        "deletions": ["[DELETE true]"],
        "gone": ["true"],
        "script": ["42"],
        "unknown uid": ["UnknownUidException"],
        "unknown class": ["UnsupportedOperationException"],
        "unknown attribute": ["InvalidAttributeValueException"],
        "missing attribute": ["InvalidAttributeValueException"],
        "misconfigured": ["ConfigurationException"],
        "unreachable": ["ConnectionFailedException"],
        "taken": ["AlreadyExistsException"],
        "wrong type": ["InvalidAttributeValueException"],
        "wrong cookie": ["InvalidAttributeValueException"],
        "wrong token": ["InvalidAttributeValueException"],
        "no script": ["ConnectorException"],
        "guarded": ["PermissionDeniedException"],
        "by cookie": ["true"],
        "by offset": ["true"],
    }.items() <= seen.items()
    assert FILTERS == [each for each in seen["filter"] if each != "equalsIgnoreCase"]
    assert "addresses.work.country=[IT], addresses.work.locality=[Roma]" in seen["updated"][0]
    assert "department=[Tea]" in seen["added"][0]
    assert "department" not in seen["removed"][0]
    assert "title=[Head]" in seen["delta"][0]


@pytest.mark.parametrize("profile", [CONNID, OPENICF], ids=lambda each: each.name)
async def test_complex_values_go_both_ways(platform: list[str], profile: Profile) -> None:
    """
    Addresses and members are written and read as the profile has them: under flattened names, or as maps. A dry run
    changes nothing.
    """
    seen = await _seen(platform, "complex", profile=profile)

    assert COMPLEX[profile.name].items() <= seen.items()
    assert ["true true"] == seen["dry"]


async def test_a_platform_needs_no_secret_of_webex(platform: list[str]) -> None:
    """
    With the property `system`, what goes along with every request holds that name and no secret.
    """
    seen = await _seen(platform, "complex")

    (configuration,) = read(base64.b64decode(seen["facade key"][0]))
    assert isinstance(configuration, APIConfiguration)
    assert configuration.properties is not None
    given = {each.name: each.value for each in configuration.properties.properties if each.value is not None}
    secrets = {each.name for each in configuration.properties.properties if each.confidential}
    assert "webex" == given["system"]
    assert {"clientSecret", "refreshToken", "authToken"} <= secrets
    assert not secrets & given.keys()


async def test_a_platform_with_a_wrong_key_sees_nothing(platform: list[str]) -> None:
    """
    A wrong key is the exception that platforms know for it.
    """
    assert {"refused": ["InvalidCredentialException"]} == await _seen(platform, key="wrong")
