"""
Stores to try things on: the same tests run on a SQLite file and on PostgreSQL.
"""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from fakes.postgres import programs, running_postgres
from webex_connector.base.secret import Secret
from webex_connector.store.opening import Store, StorePlace, opened


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """
    The URL of a running PostgreSQL server's database. Without one the tests are skipped, but never on a build server.
    """
    if programs() is None:
        reason = "no PostgreSQL server is installed (Debian: apt-get install postgresql)"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    with running_postgres() as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> StorePlace:
    """
    Where an empty store is.
    """
    folder = tmp_path / "data"
    if request.param == "sqlite":
        return StorePlace(folder)
    url = request.getfixturevalue("postgres")
    engine = create_engine(url.replace("postgresql:", "postgresql+psycopg:"))
    with engine.begin() as link:
        link.execute(text("DROP SCHEMA public CASCADE"))
        link.execute(text("CREATE SCHEMA public"))
    engine.dispose()
    return StorePlace(folder, Secret(url))


Open = Callable[[], Store]
"""
Opens the store once more, as another process would.
"""


@pytest.fixture
def another(place: StorePlace) -> Iterator[Open]:
    """
    Open the store any number of times; all are closed at the end.
    """
    stores: list[Store] = []

    def open_() -> Store:
        stores.append(opened(place, inline=True))
        return stores[-1]

    yield open_
    for store in stores:
        store.close()


@pytest.fixture
def store(another: Open) -> Store:
    """
    An open store that works in the calling thread.
    """
    return another()
