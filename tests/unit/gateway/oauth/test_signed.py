"""
Access tokens for signed assertions (RFC 7523), and signed tokens at the doors.
"""

from typing import Any

import pytest

from fakes.issuer import SUBJECT
from fakes.token_desk import ANNA, HOST, Desk
from webex_connector.gateway.admission import Lapsed, Unproven
from webex_connector.gateway.oauth.asking import ASSERTION_TYPE, Grant
from webex_connector.gateway.rights import Client, Right, Trusted


async def _as_client(desk: Desk, assertion: str, **more: str) -> Any:
    return await desk.ask(None, client_assertion_type=ASSERTION_TYPE, client_assertion=assertion, **more)


async def _as_grant(desk: Desk, assertion: str, login: tuple[str, str] | None = None) -> Any:
    return await desk.ask(login, grant_type=Grant.JWT_BEARER.value, assertion=assertion)


@pytest.mark.parametrize("ask", [_as_client, _as_grant])
async def test_an_assertion_becomes_a_token(desk: Desk, ask: Any) -> None:
    """
    As the client's log-in (section 2.2) or as the grant (section 2.1); with the rights of the client it speaks for.
    """
    answer = await ask(desk, desk.issuer.signed(desk.clock.now(), jti="one"))
    assert (200, "disable read run_scripts write") == (answer.status_code, answer.json()["scope"])
    client = await desk.access.admit_token(answer.json()["access_token"], HOST)
    assert "entra" == client.name
    assert Right.DELETE not in client.rights


async def test_a_client_of_the_store_is_spoken_for_too(desk: Desk) -> None:
    """
    It has nothing to show itself, so nothing of it can be lost; revoked, it gets no token, and its tokens end.
    """
    client = Client("robot", trusted=Trusted("robot", "robot"))
    assert await desk.enrolment.add(client, None, ANNA) is None
    (line,) = await desk.enrolment.lines()
    assert line.credential is None
    text = desk.issuer.signed(desk.clock.now(), iss="robot", sub="robot")
    token = (await _as_client(desk, text, client_id="robot")).json()["access_token"]
    assert "robot" == (await desk.access.admit_token(token, HOST)).name
    await desk.enrolment.revoke("robot", ANNA)
    with pytest.raises(Lapsed, match="was revoked"):
        await desk.access.admit_token(token, HOST)
    answer = await _as_client(desk, text)
    assert (401, "invalid_client") == (answer.status_code, answer.json()["error"])
    assert "was revoked" in answer.json()["error_description"]


@pytest.mark.parametrize(
    ("ask", "status", "error"), [(_as_client, 401, "invalid_client"), (_as_grant, 400, "invalid_grant")]
)
async def test_an_assertion_with_a_number_is_used_once(desk: Desk, ask: Any, status: int, error: str) -> None:
    """
    Whoever copied it on the way gets nothing for it. One without a number is good until it ends, since issuers that
    leave it out show theirs again.
    """
    once, again = (desk.issuer.signed(desk.clock.now(), jti=number) for number in ("one", None))
    assert 200 == (await ask(desk, once)).status_code
    answer = await ask(desk, once)
    assert (status, error) == (answer.status_code, answer.json()["error"])
    assert "was used before" in answer.json()["error_description"]
    assert [200, 200] == [(await ask(desk, again)).status_code for _ in range(2)]


@pytest.mark.parametrize(
    ("claims", "why"),
    [
        ({"iss": "https://evil.example.com"}, "issuer of the assertion is not trusted here: https://evil.example.com"),
        ({"sub": "somebody"}, "tenant speaks for no client as somebody"),
        ({"aud": "https://other.example.com"}, "is for https://other.example.com, and not for this server"),
        ({"exp": 1}, "The assertion ended on 1970-01-01"),
    ],
)
async def test_an_assertion_that_does_not_fit_says_why(desk: Desk, claims: dict[str, Any], why: str) -> None:
    """
    To whoever has it, in the error of the way it came.
    """
    text = desk.issuer.signed(desk.clock.now(), **claims)
    for ask, status, error in ((_as_client, 401, "invalid_client"), (_as_grant, 400, "invalid_grant")):
        answer = await ask(desk, text)
        assert (status, error) == (answer.status_code, answer.json()["error"])
        assert why in answer.json()["error_description"]


async def test_the_client_must_be_the_one_that_is_named(desk: Desk) -> None:
    """
    By our name or by the issuer's; another one would get a token that it did not ask for.
    """
    now = desk.clock.now()
    for name, status in (("entra", 200), (SUBJECT, 200), ("fixed", 401)):
        assert status == (await _as_client(desk, desk.issuer.signed(now), client_id=name)).status_code
    answer = await _as_grant(desk, desk.issuer.signed(now), ("fixed", "fixed password"))
    assert (400, "invalid_grant", "The assertion speaks for entra, and fixed shows it") == (
        answer.status_code,
        *answer.json().values(),
    )


async def test_a_new_key_of_the_issuer_is_found(desk: Desk) -> None:
    """
    Issuers change keys without telling anybody; one that signed before is worth nothing then.
    """
    before = desk.issuer.signed(desk.clock.now())
    assert 200 == (await _as_client(desk, before)).status_code
    desk.issuer.rotate("key-2")
    await desk.clock.sleep(60)
    assert 200 == (await _as_client(desk, desk.issuer.signed(desk.clock.now()))).status_code
    assert 401 == (await _as_client(desk, before)).status_code


async def test_tokens_of_an_issuer_are_taken_at_the_doors_when_it_is_set(desk: Desk) -> None:
    """
    As often as they are shown; not those of an issuer that is for the token endpoint alone, nor of a stranger.
    """
    await desk.enrolment.add(Client("robot", trusted=Trusted("robot", "robot")), None, ANNA)
    now = desk.clock.now()
    token = desk.issuer.signed(now, iss="robot", sub="robot", jti="one")
    for _ in range(2):
        assert "robot" == (await desk.access.admit_token(token, HOST)).name
    with pytest.raises(Lapsed, match="and not for this server"):
        await desk.access.admit_token(desk.issuer.signed(now, iss="robot", sub="robot", aud="api://x"), HOST)
    with pytest.raises(Unproven, match="Tokens of tenant are taken at the token endpoint alone"):
        await desk.access.admit_token(desk.issuer.signed(now), HOST)
    with pytest.raises(Unproven, match="not trusted here"):
        await desk.access.admit_token(desk.issuer.signed(now, iss="x"), HOST)
