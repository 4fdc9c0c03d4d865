"""
Backup, restore and new keys.
"""

import stat
import tarfile
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import select, text

from fakes.virtual_time import VirtualClock
from webex_connector.base.secret import Secret
from webex_connector.store import keeping
from webex_connector.store.cipher import Key
from webex_connector.store.errors import SealBroken, StoreUnusable
from webex_connector.store.leases import Leases
from webex_connector.store.opening import Store, StorePlace, opened
from webex_connector.store.tables import TOKENS
from webex_connector.store.vault import Holder, KeptTokens, Vault

HOLDER = Holder("e", "c", "f")
NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)


def _vault(store: Store) -> Vault:
    return Vault(store.database, store.sealing, Leases(store.database, VirtualClock()))


async def _keep(place: StorePlace, access: str) -> None:
    store = opened(place, inline=True)
    await _vault(store).put(HOLDER, KeptTokens(Secret(access), Secret("r"), None, None))
    store.close()


async def _kept(place: StorePlace) -> str | None:
    store = opened(place, inline=True)
    try:
        found = await _vault(store).get(HOLDER)
    finally:
        store.close()
    return None if found is None else found.access.reveal()


def _keys(folder: Path) -> list[str]:
    return (folder / "store.key").read_text().splitlines()


async def test_a_backup_brings_database_and_keys_back(tmp_path: Path) -> None:
    """
    On a new machine, tokens open that were sealed on the old one.
    """
    old, new = StorePlace(tmp_path / "old"), StorePlace(tmp_path / "new")
    await _keep(old, "a1")

    assert keeping.backup(old, tmp_path / "b.tgz")
    assert keeping.restore(new, tmp_path / "b.tgz", NOW) is None

    assert "a1" == await _kept(new)
    assert 0o600 == stat.S_IMODE((tmp_path / "b.tgz").stat().st_mode)
    assert {0o600} == {stat.S_IMODE(file.stat().st_mode) for file in (tmp_path / "new").iterdir()}


async def test_a_backup_is_taken_while_the_store_is_in_use(tmp_path: Path) -> None:
    """
    What was committed, but is in the log only, is in it; a writer of the moment does not disturb.
    """
    place = StorePlace(tmp_path / "data")
    store = opened(place, inline=True)
    await _vault(store).put(HOLDER, KeptTokens(Secret("a1"), None, None, None))
    keeping.backup(place, tmp_path / "b.tgz")
    await _vault(store).put(HOLDER, KeptTokens(Secret("a2"), None, None, None))
    store.close()

    keeping.restore(place, tmp_path / "b.tgz", NOW)

    assert "a1" == await _kept(place)


async def test_what_was_there_before_a_restore_is_kept(tmp_path: Path) -> None:
    """
    A restore of the wrong file can be taken back: the database is there, and so are its keys.
    """
    one, two = StorePlace(tmp_path / "one"), StorePlace(tmp_path / "two")
    await _keep(one, "a1")
    await _keep(two, "a2")
    keeping.backup(one, tmp_path / "b.tgz")

    kept = keeping.restore(two, tmp_path / "b.tgz", NOW)
    assert "a1" == await _kept(two)

    assert tmp_path / "two" / "store.db.before-restore-20261121T120000Z" == kept
    kept.replace(tmp_path / "two" / "store.db")
    assert "a2" == await _kept(two)


async def test_nothing_is_restored_below_a_running_server(tmp_path: Path) -> None:
    """
    The server would go on with what it has open.
    """
    place = StorePlace(tmp_path / "data")
    await _keep(place, "a1")
    keeping.backup(place, tmp_path / "b.tgz")
    await _keep(place, "a2")
    server = opened(place, inline=True)

    with pytest.raises(StoreUnusable, match="A server or command uses"):
        keeping.restore(place, tmp_path / "b.tgz", NOW)
    server.close()
    assert "a2" == await _kept(place)


def _archive(file: Path, members: dict[str, bytes]) -> None:
    with tarfile.open(file, "w:gz") as archive:
        for name, content in members.items():
            part = file.parent / "part"
            part.write_bytes(content)
            archive.add(part, name)


@pytest.mark.parametrize(
    "members",
    [{}, {"../store.db": b""}, {"store.db": b"nonsense" * 1000}, {"store.db": b"", "more": b""}, {"store.key": b"k"}],
)
async def test_what_is_no_backup_changes_nothing(tmp_path: Path, members: dict[str, bytes]) -> None:
    """
    Strange, damaged and hostile files are refused before anything is touched.
    """
    place = StorePlace(tmp_path / "data")
    await _keep(place, "a1")
    _archive(tmp_path / "b.tgz", members)

    with pytest.raises(StoreUnusable, match="no backup"):
        keeping.restore(place, tmp_path / "b.tgz", NOW)
    assert "a1" == await _kept(place)


async def test_a_file_that_is_no_archive_is_refused(tmp_path: Path) -> None:
    """
    So is one that is not there.
    """
    (tmp_path / "b.tgz").write_text("hello")
    for name in ("b.tgz", "none.tgz"):
        with pytest.raises(StoreUnusable, match=f"Cannot restore .*{name}"):
            keeping.restore(StorePlace(tmp_path / "data"), tmp_path / name, NOW)


async def test_a_backup_overwrites_nothing(tmp_path: Path) -> None:
    """
    The last good backup is not lost to a mistyped name.
    """
    (tmp_path / "b.tgz").write_text("precious")
    with pytest.raises(StoreUnusable, match="is there already"):
        keeping.backup(StorePlace(tmp_path / "data"), tmp_path / "b.tgz")
    assert "precious" == (tmp_path / "b.tgz").read_text()


async def test_keys_of_the_settings_are_not_in_the_backup(tmp_path: Path) -> None:
    """
    Who keeps the key elsewhere does so for a reason.
    """
    place = StorePlace(tmp_path / "data", keys=Key.made().text)
    await _keep(place, "a1")

    assert not keeping.backup(place, tmp_path / "b.tgz")
    with tarfile.open(tmp_path / "b.tgz") as archive:
        assert ["store.db"] == archive.getnames()


async def test_a_new_key_seals_everything_and_the_old_one_is_gone(place: StorePlace) -> None:
    """
    Two values, one row; with PostgreSQL the old key stays for machines that nobody here can see.
    """
    await _keep(place, "a1")
    assert place.folder is not None
    (old,) = _keys(place.folder)

    assert 2 == keeping.rotate(place)

    first, *others = _keys(place.folder)
    assert first != old
    assert ([] if place.database is None else [old]) == others
    assert "a1" == await _kept(place)


async def test_keys_of_the_settings_are_rotated_by_naming_a_new_one_first(tmp_path: Path) -> None:
    """
    After it, the old one can be taken out of the settings.
    """
    old, new = Key.made().text, Key.made().text
    await _keep(StorePlace(tmp_path, keys=old), "a1")

    assert 2 == keeping.rotate(StorePlace(tmp_path, keys=Secret(f"{new.reveal()}\n{old.reveal()}")))

    assert "a1" == await _kept(StorePlace(tmp_path, keys=new))
    with pytest.raises(SealBroken):
        await _kept(StorePlace(tmp_path, keys=old))


async def test_keys_are_not_changed_below_a_running_server(place: StorePlace) -> None:
    """
    The server could not open what was sealed anew.
    """
    server = opened(place, inline=True)
    with pytest.raises(StoreUnusable, match="A server or command uses"):
        keeping.rotate(place)
    server.close()


async def test_a_value_that_does_not_open_stops_the_change(place: StorePlace) -> None:
    """
    Nothing is half sealed anew, and no key is lost.
    """
    await _keep(place, "a1")
    assert place.folder is not None
    (old,) = _keys(place.folder)
    store = opened(place, inline=True)
    await store.database.write(lambda link: link.execute(text("UPDATE tokens SET refresh = 'v1.a.b.c'")))
    store.close()

    with pytest.raises(SealBroken, match=r"tokens\.refresh"):
        keeping.rotate(place)

    assert old in _keys(place.folder)
    store = opened(place, inline=True)
    sealed = await store.database.read(lambda link: link.scalar(select(TOKENS.c.access)))
    store.close()
    assert str(sealed).split(".")[1] == Key.parsed(Secret(old)).id


def test_postgresql_has_its_own_tools(tmp_path: Path) -> None:
    """
    The message names them.
    """
    place = StorePlace(tmp_path, Secret("postgresql://u@h/d"))
    with pytest.raises(StoreUnusable, match="pg_dump"):
        keeping.backup(place, tmp_path / "b.tgz")
