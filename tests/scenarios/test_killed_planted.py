"""
Mistakes planted in the connector, the platform and the journal: killing the process must find each of them.
"""

from dataclasses import replace
from typing import Any

import pytest

from fakes import mortal
from fakes.fault_operations import EMPTY, KNOWN, TEAM, group_id, john
from fakes.hub import OPTIONS
from fakes.killing import Plan, Story, creating, killed_everywhere
from fakes.ports import MemoryJournal
from fakes.virtual_time import VirtualClock
from webex_connector.connector.control_hub.group_writes import GroupCreation
from webex_connector.icf import names
from webex_connector.icf.attributes import added
from webex_connector.icf.facade import Facade
from webex_connector.sandbox import rendering
from webex_connector.sandbox.records import FULL_ADMIN
from webex_connector.sandbox.world import World


def _new_group(_world: World) -> Plan:
    return creating(names.GROUP, {"displayName": (TEAM,), "description": ("They test.",)})


def _joining(world: World) -> Plan:
    uid, groups = john(world), (group_id(world, EMPTY), group_id(world, KNOWN))

    async def call(facade: Facade) -> None:
        await facade.update(names.ACCOUNT, uid, [added("groups", *groups)], OPTIONS)

    async def half(facade: Facade) -> None:
        await facade.update(names.ACCOUNT, uid, [added("groups", groups[0])], OPTIONS)

    return Plan(call, half)


async def test_a_group_made_without_looking_is_found(clock: VirtualClock, monkeypatch: pytest.MonkeyPatch) -> None:
    """
    A connector that does not look whether the group is there makes it twice.
    """

    async def trusting(_creation: GroupCreation, _body: Any) -> None:
        return

    monkeypatch.setattr(GroupCreation, "_refuse_known", trusting)
    with pytest.raises(AssertionError, match="not repaired"):
        await killed_everywhere(Story(_new_group), clock)


async def test_a_half_repair_is_found(clock: VirtualClock) -> None:
    """
    A platform that asks again for a part only leaves the rest undone.
    """
    with pytest.raises(AssertionError, match="not repaired"):
        await killed_everywhere(Story(_joining), clock)


async def test_a_call_without_effect_is_found(clock: VirtualClock) -> None:
    """
    Killing a call that changes nothing would show nothing.
    """

    def idle(world: World) -> Plan:
        plan = _joining(world)
        return replace(plan, call=_nothing)

    async def _nothing(facade: Facade) -> None:
        await facade.get("ROLES", rendering.role_id(FULL_ADMIN), OPTIONS)

    with pytest.raises(AssertionError, match="changes nothing"):
        await killed_everywhere(Story(idle), clock)


async def test_an_end_that_nobody_saw_is_found(clock: VirtualClock, monkeypatch: pytest.MonkeyPatch) -> None:
    """
    A journal that gets an end from a process that is dead lies.
    """
    monkeypatch.setattr(mortal.MortalJournal, "end", _ended)
    with pytest.raises(AssertionError, match="takes it for ended"):
        await killed_everywhere(Story(_new_group), clock)


async def _ended(journal: Any, key: str, end: Any) -> None:
    inner: MemoryJournal = journal._journal
    await inner.end(key, end)
