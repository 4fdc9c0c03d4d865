"""
Users, session types, time zones and what a site says of itself.
"""

import re
from datetime import UTC, datetime

import pytest

from fakes.scripted_site import SAMPLES, ScriptedSite, failure, sample, xml
from fakes.scripted_webex import Reply
from webex_connector.base.secret import Secret
from webex_connector.webex.call import Call
from webex_connector.webex.errors import NotFound, TooStrange
from webex_connector.webex.meetings_xml.user_fields import USER_FIELDS, elements, user_field
from webex_connector.webex.meetings_xml.users import UserQuery

CALL = Call()


def page(*webex_ids: str, total: int | None, start: int = 1) -> Reply:
    """
    Return a page of a listing.
    """
    text = (SAMPLES / "list_users.xml").read_text()
    users = "".join(f"<use:user><use:webExId>{each}</use:webExId></use:user>" for each in webex_ids)
    counted = f"<serv:total>{total}</serv:total>" if total is not None else ""
    records = f"{counted}<serv:returned>{len(webex_ids)}</serv:returned><serv:startFrom>{start}</serv:startFrom>"
    body = f"{users}<use:matchingRecords>{records}</use:matchingRecords>"
    return xml(re.sub(r"(<serv:bodyContent[^>]*>).*(</serv:bodyContent>)", rf"\1{body}\2", text, flags=re.DOTALL))


async def test_a_user_is_read_with_everything(scripted: ScriptedSite) -> None:
    """
    By paths, in whichever of Webex's namespaces an element stands; what is unknown or of others does no harm.
    """
    user = await (await scripted.client()).users.get("ana", CALL)

    assert (user.webex_id, user.user_id, user.word("firstName")) == ("ana", 4711, "Ana & Co")
    assert user.word("lastName") == "Álvarez"
    assert (user.word("address/city"), user.word("phones/phone"), user.word("phones/pager")) == (
        "Berlin",
        "49,30,5550100,,,,",
        None,
    )
    assert user.words("meetingTypes/meetingType") == ("214", "16")
    assert (user.flag("privilege/host"), user.flag("privilege/siteAdmin"), user.flag("privilege/HQvideo")) == (
        True,
        False,
        None,
    )
    assert (user.number("timeZoneID"), user.number("language"), user.flag("language")) == (25, None, None)
    assert user.words("nowhere/nothing") == ()


async def test_a_listing_is_read_to_its_end(scripted: ScriptedSite) -> None:
    """
    Page after page, each begun where the one before ended; conditions and order stand in the request.
    """
    site = await scripted.client({"LstsummaryUser": [page("a", "b", total=3), page("b", "c", total=3, start=2)]})
    query = UserQuery(
        email="a@x.example",
        active="ACTIVATED",
        registered_from=datetime(2026, 1, 31, 8, 0, tzinfo=UTC),
        registered_until=datetime(2026, 2, 1, tzinfo=UTC),
    )

    pages = [each async for each in site.users.pages(query, CALL, size=2)]

    assert [[user.webex_id for user in each.users] for each in pages] == [["a", "b"], ["c"]]
    assert [(each.start, each.total, each.next_start) for each in pages] == [(1, 3, 3), (2, 3, None)]
    first, second = scripted.body(1), scripted.body(2)
    assert "<email>a@x.example</email><active>ACTIVATED</active><listControl><serv:startFrom>1<" in first
    assert "<serv:maximumNum>2<" in first
    assert "<order><orderBy>UID</orderBy><orderAD>ASC</orderAD></order>" in first
    assert "<regDateStart>01/31/2026 08:00:00</regDateStart><regDateEnd>02/01/2026 00:00:00</regDateEnd>" in first
    assert "<serv:startFrom>2<" in second


async def test_who_leaves_a_listing_takes_nobody_with_them(scripted: ScriptedSite) -> None:
    """
    While the active are listed some are disabled, so that the rest moves up: the walk goes back, nobody is left out and
    nobody comes twice.
    """
    site = await scripted.client(
        {
            "LstsummaryUser": [
                page("a", "b", "c", total=6),
                # a, b and c are disabled: d moved to the first place, and the third is f.
                page("f", total=3, start=3),
                page("d", "e", "f", total=3),
            ],
        },
    )

    pages = [each async for each in site.users.pages(UserQuery(active="ACTIVATED"), CALL, size=3)]

    assert [user.webex_id for each in pages for user in each.users] == ["a", "b", "c", "d", "e", "f"]
    assert [re.findall(r"startFrom>(\d+)<", scripted.body(place))[0] for place in (1, 2, 3)] == ["1", "3", "1"]


async def test_summaries_hold_what_the_listing_shows(scripted: ScriptedSite) -> None:
    """
    What is not there is None, so that nobody takes it for empty.
    """
    site = await scripted.client({"LstsummaryUser": sample("list_users.xml")})

    ana, bo = [user async for each in site.users.pages(UserQuery(), CALL) for user in each.users]

    assert (ana.registration_date, ana.time_zone_id, ana.object_guid) == ("02/08/2016 15:21:23", 25, None)
    assert (bo.registration_date, bo.time_zone_id, bo.active) == (None, None, "DEACTIVATED")
    assert bo.object_guid == "6e9f1c9a-0000-4000-8000-000000000001"


async def test_nobody_is_no_page_and_a_failure_is_no_end(scripted: ScriptedSite) -> None:
    """
    000015 is an empty list; any other refusal, and a page that contradicts itself, fails the walk.
    """
    nobody = await scripted.client({"LstsummaryUser": failure("000015")})
    assert [each async for each in nobody.users.pages(UserQuery(), CALL)] == []

    for broken in (page(total=3), xml((SAMPLES / "list_users.xml").read_text().replace("returned>2", "returned>5"))):
        site = await scripted.client({"LstsummaryUser": broken})
        with pytest.raises(TooStrange):
            _ = [each async for each in site.users.pages(UserQuery(), CALL)]

    short = await scripted.client({"LstsummaryUser": [page("a", "b", total=3), failure("000015")]})
    with pytest.raises(TooStrange, match="nobody at 3 of 3"):
        _ = [each async for each in short.users.pages(UserQuery(), CALL, size=2)]
    unknown = await scripted.client({"LstsummaryUser": failure("030001")})
    with pytest.raises(NotFound):
        _ = [each async for each in unknown.users.pages(UserQuery(), CALL)]


async def test_without_a_total_a_short_page_is_the_last(scripted: ScriptedSite) -> None:
    """
    As it is where the site does not count.
    """
    site = await scripted.client({"LstsummaryUser": [page("a", "b", total=None), page("c", total=None)]})

    found = [user.webex_id async for each in site.users.pages(UserQuery(), CALL, size=2) for user in each.users]

    assert found == ["a", "b", "c"]


async def test_values_are_sent_in_the_order_of_the_schema(scripted: ScriptedSite) -> None:
    """
    Whatever the order they are given in; a path that is none is no element.
    """
    site = await scripted.client()

    await site.users.change(
        "ana",
        {"security/lockAccount": False, "meetingTypes/meetingType": (16, 214), "address/city": "Bonn", "title": ""},
        CALL,
    )

    assert (
        "<title /><webExId>ana</webExId><address><city>Bonn</city></address><meetingTypes>"
        "<meetingType>16</meetingType><meetingType>214</meetingType></meetingTypes>"
        "<security><lockAccount>false</lockAccount></security></bodyContent>"
    ) in scripted.body(1)
    with pytest.raises(KeyError, match="shoeSize"):
        elements({"shoeSize": 42})
    assert len({each.path for each in USER_FIELDS}) == len(USER_FIELDS)
    assert user_field("company").longest == 128


async def test_deactivation_tells_with_whom_it_succeeded(scripted: ScriptedSite) -> None:
    """
    Fifty at most, each with its own end.
    """
    site = await scripted.client({"DelUser": xml(_deleted(("ana", "SUCCESS"), ("bo", "FAILURE")))})

    assert await site.users.deactivate(["ana", "bo"], CALL) == {"ana"}
    assert "<webExId>ana</webExId><webExId>bo</webExId>" in scripted.body(1)
    for many in ([], ["x"] * 51):
        with pytest.raises(ValueError, match="1 to 50"):
            await site.users.deactivate(many, CALL)


def _deleted(*fates: tuple[str, str]) -> str:
    text = (SAMPLES / "list_users.xml").read_text()
    users = "".join(
        f"<use:user><use:webExId>{who}</use:webExId><use:status>{fate}</use:status></use:user>" for who, fate in fates
    )
    return re.sub(r"(<serv:bodyContent[^>]*>).*(</serv:bodyContent>)", rf"\1{users}\2", text, flags=re.DOTALL)


async def test_session_types_and_time_zones_are_listed(scripted: ScriptedSite) -> None:
    """
    With their numbers, by which users hold them.
    """
    site = await scripted.client()

    pro, audio = await site.meeting_types.list(CALL)
    assert (pro.id, pro.prefix, pro.name, pro.active, pro.services, pro.most_users) == (
        214,
        "PRO",
        "Pro Meeting",
        True,
        ("MeetingCenter",),
        200,
    )
    assert (audio.id, audio.name, audio.active, audio.services) == (16, "Audio Only", False, ())
    zones = await site.time_zones.list(CALL)
    assert [(each.id, each.offset_minutes, each.short_name) for each in zones] == [(4, -480, None), (25, 60, "Berlin")]


async def test_a_part_of_the_session_types_is_not_taken_for_all(scripted: ScriptedSite) -> None:
    """
    Who takes a part for the whole takes session types away from users.
    """
    text = (SAMPLES / "list_meeting_types.xml").read_text().replace("<serv:total>2", "<serv:total>7")
    site = await scripted.client({"LstMeetingType": xml(text)})

    with pytest.raises(TooStrange, match="2 of 7"):
        await site.meeting_types.list(CALL)


async def test_a_site_tells_its_rules(scripted: ScriptedSite) -> None:
    """
    Password rules, tracking codes, single sign-on and services, in whatever prefix; what is missing is None.
    """
    facts = await (await scripted.client()).info.facts(CALL)

    assert (facts.name, facts.single_sign_on, set(facts.services)) == ("acme", False, {"meetingCenter"})
    assert facts.passwords is not None
    assert (facts.passwords.shortest, facts.passwords.mixed_case, facts.passwords.no_triples) == (8, True, None)
    assert [(each.index, each.name, each.required) for each in facts.tracking_codes] == [
        (1, "Division", True),
        (2, "Project", False),
    ]


async def test_a_password_that_is_set_is_hidden(scripted: ScriptedSite) -> None:
    """
    It reaches the site as it is.
    """
    site = await scripted.client()

    await site.users.create({"webExId": "bo", "password": Secret("x<y")}, CALL)

    assert "<password>x&lt;y</password>" in scripted.body(1)
