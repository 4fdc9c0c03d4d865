"""
What time does: clocks that differ, and credentials that end.
"""

from datetime import timedelta

import pytest

from fakes.hub import OPTIONS, facade_to, running_hub
from fakes.ports import MemoryJournal
from fakes.virtual_time import EPOCH, VirtualClock
from webex_connector.connector.control_hub.diagnosis import lasting, remedies
from webex_connector.connector.properties import Grant, Method
from webex_connector.icf.objects import Finding, Verdict
from webex_connector.sandbox.clock import MovableClock
from webex_connector.sandbox.grants import ADMIN_SCOPES, AccessToken
from webex_connector.sandbox.sandbox import Sandbox
from webex_connector.webex.tokens import TokenFacts

DAY = timedelta(days=1)
BY_GRANT = TokenFacts(renews=True)
FIXED = TokenFacts(renews=False)


@pytest.mark.parametrize(
    ("lead", "verdict", "detail"),
    [
        (timedelta(0), Verdict.YES, "agrees with Webex's to a minute"),
        (timedelta(seconds=-60), Verdict.YES, "agrees with Webex's to a minute"),
        (timedelta(seconds=61), Verdict.WARNING, "this computer's clock is 1 min 1 s behind Webex's"),
        (timedelta(seconds=-300), Verdict.WARNING, "this computer's clock is 5 min ahead of Webex's"),
        (timedelta(seconds=301), Verdict.NO, "this computer's clock is 5 min 1 s behind Webex's"),
        (timedelta(hours=-1), Verdict.NO, "this computer's clock is 1 h ahead of Webex's"),
        (None, Verdict.UNKNOWN, "no answer of Webex had a date"),
    ],
)
def test_clocks_may_be_a_minute_apart(lead: timedelta | None, verdict: Verdict, detail: str) -> None:
    """
    More is a warning, more than five fails; without a date nothing is known, and nothing fails.
    """
    found = lasting.clock(lead)

    assert (verdict, detail) == (found.verdict, found.detail)
    assert found.ok is (verdict is not Verdict.NO)
    assert bool(found.remedy) is (verdict is not Verdict.YES)


@pytest.mark.parametrize("hours", [1, -1])
async def test_a_clock_that_is_an_hour_off_fails_the_test(hours: int, clock: VirtualClock) -> None:
    """
    It is read from the answers themselves, and everything else is in order.
    """
    ahead = MovableClock(clock)
    ahead.advance(3600)
    of_webex, ours = (ahead, clock) if hours > 0 else (clock, ahead)
    sandbox = Sandbox(people=5, clock=of_webex)
    async with sandbox.serving() as address:
        facade = facade_to(sandbox, address, ours, MemoryJournal())
        report = await facade.test(OPTIONS)
        await facade.aclose()

    assert f"clock: this computer's clock is 1 h {'behind' if hours > 0 else 'ahead of'} Webex's" == report.error
    assert ["clock"] == [each.subject for each in report.findings if not each.ok]


async def test_a_clock_is_told_even_where_the_token_is_refused(clock: VirtualClock) -> None:
    """
    It may be the reason: a signed token of the wrong time is refused too.
    """
    async with running_hub(clock, authenticationMethod="TOKEN", authToken="wrong") as hub:
        hub.sandbox.clock.advance(3600)
        report = await hub.facade.test(OPTIONS)

    assert ["credentials", "clock"] == [each.subject for each in report.findings if not each.ok]


@pytest.mark.parametrize(
    ("facts", "days", "expected"),
    [
        (
            FIXED,
            365,
            Finding("token", detail="authToken ends on 2027-11-02 (in 365 days), and is not renewed"),
        ),
        (
            FIXED,
            29,
            Finding(
                "token",
                Verdict.WARNING,
                "authToken ends on 2026-12-01 (in 29 days), and is not renewed",
                remedy=remedies.RENEW_AUTH,
            ),
        ),
        (
            FIXED,
            0.5,
            Finding(
                "token",
                Verdict.WARNING,
                "authToken ends on 2026-11-02 (today), and is not renewed",
                remedy=remedies.RENEW_AUTH,
            ),
        ),
        (
            TokenFacts(renews=False, ends=EPOCH + 365 * DAY),
            None,
            Finding("token", detail="authToken ends on 2027-11-02 (in 365 days) at the latest, and is not renewed"),
        ),
        (
            FIXED,
            None,
            Finding(
                "token",
                Verdict.UNKNOWN,
                "nobody says when authToken ends, and it is not renewed",
                remedy=remedies.RENEW_AUTH,
                needed=False,
            ),
        ),
        (BY_GRANT, None, Finding("token", detail="the access token is renewed by itself")),
        (
            TokenFacts(renews=True, refresh_ends=EPOCH + 90 * DAY),
            14,
            Finding(
                "token",
                detail="the access token is renewed by itself, before it ends on 2026-11-16 (in 14 days); the refresh "
                "token ends on 2027-01-31 (in 90 days) unless it is used before",
            ),
        ),
        (
            TokenFacts(renews=True, refresh_ends=EPOCH + 15 * DAY),
            None,
            Finding(
                "token",
                detail="the access token is renewed by itself; the refresh token ends on 2026-11-17 (in 15 days) "
                "unless it is used before",
            ),
        ),
        (
            TokenFacts(renews=True, refresh_ends=EPOCH + DAY),
            None,
            Finding(
                "token",
                Verdict.WARNING,
                "the access token is renewed by itself; the refresh token ends on 2026-11-03 (in 1 day)",
                remedy=remedies.RENEW_GRANT,
            ),
        ),
    ],
)
def test_credentials_that_end_soon_are_a_warning(facts: TokenFacts, days: float | None, expected: Finding) -> None:
    """
    Thirty days before, a refresh token fourteen, with the date; what is renewed by itself is no worry.
    """
    login = Grant.REFRESH_TOKEN if facts.renews else Method.TOKEN
    assert expected == lasting.token(facts, login, None if days is None else EPOCH + days * DAY, EPOCH)


async def test_webex_is_asked_when_a_fixed_token_ends(clock: VirtualClock) -> None:
    """
    Nobody else knows: one request more, for a token that was pasted.
    """
    async with running_hub(clock, authenticationMethod="TOKEN", authToken="pasted") as hub:
        ends = (EPOCH + 20 * DAY).timestamp() * 1000
        hub.sandbox.world.grants.grant(AccessToken("pasted", "service-app", None, ADMIN_SCOPES, ends))
        report = await hub.facade.test(OPTIONS)
        asked = [each.template for each in hub.sandbox.trace.requests()]

    found = next(each for each in report.findings if each.subject == "token")
    assert "authToken ends on 2026-11-22 (in 19 days), and is not renewed" == found.detail
    assert (Verdict.WARNING, True) == (found.verdict, report.ok)
    assert 1 == asked.count("/authorizations/tokenExpiry")


async def test_a_password_has_no_token_that_could_end(clock: VirtualClock) -> None:
    """
    Webex is not asked when it ends, and no property is named that is not there.
    """
    async with running_hub(
        clock, authenticationMethod="BASIC", login="sandbox-login", password="sandbox-password"
    ) as hub:
        report = await hub.facade.test(OPTIONS)
        asked = [each.template for each in hub.sandbox.trace.requests()]

    found = {each.subject: each for each in report.findings}
    assert "there is none: login and password are sent with every request" == found["token"].detail
    assert "Webex accepts login and password" == found["credentials"].detail
    assert "authToken" not in repr(report)
    assert "/authorizations/tokenExpiry" not in asked
