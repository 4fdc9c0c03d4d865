"""
A plan as people read it.
"""

from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from html.parser import HTMLParser

import msgspec
import pytest

from fakes.sync_house import SyncHouse, people, record
from webex_connector.policy.safety import Limits
from webex_connector.store.plans import ItemState, KeptPlan, PlanState, Settled
from webex_connector.sync.decide.definition import SituationPolicy
from webex_connector.sync.decide.plan import PlanItem
from webex_connector.sync.decide.situation import Action, Situation
from webex_connector.sync.item_text import item_of
from webex_connector.sync.report.html_page import html
from webex_connector.sync.report.json_text import json
from webex_connector.sync.report.markdown import markdown
from webex_connector.sync.report.outline import Outline, line_of, outline_of, requests_of, time_of

NASTY = "<script>alert('x')</script> | *bold* `x`"


async def planned(house: SyncHouse) -> KeptPlan:
    """
    Return a plan that is stopped, with somebody made, changed, disabled and deleted, and a name that is no name.
    """
    house.source.records = [record("1", "Ana"), record("2", "Bo"), record("3", "Cem")]
    await house.synchronize()
    house.limit(Limits(shrinking=None, never_delete=True))
    house.mapping = people(
        SituationPolicy(Situation.SOURCE_MISSING, Action.DELETE),
        SituationPolicy(Situation.UNQUALIFIED, Action.DISABLE),
    )
    house.source.records = [record("1", "Ana", title=NASTY), record("2", "Bo", status="left"), record("4", "Dora")]
    return await house.plan()


def items_of(house: SyncHouse, plan: KeptPlan) -> Callable[[Action], AsyncIterator[PlanItem]]:
    """
    Return what streams the plan's items.
    """

    async def items(action: Action) -> AsyncIterator[PlanItem]:
        async for some in house.tables.plans.items(plan.id, action=action.value):
            for each in some:
                yield item_of(each.content)

    return items


async def text(pieces: AsyncIterator[str]) -> str:
    """
    Return the whole of a report.
    """
    return "".join([piece async for piece in pieces])


def outline(house: SyncHouse, plan: KeptPlan, *, invited: bool = True) -> Outline:
    """
    Return the outline as it is read now, by default that of a plan for people of Webex.
    """
    summary = msgspec.json.decode(plan.summary or "{}")
    assert summary["invited"] is False
    kept = replace(plan, summary=msgspec.json.encode({**summary, "invited": invited}).decode())
    return outline_of(kept, house.clock.now())


async def test_what_takes_something_away_comes_first(house: SyncHouse) -> None:
    """
    Before everything else a report says why it is stopped, who is deleted, and on which day who else will be.
    """
    plan = await planned(house)
    found = outline(house, plan)
    assert found.stops == ["1 would be deleted, and never_delete is set; disable them in place of deleting them"]
    assert [each.partition(".")[0] for each in found.warnings] == [
        "1 will be deleted",
        "1 will be disabled",
        "1 will be made",
    ]
    assert "still inactive on 2026-12-02" in found.warnings[1]
    report = await text(markdown(found, items_of(house, plan)))
    headings = [line for line in report.splitlines() if line.startswith("## ")]
    assert headings == ["## Deleted: 1", "## Disabled: 1", "## Changed: 1", "## Made: 1"]


async def test_what_webex_does_by_itself_is_said_of_its_people_alone(house: SyncHouse) -> None:
    """
    In other systems nobody is invited, and whoever is disabled stays.
    """
    found = outline(house, await planned(house), invited=False)
    assert ["1 will be deleted. That cannot be taken back."] == [*found.warnings]


async def test_nothing_in_markdown_is_more_than_text(house: SyncHouse) -> None:
    """
    A title that looks like markup is shown as it is.
    """
    plan = await planned(house)
    report = await text(markdown(outline(house, plan), items_of(house, plan)))
    (row,) = [line for line in report.splitlines() if "script" in line]
    assert row.count(" | ") == 3
    assert "<script>" not in row


class Tags(HTMLParser):
    """
    Counts the tags of a page, and gathers its text.
    """

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.words: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """
        Take a tag.
        """
        assert not any(name.startswith("on") or name in {"src", "href"} for name, _ in attrs)
        self.tags.append(tag)

    def handle_data(self, data: str) -> None:
        """
        Take text.
        """
        self.words.append(data)


async def test_a_page_has_everything_and_runs_nothing(house: SyncHouse) -> None:
    """
    One page without script or anything from elsewhere; each item is a row.
    """
    plan = await planned(house)
    page = Tags()
    page.feed(await text(html(outline(house, plan), items_of(house, plan))))
    assert (page.tags.count("tr") - page.tags.count("table"), "script" in page.tags) == (4, False)
    assert NASTY in "".join(page.words)


async def test_json_has_the_items_and_the_fingerprint(house: SyncHouse) -> None:
    """
    What other programs need to look at a plan and to say yes to it.
    """
    plan = await planned(house)
    found = msgspec.json.decode(await text(json(outline(house, plan), items_of(house, plan))))
    assert (found["fingerprint"], found["summary"]["sources"]) == (plan.fingerprint, 3)
    assert [each["action"] for each in found["items"]] == ["DELETE", "DISABLE", "UPDATE", "CREATE"]


@pytest.mark.parametrize(
    ("counts", "words"),
    [
        ({}, "0 at most"),
        ({Action.CREATE: 1}, "1 at most"),
        ({Action.UPDATE: 250, Action.REPORT: 7}, "3 to 250"),
        ({Action.CREATE: 2000, Action.DELETE: 1}, "21 to 2,001"),
    ],
)
def test_requests_are_estimated_in_bulk_and_one_by_one(counts: dict[Action, int], words: str) -> None:
    """
    Nobody knows beforehand how many of a hundred fit into one request; both ends are told.
    """
    assert requests_of(counts) == words


@pytest.mark.parametrize(
    ("count", "pace", "words"),
    [
        (0, {"allowed": 10.0, "before": 2.0}, "none"),
        (2000, {"allowed": 10.0, "before": None}, "2 seconds to 3 minutes, at 10 writes a second"),
        (90_000, {"allowed": 10.0, "before": 5.0}, "about 5.0 hours, as fast as the last plan of this mapping"),
        (1, {}, "not known before a plan of this mapping was applied; the one that is applied tells its pace"),
    ],
)
def test_the_time_is_told_as_far_as_anybody_knows(count: int, pace: dict[str, float | None], words: str) -> None:
    """
    By what was seen before, or by what the settings allow.
    """
    assert time_of({Action.CREATE: count}, pace) == words


async def test_the_pace_is_that_of_the_last_plan(house: SyncHouse) -> None:
    """
    The batch that ended first says nothing, since nobody knows when it began; the others are counted from its end on.
    """
    house.source.records = [record(str(number), f"Ana{number}") for number in range(5)]
    plan, plans = await house.plan(), house.tables.plans
    assert outline(house, plan).facts["Time"].startswith("not known")
    for count, seconds in (2, 1), (2, 1), (1, 2):
        await house.clock.sleep(seconds)
        taken = await plans.take(plan.id, count)
        await plans.settle(plan.id, [Settled(each.number, ItemState.DONE) for each in taken])
    assert await plans.per_second("people") is None
    await plans.change(plan.id, PlanState.APPLIED, only_from=frozenset({plan.state}))
    assert await plans.per_second("people") == 1
    assert outline(house, await house.plan()).facts["Time"].startswith("about 5 seconds, as fast as")


async def test_a_manager_who_is_still_to_be_made_is_told_by_the_record(house: SyncHouse) -> None:
    """
    Nobody has an identifier yet; people know the record.
    """
    house.source.records = [record("1", "Ana"), record("2", "Bo", boss="1")]
    _, bo = await house.items(await house.plan())
    assert "managerId: nothing → whoever record 1 becomes" in line_of(bo).changes
