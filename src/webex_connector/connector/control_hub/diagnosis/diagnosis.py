"""
The test of the connector: a few reads at the same time, and what they tell together.

Nothing is changed, and nothing is asked twice. One request goes before all others, since without an answer to it they
would only fail in the same way. Then each stands for itself.
"""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta

from webex_connector.base.clock import Clock
from webex_connector.connector.control_hub.diagnosis import entrance, lasting, remedies, rights, signs
from webex_connector.connector.control_hub.diagnosis.subjects import Subject
from webex_connector.connector.control_hub.diagnosis.tried import Tried, tried
from webex_connector.connector.control_hub.own_account import OwnAccount
from webex_connector.connector.control_hub.road import Roads
from webex_connector.connector.properties import Login, Method, Road
from webex_connector.icf.errors import ConnectorError
from webex_connector.icf.objects import Finding, TestReport, Verdict
from webex_connector.webex.call import Call
from webex_connector.webex.client import WebexClient
from webex_connector.webex.errors import NotFound
from webex_connector.webex.ids import uuid_of
from webex_connector.webex.paging import Page
from webex_connector.webex.resources.people import PeopleQuery
from webex_connector.webex.scim_wire import Search, SortBy
from webex_connector.webex.wire import Json

_RECENTLY = timedelta(hours=1)
_SOME_PEOPLE = PeopleQuery(max=signs.SAMPLE, exclude_status=True)
_ORDER = {subject.value: place for place, subject in enumerate(Subject)}


class Diagnosis:
    """
    The test of one organisation's connector.
    """

    def __init__(
        self,
        client: WebexClient,
        clock: Clock,
        roads: Roads,
        own: OwnAccount,
        wanted: Road,
        more_classes: Sequence[str],
        login: Login,
    ) -> None:
        self._client, self._clock, self._roads, self._own, self._wanted = client, clock, roads, own, wanted
        self._more_classes, self._login = more_classes, login

    async def report(self, call: Call) -> TestReport:
        """
        Look at everything there is to look at. What fails is a finding; nothing is raised but what nobody expects.
        """
        first = await tried(self._client.organizations.list(call))
        findings = entrance.entered(first, self._login)
        if entrance.is_open(first):
            findings += await self._inside(first, call)
        if entrance.is_open(first) or self._client.lead is not None:
            findings.append(lasting.clock(self._client.lead))
        return TestReport(tuple(sorted(findings, key=lambda each: _ORDER[each.subject])))

    async def _inside(self, first: Tried[list[Json]], call: Call) -> list[Finding]:
        client = self._client
        async with asyncio.TaskGroup() as reads:
            seeing_people = reads.create_task(tried(_one(client.people.list(_SOME_PEOPLE, call))))
            seeing_me = reads.create_task(tried(self._own.person(call)))
            seeing_groups = reads.create_task(tried(_one(client.groups.list(call, count=1))))
            seeing_roles = reads.create_task(tried(client.roles.list(call)))
            seeing_licenses = reads.create_task(tried(client.licenses.list(call)))
            seeing_more = reads.create_task(self._more(call))
            token = reads.create_task(self._token(call))
        people, me, licenses = seeing_people.result(), seeing_me.result(), seeing_licenses.result()
        groups, roles = seeing_groups.result(), seeing_roles.result()
        async with asyncio.TaskGroup() as reads:
            within = reads.create_task(self._by_organization(_organization(first, people), me, call))
            road = reads.create_task(self._road(call))
        granted = client.token.scopes
        names = {rights.role_key(str(each.get("id"))): str(each.get("name")) for each in roles.value or ()}
        return [
            token.result(),
            rights.owner(me, names),
            people.finding(Subject.PEOPLE, lambda _page: "readable"),
            rights.changing(Subject.CHANGING_PEOPLE, granted, me),
            groups.finding(Subject.GROUPS, lambda page: f"{page.total} groups"),
            rights.changing(Subject.CHANGING_GROUPS, granted, me),
            roles.finding(Subject.ROLES, lambda found: f"{len(found)} roles"),
            licenses.finding(Subject.LICENCES, lambda found: f"{len(found)} licences"),
            _seats(licenses),
            *within.result(),
            *seeing_more.result(),
            *([rights.changing_teams(granted, me)] if "TEAMS" in self._more_classes else []),
            road.result(),
            _templates(people, licenses),
        ]

    async def _token(self, call: Call) -> Finding:
        client = self._client
        told = None
        if self._login is not Method.BASIC and (client.token.ends is None or not client.token.renews):
            told = (await tried(client.authorizations.expiry(call))).value
        return lasting.token(client.token, self._login, told, self._clock.now())

    async def _more(self, call: Call) -> list[Finding]:
        """
        Look at the object classes that are there when `objectClasses` names them.
        """
        found = []
        if "TEAMS" in self._more_classes:
            teams = await tried(_one(self._client.teams.list(call, max=1)))
            found.append(teams.finding(Subject.TEAMS, lambda _page: "readable, those of the token's owner"))
        if "LOCATIONS" in self._more_classes:
            locations = await tried(_one(self._client.locations.list(call, max=1)))
            found.append(locations.finding(Subject.LOCATIONS, lambda _page: "readable"))
        return found

    async def _users(self, organization: str, call: Call) -> Tried[Page]:
        search = Search(count=signs.SAMPLE, sort_by=SortBy.LAST_MODIFIED, descending=True)
        return await tried(_one(self._client.scim(organization).users.search(search, call)))

    async def _events(self, organization: str, call: Call) -> Finding:
        now = self._clock.now()
        events = await tried(_one(self._client.audit_events.list(organization, now - _RECENTLY, now, call)))
        return events.finding(Subject.AUDIT_EVENTS, lambda _page: "readable", needed=False)

    async def _by_organization(self, organization: str | None, me: Tried[Json], call: Call) -> list[Finding]:
        """
        Look at what has the organisation in its path.
        """
        if organization is None:
            subjects = (Subject.SCIM, Subject.CHANGING_BY_SCIM, Subject.AUDIT_EVENTS, Subject.DIRECTORY)
            return [_unseen(each, Subject.ORGANISATION) for each in subjects]
        users, events = await asyncio.gather(self._users(organization, call), self._events(organization, call))
        needed = self._wanted is Road.SCIM
        readable = users.finding(Subject.SCIM, lambda page: f"{page.total} users", needed=needed)
        if isinstance(users.error, NotFound):
            readable = replace(readable, remedy=remedies.SCIM_ADDRESS)
        if users.value is None:
            changing = replace(readable, subject=Subject.CHANGING_BY_SCIM.value)
            return [readable, changing, events, _unseen(Subject.DIRECTORY, Subject.SCIM)]
        changing = rights.changing(Subject.CHANGING_BY_SCIM, self._client.token.scopes, me, needed=needed)
        return [readable, changing, events, signs.directory(users.value.items)]

    async def _road(self, call: Call) -> Finding:
        subject = Subject.ROAD.value
        try:
            taken = await self._roads.taken(call)
        except ConnectorError as error:
            return Finding(subject, Verdict.NO, error.message, error.tracking_id, remedies.ROAD)
        return Finding(subject, detail=f"{taken.road.value}: {taken.why}")


async def _one(pages: AsyncIterator[Page]) -> Page:
    """
    Return the first page; lists of Webex have one, be it empty.
    """
    return await anext(pages)


def _organization(first: Tried[list[Json]], people: Tried[Page]) -> str | None:
    """
    Return the organisation's UUID, from itself or from somebody in it; None when neither tells.
    """
    ids = [str(each.get("id")) for each in first.value or ()]
    ids += [str(each.get("orgId")) for each in (people.value.items if people.value else ())][:1]
    for id_ in ids:
        with suppress(ValueError):
            return uuid_of(id_)
    return None


def _unseen(subject: Subject, because: Subject) -> Finding:
    detail, remedy = f"{because.value} cannot be seen", f"See what is said of: {because.value}."
    return Finding(subject.value, Verdict.UNKNOWN, detail, remedy=remedy, needed=False)


def _seats(licenses: Tried[list[Json]]) -> Finding:
    return signs.seats(licenses.value) if licenses.value is not None else _unseen(Subject.SEATS, Subject.LICENCES)


def _templates(people: Tried[Page], licenses: Tried[list[Json]]) -> Finding:
    if people.value is None:
        return _unseen(Subject.TEMPLATES, Subject.PEOPLE)
    if licenses.value is None:
        return _unseen(Subject.TEMPLATES, Subject.LICENCES)
    return signs.templates(people.value.items, licenses.value)
