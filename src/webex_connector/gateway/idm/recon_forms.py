"""
Reconciliations as JSON, with upstream's keys in upstream's order.

Source: PingIDM, "Manage reconciliation" and "Reconciliation associations"; `ReconciliationContext` in OpenIDM.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

from webex_connector.gateway.idm.recons import Entry, Linked, MappingFacts, Reconciliation, Seen, Stage, Wish
from webex_connector.icf.schema import AttributeInfo, ObjectClassInfo

SITUATIONS: Final = (
    "SOURCE_IGNORED",
    "FOUND_ALREADY_LINKED",
    "UNQUALIFIED",
    "ABSENT",
    "TARGET_IGNORED",
    "MISSING",
    "ALL_GONE",
    "UNASSIGNED",
    "AMBIGUOUS",
    "CONFIRMED",
    "LINK_ONLY",
    "SOURCE_MISSING",
    "FOUND",
)
"""
The situations in the order in which a summary has them, those with no record included.
"""

_DESCRIBED: Final[Mapping[Stage, str]] = {
    Stage.INITIALIZED: "initialized to start reconciliation run",
    Stage.QUERYING: "querying source, target and possibly link sets to reconcile",
    Stage.WRITING: "reconciling source ids",
    Stage.CANCELING: "canceling the reconciliation",
    Stage.SUCCESS: "reconciliation completed.",
    Stage.CANCELED: "reconciliation aborted.",
    Stage.FAILED: "reconciliation failed",
}


def summary(found: Reconciliation, mapping: MappingFacts | None) -> dict[str, Any]:
    """
    Return a reconciliation as `GET recon/<id>` tells it.
    """
    described = _DESCRIBED[found.stage]
    did = found.did
    duration = None if found.ended is None else round((found.ended - found.started).total_seconds() * 1000)
    return {
        "_id": found.id,
        "mapping": found.mapping,
        "state": found.state.value,
        "stage": found.stage.value,
        "stageDescription": described if found.message is None else f"{described.rstrip('.')}: {found.message}",
        "progress": {
            "source": {"existing": _seen(found.source)},
            "target": {
                "existing": _seen(found.target),
                "created": did.created,
                "unchanged": did.unchanged,
                "updated": did.updated,
                "deleted": did.deleted,
            },
            "links": {"existing": _seen(Seen()), "created": did.linked},
        },
        "situationSummary": {name: found.situations.get(name, 0) for name in SITUATIONS},
        "statusSummary": {"SUCCESS": did.succeeded, "FAILURE": did.failed},
        "durationSummary": {name: _duration(seconds) for name, seconds in found.seconds.items()},
        "parameters": _parameters(found.wish, mapping),
        "started": _moment(found.started),
        "ended": "" if found.ended is None else _moment(found.ended),
        "duration": duration,
    }


def association(found: Reconciliation, mapping: MappingFacts | None) -> dict[str, Any]:
    """
    Return a reconciliation as `recon/assoc` tells it.
    """
    return {
        "_id": found.id,
        "mapping": found.mapping,
        "sourceResourceCollection": None if mapping is None else mapping.source,
        "targetResourceCollection": None if mapping is None else mapping.target,
        "isAnalysis": str(found.analysis).lower(),
        "finishTime": None if found.ended is None else _moment(found.ended),
    }


def entry(recon: str, found: Entry) -> dict[str, Any]:
    """
    Return an entry as `recon/assoc/<id>/entry` tells it.
    """
    return {
        "_id": str(found.number),
        "reconId": recon,
        "situation": found.situation,
        "action": found.action,
        "phase": "source" if found.is_of_source else "target",
        "linkQualifier": found.qualifier,
        "sourceObjectId": found.source_key,
        "targetObjectId": found.target_uid,
        "ambiguousTargetObjectIds": ", ".join(found.candidates) or None,
        "status": "FAILURE" if found.failed else "SUCCESS",
        "exception": found.error,
        "message": found.message,
        "messageDetail": found.detail,
    }


def mapping_form(found: MappingFacts) -> dict[str, Any]:
    """
    Return a mapping as `sync/mappings` tells it.
    """
    return {
        "_id": found.name,
        "name": found.name,
        "source": found.source,
        "target": found.target,
        "enableSync": found.enabled,
        "links": found.links,
        "properties": list(found.properties),
        "policies": list(found.policies),
    }


def linked_form(found: Linked) -> dict[str, Any]:
    """
    Return what something belongs to as `sync?_action=getLinkedResources` tells it.
    """
    return {
        "resourceName": f"{found.resource}/{found.id}",
        "linkQualifier": found.qualifier,
        "linkType": found.mapping.links,
        "mappings": [
            {"name": found.mapping.name, "type": "source" if found.resource == found.mapping.source else "target"}
        ],
    }


def _columns(name: str, *columns: str) -> ObjectClassInfo:
    # A search goes by what it says, in any case, as everywhere at this door.
    return ObjectClassInfo(name, name, tuple(AttributeInfo(column, column) for column in columns))


ASSOCIATIONS: Final = _columns(
    "recon/assoc", "mapping", "sourceResourceCollection", "targetResourceCollection", "isAnalysis", "finishTime"
)
"""
What associations can be filtered by.
"""

SUMMARIES: Final = _columns("recon", "mapping", "state", "stage", "started", "ended")
"""
What summaries can be filtered by.
"""

ENTRIES: Final = _columns(
    "recon/assoc/entry",
    "reconId",
    "situation",
    "action",
    "phase",
    "linkQualifier",
    "sourceObjectId",
    "targetObjectId",
    "ambiguousTargetObjectIds",
    "status",
    "exception",
    "message",
    "messageDetail",
)
"""
What entries can be filtered by.
"""

MAPPINGS: Final = _columns("sync/mappings", "name", "source", "target", "links")
"""
What mappings can be filtered by.
"""


def _seen(found: Seen) -> dict[str, Any]:
    return {"processed": found.processed, "total": "?" if found.total is None else str(found.total)}


def _duration(seconds: float) -> dict[str, Any]:
    whole = round(seconds * 1000)
    return {"min": whole, "max": whole, "mean": whole, "count": 1, "sum": whole, "stdDev": 0}


def _parameters(wish: Wish | None, mapping: MappingFacts | None) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if mapping is not None:
        found["sourceQuery"] = {"resourceName": mapping.source}
        found["targetQuery"] = {"resourceName": mapping.target}
    if wish is not None:
        found["analyze"] = wish.analyze
        given = {
            "ids": None if wish.ids is None else list(wish.ids),
            "runTargetPhase": wish.target_phase,
            "allowEmptySourceSet": wish.allow_empty_source,
        }
        found |= {name: value for name, value in given.items() if value is not None}
    return found


def _moment(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
