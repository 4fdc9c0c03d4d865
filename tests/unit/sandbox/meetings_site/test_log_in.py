"""
Who is let in, by what, and who is locked out.
"""

from collections.abc import Mapping

import pytest
from msgspec.structs import replace

from fakes.site_asker import SiteAsker
from webex_connector.sandbox.meetings_site.quirks import SiteQuirks
from webex_connector.sandbox.meetings_site.records import first_password
from webex_connector.sandbox.meetings_site.site import MeetingsSite
from webex_connector.sandbox.sandbox import Sandbox

_JOHN = {"webExId": "jdoe"}


@pytest.mark.parametrize(
    ("context", "code"),
    [
        ({}, ""),
        ({"webExID": "SITE-ADMIN"}, ""),
        ({"siteName": "", "siteID": "4711001", "partnerID": "g1acme!"}, ""),
        ({"webExID": "", "email": "ada.admin@acme.example"}, ""),
        ({"webExID": "nobody"}, "030001"),
        ({"password": "wrong"}, "030002"),
        ({"siteName": "other"}, "000002"),
        ({"siteName": ""}, "000002"),
        ({"siteID": "1"}, "000002"),
        ({"partnerID": "wrong"}, "000002"),
        ({"sessionTicket": "made up"}, "030047"),
        ({"webExAccessToken": "made up"}, "030002"),
    ],
)
async def test_the_context_says_who_asks(ask: SiteAsker, context: Mapping[str, str], code: str) -> None:
    """
    Site name or numbers select the site; everything that is told must be right.
    """
    assert code == (await ask("user.GetUser", _JOHN, **context)).code


async def test_wrong_passwords_lock_the_account(ask: SiteAsker, site: MeetingsSite) -> None:
    """
    After five wrong passwords in a row even the right one is refused, until an administrator unlocks the account.
    """
    own = {"webExID": "jdoe", "password": "wrong"}
    right = {"webExID": "jdoe", "password": first_password(site.world.numbered(514_000_003).user_id)}
    codes = [(await ask("user.GetUser", _JOHN, **own)).code for _ in range(4)]
    assert ["030002"] * 4 == codes
    assert "" == (await ask("user.GetUser", _JOHN, **right)).code
    for _ in range(5):
        await ask("user.GetUser", _JOHN, **own)
    assert "030030" == (await ask("user.GetUser", _JOHN, **right)).code
    await ask("user.SetUser", {**_JOHN, "security": {"lockAccount": "FALSE"}})
    assert "" == (await ask("user.GetUser", _JOHN, **right)).code


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"active": "DEACTIVATED"}, "030008"),
        ({"expirationDate": "01/01/2020 00:00:00"}, "030007"),
        ({"security": {"forceChangePassword": "true"}}, "030029"),
    ],
)
async def test_the_state_of_the_account_counts(ask: SiteAsker, change: Mapping[str, object], code: str) -> None:
    """
    The right password does not help an account that is inactive, expired or due for a new password.
    """
    await ask("user.SetUser", {**_JOHN, **change})
    assert code == (await ask("user.GetUser", _JOHN, webExID="jdoe", password=first_password(514_000_003))).code


async def test_a_password_expires(ask: SiteAsker, site: MeetingsSite, sandbox: Sandbox) -> None:
    """
    Where passwords have a lifetime, it ends; the days that are left are told before, and a new password has all.
    """
    rules = replace(site.world.facts.password_rules, lifetime_days=90)
    site.world.facts = replace(site.world.facts, password_rules=rules)
    for user in site.world.users():
        site.world.note(replace(user, password_set=site.world.now()))
    sandbox.clock.advance(89 * 86_400)
    assert "0" == (await ask("user.GetUser", _JOHN)).text("passwordDaysLeft")
    await ask("user.SetUser", {**_JOHN, "password": "New-Pass-42"})
    sandbox.clock.advance(86_400)
    assert "030031" == (await ask("user.GetUser", _JOHN)).code
    assert "88" == (await ask("user.GetUser", _JOHN, webExID="jdoe", password="New-Pass-42")).text("passwordDaysLeft")


async def test_a_ticket_stands_for_the_password(ask: SiteAsker, site: MeetingsSite, sandbox: Sandbox) -> None:
    """
    A ticket is good for its time to live, and for operations that take one.
    """
    given = await ask("user.AuthenticateUser")
    ticket = {"password": "", "sessionTicket": given.text("sessionTicket")}
    assert ("5400", str(site.world.now())[:9]) == (given.text("timeToLive"), given.text("createTime")[:9])
    assert "" == (await ask("user.SetUser", _JOHN, **ticket)).code
    site.quirks = SiteQuirks(password_only=("user.SetUser",))
    assert ["030104", ""] == [(await ask(name, _JOHN, **ticket)).code for name in ("user.SetUser", "user.GetUser")]
    sandbox.clock.advance(5400)
    assert "030046" == (await ask("user.GetUser", _JOHN, **ticket)).code


async def test_a_site_with_single_sign_on_has_no_passwords(ask: SiteAsker, site: MeetingsSite) -> None:
    """
    There an access token is exchanged for a ticket, or used as it is.
    """
    site.quirks = SiteQuirks(single_sign_on=True)
    site.world.access_tokens["token"] = "site-admin"
    assert "200005" == (await ask("user.GetUser", _JOHN)).code
    ticket = (await ask("user.AuthenticateUser", {"accessToken": "token"}, password="")).text("sessionTicket")
    for way in ({"sessionTicket": ticket}, {"webExAccessToken": "token"}):
        assert "" == (await ask("user.GetUser", _JOHN, password="", **way)).code


async def test_a_site_may_make_no_tickets(ask: SiteAsker, site: MeetingsSite) -> None:
    """
    Then the refusal names the deeper cause as a sub-error.
    """
    site.quirks = SiteQuirks(tickets=False)
    assert ["030048", "AS0001"] == list((await ask("user.AuthenticateUser")).texts("exceptionID"))


@pytest.mark.parametrize(
    ("who", "operation", "body", "code"),
    [
        ("site-auditor", "user.LstsummaryUser", {}, ""),
        ("site-auditor", "user.GetUser", _JOHN, ""),
        ("site-auditor", "user.SetUser", _JOHN, "000001"),
        ("site-auditor", "user.DelUser", _JOHN, "000001"),
        ("jdoe", "user.LstsummaryUser", {}, "000001"),
        ("jdoe", "user.GetUser", {"webExId": "site-admin"}, "000001"),
        ("jdoe", "user.GetUser", _JOHN, ""),
        ("jdoe", "site.GetSite", {}, ""),
        ("jdoe", "user.GetLoginTicket", {}, ""),
    ],
)
async def test_privileges_are_asked_for(
    ask: SiteAsker, site: MeetingsSite, who: str, operation: str, body: Mapping[str, object], code: str
) -> None:
    """
    Administrators who only look may read, and everybody else may read the own account.
    """
    user = site.world.user(who)
    assert user is not None
    heard = await ask(operation, body, webExID=who, password=first_password(user.user_id))
    assert code == heard.code
    assert site.world.writes == 0
