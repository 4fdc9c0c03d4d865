"""
Licences counted before anybody says yes.
"""

import pytest

from fakes.sync_house import PlainRules, SyncHouse, record
from webex_connector.expressions.compiling import Expressions
from webex_connector.expressions.values import Expression
from webex_connector.icf import names
from webex_connector.policy.judging import Rules, shape_of
from webex_connector.policy.provisioning import Policy
from webex_connector.store.plans import KeptPlan
from webex_connector.sync.ends import Ends
from webex_connector.sync.report.outline import outline_of

CALLING = "L1"


def warnings(house: SyncHouse, plan: KeptPlan) -> list[str]:
    """
    Return what somebody has to know before saying yes.
    """
    return [each for each in outline_of(plan, house.clock.now()).warnings if "short" in each]


def staffed(house: SyncHouse, free: int) -> None:
    """
    Have five joiners, and a licence of which so many units are free.
    """
    house.connector.world["LICENSES"] |= {
        CALLING: {"name": "Webex Calling", "totalUnits": 100, "consumedUnits": 100 - free, "subscriptionId": "S"}
    }
    house.source.records = [record(str(number), f"P{number}") for number in range(5)]


async def planned(house: SyncHouse, policies: Rules | None = None, *given: str) -> KeptPlan:
    """
    Make a plan whose mapping gives these licences, and policies more.
    """
    ends = Ends(house.mapping, house.source, house.facade, PlainRules(*given), policies)
    return await house.engine.plan(ends, "anna")


@pytest.mark.parametrize(
    ("free", "told"), [(5, []), (3, ["2 Webex Calling short: so many people would be left without."])]
)
async def test_what_the_mapping_gives_is_counted(house: SyncHouse, free: int, told: list[str]) -> None:
    """
    Five joiners and three units: two short, told before anything is tried.
    """
    staffed(house, free)
    assert warnings(house, await planned(house, None, CALLING)) == told


@pytest.mark.real_time
async def test_what_policies_give_is_counted(house: SyncHouse) -> None:
    """
    The rules of the door's policies are the same for the plan.
    """
    staffed(house, 1)
    expressions = Expressions()
    policy = Policy("calling", Expression("source['displayName'] != 'P4'", "here"), licenses=("Webex Calling",))
    shape = shape_of(house.facade.schema.object_class(names.ACCOUNT))
    try:
        rules = await Rules.of([policy], shape, expressions)
        plan = await planned(house, rules, "Lic-messaging")
    finally:
        await expressions.aclose()
    assert warnings(house, plan) == ["3 Webex Calling short: so many people would be left without."]


async def test_nobody_counts_where_nothing_is_given(house: SyncHouse) -> None:
    """
    A plan without licences asks for none.
    """
    staffed(house, 0)
    house.connector.traffic.calls.clear()
    plan = await planned(house)
    assert (warnings(house, plan), house.connector.traffic.calls["batch"]) == ([], 1)
