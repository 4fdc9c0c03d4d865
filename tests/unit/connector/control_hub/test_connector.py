"""
The connector as a whole: its object classes, and what its test finds.
"""

from collections.abc import Iterator
from typing import Any

import pytest

from fakes.hub import OPTIONS, Hub, asked, running_hub
from fakes.virtual_time import VirtualClock
from webex_connector.icf import names
from webex_connector.icf.objects import Finding
from webex_connector.icf.schema import AttributeInfo, Operation
from webex_connector.sandbox.grants import ADMIN_SCOPES, AccessToken

SUBJECTS = ("organisation", "people", "groups", "roles", "licences")
READING = frozenset({Operation.GET, Operation.SEARCH})
WRITING = frozenset({Operation.CREATE, Operation.UPDATE, Operation.DELETE})


async def _tested(hub: Hub) -> dict[str, Finding]:
    return {finding.subject: finding for finding in (await hub.facade.test(OPTIONS)).findings}


async def test_object_classes_come_in_the_order_of_openicf_with_what_they_can_do(hub: Hub) -> None:
    """
    Accounts and groups are written, roles and licences only read; `__ALL__` is there for synchronisation alone.
    """
    assert [
        (names.GROUP, READING | WRITING),
        (names.ACCOUNT, READING | WRITING | {Operation.BULK}),
        ("ROLES", READING),
        (names.ALL, frozenset()),
        ("LICENSES", READING),
    ] == list(hub.facade.schema.operations.items())


async def test_whatever_an_attribute_refers_to_is_there(hub: Hub) -> None:
    """
    References lead to object classes, companions to attributes of the same class, and everything has help.
    """
    schema = hub.facade.schema
    for info in schema.object_classes:
        for fact in _with_parts(info.attributes):
            assert fact.help.endswith("."), fact
            assert fact.refers_to in {None, *schema.operations}
            assert all(info.has(other) for other in (*fact.requires, *fact.excludes))


def _with_parts(facts: tuple[AttributeInfo, ...]) -> Iterator[AttributeInfo]:
    for fact in facts:
        yield fact
        yield from _with_parts(fact.fields)


async def test_a_healthy_connector_has_six_findings(hub: Hub) -> None:
    """
    One look at each kind of object, five requests, nothing written; the road is told, and costs nothing when it is set.
    """
    report = await hub.facade.test(OPTIONS)

    assert report.ok
    assert (*SUBJECTS, "road") == tuple(finding.subject for finding in report.findings)
    details = {finding.subject: finding.detail for finding in report.findings}
    assert "Acme Example" == details["organisation"]
    assert f"{len(hub.sandbox.world.groups)} groups" == details["groups"]
    assert f"{len(hub.sandbox.world.licenses)} licences" == details["licences"]
    assert ["GET /organizations", "GET /people", "GET /groups", "GET /roles", "GET /licenses"] == asked(hub)


@pytest.mark.parametrize(
    ("missing", "failing"),
    [
        ({"identity:groups_read", "identity:groups_rw"}, "groups"),
        ({"spark-admin:roles_read"}, "roles"),
        ({"spark-admin:licenses_read"}, "licences"),
        ({"spark:people_read", "spark-admin:people_read"}, "people"),
    ],
)
async def test_a_missing_scope_is_the_one_finding_that_fails(
    missing: set[str],
    failing: str,
    clock: VirtualClock,
) -> None:
    """
    It says what may not be done, with the tracking id; without people nothing further is tried.
    """
    async with running_hub(clock, authenticationMethod="TOKEN", authToken="poor") as hub:
        hub.sandbox.world.grants.grant(AccessToken("poor", "service-app", None, ADMIN_SCOPES - missing))
        findings = await _tested(hub)

    assert [failing] == [finding.subject for finding in findings.values() if not finding.ok]
    assert "may not do this" in findings[failing].detail
    assert findings[failing].tracking_id
    assert (SUBJECTS[:2] if failing == "people" else SUBJECTS) == tuple(findings)


async def test_the_scope_for_the_organisation_may_be_missing(clock: VirtualClock) -> None:
    """
    Nothing else needs it, so that it does not fail the test; the finding says so all the same.
    """
    async with running_hub(clock, authenticationMethod="TOKEN", authToken="poor") as hub:
        scopes = ADMIN_SCOPES - {"spark-admin:organizations_read"}
        hub.sandbox.world.grants.grant(AccessToken("poor", "service-app", None, scopes))
        report = await hub.facade.test(OPTIONS)

    assert report.ok
    assert "may not do this" in report.findings[0].detail


@pytest.mark.parametrize(
    ("properties", "sentence"),
    [
        ({"authenticationMethod": "TOKEN", "authToken": "wrong"}, "Webex did not accept the access token"),
        ({"clientSecret": "wrong"}, "The token endpoint refused to give a token"),
        ({"refreshToken": "wrong"}, "The token endpoint refused to give a token"),
        ({"serviceUri": "http://127.0.0.1:1/v1"}, "Webex could not be reached"),
        ({"tokenEndpoint": "http://127.0.0.1:1/v1/access_token"}, "Webex could not be reached"),
    ],
)
async def test_what_nothing_works_without_ends_the_test(
    properties: dict[str, Any],
    sentence: str,
    clock: VirtualClock,
) -> None:
    """
    Wrong credentials and an unreachable host are a finding, not an exception, and the only one.
    """
    async with running_hub(clock, **properties) as hub:
        report = await hub.facade.test(OPTIONS)

    assert not report.ok
    (finding,) = report.findings
    assert "organisation" == finding.subject
    assert finding.detail.startswith(sentence)
    assert "wrong" not in finding.detail
