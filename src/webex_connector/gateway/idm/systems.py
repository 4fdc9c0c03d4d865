"""
The systems behind this door, and their status as `_action=test` tells it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from webex_connector.icf.errors import ConnectorError, UnsupportedOperation
from webex_connector.icf.facade import Facade
from webex_connector.icf.objects import TestReport
from webex_connector.icf.options import OperationOptions


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
class System:
    """
    A named system.
    """

    facade: Facade
    display_name: str
    connector_ref: ConnectorRef


async def status_of(name: str, system: System, options: OperationOptions) -> dict[str, Any]:
    """
    Test a system and return its status. What is wrong is in `error`, with every finding in `detail`; the status itself
    always comes.
    """
    status = {
        "name": name,
        "enabled": True,
        "config": f"config/provisioner.openicf/{name}",
        "connectorRef": system.connector_ref.form,
        "displayName": system.display_name,
        "objectTypes": [info.name for info in system.facade.schema.object_classes],
    }
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
