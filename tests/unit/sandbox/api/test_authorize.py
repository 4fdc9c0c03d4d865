"""
The consent page: what it asks, where it leads, and what its codes are good for.
"""

import base64
import hashlib
from urllib.parse import parse_qs, urlsplit

import httpx2
import pytest

from webex_connector.sandbox.consents import CODE_LIFE
from webex_connector.sandbox.grants import BEARER_LIFE
from webex_connector.sandbox.sandbox import Sandbox

Client = httpx2.AsyncClient

BACK = "http://127.0.0.1:8765/callback"
VERIFIER = "a-verifier-of-forty-three-characters-or-more-x"
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()
ASKED = {
    "client_id": "sandbox-client",
    "response_type": "code",
    "redirect_uri": BACK,
    "scope": "spark-admin:people_read spark-admin:people_write",
    "state": "st&te",
    "code_challenge": CHALLENGE,
    "code_challenge_method": "S256",
}
EXCHANGE = {
    "grant_type": "authorization_code",
    "client_id": "sandbox-client",
    "client_secret": "sandbox-client-secret",
    "redirect_uri": BACK,
    "code_verifier": VERIFIER,
}


async def _decided(api: Client, decision: str = "allow", **others: str) -> tuple[str, dict[str, str]]:
    answer = await api.post("/authorize", data={**ASKED, **others, "decision": decision})
    assert 302 == answer.status_code
    parts = urlsplit(answer.headers["location"])
    told = {name: values[0] for name, values in parse_qs(parts.query or parts.fragment).items()}
    return f"{parts.scheme}://{parts.netloc}{parts.path}{'#' if parts.fragment else ''}", told


async def _exchanged(api: Client, code: str, **others: str) -> httpx2.Response:
    return await api.post("/access_token", data={**EXCHANGE, "code": code, **others}, headers={"Authorization": ""})


async def test_the_page_shows_who_asks_for_what(api: Client) -> None:
    """
    With both answers, and everything that was asked carried along.
    """
    page = await api.get("/authorize", params={**ASKED, "state": '"><script>'})
    assert (200, "text/html; charset=utf-8") == (page.status_code, page.headers["content-type"])
    for expected in ("ada.admin@acme.example", "sandbox-client", "spark-admin:people_write", ">Allow<", ">Deny<"):
        assert expected in page.text
    assert '<input type="hidden" name="state" value="&quot;&gt;&lt;script&gt;">' in page.text


async def test_a_code_is_good_for_tokens_once(api: Client) -> None:
    """
    They belong to whoever allowed it, and can do what was asked and no more.
    """
    address, told = await _decided(api)
    assert (BACK, "st&te") == (address, told["state"])
    tokens = (await _exchanged(api, told["code"])).json()
    headers = {"Authorization": f"Bearer {tokens['access_token']}"}
    me = (await api.get("/people/me", headers=headers)).json()
    groups = await api.get("/groups", headers=headers)
    again = await _exchanged(api, told["code"])
    assert ["ada.admin@acme.example"] == me["emails"]
    assert (403, 400, "invalid_grant") == (groups.status_code, again.status_code, again.json()["error"])
    assert tokens["refresh_token"]


@pytest.mark.parametrize(
    ("asked", "exchange", "wait"),
    [
        ({}, {"code_verifier": "another"}, 0),
        ({}, {"code_verifier": ""}, 0),
        ({}, {"redirect_uri": "http://127.0.0.1:8765/elsewhere"}, 0),
        ({"code_challenge": "", "code_challenge_method": ""}, {}, 0),
        ({"code_challenge_method": "plain"}, {}, 0),
        ({}, {}, CODE_LIFE),
    ],
)
async def test_a_code_is_refused(
    asked: dict[str, str], exchange: dict[str, str], wait: int, api: Client, sandbox: Sandbox
) -> None:
    """
    Another verifier or redirect URI, a verifier without a challenge, a method that does not fit, ten minutes.
    """
    _, told = await _decided(api, **asked)
    sandbox.clock.advance(wait)
    answer = await _exchanged(api, told["code"], **exchange)
    assert (400, "invalid_grant") == (answer.status_code, answer.json()["error"])


async def test_a_plain_challenge_and_none_at_all(api: Client) -> None:
    """
    PKCE is optional for an integration with a secret.
    """
    _, plain = await _decided(api, code_challenge=VERIFIER, code_challenge_method="plain")
    _, without = await _decided(api, code_challenge="", code_challenge_method="")
    assert 200 == (await _exchanged(api, plain["code"])).status_code
    assert 200 == (await _exchanged(api, without["code"], code_verifier="")).status_code


@pytest.mark.parametrize(
    ("decision", "others", "error"),
    [
        ("deny", {}, "access_denied"),
        ("", {}, "access_denied"),
        ("allow", {"scope": "spark:all"}, "invalid_scope"),
        ("allow", {"scope": ""}, "invalid_scope"),
        ("allow", {"response_type": "cookie"}, "unsupported_response_type"),
        ("allow", {"code_challenge_method": "S1"}, "invalid_request"),
    ],
)
async def test_a_refusal_leads_back_with_the_state(
    decision: str, others: dict[str, str], error: str, api: Client
) -> None:
    """
    So that the integration can tell its user.
    """
    address, told = await _decided(api, decision, **others)
    assert (BACK, error, "st&te") == (address, told["error"], told["state"])
    assert "code" not in told


@pytest.mark.parametrize(
    ("others", "sentence"),
    [
        ({"redirect_uri": "https://evil.example/"}, "The redirect URI does not match any of those registered"),
        ({"redirect_uri": f"{BACK}/"}, "The redirect URI does not match any of those registered"),
        ({"client_id": "another"}, "There is no integration with this client id."),
    ],
)
@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_nobody_is_led_to_a_place_that_is_not_registered(
    method: str, others: dict[str, str], sentence: str, api: Client
) -> None:
    """
    The complaint stands on the page itself.
    """
    asked = {**ASKED, **others, "decision": "allow"}
    answer = await (api.get("/authorize", params=asked) if method == "GET" else api.post("/authorize", data=asked))
    assert (400, None) == (answer.status_code, answer.headers.get("location"))
    assert sentence in answer.text


async def test_a_bearer_token_comes_in_the_fragment(api: Client, sandbox: Sandbox) -> None:
    """
    For people who paste it elsewhere; it lives 365 days, as the identity broker's own do.
    """
    back = "http://localhost:3000/auth/code"
    address, told = await _decided(api, response_type="token", redirect_uri=back)
    headers = {"Authorization": f"Bearer {told['access_token']}"}
    assert (f"{back}#", str(BEARER_LIFE), "Bearer") == (address, told["expires_in"], told["token_type"])
    sandbox.clock.advance(BEARER_LIFE - 1)
    assert 200 == (await api.get("/people?max=1", headers=headers)).status_code
    sandbox.clock.advance(1)
    assert 401 == (await api.get("/people?max=1", headers=headers)).status_code


async def test_a_revoked_refresh_token_takes_its_access_tokens_along(api: Client) -> None:
    """
    An unknown token is no error; another client's secret is.
    """
    _, told = await _decided(api)
    tokens = (await _exchanged(api, told["code"])).json()
    revoke = str(api.base_url).replace("/v1/", "/idb/oauth2/v1/revoke")
    form = {**EXCHANGE, "token": tokens["refresh_token"]}
    assert (
        401 == (await api.post(revoke, data={**form, "client_secret": "x"}, headers={"Authorization": ""})).status_code
    )
    for _ in range(2):
        assert 200 == (await api.post(revoke, data=form, headers={"Authorization": ""})).status_code
    headers = {"Authorization": f"Bearer {tokens['access_token']}"}
    assert 401 == (await api.get("/people?max=1", headers=headers)).status_code
