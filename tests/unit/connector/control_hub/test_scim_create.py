"""
People made by SCIM, one at a call: who is there afterwards, what is said of them, and which requests it took.
"""

from collections.abc import Mapping
from dataclasses import replace

import pytest

from fakes.hub import OPTIONS, Hub, asked, running_hub
from fakes.hub_people import groups_of, missed, person_at
from fakes.hub_subjects import group_id, license_id, person_id
from fakes.virtual_time import VirtualClock
from webex_connector.icf import names
from webex_connector.icf.attributes import Attributes, replaced
from webex_connector.icf.errors import AlreadyExists, Ambiguous, InvalidAttributeValue, PermissionDenied
from webex_connector.icf.objects import WriteResult
from webex_connector.sandbox import catalogue, rendering
from webex_connector.sandbox.faults import Fail, Fault, LoseAnswer, RefuseButApplied, Reset
from webex_connector.sandbox.grants import ADMIN_SCOPES, PEOPLE_ROAD_SCOPES, Credentials
from webex_connector.sandbox.quirks import Quirks
from webex_connector.sandbox.scenarios import ADMIN, SAMPLE
from webex_connector.webex.ids import encode

MAKE, MAKE_USER, PATCH_USER = "POST /people", "POST /Users", "PATCH /Users/{id}"
LICENSE, JOIN, LOOK = "PATCH /licenses/users", "PATCH /groups/{id}", "GET /Users"
ADDRESS = "mara.lind@acme.example"
MARA: Mapping[str, tuple[str, ...]] = {
    "emails": (ADDRESS,),
    "displayName": ("Mara Lind",),
    "firstName": ("Mara",),
    "lastName": ("Lind",),
    "department": ("Finance",),
    "externalId": ("hr-4711",),
    "locale": ("de_DE",),
}
"""
Somebody whom SCIM makes in one request and the people API in two.
"""

READERS = Credentials(scopes=ADMIN_SCOPES - {"spark-admin:people_write"})
"""
May read people, and change them by SCIM alone.
"""


async def made(hub: Hub, attributes: Attributes = MARA, *, dry: bool = False) -> WriteResult:
    """
    Make a person once the road is known; the trace begins anew.
    """
    await hub.facade.test(OPTIONS)
    hub.sandbox.trace.clear()
    return await hub.facade.create(names.ACCOUNT, attributes, replace(OPTIONS, dry_run=dry))


async def test_what_only_scim_has_rides_along(clock: VirtualClock) -> None:
    """
    One request; the result is the person as SCIM shows them, and reading by the people API shows the same.
    """
    async with running_hub(clock, road="auto") as hub:
        result = await made(hub, {**MARA, "managerId": (person_id(hub, ADMIN),)})
        requests = asked(hub)
        found = await hub.facade.get(names.ACCOUNT, result.uid or "", OPTIONS)

        assert [MAKE_USER] == requests
        assert rendering.person_id(person_at(hub, ADDRESS).uuid) == result.uid
        assert () == result.not_applied
        assert result.after is not None
        assert ("hr-4711",) == result.after.values("externalId")
        shared = result.after.attributes.keys() & found.attributes.keys()
        assert {"displayName", "firstName", "department", "managerId", "emails", "created", names.ENABLE} <= shared
        assert {name: found.values(name) for name in shared} == {name: result.after.values(name) for name in shared}


async def test_without_it_the_people_api_is_as_cheap(clock: VirtualClock) -> None:
    """
    Names and a licence are one request there, and two by SCIM.
    """
    async with running_hub(clock, road="scim") as hub:
        wanted = {name: MARA[name] for name in ("emails", "displayName")}
        await made(hub, {**wanted, "licenses": (license_id(hub, catalogue.CALL_ON_WEBEX),)})

        assert [MAKE] == asked(hub)
        assert catalogue.CALL_ON_WEBEX in person_at(hub, ADDRESS).licenses


async def test_beside_licences_it_is_given_afterwards(clock: VirtualClock) -> None:
    """
    Two requests either way: by the people API, whose answer shows the licences, and a PATCH.
    """
    async with running_hub(clock, road="scim") as hub:
        result = await made(hub, {**MARA, "licenses": (license_id(hub, catalogue.CALL_ON_WEBEX),)})

        assert [MAKE, PATCH_USER] == asked(hub)
        assert result.after is not None
        assert ("de_DE",) == result.after.values("locale")
        assert catalogue.CALL_ON_WEBEX in person_at(hub, ADDRESS).licenses


async def test_a_token_that_may_not_use_the_people_api_makes_people_by_scim(clock: VirtualClock) -> None:
    """
    It is found out once; the licence, which needs the people API's scope, is named as missing with the reason, groups
    are joined.
    """
    async with running_hub(clock, road="auto", credentials=READERS) as hub:
        wanted = {
            "emails": (ADDRESS,),
            "displayName": ("Mara Lind",),
            "licenses": (license_id(hub, catalogue.CALL_ON_WEBEX),),
            "groups": (group_id(hub, "Newly founded"),),
        }
        first = await made(hub, wanted)
        requests = asked(hub)
        await made(hub, {"emails": ("second@acme.example",), "displayName": ("Second",)})

        assert [MAKE, MAKE_USER, LICENSE, JOIN] == requests
        assert [MAKE_USER] == asked(hub)
        assert {"licenses": wanted["licenses"]} == missed(first)
        assert "spark-admin:people_write" in first.not_applied[0].reason
        assert {"Newly founded"} == groups_of(hub, person_at(hub, ADDRESS))
        assert first.after is not None
        assert wanted["groups"] == first.after.values("groups")


async def test_what_only_the_people_api_writes_is_told_too(clock: VirtualClock) -> None:
    """
    The person is there, the picture and the site are not, and both are said.
    """
    async with running_hub(clock, road="scim", credentials=READERS) as hub:
        result = await made(hub, {**MARA, "avatar": ("https://acme.example/mara.png",), "manager": ("Ida Boss",)})

        assert {"avatar", "manager"} == missed(result).keys()
        assert "Finance" == person_at(hub, ADDRESS).department


async def test_such_a_token_deletes_by_scim(clock: VirtualClock) -> None:
    """
    The people API refuses once, then SCIM alone is asked; the result is the person as they were.
    """
    async with running_hub(clock, road="auto", credentials=READERS) as hub:
        await made(hub)
        first, second = person_id(hub, ADDRESS), person_id(hub, SAMPLE)
        result = await hub.facade.delete(names.ACCOUNT, first, OPTIONS)
        hub.sandbox.trace.clear()
        await hub.facade.delete(names.ACCOUNT, second, OPTIONS)

        assert ["GET /Users/{id}", "DELETE /Users/{id}"] == asked(hub)
        assert 19 == hub.sandbox.world.people_count
        assert result.after is not None
        assert ("Mara Lind",) == result.after.values("displayName")


@pytest.mark.parametrize("obeyed", [True, False])
async def test_somebody_may_be_made_disabled(*, obeyed: bool, clock: VirtualClock) -> None:
    """
    Whether a creation obeys `active` is not known; in the end the person is disabled, by one more request if need be.
    """
    async with running_hub(clock, road="auto", quirks=Quirks(scim_create_inactive=obeyed)) as hub:
        result = await made(hub, {**MARA, names.ENABLE: (False,)})

        assert [MAKE_USER, *([] if obeyed else [PATCH_USER])] == asked(hub)
        person = person_at(hub, ADDRESS)
        assert (False, False) == (person.login_enabled, person.invite_pending)
        assert result.after is not None
        assert ((False,), ()) == (result.after.values(names.ENABLE), result.not_applied)


async def test_to_be_made_enabled_asks_for_nothing(clock: VirtualClock) -> None:
    """
    Everybody new is: the people API makes them.
    """
    async with running_hub(clock, road="auto") as hub:
        await made(hub, {"emails": (ADDRESS,), "displayName": ("Mara Lind",), names.ENABLE: (True,)})

        assert [MAKE] == asked(hub)


async def test_somebody_who_stays_enabled_is_told(clock: VirtualClock) -> None:
    """
    The creation does not obey, and disabling is forbidden: the person is there, enabled, and the result says so.
    """
    async with running_hub(clock, road="auto", quirks=Quirks(scim_create_inactive=False)) as hub:
        hub.sandbox.faults.add(Fault(Fail(403), to=PATCH_USER))
        result = await made(hub, {**MARA, names.ENABLE: (False,)})
        hub.sandbox.faults.verify()

        assert {names.ENABLE: (False,)} == missed(result)
        assert result.after is not None
        assert (True,) == result.after.values(names.ENABLE)


async def test_where_scim_is_closed_what_only_it_has_is_refused(clock: VirtualClock) -> None:
    """
    Nobody is made without it in silence: neither enabled who was to be disabled, nor without the external id.
    """
    async with running_hub(clock, road="auto", credentials=Credentials(scopes=PEOPLE_ROAD_SCOPES)) as hub:
        for extra in ({"externalId": ("hr-1",)}, {names.ENABLE: (False,)}):
            with pytest.raises(PermissionDenied, match="identity:people_rw"):
                await made(hub, {"emails": (ADDRESS,), "displayName": ("Mara Lind",), **extra})

        assert 0 == hub.sandbox.world.writes


async def test_a_token_that_may_only_read_by_scim_goes_by_the_people_road(clock: VirtualClock) -> None:
    """
    The first forbidden write tells; from then on the people road is taken without asking again, and `test` says why.
    """
    async with running_hub(clock, road="auto", quirks=Quirks(scim_machine_writes=False)) as hub:
        john = person_id(hub, SAMPLE)
        await hub.facade.update(names.ACCOUNT, john, [replaced("title", "Lead")], OPTIONS)
        hub.sandbox.trace.clear()
        await hub.facade.update(names.ACCOUNT, john, [replaced("title", "Chief")], OPTIONS)
        requests = asked(hub)
        report = await hub.facade.test(OPTIONS)

        assert ["GET /people/{id}", "PUT /people/{id}"] == requests
        assert "Chief" == person_at(hub).title
        road = next(each.detail for each in report.findings if each.subject == "road")
        assert road.startswith("people: ")
        with pytest.raises(PermissionDenied):
            await made(hub)


async def test_what_is_forbidden_for_its_own_sake_does_not_close_the_road(clock: VirtualClock) -> None:
    """
    Once something was changed by SCIM, a forbidden change is an error, and SCIM stays the road.
    """
    async with running_hub(clock, road="auto") as hub:
        john = person_id(hub, SAMPLE)
        await hub.facade.update(names.ACCOUNT, john, [replaced("title", "Lead")], OPTIONS)
        hub.sandbox.faults.add(Fault(Fail(403), to=PATCH_USER))
        with pytest.raises(PermissionDenied):
            await hub.facade.update(names.ACCOUNT, john, [replaced("title", "Chief")], OPTIONS)
        await hub.facade.update(names.ACCOUNT, john, [replaced("title", "Scout")], OPTIONS)

        assert "Scout" == person_at(hub).title
        assert 0 == asked(hub).count("PUT /people/{id}")


@pytest.mark.parametrize("elsewhere", [True, False])
async def test_a_taken_address_is_told_apart(*, elsewhere: bool, clock: VirtualClock) -> None:
    """
    Somebody of this organisation is named by uid; somebody who cannot be seen exists elsewhere, or was just deleted.
    """
    async with running_hub(clock, road="auto", quirks=Quirks(address_hold_days=7)) as hub:
        uid: str | None = person_id(hub, SAMPLE)
        if elsewhere:
            await hub.facade.delete(names.ACCOUNT, uid or "", OPTIONS)
            uid = None
        before = hub.sandbox.world.writes
        with pytest.raises(AlreadyExists, match="outside" if elsewhere else "belongs") as refused:
            await made(hub, {**MARA, "emails": (SAMPLE.upper(),)})

        assert [MAKE_USER, LOOK] == asked(hub)
        assert (uid, before) == (refused.value.uid, hub.sandbox.world.writes)


async def test_a_lost_answer_makes_nobody_twice(clock: VirtualClock) -> None:
    """
    The person is found by the address, and taken for ours.
    """
    async with running_hub(clock, road="auto") as hub:
        hub.sandbox.faults.add(Fault(LoseAnswer(), to=MAKE_USER))
        result = await made(hub)
        hub.sandbox.faults.verify()

        assert [MAKE_USER, LOOK] == asked(hub)
        assert (person_id(hub, ADDRESS), 1, ()) == (result.uid, hub.sandbox.world.writes, result.not_applied)


async def test_a_search_that_lags_makes_nobody_twice(clock: VirtualClock) -> None:
    """
    Searching does not show the person yet: the second try is refused, and some looks later they are found.
    """
    async with running_hub(clock, road="auto", quirks=Quirks(search_lag=3)) as hub:
        hub.sandbox.faults.add(Fault(LoseAnswer(), to=MAKE_USER))
        result = await made(hub)

        assert (person_id(hub, ADDRESS), 21) == (result.uid, hub.sandbox.world.people_count)


async def test_nobody_seen_after_a_lost_answer_and_a_refusal_is_a_question(clock: VirtualClock) -> None:
    """
    The address is taken and nobody can be seen: the lost creation may have been ours.
    """
    async with running_hub(clock, road="auto", quirks=Quirks(search_lag=600)) as hub:
        hub.sandbox.faults.add(Fault(LoseAnswer(), to=MAKE_USER))
        with pytest.raises(Ambiguous):
            await made(hub)


async def test_somebody_who_was_there_is_not_taken_for_ours(clock: VirtualClock) -> None:
    """
    The request never arrived, and somebody else has the address: they stay as they are.
    """
    async with running_hub(clock, road="auto") as hub:
        hub.sandbox.faults.add(Fault(Reset(), to=MAKE_USER))
        before = person_at(hub)
        with pytest.raises(AlreadyExists) as refused:
            await made(hub, {**MARA, "emails": (SAMPLE,)})

        assert (person_id(hub, SAMPLE), before) == (refused.value.uid, person_at(hub))


async def test_a_refused_role_does_not_keep_the_person_out(clock: VirtualClock) -> None:
    """
    Webex refuses the whole for a role that it does not know: the person is made without it, and that is told.
    """
    async with running_hub(clock, road="auto") as hub:
        role = encode("ROLE", "id_no_such_role")
        result = await made(hub, {**MARA, "roles": (role,)})

        assert {"roles": (role,)} == missed(result)
        assert "Finance" == person_at(hub, ADDRESS).department
        assert 21 == hub.sandbox.world.people_count


async def test_a_role_that_was_not_the_reason_is_given_later(clock: VirtualClock) -> None:
    """
    The refusal had another reason that passed: person and role are there in the end.
    """
    async with running_hub(clock, road="auto") as hub:
        hub.sandbox.faults.add(Fault(Fail(400), to=MAKE_USER))
        result = await made(hub, {**MARA, "roles": (encode("ROLE", "id_readonly_admin"),)})

        assert {} == missed(result)
        assert ("id_readonly_admin",) == person_at(hub, ADDRESS).roles
        assert result.after is not None
        assert (encode("ROLE", "id_readonly_admin"),) == result.after.values("roles")


async def test_what_is_no_role_is_left_out(clock: VirtualClock) -> None:
    """
    It is not even sent, and named.
    """
    async with running_hub(clock, road="auto") as hub:
        result = await made(hub, {**MARA, "roles": ("boss",)})

        assert {"roles": ("boss",)} == missed(result)
        assert [MAKE_USER] == asked(hub)


async def test_a_refused_person_is_refused(clock: VirtualClock) -> None:
    """
    A value that Webex cannot take makes nobody, and is named.
    """
    async with running_hub(clock, road="auto") as hub:
        with pytest.raises(InvalidAttributeValue):
            await made(hub, {**MARA, "costCenter": ("x" * 300,)})

        assert 0 == hub.sandbox.world.writes


async def test_refused_though_made_is_found(clock: VirtualClock) -> None:
    """
    The refusal was not true: the person is there, and is the result.
    """
    async with running_hub(clock, road="auto") as hub:
        hub.sandbox.faults.add(Fault(RefuseButApplied(400), to=MAKE_USER))
        result = await made(hub)

        assert (person_id(hub, ADDRESS), 1) == (result.uid, hub.sandbox.world.writes)


async def test_a_dry_run_names_every_request(clock: VirtualClock) -> None:
    """
    Nothing leaves; an address that is taken is refused as it would be.
    """
    async with running_hub(clock, road="auto") as hub:
        group = group_id(hub, "Newly founded")
        result = await made(hub, {**MARA, "groups": (group,)}, dry=True)
        with pytest.raises(AlreadyExists):
            await made(hub, {**MARA, "emails": (SAMPLE,)}, dry=True)

        organization = hub.sandbox.world.organization.uuid
        assert (f"POST /{organization}/v2/Users", f"PATCH /groups/{group}") == result.withheld
        assert (None, 0) == (result.uid, hub.sandbox.world.writes)
    async with running_hub(clock, road="scim", credentials=READERS) as hub:
        await made(hub)
        await hub.facade.create(names.ACCOUNT, {"emails": ("x@acme.example",), "displayName": ("X",)}, OPTIONS)
        license_ = license_id(hub, catalogue.CALL_ON_WEBEX)
        wanted = {"emails": ("y@acme.example",), "displayName": ("Y",), "licenses": (license_,), "manager": ("Ida",)}
        result = await made(hub, wanted, dry=True)

        assert [LICENSE, "PUT /people/{id}"] == list(result.withheld[1:])
