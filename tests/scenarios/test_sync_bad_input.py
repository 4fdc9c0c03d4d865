"""
Files as they come on bad days: nothing is done, nobody is hurt, and it is told why. What goes wrong while a plan is
applied is tried in `test_sync_faults.py` and `test_sync_killed.py`.
"""

import resource
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from fakes.sync_house import PlainRules, SyncHouse, record
from fakes.virtual_time import VirtualClock
from webex_connector.store.engine import in_memory
from webex_connector.store.plans import KeptPlan, PlanState
from webex_connector.store.tables import METADATA
from webex_connector.sync.decide.mapped import Mapped
from webex_connector.sync.decide.situation import Action
from webex_connector.sync.ends import Ends
from webex_connector.sync.errors import RunRefused, SourceFailed, SourceRefused
from webex_connector.sync.records import Page
from webex_connector.sync.sources.csv_file import CsvFile, CsvSource

HEAD = "number,mail,cn,title,boss,status\n"
COLUMNS = ("mail", "cn", "title", "boss", "status")
PEOPLE = [f"{n},p{n}@example.com,Person {n},Staff,,active\n" for n in range(20)]


@pytest.fixture
def house(tmp_path: Path, clock: VirtualClock) -> Iterator[SyncHouse]:
    """
    An engine with both ends in memory; one file of twenty people was applied.
    """
    database = in_memory()
    database.write_now(METADATA.create_all)
    yield SyncHouse(database, tmp_path, clock)
    database.close()


async def planned(house: SyncHouse, file: Path, rules: PlainRules | None = None) -> KeptPlan:
    """
    Make a plan by a file.
    """
    source = CsvSource("hr", CsvFile(file, "number", COLUMNS), inline=True)
    return await house.engine.plan(Ends(house.mapping, source, house.facade, rules or PlainRules("L1")), "anna")


async def begun(house: SyncHouse, folder: Path) -> Path:
    """
    Apply a good file, and return where it is.
    """
    file = folder / "hr.csv"
    file.write_text(HEAD + "".join(PEOPLE))
    assert await house.apply(await planned(house, file)) is PlanState.APPLIED
    assert len(house.people) == len(PEOPLE)
    return file


@pytest.mark.parametrize(
    ("text", "error", "told"),
    [
        (None, SourceFailed, "cannot be read: No such file"),
        (b"", SourceFailed, "is empty"),
        (HEAD.encode(), SourceRefused, "is empty; set allow_empty_source"),
        ((HEAD + "".join(PEOPLE))[:-30].encode(), SourceFailed, "values, and the head has 6"),
        ((HEAD + PEOPLE[0] + '1,"p1@example').encode(), SourceFailed, "as if its end were missing"),
        ((HEAD.replace("mail", "e-mail") + PEOPLE[0]).encode(), SourceFailed, "mail"),
        ((HEAD.replace("number", "no") + PEOPLE[0]).encode(), SourceFailed, "number"),
        ((HEAD + PEOPLE[0] + PEOPLE[0]).encode(), SourceRefused, "the key 0 comes 2 times"),
        ((HEAD + "1,m\xfcller@example.com,M,,,\n").encode("latin-1"), SourceFailed, "is no utf-8-sig text"),
    ],
    ids=[
        "missing",
        "empty",
        "head_alone",
        "cut",
        "cut_in_quotes",
        "other_column",
        "other_key",
        "row_twice",
        "encoding",
    ],
)
async def test_a_bad_file_makes_no_plan(
    text: bytes | None, error: type[Exception], told: str, house: SyncHouse, tmp_path: Path
) -> None:
    """
    A file that cannot be read whole, and for certain, makes no plan: everybody stays as they are, and the journal has
    nothing new.
    """
    file = await begun(house, tmp_path)
    people, entries = {uid: dict(each) for uid, each in house.people.items()}, len(house.journal.entries)
    file.unlink()
    if text is not None:
        file.write_bytes(text)

    with pytest.raises(error, match=told):
        await planned(house, file)

    assert people == house.people
    assert entries == len(house.journal.entries)
    assert [PlanState.APPLIED] == [each.state for each in await house.tables.plans.plans("people")]


async def test_half_a_file_is_stopped(house: SyncHouse, tmp_path: Path) -> None:
    """
    Half of the rows make a plan that waits for a yes to the exact number of rows; without it nobody is touched.
    """
    house.limit(replace(house.limits, shrinking=10.0))
    file = await begun(house, tmp_path)
    file.write_text(HEAD + "".join(PEOPLE[:10]))
    people = {uid: dict(each) for uid, each in house.people.items()}

    plan = await planned(house, file)

    assert PlanState.STOPPED is plan.state
    with pytest.raises(RunRefused, match="10 records and had 20 the last time"):
        await house.apply(plan)
    assert people == house.people


class OneFails(PlainRules):
    """
    Rules whose expression fails for one record.
    """

    async def mapped(self, page: Page) -> Sequence[Mapped]:
        """
        Return each record, one of them as a problem.
        """
        found = await super().mapped(page)
        return [
            Mapped(each.key, problem="title: 'NoneType' has no len()") if each.key == "7" else each for each in found
        ]


async def test_a_record_whose_expression_fails_keeps_nobody_else_from_anything(
    house: SyncHouse, tmp_path: Path
) -> None:
    """
    It is told with its reason and left alone; all others become as they should be.
    """
    file = await begun(house, tmp_path)
    file.write_text(HEAD + "".join(PEOPLE).replace("Staff", "Lead"))

    plan = await planned(house, file, OneFails("L1"))
    await house.apply(plan)

    told = [each for each in await house.items(plan) if each.action is Action.EXCEPTION]
    assert [("7", "title: 'NoneType' has no len()")] == [(each.source_key, each.problem) for each in told]
    assert Counter({"Lead": 19, "Staff": 1}) == Counter(str(each["title"]) for each in house.people.values())


@contextmanager
def no_room(octets: int) -> Iterator[None]:
    """
    Let no file of this process become larger.
    """
    usual = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (octets, usual[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, usual)


async def test_a_full_disk_makes_no_plan(house: SyncHouse, tmp_path: Path) -> None:
    """
    Where both sides cannot be kept while they are compared, that is told in words; there is no plan, and no file left.
    """
    house.source.records = [record(f"{n:04}", f"P{n:04}") for n in range(3000)]

    with no_room(100_000), pytest.raises(RunRefused, match="make room"):
        await house.plan()

    assert ({}, []) == (house.people, await house.tables.plans.plans("people"))
    assert [] == list(tmp_path.iterdir())  # noqa: ASYNC240 - a look into a folder
