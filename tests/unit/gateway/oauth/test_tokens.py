"""
Access tokens for name and secret (RFC 6749, section 4.4).
"""

import base64
from datetime import timedelta
from typing import Any

import pytest

from fakes.issuer import encoded
from fakes.token_desk import ANNA, FIXED, HOST, Desk
from webex_connector.base.secret import Secret
from webex_connector.gateway.access import Access
from webex_connector.gateway.admission import Lapsed, NotAdmitted
from webex_connector.gateway.issuing import LIFE, SCOPES
from webex_connector.gateway.rights import Client, Right
from webex_connector.store.tables import ACCESS_TOKENS


async def _rights(access: Access, token: str) -> frozenset[Right]:
    return (await access.admit_token(token, HOST)).rights


@pytest.mark.parametrize("by_header", [True, False])
async def test_a_secret_becomes_a_token(desk: Desk, *, by_header: bool) -> None:
    """
    In the header or in the body; the token says how long it lives and what it is good for, and no proxy keeps it.
    """
    secret = await desk.secret(Client("okta", systems=frozenset({"webex"})))
    fields = {} if by_header else {"client_id": "okta", "client_secret": secret}
    answer = await desk.ask(("okta", secret) if by_header else None, **fields)
    found = answer.json()
    assert (200, "no-store") == (answer.status_code, answer.headers["cache-control"])
    assert ("Bearer", 3600, "delete disable read run_scripts write") == (
        found["token_type"],
        found["expires_in"],
        found["scope"],
    )
    client = await desk.access.admit_token(found["access_token"], HOST)
    assert ("okta", frozenset({"webex"})) == (client.name, client.systems)
    assert client.rights == Client("okta").rights


async def test_the_token_is_kept_as_a_digest(desk: Desk) -> None:
    """
    Whoever reads the database can log in as nobody.
    """
    secret = await desk.secret(Client("okta"))
    token = (await desk.ask(("okta", secret))).json()["access_token"]
    kept = desk.store.database.read_now(lambda link: str(link.execute(ACCESS_TOKENS.select()).all()))
    assert token.startswith("wxa_")
    assert token not in kept
    assert token[4:] not in kept


async def test_a_token_ends(desk: Desk) -> None:
    """
    After an hour, to the second; whoever shows it then hears where there is another.
    """
    token = (await desk.ask(("fixed", "fixed password"))).json()["access_token"]
    await desk.clock.sleep(LIFE.total_seconds() - 1)
    assert "fixed" == (await desk.access.admit_token(token, HOST)).name
    await desk.clock.sleep(1)
    with pytest.raises(Lapsed, match=r"access token of fixed ended on .*; ask /oauth2/token for another"):
        await desk.access.admit_token(token, HOST)


async def test_what_is_revoked_takes_its_tokens_along(desk: Desk) -> None:
    """
    From the next request on; and so does a rotation, when what it leaves behind has ended.
    """
    secret = await desk.secret(Client("okta"))
    first = (await desk.ask(("okta", secret))).json()["access_token"]
    another = await desk.enrolment.rotate("okta", None, None, timedelta(minutes=5), ANNA)
    second = (await desk.ask(("okta", another.reveal()))).json()["access_token"]
    assert "okta" == (await desk.access.admit_token(first, HOST)).name
    await desk.clock.sleep(300)
    with pytest.raises(NotAdmitted, match="fits no client"):
        await desk.access.admit_token(first, HOST)
    assert "okta" == (await desk.access.admit_token(second, HOST)).name
    await desk.enrolment.revoke("okta", ANNA)
    with pytest.raises(Lapsed, match="access token of okta was revoked"):
        await desk.access.admit_token(second, HOST)
    await desk.clock.sleep(1)
    await desk.secret(Client("okta"))
    with pytest.raises(NotAdmitted, match="fits no client"):
        await desk.access.admit_token(second, HOST)


async def test_fewer_rights_can_be_asked_for(desk: Desk) -> None:
    """
    The token has those, and reading for it; never more than the client has by then.
    """
    secret = await desk.secret(Client("okta"))
    answer = await desk.ask(("okta", secret), scope="write scim")
    assert "read write" == answer.json()["scope"]
    assert {Right.READ, Right.WRITE} == await _rights(desk.access, answer.json()["access_token"])


@pytest.mark.parametrize(
    ("scope", "why"),
    [
        ("read write", "fixed may not write"),
        ("read delete disable", "fixed may not delete, disable"),
        ("everything", f"There is no scope everything; there are: {', '.join(SCOPES)}"),
    ],
)
async def test_more_rights_than_one_has_are_not_given(desk: Desk, scope: str, why: str) -> None:
    """
    The answer names them; a token with less would fail later, where it is harder to see why.
    """
    answer = await desk.ask(("fixed", "fixed password"), scope=scope)
    assert (400, {"error": "invalid_scope", "error_description": why}) == (answer.status_code, answer.json())


@pytest.mark.parametrize("secret", ["fixed password", "fixed token"])
async def test_clients_of_the_settings_have_both_as_their_secret(desk: Desk, secret: str) -> None:
    """
    Password or token, whichever stands there.
    """
    token = (await desk.ask(("fixed", secret))).json()["access_token"]
    assert FIXED.rights == await _rights(desk.access, token)


async def test_a_password_with_signs_is_encoded_in_the_header(desk: Desk) -> None:
    """
    As in a form, since a colon or a plus would mean something else (RFC 6749, section 2.3.1); in the body as ever.
    """
    await desk.enrolment.add(Client("ida@x", Secret("a+b:c%20 déjà")), None, ANNA)
    pair = "ida%40x:a%2Bb%3Ac%2520+d%C3%A9j%C3%A0"
    headers = {"Authorization": f"Basic {base64.b64encode(pair.encode()).decode()}"}
    form = {"grant_type": "client_credentials"}
    assert 200 == (await desk.http.post("/oauth2/token", data=form, headers=headers)).status_code
    assert 200 == (await desk.ask(None, client_id="ida@x", client_secret="a+b:c%20 déjà")).status_code


@pytest.mark.parametrize(
    ("login", "fields", "why"),
    [
        (("okta", "wrong"), {}, "Name and password fit no client"),
        (("nobody", "wrong"), {}, "Name and password fit no client"),
        (("okta", "wxc_wrong"), {}, "The token fits no client"),
        (("fixed", "SECRET"), {}, "The client's name and its secret do not fit together"),
        (("okta", ""), {}, "Name and password fit no client"),
        (None, {}, "The client's name and secret are missing: in the Authorization header, or in the body"),
        (None, {"client_id": "okta"}, "The client's name and secret are missing"),
        (None, {"client_id": "okta", "client_secret": "wrong"}, "Name and password fit no client"),
    ],
)
async def test_who_does_not_prove_who_it_is_gets_none(
    desk: Desk, login: tuple[str, str] | None, fields: dict[str, str], why: str
) -> None:
    """
    401, with how to log in; the sentence says whether the pair or the secret is the matter.
    """
    secret = await desk.secret(Client("okta"))
    if login is not None and login[1] == "SECRET":
        login = (login[0], secret)
    answer = await desk.ask(login, **fields)
    assert (401, "invalid_client") == (answer.status_code, answer.json()["error"])
    assert answer.json()["error_description"].startswith(why)
    assert 'Basic realm="webex-connector"' == answer.headers["www-authenticate"]
    assert "no-store" == answer.headers["cache-control"]


async def test_what_has_ended_says_so(desk: Desk) -> None:
    """
    Whoever has the secret may know since when it is worth nothing.
    """
    shown = await desk.enrolment.add(Client("okta"), timedelta(hours=1), ANNA)
    assert shown is not None
    await desk.clock.sleep(3600)
    answer = await desk.ask(("okta", shown.reveal()))
    assert (401, "The token of okta ended on 2026-11-02 at 09:00 UTC") == (
        answer.status_code,
        answer.json()["error_description"],
    )


async def test_guessing_is_slowed_down(desk: Desk) -> None:
    """
    Together with wrong log-ins at the doors; the right secret has to wait as well, and hears how long.
    """
    for number in range(5):
        await desk.ask(("fixed", f"guess {number}"))
    answer = await desk.ask(("fixed", "fixed password"))
    assert (429, "60", "temporarily_unavailable") == (
        answer.status_code,
        answer.headers["retry-after"],
        answer.json()["error"],
    )
    await desk.clock.sleep(60)
    assert 200 == (await desk.ask(("fixed", "fixed password"))).status_code


@pytest.mark.parametrize(
    ("content", "kind", "error", "why"),
    [
        (b"{}", "application/json", "invalid_request", "The body must be application/x-www-form-urlencoded"),
        (b"", None, "invalid_request", "The field grant_type is missing"),
        (b"grant_type=", None, "invalid_request", "The field grant_type is missing"),
        (b"grant_type=password&username=a", None, "unsupported_grant_type", "The grant type password is not known"),
        (b"grant_type=client_credentials&grant_type=x", None, "invalid_request", "A field stands in the body more"),
        (b"grant_type=%ff", None, "invalid_request", "The body cannot be read"),
        (b"a=b&" * 60, None, "invalid_request", "The body cannot be read"),
        (b"grant_type=client_credentials&client_secret=x", None, "invalid_request", "The field client_id is missing"),
        (
            b"grant_type=client_credentials&client_assertion=x",
            None,
            "invalid_request",
            "client_assertion and client_assertion_type go together",
        ),
        (
            b"grant_type=client_credentials&client_assertion=x&client_assertion_type=saml",
            None,
            "invalid_request",
            "client_assertion_type must be urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
        ),
    ],
)
async def test_what_cannot_be_read_is_refused(
    desk: Desk, content: bytes, kind: str | None, error: str, why: str
) -> None:
    """
    In the standard's own words (RFC 6749, section 5.2), with a sentence for people.
    """
    headers = {"Content-Type": kind or "application/x-www-form-urlencoded; charset=utf-8"}
    answer = await desk.http.post("/oauth2/token", content=content, headers=headers)
    assert (400, error) == (answer.status_code, answer.json()["error"])
    assert answer.json()["error_description"].startswith(why)


async def test_one_way_to_show_who_one_is_is_enough(desk: Desk) -> None:
    """
    A header and a secret in the body might mean two clients (RFC 6749, section 2.3).
    """
    login = ("fixed", "fixed password")
    answer = await desk.ask(login, client_id="fixed", client_secret="fixed password")
    assert (400, "invalid_request") == (answer.status_code, answer.json()["error"])
    answer = await desk.ask(login, client_id="okta")
    assert "client_id is not the name in the Authorization header" == answer.json()["error_description"]
    headers = {"Authorization": "Bearer x"}
    answer = await desk.http.post("/oauth2/token", data={"grant_type": "client_credentials"}, headers=headers)
    assert (401, "invalid_client") == (answer.status_code, answer.json()["error"])


@pytest.mark.parametrize("method", ["GET", "PUT", "PATCH", "DELETE"])
async def test_tokens_are_asked_for_by_post(desk: Desk, method: str) -> None:
    """
    A secret in an address would stand in every log on the way.
    """
    answer = await desk.http.request(method, "/oauth2/token?grant_type=client_credentials")
    assert (405, "POST") == (answer.status_code, answer.headers["allow"])


async def test_a_body_has_an_end(desk: Desk) -> None:
    """
    A token request is short.
    """
    answer = await desk.ask(None, assertion=encoded(b"x" * 70_000))
    assert (413, "close") == (answer.status_code, answer.headers["connection"])


async def test_without_the_store_there_is_no_token(desk: Desk) -> None:
    """
    It would be worth nothing; the client is told to come back, and has done nothing wrong.
    """
    desk.store.database.write_now(lambda link: link.exec_driver_sql("DROP TABLE access_tokens"))
    answer = await desk.ask(("fixed", "fixed password"))
    assert (503, "temporarily_unavailable", "30") == (
        answer.status_code,
        answer.json()["error"],
        answer.headers["retry-after"],
    )


async def test_it_says_what_it_can_do(desk: Desk) -> None:
    """
    At the address of RFC 8414, for programs that look for it.
    """
    found: dict[str, Any] = (await desk.http.get("/.well-known/oauth-authorization-server")).json()
    assert "https://connector.example.com" == found["issuer"]
    assert "https://connector.example.com/oauth2/token" == found["token_endpoint"]
    assert list(SCOPES) == found["scopes_supported"]
    assert ["client_secret_basic", "client_secret_post", "private_key_jwt"] == (
        found["token_endpoint_auth_methods_supported"]
    )


def test_each_right_has_a_word() -> None:
    """
    Nobody can add a right that no client can ask for.
    """
    assert set(Right) == set(SCOPES.values())
