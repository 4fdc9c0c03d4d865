"""
Tokens at rest.
"""

import asyncio
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select, text

from fakes.virtual_time import EPOCH, VirtualClock
from webex_connector.base.secret import Secret
from webex_connector.store.errors import SealBroken
from webex_connector.store.leases import Leases
from webex_connector.store.opening import Store
from webex_connector.store.tables import TOKENS
from webex_connector.store.vault import Holder, KeptTokens, Vault

ANNA = Holder("https://example.com/token", "anna", "f1")
TOKENS_1 = KeptTokens(
    Secret("a1"),
    Secret("r1"),
    EPOCH,
    EPOCH + timedelta(days=14, microseconds=3),
    EPOCH + timedelta(days=90),
    frozenset({"spark-admin:people_read", "identity:groups_rw"}),
)


def _vault(store: Store) -> Vault:
    return Vault(store.database, store.sealing, Leases(store.database, VirtualClock()))


async def test_tokens_come_back_whole_in_another_process(store: Store, another: Callable[[], Store]) -> None:
    """
    Both tokens and both moments, to the microsecond.
    """
    await _vault(store).put(ANNA, TOKENS_1)

    assert TOKENS_1 == await _vault(another()).get(ANNA)


async def test_the_latest_tokens_are_the_ones(store: Store) -> None:
    """
    A rotation takes the place of what was there; what is not given is not there.
    """
    vault = _vault(store)
    await vault.put(ANNA, TOKENS_1)
    await vault.put(ANNA, KeptTokens(Secret("a2"), None, None, None))

    assert KeptTokens(Secret("a2"), None, None, None) == await vault.get(ANNA)


@pytest.mark.parametrize(
    "other",
    [
        Holder("https://else.example/token", "anna", "f1"),
        Holder("https://example.com/token", "bert", "f1"),
        Holder("https://example.com/token", "anna", "f2"),
    ],
)
async def test_holders_are_apart(store: Store, other: Holder) -> None:
    """
    Endpoint, client and fingerprint each tell tokens apart.
    """
    vault = _vault(store)
    await vault.put(ANNA, TOKENS_1)

    assert await vault.get(other) is None


async def test_the_database_holds_no_token_in_clear(store: Store) -> None:
    """
    Whoever reads the tables alone has nothing.
    """
    await _vault(store).put(ANNA, KeptTokens(Secret("hush-access"), Secret("hush-refresh"), None, None))

    row = await store.database.read(lambda link: tuple(link.execute(select(TOKENS)).one()))
    assert "hush" not in repr(row)
    assert 2 == sum(str(each).startswith("v1.") for each in row)


async def test_a_row_copied_to_another_holder_does_not_open(store: Store) -> None:
    """
    Who can write to the database still cannot make one client's tokens another's.
    """
    vault = _vault(store)
    await vault.put(ANNA, TOKENS_1)
    await store.database.write(lambda link: link.execute(text("UPDATE tokens SET client_id = 'bert'")))

    with pytest.raises(SealBroken):
        await vault.get(Holder(ANNA.endpoint, "bert", ANNA.fingerprint))


async def test_renewals_of_one_holder_wait_for_each_other(
    store: Store,
    another: Callable[[], Store],
    clock: VirtualClock,
) -> None:
    """
    The second process goes on when the first has put its tokens, and finds them.
    """
    one, two, found = _vault(store), _vault(another()), []

    async def first() -> None:
        async with one.renewing(ANNA):
            await clock.sleep(1)
            await one.put(ANNA, TOKENS_1)

    async def second() -> None:
        await clock.sleep(0.5)
        async with two.renewing(ANNA):
            found.append(await two.get(ANNA))

    await asyncio.gather(first(), second())

    assert [TOKENS_1] == found


async def test_forgotten_tokens_are_gone(store: Store) -> None:
    """
    Those of others stay; forgetting them again is no error.
    """
    vault, other = _vault(store), Holder(ANNA.endpoint, ANNA.client_id, "f2")
    await vault.put(ANNA, TOKENS_1)
    await vault.put(other, TOKENS_1)

    await vault.remove(ANNA)
    await vault.remove(ANNA)

    assert await vault.get(ANNA) is None
    assert TOKENS_1 == await vault.get(other)
