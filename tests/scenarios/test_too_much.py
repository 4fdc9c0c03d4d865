"""
More is asked than Webex lets through, or than a client may: what each door answers, and what the organisation holds.
"""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import timedelta
from typing import Any

import httpx2
import pytest

from fakes.beside import empty_database
from fakes.remote_client import Refused
from fakes.remote_house import remote_house
from fakes.rest_door import rest_door
from fakes.scim_door import BEARER, READER, ScimDoor, scim_door
from webex_connector.app.alerts import Alert
from webex_connector.app.allowing import Allowing
from webex_connector.app.guard import STOPPED, QuotaGuard
from webex_connector.base.clock import Clock
from webex_connector.gateway.remote.codec.objects import Attribute, ObjectClass, Uid
from webex_connector.gateway.remote.codec.values import Set
from webex_connector.gateway.scim.bulk_words import BULK_REQUEST_URN
from webex_connector.gateway.scim.manner import Manner
from webex_connector.gateway.scim.patch import PATCH_URN
from webex_connector.sandbox.faults import Fault, Throttle
from webex_connector.store.clients import By
from webex_connector.store.quota import Destructions

ANNA = By("anna", "shell")
ANYTHING = {"If-Match": "*"}
REST_LOGIN = {"X-OpenIDM-Username": "openidm-admin", "X-OpenIDM-Password": "openidm-admin"}


def _titled(title: str) -> dict[str, Any]:
    return {"schemas": [PATCH_URN], "Operations": [{"op": "replace", "path": "title", "value": title}]}


def _inactive() -> dict[str, Any]:
    return {"schemas": [PATCH_URN], "Operations": [{"op": "replace", "value": {"active": False}}]}


def _bulk(*operations: dict[str, Any]) -> dict[str, Any]:
    return {"schemas": [BULK_REQUEST_URN], "Operations": list(operations)}


def _writes(requests: list[str]) -> list[str]:
    return [each for each in requests if not each.startswith("GET")]


async def test_by_scim_those_who_would_wait_too_long_are_sent_away_unchanged(clock: Clock) -> None:
    """
    Nineteen changes at once where Webex takes two requests a second, and five seconds of patience. Whoever is answered
    429 was not changed at all, is told whole seconds, and succeeds when it comes back after them.
    """
    async with scim_door(clock, Manner(patience=5.0), rate="2/sec") as door:
        uids = [door.uid_of(each.email) for each in door.people()][1:]
        first = await asyncio.gather(*(door.send("PATCH", f"/Users/{uid}", _titled("Boss")) for uid in uids))
        statuses = dict(zip(uids, (each.status_code for each in first), strict=True))
        assert {200, 429} == set(statuses.values())
        for uid, answer in zip(uids, first, strict=True):
            person = door.person(uid)
            assert person is not None
            assert (answer.status_code == 200) == (person.title == "Boss")
            if answer.status_code == 429:
                assert answer.json()["status"] == "429"
                assert 1 <= int(answer.headers["Retry-After"]) <= 30

        waiting = {uid: answer for uid, answer in zip(uids, first, strict=True) if answer.status_code == 429}
        rounds = 0
        while waiting and rounds < 20:
            rounds += 1
            await clock.sleep(max(int(each.headers["Retry-After"]) for each in waiting.values()))
            again = await asyncio.gather(*(door.send("PATCH", f"/Users/{uid}", _titled("Boss")) for uid in waiting))
            waiting = {uid: each for uid, each in zip(waiting, again, strict=True) if each.status_code == 429}
        assert not waiting
        assert {"Boss"} == {person.title for uid in uids if (person := door.person(uid)) is not None}


async def test_a_pause_that_webex_asks_for_is_passed_on(clock: Clock) -> None:
    """
    The first hears Webex's own wait and the next one, which Webex never saw, what is left of it. Nothing is written.
    """
    async with scim_door(clock) as door:
        uid = door.uid_of(door.people()[3].email)
        await door.send("GET", f"/Users/{uid}")
        door.requests()
        door.hub.sandbox.faults.add(Fault(Throttle(600), to="GET /people/{id}"))
        told = [await door.send("PATCH", f"/Users/{uid}", _titled("Boss")) for _ in range(2)]
        door.hub.sandbox.faults.verify()

        assert [429, 429] == [each.status_code for each in told]
        assert all(590 <= int(each.headers["Retry-After"]) <= 600 for each in told)
        assert "Requests to Webex are waiting in line" in told[1].json()["detail"]
        assert [] == _writes(door.requests())


async def test_a_change_that_has_begun_is_brought_to_its_end(clock: Clock) -> None:
    """
    The patience ends between the making of a person and what follows it, the looking at what became of it above all:
    the client is told that it is done, and what is true.
    """
    async with scim_door(clock, Manner(patience=0.5), rate="1/sec") as door:
        body = {"userName": "mia@example.com", "active": False, "title": "Boss"}
        answer = await door.send("POST", "/Users", {"schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"], **body})
        assert (201, "Boss") == (answer.status_code, answer.json()["title"])
        made = door.person(answer.json()["id"])
        assert made is not None
        assert "Boss" == made.title
        assert ["POST /people", "PUT /people/{id}"] == _writes(door.requests())
        assert clock.monotonic() > 1.5


async def test_by_rest_it_is_503_in_its_own_form(clock: Clock) -> None:
    """
    With the whole seconds in the header and in the detail; nothing is changed. A list may take longer than that.
    """
    async with rest_door(clock, rate="1/sec", patience=5.0) as door:
        uids = [door.uid_of(person.email) for _, person in list(door.hub.sandbox.world.people())[1:16]]
        base = f"http://127.0.0.1:{door.port}/openidm/system/webex/__ACCOUNT__"
        async with httpx2.AsyncClient(headers=REST_LOGIN, timeout=None) as http:
            told = await asyncio.gather(
                *(http.put(f"{base}/{uid}", json={"title": "Boss"}, headers=ANYTHING) for uid in uids)
            )
            assert {200, 503} == {each.status_code for each in told}
            for uid, answer in zip(uids, told, strict=True):
                person = door.person(uid)
                assert person is not None
                assert (answer.status_code == 200) == (person.title == "Boss")
                if answer.status_code == 503:
                    wait = int(answer.headers["Retry-After"])
                    assert (wait >= 1, wait) == (True, answer.json()["detail"]["retryAfter"])
            lists = await asyncio.gather(*(http.get(f"{base}?_queryId=query-all-ids") for _ in range(8)))
            assert [200] * 8 == [each.status_code for each in lists]


@asynccontextmanager
async def _stopping(
    clock: Clock, per_hour: int, road: str = "people"
) -> AsyncIterator[tuple[ScimDoor, Allowing, list[Alert]]]:
    with _guarded(clock, per_hour) as (guard, allowing, told):
        async with scim_door(clock, guard=guard, road=road) as door:
            yield door, allowing, told


@contextmanager
def _guarded(clock: Clock, per_hour: int) -> Iterator[tuple[QuotaGuard, Allowing, list[Alert]]]:
    class _Told:
        def __init__(self) -> None:
            self.alerts: list[Alert] = []

        async def tell(self, alert: Alert) -> None:
            self.alerts.append(alert)

    with empty_database() as database:
        told, counted = _Told(), Destructions(database, clock, timedelta(hours=1))
        yield QuotaGuard(per_hour, counted, told), Allowing(counted, clock), told.alerts


async def test_by_scim_a_client_is_stopped_and_goes_on_after_a_yes(clock: Clock) -> None:
    """
    Disabling counts as deleting does. Whoever is stopped reads, changes and makes people as before; it was told of
    once; and neither another client nor a dry run is touched by it.
    """
    async with _stopping(clock, 2) as (door, allowing, told):
        one, two, three = (door.uid_of(each.email) for each in door.people()[3:6])
        assert 204 == (await door.send("DELETE", f"/Users/{one}")).status_code
        assert 200 == (await door.send("PATCH", f"/Users/{two}", _inactive())).status_code
        door.requests()
        for method, body in (("DELETE", None), ("PATCH", _inactive())):
            refused = await door.send(method, f"/Users/{three}", body)
            assert 403 == refused.status_code
            assert "Retry-After" not in refused.headers
            assert "okta may delete or disable 2 objects an hour" in refused.json()["detail"]
            assert "webex-connector guard allow okta" in refused.json()["detail"]
        assert [] == _writes(door.requests())
        assert [STOPPED] == [each.event for each in told]

        assert 200 == (await door.send("PATCH", f"/Users/{three}", _titled("Boss"))).status_code
        assert 200 == (await door.send("DELETE", f"/Users/{three}?_dryRun=true")).status_code
        assert door.person(three) is not None
        await allowing.renew("okta", ANNA)
        assert 204 == (await door.send("DELETE", f"/Users/{three}")).status_code
        assert door.person(three) is None


@pytest.mark.parametrize("road", ["people", "scim"])
async def test_in_the_middle_of_a_bulk_each_outcome_tells(clock: Clock, road: str) -> None:
    """
    With room for two of four deletions, two are done and two refused, and the world is as the outcomes say.
    """
    async with _stopping(clock, 2, road) as (door, _, told):
        uids = [door.uid_of(each.email) for each in door.people()[3:7]]
        body = _bulk(*({"method": "DELETE", "path": f"/Users/{uid}"} for uid in uids))
        rows = (await door.send("POST", "/Bulk", body)).json()["Operations"]
        assert ["204", "204", "403", "403"] == sorted(row["status"] for row in rows)
        for uid, row in zip(uids, rows, strict=True):
            assert (row["status"] == "204") == (door.person(uid) is None)
            if row["status"] == "403":
                assert "guard allow okta" in row["response"]["detail"]
        assert 1 == len(told)


@pytest.mark.parametrize("road", ["people", "scim"])
async def test_a_dry_bulk_changes_nothing_and_counts_nothing(clock: Clock, road: str) -> None:
    """
    Nothing unsafe is sent to Webex, the quota is untouched, and each operation has an outcome.
    """
    async with _stopping(clock, 0, road) as (door, allowing, told):
        before = {each.email: (each.title, each.login_enabled) for each in door.people()}
        one, two = (door.uid_of(each.email) for each in door.people()[3:5])
        door.requests()
        body = _bulk(
            {"method": "POST", "path": "/Users", "bulkId": "u", "data": {"userName": "new@example.com"}},
            {"method": "DELETE", "path": f"/Users/{one}"},
            {"method": "PATCH", "path": f"/Users/{two}", "data": _inactive()},
        )
        answer = await door.send("POST", "/Bulk?_dryRun=true", body)
        assert answer.status_code == 200
        assert 3 == len(answer.json()["Operations"])
        assert [] == _writes(door.requests())
        assert before == {each.email: (each.title, each.login_enabled) for each in door.people()}
        assert ([], {}) == (told, await allowing.accounts())


async def test_by_rest_a_stopped_client_hears_403(clock: Clock) -> None:
    """
    The envelope says who may change that, and nothing invites the client to come back by itself.
    """
    with _guarded(clock, 0) as (guard, allowing, told):
        async with rest_door(clock, guard=guard) as door:
            uid = door.uid_of(next(person.email for _, person in door.hub.sandbox.world.people()))
            status, body = await door.ask("DELETE", f"/__ACCOUNT__/{uid}")
            assert (403, "Forbidden") == (status, body["reason"])
            assert "webex-connector guard allow openidm-admin" in body["message"]
            assert "detail" not in body
            assert door.person(uid) is not None
            await allowing.grant("openidm-admin", 1, timedelta(hours=1), ANNA)
            assert 200 == (await door.ask("DELETE", f"/__ACCOUNT__/{uid}"))[0]
            assert door.person(uid) is None
            assert 1 == len(told)


async def test_by_the_connector_server_each_has_its_exception(clock: Clock) -> None:
    """
    PermissionDeniedException for a stopped platform, ConnectionFailedException for one that would wait too long; nobody
    is deleted or changed by either.
    """
    async with remote_house(clock, destructive_per_hour=0) as house:
        world, account = house.sandbox.world, ObjectClass("__ACCOUNT__")
        platform = house.platform
        found, _ = await platform.stream("SearchApiOp", "search", account, None, None, None)
        uid = next(each for each in found[-1].attributes if isinstance(each, Uid))
        before = world.people_count
        with pytest.raises(Refused, match="guard allow remote") as refused:
            await platform.call("DeleteApiOp", "delete", account, uid, None)
        assert "PermissionDeniedException" == refused.value.java_class

        platform.configuration = {**platform.configuration, "writeRateLimit": "1/min"}
        told = [
            await _outcome(platform.call("UpdateApiOp", "update", account, uid, _title(each), None))
            for each in ("One", "Two", "Three")
        ]
        assert [None, "ConnectionFailedException"] == [told[0], told[-1]]
        assert before == world.people_count


def _title(text: str) -> Set:
    return Set((Attribute("title", (text,)),))


async def _outcome(call: Any) -> str | None:
    try:
        await call
    except Refused as refused:
        return refused.java_class
    return None


async def test_a_client_that_asks_too_fast_is_told_how_fast_it_may(clock: Clock) -> None:
    """
    Every answer says what is left; the one too many is 429 and reaches nothing. Each client has its own count, and
    strangers have none.
    """
    async with scim_door(clock, per_second=3) as door:
        uid = door.uid_of(door.people()[3].email)
        told = [await door.send("GET", "/ServiceProviderConfig") for _ in range(3)]
        told.append(await door.send("DELETE", f"/Users/{uid}"))
        assert [(200, "2"), (200, "1"), (200, "0"), (429, "0")] == [
            (each.status_code, each.headers["X-Rate-Limit-Remaining"]) for each in told
        ]
        assert {"3"} == {each.headers["X-Rate-Limit-Limit"] for each in told}
        assert ("1", "1") == tuple(
            told[3].headers[name] for name in ("Retry-After", "X-Rate-Limit-Retry-After-Seconds")
        )
        assert "okta sends more than 3 requests a second" in told[3].json()["detail"]
        assert ([], True) == (door.requests(), door.person(uid) is not None)

        other = await door.send("GET", "/ServiceProviderConfig", Authorization=f"Bearer {READER}")
        assert (200, "2") == (other.status_code, other.headers["X-Rate-Limit-Remaining"])
        stranger = await door.send("GET", f"/Users/{uid}", Authorization="Bearer nonsense")
        assert (401, False) == (stranger.status_code, "X-Rate-Limit-Limit" in stranger.headers)
        await clock.sleep(int(told[3].headers["Retry-After"]))
        assert 200 == (await door.send("GET", f"/Users/{uid}", **BEARER)).status_code
