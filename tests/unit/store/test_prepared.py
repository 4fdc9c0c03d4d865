"""
Prepared statements: the same answers as SQLAlchemy's own, by either database.
"""

from collections.abc import Callable, Mapping
from contextlib import closing
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import Connection, bindparam, delete, insert, select, update

from webex_connector.store.engine import in_file
from webex_connector.store.errors import StoreFailed
from webex_connector.store.opening import Store
from webex_connector.store.prepared import Prepared
from webex_connector.store.tables import LEASES, STOPS

_NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
_TAKE = Prepared(insert(LEASES).values({column.name: bindparam(column.name) for column in LEASES.c}))
_OF_OWNER = (
    select(LEASES.c.name, LEASES.c.ends)
    .where(LEASES.c.owner == bindparam("owner"), LEASES.c.name != "never")
    .order_by(LEASES.c.name)
    .limit(bindparam("most"))
)
_LEASES = [{"name": name, "owner": "anna", "ends": _NOON} for name in "abc"]


def _plainly(link: Connection, asked: Mapping[str, object]) -> list[tuple[object, ...]]:
    return [tuple(row) for row in link.execute(_OF_OWNER, asked)]


async def test_rows_are_those_of_the_statement(store: Store) -> None:
    """
    Parameters and columns are converted, fixed values stay, and what is asked for changes from time to time.
    """
    await store.database.write(lambda link: _TAKE.run_each(link, _LEASES))
    prepared = Prepared(_OF_OWNER)

    for most in (1, 9, 2):
        asked = {"owner": "anna", "most": most}
        found = await store.database.read(partial(prepared.rows, asked=asked))
        plain = await store.database.read(partial(_plainly, asked=asked))
        assert [tuple(row) for row in found] == plain
        assert len(found) == min(most, 3)


async def test_a_missing_row_is_none(store: Store) -> None:
    """
    The first of no rows is nothing, not an error.
    """
    asked = {"owner": "nobody", "most": 1}
    assert await store.database.read(lambda link: Prepared(_OF_OWNER).first(link, asked)) is None


async def test_changes_tell_how_many_rows_they_took(store: Store, another: Callable[[], Store]) -> None:
    """
    They belong to the transaction around them, and are there for whoever opens the store next.
    """
    extend = Prepared(update(LEASES).where(LEASES.c.owner == bindparam("whose")).values(ends=bindparam("until")))
    await store.database.write(lambda link: _TAKE.run_each(link, _LEASES))
    later = _NOON.replace(hour=13)

    assert 3 == await store.database.write(lambda link: extend.run(link, {"whose": "anna", "until": later}))
    assert 0 == await store.database.write(lambda link: extend.run(link, {"whose": "otto", "until": later}))
    await store.database.write(lambda link: _TAKE.run_each(link, []))
    found = await another().database.read(lambda link: Prepared(select(LEASES.c.ends)).rows(link, {}))
    assert [later] * 3 == [ends for (ends,) in found]


async def test_truth_is_no_number(store: Store) -> None:
    """
    SQLite has numbers for true and false; who asks has neither.
    """
    stop = {"client": "okta", "since": _NOON, "system": "webex", "door": "scim", "told": False}
    keep = Prepared(insert(STOPS).values({name: bindparam(name) for name in stop}))
    await store.database.write(lambda link: keep.run(link, stop))

    assert [(False,)] == [
        tuple(row) for row in await store.database.read(lambda link: Prepared(select(STOPS.c.told)).rows(link, {}))
    ]


async def test_a_refused_change_leaves_nothing_and_tells_no_values(store: Store) -> None:
    """
    What the database does not take ends the transaction as StoreFailed.
    """
    await store.database.write(lambda link: _TAKE.run(link, _LEASES[0]))

    def broken(link: Connection) -> None:
        Prepared(delete(LEASES)).run(link, {})
        _TAKE.run_each(link, [{**_LEASES[0], "name": "anna@example.com"}] * 2)

    with pytest.raises(StoreFailed) as failed:
        await store.database.write(broken)
    assert "anna" not in str(failed.value)
    assert 1 == len(await store.database.read(lambda link: Prepared(select(LEASES.c.name)).rows(link, {})))


async def test_a_glance_goes_on_after_a_failure(tmp_path: Path) -> None:
    """
    Each glance sees what was written before it, also after one that went wrong.
    """
    with closing(in_file(tmp_path / "store.db", inline=True)) as database:
        database.write_now(LEASES.metadata.create_all)
        everybody = Prepared(select(LEASES.c.name))
        assert [] == list(await database.glance(lambda link: everybody.rows(link, {})))
        with pytest.raises(StoreFailed, match="readonly"):
            await database.glance(lambda link: _TAKE.run(link, _LEASES[0]))
        database.write_now(lambda link: _TAKE.run(link, _LEASES[0]))
        assert [("a",)] == list(await database.glance(lambda link: everybody.rows(link, {})))
