"""
Token requests and token answers.
"""

from datetime import UTC, datetime, timedelta

import pytest

from webex_connector.base.secret import Secret
from webex_connector.webex.errors import NotReached, TokenRefused, TooStrange, WebexError
from webex_connector.webex.oauth import OAuthClient, Tokens, no_token, tokens_in
from webex_connector.webex.wire import Answer

NOW = datetime(2026, 11, 2, 8, 0, tzinfo=UTC)
ENDPOINT = "https://webexapis.com/v1/access_token"
GRANT: dict[str, str | Secret] = {"grant_type": "refresh_token", "refresh_token": Secret("old")}


def answer(**content: object) -> Answer:
    """
    An answer of the token endpoint.
    """
    return Answer(200, content, None, "ROUTER_1")


def test_id_and_secret_travel_in_the_form_if_so_configured() -> None:
    """
    That is how Webex documents it.
    """
    request = OAuthClient(ENDPOINT, "id", Secret("hush"), basic=False).ask(GRANT)
    expected = {**GRANT, "client_id": "id", "client_secret": Secret("hush")}
    assert (ENDPOINT, "POST", expected, {}) == (request.address, request.method, request.form, request.headers)


def test_id_and_secret_travel_as_basic_credentials_otherwise() -> None:
    """
    RFC 6749, section 2.3.1: each is form-encoded before the two are joined.
    """
    request = OAuthClient(ENDPOINT, "i:d", Secret("hu sh"), scope="a b").ask(GRANT)
    assert {**GRANT, "scope": "a b"} == request.form
    assert {"Authorization": Secret("Basic aSUzQWQ6aHUlMjBzaA==")} == request.headers


def test_a_rotated_refresh_token_takes_the_place_of_the_old() -> None:
    """
    Whatever comes back is what counts from now on.
    """
    tokens = tokens_in(answer(access_token="a", expires_in=100, refresh_token="new"), Secret("old"), NOW)
    assert Tokens(Secret("a"), Secret("new"), NOW, NOW + timedelta(seconds=100)) == tokens


def test_without_rotation_the_refresh_token_stays() -> None:
    """
    RFC 6749, section 6: no new one means the old one.
    """
    assert Tokens(Secret("a"), Secret("old"), NOW, None) == tokens_in(answer(access_token="a"), Secret("old"), NOW)


@pytest.mark.parametrize("content", [{}, {"access_token": ""}, {"access_token": 7}])
def test_an_answer_without_a_token_is_too_strange(content: dict[str, object]) -> None:
    """
    200 alone is no token.
    """
    with pytest.raises(TooStrange):
        tokens_in(answer(**content), None, NOW)


@pytest.mark.parametrize("life", [1e300, -5, "soon"])
def test_an_absurd_life_costs_nothing_but_its_end(life: object) -> None:
    """
    The token is used until it is refused, and a rotated refresh token is not lost over it.
    """
    tokens = tokens_in(answer(access_token="a", expires_in=life, refresh_token="new"), Secret("old"), NOW)
    assert (None, Secret("new")) == (tokens.ends, tokens.refresh)


@pytest.mark.parametrize(
    ("life", "early"),
    [(timedelta(days=14), timedelta(minutes=5)), (timedelta(minutes=10), timedelta(minutes=1))],
)
def test_a_token_is_due_before_it_ends(life: timedelta, early: timedelta) -> None:
    """
    Five minutes before, or a tenth of a shorter life.
    """
    tokens = Tokens(Secret("a"), None, NOW, NOW + life)
    due = NOW + life - early
    assert [False, True] == [tokens.is_due(due - timedelta(seconds=1)), tokens.is_due(due)]
    assert [False, True] == [tokens.has_ended(due), tokens.has_ended(NOW + life)]


def test_a_token_of_unknown_life_is_used_until_it_is_refused() -> None:
    """
    An administrator may give a token without its end.
    """
    tokens = Tokens(Secret("a"))
    later = NOW + timedelta(days=9999)
    assert not tokens.is_due(later)
    assert not tokens.has_ended(later)


@pytest.mark.parametrize("kind", [kind for kind in WebexError.__subclasses__() if kind.__name__ != "Withheld"])
def test_no_token_means_that_the_request_did_not_leave(kind: type[WebexError]) -> None:
    """
    A failed token endpoint must not look like a write that may have happened.
    """
    error = no_token(kind("reason", request="POST /t", status=400, tracking_id="ROUTER_1", codes=("invalid_grant",)))
    again = kind.__name__ in {"NotReached", "AnswerLost", "ServerFailed", "Throttled", "Locked"}
    assert type(error) is (NotReached if again else TokenRefused)
    assert not error.may_have_happened
    assert ("ROUTER_1", ("invalid_grant",), 400) == (error.tracking_id, error.codes, error.status)


def test_the_answer_tells_what_the_token_may_do_and_when_the_refresh_token_ends() -> None:
    """
    Webex names the scopes that were granted, and the seconds that the refresh token has left.
    """
    tokens = tokens_in(answer(access_token="a", scope="b a", refresh_token_expires_in=7_776_000), None, NOW)
    assert frozenset({"a", "b"}) == tokens.scopes
    assert NOW + timedelta(days=90) == tokens.refresh_ends
