"""
What CreateUser, SetUser and DelUser do, and what they refuse.
"""

from collections.abc import Mapping

import pytest
from msgspec.structs import replace

from fakes.site_asker import SiteAsker
from webex_connector.sandbox.meetings_site import populate
from webex_connector.sandbox.meetings_site.quirks import SiteQuirks
from webex_connector.sandbox.meetings_site.site import MeetingsSite

_NEW = {
    "firstName": "Jane",
    "lastName": "O'Brien & Söhne <x>",
    "webExId": "jane",
    "email": "jane@acme.example",
    "password": "Init-Pass-42",
}
_JOHN = {"webExId": "jdoe"}


async def test_a_new_user_is_a_host_with_the_usual_session_types(ask: SiteAsker, site: MeetingsSite) -> None:
    """
    What is not told gets the site's defaults, and what is told is kept to the letter.
    """
    address = {"address1": "1 <Main> St", "country": "Germany"}
    told = {"address": address, "phones": {"phone": "49,30,1234567"}, "timeZoneID": 25, "language": "GERMAN"}
    number = (await ask("user.CreateUser", {**_NEW, **told})).text("userId")
    heard = await ask("user.GetUser", {"webExId": "jane"})
    names = ("userId", "lastName", "password", "meetingType", "host", "meetingCenter", "country", "phone", "timeZone")
    assert [
        *(number, "O'Brien & Söhne <x>", "******", "214", "true", "true", "49", "49,30,1234567,,,,"),
        "GMT+01:00, Europe (Berlin)",
    ] == [heard.text(name) for name in names]
    user = site.world.user("JANE")
    assert user is not None
    assert ("1 <Main> St", True) == (user.field("address/address1"), user.has_password("Init-Pass-42"))
    assert 1 == site.world.writes


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"webExId": "JDOE"}, "030004"),
        ({"email": "John@example.wbx.ai"}, "030005"),
        ({"email": "no address"}, "030062"),
        ({"lastName": ""}, "030009"),
        ({"password": ""}, "030009"),
        ({"password": "", "security": {"forceChangePassword": "true"}}, "030055"),
        ({"password": "Sh0rt"}, "030003"),
        ({"password": 'Quote"Pass-42'}, "030058"),
        ({"password": "all-lower-42"}, "030033"),
        ({"password": "No-Digits-here"}, "030033"),
        ({"password": "Rrr-Repeatttt-42"}, "030033"),
        ({"password": "My-Jane-Pass-42"}, "030033"),
        ({"password": "A-Password-42"}, "030033"),
        ({"language": "KLINGON"}, "030060"),
        ({"timeZoneID": 99}, "000019"),
        ({"active": "SOMETIMES"}, "000019"),
        ({"company": "x" * 129}, "000019"),
        ({"options": {"folderRead": "maybe"}}, "000019"),
        ({"categoryId": "one"}, "000019"),
        ({"nickName": "x"}, "000019"),
        ({"address": {"planet": "x"}}, "000019"),
        ({"security": {"lockAcount": "true"}}, "000019"),
        ({"phones": {"PIN": "1234"}}, "000019"),
        ({"phones": {"PIN": "1111"}}, "000019"),
        ({"schedulingPermission": "jdoe;nobody"}, "030019"),
        ({"privilege": {"teleConfCallInInternational": "true"}}, "030023"),
        ({"meetingTypes": {"meetingType": [214, 999]}}, "000019"),
        ({"meetingTypes": {"meetingType": 224}}, "000019"),
        ({"security": {"resetPassword": "true"}}, "030053"),
    ],
)
async def test_a_refused_user_is_not_there(
    ask: SiteAsker, site: MeetingsSite, change: Mapping[str, object], code: str
) -> None:
    """
    Each rule has its code, and nothing is changed by a refusal.
    """
    assert code == (await ask("user.CreateUser", {**_NEW, **change})).code
    assert (0, 100) == (site.world.writes, site.world.user_count)


async def test_the_right_pin_and_schedulers_are_taken(ask: SiteAsker, site: MeetingsSite) -> None:
    """
    What the rules leave over is kept; telephony that is not simulated is passed over.
    """
    told = {"phones": {"PIN": "8203"}, "schedulingPermission": "jdoe;site-admin", "tspAccount": {"a": "b"}}
    assert "" == (await ask("user.CreateUser", {**_NEW, **told, "sendWelcome": "true"})).code
    assert [("jane@acme.example", "welcome")] == [(mail.to, mail.about) for mail in site.world.mails]


async def test_what_is_left_out_stays(ask: SiteAsker, site: MeetingsSite) -> None:
    """
    SetUser changes what it names; session types are replaced whole, an empty element clears.
    """
    await ask("user.SetUser", {**_JOHN, "company": "Acme", "meetingTypes": {"meetingType": [216, 218]}})
    await ask("user.SetUser", {**_JOHN, "title": "Boss", "company": ""})
    user = site.world.user("jdoe")
    assert user is not None
    assert ("Boss", "", "Doe", (216, 218)) == (
        user.field("title"),
        user.field("company"),
        user.field("lastName"),
        user.meeting_types,
    )
    site.quirks = SiteQuirks(empty_clears=False)
    await ask("user.SetUser", {**_JOHN, "title": ""})
    assert "Boss" == (await ask("user.GetUser", _JOHN)).text("title")


async def test_a_change_to_what_is_there_is_none(ask: SiteAsker, site: MeetingsSite) -> None:
    """
    Writing the same again counts as no change.
    """
    assert "" == (await ask("user.SetUser", {**_JOHN, "firstName": "John", "active": "ACTIVATED"})).code
    assert 0 == site.world.writes


async def test_a_renamed_user_keeps_the_number(ask: SiteAsker, site: MeetingsSite) -> None:
    """
    The old WebEx ID is free afterwards; one that is taken is refused.
    """
    assert "030004" == (await ask("user.SetUser", {**_JOHN, "newWebExId": "site-admin"})).code
    await ask("user.SetUser", {**_JOHN, "newWebExId": "john"})
    assert ["030001", ""] == [(await ask("user.GetUser", {"webExId": each})).code for each in ("jdoe", "john")]
    assert (await ask("user.GetUser", {"webExId": "john"})).text("userId") == "514000003"


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({}, "030009"),
        ({"webExId": "nobody"}, "030001"),
        ({**_JOHN, "email": "ada.admin@acme.example"}, "030005"),
        ({**_JOHN, "email": ""}, "030009"),
        ({**_JOHN, "password": "Sandbox-514000003"}, "030032"),
        ({**_JOHN, "security": {"resetPassword": "true"}}, "030053"),
        ({**_JOHN, "newWebExId": "x" * 65}, "000019"),
    ],
)
async def test_a_refused_change_changes_nothing(
    ask: SiteAsker, site: MeetingsSite, body: Mapping[str, object], code: str
) -> None:
    """
    Neither the named part nor any other.
    """
    before = site.world.user("jdoe")
    assert code == (await ask("user.SetUser", {**body, "title": "Changed"})).code
    assert before == site.world.user("jdoe")


async def test_a_profile_number_belongs_to_one(ask: SiteAsker) -> None:
    """
    A MeetingPlace profile number is refused to a second user.
    """
    await ask("user.SetUser", {**_JOHN, "mpProfileNumber": "7"})
    assert "030051" == (await ask("user.SetUser", {"webExId": "site-admin", "mpProfileNumber": "7"})).code


async def test_former_passwords_are_refused(ask: SiteAsker) -> None:
    """
    The last three are remembered, no more.
    """
    words = ["First-Pw-1", "Second-Pw-2", "Third-Pw-3", "Fourth-Pw-4"]
    for word in words:
        assert "" == (await ask("user.SetUser", {**_JOHN, "password": word})).code
    codes = [(await ask("user.SetUser", {**_JOHN, "password": word})).code for word in reversed(words)]
    assert ["030032", "030032", "030032", ""] == codes


async def test_a_reset_is_mailed_and_must_be_changed(ask: SiteAsker, site: MeetingsSite) -> None:
    """
    The site chooses a password and mails it; a change that is due is not called off.
    """
    both = {"security": {"forceChangePassword": "TRUE", "resetPassword": "TRUE"}}
    assert "" == (await ask("user.SetUser", {**_JOHN, **both})).code
    user = site.world.user("jdoe")
    assert user is not None
    assert user.must_change
    assert user.has_password(site.world.mails[-1].password)
    assert "030057" == (await ask("user.SetUser", {**_JOHN, "security": {"forceChangePassword": "FALSE"}})).code
    site.quirks = SiteQuirks(reset_needs_force=False)
    assert "" == (await ask("user.SetUser", {**_JOHN, "security": {"resetPassword": "TRUE"}})).code
    assert 2 == len(site.world.mails)


async def test_where_administrators_set_no_passwords_a_reset_is_left(ask: SiteAsker, site: MeetingsSite) -> None:
    """
    030056 for a password of one's own choice, and a reset goes through.
    """
    site.quirks = SiteQuirks(admins_set_passwords=False, reset_needs_force=False)
    assert "030056" == (await ask("user.SetUser", {**_JOHN, "password": "Other-Pass-42"})).code
    assert "" == (await ask("user.SetUser", {**_JOHN, "security": {"resetPassword": "TRUE"}})).code


async def test_host_licences_run_out(ask: SiteAsker, site: MeetingsSite) -> None:
    """
    A deactivated host takes none, and is refused when it comes back too late.
    """
    site.world.facts = replace(site.world.facts, host_limit=site.world.hosts)
    assert "030010" == (await ask("user.CreateUser", _NEW)).code
    assert "" == (await ask("user.CreateUser", {**_NEW, "privilege": {"attendeeOnly": "true"}})).code
    await ask("user.SetUser", {**_JOHN, "active": "DEACTIVATED"})
    assert "" == (await ask("user.SetUser", {"webExId": "jane", "privilege": {"host": "true"}})).code
    assert "030010" == (await ask("user.SetUser", {**_JOHN, "active": "ACTIVATED"})).code


async def test_a_session_type_runs_out(ask: SiteAsker, site: MeetingsSite) -> None:
    """
    The refusal names the session type; who has it keeps it.
    """
    scarce = {"meetingTypes": {"meetingType": [populate.PRO, populate.SCARCE]}}
    users = [user.web_ex_id for user in site.world.users()][:6]
    codes = [(await ask("user.SetUser", {"webExId": each, **scarce})) for each in users]
    assert ["", "", "", "", "", "110055"] == [heard.code for heard in codes]
    assert str(populate.SCARCE) == codes[-1].text("value")
    assert "" == (await ask("user.SetUser", {"webExId": users[0], **scarce, "title": "x"})).code


async def test_deleting_deactivates(ask: SiteAsker, site: MeetingsSite) -> None:
    """
    WebEx ID and address stay taken; unknown users and the caller itself fail one by one.
    """
    heard = await ask("user.DelUser", {"webExId": ["jdoe", "nobody", "site-admin"]})
    assert ["SUCCESS", "FAILURE", "FAILURE"] == list(heard.texts("status"))
    user = site.world.user("jdoe")
    assert user is not None
    assert (False, (populate.PRO,)) == (user.is_active, user.meeting_types[:1])
    assert "030004" == (await ask("user.CreateUser", {**_NEW, "webExId": "jdoe"})).code
    assert "" == (await ask("user.SetUser", {**_JOHN, "active": "ACTIVATED"})).code


async def test_fifty_are_deleted_at_once_and_no_more(ask: SiteAsker, site: MeetingsSite) -> None:
    """
    With fifty-one nobody is deactivated.
    """
    users = [user.web_ex_id for user in site.world.users()][2:]
    assert "000019" == (await ask("user.DelUser", {"webExId": users[:51]})).code
    assert 0 == site.world.writes
    assert 50 == list((await ask("user.DelUser", {"webExId": users[:50]})).texts("status")).count("SUCCESS")
    assert "030009" == (await ask("user.DelUser")).code


async def test_control_hub_manages_names_and_passwords(ask: SiteAsker, site: MeetingsSite) -> None:
    """
    Licences can be set there, the person cannot; either refused or passed over.
    """
    site.quirks = SiteQuirks(control_hub_managed=True)
    assert "030056" == (await ask("user.SetUser", {**_JOHN, "password": "New-Pass-42"})).code
    changes = ({"lastName": "X"}, {"newWebExId": "x"}, {"phones": {"phone": "1,2,3"}})
    assert ["030075"] * 3 == [(await ask("user.SetUser", {**_JOHN, **each})).code for each in changes]
    assert "030103" == (await ask("user.SetUser", {**_JOHN, "privilege": {"siteAdmin": "true"}})).code
    assert "" == (await ask("user.SetUser", {**_JOHN, "lastName": "Doe", "meetingTypes": {"meetingType": 216}})).code
    site.quirks = SiteQuirks(control_hub_managed=True, managed_fields_ignored=True)
    assert "" == (await ask("user.SetUser", {**_JOHN, "lastName": "X", "password": "New-Pass-42"})).code
    user = site.world.user("jdoe")
    assert user is not None
    assert ("Doe", (216,), 1) == (user.field("lastName"), user.meeting_types, site.world.writes)


async def test_control_hub_creates_the_person_and_takes_the_licences(ask: SiteAsker, site: MeetingsSite) -> None:
    """
    The WebEx ID is the address, addresses of others are refused, and deleting takes the licences.
    """
    site.quirks = SiteQuirks(control_hub_managed=True)
    site.world.foreign_addresses.add("jane@other.example")
    new = {**_NEW, "webExId": "jane@acme.example", "active": "DEACTIVATED", "sendWelcome": "true"}
    assert "030075" == (await ask("user.CreateUser", _NEW)).code
    other = "jane@other.example"
    assert "030098" == (await ask("user.CreateUser", {**new, "webExId": other, "email": other})).code
    assert "" == (await ask("user.CreateUser", new)).code
    user = site.world.user("jane@acme.example")
    assert user is not None
    assert (True, True, []) == (user.is_active, user.is_host, site.world.mails)
    assert "SUCCESS" == (await ask("user.DelUser", {"webExId": "jane@acme.example"})).text("status")
    user = site.world.user("jane@acme.example")
    assert user is not None
    assert (False, (), "false") == (user.is_active, user.meeting_types, user.field("supportedServices/meetingCenter"))


async def test_numbers_are_not_always_told(ask: SiteAsker, site: MeetingsSite) -> None:
    """
    A create may answer with nothing, a read may show addresses as they were written.
    """
    site.quirks = SiteQuirks(user_id_returned=False, country_as_code=False, phones_padded=False)
    told = {"address": {"country": "Germany"}, "phones": {"phone": "49,30,1"}}
    assert "" == (await ask("user.CreateUser", {**_NEW, **told})).text("userId")
    heard = await ask("user.GetUser", {"webExId": "jane"})
    assert ["Germany", "49,30,1", ""] == [heard.text(each) for each in ("country", "phone", "mobilePhone")]
