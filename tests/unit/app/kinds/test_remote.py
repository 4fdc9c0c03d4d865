"""
The settings of a system behind a connector server, and what is wrong with them.
"""

import ssl
from datetime import timedelta
from pathlib import Path

import pytest

from fakes.directory import Directory
from fakes.remote_client import CONNECTOR, KEY, MemoryKind, serving
from fakes.virtual_time import VirtualClock
from webex_connector.app import wiring
from webex_connector.app.connecting import Connecting
from webex_connector.app.connectors import KINDS, REMOTE
from webex_connector.app.kinds.kind import Surroundings
from webex_connector.app.mistakes import SettingsMistakes
from webex_connector.app.self_signed import self_signed
from webex_connector.app.settings import ServeSettings, Settings, SystemSettings
from webex_connector.app.settings_file import load
from webex_connector.base.clock import SystemClock
from webex_connector.base.secret import Secret
from webex_connector.icf import names
from webex_connector.icf.configuration import ConfigurationMistakes, configured
from webex_connector.icf.errors import ConfigurationInvalid, ConnectorError, InvalidInput
from webex_connector.webex.tokens import MemoryVault

_KIND = KINDS[REMOTE]
_GIVEN = {
    "host": "127.0.0.1",
    "key": Secret(KEY),
    "tls": False,
    "connectorName": CONNECTOR.connector_name,
    "secrets": {"clientSecret": Secret("right")},
}


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"port": 0}, "port: must be from 1 to 65535"),
        ({"timeout": 0}, "timeout: must be more than zero"),
        ({"fingerprint": "00" * 32}, "fingerprint: goes with TLS"),
        ({"tls": True, "fingerprint": "0x"}, "fingerprint: must have 64 hexadecimal digits"),
        ({"tls": True, "certificates": "ca.pem"}, "certificates: must be the whole path of a file"),
        (
            {"tls": True, "certificates": "/ca", "fingerprint": "00" * 32},
            "fingerprint: takes the place of certificates",
        ),
        ({"properties": {"most": {}}}, "properties.most: must be a text, a number, true or false, or a list of texts"),
    ],
)
def test_what_does_not_fit_is_told(more: dict[str, object], said: str) -> None:
    """
    By the name of the property, before anybody is asked.
    """
    with pytest.raises(ConfigurationMistakes) as found:
        _KIND.check(configured(_KIND.properties, {**_GIVEN, **more}))
    assert said in str(found.value)


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"properties": {"clientSecret": "right"}, "secrets": {}}, "properties.clientSecret: is a secret"),
        ({"properties": {"colour": "red"}}, "properties.colour: is not a property"),
        ({"properties": {"pool": "many"}}, "properties.pool: must be of type"),
        ({"properties": {"serviceUri": ["a", "b"]}}, "properties.serviceUri: takes one value, not a list"),
        ({"secrets": {}}, "clientSecret: is required"),
        ({"secrets": {"clientSecret": Secret("x"), "pass": Secret("x")}}, "secrets.pass: is not a property"),
        (
            {"connectorName": "org.example.Other"},
            "has no connector org.example.Other; there are: org.example.Connector",
        ),
        ({"bundleName": "other"}, "has no connector"),
        ({"key": Secret("wrong")}, "key"),
    ],
)
async def test_what_the_server_finds_wrong_is_told(more: dict[str, object], said: str, clock: VirtualClock) -> None:
    """
    Only it knows which properties its connector has. No secret is repeated.
    """
    async with serving(clock, kind=MemoryKind(clock, connector=Directory())) as served:
        values = configured(_KIND.properties, {**_GIVEN, "port": served.platform.port, **more})
        with pytest.raises(ConnectorError) as found:
            await _KIND.opened(values, Surroundings(clock, MemoryVault()))
    assert said in str(found.value)
    assert "right" not in str(found.value)


async def test_its_schema_is_the_servers(clock: VirtualClock) -> None:
    """
    No other kind needs to ask.
    """
    async with serving(clock, kind=MemoryKind(clock, connector=Directory())) as served:
        values = configured(_KIND.properties, {**_GIVEN, "port": served.platform.port})
        schema = await _KIND.told_schema(values, Surroundings(clock, MemoryVault()))
    assert [names.ACCOUNT, names.GROUP] == [each.name for each in schema.object_classes]


def test_secrets_are_named_and_never_written(tmp_path: Path) -> None:
    """
    Each on its own; and no file of another platform can describe such a system.
    """
    file = tmp_path / "webex-connector.toml"
    file.write_text(
        """
[systems.one]
connector = "remote"
[systems.one.configuration]
host = "h"
key = "env:KEY"
connectorName = "c"
secrets = { password = "hunter2", other = "env:NONE" }

[systems.two]
connector = "remote"
provisioner = "provisioner.openicf-two.json"
"""
    )
    (tmp_path / "provisioner.openicf-two.json").write_text('{"name": "two"}')
    with pytest.raises(SettingsMistakes) as found:
        load(file, {"KEY": "x"}, KINDS)
    said = str(found.value)
    assert "secrets.password is a secret and must not stand here" in said
    assert "secrets.other the environment variable NONE is not set" in said
    assert "systems.two.connector is remote, whose object types only its server knows" in said
    assert "hunter2" not in said


async def test_nobodys_consent_connects_it(clock: VirtualClock) -> None:
    """
    Connect is for Webex; the pages that show how its systems stand leave this one out.
    """
    given = configured(_KIND.properties, {**_GIVEN, "port": 1})
    settings = Settings(ServeSettings(), 50, (), {"directory": SystemSettings("directory", REMOTE, "", given)})
    async with wiring.opened(settings, clock) as systems:
        connecting = Connecting(systems, "here")
        assert [] == list(await connecting.standings())
        for asked in (connecting.values("directory"), connecting.standing("directory")):
            with pytest.raises(InvalidInput, match="nobody's consent connects"):
                await asked


@pytest.mark.real_time
async def test_the_server_is_trusted_by_a_file_or_by_a_fingerprint(tmp_path: Path) -> None:
    """
    And by nothing else: to one that this computer does not trust the key is not told.
    """
    clock = SystemClock()
    made = self_signed(["127.0.0.1"], clock.now(), timedelta(days=2))
    certificate, both = tmp_path / "server.crt", tmp_path / "both.pem"
    certificate.write_bytes(made.certificate)
    both.write_bytes(made.key + made.certificate)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(both)
    async with serving(clock, kind=MemoryKind(clock, connector=Directory()), tls=context) as served:
        plain = {**_GIVEN, "tls": True, "port": served.platform.port}
        for trust in ({"certificates": str(certificate)}, {"fingerprint": made.fingerprint}):
            values = configured(_KIND.properties, {**plain, **trust})
            assert names.ACCOUNT in (await _KIND.opened(values, Surroundings(clock, MemoryVault()))).handlers
        with pytest.raises(ConfigurationInvalid, match="is not trusted"):
            await _KIND.opened(configured(_KIND.properties, plain), Surroundings(clock, MemoryVault()))
