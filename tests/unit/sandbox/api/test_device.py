"""
The device grant: what the device hears while somebody decides elsewhere, and what its tokens are good for.
"""

from typing import Any

import httpx2
import pytest

from webex_connector.sandbox.device_codes import DEVICE_INTERVAL, DEVICE_LIFE
from webex_connector.sandbox.quirks import OAuthErrors, Quirks
from webex_connector.sandbox.sandbox import Sandbox

Client = httpx2.AsyncClient

CLIENT = ("sandbox-client", "sandbox-client-secret")
ASKED = {"client_id": "sandbox-client", "scope": "spark-admin:people_read spark-admin:people_write"}
POLL = {"grant_type": "urn:ietf:params:oauth:grant-type:device_code", "client_id": "sandbox-client"}


async def _begun(api: Client) -> dict[str, Any]:
    answer = await api.post("/device/authorize", data=ASKED, headers={"Authorization": ""})
    assert 200 == answer.status_code
    told: dict[str, Any] = answer.json()
    return told


async def _polled(
    api: Client, code: str, auth: tuple[str, str] = CLIENT, **others: str
) -> tuple[int, dict[str, str], httpx2.Response]:
    answer = await api.post("/device/token", data={**POLL, "device_code": code, **others}, auth=auth)
    return answer.status_code, answer.json(), answer


async def _decided(api: Client, begun: dict[str, Any], decision: str) -> httpx2.Response:
    form = {"userCode": begun["user_code"], "decision": decision}
    return await api.post(begun["verification_uri"], data=form)


async def test_the_codes_look_as_published(api: Client) -> None:
    """
    Six digits for people, a UUID for the device, and two addresses; no two requests share a code.
    """
    first, second = await _begun(api), await _begun(api)

    origin = str(api.base_url).removesuffix("/v1/")
    assert (300, 2, f"{origin}/verify") == (first["expires_in"], first["interval"], first["verification_uri"])
    assert first["verification_uri_complete"].startswith(f"{origin}/verify?userCode=")
    assert first["user_code"] not in first["verification_uri_complete"]
    assert (6, True, 36) == (len(first["user_code"]), first["user_code"].isdigit(), len(first["device_code"]))
    assert {"device_code", "user_code"}.isdisjoint(key for key in first if first[key] == second[key])


async def test_tokens_come_once_it_was_allowed_and_then_no_more(api: Client, sandbox: Sandbox) -> None:
    """
    They belong to whoever allowed it and can do what was asked, no more; the refresh token is good as well.
    """
    begun = await _begun(api)
    pending, told, _ = await _polled(api, begun["device_code"])
    done = await _decided(api, begun, "allow")
    sandbox.clock.advance(DEVICE_INTERVAL)
    status, tokens, _ = await _polled(api, begun["device_code"])
    again, refusal, _ = await _polled(api, begun["device_code"])

    assert (428, "authorization_pending") == (pending, told["error"])
    assert (200, True) == (done.status_code, "is connected" in done.text)
    assert (200, ASKED["scope"]) == (status, tokens["scope"])
    assert (400, "invalid_grant") == (again, refusal["error"])
    headers = {"Authorization": f"Bearer {tokens['access_token']}"}
    assert ["ada.admin@acme.example"] == (await api.get("/people/me", headers=headers)).json()["emails"]
    assert 403 == (await api.get("/groups", headers=headers)).status_code
    form = {"grant_type": "refresh_token", "refresh_token": tokens["refresh_token"]}
    assert 200 == (await api.post("/access_token", data=form, auth=CLIENT)).status_code


async def test_who_asks_too_often_is_slowed_down(api: Client, sandbox: Sandbox) -> None:
    """
    Even when it was allowed in between; each question begins the interval anew, and another device is not concerned.
    """
    begun, other = await _begun(api), await _begun(api)
    code = begun["device_code"]
    first, _, _ = await _polled(api, code)
    await _decided(api, begun, "allow")
    sandbox.clock.advance(DEVICE_INTERVAL - 1)
    second, told, answer = await _polled(api, code)
    elsewhere, _, _ = await _polled(api, other["device_code"])
    sandbox.clock.advance(DEVICE_INTERVAL - 1)
    third, _, _ = await _polled(api, code)
    sandbox.clock.advance(DEVICE_INTERVAL)
    fourth, _, _ = await _polled(api, code)

    assert [428, 429, 429, 200] == [first, second, third, fourth]
    assert ("slow_down", str(DEVICE_INTERVAL)) == (told["error"], answer.headers["retry-after"])
    assert 428 == elsewhere


@pytest.mark.parametrize("decision", ["deny", ""])
async def test_what_is_denied_is_told(decision: str, api: Client) -> None:
    """
    A form without an answer is no consent either.
    """
    begun = await _begun(api)
    page = await _decided(api, begun, decision)
    status, told, _ = await _polled(api, begun["device_code"])

    assert "was refused" in page.text
    assert (400, "access_denied") == (status, told["error"])


@pytest.mark.parametrize("decision", ["allow", "deny", None])
async def test_after_five_minutes_it_is_over(decision: str | None, api: Client, sandbox: Sandbox) -> None:
    """
    Whatever was decided: the device gets nothing, and nobody can decide any more.
    """
    begun = await _begun(api)
    sandbox.clock.advance(DEVICE_LIFE - 1)
    if decision:
        await _decided(api, begun, decision)
    else:
        assert 200 == (await api.get(begun["verification_uri_complete"])).status_code
    sandbox.clock.advance(1)
    status, told, _ = await _polled(api, begun["device_code"])

    assert (400, "invalid_grant") == (status, told["error"])
    assert 400 == (await api.get(begun["verification_uri_complete"])).status_code
    assert 400 == (await _decided(api, begun, "allow")).status_code
    assert [] == sandbox.world.grants.devices.all()


async def test_the_page_asks_for_the_code_and_then_for_consent(api: Client) -> None:
    """
    The complete address leads past the first question; a code that nobody has leads nowhere.
    """
    begun = await _begun(api)
    place = begun["verification_uri"]
    entry = await api.get(place)
    typed = await api.get(place, params={"userCode": f" {begun['user_code']} "})
    scanned = await api.get(begun["verification_uri_complete"])
    unknown = await api.get(place, params={"userCode": "<000000>"})

    assert 'name="userCode"' in entry.text
    assert ">Allow<" not in entry.text
    for expected in ("ada.admin@acme.example", "spark-admin:people_write", ">Allow<", ">Deny<", begun["user_code"]):
        assert expected in typed.text
    assert typed.text == scanned.text
    assert (400, False) == (unknown.status_code, "<000000>" in unknown.text)


async def test_nobody_decides_twice(api: Client) -> None:
    """
    Who allowed cannot take it back on the page, and who denied cannot think again.
    """
    begun = await _begun(api)
    await _decided(api, begun, "deny")
    again = await _decided(api, begun, "allow")
    status, _, _ = await _polled(api, begun["device_code"])

    assert (400, 400) == (again.status_code, status)


@pytest.mark.parametrize(
    ("form", "description"),
    [
        ({"client_id": "another"}, "Client Id is invalid"),
        ({"scope": ""}, "Scope is invalid"),
        ({"scope": "spark:all"}, "Scope is invalid"),
    ],
)
async def test_impossible_wishes_are_refused(form: dict[str, str], description: str, api: Client) -> None:
    """
    In Webex's own way, as published.
    """
    answer = await api.post("/device/authorize", data={**ASKED, **form})
    assert (400, description) == (answer.status_code, answer.json()["errors"][0]["description"])


@pytest.mark.parametrize(
    ("auth", "others", "error"),
    [
        (("sandbox-client", "wrong"), {}, "invalid_client"),
        (CLIENT, {"client_id": "another"}, "invalid_request"),
        (CLIENT, {"grant_type": "refresh_token"}, "unsupported_grant_type"),
        (CLIENT, {"device_code": "another"}, "invalid_grant"),
    ],
)
async def test_a_wrong_question_is_refused(
    auth: tuple[str, str], others: dict[str, str], error: str, api: Client
) -> None:
    """
    With 400, and the request goes on waiting: the right question afterwards is answered.
    """
    begun = await _begun(api)
    status, told, _ = await _polled(api, begun["device_code"], auth, **others)
    right, _, _ = await _polled(api, begun["device_code"])
    assert (400, error, 428) == (status, told["error"], right)


@pytest.mark.parametrize("header", ["", "Basic ?"])
async def test_the_client_shows_its_secret_by_basic_alone(header: str, api: Client) -> None:
    """
    In the form, where the other token endpoint takes it, it counts for nothing.
    """
    begun = await _begun(api)
    form = {**POLL, "device_code": begun["device_code"], "client_secret": CLIENT[1]}
    answer = await api.post("/device/token", data=form, headers={"Authorization": header})
    assert (400, "invalid_client") == (answer.status_code, answer.json()["error"])


async def test_refusals_may_look_as_everywhere_else(api: Client, sandbox: Sandbox) -> None:
    """
    The switch of the other token endpoint is that of this one too.
    """
    sandbox.quirks = Quirks(oauth_errors=OAuthErrors.WEBEX)
    begun = await _begun(api)
    status, told, _ = await _polled(api, begun["device_code"])
    assert (428, True, False) == (status, "trackingId" in told, "error" in told)


async def test_the_control_api_decides_in_place_of_the_page(api: Client, sandbox: Sandbox) -> None:
    """
    It lists what devices wait for; an unknown code is not found, another word than allow or deny is refused.
    """
    begun, denied = await _begun(api), await _begun(api)
    place = str(api.base_url).replace("/v1/", "/__sandbox__/devices")
    headers = {"X-Sandbox-Token": "control"}
    tried = [
        await api.post(place, json={"userCode": code, "decision": word}, headers=headers)
        for code, word in (
            (begun["user_code"], "allow"),
            (denied["user_code"], "deny"),
            (begun["user_code"], "deny"),
            ("000", "allow"),
            (begun["user_code"], "none"),
        )
    ]
    listed = (await api.get(place, headers=headers)).json()["devices"]
    outcomes = [(await _polled(api, each["device_code"]))[0] for each in (begun, denied)]

    assert [204, 204, 404, 404, 400] == [each.status_code for each in tried]
    assert [(begun["user_code"], "allow"), (denied["user_code"], "deny")] == [
        (each["userCode"], each["decision"]) for each in listed
    ]
    assert sorted(ASKED["scope"].split()) == listed[0]["scopes"]
    assert [200, 400] == outcomes
