"""
Queries of databases: what is read, what is refused, and that nothing is ever written.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, create_engine, text

from fakes.sources import changes_of, records_of, told
from webex_connector.base.secret import Secret
from webex_connector.expressions.values import Field
from webex_connector.policy.safety import Limits
from webex_connector.store.ledgers import LedgerTable
from webex_connector.sync.errors import SourceFailed
from webex_connector.sync.sources.compared import following
from webex_connector.sync.sources.sql import MarkedSqlSource, SqlQuery, SqlSource

TABLE = "CREATE TABLE people (id INTEGER, mail TEXT, teams TEXT, place TEXT, changed {moment})"
ROWS: tuple[Mapping[str, object], ...] = (
    {"id": 1, "mail": "a@x", "teams": "A; B", "place": "Bonn", "changed": "2026-01-01 10:00:00"},
    {"id": 2, "mail": "b@x", "teams": "", "place": "Bonn", "changed": "2026-01-02 10:00:00"},
    {"id": 3, "mail": "c@x", "teams": None, "place": "Rome", "changed": None},
)
QUERY = "SELECT id, mail, teams, changed FROM people;"
_INSERT = "INSERT INTO people VALUES (:id, :mail, :teams, :place, :changed)"


class Office:
    """
    A database with people in it.
    """

    def __init__(self, url: str) -> None:
        self.url = url
        self.engine: Engine = create_engine(url.replace("postgresql:", "postgresql+psycopg:"))
        moment = "TIMESTAMP" if "postgresql" in url else "TEXT"
        self.run("DROP TABLE IF EXISTS people")
        self.run(TABLE.format(moment=moment))
        self.run(_INSERT, *ROWS)

    def run(self, statement: str, *rows: Mapping[str, object]) -> None:
        """
        Run a statement, for each of these rows.
        """
        with self.engine.begin() as link:
            link.execute(text(statement), [*map(dict, rows)] or None)

    def count(self) -> int:
        """
        Return how many people there are.
        """
        with self.engine.begin() as link:
            return int(link.scalar(text("SELECT COUNT(*) FROM people")) or 0)

    def source(self, query: str = QUERY, **more: Any) -> SqlSource:
        """
        Return the source of a query; with `changed` one that has marks.
        """
        asked = SqlQuery(Secret(self.url), query, **{"key": "id", **more})
        if asked.changed is not None:
            return MarkedSqlSource("hr", asked, changed=asked.changed, inline=True)
        return SqlSource("hr", asked, inline=True)


@pytest.fixture(params=["sqlite", "postgresql"])
def office(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Office]:
    """
    The database, of each kind.
    """
    url = f"sqlite:///{tmp_path}/hr.db" if request.param == "sqlite" else request.getfixturevalue("postgres")
    found = Office(url)
    yield found
    found.engine.dispose()


async def test_rows_are_records(office: Office) -> None:
    """
    Nothing is no value, a text of several values is taken apart where the settings say so, moments are texts.
    """
    found = await records_of(office.source(many={"teams": ";"}))
    (first, _, third) = sorted(found, key=lambda each: each.key)
    assert (first.key, first.values("id"), first.values("teams")) == ("1", (1,), ("A", "B"))
    assert str(first.values("changed")[0]).replace("T", " ") == "2026-01-01 10:00:00"
    assert dict(third.attributes) == {"id": (3,), "mail": ("c@x",)}


async def test_what_comes_from_outside_is_bound(office: Office) -> None:
    """
    A parameter is a value, whatever stands in it.
    """
    query = "SELECT id FROM people WHERE place = :place"
    assert [each.key for each in await records_of(office.source(query, parameters={"place": "Rome"}))] == ["3"]
    assert await records_of(office.source(query, parameters={"place": "' OR 'a'='a"})) == []


@pytest.mark.parametrize(
    "query",
    [
        "DELETE FROM people RETURNING id",
        "DROP TABLE people",
        "INSERT INTO people (id) VALUES (9)",
        "SELECT id FROM people; DELETE FROM people",
    ],
)
async def test_nothing_is_ever_written(office: Office, query: str) -> None:
    """
    Whatever the settings give as a query.
    """
    with pytest.raises(SourceFailed):
        await records_of(office.source(query))
    assert office.count() == 3


@pytest.mark.parametrize(
    ("query", "more", "words"),
    [
        ("SELECT mail FROM people", {}, "does not bring the column id; it has mail"),
        ("SELECT id FROM people", {"columns": ("mail",)}, "does not bring the column mail"),
        ("SELECT id, mail, mail FROM people", {}, "brings the column mail more than once"),
        ("SELECT id FROM staff", {}, "the database says: .*staff"),
        ("SELECT NULL AS id, mail FROM people", {}, "row 1: has no id, which is the key"),
        ("SELECT id FROM people WHERE place = :place", {}, "place"),
        ("SELEC", {}, "the database says: "),
    ],
)
async def test_what_is_wrong_is_told(office: Office, query: str, more: dict[str, Any], words: str) -> None:
    """
    In a sentence, and nothing comes.
    """
    with pytest.raises(SourceFailed, match=words):
        await records_of(office.source(query, **more))


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("sqlite:////nowhere/hr.db", "unable to open database file"),
        ("postgresql://nobody:pass-word@127.0.0.1:1/hr", "the database says: .*refused"),
        ("nothing://x", "no such kind of database"),
        ("mysql+pymysql://hr@127.0.0.1/hr", "pymysql is not installed"),
        ("pass-word", "its URL cannot be read"),
    ],
)
async def test_a_database_that_is_not_there_is_told(url: str, words: str) -> None:
    """
    Without what is secret in its URL.
    """
    source = SqlSource("hr", SqlQuery(Secret(url), "SELECT 1 AS id", "id"), inline=True)
    with pytest.raises(SourceFailed, match=words) as told_:
        await records_of(source)
    assert "pass-word" not in str(told_.value)


async def test_a_file_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    """
    An empty database would be a source without people.
    """
    file = tmp_path / "hr.db"
    with pytest.raises(SourceFailed):
        await records_of(SqlSource("hr", SqlQuery(Secret(f"sqlite:///{file}"), QUERY, "id"), inline=True))
    assert not file.exists()


async def test_rows_that_say_when_they_changed_are_followed(office: Office, ledgers: LedgerTable) -> None:
    """
    What is new or other comes, by its column alone; who is gone is told by the keys.
    """
    follower = following(office.source(changed="changed"), ledgers, Limits(shrinking=None))
    token = await follower.latest()
    assert await changes_of(follower, token) == []
    office.run("DELETE FROM people WHERE id = 2")
    office.run(_INSERT, {"id": 4, "mail": "d@x", "teams": None, "place": None, "changed": "2026-01-03 00:00:00"})
    office.run("UPDATE people SET mail = 'A@x', changed = '2026-01-02 10:00:00' WHERE id = 1")
    office.run("UPDATE people SET mail = 'C@x' WHERE id = 3")
    found = await changes_of(follower, token)
    assert told(found) == ["+1", "+4", "-2"], "the third one changed, but does not say so"
    assert await changes_of(follower, found[-1].token) == []


async def test_a_query_without_marks_is_compared_whole(office: Office, ledgers: LedgerTable) -> None:
    """
    Then every change comes.
    """
    follower = following(office.source(), ledgers, Limits(shrinking=None))
    token = await follower.latest()
    office.run("UPDATE people SET mail = 'C@x' WHERE id = 3")
    assert told(await changes_of(follower, token)) == ["+3"]


async def test_a_column_without_an_order_cannot_be_followed(office: Office, ledgers: LedgerTable) -> None:
    """
    It is a failure, since nobody would come any more.
    """
    query = "SELECT id, id = 1 AS changed FROM people" if "postgresql" in office.url else "SELECT id, x'00' AS changed"
    query = query if "FROM" in query else f"{query} FROM people"
    with pytest.raises(SourceFailed, match="the column changed cannot say what is newer"):
        await following(office.source(query, changed="changed"), ledgers, Limits()).latest()


@pytest.mark.real_time
async def test_a_large_answer_comes_in_pages(office: Office) -> None:
    """
    Beside the loop, each row once; whoever stops in the middle leaves no connection behind.
    """
    office.run(
        _INSERT,
        *({"id": number, "mail": None, "teams": None, "place": None, "changed": None} for number in range(4, 2501)),
    )
    source = SqlSource("hr", SqlQuery(Secret(office.url), QUERY, "id"))
    pages = [[each.key for each in page.records] async for page in source.read()]
    assert [len(page) for page in pages] == [1000, 1000, 500]
    assert len({key for page in pages for key in page}) == 2500
    stream = source.read()
    await anext(stream)
    await stream.aclose()  # type: ignore[attr-defined]  # it is a generator
    office.run("DROP TABLE people")


def test_named_columns_are_the_shape() -> None:
    """
    Expressions are checked against the columns that the settings name.
    """
    query = SqlQuery(Secret("sqlite://"), QUERY, "id", columns=("mail",), many={"teams": ";"})
    assert SqlSource("hr", query).shape.attributes == {"id": Field(), "mail": Field(), "teams": Field(many=True)}
    assert SqlSource("hr", SqlQuery(Secret("sqlite://"), QUERY, "id")).shape.attributes is None
