"""
Many changes at once of which some are bad: the others are done, and each bad one is named with its reason.
"""

import pytest

from fakes.hub import OPTIONS, Hub, running_hub
from fakes.hub_people import person_at
from fakes.hub_subjects import person_id
from fakes.virtual_time import VirtualClock
from webex_connector.icf import names
from webex_connector.icf.attributes import replaced
from webex_connector.icf.errors import AlreadyExists, ConnectorError, InvalidAttributeValue, UnknownUid
from webex_connector.icf.operations import Change, ChangeRequest, Fate
from webex_connector.sandbox.scenarios import ADMIN, SAMPLE
from webex_connector.webex.ids import encode

NOBODY = encode("PEOPLE", "00000000-0000-4000-8000-000000000000")


def _making(address: str) -> ChangeRequest:
    return ChangeRequest(Change.CREATE, attributes={"emails": (address,), "displayName": ("New",)})


def _titling(uid: str) -> ChangeRequest:
    return ChangeRequest(Change.UPDATE, uid, deltas=(replaced("title", "Tester"),))


BAD: dict[str, tuple[ChangeRequest, type[ConnectorError], str]] = {
    "an address that somebody has": (_making(SAMPLE), AlreadyExists, f"{SAMPLE} belongs to a person"),
    "a person without an address": (
        ChangeRequest(Change.CREATE, attributes={"displayName": ("New",)}),
        InvalidAttributeValue,
        "Required attribute 'emails' value is null",
    ),
    "nobody to be changed": (_titling(NOBODY), UnknownUid, ""),
    "nobody to be deleted": (ChangeRequest(Change.DELETE, NOBODY), UnknownUid, ""),
}


async def _tried(hub: Hub, bad: ChangeRequest) -> ConnectorError:
    """
    Make a bad change among good ones, in the middle; return its error once the others are seen to be done.
    """
    ada = person_id(hub, ADMIN)
    changes = [_making("first@acme.example"), _titling(ada), bad, _making("last@acme.example")]

    outcomes = await hub.facade.apply_many(names.ACCOUNT, changes, OPTIONS)

    assert [Fate.DONE, Fate.DONE, Fate.REFUSED, Fate.DONE] == [each.fate for each in outcomes]
    world = hub.sandbox.world
    assert None not in {world.person_at(f"{each}@acme.example") for each in ("first", "last")}
    assert "Tester" == person_at(hub, ADMIN).title
    error = outcomes[2].error
    assert error is not None
    return error


@pytest.mark.parametrize("road", ["people", "scim"])
@pytest.mark.parametrize("name", BAD)
async def test_one_bad_change_keeps_no_other_from_happening(name: str, road: str, clock: VirtualClock) -> None:
    """
    Three of four are done on either road; the fourth is refused in the words of a single change.
    """
    bad, kind, words = BAD[name]
    async with running_hub(clock, people=6, road=road) as hub:
        john = person_at(hub)

        error = await _tried(hub, bad)

        assert kind is type(error), error
        assert words in error.message
        assert john == person_at(hub)
        assert 6 + 2 == hub.sandbox.world.people_count
