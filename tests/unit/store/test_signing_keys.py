"""
Keys that all processes sign with.
"""

from collections.abc import Callable

from sqlalchemy import select

from webex_connector.store.keeping import rotate
from webex_connector.store.opening import Store, StorePlace
from webex_connector.store.signing_keys import SigningKeys
from webex_connector.store.tables import SIGNING_KEYS


def _keys(store: Store) -> SigningKeys:
    return SigningKeys(store.database, store.sealing)


def test_every_process_has_the_same_key(store: Store, another: Callable[[], Store]) -> None:
    """
    Made by whoever asks first; another name has another key.
    """
    key = _keys(store).key("cookies")

    assert (key, 32) == (_keys(another()).key("cookies"), len(key))
    assert key != _keys(store).key("cursors")


async def test_a_key_is_sealed_at_rest(store: Store) -> None:
    """
    Nobody reads it in the database.
    """
    key = _keys(store).key("cookies")

    rows = await store.database.read(lambda link: link.execute(select(SIGNING_KEYS)).all())
    assert key.hex() not in str(rows)


def test_a_new_key_of_the_store_leaves_it_as_it_is(
    store: Store, place: StorePlace, another: Callable[[], Store]
) -> None:
    """
    It is sealed anew; what was signed with it stays good.
    """
    key = _keys(store).key("cookies")
    store.close()
    assert rotate(place) == 1

    assert key == _keys(another()).key("cookies")
