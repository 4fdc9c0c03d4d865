"""
Whether an object changed since it was seen.
"""

import pytest

from webex_connector.connector.change_sighting import Sight, met, met_by_scim, moment_in, sight_in
from webex_connector.connector.inventory import TOLD
from webex_connector.icf import names
from webex_connector.icf.objects import ConnectorObject

UUID = "a6b0d2f4-18c3-4e79-8f25-0c9e7d314b58"
SEEN = Sight(1000, 900, "x")


@pytest.mark.parametrize(
    ("sight", "changed"),
    [
        (SEEN, False),
        (Sight(1001), True),
        (Sight(999, detail="y"), False),
        (Sight(1000, detail="y"), True),
        (Sight(1000, detail=""), False),
        (Sight(1000, 1000), False),
        (Sight(1000, 1001), True),
        (Sight(0, 901), False),
    ],
)
def test_a_later_modification_event_or_detail_is_a_change(sight: Sight, changed: bool) -> None:  # noqa: FBT001 - expected
    """
    What a late search shows older is none, nor an event before the modification that was seen.
    """
    assert changed is sight.tells_more_than(SEEN.mark)


@pytest.mark.parametrize("mark", [None, TOLD])
def test_whatever_was_not_surely_told_is_a_change(mark: str | None) -> None:
    """
    Also where Webex tells no time.
    """
    assert Sight(0).tells_more_than(mark)


def test_an_event_later_than_the_last_counts() -> None:
    """
    Each event is told once.
    """
    assert not Sight(1000, 1500).tells_more_than(Sight(1000, 1500).mark)
    assert Sight(1000, 1501).tells_more_than(Sight(1000, 1500).mark)


def test_a_mark_is_read_as_it_was_written() -> None:
    """
    The inventory keeps text.
    """
    assert SEEN == sight_in(SEEN.mark)
    assert Sight(0) == sight_in(Sight(0).mark)


def test_scim_and_people_are_met_as_one() -> None:
    """
    Whatever the spelling of the id and the time.
    """
    by_scim = met_by_scim({"id": UUID.upper(), "meta": {"lastModified": "2026-11-02T08:00:00.5Z"}})
    found = ConnectorObject(names.ACCOUNT, UUID, None, {"lastModified": ("2026-11-02T08:00:00.500+00:00",)})
    by_people = met(found, ["licenses"])

    assert (by_scim.key, by_scim.sight.modified) == (by_people.key, by_people.sight.modified)
    assert by_people.sight.detail


@pytest.mark.parametrize(
    "sent", [{"id": UUID}, {"id": UUID, "meta": 7}, {"id": UUID, "meta": {"lastModified": "soon"}}]
)
def test_a_time_that_is_missing_is_none(sent: dict[str, object]) -> None:
    """
    It is no error: the object may still be new.
    """
    assert 0 == met_by_scim(sent).sight.modified


def test_the_order_of_licences_is_no_change() -> None:
    """
    Lists are sets here.
    """
    one, other = (
        met(ConnectorObject(names.ACCOUNT, UUID, None, {"licenses": licenses}), ["licenses"])
        for licenses in (("a", "b"), ("b", "a"))
    )
    assert one.sight == other.sight
    assert 0 == moment_in(None)
