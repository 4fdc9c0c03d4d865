"""
The envelope: requests out, answers in.
"""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fakes.scripted_site import SAMPLES
from webex_connector.base.secret import MASK, Secret
from webex_connector.webex.errors import (
    AnswerLost,
    Forbidden,
    NotReached,
    Refused,
    ServerFailed,
    Throttled,
    TooStrange,
    WebexError,
)
from webex_connector.webex.meetings_xml.envelope import (
    AnswerReader,
    Caller,
    Proof,
    SiteAnswer,
    is_writable,
    request_for,
)
from webex_connector.webex.meetings_xml.markup import parsed
from webex_connector.webex.meetings_xml.namespaces import SERVICE
from webex_connector.webex.meetings_xml.operations import Fields, Operation
from webex_connector.webex.wire import Request

NOW = datetime(2026, 11, 2, tzinfo=UTC)
ADDRESS = "https://acme.webex.com/WBXService/XMLService"
ASKED = request_for(ADDRESS, Operation.GET_USER, {}, {})


def read(body: bytes, status: int = 200, headers: dict[str, str] | None = None, *secrets: Secret) -> SiteAnswer:
    """
    Read an answer.
    """
    return AnswerReader(secrets)(ASKED, status, headers or {}, body, NOW)


def text_of(request: Request) -> str:
    """
    Return what is sent.
    """
    assert request.document is not None
    return request.document.content.reveal()


def test_a_request_follows_the_schema() -> None:
    """
    Both namespaces are declared, the fields have no prefix and stand in the schema's order, text is escaped.
    """
    caller = Caller("acme", "admin", site_id="1234567", partner_id="g0webx!")
    context = caller.context(Proof("password", Secret("a<b&c>\"d'")))
    fields: Fields = {"webExId": ["a", "b"], "active": True, "security": {"lockAccount": False}, "timeZoneID": 4}

    text = text_of(request_for(ADDRESS, Operation.SET_USER, fields, context))

    assert text.startswith('<?xml version="1.0" encoding="UTF-8"?>\n<serv:message xmlns:serv="')
    assert (
        "<header><securityContext><webExID>admin</webExID><password>a&lt;b&amp;c&gt;\"d'</password>"
        "<siteID>1234567</siteID><siteName>acme</siteName><partnerID>g0webx!</partnerID></securityContext></header>"
    ) in text
    assert (
        '<body><bodyContent xsi:type="java:com.webex.service.binding.user.SetUser"><webExId>a</webExId>'
        "<webExId>b</webExId><active>true</active><security><lockAccount>false</lockAccount></security>"
        "<timeZoneID>4</timeZoneID></bodyContent></body>"
    ) in text
    assert parsed(text.encode()).namespace == SERVICE


def test_each_way_of_logging_in_has_its_element() -> None:
    """
    Tickets and tokens follow the site's fields, as the schema has it; without a proof only the site is named.
    """
    caller = Caller("acme", "admin")

    assert list(caller.context(Proof("sessionTicket", Secret("t")))) == ["webExID", "siteName", "sessionTicket"]
    assert list(caller.context(Proof("webExAccessToken", Secret("t")))) == ["webExID", "siteName", "webExAccessToken"]
    assert list(caller.context(Proof(None, Secret("t")))) == ["webExID", "siteName"]
    assert list(caller.context(None)) == ["siteName"]


def test_only_operations_that_change_nothing_are_safe() -> None:
    """
    A dry run and the repetition of requests go by this.
    """
    writes = {each for each in Operation if not request_for(ADDRESS, each, {}, {}).is_safe}

    assert writes == {Operation.CREATE_USER, Operation.SET_USER, Operation.DELETE_USER}


def test_a_request_shows_no_secret() -> None:
    """
    Neither the request nor its title nor the security context tells the password.
    """
    context = Caller("acme", "admin").context(Proof("password", Secret("hush-hush")))
    request = request_for(ADDRESS, Operation.GET_USER, {"password": Secret("other-hush")}, context)

    assert "hush" not in f"{request!r} {request.title} {context!r}"
    assert request.title == "POST /user.GetUser"


@given(st.text(max_size=40))
def test_any_writable_text_arrives_as_it_was(value: str) -> None:
    """
    What XML has a form for is read back unchanged but for white space at its ends and line ends; the rest is named.
    """
    if not is_writable(value):
        with pytest.raises(ValueError, match="title holds a character"):
            request_for(ADDRESS, Operation.SET_USER, {"title": value}, {})
        return
    text = text_of(request_for(ADDRESS, Operation.SET_USER, {"title": value}, {}))

    found = parsed(text.encode()).at("body", "bodyContent", "title")

    assert found is not None
    assert found.text == value.replace("\r\n", "\n").replace("\r", "\n").strip()


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (204, TooStrange),
        (302, NotReached),
        (404, NotReached),
        (403, Forbidden),
        (429, Throttled),
        (500, ServerFailed),
        (503, ServerFailed),
    ],
)
def test_a_status_never_speaks_of_the_user(status: int, kind: type[WebexError]) -> None:
    """
    The API's own refusals come with 200, so a 404 means a wrong address and not that somebody is gone.
    """
    with pytest.raises(kind) as caught:
        read(b"<html>Not found</html>", status, {"Retry-After": "7", "TrackingID": "T1"})

    assert (caught.value.status, caught.value.wait, caught.value.tracking_id) == (status, 7.0, "T1")


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"", AnswerLost),
        (b"<html><body>Log in</body>", AnswerLost),
        (b"{}", AnswerLost),
        (b"<html/>", TooStrange),
        (b"<message><header><response><result>SUCCESS</result></response></header></message>", TooStrange),
        (f'<message xmlns="{SERVICE}"><header/></message>'.encode(), TooStrange),
        (f'<message xmlns="{SERVICE}"><header><response/></header></message>'.encode(), TooStrange),
    ],
)
def test_what_is_no_answer_of_the_api_is_named(body: bytes, kind: type[WebexError]) -> None:
    """
    A page of somebody else, or half an answer, is no success.
    """
    with pytest.raises(kind):
        read(body)


def test_no_error_quotes_a_secret() -> None:
    """
    A site may quote the password that it refuses.
    """
    body = (SAMPLES / "failure.xml").read_text().replace("REASON", "pa55 is bad").replace("CODE", "030003")

    with pytest.raises(Refused) as caught:
        read(body.encode(), 200, {}, Secret("pa55"), Secret(""))

    assert "pa55" not in f"{caught.value} {caught.value.descriptions}"
    assert caught.value.descriptions == (f"{MASK} is bad",)


@given(st.binary(max_size=200))
def test_any_answer_is_a_value_or_an_error_of_the_tree(body: bytes) -> None:
    """
    Whatever comes, the caller gets an answer or a WebexError.
    """
    with pytest.raises(WebexError):
        read(body)
