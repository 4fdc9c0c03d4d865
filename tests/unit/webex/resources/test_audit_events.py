"""
Audit events: paged by offset, a year at a time, and read without trust.
"""

import itertools
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from fakes.scripted_webex import Reply, ScriptedWebex, Seen
from fakes.webex_stage import Stage
from webex_connector.webex.call import Call
from webex_connector.webex.errors import Forbidden, ServerFailed, TooStrange
from webex_connector.webex.resources.audit_events import AuditEvent, read_event

NOON = datetime(2026, 11, 2, 12, 0, tzinfo=UTC)
DAY = timedelta(days=1)
ANA = "a6b0d2f4-18c3-4e79-8f25-0c9e7d314b58"


async def happened(stage: Stage, total: int, *, largest: int = 200) -> ScriptedWebex:
    """
    Serve that many events, in pages no larger than `largest`.
    """

    def script(seen: Seen) -> Reply:
        first = int(seen.query["offset"])
        size = min(largest, int(seen.query["max"]))
        return Reply(body={"items": [{"id": f"e{n}"} for n in range(first, min(first + size, total))]})

    return await stage.server(script)


async def walk(stage: Stage, since: datetime, until: datetime, **options: Any) -> list[str]:
    """
    The ids of all events between two moments.
    """
    pages = stage.client().audit_events.list("org", since, until, Call(), **options)
    return [event["id"] async for page in pages for event in page.items]


@pytest.mark.parametrize("largest", [200, 100])
@pytest.mark.parametrize("total", [0, 1, 99, 100, 199, 200, 201, 450])
async def test_events_are_read_to_the_end(stage: Stage, total: int, largest: int) -> None:
    """
    None is missed and none comes twice, also when Webex gives 100 where 200 were asked for.
    """
    await happened(stage, total, largest=largest)
    assert [f"e{n}" for n in range(total)] == await walk(stage, NOON - DAY, NOON)


@pytest.mark.parametrize(("total", "requests"), [(0, 1), (99, 1), (200, 2), (250, 2), (450, 3)])
async def test_a_short_page_is_the_last(stage: Stage, total: int, requests: int) -> None:
    """
    A quiet day costs one request.
    """
    server = await happened(stage, total)
    await walk(stage, NOON - DAY, NOON)
    assert requests == len(server.seen)


async def test_a_request_names_organisation_window_and_categories(stage: Stage) -> None:
    """
    The moments are told in UTC, whatever zone they came in.
    """
    server = await happened(stage, 0)
    here = timezone(timedelta(hours=1))
    await walk(stage, (NOON - DAY).astimezone(here), NOON.astimezone(here), categories=("USERS", "LICENSE"))
    assert "/v1/adminAudit/events" == server.seen[0].path
    assert {
        "orgId": "org",
        "from": "2026-11-01T12:00:00.000Z",
        "to": "2026-11-02T12:00:00.000Z",
        "eventCategories": "USERS,LICENSE",
        "max": "200",
        "offset": "0",
    } == server.seen[0].query


async def test_more_than_a_year_is_asked_for_year_by_year(stage: Stage) -> None:
    """
    The windows reach from end to end without a gap, and none is longer than Webex takes.
    """
    server = await happened(stage, 0)
    await walk(stage, NOON - 800 * DAY, NOON)
    windows = [
        (datetime.fromisoformat(seen.query["from"]), datetime.fromisoformat(seen.query["to"])) for seen in server.seen
    ]
    assert 3 == len(windows)
    assert (NOON - 800 * DAY, NOON) == (windows[0][0], windows[-1][1])
    assert all(later[0] < earlier[1] for earlier, later in itertools.pairwise(windows))
    assert all(last - first <= 365 * DAY for first, last in windows)


async def test_no_time_is_no_request(stage: Stage) -> None:
    """
    Nothing happens between a moment and itself.
    """
    server = await happened(stage, 5)
    assert [] == await walk(stage, NOON, NOON)
    assert [] == server.seen


async def test_a_moment_without_a_zone_is_refused(stage: Stage) -> None:
    """
    Nobody knows when that is.
    """
    with pytest.raises(ValueError, match="zone"):
        await walk(stage, NOON.replace(tzinfo=None), NOON)
    with pytest.raises(ValueError, match="zone"):
        await walk(stage, NOON, NOON.replace(tzinfo=None))


async def test_a_failed_page_fails_the_walk(stage: Stage) -> None:
    """
    A part is no whole.
    """
    server = await happened(stage, 450)
    good = server._script
    server._script = lambda seen: Reply(500) if seen.query["offset"] == "200" else good(seen)
    with pytest.raises(ServerFailed):
        await walk(stage, NOON - DAY, NOON)


async def test_only_a_full_administrator_may_look(stage: Stage) -> None:
    """
    Anybody else is told so.
    """
    await stage.server(lambda _seen: Reply(403))
    with pytest.raises(Forbidden):
        await walk(stage, NOON - DAY, NOON)


async def test_the_categories_can_be_asked_for(stage: Stage) -> None:
    """
    They are words; anything else is too strange.
    """
    bodies: list[dict[str, object]] = [{"eventCategories": ["USERS", "LOGINS"]}, {}, {"eventCategories": [1]}]
    server = await stage.server(lambda _seen: Reply(200, bodies[len(server.seen) - 1]))
    events = stage.client().audit_events
    assert ["USERS", "LOGINS"] == await events.categories(Call())
    assert "/v1/adminAudit/eventCategories" == server.seen[0].target
    for _ in range(2):
        with pytest.raises(TooStrange):
            await events.categories(Call())


@pytest.mark.parametrize(
    ("category", "kind", "target"),
    [
        ("USERS", "PERSON", "YTZiMGQyZjQtMThjMy00ZTc5LThmMjUtMGM5ZTdkMzE0YjU4"),
        ("EventCategory.USERS", "TargetResourceType.PERSON", ANA),
        (
            "users",
            "person",
            "Y2lzY29zcGFyazovL3VzL1BFT1BMRS9hNmIwZDJmNC0xOGMzLTRlNzktOGYyNS0wYzllN2QzMTRiNTg",
        ),
    ],
)
def test_an_event_is_read_in_every_spelling(category: str, kind: str, target: str) -> None:
    """
    Webex writes words and ids in several ways.
    """
    item = {"id": "e", "data": {"eventCategory": category, "targetType": kind, "targetId": target}}
    assert AuditEvent("USERS", "PERSON", ANA, failed=False) == read_event(item)


def test_a_failed_attempt_is_no_change() -> None:
    """
    Webex notes those too.
    """
    assert read_event({"data": {"eventCategory": "USERS", "errorCode": "7"}}).failed


@pytest.mark.parametrize("item", [{}, {"data": None}, {"data": {"eventCategory": 7, "targetId": "a name"}}])
def test_an_event_that_tells_nothing_breaks_nothing(item: dict[str, Any]) -> None:
    """
    It is a hint at most.
    """
    assert AuditEvent("", None, None, failed=False) == read_event(item)
