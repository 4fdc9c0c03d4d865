"""
The REST door as a whole: who is let in, which address and method goes where, and how bad input is answered.
"""

from base64 import b64encode
from collections.abc import Callable
from typing import Any

import httpx2
import pytest
from starlette.applications import Starlette
from starlette.routing import Mount
from starlette.types import Message

from fakes.idm_door import PEOPLE, Rig
from webex_connector.base.clock import SystemClock
from webex_connector.icf import names
from webex_connector.icf.errors import AccessRefused, Ambiguous, ConnectorError, Throttled

ONE = f"{PEOPLE}/P-0001"


def _no_login() -> dict[str, str]:
    return {"X_OpenIDM_Username": "", "X_OpenIDM_Password": ""}


async def test_without_log_in_nobody_gets_anywhere(rig: Rig, world: Callable[[], str]) -> None:
    """
    No log-in, a wrong one, and a client without a password are answered alike, with a challenge, and nothing happens.
    """
    before = world()
    for login in (_no_login(), {"X_OpenIDM_Password": "wrong"}, {"X_OpenIDM_Username": "nobody"}):
        for method in ("GET", "DELETE"):
            answer = await rig.send(method, ONE, **login)
            assert (answer.status_code, answer.json()) == (
                401,
                {"code": 401, "reason": "Unauthorized", "message": "Access Denied"},
            )
            assert answer.headers["WWW-Authenticate"].startswith("Basic ")
    assert world() == before
    assert not rig.connector.traffic.calls


async def test_basic_and_encoded_log_ins_work(rig: Rig) -> None:
    """
    Basic authorization and RFC 5987 names open the door too.
    """
    del rig.http.headers["X-OpenIDM-Username"]
    basic = "Basic " + b64encode("Zoë:schlüssel".encode()).decode()
    assert (await rig.send("GET", ONE, Authorization=basic)).status_code == 200
    encoded = {"X_OpenIDM_Username": "UTF-8''Zo%C3%AB", "X_OpenIDM_Password": "UTF-8''schl%C3%BCssel"}
    assert (await rig.send("GET", ONE, **encoded)).status_code == 200


async def test_a_bearer_token_stands_for_name_and_password(rig: Rig) -> None:
    """
    A client with a token is let in by it and signs its writes; a wrong token counts as a failed log-in.
    """
    del rig.http.headers["X-OpenIDM-Username"]
    assert (await rig.send("PUT", ONE, {"title": "Lead"}, Authorization="Bearer t0ken")).status_code == 200
    assert rig.journal.entries[0].intent.actor.name == "robot"
    for scheme in ("Bearer wrong", "bearer right", "Bearer", "Bearer  "):
        answer = await rig.send("GET", ONE, Authorization=scheme)
        assert (answer.status_code, answer.json()["message"]) == (401, "Access Denied")
        assert 'Bearer realm="webex-connector"' in answer.headers["WWW-Authenticate"]
    for _ in range(8):
        await rig.send("GET", ONE, Authorization="Bearer wrong")
    assert (await rig.send("GET", ONE, Authorization="Bearer t0ken")).status_code == 429


async def test_a_password_goes_before_a_token(rig: Rig) -> None:
    """
    When both are there, name and password decide.
    """
    answer = await rig.send("GET", ONE, X_OpenIDM_Password="wrong", Authorization="Bearer t0ken")
    assert answer.status_code == 401


async def test_too_many_wrong_log_ins_make_an_address_wait(rig: Rig) -> None:
    """
    The eleventh attempt of an address within a minute is refused, with the seconds to wait, though its password is
    right.
    """
    for _ in range(10):
        await rig.send("GET", ONE, X_OpenIDM_Password="wrong")
    answer = await rig.send("GET", ONE)
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "60")
    assert answer.json() == {
        "code": 429,
        "reason": "Too Many Requests",
        "message": "Too many failed log-ins; try again in 60 seconds",
        "detail": {"retryAfter": 60},
    }


@pytest.mark.parametrize("system", ["webex", "missing"])
async def test_a_client_learns_nothing_about_systems_of_others(rig: Rig, system: str) -> None:
    """
    A system that a client may not use looks the same whether it exists or not.
    """
    for path in (f"/system/{system}?_action=test", f"/system?_action=test&id={system}", f"/system/{system}/ROLES"):
        answer = await rig.send("POST", path, X_OpenIDM_Username="elsewhere")
        assert (answer.status_code, answer.json()["message"]) == (403, f"elsewhere may not use {system}")
    assert (await rig.send("POST", "/system?_action=test", X_OpenIDM_Username="elsewhere")).json() == []


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", f"{PEOPLE}?_action=create", {"displayName": "x", "emails": ["x@x"], "licenses": ["L"]}),
        ("POST", f"{PEOPLE}?_dryRun=true", {"displayName": "x", "emails": ["x@x"], "licenses": ["L"]}),
        ("PUT", ONE, {"title": "x"}),
        ("PATCH", ONE, [{"operation": "add", "field": "title", "value": "x"}]),
        ("DELETE", ONE, None),
    ],
)
async def test_a_reader_changes_nothing(
    rig: Rig,
    world: Callable[[], str],
    method: str,
    path: str,
    body: Any,
) -> None:
    """
    A client that may only read is refused every write, and may read and test.
    """
    before = world()
    answer = await rig.send(method, path, body, X_OpenIDM_Username="reader")
    assert (answer.status_code, answer.json()["message"]) == (
        403,
        f"reader may not {'delete' if method == 'DELETE' else 'write'}: the role reader does not allow it",
    )
    assert world() == before
    assert (await rig.send("GET", ONE, X_OpenIDM_Username="reader")).status_code == 200
    assert (await rig.send("POST", "/system/webex?_action=test", X_OpenIDM_Username="reader")).status_code == 200


@pytest.mark.parametrize(
    ("error", "code", "retry_after"),
    [
        (Throttled("busy", retry_after=30, tracking_id="T"), 503, "30"),
        (Ambiguous("lost", tracking_id="T"), 500, None),
        (AccessRefused("expired", tracking_id="T"), 500, None),
    ],
)
async def test_what_the_target_says_reaches_the_caller(
    rig: Rig,
    monkeypatch: pytest.MonkeyPatch,
    error: ConnectorError,
    code: int,
    retry_after: str | None,
) -> None:
    """
    Code, tracking id and waiting time come through from the connector.
    """

    async def failing(*_: object) -> None:
        raise error

    monkeypatch.setattr(rig.connector.handlers[names.ACCOUNT], "update", failing)
    answer = await rig.send("PUT", ONE, {"title": "x"})
    assert (answer.status_code, answer.headers.get("Retry-After")) == (code, retry_after)
    assert answer.json()["detail"]["trackingId"] == "T"


async def test_a_fault_of_ours_tells_nothing_about_itself(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    """
    An unforeseen exception is 500 without its text.
    """

    async def broken(*_: object) -> None:
        raise KeyError("secret")

    monkeypatch.setattr(rig.connector.handlers[names.ACCOUNT], "get", broken)
    answer = await rig.send("GET", ONE)
    assert (answer.status_code, answer.json()) == (
        500,
        {
            "code": 500,
            "reason": "Internal Server Error",
            "message": "The connector is at fault; its log says more",
        },
    )


async def test_a_body_that_breaks_off_is_a_bad_request(rig: Rig, world: Callable[[], str]) -> None:
    """
    A client that leaves in the middle of its body has asked for nothing.
    """
    before = world()
    sent: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        sent.append(message)

    request = rig.http.build_request("PUT", ONE, headers={"Content-Type": "application/json"})
    headers = [(name.lower(), value) for name, value in request.headers.raw]
    scope = {"type": "http", "method": "PUT", "path": ONE, "raw_path": ONE.encode(), "query_string": b""}
    await rig.app(scope | {"headers": headers}, receive, send)
    assert sent[0]["status"] == 400
    assert world() == before


async def test_a_post_stands_for_another_method(rig: Rig) -> None:
    """
    The override header turns a POST into a PATCH.
    """
    body = [{"operation": "replace", "field": "/title", "value": "Lead"}]
    answer = await rig.send("POST", ONE, body, X_HTTP_Method_Override="PATCH")
    assert answer.status_code == 200
    assert rig.people["P-0001"]["title"] == "Lead"


async def test_the_answer_names_its_versions(rig: Rig) -> None:
    """
    The versions asked for are the ones answered.
    """
    answer = await rig.send("GET", ONE, Accept_API_Version="protocol=2.0,resource=1.0")
    assert answer.headers["Content-API-Version"] == "protocol=2.0,resource=1.0"


@pytest.mark.parametrize("prefix", ["", "/idm"])
async def test_the_door_may_stand_beside_others(rig: Rig, prefix: str) -> None:
    """
    Mounted anywhere, it answers, hands out addresses that work, and says 404 in its own form.
    """
    app = Starlette(routes=[Mount(prefix + "/", rig.app)])
    body = {"displayName": "Sales"}
    async with httpx2.AsyncClient(
        transport=httpx2.ASGITransport(app),
        base_url="http://door.example",
        headers=rig.http.headers,
    ) as http:
        made = await http.post(f"{prefix}/openidm/system/webex/__GROUP__", json=body)
        assert made.headers["Location"] == f"{prefix}/openidm/system/webex/__GROUP__/Group-0001"
        assert (await http.get(made.headers["Location"])).json()["displayName"] == "Sales"
        assert (await http.get(f"{prefix}/openidm/nothing")).json()["code"] == 404


async def test_the_door_speaks_http_only(rig: Rig) -> None:
    """
    Other protocols are refused by an exception, which tells the server that they are not supported.
    """

    async def nothing(*_: object) -> Any:
        raise AssertionError("called")

    with pytest.raises(ValueError, match="does not speak lifespan"):
        await rig.app({"type": "lifespan"}, nothing, nothing)


def test_the_real_clock_will_do() -> None:
    """
    The door can be made without a running loop.
    """
    assert Rig(SystemClock()).systems.keys() == {"webex"}
