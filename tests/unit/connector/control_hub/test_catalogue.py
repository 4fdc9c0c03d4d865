"""
Roles and licences: listed, found and read, never written.
"""

import pytest

from fakes.hub import OPTIONS, Hub, asked, found
from fakes.hub_subjects import license_id
from webex_connector.icf import names
from webex_connector.icf.errors import UnknownUid, UnsupportedOperation
from webex_connector.icf.filters import EVERYTHING, NOTHING, Compare, Operator, Or, equals
from webex_connector.sandbox import catalogue, rendering
from webex_connector.sandbox.records import FULL_ADMIN, READ_ONLY_ADMIN
from webex_connector.webex.ids import encode

FULL = rendering.role_id(FULL_ADMIN)


async def test_all_licences_come_in_one_request(hub: Hub) -> None:
    """
    With their units; a licence that costs nothing has as many as are used.
    """
    listed = {each.name: each for each in await found(hub, "LICENSES", EVERYTHING)}

    assert ["GET /licenses"] == asked(hub)
    world = hub.sandbox.world
    assert [license_.name for license_ in world.licenses.values()] == list(listed)
    suite = listed["Webex Meetings Suite"]
    used, total = world.consumed[catalogue.MEETINGS], world.licenses[catalogue.MEETINGS].total_units
    assert license_id(hub, catalogue.MEETINGS) == suite.uid
    assert {
        "name": ("Webex Meetings Suite",),
        "totalUnits": (total,),
        "consumedUnits": (used,),
        "consumedByUsers": (used,),
        "consumedByWorkspaces": (0,),
        "subscriptionId": ("Sub-acme-0001",),
        "siteUrl": (catalogue.SITE,),
        "siteType": ("Control Hub managed site",),
    } == suite.attributes
    free = listed["Basic Messaging"]
    assert free.values("consumedUnits") == free.values("totalUnits")
    assert () == free.values("subscriptionId")


async def test_the_name_of_a_role_is_its_name(hub: Hub) -> None:
    """
    As an attribute it comes only when asked for.
    """
    listed = {each.uid: each for each in await found(hub, "ROLES", EVERYTHING)}
    assert ["GET /roles"] == asked(hub)
    assert len(catalogue.ROLES) == len(listed)
    assert ("Full Administrator", {}) == (listed[FULL].name, listed[FULL].attributes)
    (full, *_) = await found(hub, "ROLES", EVERYTHING, "name")
    assert {"name": (full.name,)} == full.attributes


async def test_one_is_read_by_itself(hub: Hub) -> None:
    """
    One request each; asking for several by uid reads each.
    """
    role = await hub.facade.get("ROLES", FULL, OPTIONS)
    license_ = await hub.facade.get("LICENSES", license_id(hub, catalogue.MEETINGS), OPTIONS)
    assert ("Full Administrator", "Webex Meetings Suite") == (role.name, license_.name)
    several = await found(
        hub,
        "ROLES",
        Or(
            (
                equals(names.UID, FULL),
                equals(names.UID, "nobody"),
                equals(names.UID, rendering.role_id(READ_ONLY_ADMIN)),
            )
        ),
    )
    assert ["Full Administrator", "Read-only Administrator"] == [each.name for each in several]
    assert ["GET /roles/{id}", "GET /licenses/{id}", *["GET /roles/{id}"] * 3] == asked(hub)


async def test_names_and_numbers_are_found_in_the_list(hub: Hub) -> None:
    """
    Webex looks for nothing here, so we do.
    """
    calling = await found(hub, "LICENSES", Compare("name", Operator.CONTAINS, "calling - "))
    assert ["Webex Calling - Professional", "Webex Calling - Standard"] == [each.name for each in calling]
    used_up = await found(hub, "LICENSES", Compare("totalUnits", Operator.GREATER, 1_000_000))
    assert [] == used_up
    assert ["GET /licenses"] * 2 == asked(hub)
    assert [] == await found(hub, "LICENSES", NOTHING)
    assert 2 == len(asked(hub))


@pytest.mark.parametrize(
    ("object_class", "uid"),
    [
        ("ROLES", "nobody"),
        ("ROLES", encode("ROLE", "id_no_admin")),
        ("LICENSES", "licenseId"),
        ("LICENSES", encode("LICENSE", "5c1f0b8e-2a47-4d5e-9a3c-71d0e8b4f2a6:NONE_0")),
        ("LICENSES", ".."),
    ],
)
async def test_what_is_not_there_is_told(object_class: str, uid: str, hub: Hub) -> None:
    """
    Unknown and malformed are the same.
    """
    with pytest.raises(UnknownUid, match="There is no"):
        await hub.facade.get(object_class, uid, OPTIONS)


@pytest.mark.parametrize("object_class", ["ROLES", "LICENSES", names.ALL])
async def test_nothing_of_them_can_be_written(object_class: str, hub: Hub) -> None:
    """
    They are given on the account; nothing is sent.
    """
    for work in (
        hub.facade.create(object_class, {"name": ("x",)}, OPTIONS),
        hub.facade.update(object_class, "x", [], OPTIONS),
        hub.facade.delete(object_class, "x", OPTIONS),
    ):
        with pytest.raises(UnsupportedOperation):
            await work
    assert [] == asked(hub)
