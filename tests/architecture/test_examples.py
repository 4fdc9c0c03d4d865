"""
The files for identity platforms in `examples`: what they name is there, under these names and of these types.
"""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final
from xml.etree import ElementTree as ET

import pytest
from docs.pages import attributes

from fakes.platform_files import wrong_in_midpoint, wrong_in_openidm, wrong_in_syncope
from webex_connector.app.provisioner.json_places import Lines
from webex_connector.app.provisioner.notes import Notes
from webex_connector.app.provisioner.object_types import types_of
from webex_connector.sync.decide.situation import Action, Situation

EXAMPLES: Final = Path(__file__).parents[2] / "examples"
SCHEMA: Final = attributes.control_hub()
PORT, WEBSOCKET_PORT = 8759, 8760


def _json(name: str) -> Any:
    return json.loads((EXAMPLES / name).read_text("utf-8"))


def _xml(name: str, change: Callable[[str], str] = str) -> ET.Element:
    return ET.fromstring(change((EXAMPLES / "midpoint" / name).read_text("utf-8")).encode())  # noqa: S314 - our own


def _changed(change: tuple[str, str]) -> Callable[[str], str]:
    before, after = change

    def planted(text: str) -> str:
        assert before in text
        return text.replace(before, after)

    return planted


def test_midpoint_finds_what_its_resource_names() -> None:
    """
    The connector, its property, object classes, attributes, and the connector host with the server's own port.
    """
    host = _xml("connector-host.xml")

    assert [] == wrong_in_midpoint(host, _xml("resource-webex.xml"), SCHEMA)
    assert str(PORT) == host.findtext("{*}port")


@pytest.mark.parametrize(
    ("planted", "said"),
    [
        (("webex:system>", "webex:systm>"), "property systm"),
        (("bundle/webex-connector/", "bundle/webex/"), "connector http"),
        (('oid = "9b7c', 'oid = "0b7c'), "another connector host"),
        (("<ref>ri:title<", "<ref>ri:titel<"), "__ACCOUNT__ has no attribute titel"),
        (("ri:groups<", "ri:group<"), "__ACCOUNT__ has no attribute group"),
        (("<ref>ri:title<", "<ref>ri:lastModified<"), "lastModified of __ACCOUNT__ cannot be written"),
        (("<ref>ri:displayName<", "<ref>ri:department<"), "__ACCOUNT__ needs displayName"),
        (("CustomLICENSES", "CustomLICENCES"), "there is no LICENCES"),
        (
            ("<intent>license</intent>\n        <direction>", "<intent>none</intent>\n        <direction>"),
            "intent none",
        ),
    ],
)
def test_a_mistake_in_a_resource_of_midpoint_is_told(planted: tuple[str, str], said: str) -> None:
    """
    In words that name it.
    """
    wrong = wrong_in_midpoint(_xml("connector-host.xml"), _xml("resource-webex.xml", _changed(planted)), SCHEMA)

    assert [each for each in wrong if each.startswith(said)]


def test_syncope_finds_what_its_resource_names() -> None:
    """
    The connector, its property, capabilities, object classes with one key each, and attributes.
    """
    connector = _json("syncope/connector.json")

    assert [] == wrong_in_syncope(connector, _json("syncope/resource.json"), SCHEMA)
    assert connector["location"].endswith(f":{PORT}")


Change = Callable[[Any, Any], object]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda one, _: one.update(version="1.1"), "connector webex_connector.ControlHub"),
        (lambda one, _: one["conf"][0]["schema"].update(name="systm"), "property systm"),
        (lambda one, _: one["conf"][0]["schema"].update(type="long"), "type of system"),
        (lambda one, _: one["capabilities"].append("AUTHENTICATE"), "capability for None"),
        (lambda _, two: _item(two, 1).update(extAttrName="cn"), "__ACCOUNT__ has no attribute cn"),
        (lambda _, two: _item(two, 4).update(extAttrName="status"), "status of __ACCOUNT__ cannot be written"),
        (lambda _, two: _item(two, 0).update(connObjectKey=False), "__ACCOUNT__ has not one key"),
        (lambda _, two: _item(two, 1).update(extAttrName="title"), "__ACCOUNT__ needs displayName"),
    ],
)
def test_a_mistake_in_the_files_of_syncope_is_told(change: Change, said: str) -> None:
    """
    In words that name it.
    """
    connector, resource = _json("syncope/connector.json"), _json("syncope/resource.json")
    change(connector, resource)

    assert said in wrong_in_syncope(connector, resource, SCHEMA)


def _item(resource: Any, place: int) -> Any:
    return resource["provisions"][0]["mapping"]["items"][place]


def test_openidm_finds_what_its_provisioner_file_names() -> None:
    """
    The connector server, the connector, its property, object types, and attributes with types and flags. This product
    can read the object types itself.
    """
    hosts, provisioner = (
        _json("openidm/provisioner.openicf.connectorinfoprovider.json"),
        _json("openidm/provisioner.openicf-webex.json"),
    )
    notes = Notes("the file", Lines())

    assert [] == wrong_in_openidm(hosts, provisioner, SCHEMA)
    assert [(WEBSOCKET_PORT, "websocket")] == [
        (each["port"], each["protocol"]) for each in hosts["remoteConnectorServers"]
    ]
    assert ["account", "group", "license"] == [
        each.name for each in types_of(provisioner["objectTypes"], SCHEMA, notes)
    ]
    assert [] == notes.mistakes


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda one, _: one["remoteConnectorServers"][0].update(name="x"), "connector server webex"),
        (lambda _, two: two["connectorRef"].update(bundleVersion="2"), "connector webex_connector.ControlHub"),
        (lambda _, two: two["configurationProperties"].update(systm=1), "property systm"),
        (lambda _, two: _property(two, "title").update(nativeName="titel"), "__ACCOUNT__ has no attribute titel"),
        (lambda _, two: _property(two, "title").update(type="integer"), "type of title"),
        (lambda _, two: _property(two, "roles")["items"].update(type="object"), "type of each of roles"),
        (lambda _, two: _property(two, "email").pop("required"), "__NAME__ is required, or is not"),
        (lambda _, two: _property(two, "groups").pop("flags"), "flags of groups"),
    ],
)
def test_a_mistake_in_the_files_of_openidm_is_told(change: Change, said: str) -> None:
    """
    In words that name it.
    """
    hosts = _json("openidm/provisioner.openicf.connectorinfoprovider.json")
    provisioner = _json("openidm/provisioner.openicf-webex.json")
    change(hosts, provisioner)

    assert said in wrong_in_openidm(hosts, provisioner, SCHEMA)


def _property(provisioner: Any, name: str) -> Any:
    return provisioner["objectTypes"]["account"]["properties"][name]


def test_openidm_synchronizes_into_the_types_of_the_provisioner_file() -> None:
    """
    Every target property is a property of the type, what is correlated by is one that is mapped, and there is an action
    for every situation.
    """
    types = _json("openidm/provisioner.openicf-webex.json")["objectTypes"]
    (mapping,) = _json("openidm/sync.json")["mappings"]
    mapped = {each["target"] for each in mapping["properties"]}

    assert "system/webex/account" == mapping["target"]
    assert mapped <= types["account"]["properties"].keys()
    assert {each for query in mapping["correlationQuery"] for each in query["expressionTree"]["all"]} <= mapped
    assert {each.name for each in Situation} == {each["situation"] for each in mapping["policies"]}
    assert {each["action"] for each in mapping["policies"]} <= {each.name for each in Action}
