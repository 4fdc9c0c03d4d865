"""
A provisioner file as OpenIDM has it, read into a system.
"""

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
import structlog.testing

from webex_connector.app.connectors import KINDS
from webex_connector.app.mistakes import SettingsMistakes
from webex_connector.app.provisioner.expressions import Substitution
from webex_connector.app.provisioner.json_places import Lines
from webex_connector.app.provisioner.notes import Notes
from webex_connector.app.settings import Settings
from webex_connector.app.settings_file import load
from webex_connector.base.secret import Secret
from webex_connector.icf.schema import Operation

SAMPLE = Path(__file__).parents[3] / "samples" / "provisioner" / "provisioner.openicf-webex.json"
ENVIRONMENT = {"WEBEX_CLIENT_ID": "C0ffee", "WEBEX_REFRESH_TOKEN": "refresh"}
TABLE = '[systems.webex]\nprovisioner = "file.json"\n'

Change = Callable[[dict[str, Any]], object]


def _read(
    folder: Path,
    change: Change = lambda _: None,
    toml: str = TABLE,
    environment: Mapping[str, str] = ENVIRONMENT,
) -> Settings:
    tree = json.loads(SAMPLE.read_text("utf-8"))
    change(tree)
    (folder / "file.json").write_text(json.dumps(tree, indent=1), "utf-8")
    (folder / "settings.toml").write_text(f'{toml}\n[store]\ndata_folder = "data"\n', "utf-8")
    return load(folder / "settings.toml", environment, KINDS)


def _mistakes(folder: Path, change: Change, toml: str = TABLE, environment: Mapping[str, str] = ENVIRONMENT) -> str:
    with pytest.raises(SettingsMistakes) as caught:
        _read(folder, change, toml, environment)
    return str(caught.value).replace(f"{folder}/", "")


def test_a_file_is_read_unchanged(tmp_path: Path) -> None:
    """
    Name, properties, limits, shape and denials are those of the file, expressions taken from the environment.
    """
    found = _read(tmp_path).systems["webex"]
    assert (found.connector, found.display_name) == ("control_hub", "Webex of Acme")
    assert found.configuration["serviceUri"] == "https://webexapis.com/v1"
    assert found.configuration["clientId"] == "C0ffee"
    assert found.configuration["clientSecret"] == Secret("plain-client-secret")
    assert found.configuration["refreshToken"] == Secret("refresh")
    assert found.configuration["maximumConnections"] == 10
    assert found.limits.concurrent == 4
    assert found.limits.seconds == {Operation.UPDATE: 45.0, Operation.TEST: 20.0}
    assert found.shape.enabled
    assert [(each.name, each.native.name) for each in found.shape.types or ()] == [
        ("user", "__ACCOUNT__"),
        ("ROLES", "ROLES"),
    ]
    assert found.denials.covers(Operation.DELETE, "__GROUP__")
    assert found.denials.covers(Operation.UPDATE, "__ACCOUNT__")
    assert not found.denials.covers(Operation.UPDATE, "ROLES")
    assert found.shape.silently.covers(Operation.UPDATE, "__ACCOUNT__")
    assert not found.shape.silently.covers(Operation.DELETE, "__ACCOUNT__")


def test_the_table_goes_before_the_file(tmp_path: Path) -> None:
    """
    What the settings say themselves is used in place of what the file says, be it a secret that cannot be read.
    """
    (tmp_path / "secret").write_text("from a file", "utf-8")
    toml = (
        TABLE
        + 'display_name = "Mine"\nconfiguration = {clientSecret = "file:secret", maximumConnections = 3}\n'
        + "limits.concurrent = 2\n"
    )

    def encrypted(tree: dict[str, Any]) -> None:
        tree["configurationProperties"]["clientSecret"] = {"$crypto": {"type": "x-simple-encryption", "value": {}}}

    found = _read(tmp_path, encrypted, toml).systems["webex"]
    assert found.configuration["clientSecret"] == Secret("from a file")
    assert (found.configuration["maximumConnections"], found.limits.concurrent) == (3, 2)
    assert (found.display_name, found.limits.seconds) == ("Mine", {})


def test_a_folder_holds_a_system_in_each_file(tmp_path: Path) -> None:
    """
    Every provisioner file of the folder is a system under its own name, and a table of that name adds to it.
    """
    folder = tmp_path / "conf"
    folder.mkdir()
    for name in ("webex", "other"):
        tree = json.loads(SAMPLE.read_text("utf-8")) | {"name": name}
        (folder / f"provisioner.openicf-{name}.json").write_text(json.dumps(tree), "utf-8")
    (folder / "sync.json").write_text("{}", "utf-8")
    found = _read(tmp_path, toml='provisioners = "conf"\n[systems.other]\ndisplay_name = "The other"').systems
    assert {name: each.display_name for name, each in found.items()} == {
        "other": "The other",
        "webex": "Webex of Acme",
    }


def test_a_plain_secret_is_warned_of(tmp_path: Path) -> None:
    """
    A secret that stands in the file itself is told, with its place and what to do; one from the environment is not.
    """
    with structlog.testing.capture_logs() as lines:
        _read(tmp_path)
    warnings = [line for line in lines if line["log_level"] == "warning"]
    assert [(line["event"], line["setting"]) for line in warnings] == [("provisioner.plain_secret", "clientSecret")]
    assert warnings[0]["place"].startswith(str(tmp_path / "file.json") + ":")
    assert warnings[0]["advice"] == f"seal it in place: webex-connector seal {tmp_path / 'file.json'}"
    assert "plain-client-secret" not in str(lines)


def test_what_has_no_effect_is_logged(tmp_path: Path) -> None:
    """
    Settings that mean nothing here are named in the log, one line each.
    """
    flags = ["MULTIVALUED", "NOT_QUERYABLE"]
    with structlog.testing.capture_logs() as lines:
        _read(tmp_path, _member("objectTypes", "user", "properties", "mail", "flags", value=flags))
    named = {line["setting"] for line in lines if line["event"] == "provisioner.without_effect"}
    assert {
        "producerBufferSize",
        "poolConfigOption.maxIdle",
        "resultsHandlerConfig.enableFilteredResultsHandler",
        "syncFailureHandler",
        "objectTypes.user.properties.mail.flags",
        "operationOptions.SCRIPT_ON_RESOURCE",
    } <= named
    assert "resultsHandlerConfig.enableAttributesToGetSearchResultsHandler" not in named


def test_a_disabled_system_is_denied_everywhere(tmp_path: Path) -> None:
    """
    `enabled: false` closes the system at every door.
    """
    found = _read(tmp_path, lambda tree: tree.update(enabled=False)).systems["webex"]
    assert not found.shape.enabled
    assert all(found.denials.covers(each, "__ACCOUNT__") for each in Operation)


def test_supported_types_deny_the_others(tmp_path: Path) -> None:
    """
    An operation with a list of supported types is denied on every other one.
    """

    def supported(tree: dict[str, Any]) -> None:
        tree["operationOptions"] = {"CREATE": {"supportedObjectTypes": ["ROLES"]}}

    denials = _read(tmp_path, supported).systems["webex"].denials
    assert denials.covers(Operation.CREATE, "__ACCOUNT__")
    assert not denials.covers(Operation.CREATE, "ROLES")


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        ("&{a.b}", "from A_B"),
        ("x-&{a.b}-&{none|y}", "x-from A_B-y"),
        ("\\&{a.b}", "&{a.b}"),
        ("&{exact.name}", "as it is"),
        ({"$int": "&{number}"}, 7),
        ({"$number": "2.5"}, 2.5),
        ({"$bool": "TRUE"}, True),
        ({"$string": "&{number}"}, "7"),
        ({"$base64:decode": "aHVzaA=="}, "hush"),
        ({"$base64:encode": "hush"}, "aHVzaA=="),
        ({"$list": "a, b"}, ["a", "b"]),
        ({"$array": "[1]"}, [1]),
        ({"$object": {"$base64:decode": "e30="}}, {}),
    ],
)
def test_expressions_are_replaced(given: object, meant: object) -> None:
    """
    An expression takes its value from the environment or its default, and a transformation makes of it what it says.
    """
    environment = {"A_B": "from A_B", "exact.name": "as it is", "NUMBER": "7"}
    notes = Notes("file.json", Lines())
    assert Substitution(environment, notes).of({"x": given}) == {"x": meant}
    assert not notes.mistakes


def _member(*path: str, value: object = None) -> Change:
    def change(tree: dict[str, Any]) -> None:
        for name in path[:-1]:
            tree = tree[name]
        tree[path[-1]] = value

    return change


CRYPTO = {"$crypto": {"type": "x-simple-encryption", "value": {"data": "x", "key": "openidm-sym-default"}}}
SCRIPT = {"type": "text/javascript", "source": "source.x"}
TAKE_OUT = (
    ", and scripts of a provisioner file are not run here: take it out; values are changed by the mapping of the "
    "platform that calls, or by a script in Python (actionType: python)"
)
BAD: list[tuple[Change, str]] = [
    (_member("colour"), "colour is not a property"),
    (_member("enabeld"), "enabeld is not a property; did you mean enabled?"),
    (_member("enabled", value="perhaps"), "enabled must be true or false, not 'perhaps'"),
    (
        _member("name", value="acme-webex"),
        "name is part of the doors' addresses: letters and digits only, not 'acme-webex'",
    ),
    (_member("name", value="other"), "name is other, and the table is [systems.webex]"),
    (
        _member("connectorRef", "connectorName", value="org.example.Ldap"),
        (
            "connectorRef.connectorName is org.example.Ldap, which is not here; there is "
            "org.forgerock.openicf.connectors.webex.WebexConnector"
        ),
    ),
    (
        _member("connectorRef"),
        "connectorRef.connectorName is missing; there is org.forgerock.openicf.connectors.webex.WebexConnector",
    ),
    (_member("connectorRef", "bundle", value="x"), "connectorRef.bundle is not a property; did you mean bundleName?"),
    (_member("poolConfigOption", "maxObjects", value=0), "poolConfigOption.maxObjects must be one or more"),
    (
        _member("poolConfigOption", "maxObjects", value="many"),
        "poolConfigOption.maxObjects must be a whole number, not 'many'",
    ),
    (_member("operationTimeout", value=5), "operationTimeout must be a JSON object"),
    (_member("operationTimeout", "CREAT", value=5), "operationTimeout.CREAT is not a property; did you mean CREATE?"),
    (
        _member("configurationProperties", "clientID", value="x"),
        "configurationProperties.clientID is not a property; did you mean clientId?",
    ),
    (
        _member("configurationProperties", "authenticationMethod", value="KERBEROS"),
        "configurationProperties.authenticationMethod must be one of",
    ),
    (
        _member("configurationProperties", "clientSecret", value=CRYPTO),
        (
            "configurationProperties.clientSecret is encrypted with a key that only the OpenIDM it comes from has; put "
            'the secret in a file and write clientSecret = "file:PATH" in [systems.webex.configuration], or write '
            '"&{webex.clientSecret}" here'
        ),
    ),
    (
        _member("configurationProperties", "clientId", value="&{nobody.knows}"),
        (
            "configurationProperties.clientId has no value for &{nobody.knows}: set the environment variable "
            "NOBODY_KNOWS, or give a default as in &{nobody.knows|…}"
        ),
    ),
    (
        _member("configurationProperties", "connectionTimeout", value={"$int": "soon"}),
        "configurationProperties.connectionTimeout cannot be read as $int says",
    ),
    (
        _member("configurationProperties", "clientSecret", value={"$sealed": "v1.x.y.z"}),
        "configurationProperties.clientSecret does not open: The keys of the store are missing: data/sealed-files/",
    ),
    (
        _member("configurationProperties", "clientId", value={"$sealed": "v1.x.y.z"}),
        "configurationProperties.clientId is no secret, and is not sealed",
    ),
    (
        _member("resultsHandlerConfig", "enableMagic", value=True),
        "resultsHandlerConfig.enableMagic is not a property",
    ),
    (
        _member("syncFailureHandler", "postRetryAction", value={"script": SCRIPT}),
        f"syncFailureHandler.postRetryAction.script is a script (text/javascript){TAKE_OUT}",
    ),
    (
        _member(
            "systemActions",
            value=[{"scriptId": "x", "actions": [{"systemType": ".*", "actionType": "groovy", "actionSource": "1"}]}],
        ),
        f"systemActions.0.actions.0 is a script (groovy){TAKE_OUT}",
    ),
    (_member("systemActions", value={}), "systemActions must be a list"),
    (
        _member("objectTypes", "user", "nativeType", value="__PERSON__"),
        (
            "objectTypes.user.nativeType is __PERSON__, which the connector does not have; it has __GROUP__, "
            "__ACCOUNT__, ROLES, __ALL__, LICENSES"
        ),
    ),
    (
        _member("objectTypes", "user", "properties", "cn", "nativeName", value="dispalyName"),
        (
            "objectTypes.user.properties.cn.nativeName is dispalyName: __ACCOUNT__ has no attribute dispalyName; did "
            "you mean displayName?"
        ),
    ),
    (
        _member("objectTypes", "user", "properties", "CN", value={"nativeName": "title"}),
        "objectTypes.user.properties.CN is cn in other letters",
    ),
    (
        _member("objectTypes", "user", "properties", "__NAME__", value={"nativeName": "title"}),
        "objectTypes.user.properties.__NAME__ is the name of every object, and cannot stand for title",
    ),
    (
        _member("objectTypes", "user", "properties", "cn", "flags", value=["NOT_CREATEABLE"]),
        ("objectTypes.user.properties.cn.flags has the unknown flag NOT_CREATEABLE; did you mean NOT_CREATABLE?"),
    ),
    (
        _member("objectTypes", "user", "properties", "cn", "onRead", value=SCRIPT),
        f"objectTypes.user.properties.cn.onRead is a script (text/javascript){TAKE_OUT}",
    ),
    (
        _member(
            "systemActions", value=[{"scriptId": "a", "actions": [{"actionType": "python", "actionFile": "a.py"}]}]
        ),
        "systemActions.0.actions.0 needs actionSource, the script's text; files go into the folder",
    ),
    (
        _member("systemActions", value=[{"actions": [{"actionType": "python", "actionSource": "1"}]}]),
        "systemActions.0.scriptId is required, a text",
    ),
    (
        _member(
            "systemActions",
            value=[{"scriptId": "a", "actions": [{"actionType": "python", "systemType": "(", "actionSource": "1"}]}],
        ),
        "systemActions.0.actions.0.systemType is no regular expression",
    ),
    (
        _member("operationOptions", "DELETE", "onDeny", value="PANIC"),
        "operationOptions.DELETE.onDeny must be one of THROW_EXCEPTION, DO_NOTHING, not 'PANIC'",
    ),
    (
        _member("operationOptions", "DELETE", "supportedObjectTypes", value=["account"]),
        ("operationOptions.DELETE.supportedObjectTypes names the unknown object type account; there are user, ROLES"),
    ),
]


@pytest.mark.parametrize(("change", "sentence"), BAD, ids=[each[1][:40] for each in BAD])
def test_each_mistake_has_its_sentence_and_place(tmp_path: Path, change: Change, sentence: str) -> None:
    """
    Whatever is wrong with a file is told with its line, and no secret is repeated.
    """
    found = _mistakes(tmp_path, change)
    lines = [line for line in found.splitlines() if sentence in line]
    assert lines, found
    assert lines[0].startswith("file.json:")
    assert "plain-client-secret" not in found


def test_all_mistakes_come_at_once(tmp_path: Path) -> None:
    """
    Mistakes of the file and of the settings around it are told together.
    """

    def change(tree: dict[str, Any]) -> None:
        _member("colour")(tree)
        _member("configurationProperties", "clientID", value="x")(tree)
        _member("systemActions", value=[{"type": "groovy", "file": "x"}])(tree)
        _member("operationOptions", "DELETE", "onDeny", value="PANIC")(tree)

    found = _mistakes(tmp_path, change, TABLE + "limit = 3\n")
    for part in ("colour", "clientID", "systemActions.0", "settings.toml:3: systems.webex.limit"):
        assert part in found


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"{", "file.json: is not JSON: Expecting property name enclosed in double quotes: line 1 column 2 (char 1)"),
        (b"[]", "file.json: holds no JSON object"),
        (b"\xff\xfe", "file.json: is not UTF-8 text"),
        (None, "file.json: cannot be read: No such file or directory"),
    ],
)
def test_what_is_no_provisioner_file_is_one_sentence(tmp_path: Path, content: bytes | None, sentence: str) -> None:
    """
    A file that cannot be read at all is told once, and nothing is made up about it.
    """
    if content is not None:
        (tmp_path / "broken.json").write_bytes(content)
    found = _mistakes(tmp_path, lambda _: None, TABLE.replace("file.json", "broken.json"))
    assert [line.replace("broken", "file") for line in found.splitlines()] == [sentence]


def test_two_files_of_one_name_are_refused(tmp_path: Path) -> None:
    """
    In a folder, the second system of a name is a mistake that names the first file; a folder that is none is one too.
    """
    folder = tmp_path / "conf"
    folder.mkdir()
    for name in ("a", "b"):
        (folder / f"provisioner.openicf-{name}.json").write_text(SAMPLE.read_text("utf-8"), "utf-8")
    found = _mistakes(tmp_path, lambda _: None, 'provisioners = "conf"\n')
    assert "conf/provisioner.openicf-b.json:3: name is webex, as in conf/provisioner.openicf-a.json" in found
    nowhere = _mistakes(tmp_path, lambda _: None, 'provisioners = "nowhere"\n')
    assert "settings.toml:1: provisioners is no folder: nowhere" in nowhere


def test_a_member_that_is_written_twice_is_a_mistake(tmp_path: Path) -> None:
    """
    Of two members of one name the last would silently win.
    """
    (tmp_path / "twice.json").write_text(
        SAMPLE.read_text("utf-8").replace('"enabled" : true,', '"enabled" : true,\n"enabled" : false,'),
        "utf-8",
    )
    found = _mistakes(tmp_path, lambda _: None, TABLE.replace("file.json", "twice.json"))
    assert found == "twice.json:5: enabled is written twice"
