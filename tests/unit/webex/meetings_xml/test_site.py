"""
A site that is asked: logging in, repetition, patience.
"""

import asyncio

import pytest
from structlog.testing import capture_logs

from fakes.scripted_site import PASSWORD, ScriptedSite, failure, sample, xml
from fakes.virtual_time import VirtualClock
from webex_connector.base.secret import Secret
from webex_connector.webex.call import Call
from webex_connector.webex.errors import NotFound, Refused, ServerFailed, Throttled, Unauthorized, Withheld
from webex_connector.webex.meetings_xml.tickets import QUIET, AccessToken

CALL = Call()
REFUSED_LOGINS = ["030001", "030002", "030030", "030008", "030031"]


async def test_a_password_is_made_a_ticket_once(scripted: ScriptedSite) -> None:
    """
    However many ask at the same time, there is one log-in; every further request shows the ticket and no password.
    """
    site = await scripted.client()

    await asyncio.gather(*(site.users.get("ana", CALL) for _ in range(5)))

    assert scripted.asked == ["AuthenticateUser", *["GetUser"] * 5]
    assert "<password>S3cret&lt;&amp;&gt;pass</password>" in scripted.body(0)
    assert all("<sessionTicket>AAAB-ticket</sessionTicket>" in scripted.body(place) for place in range(1, 6))
    assert not any("<password>" in scripted.body(place) for place in range(1, 6))
    assert site.tickets.makes_tickets is True


async def test_a_ticket_is_renewed_before_it_ends(scripted: ScriptedSite, clock: VirtualClock) -> None:
    """
    A hundred seconds before its end, as Cisco's own pages do.
    """
    site = await scripted.client()
    await site.users.get("ana", CALL)

    await clock.sleep(5399 - 100)
    await site.users.get("ana", CALL)
    await clock.sleep(2)
    await site.users.get("ana", CALL)

    assert scripted.asked == ["AuthenticateUser", "GetUser", "GetUser", "AuthenticateUser", "GetUser"]


@pytest.mark.parametrize("code", ["030046", "030047"])
async def test_a_ticket_that_is_over_is_renewed_once(scripted: ScriptedSite, code: str) -> None:
    """
    The same request, a write too, goes out with the new one, since the site looked at neither.
    """
    site = await scripted.client({"SetUser": [failure(code), xml("x"), sample("get_user.xml")]})
    with pytest.raises(Exception, match="no answer of the XML API"):
        await site.users.change("ana", {"title": "Boss"}, CALL)

    assert scripted.asked == ["AuthenticateUser", "SetUser", "AuthenticateUser", "SetUser"]


async def test_a_ticket_that_is_never_taken_is_not_asked_for_again_and_again(scripted: ScriptedSite) -> None:
    """
    A second refusal of the ticket is the answer.
    """
    site = await scripted.client({"GetUser": failure("030047")})

    with pytest.raises(Exception, match="030047"):
        await site.users.get("ana", CALL)

    assert scripted.asked == ["AuthenticateUser", "GetUser", "AuthenticateUser", "GetUser"]


async def test_an_operation_without_tickets_is_shown_the_password(scripted: ScriptedSite) -> None:
    """
    Once the site has said so, at once; other operations keep the ticket.
    """
    site = await scripted.client({"SetUser": [failure("030104"), sample("get_user.xml")]})

    await site.users.change("ana", {"title": "Boss"}, CALL)
    await site.users.change("ana", {"title": "Clerk"}, CALL)
    await site.users.get("ana", CALL)

    assert scripted.asked == ["AuthenticateUser", *["SetUser"] * 3, "GetUser"]
    assert ["<password>" in scripted.body(place) for place in range(5)] == [True, False, True, True, False]


async def test_a_site_that_makes_no_tickets_is_shown_the_password(scripted: ScriptedSite) -> None:
    """
    After one look at ourselves, which shows whether the password is right.
    """
    site = await scripted.client({"AuthenticateUser": failure("030048")})

    await site.users.get("ana", CALL)

    assert scripted.asked == ["AuthenticateUser", "GetUser", "GetUser"]
    assert "<webExId>admin</webExId>" in scripted.body(1)
    assert "<webExId>ana</webExId>" in scripted.body(2)
    assert site.tickets.makes_tickets is False


async def test_a_token_stands_in_the_body_of_the_log_in(scripted: ScriptedSite) -> None:
    """
    Where users have no passwords, an access token is made a ticket.
    """
    site = await scripted.client(credential=AccessToken(Secret("oauth-token")))

    await site.users.get("ana", CALL)

    assert '.AuthenticateUser"><accessToken>oauth-token</accessToken>' in scripted.body(0)
    assert "<webExAccessToken>" not in scripted.body(0)
    assert "<sessionTicket>" in scripted.body(1)


@pytest.mark.parametrize("code", REFUSED_LOGINS)
async def test_a_refused_log_in_is_not_repeated(scripted: ScriptedSite, clock: VirtualClock, code: str) -> None:
    """
    A site locks accounts by counting, so ten who ask cost one try, and the next comes when the quiet time is over.
    """
    site = await scripted.client({"AuthenticateUser": [failure(code), sample("authenticate_user.xml")]})

    results = await asyncio.gather(*(site.users.get("ana", CALL) for _ in range(10)), return_exceptions=True)

    assert {type(each) for each in results} == {Unauthorized}
    assert scripted.asked == ["AuthenticateUser"]
    await clock.sleep(QUIET + 1)
    await site.users.get("ana", CALL)
    assert scripted.asked == ["AuthenticateUser", "AuthenticateUser", "GetUser"]


async def test_once_logged_in_an_unknown_user_is_the_one_asked_for(scripted: ScriptedSite) -> None:
    """
    030001 says either; after a log-in it is about the other.
    """
    site = await scripted.client({"GetUser": failure("030001")})

    for _ in range(2):
        with pytest.raises(NotFound):
            await site.users.get("who", CALL)

    assert scripted.asked == ["AuthenticateUser", "GetUser", "GetUser"]


async def test_locked_meanwhile_we_stop(scripted: ScriptedSite) -> None:
    """
    A refusal of our own log-in in the middle of the work is heeded as well.
    """
    site = await scripted.client({"GetUser": failure("030030")})

    for _ in range(3):
        with pytest.raises(Unauthorized):
            await site.users.get("ana", CALL)

    assert scripted.asked == ["AuthenticateUser", "GetUser"]


@pytest.mark.parametrize("code", ["000003", "000035", "030071", "999999"])
async def test_a_passing_failure_is_repeated_for_reads(scripted: ScriptedSite, code: str) -> None:
    """
    A read comes back after a pause; a write might have happened and does not.
    """
    site = await scripted.client(
        {"GetUser": [failure(code), failure(code, backup=True), sample("get_user.xml")], "SetUser": failure(code)},
    )

    await site.users.get("ana", CALL)
    with pytest.raises(ServerFailed):
        await site.users.change("ana", {"title": "Boss"}, CALL)

    assert scripted.asked == ["AuthenticateUser", "GetUser", "GetUser", "GetUser", "SetUser"]


async def test_a_spent_minute_is_waited_for(scripted: ScriptedSite, clock: VirtualClock) -> None:
    """
    000045 holds everybody back for sixty seconds, then even a write goes out again: nothing was done.
    """
    site = await scripted.client({"SetUser": [failure("000045"), sample("get_user.xml")]})
    began = clock.monotonic()

    await site.users.change("ana", {"title": "Boss"}, CALL)

    assert clock.monotonic() - began >= 60
    assert scripted.asked == ["AuthenticateUser", "SetUser", "SetUser"]
    again = await scripted.client({"AuthenticateUser": failure("000045")})
    with pytest.raises(Throttled):
        await again.users.get("ana", Call(deadline=clock.monotonic() + 30))


async def test_a_lost_answer_is_asked_for_again_by_reads_alone(scripted: ScriptedSite) -> None:
    """
    Half an answer is none, and no success.
    """
    half = sample("get_user.xml")
    cut = type(half)(body=half.body, headers=half.headers, cut_after=400)
    site = await scripted.client({"GetUser": [cut, half], "DelUser": cut})

    assert (await site.users.get("ana", CALL)).webex_id == "ana"
    with pytest.raises(Exception, match="lost"):
        await site.users.deactivate(["ana"], CALL)

    assert scripted.asked == ["AuthenticateUser", "GetUser", "GetUser", "DelUser"]


async def test_a_dry_run_sends_no_change(scripted: ScriptedSite) -> None:
    """
    Reads go out, a write is withheld and told by its name.
    """
    site = await scripted.client()
    call = Call(dry_run=True)

    await site.users.get("ana", call)
    with pytest.raises(Withheld) as withheld:
        await site.users.create({"webExId": "ana"}, call)

    assert (withheld.value.method, withheld.value.path) == ("POST", "/user.CreateUser")
    assert scripted.asked == ["AuthenticateUser", "GetUser"]


async def test_the_log_shows_no_secret(scripted: ScriptedSite) -> None:
    """
    Neither the password nor the ticket, not even when the site quotes them.
    """
    quoting = failure("030058", f"bad: {PASSWORD.replace('<', '&lt;').replace('&>', '&amp;>')} AAAB-ticket")
    site = await scripted.client({"SetUser": quoting})

    with capture_logs() as logs, pytest.raises(Refused) as caught:
        await site.users.change("ana", {"password": Secret(PASSWORD)}, CALL)

    told = f"{logs} {caught.value} {caught.value.descriptions}"
    assert PASSWORD not in told
    assert "AAAB-ticket" not in told
    assert {each["path"] for each in logs if each["event"] == "webex.request"} == {
        "/user.AuthenticateUser",
        "/user.SetUser",
    }


async def test_somebodys_password_is_checked_without_touching_our_log_in(scripted: ScriptedSite) -> None:
    """
    Their failed log-in is theirs.
    """
    site = await scripted.client({"AuthenticateUser": [failure("030002"), sample("authenticate_user.xml")]})

    with pytest.raises(Unauthorized):
        await site.log_in("bo", Secret("wrong"), CALL)
    await site.users.get("ana", CALL)

    assert "<webExID>bo</webExID><password>wrong</password>" in scripted.body(0)
    assert scripted.asked == ["AuthenticateUser", "AuthenticateUser", "GetUser"]


async def test_what_anybody_may_ask_takes_no_log_in(scripted: ScriptedSite) -> None:
    """
    The release of the API is told to who knows the site's name.
    """
    site = await scripted.client()

    assert (await site.info.version(CALL)).version == "39.7"
    assert scripted.asked == ["GetAPIVersion"]
    assert "<securityContext><siteName>acme</siteName></securityContext>" in scripted.body(0)
