"""
Actions on all systems and on one of them.
"""

from typing import Any

import pytest

from fakes.idm_door import REF, Rig
from webex_connector.gateway.idm.systems import System

ROOT = "/openidm/system"
CORE = {"connectorRef": {"connectorName": "org.example.Connector"}}
ONE = {
    "connectorName": "org.example.Connector",
    "displayName": "In memory",
    "bundleName": "org.example.bundle",
    "systemType": "provisioner.openicf",
    "bundleVersion": "1.5.20.34",
}


@pytest.mark.parametrize("action", ["availableConnectors", "AVAILABLECONNECTORS", "createConfiguration"])
async def test_the_connectors_there_are(rig: Rig, action: str) -> None:
    """
    The connectors are listed in the known form, with and without the staged action.
    """
    answer = await rig.send("POST", f"{ROOT}?_action={action}")
    assert (answer.status_code, answer.json()) == (200, {"connectorRef": [ONE]})


@pytest.mark.parametrize("action", ["createCoreConfig", "createConfiguration"])
async def test_a_configuration_to_fill_in(rig: Rig, action: str) -> None:
    """
    The core configuration has every property with its default.
    """
    answer = (await rig.send("POST", f"{ROOT}?_action={action}", CORE)).json()
    assert list(answer) == [
        "connectorRef",
        "poolConfigOption",
        "resultsHandlerConfig",
        "operationTimeout",
        "configurationProperties",
    ]
    assert answer["connectorRef"] == ONE
    assert answer["configurationProperties"] == {
        "serviceUri": "https://example.com",
        "clientSecret": None,
        "classes": [],
    }


@pytest.mark.parametrize("action", ["createFullConfig", "createConfiguration"])
async def test_the_whole_configuration(rig: Rig, action: str) -> None:
    """
    The full configuration has every object type with its properties, the operations, and the secret under a name, not
    as it is. The connector that told is closed.
    """
    given = CORE | {"name": "acme", "configurationProperties": {"clientSecret": "hush", "classes": ["A"]}}
    answer = await rig.send("POST", f"{ROOT}?_action={action}", given)
    content = answer.json()
    assert "hush" not in answer.text
    assert content["name"] == "acme"
    assert content["configurationProperties"] == {
        "serviceUri": "https://example.com",
        "clientSecret": "&{acme.clientSecret}",
        "classes": ["A"],
    }
    assert list(content["objectTypes"]) == ["__ACCOUNT__", "__GROUP__", "ROLES", "LICENSES", "__ALL__"]
    account = content["objectTypes"]["__ACCOUNT__"]
    assert {key: account[key] for key in ("id", "type", "nativeType")} == {
        "id": "__ACCOUNT__",
        "type": "object",
        "nativeType": "__ACCOUNT__",
    }
    assert account["properties"]["emails"] == {
        "type": "array",
        "nativeName": "emails",
        "nativeType": "string",
        "items": {"type": "string", "nativeType": "string"},
        "required": True,
        "flags": ["MULTIVALUED"],
    }
    assert account["properties"]["created"]["flags"] == ["NOT_CREATABLE", "NOT_UPDATEABLE"]
    assert content["operationOptions"]["DELETE"] == {"denied": False, "onDeny": "DO_NOTHING"}
    assert "SYNC" not in content["operationOptions"]
    assert rig.offer.connector.closed


async def test_a_configuration_is_tested_and_forgotten(rig: Rig) -> None:
    """
    A configuration that works is said to; no system is added by it.
    """
    given = CORE | {"name": "acme", "configurationProperties": {"clientSecret": "hush"}}
    answer = await rig.send("POST", f"{ROOT}?_action=testConfig", given)
    assert answer.json() == {"name": "acme", "ok": True}
    assert rig.offer.seen[0]["serviceUri"] == "https://example.com"
    assert rig.offer.connector.closed
    assert (await rig.send("POST", f"{ROOT}/acme?_action=test")).status_code == 404


async def test_everything_wrong_with_a_configuration_is_told(rig: Rig) -> None:
    """
    What is wrong with the properties comes at once: in the test as its error, in the full configuration as 400.
    """
    given = CORE | {"name": "acme", "configurationProperties": {"serviceURI": "x", "classes": 5}}
    mistakes = [
        {"property": "serviceURI", "problem": "is not a property; did you mean serviceUri?"},
        {"property": "classes", "problem": "must be a list of texts, not 5"},
    ]
    tested = await rig.send("POST", f"{ROOT}?_action=testConfig", given)
    assert tested.json() == {
        "name": "acme",
        "error": ("serviceURI: is not a property; did you mean serviceUri?; classes: must be a list of texts, not 5"),
        "ok": False,
        "detail": {"mistakes": mistakes},
    }
    full = await rig.send("POST", f"{ROOT}?_action=createFullConfig", given)
    assert (full.status_code, full.json()["detail"]) == (400, {"mistakes": mistakes})


BAD: list[tuple[str, Any, int, str]] = [
    ("?_action=testConfig", CORE, 400, "The configuration has no name"),
    (
        "?_action=testConfig&id=webex",
        CORE | {"name": "a"},
        400,
        "testConfig takes no id; the configuration in the body has a name",
    ),
    ("?_action=testConfig", {"name": "a"}, 404, "No connector name provided"),
    ("?_action=createCoreConfig", {"connectorRef": "x"}, 404, "No connector name provided"),
    (
        "?_action=createFullConfig",
        {"connectorRef": {"connectorName": "org.example.Ldap"}},
        404,
        "Connector org.example.Ldap is not available; there are: org.example.Connector",
    ),
    (
        "?_action=createCoreConfig",
        None,
        400,
        "The request could not be processed because the provided content is not a JSON object",
    ),
    (
        "?_action=testConfig",
        CORE | {"name": "a", "configurationProperties": ["x"]},
        400,
        "'configurationProperties' is not a JSON object",
    ),
    (
        "?_action=authenticate&username=a&password=b",
        None,
        400,
        "authenticate needs an object class: system/webex/__ACCOUNT__?_action=authenticate",
    ),
    (
        "/webex?_action=authenticate",
        None,
        400,
        "authenticate needs an object class: system/webex/__ACCOUNT__?_action=authenticate",
    ),
    (
        "/webex/__ACCOUNT__?_action=authenticate&username=a",
        None,
        400,
        "authenticate needs password",
    ),
    (
        "/webex/__ACCOUNT__?_action=authenticate&username=a",
        {"password": "b"},
        501,
        "__ACCOUNT__ does not support AUTHENTICATE",
    ),
    (
        "?_action=liveSync",
        None,
        400,
        "liveSync needs a source: _action=liveSync&source=system/webex/__ACCOUNT__",
    ),
    (
        "?_action=liveSync&source=managed/user",
        None,
        400,
        "The source managed/user is no system and no object class of one",
    ),
    ("?_action=liveSync&source=system/nope/ROLES", None, 404, "System: nope is not available."),
    ("/webex/ROLES?_action=liveSync", None, 501, "ROLES does not support SYNC"),
    ("/webex?_action=activeSync", None, 501, "__ALL__ does not support SYNC"),
]


@pytest.mark.parametrize(("address", "body", "code", "message"), BAD)
async def test_a_bad_action_is_named(rig: Rig, address: str, body: Any, code: int, message: str) -> None:
    """
    Each has its code and its sentence, and no connector was opened.
    """
    answer = await rig.send("POST", f"{ROOT}{address}", body)
    assert (answer.status_code, answer.json()["message"]) == (code, message)
    assert not rig.offer.seen


@pytest.mark.parametrize(
    ("client", "why"),
    [
        ("reader", "reader may not configure: the role reader does not allow it"),
        ("elsewhere", "elsewhere may not configure here: it takes the right to all systems"),
    ],
)
@pytest.mark.parametrize("action", ["testConfig", "createFullConfig", "createCoreConfig", "availableConnectors"])
async def test_configurations_are_not_for_everybody(rig: Rig, client: str, why: str, action: str) -> None:
    """
    Who may only read, or use some systems, cannot send this server to an address of their choice.
    """
    given = CORE | {"name": "acme", "configurationProperties": {"serviceUri": "http://169.254.169.254"}}
    answer = await rig.send("POST", f"{ROOT}?_action={action}", given, X_OpenIDM_Username=client)
    assert (answer.status_code, answer.json()["message"]) == (403, why)
    assert not rig.offer.seen


async def test_a_client_of_another_system_cannot_sync_this_one(rig: Rig) -> None:
    """
    The source of a synchronisation is a system that the client may use.
    """
    rig.systems["other"] = System(rig.facade(), "Other", REF)
    answer = await rig.send(
        "POST",
        f"{ROOT}?_action=liveSync&source=system/webex/__ACCOUNT__",
        X_OpenIDM_Username="elsewhere",
    )
    assert (answer.status_code, answer.json()["message"]) == (403, "elsewhere may not use webex")
