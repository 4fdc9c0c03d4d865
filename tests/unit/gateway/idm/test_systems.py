"""
The status of systems.
"""

from collections.abc import Mapping
from dataclasses import replace

import pytest

from fakes.idm_door import REF, Rig
from webex_connector.gateway.idm.systems import System
from webex_connector.icf.errors import AccessRefused
from webex_connector.icf.objects import Finding, TestReport, Verdict
from webex_connector.icf.operations import Handler

WELL = {
    "name": "webex",
    "enabled": True,
    "config": "config/provisioner.openicf/webex",
    "connectorRef": {
        "bundleVersion": "1.5.20.34",
        "bundleName": "org.example.bundle",
        "connectorName": "org.example.Connector",
    },
    "displayName": "Webex Connector",
    "objectTypes": ["__ACCOUNT__", "__GROUP__", "ROLES", "LICENSES", "__ALL__"],
    "ok": True,
}


@pytest.mark.parametrize(
    "path",
    ["/system/webex?_action=test", "/openidm/system/webex/?_action=TEST", "/system?_action=test&id=webex"],
)
async def test_a_system_that_works_says_so(rig: Rig, path: str) -> None:
    """
    The status has the known keys in the known order, with or without prefix, without any body.
    """
    answer = await rig.http.post(path, headers={"Accept-API-Version": "resource=1.0"})
    assert answer.json() == WELL
    assert list(answer.json()) == list(WELL)
    assert list(answer.json()["connectorRef"]) == ["bundleVersion", "bundleName", "connectorName"]


async def test_all_systems_are_tested_at_once(rig: Rig) -> None:
    """
    Without a name the answer is a list; the name may also stand in the body.
    """
    rig.systems["other"] = System(rig.facade(), "Other", REF)
    answer = await rig.send("POST", "/openidm/system?_action=test")
    assert [status["name"] for status in answer.json()] == ["webex", "other"]
    assert (await rig.send("POST", "/system?_action=test", {"id": "other"})).json()["displayName"] == "Other"
    assert (await rig.send("POST", "/system?_action=test", {"id": "none"})).status_code == 404


async def test_what_is_wrong_is_told_with_200(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    """
    A system that does not work has the first error, and every finding in the detail.
    """

    async def report(*_: object) -> TestReport:
        scopes = Finding("scopes", Verdict.NO, "people_read", tracking_id="T", remedy="Ask for it.")
        return TestReport((Finding("token"), scopes))

    monkeypatch.setattr(rig.connector, "test", report)
    answer = await rig.send("POST", "/system/webex?_action=test")
    assert answer.status_code == 200
    assert answer.json() == WELL | {
        "error": "scopes: people_read",
        "ok": False,
        "detail": [
            {"subject": "token", "ok": True, "detail": ""},
            {"subject": "scopes", "ok": False, "detail": "people_read", "trackingId": "T", "remedy": "Ask for it."},
        ],
    }
    assert list(answer.json())[-3:] == ["error", "ok", "detail"]


async def test_an_error_of_the_test_itself_is_told_too(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    """
    When the test fails as a whole, the status says why.
    """

    async def refused(*_: object) -> TestReport:
        raise AccessRefused("The token is not accepted", tracking_id="T")

    monkeypatch.setattr(rig.connector, "test", refused)
    answer = await rig.send("POST", "/system/webex?_action=test")
    assert answer.json() == WELL | {
        "error": "The token is not accepted",
        "ok": False,
        "detail": {"trackingId": "T"},
    }


class _Mute:
    """
    A connector that can do nothing at all.
    """

    @property
    def handlers(self) -> Mapping[str, Handler]:
        return {}

    async def aclose(self) -> None:
        pass


async def test_a_connector_without_a_test_says_so(rig: Rig) -> None:
    """
    That a connector cannot be tested is an error of the status in the upstream's words.
    """
    rig.systems["webex"] = replace(rig.systems["webex"], facade=rig.facade(_Mute()))
    answer = await rig.send("POST", "/system/webex?_action=test")
    assert answer.json() == WELL | {"error": "TEST UnsupportedOperation", "ok": False, "objectTypes": []}
