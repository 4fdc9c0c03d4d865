"""
A token that lacks a scope: every operation of every object class says which one it takes, and nothing changes.
"""

import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

import pytest

from fakes.hub import OPTIONS, Hub, asked, found, running_hub
from fakes.hub_people import person_at
from fakes.hub_subjects import group_id, license_id, person_id
from fakes.rest_door import rest_door
from fakes.virtual_time import VirtualClock
from webex_connector.icf import names
from webex_connector.icf.attributes import AttributeDelta, Attributes, added, replaced
from webex_connector.icf.errors import AccessRefused, InvalidAttributeValue, PermissionDenied
from webex_connector.icf.filters import EVERYTHING, equals
from webex_connector.icf.objects import WriteResult
from webex_connector.icf.operations import Change, ChangeOutcome, ChangeRequest
from webex_connector.sandbox.catalogue import CALL_ON_WEBEX
from webex_connector.sandbox.grants import ADMIN_SCOPES, AccessToken, Credentials
from webex_connector.sandbox.scenarios import ADMIN, SAMPLE
from webex_connector.webex.ids import encode

REFUSAL = (
    "The access token may not do this in Webex: {request}: 403 The server understood the request, but refused to "
    "fulfill it because the access token is missing required scopes or the user is missing required roles or licenses. "
    "It takes the {scopes}"
)
FORBIDDEN = 403
READ, WRITE = "spark-admin:people_read", "spark-admin:people_write"
GROUPS_READ, GROUPS = "identity:groups_read", "identity:groups_rw"
SCIM = "identity:people_rw"
TEAMS_READ, TEAMS = "spark:teams_read", "spark:teams_write"
IN_TEAMS_READ, IN_TEAMS = "spark:team_memberships_read", "spark:team_memberships_write"
PEOPLE_WRITTEN = f"scopes {WRITE} and {READ}"
GROUPS_SEEN = f"scope {GROUPS_READ} or {GROUPS}"
NEW: Attributes = {"emails": ("new@acme.example",), "displayName": ("New",)}
KNOWN = "Managers"

Work = Callable[[Hub], Awaitable[object]]


@dataclass(frozen=True)
class Case:
    """
    An operation, and by each scope it takes: the request that is refused without it, and what the refusal names.
    """

    work: Work
    lacks: Mapping[str, tuple[str, str]]
    road: str = "people"
    beside: frozenset[str] = frozenset()
    """Scopes that the token has in any case."""


async def _first(outcomes: Awaitable[list[ChangeOutcome]]) -> object:
    outcome = (await outcomes)[0]
    if outcome.error is not None:
        raise outcome.error
    return outcome.result


def _john(hub: Hub) -> str:
    return person_id(hub, SAMPLE)


def _list(object_class: str, *wanted: str) -> Work:
    return lambda hub: found(hub, object_class, EVERYTHING, *wanted)


def _change(*deltas: AttributeDelta) -> Work:
    return lambda hub: hub.facade.update(names.ACCOUNT, _john(hub), deltas, OPTIONS)


def _many(change: Callable[[Hub], ChangeRequest]) -> Work:
    return lambda hub: _first(hub.facade.apply_many(names.ACCOUNT, [change(hub)], OPTIONS))


TITLE = replaced("title", "Tester")
ONE_PERSON = "GET /people/ID"
ACCOUNTS = {
    "list accounts": Case(_list(names.ACCOUNT), {READ: ("GET /people", f"scope {READ}")}),
    "list accounts with groups": Case(
        _list(names.ACCOUNT, "groups"),
        {READ: ("GET /people", f"scope {READ}"), GROUPS_READ: ("GET /groups", GROUPS_SEEN)},
    ),
    "find an account": Case(
        lambda hub: found(hub, names.ACCOUNT, equals("emails", SAMPLE)), {READ: ("GET /people", f"scope {READ}")}
    ),
    "read an account": Case(
        lambda hub: hub.facade.get(names.ACCOUNT, _john(hub), OPTIONS), {READ: (ONE_PERSON, f"scope {READ}")}
    ),
    "create an account": Case(
        lambda hub: hub.facade.create(names.ACCOUNT, NEW, OPTIONS),
        {READ: ("POST /people", PEOPLE_WRITTEN), WRITE: ("POST /people", PEOPLE_WRITTEN)},
    ),
    "update an account": Case(
        _change(TITLE), {READ: (ONE_PERSON, f"scope {READ}"), WRITE: ("PUT /people/ID", PEOPLE_WRITTEN)}
    ),
    "license an account": Case(
        lambda hub: _change(added("licenses", license_id(hub, CALL_ON_WEBEX)))(hub),
        {READ: (ONE_PERSON, f"scope {READ}"), WRITE: ("PATCH /licenses/users", f"scope {WRITE}")},
    ),
    "group an account": Case(
        lambda hub: _change(added("groups", group_id(hub, KNOWN)))(hub),
        {READ: (ONE_PERSON, f"scope {READ}"), GROUPS: ("PATCH /groups/ID", f"scope {GROUPS}")},
    ),
    "regroup an account": Case(
        lambda hub: _change(replaced("groups", group_id(hub, KNOWN)))(hub),
        {READ: (ONE_PERSON, f"scope {READ}"), GROUPS: ("GET /groups", GROUPS_SEEN)},
    ),
    "delete an account": Case(
        lambda hub: hub.facade.delete(names.ACCOUNT, _john(hub), OPTIONS),
        {READ: (ONE_PERSON, f"scope {READ}"), WRITE: ("DELETE /people/ID", PEOPLE_WRITTEN)},
    ),
    "create accounts": Case(
        _many(lambda _: ChangeRequest(Change.CREATE, attributes=NEW)),
        {READ: ("POST /people", PEOPLE_WRITTEN), WRITE: ("POST /people", PEOPLE_WRITTEN)},
    ),
    "update accounts": Case(
        _many(lambda hub: ChangeRequest(Change.UPDATE, _john(hub), deltas=(TITLE,))),
        {READ: (ONE_PERSON, f"scope {READ}"), WRITE: ("PUT /people/ID", PEOPLE_WRITTEN)},
    ),
    "update accounts by SCIM": Case(
        _many(lambda hub: ChangeRequest(Change.UPDATE, _john(hub), deltas=(TITLE,))),
        {SCIM: ("PATCH /ORG/v2/Users/UUID", f"scope {SCIM}")},
        road="scim",
    ),
    "update an account by SCIM": Case(
        _change(TITLE),
        {SCIM: ("PATCH /ORG/v2/Users/UUID", f"scope {SCIM}")},
        road="scim",
    ),
    "update what only SCIM has": Case(
        _change(replaced("costCenter", "7")),
        {SCIM: ("PATCH /ORG/v2/Users/UUID", f"scope {SCIM}")},
        road="auto",
    ),
}


def _group(*deltas: AttributeDelta) -> Work:
    return lambda hub: hub.facade.update(names.GROUP, group_id(hub, KNOWN), deltas, OPTIONS)


GROUP_READ = {GROUPS_READ: ("GET /groups/ID", GROUPS_SEEN)}


def _changed_group(request: str, work: Work) -> Case:
    return Case(work, {GROUPS: (request, f"scope {GROUPS}")}, beside=frozenset({GROUPS_READ}))


OTHERS = {
    "list groups": Case(_list(names.GROUP), {GROUPS_READ: ("GET /groups", GROUPS_SEEN)}),
    "list groups with members": Case(_list(names.GROUP, "members"), {GROUPS_READ: ("GET /groups", GROUPS_SEEN)}),
    "read a group": Case(lambda hub: hub.facade.get(names.GROUP, group_id(hub, KNOWN), OPTIONS), GROUP_READ),
    "create a group": _changed_group(
        "POST /groups", lambda hub: hub.facade.create(names.GROUP, {"displayName": ("New",)}, OPTIONS)
    ),
    "describe a group": _changed_group("PATCH /groups/ID", _group(replaced("description", "Known"))),
    "change members": _changed_group("PATCH /groups/ID", lambda hub: _group(added("members", {"id": _john(hub)}))(hub)),
    "delete a group": _changed_group(
        "DELETE /groups/ID", lambda hub: hub.facade.delete(names.GROUP, group_id(hub, KNOWN), OPTIONS)
    ),
    "list roles": Case(_list("ROLES"), {"spark-admin:roles_read": ("GET /roles", "scope spark-admin:roles_read")}),
    "list licences": Case(
        _list("LICENSES"), {"spark-admin:licenses_read": ("GET /licenses", "scope spark-admin:licenses_read")}
    ),
    "list locations": Case(
        _list("LOCATIONS"), {"spark-admin:locations_read": ("GET /locations", "scope spark-admin:locations_read")}
    ),
}


async def _new_team(hub: Hub) -> WriteResult:
    return await hub.facade.create("TEAMS", {"name": ("New",)}, OPTIONS)


def _with_team(work: Callable[[Hub, str], Awaitable[object]]) -> Work:
    async def done(hub: Hub) -> object:
        (team,) = hub.sandbox.world.teams
        return await work(hub, encode("TEAM", team))

    return done


def _teaming(hub: Hub, uid: str, *deltas: AttributeDelta) -> Awaitable[WriteResult]:
    return hub.facade.update("TEAMS", uid, deltas, OPTIONS)


TEAM_READ = {TEAMS_READ: ("GET /teams/ID", f"scope {TEAMS_READ}")}
TEAM_CASES = {
    "list teams": Case(_list("TEAMS"), {TEAMS_READ: ("GET /teams", f"scope {TEAMS_READ}")}),
    "list teams with members": Case(
        _list("TEAMS", "members"),
        {
            TEAMS_READ: ("GET /teams", f"scope {TEAMS_READ}"),
            IN_TEAMS_READ: ("GET /team/memberships", f"scope {IN_TEAMS_READ}"),
        },
    ),
    "create a team": Case(
        _new_team,
        {TEAMS_READ: ("GET /teams", f"scope {TEAMS_READ}"), TEAMS: ("POST /teams", f"scope {TEAMS}")},
    ),
    "rename a team": Case(
        _with_team(lambda hub, uid: _teaming(hub, uid, replaced("name", "Other"))),
        {**TEAM_READ, TEAMS: ("PUT /teams/ID", f"scope {TEAMS}")},
    ),
    "put somebody into a team": Case(
        _with_team(lambda hub, uid: _teaming(hub, uid, added("members", {"id": _john(hub)}))),
        {
            **TEAM_READ,
            IN_TEAMS_READ: ("GET /team/memberships", f"scope {IN_TEAMS_READ}"),
            IN_TEAMS: ("POST /team/memberships", f"scope {IN_TEAMS}"),
        },
    ),
    "delete a team": Case(
        _with_team(lambda hub, uid: hub.facade.delete("TEAMS", uid, OPTIONS)),
        {
            **TEAM_READ,
            IN_TEAMS_READ: ("GET /team/memberships", f"scope {IN_TEAMS_READ}"),
            TEAMS: ("DELETE /teams/ID", f"scope {TEAMS}"),
        },
    ),
}

CASES = {**ACCOUNTS, **OTHERS, **TEAM_CASES}
MISSING = [(name, scope) for name, case in CASES.items() for scope in case.lacks]
ALWAYS: Mapping[str, frozenset[str]] = {
    "people": frozenset(),
    # To read SCIM, by which the road is found out, and to find out whose organisation it is.
    "scim": frozenset({READ, WRITE, "identity:people_read"}),
    "auto": frozenset({READ, WRITE, "identity:people_read"}),
}
SETTINGS: Mapping[str, Any] = {
    "authenticationMethod": "TOKEN",
    "authToken": "few-scopes",
    "objectClasses": ["TEAMS", "LOCATIONS"],
}


def _granted(hub: Hub, case: Case, scopes: frozenset[str]) -> None:
    """
    Put a token with these scopes alone into circulation, of the administrator who is in the one team.
    """
    world = hub.sandbox.world
    ada = world.person_at(ADMIN)
    assert ada is not None
    world.grants.grant(AccessToken("few-scopes", ada.uuid, ada.uuid, scopes | case.beside | ALWAYS[case.road]))


def _world(hub: Hub) -> tuple[object, ...]:
    world = hub.sandbox.world
    people = sorted(map(repr, world.people()))
    return world.writes, people, sorted(map(repr, world.groups.values())), repr(world.teams), dict(world.consumed)


async def _team_made(hub: Hub) -> None:
    """
    Let the administrator make a team, with all scopes.
    """
    _granted(hub, CASES["create a team"], ADMIN_SCOPES)
    await hub.facade.create("TEAMS", {"name": ("Known",)}, OPTIONS)
    hub.sandbox.trace.clear()


@pytest.mark.parametrize("name", CASES)
async def test_the_scopes_named_are_enough(name: str, clock: VirtualClock) -> None:
    """
    With each of the scopes that a refusal names, and with no other, the operation is done.
    """
    case = CASES[name]
    async with running_hub(clock, people=6, road=case.road, **SETTINGS) as hub:
        if name in TEAM_CASES:
            await _team_made(hub)
        _granted(hub, case, frozenset(case.lacks))
        assert await case.work(hub)


@pytest.mark.parametrize(("name", "scope"), MISSING)
async def test_a_missing_scope_is_named_and_nothing_changes(name: str, scope: str, clock: VirtualClock) -> None:
    """
    The operation is refused with the scope it takes: never an empty list, never half a change, and no write gets
    through.
    """
    case = CASES[name]
    request, scopes = case.lacks[scope]
    async with running_hub(clock, people=6, road=case.road, **SETTINGS) as hub:
        if name in TEAM_CASES:
            await _team_made(hub)
        _granted(hub, case, frozenset(case.lacks) - {scope})
        before = _world(hub)

        with pytest.raises(PermissionDenied) as raised:
            await case.work(hub)

        assert REFUSAL.format(request=request, scopes=scopes) == _nameless(hub, raised.value.message)
        assert before == _world(hub)
        assert not [each for each in hub.sandbox.trace.requests() if each.method != "GET" and each.status != FORBIDDEN]
        # After the refusal it is looked at most whether somebody is gone, which Webex may refuse in the same way.
        refused = [each.n for each in hub.sandbox.trace.requests() if each.status == FORBIDDEN]
        after = [each for each in hub.sandbox.trace.requests() if each.n > refused[-1]]
        assert [("GET", "/people")][: len(after)] == [(each.method, each.template) for each in after]


def _nameless(hub: Hub, text: str) -> str:
    text = text.replace(hub.sandbox.world.organization.uuid, "ORG")
    return re.sub(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "UUID", re.sub(r"\bY2lz\w+", "ID", text))


async def test_an_ordinary_user_may_not_list_people(clock: VirtualClock) -> None:
    """
    Whoever has the scope of users alone may look for people one by one; the list is refused, not empty.
    """
    async with running_hub(clock, people=6, **SETTINGS) as hub:
        _granted(hub, CASES["list accounts"], frozenset({"spark:people_read"}))

        with pytest.raises(InvalidAttributeValue) as raised:
            await found(hub, names.ACCOUNT, EVERYTHING)

        assert (
            "Webex refused the request: GET /people: 400 Email, displayName, or id list should be specified. "
            f"It takes the scope {READ}"
        ) == raised.value.message


async def test_licences_that_are_not_shown_are_not_taken_for_none(clock: VirtualClock) -> None:
    """
    A token that may write licences and not see them cannot replace them: what had to go would stay without a word.

    Giving one more needs no sight of the others.
    """
    async with running_hub(clock, people=6, **SETTINGS) as hub:
        _granted(hub, CASES["list accounts"], frozenset({"spark:people_read", WRITE}))
        licence, before = license_id(hub, CALL_ON_WEBEX), _world(hub)

        with pytest.raises(PermissionDenied) as raised:
            await hub.facade.update(names.ACCOUNT, _john(hub), [replaced("licenses", licence)], OPTIONS)

        assert f"Webex does not show the licences of {_john(hub)}. It takes the scope {READ}" == raised.value.message
        assert before == _world(hub)
        await hub.facade.update(names.ACCOUNT, _john(hub), [added("licenses", licence)], OPTIONS)
        assert CALL_ON_WEBEX in person_at(hub).licenses


async def test_where_scim_may_only_be_read_changes_take_the_people_road(clock: VirtualClock) -> None:
    """
    Left to find the road, the connector does not insist on the one that is closed: the change is made.
    """
    async with running_hub(clock, people=6, road="auto", **SETTINGS) as hub:
        _granted(hub, CASES["update what only SCIM has"], frozenset())

        result = await hub.facade.update(names.ACCOUNT, _john(hub), [TITLE], OPTIONS)

        assert ((), "Tester") == (result.not_applied, person_at(hub).title)
        assert ["PATCH /Users/{id}", "GET /people/{id}", "PUT /people/{id}"] == asked(hub)[-3:]


async def test_where_scim_is_demanded_and_closed_nothing_is_written(clock: VirtualClock) -> None:
    """
    Without any scope of SCIM the demanded road is refused with the scope it takes.
    """
    async with running_hub(clock, people=6, road="scim", **SETTINGS) as hub:
        world = hub.sandbox.world
        ada = world.person_at(ADMIN)
        assert ada is not None
        world.grants.grant(AccessToken("few-scopes", ada.uuid, ada.uuid, frozenset({READ, WRITE})))
        before = _world(hub)

        with pytest.raises(AccessRefused) as raised:
            await hub.facade.update(names.ACCOUNT, _john(hub), [TITLE], OPTIONS)

        refusal = REFUSAL.format(request="GET /ORG/v2/Users", scopes="scope identity:people_read or identity:people_rw")
        assert f"The token may not use SCIM; it needs the scope identity:people_rw. {refusal}" == _nameless(
            hub, raised.value.message
        )
        assert before == _world(hub)


@pytest.mark.parametrize(("target", "scope"), [("/ROLES", "spark-admin:roles_read"), ("/__GROUP__", GROUPS_READ)])
async def test_platforms_hear_of_a_missing_scope(target: str, scope: str, clock: VirtualClock) -> None:
    """
    Over REST the refusal is a 403 with the same sentence, and no list.
    """
    lacking = Credentials(scopes=ADMIN_SCOPES - {scope, GROUPS if scope == GROUPS_READ else scope})
    async with rest_door(clock, people=6, credentials=lacking) as door:
        status, answer = await door.ask("GET", f"{target}?_queryFilter=true")

        case = CASES["list roles" if target == "/ROLES" else "list groups"]
        request, scopes = case.lacks[scope]
        assert (403, REFUSAL.format(request=request, scopes=scopes)) == (status, answer["message"])
        assert "result" not in answer
