"""
Reading settings: every mistake with its place, all at once.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from webex_connector.app.mistakes import SettingsMistakes
from webex_connector.app.references import HOW
from webex_connector.app.settings import ServeSettings, Settings
from webex_connector.app.settings_file import load
from webex_connector.base.secret import Secret
from webex_connector.connector.configuration import Certificates
from webex_connector.gateway.idm.systems import ConnectorRef
from webex_connector.gateway.rights import Client, Role
from webex_connector.icf.configuration import ConfigurationMistakes, Mistake, Property, PropertyType, Setting
from webex_connector.icf.errors import ConfigurationInvalid
from webex_connector.icf.limits import Limits
from webex_connector.icf.schema import Operation, Schema


def _nothing(values: Mapping[str, Setting], certificates: Certificates) -> Schema:
    return Schema((), {})


def _color_needs_size(values: Mapping[str, Setting], certificates: Certificates) -> None:
    if values["color"] is not None and values["size"] is None:
        raise ConfigurationMistakes([Mistake("size", "is required together with color")])


@dataclass(frozen=True)
class Toy:
    """
    A kind of connector with few properties.
    """

    title = "Toy"
    properties = (
        Property("endpoint", "Where.", required=True),
        Property("token", "What opens it.", secret=True),
        Property("size", "How big.", PropertyType.INTEGER),
        Property("color", "Of which color.", allowed=("red", "blue")),
    )
    check = staticmethod(_color_needs_size)
    ref = ConnectorRef("org.example.bundle", "1.0", "org.example.Toy")
    schema = staticmethod(_nothing)


OPEN = (
    "lets other computers connect, and passwords would travel without TLS: give certificate, or set "
    "plain_beyond_loopback = true behind a proxy that speaks TLS"
)

KINDS = {"toy": Toy()}

WHOLE = """\
[serve]
host = "127.0.0.2"
port = 9000
stop_within = 5

[safety]
destructive_per_hour = 3

[clients.idm]
password = "env:IDM_PASSWORD"
systems = ["one"]
role = "reader"

[clients.ops]
password = "file:ops.txt"

[systems.one]
connector = "toy"
display_name = "One"

[systems.one.configuration]
endpoint = "https://one.example"
token = "env:TOKEN"

[systems.one.limits]
concurrent = 4
seconds.SEARCH = 60
"""

LEAST = """\
[systems.one]
connector = "toy"
configuration.endpoint = "https://one.example"
"""


def _read(folder: Path, text: str, environment: Mapping[str, str] | None = None) -> Settings:
    file = folder / "settings.toml"
    file.write_text(text, "utf-8")
    return load(file, environment or {}, KINDS)


def _mistakes(folder: Path, text: str, environment: Mapping[str, str] | None = None) -> list[str]:
    with pytest.raises(SettingsMistakes) as wrong:
        _read(folder, text, environment)
    return [line.removeprefix(f"{folder}/") for line in wrong.value.message.splitlines()]


def test_everything_is_read(tmp_path: Path) -> None:
    """
    A whole file becomes values; secrets come from where the file points.
    """
    (tmp_path / "ops.txt").write_text("ops password\n", "utf-8")

    found = _read(tmp_path, WHOLE, {"IDM_PASSWORD": "idm password", "TOKEN": "t0ken"})

    assert ServeSettings("127.0.0.2", 9000, stop_within=5.0) == found.serve
    assert 3 == found.destructive_per_hour
    assert (
        Client("idm", Secret("idm password"), frozenset({"one"}), role=Role.READER),
        Client("ops", Secret("ops password"), None),
    ) == found.clients
    one = found.systems["one"]
    assert {
        "endpoint": "https://one.example",
        "token": Secret("t0ken"),
        "size": None,
        "color": None,
    } == one.configuration
    assert ("toy", "One") == (one.connector, one.display_name)
    assert Limits(4, {Operation.SEARCH: 60.0}) == one.limits


def test_defaults_are_safe(tmp_path: Path) -> None:
    """
    Where nothing is said, only this computer can connect, nobody can log in, and fifty deletions an hour are the most.
    """
    found = _read(tmp_path, LEAST)

    assert ServeSettings("127.0.0.1", 8080) == found.serve
    assert () == found.clients
    assert 50 == found.destructive_per_hour


def test_all_mistakes_come_at_once_in_the_order_of_the_file(tmp_path: Path) -> None:
    """
    One reading names everything that is wrong, each with file, line and setting.
    """
    text = """\
[serve]
prot = 9000
host = "127.0.0.1"

[safty]

[safety]
destructive_per_hour = "many"

[clients.idm]
password = "openidm-admin"
systems = ["two"]

[systems.one]
connector = "toy"

[systems.one.configuration]
endpont = "https://one.example"
token = "t0ken"
size = "big"
color = "green"

[systems.one.limits]
concurrent = 0
seconds.SEARCH = -1
seconds.SEEK = 1
"""
    assert [
        "settings.toml:2: serve.prot is not a property; did you mean port?",
        "settings.toml:5: safty is not a property; did you mean safety?",
        "settings.toml:8: safety.destructive_per_hour must be a whole number, not 'many'",
        f"settings.toml:11: clients.idm.password is a secret and must not stand here: {HOW}",
        "settings.toml:17: systems.one.configuration.endpoint is required",
        "settings.toml:18: systems.one.configuration.endpont is not a property; did you mean endpoint?",
        f"settings.toml:19: systems.one.configuration.token is a secret and must not stand here: {HOW}",
        "settings.toml:20: systems.one.configuration.size must be a whole number, not 'big'",
        "settings.toml:21: systems.one.configuration.color must be one of red, blue, not 'green'",
        "settings.toml:24: systems.one.limits.concurrent must be one or more",
        "settings.toml:26: systems.one.limits.seconds.SEEK is not a property",
    ] == _mistakes(tmp_path, text)


@pytest.mark.parametrize(
    ("text", "mistake"),
    [
        ('[serve]\nport = "x\n', "settings.toml:2: Illegal character '\\n', column 10"),
        ("[serve]\nport = 70000\n", "settings.toml:2: serve.port must be from 0 to 65535, not 70000"),
        ("[serve]\nport = true\n", "settings.toml:2: serve.port must be a whole number, not True"),
        ("[serve]\nstop_within = -1\n", "settings.toml:2: serve.stop_within must be zero or more"),
        ('[serve]\ncertificate = "no.pem"\n', "settings.toml:2: serve.certificate is no file: {folder}/no.pem"),
        (
            '[serve]\nprivate_key = "settings.toml"\n',
            "settings.toml:2: serve.private_key needs certificate too",
        ),
        (
            '[serve]\n\nhost = "0.0.0.0"\n',
            f"settings.toml:3: serve.host 0.0.0.0 {OPEN}",
        ),
        ("serve = 3\n", "settings.toml:1: serve must be an object, not 3"),
        ("[safety]\ndestructive_per_hour = -1\n", "settings.toml:2: safety.destructive_per_hour must be zero or more"),
        ("[clients]\nidm = 3\n", "settings.toml:2: clients.idm must be a table, [clients.idm]"),
        ("[clients.idm]\n", "settings.toml:1: clients.idm.password is required, or token, or issuer and subject"),
        (
            '[clients.idm]\npassword = "env:NOWHERE"\n',
            "settings.toml:2: clients.idm.password the environment variable NOWHERE is not set or empty",
        ),
        (
            '[clients.idm]\npassword = "file:none.txt"\n',
            "settings.toml:2: clients.idm.password cannot read the file none.txt: No such file or directory",
        ),
        (
            '[clients.idm]\npassword = "file:empty.txt"\n',
            "settings.toml:2: clients.idm.password the file empty.txt is empty",
        ),
        (
            '[clients.idm]\npassword = "env:P"\nsystems = ["one", "two"]\n',
            "settings.toml:3: clients.idm.systems names the unknown system two; there are: one",
        ),
        (
            '[clients.idm]\npassword = "env:P"\nsystems = "one"\n',
            "settings.toml:3: clients.idm.systems must be a list of texts, not 'one'",
        ),
        (
            '[systems.a-b]\nconnector = "toy"\nconfiguration.endpoint = "x"\n',
            "settings.toml:1: systems.a-b is part of the doors' addresses: use letters and digits only",
        ),
        (
            '[systems.two]\nconnector = "tow"\n',
            "settings.toml:2: systems.two.connector must be one of toy, not tow",
        ),
        (
            '[systems.two]\nconnector = "toy"\nconfiguration = { endpoint = "x", color = "red" }\n',
            "settings.toml:3: systems.two.configuration.size is required together with color",
        ),
        (
            '[systems.two]\nconnector = "toy"\nconfiguration.endpoint = "x"\nlimits.seconds.GET = 0\n',
            "settings.toml:4: systems.two.limits.seconds.GET must be more than zero",
        ),
        (
            '[systems.two]\nconnector = "toy"\nconfigurations.endpoint = "x"\n',
            "settings.toml:1: systems.two.configuration.endpoint is required",
        ),
    ],
)
def test_each_mistake_has_its_line(tmp_path: Path, text: str, mistake: str) -> None:
    """
    Each thing that can be wrong is told with the line where it stands, or should stand.
    """
    (tmp_path / "empty.txt").write_text("\n", "utf-8")

    found = _mistakes(tmp_path, f"{text}\n{LEAST}", {"P": "x"})

    assert mistake.format(folder=tmp_path) in found


def test_systems_may_all_come_later(tmp_path: Path) -> None:
    """
    A file without one is right: the console connects the first.
    """
    assert {} == _read(tmp_path, "").systems


def test_a_secret_is_not_repeated_in_the_mistake(tmp_path: Path) -> None:
    """
    Who wrote a password into the file does not find it in the log as well.
    """
    text = LEAST + 'configuration.token = "s3cret"\n[clients.idm]\npassword = "env:s3cret:x"\n'

    assert "s3cret" not in "\n".join(_mistakes(tmp_path, text)[:1])


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "127.8.8.8", "::1"])
def test_loopback_needs_no_certificate(tmp_path: Path, host: str) -> None:
    """
    What only this computer can reach may be plain.
    """
    assert host == _read(tmp_path, f'{LEAST}[serve]\nhost = "{host}"\n').serve.host


def test_a_certificate_opens_the_door_to_other_computers(tmp_path: Path) -> None:
    """
    With TLS nothing travels in the clear, so nothing more has to be asked for.
    """
    (tmp_path / "server.pem").write_text("certificate")

    found = _read(tmp_path, LEAST + '[serve]\nhost = "0.0.0.0"\ncertificate = "server.pem"\n')

    assert ("0.0.0.0", tmp_path / "server.pem") == (found.serve.host, found.serve.certificate)  # noqa: S104 - on purpose


def test_plain_beyond_loopback_must_be_asked_for(tmp_path: Path) -> None:
    """
    Behind a proxy that speaks TLS the switch lets other computers connect.
    """
    text = LEAST + '[serve]\nhost = "0.0.0.0"\nplain_beyond_loopback = true\n'

    assert not _read(tmp_path, text).serve.is_loopback


def test_the_environment_lies_over_the_file(tmp_path: Path) -> None:
    """
    Variables replace and add settings, matching names in any case; lists are separated by commas.
    """
    environment = {
        "WEBEX_CONNECTOR__SERVE__PORT": "9999",
        "WEBEX_CONNECTOR__SERVE__HOST": "::1",
        "WEBEX_CONNECTOR__SYSTEMS__ONE__CONFIGURATION__SIZE": "7",
        "WEBEX_CONNECTOR__SYSTEMS__ONE__CONFIGURATION__TOKEN": "env:TOKEN",
        "WEBEX_CONNECTOR__SYSTEMS__ONE__LIMITS__SECONDS__SEARCH": "2.5",
        "WEBEX_CONNECTOR__CLIENTS__IDM__PASSWORD": "env:TOKEN",
        "WEBEX_CONNECTOR__CLIENTS__IDM__SYSTEMS": "one, one",
        "WEBEX_CONNECTOR_CONFIG": "not one of these",
        "TOKEN": "t0ken",
    }

    found = _read(tmp_path, LEAST, environment)

    assert ("::1", 9999) == (found.serve.host, found.serve.port)
    one = found.systems["one"]
    assert (7, Secret("t0ken")) == (one.configuration["size"], one.configuration["token"])
    assert {Operation.SEARCH: 2.5} == one.limits.seconds
    assert (Client("idm", Secret("t0ken"), frozenset({"one"})),) == found.clients


def test_a_map_in_the_environment_is_json(tmp_path: Path) -> None:
    """
    A whole table can be given in one variable; what is no JSON is a mistake of that variable.
    """
    variable = "WEBEX_CONNECTOR__SYSTEMS__ONE__CONFIGURATION"
    good = {variable: '{"endpoint": "https://two.example", "size": 3}'}

    assert 3 == _read(tmp_path, LEAST, good).systems["one"].configuration["size"]
    assert [f"{variable}: systems.one.configuration must be an object, not 'x'"] == [
        line for line in _mistakes(tmp_path, LEAST, {variable: "x"}) if "must be an object" in line
    ]


def test_a_variable_below_what_is_no_table_is_told(tmp_path: Path) -> None:
    """
    The file's own mistake is told as well; the variable does not hide it.
    """
    found = _mistakes(tmp_path, f"serve = 3\n{LEAST}", {"WEBEX_CONNECTOR__SERVE__PORT": "1"})

    assert [
        "WEBEX_CONNECTOR__SERVE__PORT: sets something below serve, which is no table",
        "settings.toml:1: serve must be an object, not 3",
    ] == found


def test_a_variable_that_fits_nowhere_is_not_ignored(tmp_path: Path) -> None:
    """
    Whoever mistypes the name of a setting would believe it set.
    """
    environment = {"WEBEX_CONNECTOR__SERVE__PORT__NUMBER": "1", "WEBEX_CONNECTOR__SERVE____PORT": "1"}

    assert [
        "WEBEX_CONNECTOR__SERVE__PORT__NUMBER: sets something below serve.port, which is no table",
        "WEBEX_CONNECTOR__SERVE____PORT: names no setting: a key in it is empty",
    ] == _mistakes(tmp_path, f"[serve]\nport = 1\n{LEAST}", environment)


def test_a_mistake_in_the_environment_names_the_variable(tmp_path: Path) -> None:
    """
    What a variable set wrongly is looked for there, not in the file.
    """
    environment = {"WEBEX_CONNECTOR__SERVE__PORT": "x", "WEBEX_CONNECTOR__SERVE__PROT": "1"}

    assert [
        "WEBEX_CONNECTOR__SERVE__PORT: serve.port must be a whole number, not 'x'",
        "WEBEX_CONNECTOR__SERVE__PROT: serve.prot is not a property; did you mean port?",
    ] == _mistakes(tmp_path, LEAST, environment)


def test_a_missing_file_is_one_clear_sentence(tmp_path: Path) -> None:
    """
    Without the file there is one mistake, and it names the file.
    """
    with pytest.raises(ConfigurationInvalid, match=r"Cannot read the settings file .*none.toml: No such file"):
        load(tmp_path / "none.toml", {}, KINDS)


def test_a_file_in_another_encoding_is_refused(tmp_path: Path) -> None:
    """
    TOML is UTF-8; anything else is told, not guessed.
    """
    file = tmp_path / "latin.toml"
    file.write_bytes("# caf\u00e9\n".encode("latin-1"))

    with pytest.raises(ConfigurationInvalid, match="not UTF-8"):
        load(file, {}, KINDS)
