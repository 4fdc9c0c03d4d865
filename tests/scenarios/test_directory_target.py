"""
A directory behind a connector server as a target and a source: the ready mappings of both directions at work.
"""

import socket
from dataclasses import replace
from pathlib import Path
from typing import Final

import msgspec

from fakes.directory import Directory, DirectoryHouse, directory_house, remote_system
from fakes.remote_client import CONNECTOR, KEY, MemoryKind, serving
from fakes.virtual_time import VirtualClock
from webex_connector.app import ready, wiring
from webex_connector.app.connectors import KINDS
from webex_connector.app.following import Unwatched, one_round
from webex_connector.app.settings_file import load
from webex_connector.gateway.remote.profiles import OPENICF
from webex_connector.icf import names
from webex_connector.sandbox import rendering
from webex_connector.store.opening import StorePlace
from webex_connector.store.plans import PlanState
from webex_connector.sync.decide.situation import Action

_SOURCES: Final = """
[sources.people]
type = "system"
system = "webex"

[sources.groups]
type = "system"
system = "webex"
object_class = "__GROUP__"

[sources.directory]
type = "system"
system = "directory"

[sources.directory_groups]
type = "system"
system = "directory"
object_class = "__GROUP__"
"""


def both_ways() -> str:
    """
    Return a sync file with the ready mappings of both directions, of which each pair shares its links.
    """
    texts = [ready.text_of(f"ping-{what}-{way}-webex") for what in ("users", "groups") for way in ("from", "to")]
    whole = _SOURCES + "\n".join(texts)
    for what in ("users", "groups"):
        whole = whole.replace(f"[mappings.{what}_to_webex]", f'[mappings.{what}_to_webex]\nlinks = "{what}_from_webex"')
    # What the directory has no attribute for.
    return "".join(line for line in whole.splitlines(keepends=True) if not line.startswith("group_"))


async def _carried(house: DirectoryHouse) -> None:
    for what in ("users", "groups"):
        await house.synced(f"{what}_from_webex")


def _members(house: DirectoryHouse, group: str) -> set[str]:
    """
    Return the addresses of whom the directory has in a group.
    """
    return {house.directory.people[uid]["emails"][0] for uid in house.directory.groups[group].get("members", ())}


async def test_webex_is_carried_into_a_directory(clock: VirtualClock, tmp_path: Path) -> None:
    """
    Everybody has an entry with what Webex knows, and groups have the entries of their members, not their ids in Webex;
    the second plans are empty. What changes in Webex is what the next plan does.
    """
    async with directory_house(clock, tmp_path, both_ways()) as house:
        world = house.sandbox.world
        await _carried(house)
        entries = {row["emails"][0]: row for row in house.directory.people.values()}
        assert {each.email for _, each in world.people(0)} == set(entries)
        boss = house.directory.people[entries["somchai.kvaratskhelia@acme.example"]["managerId"]]
        assert "anna.djordjevic@acme.example" == boss["emails"][0]
        for group in world.groups.values():
            emails = {member.email for each in group.members if (member := world.person(each)) is not None}
            assert emails == _members(house, group.display_name)
        assert ([], []) == ((await house.planned("users_from_webex"))[1], (await house.planned("groups_from_webex"))[1])
        # Nor has the way back anything to say.
        assert ([], []) == ((await house.planned("users_to_webex"))[1], (await house.planned("groups_to_webex"))[1])


async def test_a_directory_changes_webex_back(clock: VirtualClock, tmp_path: Path) -> None:
    """
    What changes in the directory changes in Webex, and there alone: somebody's title, and who is in a group, whom Webex
    knows by an id of its own.
    """
    async with directory_house(clock, tmp_path, both_ways()) as house:
        await _carried(house)
        world = house.sandbox.world
        emma = next(uid for uid, row in house.directory.people.items() if "emma.hughes@acme.example" in row["emails"])
        house.directory.people[emma]["title"] = "Chief Engineer"
        house.directory.groups["Newly founded"]["members"] = [emma]

        (changed,) = await house.synced("users_to_webex")
        await house.synced("groups_to_webex")

        assert (["title"], Action.UPDATE) == ([each.attribute for each in changed.changes], changed.action)
        person = world.person_at("emma.hughes@acme.example")
        assert person is not None
        assert "Chief Engineer" == person.title
        assert [[person.uuid]] == [
            [*each.members] for each in world.groups.values() if each.display_name == "Newly founded"
        ]
        assert ([], []) == ((await house.planned("users_from_webex"))[1], (await house.planned("groups_from_webex"))[1])


async def test_licences_that_come_along_are_not_taken(clock: VirtualClock, tmp_path: Path) -> None:
    """
    A mapping that gives licences each time takes a paid one that is not in it any more, and never the free ones that
    Webex gives with others and lets nobody take: else every plan would say the same again.
    """
    async with directory_house(clock, tmp_path, both_ways()) as house:
        await _carried(house)
        world = house.sandbox.world
        paid = {rendering.license_id(world, key) for key, each in world.licenses.items() if each.subscription}
        emma = next(row for row in house.directory.people.values() if "emma.hughes@acme.example" in row["emails"])
        emma["licenses"] = [each for each in emma["licenses"] if each in paid]
        assert [] == (await house.planned("users_to_webex"))[1]

        taken = emma["licenses"].pop(0)
        (item,) = await house.synced("users_to_webex")
        (change,) = item.changes
        assert {taken} == set(change.old) - set(change.new)
        assert [] == (await house.planned("users_to_webex"))[1]


async def test_changes_in_webex_arrive_by_live_sync(clock: VirtualClock, tmp_path: Path) -> None:
    """
    A round takes up who changed, who is new, and does nothing where nothing has happened.
    """
    async with directory_house(clock, tmp_path, both_ways()) as house:
        await house.synced("users_from_webex")
        world = house.sandbox.world
        async with house.engine.opened("users_from_webex") as ends:
            assert (await one_round(house.engine, ends, Unwatched())).begins
            await clock.sleep(60)
            ada = world.person_at("ada.admin@acme.example")
            assert ada is not None
            world.put_person(msgspec.structs.replace(ada, title="Chief of Everything", last_modified=world.now()))
            await clock.sleep(300)
            found = await one_round(house.engine, ends, Unwatched())
            assert (1, PlanState.APPLIED) == (found.changes, found.plan and found.plan.state)
            assert 0 == (await one_round(house.engine, ends, Unwatched())).changes
        titles = {row["emails"][0]: row.get("title") for row in house.directory.people.values()}
        assert "Chief of Everything" == titles["ada.admin@acme.example"]


async def test_nobody_is_taken_out_of_a_group_as_long_as_a_member_is_not_known(
    clock: VirtualClock, tmp_path: Path
) -> None:
    """
    Groups carried before their people take out nobody whom no link knows, since that may be the member; they say who
    is not known, and are whole once people are linked.
    """
    async with directory_house(clock, tmp_path, both_ways()) as house:
        house.directory.people["old"] = {"emails": ["ada.admin@acme.example"], "displayName": "Ada"}
        house.directory.world[names.GROUP]["it"] = {"displayName": "IT", "members": ["old"]}
        _, items = await house.planned("groups_from_webex")
        (item,) = (each for each in items if each.target_name == "IT")
        assert "members is not whole: nobody is linked to" in item.reason
        assert "members" not in {each.attribute for each in item.changes}

        await _carried(house)
        assert "ada.admin@acme.example" in _members(house, "IT")
        assert [] == (await house.planned("groups_from_webex"))[1]


async def test_a_server_that_is_away_is_asked_again(clock: VirtualClock, tmp_path: Path) -> None:
    """
    The system is not open as long as nobody answers, which its problem says; it is, once somebody does. What cannot be
    right is not tried again.
    """
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    wrong = remote_system(port, 'bundleVersion = "7"', "other")
    file = tmp_path / "webex-connector.toml"
    file.write_text(remote_system(port) + wrong)
    settings = replace(load(file, {"SERVER_KEY": KEY, "DIRECTORY_PASSWORD": "right"}, KINDS), store=StorePlace())
    async with wiring.opened(settings, clock) as systems:
        assert not systems
        assert "cannot be reached" in systems.problems["directory"]
        async with serving(clock, kind=MemoryKind(clock, connector=Directory()), profile=OPENICF, port=port) as served:
            await systems.refresh()
            assert ["directory"] == [*systems]
            assert "has no connector" in systems.problems["other"]
            given = served.kind.seen[-1]
            assert (("a,b", "c"), 3) == (given["classes"], given["pool"])
        assert CONNECTOR.connector_name == systems["directory"].connector_ref.connector_name
