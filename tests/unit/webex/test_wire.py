"""
From a request to an address, and from bytes to an answer or an error.
"""

from datetime import UTC, datetime

import msgspec
import pytest

from webex_connector.base.secret import Secret
from webex_connector.webex.errors import (
    AnswerLost,
    Conflict,
    Forbidden,
    Locked,
    NotFound,
    Refused,
    ServerFailed,
    Throttled,
    TooStrange,
    Unauthorized,
    WebexError,
)
from webex_connector.webex.settings import ClientSettings
from webex_connector.webex.wire import Answer, Request, Root, decipher, path_to, resolve

NOW = datetime(2026, 11, 2, 8, 0, tzinfo=UTC)
BASE = "https://webexapis.com/v1"
ROOTS = {Root.SERVICE: BASE, Root.SCIM: "https://identity.example/scim"}
GET = Request("GET", "/people", {"max": "10"}, headers={"TrackingID": "WXC_sent"})
BODY = {"message": "No", "errors": [{"description": "because", "errorCode": 7}], "trackingId": "ROUTER_1"}


def test_only_reading_is_safe() -> None:
    """
    Nothing but GET, HEAD and OPTIONS passes for harmless, whatever it is sent to.
    """
    methods = ["GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE", "get", "INVENTED"]
    assert {"GET", "HEAD", "OPTIONS"} == {method for method in methods if Request(method, "/people").is_safe}


def test_an_id_cannot_leave_its_place_in_the_path() -> None:
    """
    Slashes and question marks in an id are part of the id.
    """
    assert "/people/a%2Fb%3Fc%23d" == path_to("people", "a/b?c#d")


@pytest.mark.parametrize("id_", ["", ".", ".."])
def test_an_id_that_would_lead_elsewhere_is_not_found(id_: str) -> None:
    """
    Deleting the person "" must not become a request to the list of people.
    """
    with pytest.raises(NotFound):
        path_to("people", id_)


def test_the_query_is_encoded() -> None:
    """
    A plus sign in an e-mail address is a plus sign, and no space.
    """
    request = Request("GET", "/people", {"email": "ana+test@acme.example", "displayName": "Ana & Co"})
    assert f"{BASE}/people?email=ana%2Btest%40acme.example&displayName=Ana%20%26%20Co" == resolve(
        {Root.SERVICE: BASE + "/"}, request
    )


def test_a_next_page_is_followed_unchanged() -> None:
    """
    The cursor is Webex's affair, and so is how it is written.
    """
    address = f"{BASE}/people?max=10&before&after=a%2fb=="
    assert address == resolve(ROOTS, GET.follow(address))


def test_a_relative_next_page_is_below_the_service() -> None:
    """
    RFC 8288 allows relative targets.
    """
    assert f"{BASE}/people?cursor=2" == resolve(ROOTS, GET.follow("/v1/people?cursor=2"))
    assert "https://webexapis.com:443/x" == resolve(ROOTS, GET.follow("https://webexapis.com:443/x"))


@pytest.mark.parametrize(
    "address",
    [
        "https://evil.example/v1/people",
        "http://webexapis.com/v1/people",
        "https://webexapis.com:444/v1/people",
        "https://webexapis.com@evil.example/v1/people",
        "https://user@webexapis.com/v1/people",
        "//evil.example/v1/people",
        "https://webexapis.com.evil.example/v1/people",
        "https://webexapis.com:port/v1/people",
        "https://identity.example/scim/v2/Users/me",
    ],
)
def test_our_token_goes_to_no_other_host(address: str) -> None:
    """
    A next page on another host, port or scheme is not followed.
    """
    with pytest.raises(TooStrange):
        resolve(ROOTS, GET.follow(address))


def test_two_addresses_that_cannot_be_told_are_not_the_same_host() -> None:
    """
    Credentials before a host hide it from a careless look, in our own address too.
    """
    roots = {**ROOTS, Root.SERVICE: "https://me:secret@webexapis.com/v1"}
    with pytest.raises(TooStrange):
        resolve(roots, GET.follow("https://webexapis.com@evil.example/v1/people"))


def test_scim_has_a_root_of_its_own() -> None:
    """
    A SCIM request goes there, and its next page must stay there.
    """
    request = Request("GET", "/v2/Users/me", root=Root.SCIM)
    assert "https://identity.example/scim/v2/Users/me" == resolve(ROOTS, request)
    assert "https://identity.example/x" == resolve(ROOTS, request.follow("https://identity.example/x"))
    with pytest.raises(TooStrange):
        resolve(ROOTS, request.follow(f"{BASE}/people"))


@pytest.mark.parametrize(
    ("service_uri", "scim_uri", "expected"),
    [
        ("https://webexapis.com/v1", None, "https://webexapis.com/identity/scim"),
        ("http://127.0.0.1:8080/v1/", None, "http://127.0.0.1:8080/identity/scim"),
        ("https://webexapis.com/v1", "https://identity.example/scim", "https://identity.example/scim"),
    ],
)
def test_scim_is_on_the_service_s_host_unless_told_otherwise(
    service_uri: str,
    scim_uri: str | None,
    expected: str,
) -> None:
    """
    The commercial cloud has both on one host; elsewhere it can be said.
    """
    roots = ClientSettings(service_uri=service_uri, scim_uri=scim_uri).roots
    assert {Root.SERVICE: service_uri, Root.SCIM: expected} == roots


def test_a_good_answer() -> None:
    """
    Data, the next page and Webex's tracking id, whatever the case of the headers.
    """
    headers = {"TRACKINGID": "ROUTER_9", "Link": f'<{BASE}/people?max=10&cursor=2>; rel="next"'}
    answer = decipher(GET, 200, headers, b'{"items": []}', NOW)
    assert Answer(200, {"items": []}, f"{BASE}/people?max=10&cursor=2", "ROUTER_9", "GET /people") == answer


def test_without_webexs_tracking_id_ours_is_told() -> None:
    """
    An answer can always be traced.
    """
    assert "WXC_sent" == decipher(GET, 200, {}, b"{}", NOW).tracking_id


@pytest.mark.parametrize(("method", "status"), [("DELETE", 204), ("PUT", 204), ("DELETE", 200)])
def test_an_answer_without_content(method: str, status: int) -> None:
    """
    Nothing is fine where nothing is due.
    """
    answer = decipher(Request(method, "/people/x"), status, {}, b"", NOW)
    assert answer.data is None
    with pytest.raises(TooStrange):
        answer.json()


@pytest.mark.parametrize("body", [b"", b"<html>", b'{"items": [', b"\xff\xfe", b'{"a": 1} trailing'])
def test_a_success_that_cannot_be_read_is_a_lost_answer(body: bytes) -> None:
    """
    A 200 whose body is no JSON tells nothing about what happened.
    """
    with pytest.raises(AnswerLost) as caught:
        decipher(GET, 200, {"content-type": "text/html"}, body, NOW)
    assert (200, "WXC_sent") == (caught.value.status, caught.value.tracking_id)


@pytest.mark.parametrize("body", [b"[]", b"null", b"7", b'"text"'])
def test_json_of_another_kind_is_too_strange(body: bytes) -> None:
    """
    Webex answers with objects.
    """
    with pytest.raises(TooStrange):
        decipher(GET, 200, {}, body, NOW)


@pytest.mark.parametrize("data", [{}, {"items": None}, {"items": {}}, {"items": [{}, 1]}, {"Items": []}])
def test_a_list_that_is_none_is_too_strange(data: dict[str, object]) -> None:
    """
    A missing list is not an empty one.
    """
    with pytest.raises(TooStrange) as caught:
        Answer(200, data, None, "ROUTER_1", "GET /people").items("items")
    assert ("ROUTER_1", "GET /people", 200) == (caught.value.tracking_id, caught.value.request, caught.value.status)


@pytest.mark.parametrize("thing", [{}, {"id": None}, {"id": ""}, {"id": 7}, {"ID": "x"}])
def test_a_thing_without_an_id_is_too_strange(thing: dict[str, object]) -> None:
    """
    Alone or in a list: whoever has no id can be neither shown nor changed.
    """
    with pytest.raises(TooStrange, match="without an id"):
        Answer(200, thing, None, "ROUTER_1", "GET /people/x").resource()
    with pytest.raises(TooStrange, match="without an id"):
        Answer(200, {"items": [{"id": "x"}, thing]}, None, "ROUTER_1", "GET /people").resources("items")


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (302, Refused),
        (400, Refused),
        (401, Unauthorized),
        (403, Forbidden),
        (404, NotFound),
        (405, Refused),
        (409, Conflict),
        (410, NotFound),
        (415, Refused),
        (423, Locked),
        (428, Refused),
        (429, Throttled),
        (500, ServerFailed),
        (502, ServerFailed),
        (503, ServerFailed),
        (504, ServerFailed),
        (599, ServerFailed),
    ],
)
def test_each_status_has_its_error(status: int, kind: type[WebexError]) -> None:
    """
    The error tells the request, the status, Webex's words, codes and tracking id, and the wait asked for.
    """
    with pytest.raises(WebexError) as caught:
        decipher(GET, status, {"Retry-After": "7"}, msgspec.json.encode(BODY), NOW)
    error = caught.value
    assert kind is type(error)
    assert ("GET /people", status, ("because",), ("7",), "ROUTER_1", 7.0) == (
        error.request,
        error.status,
        error.descriptions,
        error.codes,
        error.tracking_id,
        error.wait,
    )


def test_a_gateways_error_without_json_is_an_error_all_the_same() -> None:
    """
    502 with a page of HTML is a failed server, traced by the id we sent.
    """
    with pytest.raises(ServerFailed, match="502 Bad Gateway") as caught:
        decipher(GET, 502, {}, b"<title>Bad Gateway</title>", NOW)
    assert "WXC_sent" == caught.value.tracking_id


def test_a_request_does_not_show_its_secrets() -> None:
    """
    What is printed of a token request is no use to anybody else.
    """
    secret = Secret("s3cret")
    request = Request("POST", "/t", form={"refresh_token": secret}, headers={"Authorization": secret})
    assert "s3cret" not in repr(request)
