"""
The requests that are said to write an attribute are those that are made.
"""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import replace

import pytest

from fakes.hub import OPTIONS, Hub, asked, running_hub
from fakes.hub_people import person_at
from fakes.hub_subjects import group_id, license_id, person_id
from fakes.virtual_time import VirtualClock
from webex_connector.connector.control_hub.account import ATTRIBUTES
from webex_connector.connector.control_hub.account_plan import cheapest
from webex_connector.connector.control_hub.account_ways import ALONE, Way, changed_by, needs_scim
from webex_connector.connector.control_hub.scim_user import ONLY_HERE
from webex_connector.connector.properties import Road
from webex_connector.icf import names
from webex_connector.icf.attributes import AttributeDelta, Values, added, replaced
from webex_connector.icf.errors import UnknownAttribute
from webex_connector.icf.options import Lane
from webex_connector.sandbox import catalogue
from webex_connector.sandbox.scenarios import ADMIN, SAMPLE
from webex_connector.webex.ids import encode

BULK = replace(OPTIONS, lane=Lane.BULK)
ADDRESS = "mara.lind@acme.example"

SAMPLES: Mapping[str, Callable[[Hub], Values]] = {
    "emails": lambda _: ("other@acme.example",),
    "licenses": lambda hub: (license_id(hub, catalogue.CALL_ON_WEBEX),),
    "groups": lambda hub: (group_id(hub, "Newly founded"),),
    "roles": lambda _: (encode("ROLE", "id_readonly_admin"),),
    "avatar": lambda _: ("https://acme.example/face.png",),
    "managerId": lambda hub: (person_id(hub, ADMIN),),
    "phoneNumbers": lambda _: ({"type": "work", "value": "+498912345"},),
    "addresses": lambda _: ({"type": "work", "country": "DE"},),
    names.ENABLE: lambda _: (False,),
}
"""
Values for what is not free text.
"""

NOT_BY_ITSELF = {"extension", "locationId", "siteUrls", "orgId"}
"""
Attributes that need a licence beside them, and the organisation, which is as it is.
"""

CHANGED = sorted(each.name for each in (*ATTRIBUTES, *ONLY_HERE) if each.updateable and each.name not in NOT_BY_ITSELF)
MADE = sorted({each.name for each in (*ATTRIBUTES, *ONLY_HERE) if each.creatable} - NOT_BY_ITSELF | {names.ENABLE})


def _sample(hub: Hub, name: str) -> Values:
    return SAMPLES[name](hub) if name in SAMPLES else ("Something else",)


def _delta(hub: Hub, name: str) -> AttributeDelta:
    # What a person has several of is added to: replacing would take more requests to see what is there.
    values = _sample(hub, name)
    return added(name, *values) if name in {"licenses", "groups"} else replaced(name, *values)


@pytest.mark.parametrize("road", [Road.PEOPLE, Road.SCIM], ids=lambda road: road.value)
@pytest.mark.parametrize("name", CHANGED)
async def test_an_attribute_is_changed_as_said(name: str, road: Road, clock: VirtualClock) -> None:
    """
    By exactly these requests; where there are none, it is refused and nothing is asked.
    """
    async with running_hub(clock, road=road.value) as hub:
        await hub.facade.test(OPTIONS)
        hub.sandbox.trace.clear()
        ways, before = changed_by(name, road), hub.sandbox.world.writes
        change = hub.facade.update(names.ACCOUNT, person_id(hub, SAMPLE), [_delta(hub, name)], BULK)
        if not ways:
            assert name in ALONE
            with pytest.raises(UnknownAttribute):
                await change
        else:
            await change
        assert Counter(way.value for way in ways) == Counter(asked(hub))
        assert (before < hub.sandbox.world.writes) == bool(ways)


@pytest.mark.parametrize("name", MADE)
async def test_somebody_with_an_attribute_is_made_as_planned(name: str, clock: VirtualClock) -> None:
    """
    By exactly the requests of the plan, and nothing is missing.
    """
    async with running_hub(clock, road="scim") as hub:
        await hub.facade.test(OPTIONS)
        wanted = {"emails": (ADDRESS,), "displayName": ("Mara Lind",), "title": ("Lead",)}
        given = wanted if name in wanted else {**wanted, name: _sample(hub, name)}
        hub.sandbox.trace.clear()
        result = await hub.facade.create(names.ACCOUNT, given, OPTIONS)

        plan = cheapest(given, people=True, bulk=False)
        assert Counter(way.value for way in (plan.first, *plan.then)) == Counter(asked(hub))
        assert ((), "Mara Lind") == (result.not_applied, person_at(hub, ADDRESS).display_name)
        assert (plan.first is Way.MAKE_USER) == (needs_scim(name) or name == "phoneNumbers")
