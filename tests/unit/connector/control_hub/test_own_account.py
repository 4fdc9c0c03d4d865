"""
The person whose token the connector uses stays, on both roads, and everybody else is managed as ever.
"""

from collections import Counter
from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from typing import Any

import pytest

from fakes.hub import OPTIONS, Hub, asked, running_hub
from fakes.hub_many import applied, change, delete, error_of, fates, uids
from fakes.hub_people import person_at, updated
from fakes.hub_subjects import person_id
from fakes.virtual_time import VirtualClock
from webex_connector.icf import names
from webex_connector.icf.attributes import AttributeDelta, added, removed, replaced
from webex_connector.icf.errors import CallerRefused, ConnectionBroken
from webex_connector.icf.operations import ChangeRequest, Fate
from webex_connector.sandbox import rendering
from webex_connector.sandbox.faults import Fail, Fault
from webex_connector.sandbox.grants import Credentials
from webex_connector.sandbox.records import FULL_ADMIN, READ_ONLY_ADMIN, Person
from webex_connector.sandbox.scenarios import ADMIN, SAMPLE

ME = "/people/me"
HERS: Mapping[str, Any] = {"authenticationMethod": "TOKEN", "authToken": Credentials().access_token}
FULL, OTHER = rendering.role_id(FULL_ADMIN), rendering.role_id(READ_ONLY_ADMIN)
DISABLED = AttributeDelta(names.ENABLE, (False,))
CLEARED = AttributeDelta(names.ENABLE, remove=(True,))
HARMS = (DISABLED, CLEARED, replaced("roles"), replaced("roles", OTHER), removed("roles", FULL))


@pytest.fixture(params=["people", "scim"])
async def hers(request: pytest.FixtureRequest, clock: VirtualClock) -> AsyncIterator[Hub]:
    """
    A system on either road with the token of an administrator, who is not the only one.
    """
    async with running_hub(clock, road=request.param, **HERS) as hub:
        await updated(hub, added("roles", FULL))
        await updated(hub, replaced("title", "Owner"), who=ADMIN)
        yield hub


def _questions(hub: Hub) -> int:
    return sum(each.path.endswith(ME) for each in hub.sandbox.trace.requests())


async def test_the_owner_is_neither_deleted_nor_disabled_nor_robbed_of_a_role(hers: Hub) -> None:
    """
    Each is refused before anything is written, in a dry run too, and says what to do.
    """
    owner, before = person_id(hers, ADMIN), person_at(hers, ADMIN)
    hers.sandbox.trace.clear()
    for options in (replace(OPTIONS, dry_run=True), OPTIONS):
        with pytest.raises(CallerRefused, match=r"not deleted: .* another administrator's token"):
            await hers.facade.delete(names.ACCOUNT, owner, options)
        for harm in HARMS:
            with pytest.raises(CallerRefused, match=r"is not (disabled|relieved)") as raised:
                await hers.facade.update(names.ACCOUNT, owner, [replaced("title", "Gone"), harm], options)
            assert raised.value.attribute == harm.name
    assert (before, []) == (person_at(hers, ADMIN), [each for each in asked(hers) if not each.startswith("GET")])


async def test_the_owner_is_changed_otherwise(hers: Hub) -> None:
    """
    A role more, the same roles once more, being enabled and any other attribute end nobody's access.
    """
    for delta in (added("roles", OTHER), replaced("roles", OTHER, FULL), AttributeDelta(names.ENABLE, (True,))):
        await updated(hers, delta, replaced("title", "Chief"), who=ADMIN)
    owner = person_at(hers, ADMIN)
    assert ({FULL_ADMIN, READ_ONLY_ADMIN}, True, "Chief") == (set(owner.roles), owner.login_enabled, owner.title)


async def test_other_administrators_go(hers: Hub) -> None:
    """
    The rule is for one person; Webex is asked once whom it is for.
    """
    hers.sandbox.trace.clear()
    await hers.facade.update(names.ACCOUNT, person_id(hers, SAMPLE), [DISABLED], OPTIONS)
    assert not person_at(hers).login_enabled
    await hers.facade.update(names.ACCOUNT, person_id(hers, SAMPLE), [replaced("roles")], OPTIONS)
    assert not person_at(hers).roles
    await hers.facade.delete(names.ACCOUNT, person_id(hers, SAMPLE), OPTIONS)
    assert hers.sandbox.world.person_at(SAMPLE) is None
    assert _questions(hers) == 1


async def test_the_owner_stays_among_many_who_go(hers: Hub) -> None:
    """
    Of a hundred changes those of the owner are refused, each by its own outcome, and the others are made.
    """
    owner, (first, second, third, fourth, *_) = person_id(hers, ADMIN), uids(hers)
    changes: list[ChangeRequest] = [
        delete(owner),
        delete(first),
        delete(second),
        change(third, DISABLED),
        change(owner, DISABLED, replaced("title", "Gone")),
        change(owner, replaced("department", "Owners")),
        change(fourth, replaced("title", "Chief")),
    ]
    outcomes = await applied(hers, changes)

    expected = [Fate.REFUSED, Fate.DONE, Fate.DONE, Fate.DONE, Fate.REFUSED, Fate.DONE, Fate.DONE]
    assert expected == fates(outcomes)
    assert {CallerRefused} == {type(error_of(each)) for each in outcomes if each.fate is Fate.REFUSED}
    kept = person_at(hers, ADMIN)
    assert ("Owner", "Owners", True) == (kept.title, kept.department, kept.login_enabled)
    assert 18 == hers.sandbox.world.people_count
    assert _questions(hers) == 1


async def test_nobody_is_harmed_while_webex_does_not_say_who_owns_the_token(hers: Hub) -> None:
    """
    A question that fails is no answer: nothing is written, and the next write asks again.
    """
    uid = person_id(hers, SAMPLE)
    hers.sandbox.faults.add(Fault(Fail(500), to="GET /people/{id}", subject=ME, times=99))
    before: Person = person_at(hers)
    with pytest.raises(ConnectionBroken):
        await hers.facade.update(names.ACCOUNT, uid, [DISABLED], OPTIONS)
    assert before == person_at(hers)
    hers.sandbox.faults.clear()
    await hers.facade.update(names.ACCOUNT, uid, [DISABLED], OPTIONS)
    assert not person_at(hers).login_enabled


@pytest.mark.parametrize("status", [404, 403, 400])
async def test_a_service_app_is_nobody(clock: VirtualClock, status: int) -> None:
    """
    There is no person to keep: Webex is asked once, and whoever is to go goes.
    """
    async with running_hub(clock, road="scim") as hub:
        if status != 404:
            hub.sandbox.faults.add(Fault(Fail(status), to="GET /people/{id}", subject=ME))
        first, second, *_ = uids(hub)
        await hub.facade.update(names.ACCOUNT, first, [DISABLED], OPTIONS)
        await hub.facade.update(names.ACCOUNT, second, [DISABLED], OPTIONS)
        assert {Fate.DONE} == set(fates(await applied(hub, [delete(first), delete(second)])))
        hub.sandbox.faults.verify()
        assert 18 == hub.sandbox.world.people_count


async def test_a_plain_person_costs_no_request_more_on_the_people_road(clock: VirtualClock) -> None:
    """
    Whoever has no role manages nobody, so Webex is not asked whose the token is.
    """
    async with running_hub(clock, **HERS) as hub:
        first, *_ = uids(hub)
        await hub.facade.update(names.ACCOUNT, first, [DISABLED], OPTIONS)
        await hub.facade.delete(names.ACCOUNT, first, OPTIONS)
        assert {"GET /people/{id}": 2, "PUT /people/{id}": 1, "DELETE /people/{id}": 1} == Counter(asked(hub))
        assert _questions(hub) == 0
