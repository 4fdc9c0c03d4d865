"""
A store of each earlier version becomes one of this version, with everything in it.
"""

from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from fakes.virtual_time import VirtualClock
from webex_connector.base.secret import Secret
from webex_connector.store import migrating, opening
from webex_connector.store.journal import Choice, JournalTable
from webex_connector.store.opening import StorePlace, opened
from webex_connector.store.tables import CLIENTS

_STEPS = Path(migrating.__file__).parent / "migrations"
_REVISIONS = [step.revision for step in reversed(list(ScriptDirectory(str(_STEPS)).walk_revisions()))]


def _made_at(revision: str, link: Connection) -> None:
    """
    Make the tables of an earlier version, with a line of the journal in them.
    """
    configuration = Config()
    configuration.set_main_option("script_location", str(_STEPS))
    configuration.attributes["connection"] = link
    command.upgrade(configuration, revision)
    link.execute(
        text(
            "INSERT INTO journal (began, system, object_class, change, actor, door, intent)"
            " VALUES (1, 'webex', '__ACCOUNT__', 'update', 'anna', 'rest', '{}')"
        )
    )


@pytest.mark.parametrize("revision", _REVISIONS[:-1])
async def test_an_earlier_store_is_taken_over(place: StorePlace, clock: VirtualClock, revision: str) -> None:
    """
    Its rows are there, the new tables too; the file as it was lies beside it, and opening once more makes no other.
    """
    assert place.folder is not None
    place.folder.mkdir(0o700, exist_ok=True)
    database = opening._database(place, place.folder, inline=True)
    database.write_now(lambda link: _made_at(revision, link))
    database.close()

    for _ in range(2):
        store = opened(place, inline=True)
        (entry,) = await JournalTable(store.database, clock).entries(Choice())
        assert "anna" == entry.opening.actor
        assert [] == store.database.read_now(lambda link: link.execute(CLIENTS.select()).all())
        store.close()

    kept = sorted(file.name for file in place.folder.glob("store.db.before-*"))
    assert ([] if place.database else [f"store.db.before-{_REVISIONS[-1]}"]) == kept


async def test_the_copy_before_it_is_the_earlier_store(tmp_path: Path, clock: VirtualClock) -> None:
    """
    Going back to the earlier version is putting that file in place.
    """
    place = StorePlace(tmp_path, keys=Secret("A" * 43 + "="))
    database = opening._database(place, tmp_path, inline=True)
    database.write_now(lambda link: _made_at("0001", link))
    database.close()
    opened(place, inline=True).close()

    (tmp_path / f"store.db.before-{_REVISIONS[-1]}").replace(tmp_path / "store.db")
    again = opening._database(place, tmp_path, inline=True)
    assert "0001" == again.read_now(migrating.revision_of)
    assert 1 == again.read_now(lambda link: link.execute(text("SELECT count(*) FROM journal")).scalar())
    again.close()
