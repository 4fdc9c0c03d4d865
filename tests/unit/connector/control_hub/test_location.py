"""
Locations, against the sandbox.
"""

from collections.abc import AsyncIterator

import pytest

from fakes.hub import OPTIONS, Hub, asked, running_hub
from fakes.virtual_time import VirtualClock
from webex_connector.connector.properties import PROPERTIES
from webex_connector.icf.configuration import ConfigurationMistakes, configured
from webex_connector.icf.errors import UnknownObjectClass, UnknownUid, UnsupportedOperation
from webex_connector.icf.filters import EVERYTHING, Compare, Filter, Operator
from webex_connector.icf.objects import ConnectorObject
from webex_connector.webex.ids import encode

LOCATIONS = "LOCATIONS"


@pytest.fixture
async def hub(clock: VirtualClock) -> AsyncIterator[Hub]:
    """
    A system that was told to have locations.
    """
    async with running_hub(clock, objectClasses=[LOCATIONS]) as hub:
        yield hub


async def _found(hub: Hub, node: Filter) -> list[ConnectorObject]:
    return [each async for batch in hub.facade.search(LOCATIONS, node, OPTIONS) for each in batch]


async def test_locations_are_listed_in_one_request(hub: Hub) -> None:
    """
    Every location of the organisation is there, with its name, address and time zone.
    """
    found = await _found(hub, EVERYTHING)

    world = hub.sandbox.world
    expected = {encode("LOCATION", each.uuid): (each.name, each.timezone) for each in world.locations.values()}
    assert expected == {each.uid: (each.name, each.values("timeZone")[0]) for each in found}
    assert all(each.values("address") for each in found)
    assert ["GET /locations"] == asked(hub)


async def test_one_location_is_read_and_found_by_name(hub: Hub) -> None:
    """
    By uid, and by a part of its name in any case.
    """
    location = next(iter(hub.sandbox.world.locations.values()))
    uid = encode("LOCATION", location.uuid)

    read = await hub.facade.get(LOCATIONS, uid, OPTIONS)
    found = await _found(hub, Compare("name", Operator.CONTAINS, location.name[1:].upper()))

    assert (location.name, uid) == (read.name, read.uid)
    assert uid in [each.uid for each in found]


async def test_locations_cannot_be_written(hub: Hub) -> None:
    """
    They are read only, and an unknown one is named as such.
    """
    with pytest.raises(UnsupportedOperation):
        await hub.facade.delete(LOCATIONS, "x", OPTIONS)
    with pytest.raises(UnknownUid):
        await hub.facade.get(LOCATIONS, encode("LOCATION", "00000000-0000-4000-8000-000000000000"), OPTIONS)


async def test_they_are_there_only_when_named(clock: VirtualClock) -> None:
    """
    Without the setting there are the usual five classes; a class that does not exist is refused in the settings.
    """
    async with running_hub(clock) as hub:
        with pytest.raises(UnknownObjectClass):
            hub.facade.search(LOCATIONS, EVERYTHING, OPTIONS)
    with pytest.raises(ConfigurationMistakes, match=r"objectClasses: may name .*LOCATIONS.*, not ROOMS"):
        configured(PROPERTIES, {"objectClasses": ["ROOMS"]})
