"""
Connections at rest.
"""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select, text

from fakes.virtual_time import EPOCH
from webex_connector.base.secret import Secret
from webex_connector.store.connections import Connection, Connections
from webex_connector.store.errors import SealBroken
from webex_connector.store.opening import Store
from webex_connector.store.tables import CONNECTIONS, JOURNAL

ONE = Connection("one", Secret('{"clientSecret": "hush"}'), EPOCH + timedelta(microseconds=3), "anna")


def _connections(store: Store) -> Connections:
    return Connections(store.database, store.sealing)


async def test_a_connection_comes_back_whole_in_another_process(store: Store, another: Callable[[], Store]) -> None:
    """
    Properties, moment and name.
    """
    await _connections(store).put(ONE, "console")

    assert {"one": ONE} == await _connections(another()).all()


async def test_the_last_connection_of_a_system_is_the_one(store: Store) -> None:
    """
    Connecting again takes the place of what was there, and leaves other systems alone.
    """
    connections = _connections(store)
    later, other = Connection("one", Secret("{}"), EPOCH, "ben"), Connection("two", Secret("{}"), EPOCH, "anna")
    for each in (ONE, other, later):
        await connections.put(each, "console")

    assert {"one": later, "two": other} == await connections.all()


async def test_a_forgotten_connection_is_gone(store: Store) -> None:
    """
    Forgetting tells whether there was anything to forget.
    """
    connections = _connections(store)
    await connections.put(ONE, "console")

    assert [True, False] == [await connections.remove("one", EPOCH, "ben", "here") for _ in range(2)]
    assert {} == await connections.all()


async def test_each_change_is_in_the_journal(store: Store) -> None:
    """
    Who did it, where, and which properties; none of their values.
    """
    connections = _connections(store)
    await connections.put(ONE, "console")
    await connections.put(ONE, "command line")
    for _ in range(2):
        await connections.remove("one", EPOCH + timedelta(days=1), "ben", "console")

    rows = store.database.read_now(
        lambda link: link.execute(select(JOURNAL).order_by(JOURNAL.c.began)).mappings().all()
    )
    found = [(row["change"], row["system"], row["actor"], row["door"], row["outcome"]) for row in rows]
    assert [
        ("create", "one", "anna", "console", "done"),
        ("update", "one", "anna", "command line", "done"),
        ("delete", "one", "ben", "console", "done"),
    ] == found
    assert '{"deltas":[{"name":"clientSecret"}]}' == rows[0]["intent"]


async def test_nothing_secret_is_in_the_row(store: Store) -> None:
    """
    All properties are sealed together, those that are no secrets too.
    """
    await _connections(store).put(ONE, "console")

    [row] = await store.database.read(lambda link: link.execute(select(CONNECTIONS)).all())
    assert "hush" not in str(row)
    assert "clientSecret" not in str(row)


async def test_properties_open_for_their_own_system_alone(store: Store) -> None:
    """
    Whoever can write the database cannot give one system the credentials of another.
    """
    await _connections(store).put(ONE, "console")
    await store.database.write(lambda link: link.execute(text("UPDATE connections SET system = 'two'")))

    with pytest.raises(SealBroken):
        await _connections(store).all()
