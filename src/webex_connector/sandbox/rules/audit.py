"""
What becomes an audit event, and which events a search finds.

https://developer.webex.com/docs/admin-audit-events; the texts of the events are this sandbox's own.
"""

import base64
import binascii
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import msgspec

from webex_connector.sandbox import ids
from webex_connector.sandbox.audit_log import Category, Event, Target
from webex_connector.sandbox.changes import (
    Caller,
    Change,
    GroupChanged,
    Happened,
    LocationChanged,
    OrganizationChanged,
    PersonChanged,
    TeamChanged,
)
from webex_connector.sandbox.grants import AccessToken
from webex_connector.sandbox.problems import Problem, bad_request
from webex_connector.sandbox.records import Person
from webex_connector.sandbox.world import World

LONGEST_SPAN = timedelta(days=366)
"""
A search covers a year at most, and this is the longest year.
"""

_BY_LICENSE = frozenset({"licenses", "attendee_sites", "extension", "location_uuid", "phones"})
_UNNOTICED = frozenset({"last_modified"})
_REFUSED = {
    "people": (Category.USERS, Target.PERSON),
    "Users": (Category.USERS, Target.PERSON),
    "groups": (Category.GROUPS, Target.GROUP),
    "Groups": (Category.GROUPS, Target.GROUP),
    "licenses": (Category.LICENSE, Target.PERSON),
    "locations": (Category.LOCATIONS, Target.LOCATION),
    "teams": (Category.TEAMS, Target.TEAM),
    "team": (Category.TEAMS, Target.TEAM),
    "organizations": (Category.ORG_SETTINGS, Target.ORG),
}
_ATTEMPTS = {"POST": "failed to create", "DELETE": "failed to delete"}


@dataclass(frozen=True, slots=True)
class Search:
    """
    Which events are wanted; times in milliseconds since 1970.
    """

    since: int
    until: int
    categories: frozenset[str] = frozenset()
    """In upper case; none for all."""
    actor: str = ""
    """Whose events; empty for everybody's."""


def caller(world: World, token: AccessToken | None, agent: str, tracking_id: str) -> Caller:
    """
    Return on whose behalf a request acts.
    """
    if token is None:
        return Caller("", agent=agent, tracking_id=tracking_id)
    person = world.person(token.person or "")
    if person is None:
        return Caller(token.actor, token.actor, agent=agent, tracking_id=tracking_id)
    return Caller(person.uuid, person.display_name, person.email, person.roles, agent, tracking_id)


def record(world: World, change: Change) -> None:
    """
    Note a change that was made.
    """
    match change:
        case PersonChanged():
            _record_person(world, change)
        case GroupChanged(group=group, happened=happened):
            _note(world, Category.GROUPS, happened.value, (Target.GROUP, group.uuid, group.display_name))
        case TeamChanged(team=team, happened=happened):
            _note(world, Category.TEAMS, happened.value, (Target.TEAM, team.uuid, team.name))
        case LocationChanged(location=place, happened=happened):
            _note(world, Category.LOCATIONS, happened.value, (Target.LOCATION, place.uuid, place.name))
        case OrganizationChanged(what=what):
            _note(world, Category.ORG_SETTINGS, f"changed the {what} of", _organization(world))


def refused(world: World, by: Caller, method: str, at: tuple[str, str], problem: Problem) -> None:
    """
    Note a write of something that is audited and was refused, unless the quirks leave refusals out.

    `at` is the path's template and the identifier in it.
    """
    template, sought = at
    kind = next((word for word in template.split("/") if word in _REFUSED), None)
    if kind is None or not world.quirks.audit_refusals:
        return
    category, target = _REFUSED[kind]
    did = _ATTEMPTS.get(method, "failed to update")
    reason = "; ".join(detail.description for detail in problem.details) or problem.message
    uuid = next((value for each in ids.Kind if (value := ids.known_value_of(each, sought))), "") if sought else ""
    of = (target, uuid.partition(":")[0], "")
    world.audit.add(world.now(), by, category, did, of, error=(reason, f"{kind}-{problem.status}"))


def wanted(world: World, organization: str, span: tuple[str, str], categories: str, actor: str) -> Search:
    """
    Understand a search. Raises a 400 when organisation or times are missing or no times, or span more than a year;
    a 403 for another organisation.
    """
    if not organization or not all(span):
        raise bad_request("orgId, from and to are required.")
    if ids.value_of(ids.Kind.ORGANIZATION, organization) != world.organization.uuid:
        raise Problem(403)
    since, until = _moment(span[0]), _moment(span[1])
    if since > until:
        raise bad_request("from must not be after to.")
    if until - since > LONGEST_SPAN:
        raise bad_request("The time between from and to must not exceed one year.")
    names = frozenset(name.strip().upper() for name in categories.split(",") if name.strip())
    return Search(_milliseconds(since), _milliseconds(until), names, _plain(actor))


def found(world: World, search: Search) -> Iterator[Event]:
    """
    Walk over the events that a search finds, in the order the quirks say.
    """
    events = list(world.audit)
    for event in reversed(events) if world.quirks.audit_newest_first else events:
        if (
            search.since <= event.created <= search.until
            and (not search.categories or event.category.value in search.categories)
            and search.actor in {"", event.caller.actor}
        ):
            yield event


def _record_person(world: World, change: PersonChanged) -> None:
    match change:
        case PersonChanged(before=None, after=Person() as after):
            _note(world, Category.USERS, Happened.CREATED.value, _person(after))
        case PersonChanged(before=Person() as before, after=None):
            _note(world, Category.USERS, Happened.DELETED.value, _person(before))
        case PersonChanged(before=Person() as before, after=Person() as after):
            changed = {
                name for name in Person.__struct_fields__ if getattr(before, name) != getattr(after, name)
            } - _UNNOTICED
            if not changed:
                return
            licensing = "licenses" in changed or "attendee_sites" in changed
            if licensing:
                _note(world, Category.LICENSE, "changed the licenses of", _person(after))
            if changed - _BY_LICENSE or not licensing:
                _note(world, Category.USERS, Happened.CHANGED.value, _person(after))


def _note(world: World, category: Category, did: str, of: tuple[Target, str, str]) -> None:
    world.audit.add(world.now(), world.caller, category, did, of)


def _person(person: Person) -> tuple[Target, str, str]:
    return Target.PERSON, person.uuid, person.email


def _organization(world: World) -> tuple[Target, str, str]:
    return Target.ORG, world.organization.uuid, world.organization.name


def _moment(text: str) -> datetime:
    try:
        moment = msgspec.convert(text, datetime)
    except msgspec.ValidationError:
        raise bad_request(f"Invalid time: {text}") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _milliseconds(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)


def _plain(identifier: str) -> str:
    """
    Return the UUID or name inside an identifier of any of the shapes that events carry.
    """
    if value := ids.known_value_of(ids.Kind.PERSON, identifier):
        return value
    try:
        return base64.b64decode(identifier + "=" * (-len(identifier) % 4), validate=True).decode()
    except (binascii.Error, UnicodeError):
        return identifier
