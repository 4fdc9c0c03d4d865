"""
Error bodies of every published shape.
"""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from webex_connector.webex.reasons import Reason, reason_in

SCIM_EXTENSION = "urn:scim:schemas:extension:cisco:webexidentity:api:messages:2.0:Error"


def reason_of(body: object) -> Reason:
    """
    Read a body given as a value.
    """
    return reason_in(msgspec.json.encode(body))


def test_a_rest_body() -> None:
    """
    The descriptions say more than the message, so the first one is the text.
    """
    body = {
        "message": "The requested resource could not be found.",
        "errors": [{"description": "Person not found"}, {"description": "Second", "errorCode": 400411}],
        "trackingId": "ROUTER_1",
    }
    expected = Reason("Person not found", ("Person not found", "Second"), ("400411",), "ROUTER_1")
    assert expected == reason_of(body)


def test_a_rest_body_with_a_message_only() -> None:
    """
    Webex leaves `errors` out of many 403 answers.
    """
    assert Reason("Not allowed", (), (), "ATLAS_1") == reason_of({"message": "Not allowed", "trackingId": "ATLAS_1"})


def test_a_code_in_words() -> None:
    """
    Some services write the code as text, under another name.
    """
    assert ("ATLAS-600199",) == reason_of({"errors": [{"description": "x", "code": "ATLAS-600199"}]}).codes


@pytest.mark.parametrize("key", ["detail", "details"])
def test_a_scim_body(key: str) -> None:
    """
    RFC 7644 says `detail`, Webex has said `details`.
    """
    body = {"status": "400", "scimType": "invalidFilter", key: "no such column"}
    assert Reason("no such column", ("no such column",), ("invalidFilter",)) == reason_of(body)


def test_errors_in_plain_words() -> None:
    """
    A list of texts is not what is documented, but it tells all the same.
    """
    assert Reason("first", ("first", "second")) == reason_of({"errors": ["first", 7, "second", None]})


def test_a_scim_body_with_ciscos_extension() -> None:
    """
    The extension is the most telling part, and the only one with a tracking id.
    """
    extension = {"trackingId": "ROUTER_2", "errorCode": "100200", "details": "user name is taken"}
    found = reason_of({"status": "409", "detail": "conflict", SCIM_EXTENSION: extension})
    assert Reason("user name is taken", ("user name is taken", "conflict"), ("100200",), "ROUTER_2") == found


def test_an_oauth_body() -> None:
    """
    RFC 6749: a code and perhaps a description.
    """
    assert Reason("expired", ("expired",), ("invalid_grant",)) == reason_of(
        {"error": "invalid_grant", "error_description": "expired"},
    )
    assert Reason("invalid_client", (), ("invalid_client",)) == reason_of({"error": "invalid_client"})


def test_a_gateways_page_is_told_by_its_title() -> None:
    """
    A gateway answers with a page; its title is what a person can use.
    """
    assert "502 Bad Gateway" == reason_in(b"<html><head><title>502\n Bad Gateway</title></head>...").text
    assert "(a page without a title)" == reason_in(b"  <html></html>").text


def test_plain_text_is_shortened() -> None:
    """
    Envoy answers with a line of text; a long one is not for a log.
    """
    assert "upstream connect error" == reason_in(b"upstream connect error\n").text
    assert 300 == len(reason_in(b"x" * 10_000).text)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from(["errors", "message", "detail", "error"]), inner),
    max_leaves=8,
)


@given(json_values)
def test_no_json_breaks_us(body: object) -> None:
    """
    An odd error body costs its text, not the error.
    """
    assert all(isinstance(text, str) for text in (reason_of(body).text, *reason_of(body).descriptions))


@given(st.binary())
def test_no_bytes_break_us(body: bytes) -> None:
    """
    The same holds for anything at all.
    """
    assert isinstance(reason_in(body), Reason)
