"""
Faults: what goes wrong on a real connection, what the world is then, and how requests are matched.
"""

import asyncio
from contextlib import suppress
from urllib.parse import urlsplit

import httpx2
import msgspec
import pytest
import uvloop

from fakes.virtual_time import VirtualClock
from webex_connector.sandbox import catalogue, rendering, scenarios
from webex_connector.sandbox.faults import (
    Delay,
    DidNotFire,
    Effect,
    ExpireToken,
    Fail,
    Fault,
    HalfBody,
    LoseAnswer,
    RefuseButApplied,
    Reset,
    Throttle,
    WrongJson,
)
from webex_connector.sandbox.sandbox import Sandbox

Client = httpx2.AsyncClient

NEW = {"emails": ["tove.berg@acme.example"], "displayName": "Tove Berg"}


def _exists(sandbox: Sandbox) -> bool:
    return sandbox.world.person_at("tove.berg@acme.example") is not None


async def _raw(address: str, method: str, path: str, body: bytes = b"") -> bytes:
    """
    Speak HTTP by hand and return every byte until the connection ends; raises ConnectionResetError for a reset.
    """
    parts = urlsplit(address)
    reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
    head = (
        f"{method} {path} HTTP/1.1\r\nHost: {parts.netloc}\r\nAuthorization: Bearer sandbox-admin-token\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n"
    )
    writer.write(head.encode() + body)
    try:
        return await reader.read()
    finally:
        writer.close()


@pytest.mark.parametrize(
    ("effect", "applied"),
    [
        (Delay(3), True),
        (Throttle(2), False),
        (Throttle(), False),
        (Fail(500), False),
        (Fail(502, html=True), False),
        (Fail(423, retry_after=9), False),
        (Reset(), False),
        (ExpireToken(), False),
        (LoseAnswer(), True),
        (HalfBody(), True),
        (WrongJson(), True),
        (RefuseButApplied(), True),
        (RefuseButApplied(500), True),
    ],
)
async def test_each_fault_leaves_the_world_as_it_says(
    effect: Effect,
    applied: bool,  # noqa: FBT001  # the case
    sandbox: Sandbox,
    api: Client,
) -> None:
    """
    Faults before the effect leave nothing behind, faults after it leave exactly one person.
    """
    sandbox.faults.add(Fault(effect, to="POST /people"))

    with suppress(httpx2.TransportError):
        await api.post("/people", json=NEW)

    assert (applied, int(applied)) == (_exists(sandbox), sandbox.world.writes)
    sandbox.faults.verify()


@pytest.mark.parametrize(("status", "message"), [(423, "Locked"), (504, "Gateway Timeout")])
async def test_a_failure_has_the_usual_body(status: int, message: str, sandbox: Sandbox, api: Client) -> None:
    """
    Locked and out of time are told as every other refusal, and when to come back where that is known.
    """
    sandbox.faults.add(Fault(Fail(status, retry_after=9), to="GET /roles"))

    answer = await api.get("/roles", headers={"TrackingID": "OURS_1"})

    assert (status, "9") == (answer.status_code, answer.headers["Retry-After"])
    assert {"message": message, "trackingId": "OURS_1"} == answer.json()
    assert 200 == (await api.get("/roles")).status_code


async def test_a_delay_takes_its_time(sandbox: Sandbox, api: Client, clock: VirtualClock) -> None:
    """
    A delayed request is answered that many seconds later, and well.
    """
    sandbox.faults.add(Fault(Delay(3), to="GET /roles"))
    began = clock.monotonic()

    answer = await api.get("/roles")

    assert (200, 3) == (answer.status_code, clock.monotonic() - began)


@pytest.mark.parametrize(("seconds", "header"), [(4, "4"), (None, None)])
async def test_throttling_says_how_long_or_nothing(
    seconds: int | None, header: str | None, sandbox: Sandbox, api: Client
) -> None:
    """
    A 429 carries `Retry-After` or lacks it.
    """
    sandbox.faults.add(Fault(Throttle(seconds)))

    answer = await api.get("/roles")

    assert (429, header) == (answer.status_code, answer.headers.get("Retry-After"))
    assert {"message", "trackingId"} == set(answer.json())


async def test_gateways_answer_in_html(sandbox: Sandbox, api: Client) -> None:
    """
    A failure may come from a gateway, with a page in place of Webex's body.
    """
    sandbox.faults.add(Fault(Fail(503, html=True, retry_after=5)))

    answer = await api.get("/roles")

    assert (503, "text/html", "5") == (
        answer.status_code,
        answer.headers["Content-Type"],
        answer.headers["Retry-After"],
    )
    assert answer.text.startswith("<html>")


async def test_a_reset_is_a_reset(sandbox: Sandbox) -> None:
    """
    The caller's socket learns of a TCP reset, and the server works on.
    """
    sandbox.faults.add(Fault(Reset(), to="GET /roles"))
    async with sandbox.serving() as address:
        with pytest.raises(ConnectionResetError):
            await _raw(address, "GET", "/v1/roles")
        assert b" 200 OK" in await _raw(address, "GET", "/v1/roles")


def test_a_reset_is_a_reset_on_the_faster_loop_too() -> None:
    """
    uvloop, which servers prefer, hides the socket's options; the reset comes all the same.
    """

    async def ask() -> None:
        sandbox = Sandbox()
        sandbox.faults.add(Fault(Reset(), to="GET /roles"))
        async with sandbox.serving() as address:
            await _raw(address, "GET", "/v1/roles")

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner, pytest.raises(ConnectionResetError):
        runner.run(ask())


async def test_a_lost_answer_is_not_a_byte(sandbox: Sandbox) -> None:
    """
    After the change the connection ends in order, without a byte.
    """
    sandbox.faults.add(Fault(LoseAnswer(), to="POST /people"))
    async with sandbox.serving() as address:
        assert b"" == await _raw(address, "POST", "/v1/people", msgspec.json.encode(NEW))
    assert _exists(sandbox)


async def test_half_a_body_ends_too_early(sandbox: Sandbox) -> None:
    """
    The head promises more bytes than come.
    """
    sandbox.faults.add(Fault(HalfBody(), to="GET /roles"))
    async with sandbox.serving() as address:
        head, _, body = (await _raw(address, "GET", "/v1/roles")).partition(b"\r\n\r\n")
    promised = int(next(line for line in head.split(b"\r\n") if line.startswith(b"content-length")).split(b":")[1])
    assert 0 < len(body) == promised // 2


async def test_nothing_has_no_half(sandbox: Sandbox) -> None:
    """
    An answer without a body is lost altogether.
    """
    sandbox.faults.add(Fault(HalfBody(), to="DELETE /people/{id}"))
    john = sandbox.world.person_at(scenarios.SAMPLE)
    assert john is not None
    async with sandbox.serving() as address:
        assert b"" == await _raw(address, "DELETE", f"/v1/people/{john.uuid}")
    assert sandbox.world.person(john.uuid) is None


@pytest.mark.parametrize("body", ['{"items": [{"id": ', "[]", '{"unexpected": true}'])
async def test_wrong_json_has_the_right_status(body: str, sandbox: Sandbox, api: Client) -> None:
    """
    The status says success while the body is broken or of another shape.
    """
    sandbox.faults.add(Fault(WrongJson(body), to="GET /roles"))

    answer = await api.get("/roles")

    assert (200, body) == (answer.status_code, answer.text)


async def test_wrong_json_takes_the_place_of_nothing(sandbox: Sandbox, api: Client) -> None:
    """
    A 204 becomes a 200, since a body needs one.
    """
    sandbox.faults.add(Fault(WrongJson("{"), to="DELETE /groups/{id}"))

    answer = await api.delete(f"/groups/{next(iter(sandbox.world.groups))}")

    assert (200, "{") == (answer.status_code, answer.text)


async def test_an_expired_token_stays_expired(sandbox: Sandbox, api: Client) -> None:
    """
    From the fault on, the token is refused, and a refreshed one is not.
    """
    sandbox.faults.add(Fault(ExpireToken(), to="GET /roles"))
    form = {"grant_type": "refresh_token", "refresh_token": "sandbox-refresh-token"}

    refused = [(await api.get("/roles")).status_code for _ in range(2)]
    told = await api.post("/access_token", data=form, auth=("sandbox-client", "sandbox-client-secret"))
    fresh = {"Authorization": f"Bearer {told.json()['access_token']}"}

    assert [401, 401] == refused
    assert 200 == (await api.get("/roles", headers=fresh)).status_code


async def test_a_refusal_may_lie(sandbox: Sandbox, api: Client) -> None:
    """
    A change is made although the answer says that it was refused, in the body of every other refusal.
    """
    sandbox.faults.add(Fault(RefuseButApplied(400, "Telephone service refused."), to="PATCH /licenses/users"))
    change = {"id": rendering.license_id(sandbox.world, catalogue.MEETINGS)}

    answer = await api.patch("/licenses/users", json={"email": scenarios.SAMPLE, "licenses": [change]})

    assert (400, [{"description": "Telephone service refused."}]) == (answer.status_code, answer.json()["errors"])
    assert 1 == sandbox.world.writes


async def test_matching_by_page(sandbox: Sandbox, api: Client) -> None:
    """
    A fault may befall one page of a listing, however it pages.
    """
    sandbox.faults.add(Fault(Fail(), to="GET /people", page=2))
    sandbox.faults.add(Fault(Fail(), to="GET /groups", page=3))

    first = await api.get("/people?max=40")
    second = [(await api.get(first.links["next"]["url"])).status_code for _ in range(2)]
    groups = [(await api.get(f"/groups?startIndex={start}&count=5")).status_code for start in (1, 6, 11, 16)]

    assert (200, [503, 200], [200, 200, 503, 200]) == (first.status_code, second, groups)


@pytest.mark.parametrize("form", ["uuid", "base64"])
async def test_matching_by_subject(form: str, sandbox: Sandbox, api: Client) -> None:
    """
    A fault finds its person by the UUID, also when the path holds the base64 form, or by a parameter's value.
    """
    john = sandbox.world.person_at(scenarios.SAMPLE)
    assert john is not None
    sandbox.faults.add(Fault(Fail(), to="GET /people/{id}", subject=john.uuid))
    sandbox.faults.add(Fault(Fail(), to="GET /people", subject=scenarios.SAMPLE))

    me = await api.get("/people/me")
    him = await api.get(f"/people/{john.uuid if form == 'uuid' else rendering.person_id(john.uuid)}")
    found = await api.get("/people", params={"email": scenarios.SAMPLE})

    assert [200, 503, 503] == [answer.status_code for answer in (me, him, found)]


async def test_matching_by_body_and_attempt(sandbox: Sandbox, api: Client) -> None:
    """
    A fault may wait for a text in the body, and for the third such request.
    """
    sandbox.faults.add(Fault(Fail(), to="POST *", body="Choir", attempt=3, times=2))

    other = await api.post("/groups", json={"displayName": "Band"})
    choir = [(await api.post("/groups", json={"displayName": "Choir"})).status_code for _ in range(5)]

    assert (201, [201, 201, 503, 503, 201]) == (other.status_code, choir)


async def test_the_first_of_two_strikes(sandbox: Sandbox, api: Client) -> None:
    """
    When several faults fit, the one added first is spent first.
    """
    sandbox.faults.add(Fault(Fail(500), to="GET /roles"))
    sandbox.faults.add(Fault(Fail(502), to="GET *"))

    assert [500, 502, 200] == [(await api.get("/roles")).status_code for _ in range(3)]


async def test_a_fault_that_did_not_strike_is_named(sandbox: Sandbox, api: Client) -> None:
    """
    Verifying the schedule fails with the faults that struck too seldom, and only with those.
    """
    sandbox.faults.add(Fault(Fail(), to="GET /roles"))
    sandbox.faults.add(Fault(Reset(), to="GET /people", times=2))
    sandbox.faults.add(Fault(Reset(), to="GET /licenses", must_fire=0))
    await api.get("/roles")

    with pytest.raises(DidNotFire, match=r"(?s)^faults that did not strike:\n#2 .*GET /people.*: 0 of 2$"):
        sandbox.faults.verify()

    sandbox.faults.clear()
    sandbox.faults.verify()


@pytest.mark.parametrize("wrong", [{"attempt": 0}, {"times": 0}, {"to": "PATCH"}, {"to": "GET /a b"}])
def test_impossible_faults(wrong: dict[str, object]) -> None:
    """
    A fault that could never strike is not accepted.
    """
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert({"effect": {"kind": "reset"}, **wrong}, Fault)
