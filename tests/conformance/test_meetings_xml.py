"""
What the simulated site answers, and what our client asks of it, keep to the published rules of the XML API.
"""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import httpx2
import pytest

from fakes.site_asker import PATH, request
from fakes.virtual_time import VirtualClock
from fakes.webex_stage import PatientPacer
from fakes.xml_rules import Judge, published
from webex_connector.base.secret import Secret
from webex_connector.sandbox.meetings_site.quirks import SiteQuirks
from webex_connector.sandbox.meetings_site.site import OPERATIONS, MeetingsSite
from webex_connector.sandbox.sandbox import Sandbox
from webex_connector.sandbox.server import serving
from webex_connector.webex.call import Call
from webex_connector.webex.meetings_xml.envelope import Caller
from webex_connector.webex.meetings_xml.site import connected
from webex_connector.webex.meetings_xml.tickets import Password
from webex_connector.webex.meetings_xml.user_fields import USER_FIELDS, Kind, UserField
from webex_connector.webex.meetings_xml.users import UserQuery
from webex_connector.webex.settings import ClientSettings

_JUDGE = Judge(published())
_NEW: dict[str, Any] = {
    "firstName": "Jane",
    "lastName": "Do & Co",
    "webExId": "jane@acme.example",
    "email": "jane@acme.example",
    "password": "Init-Pass-42",
}
_ASKED: dict[str, dict[str, Any]] = {
    "ep.GetAPIVersion": {},
    "user.AuthenticateUser": {},
    "user.GetLoginTicket": {},
    "user.GetloginurlUser": {"backURL": "https://a.example"},
    "user.GetlogouturlUser": {"backURL": "https://a.example"},
    "user.CreateUser": _NEW,
    "user.SetUser": {
        "webExId": "jdoe",
        "title": "Dr",
        "address": {"country": "France", "city": "Paris", "address1": "Rue <5>"},
        "phones": {"phone": "33,1,23", "phone2": "33,1,24", "PIN": "8203"},
        "tracking": {"trackingCode10": "x"},
        "meetingTypes": {"meetingType": [214, 216]},
        "sessionOptions": {"defaultSessionType": 214, "defaultServiceType": "MeetingCenter"},
        "personalMeetingRoom": {"title": "Room", "hostPIN": "8203"},
        "myWebEx": {"myComputer": 2},
    },
    "user.GetUser": {"webExId": "jdoe"},
    "user.LstsummaryUser": {},
    "user.LstUser": {"webExId": "jdoe"},
    "user.DelUser": {"webExId": ["jdoe", "nobody"]},
    "meetingtype.LstMeetingType": {},
    "meetingtype.GetMeetingType": {"meetingTypeID": 214},
    "site.LstTimeZone": {},
    "site.GetSite": {},
}


_CALL = Call()
_SPECIAL: dict[str, Any] = {
    "email2": "b@acme.example",
    "language": "GERMAN",
    "meetingTypes/meetingType": (214, 216),
    "schedulingPermission": "jdoe",
    "security/lockAccount": False,
    "security/resetPassword": False,
    "timeZoneID": 25,
}
# Only who renames says it, and the site has not this telephony.
_REFUSED_HERE = {"newWebExId", "privilege/teleConfCallInInternational"}


async def _answers(sandbox: Sandbox, site: MeetingsSite) -> AsyncIterator[tuple[str, bytes]]:
    known = site.credentials
    context = {"webExID": known.web_ex_id, "password": known.password, "siteName": known.site_name}
    async with sandbox.serving() as address, httpx2.AsyncClient(base_url=address) as client:
        for operation, body in _ASKED.items():
            answer = await client.post(PATH, content=request(operation, body, context))
            yield operation, answer.content


@pytest.mark.parametrize("managed", [False, True])
async def test_every_answer_keeps_to_the_rules(clock: VirtualClock, *, managed: bool) -> None:
    """
    Names, namespaces, order, kinds and choices of every operation's answer, on sites of both kinds.
    """
    sandbox = Sandbox(people=2, clock=clock)
    site = sandbox.sites.open("acmeclassic", users=60)
    site.quirks = SiteQuirks(control_hub_managed=managed)
    heard = {operation: body async for operation, body in _answers(sandbox, site)}
    assert {operation: [] for operation in heard} == {name: _JUDGE.of_answer(body) for name, body in heard.items()}
    assert {operation.name for operation in OPERATIONS} == set(heard)
    refused = [name for name, body in heard.items() if b"FAILURE</serv:result>" in body]
    # Telephone numbers of people belong to Control Hub.
    assert (["user.SetUser"] if managed else []) == refused


_SUCCESS = """<serv:message xmlns:serv="http://www.webex.com/schemas/2002/06/service"
 xmlns:use="http://www.webex.com/schemas/2002/06/service/user"><serv:header><serv:response>{response}</serv:response>
</serv:header><serv:body><serv:bodyContent xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" {content}
</serv:bodyContent></serv:body></serv:message>"""
_FINE = "<serv:result>SUCCESS</serv:result>"


@pytest.mark.parametrize(
    ("response", "content", "complaint"),
    [
        (_FINE, 'xsi:type="use:createUserResponse"><use:userId>7</use:userId>', ""),
        (
            _FINE,
            'xsi:type="use:createUserResponse"><use:userId>seven</use:userId>',
            "createUserResponse/userId is 'seven'",
        ),
        (_FINE, 'xsi:type="use:createUserResponse"><serv:userId>7</serv:userId>', "is of the namespace"),
        (_FINE, 'xsi:type="use:createUserResponse"><use:number>7</use:number>', "createUserResponse has no number"),
        (_FINE, 'xsi:type="use:createResponse">', "no type createResponse"),
        (_FINE, 'xsi:type="use:authenticateUserResponse">', "sessionTicket is missing"),
        (
            _FINE,
            'xsi:type="use:getUserResponse"><use:webExId>a</use:webExId><use:firstName>b</use:firstName>',
            "firstName comes too late",
        ),
        (_FINE, 'xsi:type="use:getUserResponse"><use:webExId>a</use:webExId><use:active>NO</use:active>', "is 'NO'"),
        (
            _FINE,
            'xsi:type="use:getUserResponse"><use:webExId>a</use:webExId><use:webExId>a</use:webExId>',
            "webExId more than once",
        ),
        (_FINE, f'xsi:type="use:getUserResponse"><use:webExId>{"a" * 65}</use:webExId>', "too long"),
        (_FINE, 'xsi:type="use:getUserResponse"><use:webExId><use:a/></use:webExId>', "has elements"),
        ("<serv:result>PERHAPS</serv:result>", ">", "result is PERHAPS"),
        ("<serv:gsbStatus>PRIMARY</serv:gsbStatus><serv:result>SUCCESS</serv:result>", ">", "response: "),
        ("<serv:result>FAILURE</serv:result><serv:exceptionID>15</serv:exceptionID>", ">", "exceptionID is '15'"),
        ("<serv:result>FAILURE</serv:result><serv:exceptionID>000015</serv:exceptionID>", "a='b'>", "with content"),
    ],
)
def test_the_rules_complain_of_answers(response: str, content: str, complaint: str) -> None:
    """
    Each kind of mistake is seen, and nothing is complained of without one.
    """
    wrong = _JUDGE.of_answer(_SUCCESS.format(response=response, content=content).encode())
    assert complaint in "".join(wrong)
    assert bool(complaint) == bool(wrong)


@pytest.mark.parametrize(
    ("document", "complaint"),
    [
        (request("user.GetUser", {"webExId": "a"}, {"webExID": "b", "siteName": "c"}), ""),
        (request("user.LstsummaryUser", {"listControl": {"startFrom": 1, "serv:maximumNum": 1}}, {}), ""),
        (request("user.GetUser", {"webExId": "a"}, {"siteName": "c", "webExID": "b"}), "securityContext: "),
        (request("user.GetUsers", {}, {}), "no type getUsers"),
        (request("user.GetUser", {"serv:webExId": "a"}, {}), "is of the namespace"),
        (request("user.SetUser", {"webExId": "a", "firstName": "b"}, {}), "firstName comes too late"),
        (request("user.SetUser", {"webExId": "a", "options": {"folderRead": "yes"}}, {}), "is 'yes'"),
        (b"<message/>", "no envelope"),
    ],
)
def test_the_rules_complain_of_requests(document: bytes, complaint: str) -> None:
    """
    Each kind of mistake is seen in requests as well.
    """
    wrong = _JUDGE.of_request(document)
    assert complaint in "".join(wrong)
    assert bool(complaint) == bool(wrong)


async def test_what_our_client_asks_keeps_to_the_rules(clock: VirtualClock) -> None:
    """
    Every request of the client, each with all it can say: order, names, prefixes and values. The site understands all.
    """
    sandbox = Sandbox(people=2, clock=clock)
    known = sandbox.sites.open("acmeclassic", users=60).credentials
    seen: list[bytes] = []

    async def listening(scope: Any, receive: Any, send: Any) -> None:
        async def heard() -> Any:
            message = await receive()
            seen.append(message.get("body", b""))
            return message

        await sandbox(scope, heard, send)

    async with serving(listening) as address:
        settings = ClientSettings(service_uri=f"{address}{PATH}", trust_environment=False)
        caller = Caller(known.site_name, known.web_ex_id, str(known.site_id), known.partner_id)
        site = connected(settings, caller, Password(Secret(known.password)), PatientPacer(), clock)
        told = {field.path: _value_for(field) for field in USER_FIELDS if field.creatable and field.path not in _NEW}
        fields = {path: value for path, value in told.items() if path not in _REFUSED_HERE}
        await site.users.create({**_NEW, **fields, "password": Secret("Init-Pass-42")}, _CALL)
        settable = {field.path for field in USER_FIELDS if field.settable}
        await site.users.change(
            _NEW["webExId"], {path: value for path, value in fields.items() if path in settable}, _CALL
        )
        assert "Do & Co" == (await site.users.get(_NEW["webExId"], _CALL)).word("lastName")
        day = datetime(2020, 1, 1, tzinfo=UTC)
        query = UserQuery(active="ACTIVATED", registered_from=day, registered_until=day.replace(year=2099))
        assert [page async for page in site.users.pages(query, _CALL, size=25)]
        assert await site.users.deactivate(["jdoe"], _CALL) == {"jdoe"}
        assert await site.meeting_types.list(_CALL)
        assert await site.time_zones.list(_CALL)
        await site.info.facts(_CALL)
        await site.info.version(_CALL)
        await site.aclose()
    asked = [body for body in seen if body]
    assert [] == [complaint for body in asked for complaint in _JUDGE.of_request(body)]
    assert len(asked) > 10


def _value_for(field: UserField) -> Any:
    value: Any = {Kind.FLAG: True, Kind.NUMBER: 1, Kind.SECRET: Secret("8203"), Kind.MOMENT: "12/31/2040 00:00:00"}.get(
        field.kind, f"<{field.path}>"
    )
    if field.path in _SPECIAL:
        return _SPECIAL[field.path]
    if field.allowed:
        return field.allowed[0]
    return value
