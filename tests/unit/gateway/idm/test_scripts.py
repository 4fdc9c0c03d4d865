"""
The action `script` on a system: which script runs, with which arguments, and what the answer says.
"""

from collections.abc import Mapping
from typing import Any

import pytest

from fakes.idm_door import REF, Rig
from fakes.memory_connector import MemoryConnector
from webex_connector.gateway.idm.systems import Script, Shape, System
from webex_connector.icf.calling import Operations
from webex_connector.icf.errors import ScriptFailed
from webex_connector.icf.options import OperationOptions

ROOT = "/openidm/system/webex"


class Scripted(MemoryConnector):
    """
    A connector whose scripts tell what they were given, or fail.
    """

    async def run_script(
        self,
        language: str,
        text: str,
        arguments: Mapping[str, Any],
        operations: Operations,
        options: OperationOptions,
    ) -> object:
        """
        Return everything; a script `fail` fails.
        """
        if text == "fail":
            raise ScriptFailed("The script failed: line 1: ValueError: no")
        return [language, text, dict(arguments), operations.system, options.actor.name, options.dry_run]


@pytest.fixture
def scripted(rig: Rig) -> Rig:
    """
    A door to a system with two scripts.
    """
    scripts = {"tell": Script("python", "tell", "tell.py"), "fail": Script("python", "fail", "fail.py")}
    rig.systems["webex"] = System(rig.facade(Scripted()), "Webex Connector", REF, scripts=scripts)
    return rig


@pytest.mark.parametrize("name", ["scriptId", "_scriptId"])
async def test_a_script_runs_with_its_arguments(name: str, scripted: Rig) -> None:
    """
    Parameters and the members of the body are arguments; the interface's own parameters are not.
    """
    answer = await scripted.send("POST", f"{ROOT}?_action=script&{name}=tell&a=1&_dryRun=true", {"b": [2]})

    told = ["python", "tell", {"a": "1", "b": [2]}, "webex", "ida", True]
    assert (200, {"actions": [{"result": told}]}) == (answer.status_code, answer.json())


async def test_arguments_have_a_prefix(scripted: Rig) -> None:
    """
    `scriptVariablePrefix` stands before each argument's name.
    """
    words = "_action=script&scriptId=tell&scriptVariablePrefix=x_&scriptExecuteMode=connector"
    answer = await scripted.send("POST", f"{ROOT}?{words}", {"b": 2})

    assert {"x_b": 2} == answer.json()["actions"][0]["result"][2]


async def test_a_failing_script_is_told(scripted: Rig) -> None:
    """
    The request was answered; what the script came to is in the answer.
    """
    answer = await scripted.send("POST", f"{ROOT}?_action=script&scriptId=fail")

    reason = "The script failed: line 1: ValueError: no"
    assert (200, {"actions": [{"error": reason}]}) == (answer.status_code, answer.json())


async def test_a_connector_without_scripts_says_so(rig: Rig) -> None:
    """
    A script that is configured for a connector that runs none fails by name.
    """
    rig.systems["webex"] = System(rig.facade(), "", REF, scripts={"tell": Script("python", "1", "tell.py")})
    answer = await rig.send("POST", f"{ROOT}?_action=script&scriptId=tell")

    assert [{"error": "webex does not support SCRIPT_ON_CONNECTOR"}] == answer.json()["actions"]


WRONG = [
    ("", None, 400, "Missing required parameter: scriptId"),
    ("&scriptId=none", None, 400, "Script ID: none is not defined."),
    ("&scriptId=tell", [1], 400, "The body holds the script's arguments: a JSON object"),
    (
        "&scriptId=tell&scriptExecuteMode=resource",
        None,
        501,
        "Scripts run on the connector; scriptExecuteMode=resource would run them in Webex, which runs none",
    ),
]


@pytest.mark.parametrize(("words", "body", "code", "sentence"), WRONG)
async def test_what_is_wrong_is_said(words: str, body: object, code: int, sentence: str, scripted: Rig) -> None:
    """
    Each mistake has its sentence.
    """
    answer = await scripted.send("POST", f"{ROOT}?_action=script{words}", body)

    assert (code, sentence) == (answer.status_code, answer.json()["message"])


async def test_readers_run_no_scripts(scripted: Rig) -> None:
    """
    It takes the right to run scripts.
    """
    answer = await scripted.send(
        "POST", f"{ROOT}?_action=script&scriptId=tell", X_OpenIDM_Username="reader", X_OpenIDM_Password="right"
    )

    assert 403 == answer.status_code
    assert "reader may not run scripts: the role reader does not allow it" in answer.text


async def test_a_disabled_system_runs_none(scripted: Rig) -> None:
    """
    Its scripts are as unavailable as everything else.
    """
    system = scripted.systems["webex"]
    scripted.systems["webex"] = System(system.facade, "", REF, Shape(enabled=False), system.scripts)
    answer = await scripted.send("POST", f"{ROOT}?_action=script&scriptId=tell")

    assert 503 == answer.status_code
