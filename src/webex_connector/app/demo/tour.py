"""
The requests of the connector's reference page, in its order, with real identifiers in the place of its examples
(https://docs.pingidentity.com/openicf/connector-reference/webex.html).
"""

import sys
from pathlib import Path
from typing import Any

from webex_connector.app.demo.page import ADDRESS, CORRECTED, LICENSES, Real, group, real, user
from webex_connector.app.demo.stage import SYSTEM, Stage
from webex_connector.app.demo.synchronizing import SETTINGS
from webex_connector.app.demo.telling import say
from webex_connector.app.demo.visitor import Visitor
from webex_connector.sandbox.records import Group, Person
from webex_connector.sandbox.scenarios import SAMPLE
from webex_connector.sandbox.world import World

_GROUPS = 2
_COMMAND = "webex-connector"
_ROOT = f"/openidm/system/{SYSTEM}"


async def walk(stage: Stage) -> bool:
    """
    Send every request of the page and tell about it. Returns whether all answers, and the organisation after them,
    were as expected.
    """
    visitor = Visitor(stage, say)
    world = stage.sandbox.world
    say(
        f"A simulated Webex organisation of {world.people_count:,} people is up at {stage.organisation}/v1,\n"
        f"and the REST door in front of it at {visitor.address} as system {SYSTEM!r}.\n"
        "These are the requests of the connector's reference page, in its order. Long answers are cut.",
    )
    await _test(visitor)
    found = await real(visitor, _ROOT)
    await _user(visitor, world, found)
    await _group(visitor, world, found)
    await _roles_and_licenses(visitor, world)
    say("")
    for each in visitor.wrong:
        say(f"Not as expected: {each}")
    if not visitor.wrong:
        say(f"All {visitor.asked} requests were answered as the page says.")
    return not visitor.wrong


def invite(stage: Stage, folder: Path) -> None:
    """
    Tell what to try next. `folder` has the files of the sync engine.
    """
    address = f"http://localhost:{stage.port}{_ROOT}"
    login = "--user openidm-admin:openidm-admin"
    # Started by make, which names it so, the command is not on the path of who reads this.
    command = sys.argv[0] if sys.argv[0] == f".venv/bin/{_COMMAND}" else _COMMAND
    say(
        f"\nThe door stays up; any line above can be pasted. Some more to try:\n"
        f"  curl {login} '{address}/__ACCOUNT__?_queryFilter=department+eq+\"Sales\"&_pageSize=3&_prettyPrint=true'\n"
        f"  curl {login} '{address}/__ACCOUNT__?_queryFilter=!(licenses+pr)&_fields=emails&_prettyPrint=true'\n"
        f"  curl {login} '{address}/__GROUP__?_queryFilter=true&_fields=displayName&_prettyPrint=true'\n"
        f"  {command} sync plan people --config {folder / SETTINGS}    (after you have changed {folder / 'hr.csv'})\n"
        f"  {command} sandbox --write-config webex-connector.toml    (an organisation to keep, and its settings)\n"
        f"  {command} --help\n"
        "Ctrl-C stops.",
    )


async def _test(visitor: Visitor) -> None:
    status = await visitor.ask(
        "Test the Webex connector",
        "POST",
        f"/system/{SYSTEM}?_action=test",
        headers={"Accept-API-Version": "resource=1.0"},
    )
    visitor.see("The connector reaches the organisation and can use it.", holds=status.get("ok") is True)


async def _user(visitor: Visitor, world: World, known: Real) -> None:
    people, collection = world.people_count, f"{_ROOT}/__ACCOUNT__"
    body = user(known)
    made = await visitor.ask(
        "Create user",
        "POST",
        f"{collection}?_action=create",
        body=body,
        expected=201,
        corrected=CORRECTED,
    )
    john = world.person_at(ADDRESS)
    visitor.see(
        _seen(john, world),
        holds=_is_john(john, world, "Sales") and world.people_count == people + 1 and "_warnings" not in made,
    )
    account = f"{collection}/{made.get('_id')}"

    found = await visitor.ask("Get users", "GET", f"{collection}?_queryId=query-all-ids")
    visitor.see(
        f"One row for each of the {world.people_count:,} people.",
        holds=found.get("resultCount") == world.people_count,
    )
    found = await visitor.ask("Get user", "GET", account)
    visitor.see("It is the user just made.", holds=found.get("emails") == [ADDRESS])
    found = await visitor.ask("Get user emails", "GET", f"{collection}?_queryFilter=true&_fields=emails")
    rows = found.get("result", [])
    visitor.see(
        "Every row has an address, and nothing that was not asked for.",
        holds=len(rows) == world.people_count and all(row.keys() == {"_id", "emails"} for row in rows),
    )
    found = await visitor.ask("Get user filter by email", "GET", f'{collection}?_queryFilter=emails%20eq%20"{SAMPLE}"')
    visitor.see(f"Exactly one person has the address {SAMPLE}.", holds=_emails(found) == [[SAMPLE]])
    found = await visitor.ask(
        "Get user filter starts with",
        "GET",
        f'{collection}?_queryFilter=displayName%20sw%20"john"',
    )
    expected = sum(person.display_name.lower().startswith("john") for _, person in world.people())
    visitor.see(
        f'{expected} people have names that start with "john", in any case.',
        holds=found.get("resultCount") == expected,
    )

    await visitor.ask(
        "Update user",
        "PUT",
        f"/system/{SYSTEM}/__ACCOUNT__/{made.get('_id')}",
        body={**body, "department": "Developer", "licenses": made.get("licenses")},
        corrected=f"a comma stands in the place of a colon; the department is that of its answer; {CORRECTED}",
    )
    john = world.person_at(ADDRESS)
    visitor.see(_seen(john, world), holds=_is_john(john, world, "Developer"))
    await visitor.ask("Delete user", "DELETE", account)
    visitor.see(
        f"{ADDRESS} is gone; {world.people_count:,} people are left, as at the beginning.",
        holds=world.person_at(ADDRESS) is None and world.people_count == people,
    )


async def _group(visitor: Visitor, world: World, known: Real) -> None:
    collection, groups = f"{_ROOT}/__GROUP__", len(world.groups)
    made = await visitor.ask(
        "Create group",
        "POST",
        f"{collection}?_action=create",
        body=group(known),
        expected=201,
    )
    simulated = _group_named(world, "Group name")
    visitor.see("The organisation has the group.", holds=simulated is not None and len(world.groups) == groups + 1)
    found = await visitor.ask("Get groups", "GET", f"{collection}?_queryId=query-all-ids")
    visitor.see(f"One row for each of the {groups + 1} groups.", holds=found.get("resultCount") == groups + 1)
    await visitor.ask(
        "Update a group",
        "PUT",
        f"{collection}/{made.get('_id')}",
        headers={"If-Match": "*"},
        body={"displayName": "New Group Name", "description": "New Description"},
    )
    simulated = _group_named(world, "New Group Name")
    visitor.see(
        "The group has its new name and description.",
        holds=simulated is not None and simulated.description == "New Description",
    )
    await visitor.ask("Delete a group", "DELETE", f"{collection}/{made.get('_id')}")
    visitor.see(
        f"The group is gone; {len(world.groups)} groups are left, as at the beginning.",
        holds=len(world.groups) == groups and _group_named(world, "New Group Name") is None,
    )


async def _roles_and_licenses(visitor: Visitor, world: World) -> None:
    for title, one, name, count in (
        ("Get roles", "Get role", "ROLES", len(world.roles)),
        ("Get licenses", "Get license", "LICENSES", len(world.licenses)),
    ):
        found = await visitor.ask(title, "GET", f"{_ROOT}/{name}/?_queryFilter=true")
        rows = found.get("result", [])
        visitor.see(f"One row for each of {count} {name.lower()}.", holds=len(rows) == count)
        first = rows[0] if rows else {}
        again = await visitor.ask(one, "GET", f"{_ROOT}/{name}/{first.get('_id')}")
        visitor.see("It is the first one of the list.", holds=again.get("_id") == first.get("_id") is not None)


def _seen(person: Person | None, world: World) -> str:
    if person is None:
        return f"Nobody in the organisation has the address {ADDRESS}."
    groups = _memberships(person, world)
    return (
        f"In the organisation: {world.people_count:,} people; {person.display_name} <{person.email}> is in the "
        f"department {person.department}, holds {len(person.licenses)} licences and is in {groups} groups."
    )


def _is_john(person: Person | None, world: World, department: str) -> bool:
    return (
        person is not None
        and (person.last_name, person.department) == ("Doe", department)
        and {world.licenses[key].name for key in person.licenses} >= set(LICENSES)
        and _memberships(person, world) == _GROUPS
    )


def _memberships(person: Person, world: World) -> int:
    return sum(person.uuid in group.members for group in world.groups.values())


def _group_named(world: World, name: str) -> Group | None:
    return next((group for group in world.groups.values() if group.display_name == name), None)


def _emails(found: dict[str, Any]) -> list[Any]:
    return [row.get("emails") for row in found.get("result", [])]
