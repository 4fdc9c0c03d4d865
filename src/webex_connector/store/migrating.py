"""
Bringing the tables up to date when the store is opened: all missing steps in one transaction, or none. Where there is
nothing yet, what the steps amount to is made at once (https://alembic.sqlalchemy.org/en/latest/cookbook.html).
"""

from functools import cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection, Index, make_url, text
from sqlalchemy.schema import CreateIndex, CreateTable

from webex_connector.base.log import logger
from webex_connector.store.copying import copied
from webex_connector.store.engine import Database
from webex_connector.store.errors import StoreUnusable
from webex_connector.store.tables import METADATA

_STEPS = Path(__file__).parent / "migrations"
_MIGRATING = 0x57454258
"""
The number of the lock that PostgreSQL lets one process have: two that start together do not both make the tables.
"""

_log = logger("store")


def migrate(database: Database, file: Path | None) -> None:
    """
    Make the tables what this version needs. A SQLite file that has older ones is copied before, beside itself.

    Raises StoreUnusable when a newer version has been at work there, and StoreFailed.
    """
    newest = _steps(_STEPS).get_current_head()
    found = database.read_now(revision_of)
    if found == newest:
        return
    if found is None:
        database.write_now(_make)
        return
    _refuse_unknown(found)
    if file is not None:
        kept = file.with_name(f"{file.name}.before-{newest}")
        copied(file, kept)
        _log.warning("store.migrating", found=found, newest=newest, backup=str(kept))
    database.write_now(upgrade)


def revision_of(connection: Connection) -> str | None:
    """
    Return the last step that the tables have seen; None when there are none.
    """
    return MigrationContext.configure(connection).get_current_revision()


def _refuse_unknown(found: str) -> None:
    try:
        _steps(_STEPS).get_revision(found)
    except CommandError:
        raise StoreUnusable(
            f"The store was used by a newer version (its tables are at {found}); install that one, or restore a backup"
        ) from None


def upgrade(connection: Connection) -> None:
    """
    Take every step that is missing, be it the first.
    """
    _wait(connection)
    configuration = Config()
    configuration.set_main_option("script_location", str(_STEPS).replace("%", "%%"))
    configuration.attributes["connection"] = connection
    command.upgrade(configuration, "head")


def _make(connection: Connection) -> None:
    _wait(connection)
    context = MigrationContext.configure(connection)
    if context.get_current_revision() is not None:
        # Somebody else was first.
        upgrade(connection)
        return
    for statement in _statements(connection.dialect.name):
        connection.exec_driver_sql(statement)
    context.stamp(_steps(_STEPS), "head")


def _wait(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _MIGRATING})


@cache
def _steps(folder: Path) -> ScriptDirectory:
    return ScriptDirectory(str(folder))


@cache
def _statements(dialect: str) -> tuple[str, ...]:
    """
    Return what makes every table and index.
    """
    spoken = make_url(f"{dialect}://").get_dialect()()
    made: list[str] = []
    for table in METADATA.sorted_tables:
        made.append(str(CreateTable(table).compile(dialect=spoken)))
        made += [str(CreateIndex(each).compile(dialect=spoken)) for each in sorted(table.indexes, key=_name)]
    return tuple(made)


def _name(index: Index) -> str:
    return str(index.name)
