"""
What changed among the users of a site, and what finding it out costs.
"""

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
from msgspec.structs import replace as renewed

from fakes.classic_site import ClassicSite, new_user, running_site
from fakes.hub import OPTIONS
from fakes.virtual_time import VirtualClock
from webex_connector.icf import names
from webex_connector.icf.attributes import replaced
from webex_connector.icf.errors import ConnectionBroken, InvalidOption
from webex_connector.icf.operations import DeltaType, SyncDelta
from webex_connector.sandbox.faults import Fail, Fault

ACCOUNT = names.ACCOUNT
DETAILED = replace(OPTIONS, attributes_to_get=("privileges", "email"))


async def told(running: ClassicSite, token: str | None) -> list[SyncDelta]:
    """
    Return what changed after the token, with privileges, which the listing does not show.
    """
    return [each async for each in running.facade.sync(ACCOUNT, token, DETAILED)]


async def drained(stream: AsyncIterator[SyncDelta], seen: list[SyncDelta]) -> None:
    """
    Keep what a stream tells until it ends, well or not.
    """
    async for each in stream:
        seen += [each]


async def test_only_users_whose_line_changed_are_read(clock: VirtualClock) -> None:
    """
    The first time everybody is read once; then the pages of the listing, and one read for each change.
    """
    async with running_site(clock, users=120, pageSize=50) as running:
        first = await told(running, None)
        assert len(first) == 120
        assert sorted(running.asked) == ["GetUser"] * 120 + ["LstsummaryUser"] * 3

        await running.facade.update(ACCOUNT, "jdoe", [replaced("lastName", "Dough")], OPTIONS)
        await running.facade.create(ACCOUNT, new_user(), OPTIONS)
        await running.facade.delete(ACCOUNT, first[40].uid, OPTIONS)
        running.site.trace.clear()
        changes = await told(running, first[-1].token)

        assert {(each.uid, each.type) for each in changes} == {
            ("jdoe", DeltaType.UPDATE),
            ("zoe1", DeltaType.CREATE),
            (first[40].uid, DeltaType.UPDATE),
        }
        assert sorted(running.asked) == ["GetUser"] * 3 + ["LstsummaryUser"] * 3
        new = next(each for each in changes if each.uid == "zoe1")
        assert new.object is not None
        assert "host" in new.object.values("privileges")
        running.site.trace.clear()
        assert await told(running, changes[-1].token) == []
        assert running.asked == ["LstsummaryUser"] * 3


async def test_who_is_erased_is_told_only_when_the_site_says_so_itself(running: ClassicSite) -> None:
    """
    A user that the listing lacks is asked for; one that is there after all is not told to be gone.
    """
    token = await running.facade.latest_token(ACCOUNT, OPTIONS)
    world = running.site.world
    gone = world.user("jdoe")
    assert gone is not None
    world.put(renewed(gone, fields={**gone.fields, "webExId": "renamed"}))

    changes = await told(running, token)

    assert {(each.uid, each.type) for each in changes} == {
        ("renamed", DeltaType.CREATE),
        ("jdoe", DeltaType.DELETE),
    }


async def test_a_listing_that_fails_tells_nobody_to_be_gone(clock: VirtualClock) -> None:
    """
    What was told before the failure stays told; the rest comes with the next run, and nothing twice.
    """
    async with running_site(clock, users=20, pageSize=10) as running:
        running.site.faults.add(Fault(Fail(500), to="POST user.LstsummaryUser", page=2))
        seen: list[SyncDelta] = []
        with pytest.raises(ConnectionBroken):
            await drained(running.facade.sync(ACCOUNT, None, OPTIONS), seen)
        assert len(seen) == 10

        rest = [each async for each in running.facade.sync(ACCOUNT, seen[-1].token, OPTIONS)]

        assert len({each.uid for each in (*seen, *rest)}) == 20
        assert len(rest) == 10
        assert DeltaType.DELETE not in {each.type for each in (*seen, *rest)}


async def test_a_token_that_was_passed_is_refused(running: ClassicSite) -> None:
    """
    Two consumers of one stream would each miss what the other was told.
    """
    first = await told(running, None)
    await told(running, first[-1].token)

    with pytest.raises(InvalidOption, match="later sync token"):
        await told(running, first[3].token)
