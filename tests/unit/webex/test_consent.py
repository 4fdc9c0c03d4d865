"""
The question to a person, and what the answer means.
"""

import base64
import hashlib
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from webex_connector.base.secret import Secret
from webex_connector.webex.consent import (
    Denied,
    Foreign,
    NotOffered,
    Question,
    Unreadable,
    code_in,
    page_beside,
    question,
    token_in,
    token_question,
)

NOW = datetime(2026, 11, 2, 8, 0, tzinfo=UTC)
PAGE = "https://webexapis.com/v1/authorize"
BACK = "http://127.0.0.1:8765/callback"
ASKED = Question(PAGE, "id", BACK, ("spark-admin:people_read", "identity:groups_rw"), "st4te", Secret("v" * 43))
FOR_TOKEN = Question(PAGE, "id", BACK, ("Identity:SCIM",), "st4te", None)


def test_the_address_asks_for_a_code_with_state_and_pkce() -> None:
    """
    The challenge is the digest of the verifier (RFC 7636, section 4.2); the verifier itself stays here.
    """
    parts = urlsplit(ASKED.address)
    challenge = base64.urlsafe_b64encode(hashlib.sha256(b"v" * 43).digest()).decode().rstrip("=")

    assert PAGE == f"{parts.scheme}://{parts.netloc}{parts.path}"
    assert {
        "response_type": ["code"],
        "client_id": ["id"],
        "redirect_uri": [BACK],
        "scope": ["spark-admin:people_read identity:groups_rw"],
        "state": ["st4te"],
        "code_challenge": [challenge],
        "code_challenge_method": ["S256"],
    } == parse_qs(parts.query)
    assert "v" * 43 not in ASKED.address


def test_a_space_between_scopes_is_percent_encoded() -> None:
    """
    As Cisco's examples have it; a plus sign is a space in forms only.
    """
    assert "scope=spark-admin%3Apeople_read%20identity%3Agroups_rw" in ASKED.address


def test_a_question_for_a_token_needs_no_proof() -> None:
    """
    There is no second step that could show a verifier.
    """
    asked = parse_qs(urlsplit(FOR_TOKEN.address).query)
    assert ["token"] == asked["response_type"]
    assert "code_challenge" not in asked


def test_no_two_questions_are_alike() -> None:
    """
    State and verifier are random, and as long as RFC 7636, section 4.1 wants.
    """
    one, two = question(PAGE, "id", BACK, ["a"]), question(PAGE, "id", BACK, ["a"])
    assert one.state != two.state
    assert one.verifier
    assert one.verifier != two.verifier
    assert 43 <= len(one.verifier.reveal()) <= 128
    assert token_question(PAGE, "id", BACK, ["a"]).state


def test_the_exchange_shows_the_verifier_and_the_same_redirect_uri() -> None:
    """
    RFC 6749, section 4.1.3, and RFC 7636, section 4.5.
    """
    assert {
        "grant_type": "authorization_code",
        "code": Secret("c"),
        "redirect_uri": BACK,
        "code_verifier": Secret("v" * 43),
    } == ASKED.grant(Secret("c"))


@pytest.mark.parametrize(
    ("endpoint", "page"),
    [
        ("https://webexapis.com/v1/access_token", PAGE),
        (
            "https://idbroker.webex.com/idb/oauth2/v1/access_token/",
            "https://idbroker.webex.com/idb/oauth2/v1/authorize",
        ),
        ("http://127.0.0.1:8085/v1/access_token?x=1", "http://127.0.0.1:8085/v1/authorize"),
    ],
)
def test_the_consent_page_is_beside_the_token_endpoint(endpoint: str, page: str) -> None:
    """
    One setting is enough for both.
    """
    assert page == page_beside(endpoint)


def test_the_code_is_taken_from_our_answer() -> None:
    """
    Whatever else stands in it.
    """
    assert Secret("c0de") == code_in(f" {BACK}?code=c0de&state=st4te&more=1\n", ASKED)


@pytest.mark.parametrize(
    ("callback", "kind"),
    [
        (f"{BACK}?code=c0de&state=other", Foreign),
        (f"{BACK}?code=c0de", Foreign),
        (f"{BACK}?code=c0de&state=", Foreign),
        (f"{BACK}?error=access_denied", Foreign),
        (f"{BACK}?error=access_denied&state=st4te", Denied),
        (f"{BACK}?error=invalid_scope&error_description=no&state=st4te", NotOffered),
        (f"{BACK}?state=st4te", Unreadable),
        (BACK, Unreadable),
        ("", Unreadable),
        ("c0de", Unreadable),
    ],
)
def test_every_other_answer_has_its_meaning(callback: str, kind: type[Exception]) -> None:
    """
    Who has no state of ours is not even heard when saying no.
    """
    with pytest.raises(kind) as raised:
        code_in(callback, ASKED)

    assert "c0de" not in str(raised.value)


def test_a_pasted_address_brings_token_and_end() -> None:
    """
    `expires_in` counts from now.
    """
    pasted = Secret(f"{BACK}#access_token=t0ken&token_type=Bearer&expires_in=3887999&state=st4te")
    found = token_in(pasted, FOR_TOKEN, NOW)
    assert (Secret("t0ken"), NOW + timedelta(seconds=3887999)) == (found.access, found.ends)


@pytest.mark.parametrize("life", ["", "soon", "-1"])
def test_a_life_that_is_none_is_no_end(life: str) -> None:
    """
    Webex can be asked for the end later.
    """
    found = token_in(Secret(f"{BACK}#access_token=t0ken&expires_in={life}&state=st4te"), FOR_TOKEN, NOW)
    assert found.ends is None


def test_no_pasted_token_lives_longer_than_a_year() -> None:
    """
    A number beyond all dates is no reason to fail either.
    """
    found = token_in(Secret(f"{BACK}#access_token=t&expires_in={'9' * 30}&state=st4te"), FOR_TOKEN, NOW)
    assert NOW + timedelta(days=365) == found.ends


def test_the_token_alone_may_be_pasted() -> None:
    """
    As the set-up of Okta has people do; then nobody says when it ends.
    """
    found = token_in(Secret(" NjQy_P0A1_5c1f \n"), FOR_TOKEN, NOW)
    assert (Secret("NjQy_P0A1_5c1f"), None) == (found.access, found.ends)


@pytest.mark.parametrize(
    ("pasted", "kind"),
    [
        (f"{BACK}#access_token=t0ken&state=other", Foreign),
        (f"{BACK}#error=access_denied&state=st4te", Denied),
        (f"{BACK}#state=st4te", Unreadable),
        (f"{BACK}?access_token=t0ken&state=st4te", Unreadable),
        ("", Unreadable),
    ],
)
def test_what_is_pasted_is_checked(pasted: str, kind: type[Exception]) -> None:
    """
    The token of another question may be another organisation's, and never shows in the error.
    """
    with pytest.raises(kind) as raised:
        token_in(Secret(pasted), FOR_TOKEN, NOW)

    assert "t0ken" not in str(raised.value)
