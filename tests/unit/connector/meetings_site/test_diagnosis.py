"""
The test of a site: what it says of sites of every kind.
"""

from collections.abc import Mapping
from typing import Any

import pytest

from fakes.classic_site import ClassicSite, running_site
from fakes.hub import OPTIONS
from fakes.virtual_time import VirtualClock
from webex_connector.icf.filters import EVERYTHING
from webex_connector.icf.objects import Finding, Verdict
from webex_connector.sandbox.meetings_site.populate import AUDITOR
from webex_connector.sandbox.meetings_site.quirks import RETIRED, SiteQuirks
from webex_connector.sandbox.meetings_site.records import first_password


async def findings(running: ClassicSite) -> Mapping[str, Finding]:
    """
    Return what a test finds, by its subject.
    """
    report = await running.facade.test(OPTIONS)
    return {each.subject: each for each in report.findings}


async def test_a_usual_site_is_in_order(running: ClassicSite) -> None:
    """
    Release, log-in, right, users, session types, time zones, rules for passwords; nothing is changed.
    """
    told = await findings(running)

    assert all(each.ok for each in told.values())
    assert "session ticket" in told["log-in"].detail
    assert told["users"].detail == "20 users"
    assert "at least 8 characters" in told["site settings"].detail
    assert told["management"].detail == "the site's own administration"
    assert running.site.world.writes == 0


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"password": "wrong"}, "030002"),
        ({"webExId": "nobody"}, "030001"),
        ({"siteName": "other", "siteId": None}, "siteName"),
        ({"siteId": 42}, "siteID"),
    ],
)
async def test_a_refused_log_in_is_told_once(clock: VirtualClock, given: dict[str, Any], words: str) -> None:
    """
    With its reason, where to look, and one try.
    """
    async with running_site(clock, **given) as running:
        told = await findings(running)
        again = await findings(running)

    assert not told["log-in"].ok
    assert words in told["log-in"].detail
    assert "webExId" in told["log-in"].remedy
    assert "users" not in told
    assert "not tried again so soon" in again["log-in"].detail


async def test_who_may_only_look_is_told_to(clock: VirtualClock) -> None:
    """
    A view-only administrator reads and changes nothing.
    """
    async with running_site(clock) as running:
        auditor = running.site.world.user(AUDITOR)
        assert auditor is not None
        number = auditor.user_id
    async with running_site(clock, webExId=AUDITOR, password=first_password(number)) as running:
        told = await findings(running)

    assert told["administrator"].verdict is Verdict.WARNING
    assert "may only look" in told["administrator"].detail


async def test_what_a_site_does_not_do_is_told(clock: VirtualClock) -> None:
    """
    Without the services that went, without tickets: users are managed all the same, and time zones are the published.
    """
    async with running_site(clock, quirks=SiteQuirks(retired=RETIRED, tickets=False)) as running:
        told = await findings(running)
        zones = [each async for batch in running.facade.search("TIME_ZONES", EVERYTHING, OPTIONS) for each in batch]
        with pytest.raises(Exception, match="LstMeetingType"):
            _ = [each async for each in running.facade.search("SESSION_TYPES", EVERYTHING, OPTIONS)]

    assert all(each.ok for each in told.values())
    assert "password" in told["log-in"].detail
    assert {told[each].verdict for each in ("session types", "time zones", "site settings")} == {Verdict.WARNING}
    assert all(told[each].remedy for each in ("session types", "time zones", "site settings"))
    assert (len(zones), zones[25].name) == (62, "Berlin")


async def test_a_managed_site_is_known(clock: VirtualClock) -> None:
    """
    By the numbers of Control Hub in its listing; what cannot be changed here is told.
    """
    async with running_site(clock, quirks=SiteQuirks(control_hub_managed=True)) as running:
        told = await findings(running)

    assert told["management"].verdict is Verdict.WARNING
    assert "changed in Control Hub" in told["management"].remedy
