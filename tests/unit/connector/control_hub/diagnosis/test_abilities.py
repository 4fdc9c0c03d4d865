"""
What the credentials allow, told by a few reads: against the sandbox, with each scope missing in turn.
"""

from typing import Any

import msgspec
import pytest

from fakes.hub import OPTIONS, Hub, asked, running_hub
from fakes.virtual_time import VirtualClock
from webex_connector.icf.objects import Finding, Verdict
from webex_connector.sandbox.faults import Fail, Fault
from webex_connector.sandbox.grants import ADMIN_SCOPES, AccessToken, Credentials
from webex_connector.sandbox.records import READ_ONLY_ADMIN

FIXED: dict[str, Any] = {"authenticationMethod": "TOKEN", "authToken": "sandbox-service-app-token"}
MORE = ["TEAMS", "LOCATIONS"]


async def tested(hub: Hub) -> dict[str, Finding]:
    """
    Return the findings by subject.
    """
    return {finding.subject: finding for finding in (await hub.facade.test(OPTIONS)).findings}


async def test_a_healthy_connector_is_told_from_eight_reads(hub: Hub) -> None:
    """
    Each thing is asked once and nothing is written; the road costs nothing when it is set.
    """
    report = await hub.facade.test(OPTIONS)

    assert report.ok
    assert [
        "GET /adminAudit/events",
        "GET /groups",
        "GET /licenses",
        "GET /organizations",
        "GET /people",
        "GET /people/{id}",
        "GET /roles",
        "GET /Users",
    ] == sorted(asked(hub), key=str.lower)
    assert 0 == hub.sandbox.world.writes
    told = {finding.subject: finding.detail for finding in report.findings}
    assert "Acme Example" == told["organisation"]
    assert f"{len(hub.sandbox.world.groups)} groups" == told["groups"]
    assert "people: the setting says so" == told["road"]
    assert "a service app, which is no person" == told["owner"]
    queries = {each.template: each.query for each in hub.sandbox.trace.requests()}
    assert "excludeStatus=true" in queries["/people"]
    assert "sortBy=meta.lastModified&sortOrder=descending" in queries["/Users"]
    assert not [each for each in report.findings if bool(each.remedy) == (each.verdict is Verdict.YES)]


@pytest.mark.parametrize(
    ("missing", "subjects", "failing"),
    [
        ({"spark-admin:people_read"}, {"people", "changing people"}, 2),
        ({"spark-admin:people_write"}, {"changing people"}, 1),
        ({"identity:groups_read", "identity:groups_rw"}, {"groups", "changing groups"}, 2),
        ({"identity:groups_rw"}, {"changing groups"}, 1),
        ({"spark-admin:roles_read"}, {"roles"}, 1),
        ({"spark-admin:licenses_read"}, {"licences"}, 1),
        ({"identity:people_read", "identity:people_rw"}, {"SCIM", "changing by SCIM"}, 0),
        ({"identity:people_rw"}, {"changing by SCIM"}, 0),
        ({"audit:events_read"}, {"audit events"}, 0),
        ({"spark:teams_read"}, {"teams"}, 1),
        ({"spark:teams_write"}, {"changing teams"}, 1),
        ({"spark:team_memberships_read"}, {"changing teams"}, 1),
        ({"spark:team_memberships_write"}, {"changing teams"}, 1),
        ({"spark-admin:locations_read", "spark-admin:people_read"}, {"people", "changing people", "locations"}, 3),
    ],
)
async def test_a_missing_scope_is_told_with_its_name(
    missing: set[str], subjects: set[str], failing: int, clock: VirtualClock
) -> None:
    """
    What needs it is a no, which fails the test unless the configuration can do without; all the rest is looked at too.
    """
    poor = Credentials(scopes=ADMIN_SCOPES - missing)
    async with running_hub(clock, credentials=poor, objectClasses=MORE) as hub:
        findings = await tested(hub)

    refused = {each.subject: each for each in findings.values() if each.verdict is Verdict.NO}
    assert subjects == set(refused)
    assert failing == sum(not each.ok for each in findings.values())
    for each in refused.values():
        assert any(f"Add {scope}" in each.remedy or f"and {scope}" in each.remedy for scope in missing), each
        assert "My Webex Apps" in each.remedy
    assert {"reach", "credentials", "road", "seats"} <= set(findings)
    assert "SCIM" in subjects or "20 users" == findings["SCIM"].detail


async def test_the_sentences_about_a_missing_scope(clock: VirtualClock) -> None:
    """
    They name what Webex said, the scope, where to add it, and the role that may be missing instead.
    """
    poor = Credentials(scopes=ADMIN_SCOPES - {"spark-admin:roles_read", "spark-admin:people_write"})
    async with running_hub(clock, credentials=poor) as hub:
        findings = await tested(hub)

    assert findings["roles"].detail.startswith("The access token may not do this in Webex: GET /roles: 403")
    assert findings["roles"].tracking_id
    assert (
        "Add spark-admin:roles_read to the integration or service app (https://developer.webex.com, My Webex Apps) and "
        "authorise it anew; if it has that already, make the token's owner Full, User or Read-only Administrator "
        "(Control Hub > Users > Administrator roles)."
    ) == findings["roles"].remedy
    changing = findings["changing people"]
    assert "the token was granted scopes, but not spark-admin:people_write" == changing.detail
    assert "make the token's owner Full or User Administrator" in changing.remedy


async def test_the_scope_for_the_organisation_may_be_missing(clock: VirtualClock) -> None:
    """
    Nothing else needs it: the organisation is found by its people, and the test does not fail.
    """
    poor = Credentials(scopes=ADMIN_SCOPES - {"spark-admin:organizations_read"})
    async with running_hub(clock, credentials=poor) as hub:
        report = await hub.facade.test(OPTIONS)

    findings = {finding.subject: finding for finding in report.findings}
    assert report.ok
    assert Verdict.UNKNOWN is findings["organisation"].verdict
    assert "spark-admin:organizations_read" in findings["organisation"].remedy
    assert "20 users" == findings["SCIM"].detail


async def test_without_any_scope_everything_that_hangs_on_it_is_unknown(clock: VirtualClock) -> None:
    """
    Neither organisation nor people can be seen, so that what has the organisation in its path is not asked for.
    """
    async with running_hub(clock, authenticationMethod="TOKEN", authToken="poor") as hub:
        hub.sandbox.world.grants.grant(AccessToken("poor", "service-app", None, frozenset({"spark:none"})))
        findings = await tested(hub)
        requests = asked(hub)

    unseen = {each.subject for each in findings.values() if each.detail.endswith("cannot be seen")}
    assert {"SCIM", "changing by SCIM", "audit events", "directory", "seats", "licence templates"} == unseen
    assert not [each for each in requests if "Users" in each or "adminAudit" in each]


async def test_whether_a_fixed_token_may_write_is_unknown(clock: VirtualClock) -> None:
    """
    Webex tells its scopes to nobody, and trying would change somebody. That is no failure.
    """
    async with running_hub(clock, **FIXED) as hub:
        report = await hub.facade.test(OPTIONS)

    findings = {finding.subject: finding for finding in report.findings}
    assert report.ok
    for subject, scope in (
        ("changing people", "spark-admin:people_read and spark-admin:people_write"),
        ("changing groups", "identity:groups_rw"),
        ("changing by SCIM", "identity:people_rw"),
    ):
        assert Verdict.UNKNOWN is findings[subject].verdict
        assert f"Webex does not tell whether this token has {scope}, and to try would change somebody" == (
            findings[subject].detail
        )
        assert f"whether the integration or service app has {scope}" in findings[subject].remedy


async def test_the_owner_of_a_token_and_the_roles_are_told(clock: VirtualClock) -> None:
    """
    A full administrator is in order; a read-only one may not write, whatever the scopes.
    """
    async with running_hub(clock, authenticationMethod="TOKEN", authToken="sandbox-admin-token") as hub:
        world = hub.sandbox.world
        findings = await tested(hub)
        assert "Ada Admin: Full Administrator" == findings["owner"].detail
        assert Verdict.UNKNOWN is findings["changing people"].verdict
        reader = next(person for _, person in world.people() if not person.roles)
        world.put_person(msgspec.structs.replace(reader, roles=(READ_ONLY_ADMIN,)))
        world.grants.grant(AccessToken("sandbox-admin-token", reader.uuid, reader.uuid, ADMIN_SCOPES))
        findings = await tested(hub)

    assert f"{reader.display_name}: Read-only Administrator" == findings["owner"].detail
    assert Verdict.NO is findings["changing people"].verdict
    assert f"{reader.display_name}, whose token it is, is not Full or User Administrator" == (
        findings["changing people"].detail
    )
    assert not findings["changing groups"].ok


@pytest.mark.parametrize(
    ("place", "subject"),
    [
        ("GET /people", "people"),
        ("GET /groups", "groups"),
        ("GET /roles", "roles"),
        ("GET /licenses", "licences"),
        ("GET /adminAudit/events", "audit events"),
    ],
)
async def test_a_read_that_fails_is_unknown_and_the_others_go_on(place: str, subject: str, clock: VirtualClock) -> None:
    """
    Webex's own failure says nothing about the scope: it is no no, but neither is it in order.
    """
    async with running_hub(clock) as hub:
        hub.sandbox.faults.add(Fault(Fail(status=500), to=place, times=9))
        findings = await tested(hub)

    assert Verdict.UNKNOWN is findings[subject].verdict
    assert "Webex failed" in findings[subject].detail
    assert "https://status.webex.com" in findings[subject].remedy
    others = {each.subject for each in findings.values() if not each.ok}
    assert others == ({subject} if findings[subject].needed else set())


async def test_scim_that_is_demanded_and_not_allowed_fails_the_test(clock: VirtualClock) -> None:
    """
    With `road` scim the same finding is needed, and the road says what to do.
    """
    poor = Credentials(scopes=ADMIN_SCOPES - {"identity:people_read", "identity:people_rw"})
    async with running_hub(clock, credentials=poor, road="scim") as hub:
        findings = await tested(hub)

    assert {"SCIM", "changing by SCIM", "road"} == {each.subject for each in findings.values() if not each.ok}
    assert "set road to people" in findings["road"].remedy


async def test_scim_of_another_region_is_a_matter_of_its_address(clock: VirtualClock) -> None:
    """
    Where SCIM does not know the organisation, the address is wrong, not the token.
    """
    async with running_hub(clock) as hub:
        hub.sandbox.faults.add(Fault(Fail(status=404), to="GET /Users"))
        findings = await tested(hub)

    assert Verdict.NO is findings["SCIM"].verdict
    assert findings["SCIM"].remedy.startswith("See that scimUri is right")
    assert findings["SCIM"].ok


async def test_teams_and_locations_are_looked_at_when_they_are_named(clock: VirtualClock) -> None:
    """
    Two more requests, for those alone who want them.
    """
    async with running_hub(clock, objectClasses=MORE) as hub:
        findings = await tested(hub)
        requests = asked(hub)

    assert (True, True) == (findings["teams"].ok, findings["locations"].ok)
    assert {"GET /teams", "GET /locations"} <= set(requests)
    assert 10 == len(requests)


@pytest.mark.parametrize(
    ("token", "detail"),
    [
        ("sandbox-service-app-token", "the token is a service app's, and Webex shows a team to the people in it alone"),
        ("sandbox-admin-token", "Webex does not tell whether this token has spark:team_memberships_read and"),
    ],
)
async def test_whether_a_token_may_change_teams_depends_on_whose_it_is(
    token: str, detail: str, clock: VirtualClock
) -> None:
    """
    Nobody knows it of a service app, nor of a person whose scopes are not told; neither fails the test.
    """
    async with running_hub(clock, objectClasses=MORE, authenticationMethod="TOKEN", authToken=token) as hub:
        report = await hub.facade.test(OPTIONS)

    (found,) = [each for each in report.findings if each.subject == "changing teams"]
    assert report.ok
    assert Verdict.UNKNOWN is found.verdict
    assert found.detail.startswith(detail)
    assert ("a person's token" in found.remedy) == (token == "sandbox-service-app-token")
