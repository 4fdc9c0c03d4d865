"""
Licences that come by themselves.
"""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager

import httpx2
import pytest

from webex_connector.sandbox import catalogue, rendering, scenarios
from webex_connector.sandbox.records import Group, Person, Template
from webex_connector.sandbox.rules.templates import Present, use
from webex_connector.sandbox.sandbox import Sandbox

Client = httpx2.AsyncClient
Serve = Callable[..., AbstractAsyncContextManager[Client]]

_SOON = 20
_CALLING = catalogue.CALLING_PROFESSIONAL


def _john(sandbox: Sandbox) -> Person:
    person = sandbox.world.person_at(scenarios.SAMPLE)
    assert person is not None
    return person


async def _new(api: Client, sandbox: Sandbox) -> Callable[[], Person]:
    await api.post("/people", json={"emails": ["tove@acme.example"], "displayName": "Tove"})

    def tove() -> Person:
        person = sandbox.world.person_at("tove@acme.example")
        assert person is not None
        return person

    return tove


async def _group(api: Client, sandbox: Sandbox, name: str) -> Group:
    await api.post("/groups", json={"displayName": name})
    return next(group for group in sandbox.world.groups.values() if group.display_name == name)


async def _join(api: Client, group: Group, person: Person) -> None:
    answer = await api.patch(f"/groups/{group.uuid}", json={"members": [{"id": person.uuid, "operation": "add"}]})
    assert 200 == answer.status_code


async def test_new_people_are_given_the_organisations_template(api: Client, sandbox: Sandbox) -> None:
    """
    Some time after they were added, with the free licences that come along; the others keep what they have.
    """
    use(sandbox.world, Template((catalogue.MESSAGING,)))
    before = sandbox.world.consumed[catalogue.MESSAGING]
    tove = await _new(api, sandbox)

    sandbox.clock.advance(_SOON - 1)
    early = tove().licenses
    sandbox.clock.advance(1)

    assert () == early
    assert {catalogue.MESSAGING, catalogue.BASIC_MESSAGING, catalogue.SCREEN_SHARE} == set(tove().licenses)
    assert before + 1 == sandbox.world.consumed[catalogue.MESSAGING]
    assert "Webex" == list(sandbox.world.audit)[-1].caller.name


@pytest.mark.parametrize("delay", [0, 3600])
async def test_how_long_it_takes_is_a_habit(delay: int, sandbox: Sandbox, served: Serve) -> None:
    """
    At once, or an hour later and not before.
    """
    use(sandbox.world, Template((catalogue.MESSAGING,)))
    async with served(template_delay=delay) as api:
        tove = await _new(api, sandbox)
        early = tove().licenses
        sandbox.clock.advance(delay)

    assert (delay == 0) is (catalogue.MESSAGING in early)
    assert catalogue.MESSAGING in tove().licenses


async def test_what_was_asked_for_stays(api: Client, sandbox: Sandbox) -> None:
    """
    Licences given meanwhile are kept, and somebody deleted meanwhile is given nothing.
    """
    use(sandbox.world, Template((catalogue.MESSAGING,)))
    tove = await _new(api, sandbox)
    await api.post("/people", json={"emails": ["gone@acme.example"], "displayName": "Gone"})
    await api.delete(f"/people/{_sure(sandbox, 'gone@acme.example').uuid}")
    await api.patch(
        "/licenses/users",
        json={
            "personId": tove().uuid,
            "licenses": [{"id": _licence(sandbox, catalogue.MEETINGS)}],
        },
    )
    sandbox.clock.advance(_SOON)
    assert {catalogue.MESSAGING, catalogue.MEETINGS} <= set(tove().licenses)
    assert sandbox.world.person_at("gone@acme.example") is None


def _sure(sandbox: Sandbox, address: str) -> Person:
    person = sandbox.world.person_at(address)
    assert person is not None
    return person


def _licence(sandbox: Sandbox, key: str) -> str:
    return rendering.license_id(sandbox.world, key)


async def test_what_cannot_be_given_is_left_out(api: Client, sandbox: Sandbox) -> None:
    """
    Calling without an extension, and what no unit is left of.
    """
    use(sandbox.world, Template((_CALLING, catalogue.EXHAUSTED, catalogue.UNIFIED_CM)))
    tove = await _new(api, sandbox)
    sandbox.clock.advance(_SOON)
    assert {catalogue.UNIFIED_CM, catalogue.SCREEN_SHARE} == set(tove().licenses)


async def test_a_groups_template_is_for_those_who_join(api: Client, sandbox: Sandbox) -> None:
    """
    Not for those who are in it already, who join again or who are merely changed.
    """
    group = await _group(api, sandbox, "Choir")
    other = next(person for _, person in sandbox.world.people(4))
    await _join(api, group, other)
    use(sandbox.world, Template((catalogue.UNIFIED_CM,), group.uuid))
    await _join(api, group, other)
    await _join(api, group, _john(sandbox))
    await api.patch(f"/groups/{group.uuid}", json={"description": "Thursdays"})

    sandbox.clock.advance(_SOON)

    assert catalogue.UNIFIED_CM in _john(sandbox).licenses
    assert other == sandbox.world.person(other.uuid)


async def test_a_group_may_begin_with_members(api: Client, sandbox: Sandbox) -> None:
    """
    Whoever is in a group from its beginning has joined it before there could be a template.
    """
    group = await _group(api, sandbox, "Choir")
    use(sandbox.world, Template((catalogue.UNIFIED_CM,), group.uuid))
    await api.post("/groups", json={"displayName": "Band", "members": [{"id": _john(sandbox).uuid}]})
    sandbox.clock.advance(_SOON)
    assert catalogue.UNIFIED_CM not in _john(sandbox).licenses


async def test_a_deleted_group_has_no_template(api: Client, sandbox: Sandbox) -> None:
    """
    With the group, its template is gone.
    """
    group = await _group(api, sandbox, "Choir")
    use(sandbox.world, Template((catalogue.UNIFIED_CM,), group.uuid))
    await api.delete(f"/groups/{group.uuid}")
    assert {} == sandbox.world.templates


@pytest.mark.parametrize("subtract", [True, False])
async def test_two_groups(subtract: bool, sandbox: Sandbox, served: Serve) -> None:  # noqa: FBT001  # the case
    """
    What the template of an earlier group gave stays, or goes with the habit to subtract; own licences always stay.
    """
    async with served(templates_subtract=subtract) as api:
        first, second = await _group(api, sandbox, "Choir"), await _group(api, sandbox, "Band")
        use(sandbox.world, Template((catalogue.UNIFIED_CM,), first.uuid))
        use(sandbox.world, Template((catalogue.MEETINGS,), second.uuid))
        await _join(api, first, _john(sandbox))
        sandbox.clock.advance(_SOON)
        await _join(api, second, _john(sandbox))
        sandbox.clock.advance(_SOON)
    assert {catalogue.MEETINGS, catalogue.MESSAGING} <= set(_john(sandbox).licenses)
    assert subtract == (catalogue.UNIFIED_CM not in _john(sandbox).licenses)


async def test_scopes_exclude_each_other(api: Client, sandbox: Sandbox) -> None:
    """
    A template of the other scope ends those in force, and nobody loses a licence for that.
    """
    group = await _group(api, sandbox, "Choir")
    use(sandbox.world, Template((catalogue.UNIFIED_CM,), group.uuid))
    await _join(api, group, _john(sandbox))
    sandbox.clock.advance(_SOON)
    use(sandbox.world, Template((catalogue.MEETINGS,)))

    assert [""] == list(sandbox.world.templates)
    assert catalogue.UNIFIED_CM in _john(sandbox).licenses


@pytest.mark.parametrize(
    ("present", "kept", "given"),
    [(Present.LEAVE, True, False), (Present.PRESERVE, True, True), (Present.REPLACE, False, True)],
)
async def test_those_who_are_there(present: Present, kept: bool, given: bool, sandbox: Sandbox) -> None:  # noqa: FBT001  # the case
    """
    A new template leaves them alone, is added to what they have, or takes its place.
    """
    use(sandbox.world, Template((catalogue.UNIFIED_CM,)), present)
    sandbox.clock.advance(_SOON)
    assert (kept, given) == (
        catalogue.MESSAGING in _john(sandbox).licenses,
        catalogue.UNIFIED_CM in _john(sandbox).licenses,
    )


async def test_replacing_takes_calling_with_its_fields(api: Client, sandbox: Sandbox) -> None:
    """
    Whoever loses the licence loses extension, location and work number.
    """
    use(sandbox.world, Template((catalogue.UNIFIED_CM,)), Present.REPLACE)
    sandbox.clock.advance(_SOON)
    people = [person for _, person in sandbox.world.people()]
    assert not any(_CALLING in person.licenses for person in people)
    assert not any(person.extension or person.location_uuid or person.phones for person in people)


async def test_unknown_licences_and_groups(sandbox: Sandbox) -> None:
    """
    A template of nothing that exists is refused, and none is in force.
    """
    for template in (Template(("MS_none",)), Template((catalogue.MESSAGING,), "no group")):
        with pytest.raises(KeyError):
            use(sandbox.world, template)
    assert {} == sandbox.world.templates


@pytest.mark.parametrize("modifies", [True, False])
async def test_a_template_may_count_as_a_change(modifies: bool, sandbox: Sandbox, served: Serve) -> None:  # noqa: FBT001  # the case
    """
    Licences that come by themselves move `lastModified` to the moment they came, if those asked for do.
    """
    async with served(licenses_modify=modifies) as api:
        use(sandbox.world, Template((catalogue.MESSAGING,)))
        tove = await _new(api, sandbox)
        sandbox.clock.advance(3 * _SOON)
    person = tove()
    assert catalogue.MESSAGING in person.licenses
    assert (_SOON * 1000 if modifies else 0) == person.last_modified - person.created


async def test_whoever_has_it_all_is_not_touched(sandbox: Sandbox) -> None:
    """
    Replacing what somebody has by the same is no change.
    """
    before = _john(sandbox)
    use(sandbox.world, Template(before.licenses[::-1]), Present.REPLACE)
    sandbox.clock.advance(_SOON)
    assert before == _john(sandbox)


async def test_an_attendee_becomes_a_host(api: Client, sandbox: Sandbox) -> None:
    """
    Whoever is given meetings is no attendee of that site any more.
    """
    use(sandbox.world, Template((catalogue.MEETINGS,)))
    draft = {"emails": ["tove@acme.example"], "displayName": "T", "siteUrls": [f"{catalogue.SITE}#attendee"]}
    await api.post("/people", json=draft)
    early = _sure(sandbox, "tove@acme.example").attendee_sites
    sandbox.clock.advance(_SOON)

    assert ((catalogue.SITE,), ()) == (early, _sure(sandbox, "tove@acme.example").attendee_sites)
