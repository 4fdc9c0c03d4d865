"""
The systems behind this door, and their status as `_action=test` tells it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from webex_connector.gateway.idm.errors import Problem
from webex_connector.gateway.idm.shaped import ShapedFacade
from webex_connector.gateway.idm.shapes import ObjectType
from webex_connector.gateway.idm.target import Target
from webex_connector.icf.denials import NOTHING_DENIED, Denials
from webex_connector.icf.errors import ConnectorError, UnsupportedOperation
from webex_connector.icf.facade import Facade
from webex_connector.icf.objects import TestReport
from webex_connector.icf.options import OperationOptions
from webex_connector.icf.schema import Operation

NOT_AVAILABLE: Final = "connector not available"
"""
What is wrong with a system that is disabled.
"""


@dataclass(frozen=True, slots=True)
class ConnectorRef:
    """
    Which connector stands behind a system, in the words of OpenICF.
    """

    bundle_name: str
    bundle_version: str
    connector_name: str

    @property
    def form(self) -> Mapping[str, str]:
        """
        The reference as JSON data.
        """
        return {
            "bundleVersion": self.bundle_version,
            "bundleName": self.bundle_name,
            "connectorName": self.connector_name,
        }


@dataclass(frozen=True, slots=True)
class Shape:
    """
    What a provisioner file says about a system at this door.
    """

    enabled: bool = True
    types: tuple[ObjectType, ...] | None = None
    """
    The object types there are; None for every object class as it is.
    """
    silently: Denials = NOTHING_DENIED
    """
    Of the denied writes, those that are to do nothing instead of being refused.
    """


AS_IT_IS = Shape()
"""
A system that no provisioner file describes.
"""


@dataclass(frozen=True, slots=True)
class Script:
    """
    A script that a system's configuration names.
    """

    language: str
    text: str
    place: str
    """
    Where it stands, for people.
    """


@dataclass(frozen=True, slots=True)
class System:
    """
    A named system.
    """

    facade: Facade
    display_name: str
    connector_ref: ConnectorRef
    shape: Shape = AS_IT_IS
    scripts: Mapping[str, Script] = field(default_factory=dict)

    @property
    def target(self) -> Target:
        """
        What this door calls.
        """
        return self.facade if self.shape.types is None else ShapedFacade(self.facade, self.shape.types)

    def usable(self) -> Target:
        """
        Return what this door calls. Raises Problem (503) when the system is disabled.
        """
        self.refuse_disabled()
        return self.target

    def refuse_disabled(self) -> None:
        """
        Raise Problem (503) when the system is disabled.
        """
        if not self.shape.enabled:
            raise Problem(503, NOT_AVAILABLE)

    def native(self, object_class: str) -> str:
        """
        Return the connector's own name of an object class that is shown under this one.
        """
        return next((each.native.name for each in self.shape.types or () if each.name == object_class), object_class)

    def ignored(self, object_class: str) -> frozenset[Operation]:
        """
        Return the writes of an object class, by the name it is shown under, that are to do nothing.
        """
        native = self.native(object_class)
        writes = (Operation.CREATE, Operation.UPDATE, Operation.DELETE)
        return frozenset(each for each in writes if self.shape.silently.covers(each, native))


async def status_of(name: str, system: System, options: OperationOptions) -> dict[str, Any]:
    """
    Test a system and return its status. What is wrong is in `error`, with every finding in `detail`; the status itself
    always comes.
    """
    status = {
        "name": name,
        "enabled": system.shape.enabled,
        "config": f"config/provisioner.openicf/{name}",
        "connectorRef": system.connector_ref.form,
        "displayName": system.display_name,
        "objectTypes": [info.name for info in system.target.schema.object_classes],
    }
    if not system.shape.enabled:
        return {**status, "error": NOT_AVAILABLE, "ok": False}
    return {**status, **await outcome_of(system.facade, options)}


async def outcome_of(facade: Facade, options: OperationOptions) -> dict[str, Any]:
    """
    Test a connector: `ok`, and if that is false `error` before it and `detail` behind it.
    """
    try:
        report = await facade.test(options)
    except UnsupportedOperation:
        return {"error": "TEST UnsupportedOperation", "ok": False}
    except ConnectorError as error:
        detail = {"detail": {"trackingId": error.tracking_id}} if error.tracking_id else {}
        return {"error": error.message, "ok": False, **detail}
    if report.ok:
        return {"ok": True}
    return {"error": report.error, "ok": False, "detail": _findings(report)}


def _findings(report: TestReport) -> list[dict[str, Any]]:
    return [
        {"subject": each.subject, "ok": each.ok, "detail": each.detail}
        | ({"trackingId": each.tracking_id} if each.tracking_id else {})
        | ({"remedy": each.remedy} if each.remedy else {})
        for each in report.findings
    ]
