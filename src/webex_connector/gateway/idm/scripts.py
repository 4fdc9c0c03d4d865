"""
The action `script`: a script that the system's configuration names, run on its connector.

Source: `SystemObjectSetService` in OpenIDM; PingIDM, "Run scripts on a remote system".
"""

from typing import Any, Final

from webex_connector.gateway.idm.asked import Asked
from webex_connector.gateway.idm.errors import Problem
from webex_connector.gateway.idm.systems import System
from webex_connector.gateway.rights import Right
from webex_connector.icf.errors import ScriptFailed, UnsupportedOperation

_ID: Final = "scriptId"
_MODE: Final = "scriptExecuteMode"
_PREFIX: Final = "scriptVariablePrefix"
_OURS: Final = (_ID, _MODE, _PREFIX)


async def ran(name: str, system: System, asked: Asked) -> dict[str, Any]:
    """
    Run the script that `scriptId` names; other parameters and the members of the body are its arguments.

    A script that fails is told in the answer, as OpenIDM does. Raises Problem (400) for a script that is not there.
    """
    asked.client.require(Right.RUN_SCRIPTS, name)
    script_id = asked.parameters.text(_ID) or asked.parameters.text("_scriptId")
    if script_id is None:
        raise Problem(400, f"Missing required parameter: {_ID}")
    if (asked.parameters.text(_MODE) or "").lower() == "resource":
        raise Problem(501, f"Scripts run on the connector; {_MODE}=resource would run them in Webex, which runs none")
    script = system.scripts.get(script_id)
    if script is None:
        raise Problem(400, f"Script ID: {script_id} is not defined.")
    system.refuse_disabled()
    try:
        result = await system.facade.run_script(script.language, script.text, _arguments(asked), asked.options)
    except (ScriptFailed, UnsupportedOperation) as error:
        return {"actions": [{"error": error.message}]}
    return {"actions": [{"result": result}]}


def _arguments(asked: Asked) -> dict[str, Any]:
    if asked.body is not None and not isinstance(asked.body, dict):
        raise Problem(400, "The body holds the script's arguments: a JSON object")
    prefix = asked.parameters.text(_PREFIX) or ""
    given = {key: value for key, value in asked.parameters.others().items() if key not in _OURS}
    return {f"{prefix}{key}": value for key, value in {**given, **(asked.body or {})}.items()}
