"""
`_action=liveSync`: what changed in a system since a token.

Upstream keeps the token between two calls and hands the changes to its mappings; this door keeps nothing, so that the
caller brings the token and may have the changes. Source: `SystemObjectSetService` and `OpenICFProvisionerService` in
OpenIDM, for the answer, and for the rule that a call without a token begins at now and tells of no change.
"""

from collections import Counter
from collections.abc import AsyncGenerator, Mapping
from typing import Any, Final

from webex_connector.gateway.idm.objects import View, fields_of
from webex_connector.gateway.idm.parameters import Parameters
from webex_connector.gateway.idm.target import Target
from webex_connector.icf.operations import DeltaType, SyncDelta
from webex_connector.icf.options import OperationOptions
from webex_connector.icf.schema import ObjectClassInfo

TOKEN: Final = "_syncToken"  # noqa: S105 - the parameter's name; a place in a list of changes is no secret
"""
The parameter of ours that says since when.
"""

DELTAS: Final = "_deltas"
"""
The parameter of ours that asks for the changes themselves.
"""

_WORDS: Final[Mapping[DeltaType, str]] = {
    DeltaType.CREATE: "create",
    DeltaType.UPDATE: "update",
    DeltaType.DELETE: "delete",
    DeltaType.CREATE_OR_UPDATE: "createOrUpdate",
}


async def synced(
    system: str,
    facade: Target,
    info: ObjectClassInfo,
    parameters: Parameters,
    options: OperationOptions,
) -> dict[str, Any]:
    """
    Return the stage object: the token to go on from, how many changes of which kind there were, and on demand the
    changes. `_pageSize` ends it after so many, at a token of its own.

    Raises UnsupportedOperation when the system cannot tell, and any other ConnectorError; then the token of the caller
    is still the one to go on from.
    """
    token = parameters.text(TOKEN)
    most, showing = parameters.number("_pageSize"), parameters.flag(DELTAS)
    view = View(info, fields_of(parameters.text("_fields"), rows=True))
    counts = Counter(dict.fromkeys(_WORDS.values(), 0))
    shown: list[dict[str, Any]] = []
    if token is None:
        token = await facade.latest_token(info.name, options)
    else:
        changes = facade.sync(info.name, token, options)
        async for delta in changes:
            token = delta.token
            counts[_WORDS[delta.type]] += 1
            if showing:
                shown.append(_shown(delta, view))
            if counts.total() == most:
                break
        if isinstance(changes, AsyncGenerator):
            await changes.aclose()
    return {
        "_id": f"SYSTEM{system}{info.name}".upper(),
        "connectorData": {"nativeType": info.name, "syncToken": token},
        "deltaCounts": dict(counts),
        **({"deltas": shown} if showing else {}),
    }


def natively(stage: dict[str, Any], native: str) -> dict[str, Any]:
    """
    Return a stage object that names the object class as the connector does.
    """
    return {**stage, "connectorData": {**stage["connectorData"], "nativeType": native}}


def _shown(delta: SyncDelta, view: View) -> dict[str, Any]:
    return {
        "type": _WORDS[delta.type],
        "_id": delta.uid,
        **({"_previous-id": delta.previous_uid} if delta.previous_uid else {}),
        "syncToken": delta.token,
        **({"object": view.row(delta.object)} if delta.object is not None else {}),
    }
