"""
The test of a site: what it is, whether we are let in as an administrator, and what it can and cannot do.
"""

from collections.abc import Awaitable
from typing import TypeVar

from webex_connector.connector.faults import said
from webex_connector.connector.meetings_site.password_rules import in_words
from webex_connector.connector.meetings_site.refusals import refusal
from webex_connector.icf.objects import Finding, TestReport, Verdict
from webex_connector.webex.call import Call
from webex_connector.webex.errors import Refused, Unauthorized, WebexError
from webex_connector.webex.meetings_xml.markup import Unreadable
from webex_connector.webex.meetings_xml.site import MeetingsSite
from webex_connector.webex.meetings_xml.site_info import SiteFacts
from webex_connector.webex.meetings_xml.users import UserPage, UserQuery, UserSummary

T = TypeVar("T")

# So many users show whether Control Hub manages the site.
_SOME = 10

_MANAGED = (
    "WebEx ID, password, e-mail address, names and telephone numbers of its users are changed in Control Hub; use a "
    "system of the kind control_hub for these"
)


class Diagnosis:
    """
    The test of one site. Nothing is changed.
    """

    def __init__(self, site: MeetingsSite) -> None:
        self._site = site
        self._findings: list[Finding] = []

    async def report(self, call: Call) -> TestReport:
        """
        Look at everything there is to look at. What fails is a finding; nothing is raised but what nobody expects.
        """
        site = self._site
        version = await self._tried("XML API", site.info.version(call), needed=False)
        if version is not None:
            told = " ".join(part for part in (version.version, version.release) if part) or "answers"
            self._found("XML API", told)
        if await self._logged_in(call):
            page = await self._users(call)
            types = await self._tried("session types", site.meeting_types.list(call), needed=False, gone=_GONE_TYPES)
            if types is not None:
                self._found("session types", f"{len(types)} session types")
            zones = await self._tried("time zones", site.time_zones.list(call), needed=False, gone=_GONE_ZONES)
            if zones is not None:
                self._found("time zones", f"{len(zones)} time zones")
            facts = await self._tried("site settings", site.info.facts(call), needed=False, gone=_GONE_FACTS)
            if facts is not None:
                self._settings(facts)
            if page is not None:
                self._management(page)
        return TestReport(tuple(self._findings))

    async def _logged_in(self, call: Call) -> bool:
        site = self._site
        me = await self._tried("log-in", site.users.get(site.webex_id, call))
        if me is None:
            return False
        way = "a session ticket" if site.tickets.makes_tickets else "the password or token with each request"
        self._found("log-in", f"as {me.webex_id}, by {way}")
        if me.flag("privilege/siteAdmin"):
            self._found("administrator", "of the site")
        elif me.flag("privilege/roSiteAdmin"):
            self._found("administrator", "who may only look", Verdict.WARNING, _ASK_FOR_ADMIN)
        else:
            self._found("administrator", f"{me.webex_id} is none", Verdict.NO, _ASK_FOR_ADMIN)
        return True

    async def _users(self, call: Call) -> UserPage | None:
        page = await self._tried("users", self._first_page(call))
        if page is not None:
            self._found("users", f"{page.total if page.total is not None else 'some'} users")
        return page

    async def _first_page(self, call: Call) -> UserPage:
        async for page in self._site.users.pages(UserQuery(), call, size=_SOME):
            return page
        return UserPage((), 1, 0, None)

    def _settings(self, facts: SiteFacts) -> None:
        rules = "" if facts.passwords is None else in_words(facts.passwords)
        named = f"{facts.name}, with {', '.join(sorted(facts.services)) or 'no service'}"
        self._found("site settings", f"{named}. {rules}" if rules else named)
        codes = [
            f"trackingCode{each.index} {each.name or ''}{' (required)' if each.required else ''}"
            for each in facts.tracking_codes
        ]
        if codes:
            self._found("tracking codes", ", ".join(codes))
        if facts.single_sign_on:
            remedy = "Passwords cannot be used, set or reset here; leave __PASSWORD__ out of mappings"
            self._found("passwords", "users log in through an identity provider", Verdict.WARNING, remedy)

    def _management(self, page: UserPage) -> None:
        if page.users and any(map(_is_managed, page.users)):
            self._found("management", "Control Hub manages this site", Verdict.WARNING, _MANAGED)
        elif page.users and all(each.email == each.webex_id for each in page.users):
            detail = "every WebEx ID seen is an e-mail address, as on sites that Control Hub manages"
            self._found("management", detail, Verdict.UNKNOWN, _MANAGED, needed=False)
        else:
            self._found("management", "the site's own administration")

    async def _tried(self, subject: str, read: Awaitable[T], *, needed: bool = True, gone: str = "") -> T | None:
        try:
            return await read
        except Unreadable as error:
            self._found(subject, f"the answer makes no sense: {error}", Verdict.NO, needed=needed)
        except WebexError as error:
            if gone and isinstance(error, Refused):
                self._found(subject, said(error), Verdict.WARNING, gone, error.tracking_id, needed=needed)
            else:
                remedy = _LOG_IN if isinstance(error, Unauthorized) else ""
                self._found(subject, refusal(error).message, Verdict.NO, remedy, error.tracking_id, needed=needed)
        return None

    def _found(
        self,
        subject: str,
        detail: str,
        verdict: Verdict = Verdict.YES,
        remedy: str = "",
        tracking_id: str | None = None,
        *,
        needed: bool = True,
    ) -> None:
        self._findings.append(Finding(subject, verdict, detail, tracking_id, remedy, needed))


_ASK_FOR_ADMIN = "Give webExId of a user whom the site's administration shows as Site Administrator"
_LOG_IN = (
    "Look at webExId, password, siteName, siteId and partnerId. The log-in is not tried again for ten minutes, so that "
    "the site does not lock the account"
)
_GONE_TYPES = "The site no longer lists session types; sessionTypes takes their numbers all the same"
_GONE_ZONES = "The site no longer lists time zones; those of the published schema are shown in their place"
_GONE_FACTS = "The site no longer tells its settings; rules for passwords show only when a password is refused"


def _is_managed(user: UserSummary) -> bool:
    return user.object_guid is not None
