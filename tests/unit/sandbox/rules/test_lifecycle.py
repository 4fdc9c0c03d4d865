"""
What becomes of inactive people.
"""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager

import httpx2
import pytest

from webex_connector.sandbox import scenarios
from webex_connector.sandbox.records import Person
from webex_connector.sandbox.sandbox import Sandbox

Client = httpx2.AsyncClient
Serve = Callable[..., AbstractAsyncContextManager[Client]]

_DAY = 86_400


def _john(sandbox: Sandbox) -> Person | None:
    return sandbox.world.person_at(scenarios.SAMPLE)


async def _switch(api: Client, sandbox: Sandbox, *, on: bool) -> None:
    john = _john(sandbox)
    assert john is not None
    body = (await api.get(f"/people/{john.uuid}")).json()
    assert 200 == (await api.put(f"/people/{john.uuid}", json={**body, "loginEnabled": on})).status_code


async def test_thirty_days_inactive(api: Client, sandbox: Sandbox) -> None:
    """
    Somebody switched off is deleted thirty days later to the second, with tombstone and event of that time.
    """
    john = _john(sandbox)
    assert john is not None
    await _switch(api, sandbox, on=False)
    sandbox.clock.advance(30 * _DAY - 1)
    assert _john(sandbox) is not None
    sandbox.clock.advance(5 * _DAY)

    assert 404 == (await api.get(f"/people/{john.uuid}")).status_code
    tombstone = sandbox.world.archive.get(john.uuid)
    event = list(sandbox.world.audit)[-1]
    assert tombstone is not None
    assert sandbox.world.now() - 5 * _DAY * 1000 + 1000 == tombstone.deleted == event.created
    assert ("Webex", "deleted", scenarios.SAMPLE) == (event.caller.name, event.did, event.name)


async def test_switching_on_again_saves(api: Client, sandbox: Sandbox) -> None:
    """
    The time ends when the account is switched on, and begins anew when it is switched off again.
    """
    await _switch(api, sandbox, on=False)
    sandbox.clock.advance(10 * _DAY)
    await _switch(api, sandbox, on=True)
    sandbox.clock.advance(10 * _DAY)
    await _switch(api, sandbox, on=False)
    sandbox.clock.advance(29 * _DAY)
    assert _john(sandbox) is not None
    sandbox.clock.advance(1 * _DAY)
    assert _john(sandbox) is None


async def test_other_changes_do_not_prolong(api: Client, sandbox: Sandbox) -> None:
    """
    The time runs from the switching off, whatever else is changed meanwhile.
    """
    await _switch(api, sandbox, on=False)
    sandbox.clock.advance(20 * _DAY)
    await _switch(api, sandbox, on=False)
    sandbox.clock.advance(10 * _DAY)
    assert _john(sandbox) is None


@pytest.mark.parametrize(("days", "gone"), [(0, False), (3, True)])
async def test_the_time_is_a_habit(days: int, gone: bool, sandbox: Sandbox, served: Serve) -> None:  # noqa: FBT001  # the case
    """
    It may be shorter, or never come.
    """
    async with served(inactive_days=days) as api:
        await _switch(api, sandbox, on=False)
        sandbox.clock.advance(400 * _DAY)
    assert gone == (_john(sandbox) is None)


async def test_those_who_always_were_inactive_stay(sandbox: Sandbox) -> None:
    """
    People inactive when the organisation was made count as kept by a directory, and those invited are not inactive.
    """
    before = sandbox.world.people_count
    sandbox.clock.advance(400 * _DAY)
    assert before == sandbox.world.people_count
    assert any(not person.active for _, person in sandbox.world.people())


async def test_whoever_was_deleted_before_is_not_deleted_again(api: Client, sandbox: Sandbox) -> None:
    """
    Deleted by hand and added anew, the new account has nothing to do with the old one's time.
    """
    await _switch(api, sandbox, on=False)
    john = _john(sandbox)
    assert john is not None
    await api.delete(f"/people/{john.uuid}")
    await api.post("/people", json={"emails": [scenarios.SAMPLE], "displayName": "John Doe"})
    sandbox.clock.advance(60 * _DAY)
    assert _john(sandbox) is not None
    assert {} == sandbox.world.inactive_since
