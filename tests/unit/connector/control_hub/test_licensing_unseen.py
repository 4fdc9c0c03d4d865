"""
Licences given and taken in a run, without a look at the person first.
"""

import pytest

from fakes.hub import OPTIONS, Hub, asked, running_hub
from fakes.hub_people import missed, person_at, updated
from fakes.hub_subjects import license_id
from fakes.virtual_time import VirtualClock
from webex_connector.icf import names
from webex_connector.icf.attributes import AttributeDelta, added, removed, replaced
from webex_connector.icf.errors import Ambiguous, InvalidAttributeValue, PermissionDenied, UnknownUid
from webex_connector.icf.objects import WriteResult
from webex_connector.icf.operations import Change, ChangeRequest
from webex_connector.icf.options import Lane, OperationOptions
from webex_connector.sandbox import catalogue, rendering
from webex_connector.sandbox.faults import Fail, Fault, LoseAnswer, RefuseButApplied
from webex_connector.sandbox.quirks import Quirks

READ, ASSIGN = "GET /people/{id}", "PATCH /licenses/users"
NOBODY = rendering.person_id("3e7a9c15-b04d-4f68-82d1-0000000000ff")


async def _in_a_run(hub: Hub, *deltas: AttributeDelta) -> WriteResult:
    return await updated(hub, *deltas, lane=Lane.BULK)


def _swap(hub: Hub) -> AttributeDelta:
    """
    Give one licence and take another.
    """
    give, take = license_id(hub, catalogue.MEETINGS), license_id(hub, catalogue.CALL_ON_WEBEX)
    return AttributeDelta("licenses", add=(give,), remove=(take,))


@pytest.mark.parametrize("road", ["people", "scim"])
async def test_a_licence_costs_one_request_however_often_it_is_given(road: str, clock: VirtualClock) -> None:
    """
    The second time nothing happens; whoever waits for the answer, names all there should be, names the same one twice
    or names the person by the bare UUID is shown somebody who was read.
    """
    async with running_hub(clock, road=road) as hub:
        await hub.facade.test(OPTIONS)
        for _ in range(2):
            result = await _in_a_run(hub, _swap(hub))
            assert ([ASSIGN], (), None, True) == (asked(hub), result.not_applied, result.after, result.changed)
            held = person_at(hub).licenses
            assert (True, False) == (catalogue.MEETINGS in held, catalogue.CALL_ON_WEBEX in held)
            assert {license_id(hub, each) for each in held} == set(result.shown["licenses"])

        one = license_id(hub, catalogue.MEETINGS)
        await updated(hub, added("licenses", one))
        assert [READ] == asked(hub)
        for delta in (replaced("licenses", one), AttributeDelta("licenses", add=(one,), remove=(one,))):
            await _in_a_run(hub, delta)
            assert READ == asked(hub)[0]
        hub.sandbox.trace.clear()
        bare = ChangeRequest(Change.UPDATE, person_at(hub).uuid, deltas=(added("licenses", one),))
        await hub.facade.apply_many(names.ACCOUNT, [bare], OperationOptions(lane=Lane.BULK, actor=OPTIONS.actor))
        assert [READ] == asked(hub)


@pytest.mark.parametrize("no_unit_status", [206, 400])
async def test_what_webex_did_not_give_is_named(no_unit_status: int, hub: Hub) -> None:
    """
    Told by the answer where it shows that; a refusal is looked into, licence by licence.
    """
    hub.sandbox.quirks = Quirks(no_unit_status=no_unit_status)  # type: ignore[arg-type]  # one of the two there are
    exhausted = license_id(hub, catalogue.EXHAUSTED)
    result = await _in_a_run(hub, added("licenses", exhausted, license_id(hub, catalogue.MEETINGS)))
    assert {"licenses": (exhausted,)} == missed(result)
    assert ([ASSIGN] == asked(hub)) == (no_unit_status == 206)
    assert catalogue.MEETINGS in person_at(hub).licenses
    assert catalogue.EXHAUSTED not in person_at(hub).licenses


async def test_a_licence_that_cannot_be_taken_is_an_error_in_a_run(hub: Hub) -> None:
    """
    In Webex's words, and the person has it still.
    """
    held = person_at(hub).licenses
    with pytest.raises(InvalidAttributeValue, match="Screen share is assigned implicitly"):
        await _in_a_run(hub, removed("licenses", license_id(hub, catalogue.SCREEN_SHARE)))
    assert held == person_at(hub).licenses


@pytest.mark.parametrize("status", [400, 404])
async def test_nobody_is_told_to_be_gone_who_was_not_looked_for(status: int, hub: Hub) -> None:
    """
    Only reading the person shows whom Webex does not know: a 404 can be about the licence as well.
    """
    hub.sandbox.quirks = Quirks(unknown_holder_status=status)  # type: ignore[arg-type]  # one of the two there are
    options = OperationOptions(lane=Lane.BULK, actor=OPTIONS.actor)
    hub.sandbox.trace.clear()
    with pytest.raises(UnknownUid):
        await hub.facade.update(names.ACCOUNT, NOBODY, [_swap(hub)], options)
    assert READ == asked(hub)[-1]

    hub.sandbox.faults.add(Fault(Fail(404), to=ASSIGN))
    result = await _in_a_run(hub, _swap(hub))
    assert ([ASSIGN, READ, ASSIGN], ()) == (asked(hub), result.not_applied)


@pytest.mark.parametrize("fault", [LoseAnswer(), Fail(503), RefuseButApplied()], ids=lambda each: type(each).__name__)
async def test_a_doubt_is_settled_by_reading(fault: LoseAnswer | Fail | RefuseButApplied, hub: Hub) -> None:
    """
    Whether the change arrived or not, it is there once in the end.
    """
    hub.sandbox.faults.add(Fault(fault, to=ASSIGN))
    result = await _in_a_run(hub, _swap(hub))
    assert READ in asked(hub)
    assert ((), True) == (result.not_applied, result.changed)
    assert catalogue.MEETINGS in person_at(hub).licenses


async def test_who_cannot_look_does_not_know(hub: Hub) -> None:
    """
    An answer that was lost, and no reading after it: nobody can tell. A token that may not is told so, and nothing is
    read.
    """
    hub.sandbox.faults.add(Fault(LoseAnswer(), to=ASSIGN))
    hub.sandbox.faults.add(Fault(Fail(403), to=READ))
    with pytest.raises(Ambiguous):
        await _in_a_run(hub, _swap(hub))

    hub.sandbox.faults.add(Fault(Fail(403), to=ASSIGN))
    with pytest.raises(PermissionDenied):
        await _in_a_run(hub, _swap(hub))
    assert READ not in asked(hub)
