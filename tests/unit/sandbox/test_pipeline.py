"""
What every request goes through: routing, tokens, scopes, roles, limits, tracking ids.
"""

import email.utils
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from datetime import timedelta

import httpx2
import pytest

from fakes.virtual_time import EPOCH, VirtualClock
from webex_connector.sandbox import scenarios
from webex_connector.sandbox.catalogue import ORGANIZATION
from webex_connector.sandbox.exchange import Route
from webex_connector.sandbox.grants import ADMIN_SCOPES, AccessToken
from webex_connector.sandbox.limits import FixedWindow, PerUser, TokenBucket
from webex_connector.sandbox.quirks import RetryAfter
from webex_connector.sandbox.records import READ_ONLY_ADMIN
from webex_connector.sandbox.sandbox import ROUTES, Sandbox

Client = httpx2.AsyncClient
Serve = Callable[..., AbstractAsyncContextManager[Client]]

_NOBODY = "a6b0d2f4-18c3-4e79-8f25-0c9e7d314b58"
_SCOPED = [route for route in ROUTES if route.scopes and any(route.scopes)]


def _url(api: Client, route: Route) -> httpx2.URL:
    path = f"{route.root}{route.template}".replace("{org}", ORGANIZATION.uuid)
    return api.base_url.copy_with(path=path.replace("{id}", _NOBODY))


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/nothing", 404),
        ("GET", "/people/", 404),
        ("GET", f"/people/{_NOBODY}/more", 404),
        ("PATCH", f"/people/{_NOBODY}", 405),
        ("POST", "/roles", 405),
        ("DELETE", "/people", 405),
    ],
)
async def test_unknown_paths_and_methods(method: str, path: str, status: int, api: Client) -> None:
    """
    An unknown path is 404, a known one with another method 405, both with Webex's body.
    """
    answer = await api.request(method, path, json={})

    assert status == answer.status_code
    assert {"message", "trackingId"} <= set(answer.json())


@pytest.mark.parametrize(
    ("headers", "content", "status"),
    [
        ({"Content-Type": "text/plain"}, b'{"displayName":"Choir"}', 415),
        ({}, b'{"displayName":"Choir"}', 415),
        ({"Content-Type": "application/json"}, b"", 400),
        ({"Content-Type": "application/json"}, b'{"displayName" , "Choir"}', 400),
        ({"Content-Type": "application/json"}, b'{"displayName": "\xff"}', 400),
        ({"Content-Type": "application/json"}, b"[]", 400),
        ({"Content-Type": "application/json"}, b" " * 5_000_000, 413),
        ({"Content-Type": "application/json;charset=utf-8"}, b'{"displayName":"Choir"}', 201),
    ],
)
async def test_bodies_must_be_json(
    headers: dict[str, str], content: bytes, status: int, api: Client, sandbox: Sandbox
) -> None:
    """
    Another content type is 415, what is no JSON object 400, far too much of it 413; nothing changes.
    """
    answer = await api.post("/groups", content=content, headers=headers)

    assert (status, int(status == 201)) == (answer.status_code, sandbox.world.writes)


async def test_a_refused_content_type_is_named(api: Client) -> None:
    """
    The description says which content type was not understood.
    """
    answer = await api.post("/groups", content=b"x", headers={"Content-Type": "text/plain"})

    assert [{"description": "Content type 'text/plain' not supported"}] == answer.json()["errors"]


@pytest.mark.parametrize("authorization", ["", "Bearer", "Bearer nonsense", "Basic sandbox-admin-token"])
async def test_a_token_is_required(authorization: str, api: Client) -> None:
    """
    Without a known bearer token, the answer is 401 in Webex's words.
    """
    answer = await api.get("/people", headers={"Authorization": authorization})

    assert 401 == answer.status_code
    expected = "The request requires a valid access token set in the Authorization request header."
    assert expected == answer.json()["message"]


@pytest.mark.parametrize("route", _SCOPED, ids=lambda route: f"{route.method} {route.template}")
async def test_each_call_needs_its_scopes(route: object, sandbox: Sandbox, served: Serve) -> None:
    """
    Every call is refused with 403 to a token without its scopes, and let through with one of its sets.
    """
    found = next(known for known in _SCOPED if known is route)
    for name, scopes in (("none", frozenset({"spark:rooms_read"})), ("enough", found.scopes[0])):
        sandbox.world.grants.grant(AccessToken(name, "service-app", None, scopes))
    async with served(token="none") as api:
        refused = await api.request(found.method, _url(api, found), json={})
    async with served(token="enough") as api:
        allowed = await api.request(found.method, _url(api, found), json={})
    assert 403 == refused.status_code
    assert "errors" not in refused.json()
    assert allowed.status_code not in {401, 403}


@pytest.mark.parametrize(
    "route", [route for route in _SCOPED if route.roles], ids=lambda route: f"{route.method} {route.template}"
)
async def test_scopes_do_not_replace_roles(route: object, sandbox: Sandbox, served: Serve) -> None:
    """
    A person without an administrative role is refused, whatever the scopes of the token.
    """
    found = next(known for known in _SCOPED if known is route)
    somebody = next(person for _, person in sandbox.world.people() if not person.roles)
    sandbox.world.grants.grant(AccessToken("plain", somebody.uuid, somebody.uuid, ADMIN_SCOPES))
    async with served(token="plain") as api:
        answer = await api.request(found.method, _url(api, found), json={})
    assert 403 == answer.status_code


async def test_a_reader_does_not_write(sandbox: Sandbox, served: Serve) -> None:
    """
    A read-only administrator lists people with their licences but deletes nobody.
    """
    reader = next(person for _, person in sandbox.world.people() if READ_ONLY_ADMIN in person.roles)
    sandbox.world.grants.grant(AccessToken("reader", reader.uuid, reader.uuid, ADMIN_SCOPES))
    async with served(token="reader") as api:
        listed = await api.get("/people?max=1")
        deleted = await api.delete(f"/people/{reader.uuid}")
    assert "licenses" in listed.json()["items"][0]
    assert (403, 0) == (deleted.status_code, sandbox.world.writes)


@pytest.mark.parametrize("path", ["/people?max=1", "/people/nonsense", "/nothing"])
async def test_the_callers_tracking_id_comes_back(path: str, api: Client, sandbox: Sandbox) -> None:
    """
    Every answer carries the caller's tracking id in its header, refusals also in the body, and the trace knows it.
    """
    answer = await api.get(path, headers={"TrackingID": "WXC_1"})

    assert "WXC_1" == answer.headers["Trackingid"]
    assert "WXC_1" == answer.json().get("trackingId", "WXC_1")
    assert "WXC_1" == sandbox.trace.requests()[-1].tracking_id


async def test_without_one_the_router_gives_a_tracking_id(api: Client) -> None:
    """
    Two requests without a tracking id get two different ones.
    """
    first, second = [(await api.get("/people/nonsense")) for _ in range(2)]

    assert first.headers["Trackingid"].startswith("ROUTER_")
    assert first.headers["Trackingid"] == first.json()["trackingId"] != second.json()["trackingId"]


async def test_a_tracking_id_may_come_twice(served: Serve) -> None:
    """
    With the switch set, the header holds the caller's tracking id twice.
    """
    async with served(tracking_id_twice=True) as api:
        answer = await api.get("/roles", headers={"TrackingID": "WXC_1"})
    assert "WXC_1,WXC_1" == answer.headers["Trackingid"]


async def test_who_waits_as_told_gets_through(api: Client, sandbox: Sandbox, clock: VirtualClock) -> None:
    """
    Beyond the limit the answer is 429 with `Retry-After`; after so many seconds the same request succeeds.
    """
    sandbox.limits.change(FixedWindow(requests=3, seconds=10))

    answers = [await api.get("/roles") for _ in range(4)]
    await clock.sleep(int(answers[-1].headers["Retry-After"]))
    answers.append(await api.get("/roles"))

    assert [200, 200, 200, 429, 200] == [answer.status_code for answer in answers]
    assert {"message", "trackingId"} == set(answers[3].json())
    assert (4, 1) == (sandbox.limits.admitted, sandbox.limits.refused)


async def test_a_refused_write_has_no_effect(api: Client, sandbox: Sandbox) -> None:
    """
    A throttled create makes nothing.
    """
    sandbox.limits.change(TokenBucket(rate=1, burst=1))

    statuses = [(await api.post("/groups", json={"displayName": "Choir"})).status_code for _ in range(2)]

    assert ([201, 429], 1) == (statuses, sandbox.world.writes)


async def test_limits_per_user_go_by_the_token(api: Client, sandbox: Sandbox) -> None:
    """
    One person's requests do not use up the machine account's limit.
    """
    sandbox.limits.change(PerUser(rate=1, burst=1))
    machine = {"Authorization": f"Bearer {sandbox.credentials.service_app_token}"}

    mine = [(await api.get("/roles")).status_code for _ in range(2)]
    other = (await api.get("/roles", headers=machine)).status_code

    assert ([200, 429], 200) == (mine, other)


async def test_the_token_endpoint_is_not_limited(api: Client, sandbox: Sandbox) -> None:
    """
    A client that used up its limit can still renew its token.
    """
    sandbox.limits.change(TokenBucket(rate=0.001, burst=1))
    form = {"grant_type": "client_credentials"}

    statuses = [
        (await api.post("/access_token", data=form, auth=("sandbox-client", "sandbox-client-secret"))).status_code
        for _ in range(3)
    ]

    assert [200, 200, 200] == statuses


@pytest.mark.parametrize("style", RetryAfter)
async def test_three_ways_to_ask_for_patience(style: RetryAfter, sandbox: Sandbox, served: Serve) -> None:
    """
    `Retry-After` is seconds, a date that is never too early, or absent.
    """
    sandbox.limits.change(TokenBucket(rate=0.1, burst=1))
    # Dates know whole seconds only: at half past one of them, the next must be told.
    sandbox.clock.advance(0.5)
    async with served(retry_after=style) as api:
        answers = [await api.get("/roles") for _ in range(2)]
    header = answers[1].headers.get("Retry-After")
    if style is RetryAfter.SECONDS:
        assert "10" == header
    elif style is RetryAfter.HTTP_DATE:
        assert header is not None
        assert timedelta(seconds=11) == email.utils.parsedate_to_datetime(header) - EPOCH
    else:
        assert header is None


async def test_the_trace_tells_what_was_asked(api: Client, sandbox: Sandbox) -> None:
    """
    Each request leaves its number, meaning, status, actor and sizes, and can be found by any of the first three.
    """
    john = sandbox.world.person_at(scenarios.SAMPLE)
    admin = sandbox.world.person_at(scenarios.ADMIN)
    assert john is not None
    assert admin is not None
    await api.get("/people?max=3")
    answer = await api.delete(f"/people/{john.uuid}")
    await api.get(f"/people/{john.uuid}", headers={"Authorization": ""})

    first, second, third = sandbox.trace.requests()

    assert (1, "GET", "/people", "/v1/people", "max=3", 200) == (
        first.n,
        first.method,
        first.template,
        first.path,
        first.query,
        first.status,
    )
    assert (john.uuid, admin.uuid, 204, answer.headers["Trackingid"]) == (
        second.subject,
        second.actor,
        second.status,
        second.tracking_id,
    )
    assert (401, "") == (third.status, third.actor)
    assert first.sent > third.sent > second.sent == 0
    assert (3, 2, 1) == (sandbox.trace.count, sandbox.trace.reads, sandbox.trace.writes)
    assert [second] == sandbox.trace.requests(method="DELETE") == sandbox.trace.requests(status=204)
    assert [second, third] == sandbox.trace.requests(path=f"/v1/people/{john.uuid}")
    assert [third] == sandbox.trace.requests(template="/people/{id}", since=2)
    sandbox.trace.clear()
    assert (0, []) == (sandbox.trace.count, sandbox.trace.requests())


@pytest.mark.parametrize("path", ["/people", "/nothing"])
async def test_each_answer_has_the_date_of_the_organisations_clock(path: str, api: Client, sandbox: Sandbox) -> None:
    """
    Refusals too (RFC 9110 section 6.6.1), so that a client can tell how far its own clock is off.
    """
    sandbox.clock.advance(3600)
    answer = await api.get(path)
    assert EPOCH + timedelta(hours=1) == email.utils.parsedate_to_datetime(answer.headers["date"])
