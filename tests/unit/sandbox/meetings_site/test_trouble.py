"""
Faults, limits, the trace and the control API of simulated sites; several sites at one address.
"""

import httpx2
import pytest

from fakes.site_asker import PATH, SiteAsker, request
from fakes.virtual_time import VirtualClock
from webex_connector.sandbox import faults
from webex_connector.sandbox.faults import Effect, Failure, Fault
from webex_connector.sandbox.limits import FixedWindow
from webex_connector.sandbox.meetings_site.quirks import SiteQuirks
from webex_connector.sandbox.meetings_site.site import MeetingsSite
from webex_connector.sandbox.sandbox import Sandbox

_LOCK = {"webExId": "jdoe", "security": {"lockAccount": "true"}}
_CONTROL = {"X-Sandbox-Token": "control"}


def _is_locked(site: MeetingsSite) -> bool:
    user = site.world.user("jdoe")
    assert user is not None
    return user.locked


@pytest.mark.parametrize(
    ("effect", "code", "applied"),
    [
        (faults.Throttle(retry_after=3), "000045", False),
        (Failure(code="777777"), "777777", False),
        (Failure(code="000003", applied=True), "000003", True),
        (faults.RefuseButApplied(description="late"), "000000", True),
    ],
)
async def test_faults_that_answer(
    ask: SiteAsker, site: MeetingsSite, effect: Effect, code: str, *, applied: bool
) -> None:
    """
    The answer is a FAILURE with status 200, before or after the change.
    """
    site.faults.add(Fault(effect, to="POST user.SetUser", subject="jdoe"))
    assert code == (await ask("user.SetUser", _LOCK)).code
    assert applied == _is_locked(site)
    assert code == site.trace.requests(template="user.SetUser")[0].code
    site.faults.verify()


@pytest.mark.parametrize(
    ("effect", "applied"),
    [(faults.Reset(), False), (faults.LoseAnswer(), True), (faults.HalfBody(), True)],
)
async def test_faults_that_break_the_connection(
    ask: SiteAsker, site: MeetingsSite, effect: Effect, *, applied: bool
) -> None:
    """
    No answer, or half of one.
    """
    site.faults.add(Fault(effect, to="POST user.SetUser"))
    with pytest.raises(httpx2.TransportError):
        await ask("user.SetUser", _LOCK)
    assert applied == _is_locked(site)


async def test_a_gateway_answers_in_place_of_the_site(
    ask: SiteAsker, site: MeetingsSite, http: httpx2.AsyncClient
) -> None:
    """
    A page that is no XML, with a status of its own.
    """
    site.faults.add(Fault(faults.Fail(503, retry_after=7), to="POST ep.GetAPIVersion"))
    heard = await http.post(PATH, content=request("ep.GetAPIVersion", {}, ask.context))
    assert (503, "7", b"<html>") == (heard.status_code, heard.headers["retry-after"], heard.content[:6])


async def test_another_body_in_place_of_xml(ask: SiteAsker, site: MeetingsSite, http: httpx2.AsyncClient) -> None:
    """
    The change is made, and what comes back cannot be read.
    """
    site.faults.add(Fault(faults.WrongJson("<serv:message><cut"), body="lockAccount"))
    heard = await http.post(PATH, content=request("user.SetUser", _LOCK, ask.context))
    assert "<serv:message><cut" == heard.text
    assert _is_locked(site)


async def test_a_ticket_can_end_early(ask: SiteAsker, site: MeetingsSite, clock: VirtualClock) -> None:
    """
    The ticket of a request is forgotten, with that request; another request is delayed.
    """
    ticket = (await ask("user.AuthenticateUser")).text("sessionTicket")
    site.faults.add(Fault(faults.ExpireToken(), to="POST user.GetUser"))
    site.faults.add(Fault(faults.Delay(3), to="POST user.LstsummaryUser", page=3))
    own = {"password": "", "sessionTicket": ticket}
    assert "030047" == (await ask("user.GetUser", {"webExId": "jdoe"}, **own)).code
    before = clock.monotonic()
    for start in (1, 11, 21):
        await ask("user.LstsummaryUser", {"listControl": {"startFrom": start, "maximumNum": 10}})
    assert 3 == pytest.approx(clock.monotonic() - before)


def test_the_organisation_has_no_failures_of_this_kind(sandbox: Sandbox) -> None:
    """
    A fault that could never strike is refused where it is scheduled.
    """
    with pytest.raises(ValueError, match="failure cannot be had here"):
        sandbox.faults.add(Fault(Failure()))


async def test_over_the_limit_a_caller_waits_a_minute(ask: SiteAsker, site: MeetingsSite, sandbox: Sandbox) -> None:
    """
    Who asks too often is refused for sixty seconds, even when the window is over; others are not.
    """
    site.limits.change(FixedWindow(3, 1))
    codes = [(await ask("user.GetUser", {"webExId": "jdoe"})).code for _ in range(5)]
    assert ["", "", "", "000045", "000045"] == codes
    sandbox.clock.advance(59)
    assert "000045" == (await ask("user.GetUser", {"webExId": "jdoe"})).code
    assert "" == (await ask("ep.GetAPIVersion")).code
    sandbox.clock.advance(1)
    assert "" == (await ask("user.GetUser", {"webExId": "jdoe"})).code


async def test_the_trace_tells_who_asked_what(ask: SiteAsker, site: MeetingsSite) -> None:
    """
    Operation, subject, caller and refusal stand in it; reads and writes are counted apart.
    """
    await ask("user.GetUser", {"webExId": "nobody"})
    await ask("user.SetUser", _LOCK)
    entries = site.trace.requests()
    assert [
        ("user.GetUser", "nobody", "site-admin", "030001", 200),
        ("user.SetUser", "jdoe", "site-admin", "", 200),
    ] == [(each.template, each.subject, each.actor, each.code, each.status) for each in entries]
    assert (1, 1) == (site.trace.reads, site.trace.writes)


async def test_sites_are_told_apart_by_name_or_number(ask: SiteAsker, site: MeetingsSite, sandbox: Sandbox) -> None:
    """
    Each has users, faults and a trace of its own; a second one of the same name cannot be opened.
    """
    other = sandbox.sites.open("second", users=3, quirks=SiteQuirks(control_hub_managed=True))
    known = other.credentials
    assert ("ada.admin@acme.example", 4_711_002) == (known.web_ex_id, known.site_id)
    by_number = {"siteName": "", "siteID": str(known.site_id), "webExID": known.web_ex_id}
    assert "3" == (await ask("user.LstsummaryUser", {}, **by_number)).text("total")
    assert "100" == (await ask("user.LstsummaryUser")).text("total")
    assert (1, 1) == (site.trace.count, other.trace.count)
    with pytest.raises(ValueError, match="already"):
        sandbox.sites.open("second")
    with pytest.raises(ValueError, match="at least 3"):
        sandbox.sites.open("third", users=2)


async def test_without_sites_there_is_nothing(sandbox: Sandbox, http: httpx2.AsyncClient) -> None:
    """
    The path is not found then; with a site, it is asked by POST alone.
    """
    assert 404 == (await http.post(PATH)).status_code
    sandbox.sites.open("acmeclassic", users=3)
    assert 405 == (await http.get(PATH)).status_code


async def test_the_same_seed_makes_the_same_site(sandbox: Sandbox) -> None:
    """
    Users are the same on every machine, and there are some of each kind.
    """
    first, second, third = (
        sandbox.sites.open(name, users=200, seed=seed) for name, seed in (("a", 1), ("b", 1), ("c", 2))
    )
    made = [[user.fields for user in site.world.users()] for site in (first, second, third)]
    assert made[0] == made[1] != made[2]
    assert len({user.email for user in first.world.users()}) == 200
    users = list(first.world.users())
    assert {"ACTIVATED", "DEACTIVATED", "REQUEST_TO_ACTIVATE"} == {user.field("active") for user in users}
    assert any(user.locked for user in users)
    assert any(user.must_change for user in users)
    assert any(user.may("attendeeOnly") for user in users)


async def test_other_processes_reach_the_same_things(
    ask: SiteAsker, site: MeetingsSite, http: httpx2.AsyncClient
) -> None:
    """
    Sites, users, faults, habits, limits and the trace, below the control API's own path and with its token.
    """
    http.headers.update(_CONTROL)
    root = "/__sandbox__/sites/acmeclassic"
    listed = (await http.get("/__sandbox__/sites")).json()["sites"]
    assert [("acmeclassic", site.credentials.password)] == [(each["site_name"], each["password"]) for each in listed]
    await http.post(f"{root}/faults", json={"effect": {"kind": "failure", "code": "000003"}, "to": "POST user.SetUser"})
    assert "000003" == (await ask("user.SetUser", _LOCK)).code
    assert 1 == (await http.get(f"{root}/faults")).json()["faults"][0]["fired"]
    assert "" == (await ask("user.SetUser", _LOCK)).code
    assert (await http.get(f"{root}/users", params={"webExId": "jdoe"})).json()["users"][0]["locked"]
    assert 100 == (await http.get(f"{root}/users")).json()["total"]
    asked = (await http.get(f"{root}/trace", params={"operation": "user.SetUser"})).json()["requests"]
    assert ["000003", ""] == [each["code"] for each in asked]
    await http.put(f"{root}/quirks", json={"singleSignOn": True})
    assert (await http.get(f"{root}/quirks")).json()["singleSignOn"]
    await http.put(f"{root}/limits", json={"limit": {"shape": "window", "requests": 1, "seconds": 60}})
    assert 1 == (await http.get(f"{root}/limits")).json()["limit"]["requests"]
    assert 204 == (await http.post(f"{root}/reset")).status_code
    assert (False, SiteQuirks(), None, 0) == (_is_locked(site), site.quirks, site.limits.shape, site.trace.count)
    made = await http.post("/__sandbox__/sites", json={"name": "third", "users": 5})
    assert (201, "third") == (made.status_code, made.json()["site_name"])
    assert {"mails": []} == (await http.get("/__sandbox__/sites/third/mails")).json()
    refused = [
        (await http.post("/__sandbox__/sites", json={"name": "third"})).status_code,
        (await http.get("/__sandbox__/sites/fourth/users")).status_code,
        (await http.post("/__sandbox__/faults", json={"effect": {"kind": "failure"}})).status_code,
    ]
    assert [400, 404, 400] == refused
    assert [204, 204] == [(await http.delete(f"{root}/{each}")).status_code for each in ("faults", "trace")]
