"""
The token endpoint.
"""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager

import httpx2
import pytest

from webex_connector.sandbox import rendering
from webex_connector.sandbox.grants import ACCESS_LIFE, REFRESH_LIFE
from webex_connector.sandbox.quirks import OAuthErrors
from webex_connector.sandbox.sandbox import Sandbox

Client = httpx2.AsyncClient
Serve = Callable[..., AbstractAsyncContextManager[Client]]

CLIENT = {"client_id": "sandbox-client", "client_secret": "sandbox-client-secret"}
REFRESH = {"grant_type": "refresh_token", "refresh_token": "sandbox-refresh-token"}


async def _token(api: Client, form: dict[str, str], authorization: str = "") -> httpx2.Response:
    return await api.post("/access_token", data=form, headers={"Authorization": authorization})


async def _status(api: Client, token: str) -> int:
    return (await api.get("/people?max=1", headers={"Authorization": f"Bearer {token}"})).status_code


@pytest.mark.parametrize(
    ("form", "authorization"),
    [(CLIENT, ""), ({}, "Basic c2FuZGJveC1jbGllbnQ6c2FuZGJveC1jbGllbnQtc2VjcmV0")],
)
async def test_a_refresh_token_is_good_for_access(form: dict[str, str], authorization: str, api: Client) -> None:
    """
    The client may show its credentials in the form or by HTTP Basic; the token it gets works and lives 14 days.
    """
    answer = await _token(api, {**REFRESH, **form}, authorization)
    told = answer.json()

    assert 200 == answer.status_code
    assert ("Bearer", "sandbox-refresh-token") == (told["token_type"], told["refresh_token"])
    assert (ACCESS_LIFE, REFRESH_LIFE) == (told["expires_in"], told["refresh_token_expires_in"])
    assert "spark-admin:people_write" in told["scope"].split()
    assert 200 == await _status(api, told["access_token"])


async def test_the_client_itself_gets_a_token(api: Client) -> None:
    """
    Client credentials give an access token that belongs to nobody, and no refresh token.
    """
    told = (await _token(api, {"grant_type": "client_credentials", **CLIENT})).json()
    me = await api.get("/people/me", headers={"Authorization": f"Bearer {told['access_token']}"})

    assert "refresh_token" not in told
    assert (404, 200) == (me.status_code, await _status(api, told["access_token"]))


async def test_tokens_expire(api: Client, sandbox: Sandbox) -> None:
    """
    An access token dies after 14 days, and the time left can be asked for until then.
    """
    token = (await _token(api, {**REFRESH, **CLIENT})).json()["access_token"]
    headers = {"Authorization": f"Bearer {token}"}
    exp = (await api.get("/authorizations/tokenExpiry", headers=headers)).json()["exp"]

    assert exp == sandbox.world.now() + ACCESS_LIFE * 1000
    sandbox.clock.advance(ACCESS_LIFE - 1)
    assert 200 == await _status(api, token)
    sandbox.clock.advance(1)
    assert 401 == await _status(api, token)


async def test_refresh_tokens_expire_unless_used(api: Client, sandbox: Sandbox) -> None:
    """
    Each use gives a refresh token another 90 days; unused for as long, it is refused.
    """
    form = {**REFRESH, **CLIENT}
    for _ in range(3):
        assert 200 == (await _token(api, form)).status_code
        sandbox.clock.advance(REFRESH_LIFE - 1)
    sandbox.clock.advance(1)

    answer = await _token(api, form)

    assert (400, "invalid_grant") == (answer.status_code, answer.json()["error"])


async def test_a_static_token_has_no_expiry(api: Client) -> None:
    """
    The tokens handed out at the start never expire.
    """
    assert 404 == (await api.get("/authorizations/tokenExpiry")).status_code


async def test_rotation_kills_the_old_refresh_token(served: Serve) -> None:
    """
    Where refresh tokens rotate, the new one works and the old one is refused.
    """
    async with served(refresh_rotates=True) as api:
        fresh = (await _token(api, {**REFRESH, **CLIENT})).json()["refresh_token"]
        old = await _token(api, {**REFRESH, **CLIENT})
        new = await _token(api, {**REFRESH, **CLIENT, "refresh_token": fresh})
    assert "sandbox-refresh-token" != fresh
    assert (400, 200) == (old.status_code, new.status_code)


@pytest.mark.parametrize(("revokes", "status"), [(True, 401), (False, 200)])
async def test_a_refresh_may_end_older_access(revokes: bool, status: int, served: Serve) -> None:  # noqa: FBT001  # the case
    """
    Whether a refresh ends the access tokens before it is a habit of Webex.
    """
    async with served(refresh_revokes_access=revokes) as api:
        first = (await _token(api, {**REFRESH, **CLIENT})).json()["access_token"]
        await _token(api, {**REFRESH, **CLIENT})
        assert status == await _status(api, first)


@pytest.mark.parametrize(
    ("form", "status", "error"),
    [
        ({**REFRESH}, 401, "invalid_client"),
        ({**REFRESH, **CLIENT, "client_secret": "wrong"}, 401, "invalid_client"),
        ({**REFRESH, **CLIENT, "refresh_token": "wrong"}, 400, "invalid_grant"),
        ({"grant_type": "password", **CLIENT}, 400, "unsupported_grant_type"),
        ({**CLIENT}, 400, "unsupported_grant_type"),
    ],
)
@pytest.mark.parametrize("style", OAuthErrors)
async def test_refusals_in_both_styles(
    style: OAuthErrors,
    form: dict[str, str],
    status: int,
    error: str,
    served: Serve,
) -> None:
    """
    A refusal is written as OAuth does or as the rest of Webex does.
    """
    async with served(oauth_errors=style) as api:
        answer = await _token(api, form)
    assert status == answer.status_code
    if style is OAuthErrors.OAUTH:
        assert error == answer.json()["error"]
    else:
        assert {"message", "errors", "trackingId"} == set(answer.json())


@pytest.mark.parametrize("authorization", ["Basic ???", "Basic AAAA"])
async def test_unreadable_basic_credentials(authorization: str, api: Client) -> None:
    """
    A broken Basic header is a client that could not be authenticated.
    """
    assert 401 == (await _token(api, REFRESH, authorization)).status_code


async def test_the_form_must_be_a_form(api: Client) -> None:
    """
    JSON is not what the token endpoint reads.
    """
    assert 415 == (await api.post("/access_token", json={**REFRESH, **CLIENT})).status_code


def _app(sandbox: Sandbox, **others: str) -> dict[str, str]:
    draft = {
        "clientId": "sandbox-client",
        "clientSecret": "sandbox-client-secret",
        "targetOrgId": rendering.organization_id(sandbox.world),
    }
    return {**draft, **others}


async def test_a_service_app_gets_its_tokens(api: Client, sandbox: Sandbox) -> None:
    """
    An integration obtains a pair for it: nobody is behind the access token, and the refresh token works.
    """
    told = (await api.post("/applications/sandbox-application/token", json=_app(sandbox))).json()
    renewed = await _token(api, {**CLIENT, "grant_type": "refresh_token", "refresh_token": told["refresh_token"]})
    me = await api.get("/people/me", headers={"Authorization": f"Bearer {told['access_token']}"})

    assert (ACCESS_LIFE, REFRESH_LIFE) == (told["expires_in"], told["refresh_token_expires_in"])
    assert (200, 404) == (await _status(api, told["access_token"]), me.status_code)
    assert 200 == await _status(api, renewed.json()["access_token"])


@pytest.mark.parametrize(
    ("app", "others", "status"),
    [
        ("sandbox-application", {"clientSecret": "wrong"}, 401),
        ("other-application", {}, 404),
        ("sandbox-application", {"targetOrgId": "a6b0d2f4-18c3-4e79-8f25-0c9e7d314b58"}, 403),
        ("sandbox-application", {"targetOrgId": "?"}, 400),
    ],
)
async def test_tokens_of_other_apps(
    app: str, others: dict[str, str], status: int, api: Client, sandbox: Sandbox
) -> None:
    """
    Wrong credentials, an unknown app, an organisation that did not authorise it.
    """
    answer = await api.post(f"/applications/{app}/token", json=_app(sandbox, **others))
    assert status == answer.status_code
    assert "access_token" not in answer.json()
