"""
Listings of three pages while one page goes wrong.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import pytest

from fakes.fault_kinds import FIRST_READ, KINDS
from fakes.hub import OPTIONS, Hub, running_hub
from fakes.virtual_time import VirtualClock
from webex_connector.icf import names
from webex_connector.icf.errors import ConnectorError
from webex_connector.icf.filters import EVERYTHING, Compare, Filter, Operator
from webex_connector.sandbox import rendering
from webex_connector.sandbox.faults import Effect, Fail, Fault, WrongJson
from webex_connector.sandbox.quirks import Quirks
from webex_connector.sandbox.world import World

PEOPLE = 20
QUIRKS = Quirks(people_page_cap=8, groups_page_cap=10, short_pages=(8, 7))
"""
People come in pages of 8, 7 and 5, groups ten at a time.
"""

DAMAGED = WrongJson('{"items": [{"displayName": "Nobody"}], "groups": [{"displayName": "Nothing"}], "totalResults": 1}')
EFFECTS: Mapping[str, Effect] = {**KINDS, "things without an id": DAMAGED}
ENDS: Mapping[str, type[ConnectorError] | None] = {
    **{kind: end.error for kind, end in FIRST_READ.items()},
    "things without an id": FIRST_READ["no object"].error,
}


@dataclass(frozen=True)
class Listing:
    """
    A listing of three pages.
    """

    object_class: str
    request: str
    pages: tuple[str, ...]
    """Words in the address of each page; for people the sandbox counts the pages itself."""

    def fault(self, effect: Effect, page: int) -> Fault:
        """
        Return the fault that befalls a page.
        """
        if self.pages:
            return Fault(effect, to=self.request, subject=self.pages[page - 1])
        return Fault(effect, to=self.request, page=page)

    def everything(self, world: World) -> list[str]:
        """
        Return the uids of all there are, sorted.
        """
        if self.object_class == names.ACCOUNT:
            return sorted(rendering.person_id(person.uuid) for _, person in world.people())
        return sorted(rendering.group_id(world, group) for group in world.groups.values())


LISTINGS = {
    "people": Listing(names.ACCOUNT, "GET /people", ()),
    "groups": Listing(names.GROUP, "GET /groups", ("startIndex=1", "startIndex=11", "startIndex=21")),
}

CASES = [
    pytest.param(listing, page, kind, id=f"list {title}/page {page}/{kind}")
    for title, listing in LISTINGS.items()
    for page in (1, 2, 3)
    for kind in EFFECTS
]


async def _listed(hub: Hub, object_class: str, node: Filter = EVERYTHING) -> list[str]:
    return [each.uid async for objects in hub.facade.search(object_class, node, OPTIONS) for each in objects]


@pytest.mark.parametrize(("listing", "page", "kind"), CASES)
async def test_a_list_is_whole_or_fails(listing: Listing, page: int, kind: str, clock: VirtualClock) -> None:
    """
    Everybody comes once, or the listing raises: a part never passes for the whole.
    """
    async with running_hub(clock, people=PEOPLE, quirks=QUIRKS) as hub:
        everything = listing.everything(hub.sandbox.world)
        hub.sandbox.faults.add(listing.fault(EFFECTS[kind], page))
        error = ENDS.get(kind)
        if error is None:
            assert everything == sorted(await _listed(hub, listing.object_class))
        else:
            with pytest.raises(ConnectorError) as caught:
                await _listed(hub, listing.object_class)
            assert error is type(caught.value)
        hub.sandbox.faults.verify()
        assert (0, []) == (hub.sandbox.world.writes, hub.journal.entries)


@pytest.mark.parametrize("page", [1, 2, 3])
async def test_a_list_that_fails_for_good_never_ends_politely(page: int, clock: VirtualClock) -> None:
    """
    What came before the page that fails was handed out; then the stream raises, and claims no result.
    """
    async with running_hub(clock, people=PEOPLE, quirks=QUIRKS) as hub:
        hub.sandbox.faults.add(Fault(Fail(503), to="GET /people", page=page, times=9, must_fire=4))
        search = hub.facade.search(names.ACCOUNT, EVERYTHING, OPTIONS)
        seen: list[int] = []

        async def read() -> None:
            async for objects in search:
                seen.append(len(objects))  # noqa: PERF401 - what came before the failure must be kept

        with pytest.raises(ConnectorError):
            await read()
        hub.sandbox.faults.verify()
        assert [8, 7][: page - 1] == seen
        with pytest.raises(RuntimeError):
            _ = search.result


async def test_a_search_text_that_webex_refuses_is_answered_by_listing(clock: VirtualClock) -> None:
    """
    Webex refuses the narrowed search; all are listed and the facade narrows.
    """
    async with running_hub(clock, people=PEOPLE, quirks=QUIRKS) as hub:
        hub.sandbox.faults.add(Fault(Fail(400), to="GET /people", subject="displayName=John"))
        node = Compare("displayName", Operator.STARTS_WITH, "John D")
        expected = [
            rendering.person_id(each.uuid)
            for _, each in hub.sandbox.world.people()
            if each.display_name.startswith("John D")
        ]
        assert expected == await _listed(hub, names.ACCOUNT, node)
        assert expected
        hub.sandbox.faults.verify()
