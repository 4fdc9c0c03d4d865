"""
Listings of a site: users by filter, order, date and page; session types, time zones, the site itself.
"""

from collections.abc import Mapping
from datetime import UTC, datetime

import pytest

from fakes.site_asker import SiteAsker
from webex_connector.sandbox.meetings_site.quirks import RETIRED, SiteQuirks
from webex_connector.sandbox.meetings_site.site import MeetingsSite

_LIST = "user.LstsummaryUser"


def _page(start: int, size: int) -> dict[str, object]:
    return {"listControl": {"startFrom": start, "maximumNum": size}}


async def test_pages_come_in_the_order_of_registration(ask: SiteAsker, site: MeetingsSite) -> None:
    """
    Each user comes once; past the last page is no empty list but 000015.
    """
    found = []
    for start in range(1, 101, 40):
        heard = await ask(_LIST, {**_page(start, 40), "order": {"orderBy": "UID", "orderAD": "ASC"}})
        found += list(heard.texts("webExId"))
        assert ("100", str(start)) == (heard.text("total"), heard.text("startFrom"))
    assert [user.web_ex_id for user in site.world.users()] == found
    assert "000015" == (await ask(_LIST, _page(101, 40))).code


async def test_a_page_holds_no_more_than_the_site_gives(ask: SiteAsker, site: MeetingsSite) -> None:
    """
    What is asked for beyond the cap is not returned.
    """
    site.quirks = SiteQuirks(list_cap=30)
    assert "30" == (await ask(_LIST, _page(1, 500))).text("returned")


@pytest.mark.parametrize(
    ("wanted", "method", "partial", "total"),
    [
        ({"webExId": "JDOE"}, "AND", False, "1"),
        ({"email": "john@example.wbx.ai", "firstName": "john"}, "AND", False, "1"),
        ({"email": "john@example.wbx.ai", "firstName": "Ada"}, "AND", False, ""),
        ({"email": "john@example.wbx.ai", "firstName": "Ada"}, "OR", False, "2"),
        ({"email": "john@"}, "AND", False, ""),
        ({"email": "john@"}, "AND", True, "1"),
        ({"active": "DEACTIVATED"}, "AND", False, "2"),
    ],
)
async def test_filters(
    ask: SiteAsker, site: MeetingsSite, wanted: Mapping[str, object], method: str, *, partial: bool, total: str
) -> None:
    """
    All must fit, or any; whole values, or parts of them.
    """
    site.quirks = SiteQuirks(partial_filters=partial)
    assert total == (await ask(_LIST, {**wanted, "listControl": {"listMethod": method}})).text("total")


@pytest.mark.parametrize("key", ["WEBEXID", "LASTNAME", "EMAIL", "CITY", "REGDATE", "PRIVILEGE"])
async def test_orders(ask: SiteAsker, key: str) -> None:
    """
    Descending is ascending backwards, where a second key settles what is equal.
    """
    up = {"orderBy": [key, "UID"], "orderAD": ["ASC", "ASC"]}
    down = {"orderBy": [key, "UID"], "orderAD": ["DESC", "DESC"]}
    listed = [list((await ask(_LIST, {**_page(1, 100), "order": each})).texts("webExId")) for each in (up, down)]
    assert listed[0] == listed[1][::-1]


@pytest.mark.parametrize("order", [{"orderBy": "SHOESIZE"}, {"orderBy": ["UID"] * 4}])
async def test_impossible_orders(ask: SiteAsker, order: Mapping[str, object]) -> None:
    """
    Unknown keys and more than three are refused.
    """
    assert "000019" == (await ask(_LIST, {"order": order})).code


async def test_dates(ask: SiteAsker, site: MeetingsSite) -> None:
    """
    Registration dates are compared to the second, by the time zone that is named.
    """
    users = list(site.world.users())
    at = datetime.fromtimestamp(users[49].registered / 1000, UTC)
    text = f"{at:%m/%d/%Y %H:%M:%S}"
    assert "51" == (await ask(_LIST, {"dataScope": {"regDateStart": text}})).text("total")
    assert "50" == (await ask(_LIST, {"dataScope": {"regDateEnd": text}})).text("total")
    both = {"dataScope": {"regDateStart": text, "regDateEnd": text}}
    assert [users[49].web_ex_id] == list((await ask(_LIST, both)).texts("webExId"))
    berlin = {"dataScope": {"regDateStart": text, "timeZoneID": 25, "regDateEnd": text}}
    assert "000015" == (await ask(_LIST, berlin)).code
    assert "000019" == (await ask(_LIST, {"dataScope": {"regDateStart": "2020-01-01"}})).code


async def test_control_hub_shows_its_own_number(ask: SiteAsker, site: MeetingsSite) -> None:
    """
    Only where it manages the site is there an objectGUID.
    """
    assert "" == (await ask(_LIST)).text("objectGUID")
    site.quirks = SiteQuirks(control_hub_managed=True)
    assert 50 == len(set((await ask(_LIST)).texts("objectGUID")))


async def test_the_old_listing_tells_all(ask: SiteAsker) -> None:
    """
    LstUser returns users as GetUser does.
    """
    heard = await ask("user.LstUser", {"webExId": "jdoe"})
    assert ("1", "true") == (heard.text("total"), heard.text("host"))


async def test_session_types(ask: SiteAsker, site: MeetingsSite) -> None:
    """
    All, a page, or those named; the count stands before them.
    """
    heard = await ask("meetingtype.LstMeetingType")
    assert heard.content[0].tag.endswith("matchingRecords")
    assert [str(each.number) for each in site.facts.session_types] == list(heard.texts("meetingTypeID"))
    few = await ask("meetingtype.LstMeetingType", {"meetingTypeID": [216, 14], **_page(2, 5)})
    assert ["216"] == list(few.texts("meetingTypeID"))
    assert "000015" == (await ask("meetingtype.LstMeetingType", {"meetingTypeID": 9})).code
    assert "ONS" == (await ask("meetingtype.GetMeetingType", {"meetingTypeID": 216})).text("productCodePrefix")


async def test_time_zones(ask: SiteAsker) -> None:
    """
    Sixty-two, or those named.
    """
    assert 62 == len(list((await ask("site.LstTimeZone")).texts("timeZoneID")))
    heard = await ask("site.LstTimeZone", {"timeZoneID": [25, 4]})
    assert ["GMT-08:00, Pacific (San Jose)", "GMT+01:00, Europe (Berlin)"] == list(heard.texts("description"))
    assert ["-480", "60"] == list(heard.texts("gmtOffset"))


async def test_the_site_tells_its_rules(ask: SiteAsker, site: MeetingsSite) -> None:
    """
    GetSite has the rules for passwords, the tracking codes and whether users sign in elsewhere, under the prefix ns1.
    """
    site.quirks = SiteQuirks(single_sign_on=False, backup=True)
    heard = await ask("site.GetSite")
    names = ("minLength", "mixedCase", "enableSSO", "siteName", "parterID", "gsbStatus")
    assert ["8", "true", "false", "acmeclassic", "g1acme!", "BACKUP"] == [heard.text(name) for name in names]
    assert ["Division", "Department", "Cost <centre>"] == [
        each.text for each in heard.root.findall(".//{*}trackingCodes/{*}trackingCode/{*}name")
    ]


async def test_what_is_retired_is_gone(ask: SiteAsker, site: MeetingsSite) -> None:
    """
    Site and meeting-type services may be switched off; users remain.
    """
    site.quirks = SiteQuirks(retired=RETIRED)
    assert {"000019"} == {(await ask(name)).code for name in RETIRED}
    assert "" == (await ask(_LIST)).code


async def test_the_version_is_told_to_everybody(ask: SiteAsker) -> None:
    """
    GetAPIVersion asks for the site's name alone.
    """
    assert "WebEx XML API V11.0.0" == (await ask("ep.GetAPIVersion", webExID="", password="")).text("apiVersion")
    assert "000002" == (await ask("ep.GetAPIVersion", siteName="other")).code


async def test_log_in_addresses(ask: SiteAsker) -> None:
    """
    They name the user; an unknown one has none.
    """
    told = {"webExID": "jdoe", "backURL": "https://a.example/?b=c"}
    assert "WID=jdoe&BU=https%3A%2F%2Fa.example" in (await ask("user.GetloginurlUser", told)).text("userLoginURL")
    assert "AT=LO" in (await ask("user.GetlogouturlUser", told)).text("userLogoutURL")
    assert "030001" == (await ask("user.GetloginurlUser", {"webExID": "nobody"})).code
