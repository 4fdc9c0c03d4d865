"""
Requests are read as tolerantly as the real server reads them, and no further.
"""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fakes.site_asker import SiteAsker, request
from webex_connector.sandbox.meetings_site.reading import LARGEST, Unreadable, message_in

_CONTEXT = "<securityContext><webExID>{id}</webExID><password>{password}</password><siteName>acmeclassic</siteName>"
_OPEN = """<serv:message xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><header>{context}</securityContext></header>
<body><bodyContent xsi:type="{type}">{body}</bodyContent></body></serv:message>"""


def _written(ask: SiteAsker, kind: str, body: str) -> str:
    context = _CONTEXT.format(id=ask.context["webExID"], password=ask.context["password"])
    return _OPEN.format(context=context, type=kind, body=body)


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("java:com.webex.service.binding.user.GetUser", "<webExId>jdoe</webExId>"),
        ("java:com.webex.xmlapi.service.binding.user.GetUser", "<use:webExId> jdoe </use:webExId>"),
        ("user.GetUser", "<webExId>JDOE</webExId>"),
        ("java:com.webex.service.binding.user.getuser", "<a:webExId>jdoe</a:webExId>"),
    ],
)
async def test_prefixes_and_long_or_short_types_mean_the_same(ask: SiteAsker, kind: str, body: str) -> None:
    """
    Undeclared prefixes, the short form of a type and other cases of letters are all understood.
    """
    assert "john@example.wbx.ai" == (await ask.send(_written(ask, kind, body))).text("email")


@pytest.mark.parametrize("prefix", ["", "serv:"])
async def test_a_listing_is_asked_for_with_and_without_the_prefix(ask: SiteAsker, prefix: str) -> None:
    """
    The children of listControl are taken in both spellings that Cisco's own examples have.
    """
    control = {f"{prefix}startFrom": 1, f"{prefix}maximumNum": 7, f"{prefix}listMethod": "AND"}
    assert "7" == (await ask("user.LstsummaryUser", {"listControl": control})).text("returned")


async def test_latin_one_is_read(ask: SiteAsker, site: object) -> None:
    """
    Older examples declare ISO-8859-1, and names in it arrive as they are.
    """
    body = "<webExId>jdoe</webExId><lastName>Müller</lastName><active>ACTIVATED</active>"
    text = '<?xml version="1.0" encoding="ISO-8859-1"?>' + _written(ask, "user.SetUser", body)
    assert "" == (await ask.send(text.encode("latin-1"))).code
    assert "Müller" == (await ask("user.GetUser", {"webExId": "jdoe"})).text("lastName")


@pytest.mark.parametrize("written", ["TRUE", "true", "1"])
async def test_truth_is_written_in_any_case(ask: SiteAsker, written: str) -> None:
    """
    TRUE is as good as true.
    """
    await ask("user.SetUser", {"webExId": "jdoe", "security": {"lockAccount": written}})
    assert "true" == (await ask("user.GetUser", {"webExId": "jdoe"})).text("lockAccount")


@pytest.mark.parametrize(
    "document",
    [
        b"",
        b"no xml",
        b"<serv:message><header>",
        b"<other/>",
        b'<!DOCTYPE m [<!ENTITY a "b">]><message><body>&a;</body></message>',
        b'<?xml version="1.0" encoding="klingon"?><message/>',
        b"<message>" + b"<a>" * 60 + b"</a>" * 60 + b"</message>",
        b"<message>" + b" " * LARGEST + b"</message>",
        b"<message>\x00</message>",
    ],
    ids=["nothing", "text", "cut", "another root", "entities", "encoding", "deep", "large", "control"],
)
async def test_what_cannot_be_read_is_a_failure(ask: SiteAsker, document: bytes) -> None:
    """
    Anything that is no message is answered FAILURE with status 200.
    """
    with pytest.raises(Unreadable):
        message_in(document)
    assert "000000" == (await ask.send(document)).code


async def test_an_operation_nobody_knows_is_refused(ask: SiteAsker) -> None:
    """
    What is not simulated, or misspelt, does not look like success.
    """
    assert ["000019", "000019"] == [(await ask(name)).code for name in ("user.GetUsers", "meeting.CreateMeeting")]


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff"), max_size=40))
def test_any_text_arrives(text: str) -> None:
    """
    Whatever XML can hold is read as it was written, but for space around it.
    """
    assert text.strip() == message_in(request("user.GetUser", {"webExId": text}, {})).content.value("webExId")


@given(st.binary(max_size=80))
def test_any_bytes_are_read_or_refused(body: bytes) -> None:
    """
    Nothing else happens, whatever stands between the ends of a message.
    """
    for document in (body, b"<message>" + body + b"</message>"):
        with contextlib.suppress(Unreadable):
            message_in(document)
