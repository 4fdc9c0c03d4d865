"""
Opening the store: what is made, what is refused, and how tables come up to date.
"""

import sqlite3
import stat
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect, text

from webex_connector.base.secret import Secret
from webex_connector.store import migrating
from webex_connector.store.cipher import Key
from webex_connector.store.errors import StoreUnusable
from webex_connector.store.folder import filesystem_of, locked, usual_folder
from webex_connector.store.opening import Store, StorePlace, opened
from webex_connector.store.tables import METADATA, TOKENS


def _mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_everything_is_made_for_the_owner_alone(place: StorePlace) -> None:
    """
    Folder, database, keys and lock are nobody else's.
    """
    opened(place, inline=True).close()

    assert place.folder is not None
    assert 0o700 == _mode(place.folder)
    assert {0o600} == {_mode(file) for file in place.folder.iterdir()}
    assert (place.folder / "store.key").exists()
    assert (place.database is None) == (place.folder / "store.db").exists()


async def test_migrations_make_what_the_tables_say(store: Store) -> None:
    """
    A table or column that is declared, and has no step that makes it, is found; and the other way round.
    """

    def differences(link: object) -> list[object]:
        context = MigrationContext.configure(link, opts={"compare_type": True})  # type: ignore[arg-type]  # a Connection
        return list(compare_metadata(context, METADATA))

    assert [] == await store.database.read(differences)


async def test_tables_made_at_once_are_those_of_the_steps(store: Store) -> None:
    """
    A new store has what an old one has that took every step: columns and their order, keys, checks and indexes.
    """
    at_once = await store.database.read(_structure)

    def through_the_steps(link: Connection) -> object:
        for name in inspect(link).get_table_names():
            link.execute(text(f'DROP TABLE "{name}"'))
        migrating.upgrade(link)
        return _structure(link)

    assert at_once == await store.database.write(through_the_steps)


def _structure(link: Connection) -> object:
    tables = inspect(link)
    return {
        name: [
            [{**each, "type": str(each["type"])} for each in tables.get_columns(name)],
            tables.get_pk_constraint(name),
            *(
                sorted(found(name), key=str)
                for found in (
                    tables.get_indexes,
                    tables.get_unique_constraints,
                    tables.get_check_constraints,
                    tables.get_foreign_keys,
                )
            ),
        ]
        for name in tables.get_table_names()
    }


async def test_a_missing_column_would_be_found(store: Store) -> None:
    """
    The comparison sees a table that nobody declared.
    """
    await store.database.write(lambda link: link.execute(text("CREATE TABLE planted (a INTEGER)")))

    def differences(link: object) -> list[object]:
        return list(compare_metadata(MigrationContext.configure(link), METADATA))  # type: ignore[arg-type]  # as above

    assert 1 == len(await store.database.read(differences))


async def test_opening_again_changes_nothing(store: Store, another: Callable[[], Store]) -> None:
    """
    Tables and keys are those of the first time.
    """
    again = another()

    assert [key.id for key in again.keys.keys] == [key.id for key in store.keys.keys]
    assert _newest() == await again.database.read(migrating.revision_of)


def test_tables_of_a_newer_version_are_left_alone(place: StorePlace) -> None:
    """
    An older version does not guess what newer tables mean.
    """
    store = opened(place, inline=True)
    store.database.write_now(lambda link: link.execute(text("UPDATE alembic_version SET version_num = '9999'")))
    store.close()

    with pytest.raises(StoreUnusable, match=r"newer version \(its tables are at 9999\)"):
        opened(place, inline=True)


def test_older_tables_are_copied_before_they_change(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """
    A step that goes wrong leaves the tables as they were, and the copy beside them.
    """
    opened(StorePlace(tmp_path), inline=True).close()
    steps, newest = tmp_path / "steps", _newest()
    _with_one_more_step(steps, "raise LookupError")
    monkeypatch.setattr(migrating, "_STEPS", steps)

    with pytest.raises(LookupError):
        opened(StorePlace(tmp_path), inline=True)

    for file in ("store.db", "store.db.before-9000"):
        with closing(sqlite3.connect(tmp_path / file)) as found:
            assert [(newest,)] == found.execute("SELECT version_num FROM alembic_version").fetchall()
            assert [] == found.execute("SELECT name FROM sqlite_master WHERE name = 'more'").fetchall()
    assert 0o600 == _mode(tmp_path / "store.db.before-9000")


def test_a_further_step_is_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """
    Opening with a newer version brings the tables up to date.
    """
    opened(StorePlace(tmp_path), inline=True).close()
    steps = tmp_path / "steps"
    _with_one_more_step(steps, "pass")
    monkeypatch.setattr(migrating, "_STEPS", steps)

    store = opened(StorePlace(tmp_path), inline=True)

    assert 0 == store.database.read_now(lambda link: link.scalar(text("SELECT count(*) FROM more")))
    store.close()


def _newest() -> str | None:
    return ScriptDirectory(str(migrating._STEPS)).get_current_head()


def _with_one_more_step(steps: Path, ending: str) -> None:
    versions, newest = steps / "versions", _newest()
    versions.mkdir(parents=True)
    for file in migrating._STEPS.rglob("*.py"):
        (steps / file.relative_to(migrating._STEPS)).write_text(file.read_text())
    (versions / "s9000_more.py").write_text(
        f"import sqlalchemy as sa\nfrom alembic import op\nrevision = '9000'\ndown_revision = '{newest}'\n"
        f"def upgrade():\n    op.create_table('more', sa.Column('a', sa.Integer()))\n    {ending}\n",
    )


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    """
    The administrator learns which folder it is.
    """
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreUnusable, match=str(tmp_path / "file" / "data")):
        opened(StorePlace(tmp_path / "file" / "data"))


def test_keys_that_others_can_read_are_refused(place: StorePlace) -> None:
    """
    The message is the command that helps.
    """
    opened(place, inline=True).close()
    assert place.folder is not None
    (place.folder / "store.key").chmod(0o640)

    with pytest.raises(StoreUnusable, match=r"chmod 600 .*store\.key"):
        opened(place, inline=True)


async def test_lost_keys_are_not_made_anew_where_something_is_sealed(place: StorePlace) -> None:
    """
    New keys would hide that the old ones are needed.
    """
    store = opened(place, inline=True)
    row = {"endpoint": "e", "client_id": "c", "fingerprint": "f"}
    sealed = store.sealing.sealed(TOKENS, row, {"access": Secret("hush")})
    await store.database.write(lambda link: link.execute(TOKENS.insert().values(**row, **sealed)))
    store.close()
    assert place.folder is not None
    (place.folder / "store.key").unlink()

    with pytest.raises(StoreUnusable, match="Restore them from a backup"):
        opened(place, inline=True)


def test_keys_of_the_settings_leave_no_file(tmp_path: Path) -> None:
    """
    Who keeps the key elsewhere has none beside the database.
    """
    key = Key.made()
    store = opened(StorePlace(tmp_path, keys=key.text), inline=True)
    store.close()

    assert (key.id,) == tuple(each.id for each in store.keys.keys)
    assert not (tmp_path / "store.key").exists()


def test_one_alone_keeps_others_out(place: StorePlace) -> None:
    """
    A restore waits for no server, and no server starts during a restore.
    """
    store = opened(place, inline=True)
    with pytest.raises(StoreUnusable, match="A server or command uses"):
        opened(place, alone=True)
    store.close()

    assert place.folder is not None
    hold = locked(place.folder, alone=True)
    with pytest.raises(StoreUnusable, match="at work in"):
        opened(place)
    hold.release()
    opened(place).close()


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({}, "/home/anna/.local/share/webex-connector"),
        ({"XDG_DATA_HOME": "/data"}, "/data/webex-connector"),
        ({"XDG_DATA_HOME": "relative"}, "/home/anna/.local/share/webex-connector"),
        ({"STATE_DIRECTORY": "/var/lib/wx:/var/lib/more", "XDG_DATA_HOME": "/data"}, "/var/lib/wx"),
    ],
)
def test_the_usual_folder(environment: dict[str, str], expected: str) -> None:
    """
    Services and people each have theirs; a relative XDG_DATA_HOME is void, as the specification has it.
    """
    assert Path(expected) == usual_folder(environment, Path("/home/anna"))


def test_the_kind_of_file_system_is_that_of_the_nearest_mount(tmp_path: Path) -> None:
    """
    A network share below a local root is a network share.
    """
    mounts = f"/dev/sda / ext4 rw 0 0\nserver:/share {tmp_path} nfs4 rw 0 0\n"

    assert "nfs4" == filesystem_of(tmp_path / "data", mounts)
    assert "ext4" == filesystem_of(Path("/elsewhere"), mounts)
    assert filesystem_of(tmp_path, "") is None
