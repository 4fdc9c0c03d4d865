"""
The audit events, whatever way the change came.
"""

import base64
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import Any

import httpx2
import pytest

from webex_connector.sandbox import audit_log, catalogue, ids, rendering, scenarios
from webex_connector.sandbox.audit_log import AuditLog, Category, Target
from webex_connector.sandbox.changes import ITSELF
from webex_connector.sandbox.ids import Kind
from webex_connector.sandbox.sandbox import Sandbox

Client = httpx2.AsyncClient
Serve = Callable[..., AbstractAsyncContextManager[Client]]

_SPAN = {"from": "2026-11-01T00:00:00Z", "to": "2026-12-01T00:00:00.000Z"}


def _org(sandbox: Sandbox) -> str:
    return rendering.organization_id(sandbox.world)


async def _events(api: Client, sandbox: Sandbox, **query: str) -> list[dict[str, Any]]:
    answer = await api.get("/adminAudit/events", params={"orgId": _org(sandbox), **_SPAN, **query})
    assert 200 == answer.status_code, answer.text
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


def _told(events: list[dict[str, Any]]) -> list[tuple[str, str, str]]:
    return [(e["data"]["eventCategory"], e["data"]["targetType"], e["data"]["actionText"]) for e in events]


async def _person(api: Client, address: str = "tove@acme.example") -> str:
    made = await api.post("/people", json={"emails": [address], "displayName": "Tove"})
    person: str = made.json()["id"]
    return person


async def test_a_fresh_organisation_has_no_events(api: Client, sandbox: Sandbox) -> None:
    """
    Nobody did anything yet: those who are there at the beginning were always there.
    """
    assert [] == await _events(api, sandbox)


async def test_each_change_is_an_event(api: Client, sandbox: Sandbox) -> None:
    """
    People, licences, groups, locations, teams and settings: what was done to which of them, newest first.
    """
    person = await _person(api)
    await api.put(f"/people/{person}", json={"displayName": "Tove B"})
    grant = {"personId": person, "licenses": [{"id": rendering.license_id(sandbox.world, catalogue.MESSAGING)}]}
    await api.patch("/licenses/users", json=grant)
    await api.delete(f"/people/{person}")
    group = (await api.post("/groups", json={"displayName": "Choir"})).json()["id"]
    await api.patch(f"/groups/{group}", json={"displayName": "Band"})
    await api.delete(f"/groups/{group}")
    await api.put(f"/locations/{catalogue.LOCATIONS[1].uuid}", json={"name": "Spree"})
    await api.post("/teams", json={"name": "Quartet"})
    setting = {"key": "allow-admin-invite-emails", "value": False}
    await api.post(f"/settings/organizations/{_org(sandbox)}/settings", json=setting)

    told = _told(await _events(api, sandbox))
    assert [
        ("USERS", "PERSON", "Ada Admin created tove@acme.example"),
        ("USERS", "PERSON", "Ada Admin updated tove@acme.example"),
        ("LICENSE", "PERSON", "Ada Admin changed the licenses of tove@acme.example"),
        ("USERS", "PERSON", "Ada Admin deleted tove@acme.example"),
        ("GROUPS", "GROUP", "Ada Admin created Choir"),
        ("GROUPS", "GROUP", "Ada Admin updated Band"),
        ("GROUPS", "GROUP", "Ada Admin deleted Band"),
        ("LOCATIONS", "LOCATION", "Ada Admin updated Spree"),
        ("TEAMS", "TEAM", "Ada Admin created Quartet"),
        ("ORG_SETTINGS", "ORG", "Ada Admin changed the setting allow-admin-invite-emails of Acme Example"),
    ] == told[::-1]
    assert sandbox.world.writes == len(told)


async def test_a_new_extension_is_a_change_of_the_person(api: Client, sandbox: Sandbox) -> None:
    """
    What belongs to a licence is an event of its own kind only when the licence changes too.
    """
    caller = next(person for _, person in sandbox.world.people(2) if person.extension)
    before = (await api.get(f"/people/{caller.uuid}")).json()
    await api.put(f"/people/{caller.uuid}", json={**before, "extension": "9999"})

    assert [("USERS", "PERSON", f"Ada Admin updated {caller.email}")] == _told(await _events(api, sandbox))


async def test_joining_a_group_is_an_event_of_the_group(sandbox: Sandbox, served: Serve) -> None:
    """
    Even where joining counts as a change of the person, nobody has updated anybody.
    """
    group = next(group for group in sandbox.world.groups.values() if group.display_name == "Newly founded")
    ada = sandbox.world.person_at(scenarios.ADMIN)
    assert ada is not None
    async with served(membership_modifies=True) as api:
        await api.patch(f"/groups/{group.uuid}", json={"members": [{"id": ada.uuid}]})
        assert [("GROUPS", "GROUP", "Ada Admin updated Newly founded")] == _told(await _events(api, sandbox))
    assert 2 == sandbox.world.writes


async def test_an_event_says_who_when_and_how(api: Client, sandbox: Sandbox) -> None:
    """
    Actor, organisation, roles, program and tracking id are those of the request.
    """
    await api.delete(f"/people/{await _person(api)}", headers={"TrackingID": "OURS_1", "User-Agent": "pen"})

    deleted, created = await _events(api, sandbox)
    data = deleted["data"]
    ada = sandbox.world.person_at(scenarios.ADMIN)
    assert ada is not None
    assert ada.uuid == base64.b64decode(deleted["actorId"] + "==").decode()
    assert _org(sandbox) == deleted["actorOrgId"] == data["targetOrgId"]
    assert ("Ada Admin", scenarios.ADMIN, ["id_full_admin"]) == (
        data["actorName"],
        data["actorEmail"],
        data["adminRoles"],
    )
    assert ("pen", "OURS_1") == (data["actorUserAgent"], data["trackingId"])
    assert "2026-11-02T08:00:00.000Z" == deleted["created"]
    assert deleted["id"] != created["id"]


async def test_a_machine_account_is_an_actor_too(api: Client, sandbox: Sandbox, served: Serve) -> None:
    """
    Where there is no person behind the token, its name stands for the actor.
    """
    async with served(token=sandbox.credentials.service_app_token) as machine:
        await _person(machine)

    (event,) = await _events(api, sandbox)
    assert "service-app" == event["data"]["actorName"]
    assert [event] == await _events(api, sandbox, actorId=event["actorId"])


@pytest.mark.parametrize("refusals", [True, False])
async def test_refused_writes(refusals: bool, sandbox: Sandbox, served: Serve) -> None:  # noqa: FBT001  # the case
    """
    A write that was refused is an event with an error, unless the habit is to leave such out; a read never is.
    """
    unknown = "a6b0d2f4-18c3-4e79-8f25-0c9e7d314b58"
    async with served(audit_refusals=refusals) as api:
        await api.delete(f"/people/{unknown}")
        await api.get(f"/people/{unknown}")
        await api.post("/people", json={"emails": [scenarios.ADMIN], "displayName": "Ada"})
        events = await _events(api, sandbox)

    failed = [(e["data"]["actionText"], e["data"]["errorCode"], e["data"]["errorMessage"]) for e in events]
    expected = [
        ("Ada Admin failed to create", "people-409", "User already exists."),
        ("Ada Admin failed to delete", "people-404", "Person not found"),
    ]
    assert (expected if refusals else []) == failed
    assert 0 == sandbox.world.writes


async def test_events_come_by_offset(api: Client, sandbox: Sandbox) -> None:
    """
    `offset` counts from zero, 100 come at once unless asked otherwise, and never more than 200.
    """
    for number in range(205):
        await api.patch("/groups/" + next(iter(sandbox.world.groups)), json={"description": str(number)})

    sizes = [
        len(await _events(api, sandbox, **query)) for query in ({}, {"max": "900"}, {"max": "200", "offset": "200"})
    ]
    ids_ = [e["id"] for offset in ("0", "200") for e in await _events(api, sandbox, max="200", offset=offset)]

    assert [100, 200, 5] == sizes
    assert 205 == len(set(ids_))
    assert [] == await _events(api, sandbox, offset="205")


@pytest.mark.parametrize("newest_first", [True, False])
async def test_the_order_of_events(newest_first: bool, sandbox: Sandbox, served: Serve) -> None:  # noqa: FBT001  # the case
    """
    Either end may come first.
    """
    async with served(audit_newest_first=newest_first) as api:
        await api.delete(f"/people/{await _person(api)}")
        described = [event["data"]["eventDescription"] for event in await _events(api, sandbox)]
    oldest = ["person: created", "person: deleted"]
    assert (oldest[::-1] if newest_first else oldest) == described


async def test_events_are_found_by_category_time_and_actor(api: Client, sandbox: Sandbox) -> None:
    """
    Categories in any case, times with both ends included, and the actor in any shape of identifier.
    """
    await _person(api)
    sandbox.clock.advance(3600)
    await api.post("/groups", json={"displayName": "Choir"})
    ada = sandbox.world.person_at(scenarios.ADMIN)
    assert ada is not None

    async def count(**query: str) -> int:
        return len(await _events(api, sandbox, **query))

    assert 1 == await count(eventCategories="users")
    assert 2 == await count(eventCategories="users,Groups")
    assert 0 == await count(eventCategories="LICENSE")
    assert 1 == await count(to="2026-11-02T08:00:00Z")
    assert 1 == await count(**{"from": "2026-11-02T09:00:00.000+00:00"})
    for shape in (ada.uuid, ids.encode(Kind.PERSON, ada.uuid), base64.b64encode(ada.uuid.encode()).decode()):
        assert 2 == await count(actorId=shape)
    for nobody in ("a6b0d2f4-18c3-4e79-8f25-0c9e7d314b58", "?"):
        assert 0 == await count(actorId=nobody)


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ({"orgId": ""}, 400),
        ({"from": ""}, 400),
        ({"to": ""}, 400),
        ({"from": "yesterday"}, 400),
        ({"from": "2026-12-02T00:00:00Z"}, 400),
        ({"from": "2025-11-29T23:59:59Z"}, 400),
        ({"from": "2025-11-30T00:00:00Z"}, 200),
        ({"orgId": "a6b0d2f4-18c3-4e79-8f25-0c9e7d314b58"}, 403),
        ({"max": "0"}, 400),
        ({"offset": "-1"}, 400),
    ],
)
async def test_what_a_search_needs(query: dict[str, str], status: int, api: Client, sandbox: Sandbox) -> None:
    """
    Organisation and both times, in order and not more than a year apart; another organisation is forbidden.
    """
    answer = await api.get("/adminAudit/events", params={"orgId": _org(sandbox), **_SPAN, **query})

    assert status == answer.status_code


async def test_the_shapes_of_the_specification(sandbox: Sandbox, served: Serve) -> None:
    """
    Words as in its samples, and identifiers as elsewhere, can both be had.
    """
    async with served(audit_plain_names=False, audit_plain_ids=False) as api:
        person = await _person(api)
        group = (await api.post("/groups", json={"displayName": "Choir"})).json()["id"]
        made, created = await _events(api, sandbox)
    assert "EventCategory.USERS" == created["data"]["eventCategory"]
    assert "TargetResourceType.PERSON" == created["data"]["targetType"]
    assert (person, group) == (created["data"]["targetId"], made["data"]["targetId"])


async def test_categories_are_listed(api: Client) -> None:
    """
    Those that events can have here.
    """
    listed = (await api.get("/adminAudit/eventCategories")).json()["eventCategories"]
    assert {"USERS", "LICENSE", "GROUPS", "LOCATIONS", "ORG_SETTINGS"} <= set(listed)


def test_the_log_forgets_the_oldest(monkeypatch: pytest.MonkeyPatch) -> None:
    """
    No more events are kept than there is room for, and they keep their numbers.
    """
    monkeypatch.setattr(audit_log, "KEPT", 3)
    log = AuditLog()
    for number in range(5):
        log.add(number, ITSELF, Category.USERS, "created", (Target.PERSON, "", str(number)))

    assert (5, [3, 4, 5]) == (log.count, [event.number for event in log])
