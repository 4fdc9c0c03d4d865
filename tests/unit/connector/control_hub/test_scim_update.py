"""
What a change by SCIM says of itself.
"""

import json
from collections.abc import AsyncIterator

import pytest

from fakes.hub import Hub, running_hub
from fakes.hub_people import missed, person_at, updated
from fakes.hub_subjects import license_id
from fakes.virtual_time import VirtualClock
from webex_connector.icf.attributes import added, removed, replaced
from webex_connector.icf.errors import ConnectionBroken
from webex_connector.sandbox.catalogue import CALL_ON_WEBEX
from webex_connector.sandbox.faults import Fail, Fault, LoseAnswer, Reset, WrongJson
from webex_connector.webex.ids import encode

PATCH = "PATCH /Users/{id}"
READ_ONLY = encode("ROLE", "id_readonly_admin")


@pytest.fixture
async def hub(clock: VirtualClock) -> AsyncIterator[Hub]:
    """
    A system on the SCIM road.
    """
    async with running_hub(clock, people=6, road="scim") as hub:
        yield hub


async def test_what_the_answer_does_not_show_was_not_applied(hub: Hub) -> None:
    """
    Webex says 200 and shows a person without the new title: the title is named as not applied.
    """
    john = person_at(hub)
    shown = {"id": john.uuid, "userName": john.email, "displayName": john.display_name}
    hub.sandbox.faults.add(Fault(WrongJson(json.dumps(shown)), to=PATCH))

    assert {"title": ("Tester",)} == missed(await updated(hub, replaced("title", "Tester")))


async def test_a_change_seen_after_a_lost_answer_counts(hub: Hub) -> None:
    """
    The answer was lost and the look finds the change: something was changed.
    """
    hub.sandbox.faults.add(Fault(LoseAnswer(), to=PATCH))

    result = await updated(hub, replaced("title", "Tester"))

    assert result.changed
    hub.sandbox.faults.verify()


async def test_a_removal_that_did_not_happen_is_made_again(hub: Hub) -> None:
    """
    The request got lost; the look shows the role still there, which is more than was asked for.
    """
    await updated(hub, added("roles", READ_ONLY))
    hub.sandbox.faults.add(Fault(Reset(), to=PATCH))

    result = await updated(hub, removed("roles", READ_ONLY))

    assert (True, ()) == (result.changed, person_at(hub).roles)
    hub.sandbox.faults.verify()


async def test_a_read_that_fails_where_nothing_was_changed_is_an_error(hub: Hub) -> None:
    """
    There is no other title to take away, and Webex does not show the person: nothing can be said.
    """
    await updated(hub, replaced("title", "Tester"))
    hub.sandbox.faults.add(Fault(Fail(500), to="GET /people/{id}", times=9))

    with pytest.raises(ConnectionBroken):
        await updated(hub, removed("title", "Clerk"))
    assert "Tester" == person_at(hub).title


async def test_what_was_read_between_two_parts_is_not_what_was_before(hub: Hub) -> None:
    """
    The people road reads after SCIM has written, so the result does not pretend to know what was before.
    """
    licence = license_id(hub, CALL_ON_WEBEX)

    result = await updated(hub, replaced("title", "Tester"), added("licenses", licence))

    assert (None, "Tester") == (result.before, person_at(hub).title)
