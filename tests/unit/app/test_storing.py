"""
The store behind the ports: what happens over several processes, and when the store does not answer.
"""

import asyncio
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from fakes.virtual_time import EPOCH, VirtualClock
from webex_connector.app.settings import ServeSettings, Settings
from webex_connector.app.storing import StoredBudget, StoredVault, remembered, usable
from webex_connector.base.secret import Secret
from webex_connector.icf.errors import ConfigurationInvalid
from webex_connector.store import tables
from webex_connector.store.budget import SharedBudget
from webex_connector.store.leases import Leases
from webex_connector.store.opening import Store, StorePlace, opened
from webex_connector.store.vault import Vault
from webex_connector.webex.errors import NotReached
from webex_connector.webex.oauth import OAuthClient, Tokens
from webex_connector.webex.tokens import RefreshGrant, VaultKey
from webex_connector.webex.wire import Answer, Request

KEY = VaultKey("https://example.com/token", "id", "f")
TOKENS = Tokens(Secret("a1"), Secret("r1"), EPOCH, EPOCH + timedelta(days=14))
CLIENT = OAuthClient("https://example.com/token", "id", Secret("hush"))


@pytest.fixture
def stores(tmp_path: Path) -> Iterator[list[Store]]:
    """
    One store as two processes have it.
    """
    found = [opened(StorePlace(tmp_path), inline=True) for _ in range(2)]
    yield found
    for store in found:
        store.close()


def _vault(store: Store) -> StoredVault:
    return StoredVault(Vault(store.database, store.sealing, Leases(store.database, VirtualClock())))


class _Endpoint:
    """
    A token endpoint that takes a second, rotates the refresh token each time, and knows only the latest.
    """

    def __init__(self) -> None:
        self.issued = 0

    async def __call__(self, request: Request) -> Answer:
        await asyncio.sleep(1)
        form = request.form or {}
        assert form["refresh_token"] == Secret(f"r{self.issued}")
        self.issued += 1
        content = {"access_token": f"a{self.issued}", "expires_in": 86_400, "refresh_token": f"r{self.issued}"}
        return Answer(200, content, None, "ROUTER_1")


async def test_tokens_pass_from_process_to_process(stores: list[Store]) -> None:
    """
    What one has put the other gets, whole.
    """
    one, two = map(_vault, stores)

    assert await two.get(KEY) is None
    await one.put(KEY, TOKENS)

    assert TOKENS == await two.get(KEY)


async def test_two_processes_renew_once(stores: list[Store], clock: VirtualClock) -> None:
    """
    With an endpoint that forgets each used refresh token, a second renewal would lock everybody out.
    """
    endpoint = _Endpoint()
    grants = [RefreshGrant(CLIENT, Secret("r0"), vault=_vault(store), clock=clock) for store in stores]

    first = await asyncio.gather(*(grant.token(endpoint) for grant in grants))
    second = await asyncio.gather(*(grant.renew(Secret("a1"), endpoint) for grant in grants))

    assert ([Secret("a1")] * 2, [Secret("a2")] * 2, 2) == (first, second, endpoint.issued)


async def test_a_rotation_outlives_its_process(stores: list[Store], clock: VirtualClock) -> None:
    """
    The configured refresh token is dead after the first renewal; a new process goes on with the stored one.
    """
    endpoint = _Endpoint()
    before, after = (RefreshGrant(CLIENT, Secret("r0"), vault=_vault(store), clock=clock) for store in stores)
    await before.token(endpoint)
    await clock.sleep(86_400)

    assert Secret("a2") == await after.token(endpoint)


async def test_without_the_store_no_request_leaves(stores: list[Store], clock: VirtualClock) -> None:
    """
    Neither a token nor a place is given that was not written down.
    """
    store, _ = stores
    for table in (tables.TOKENS, tables.LEASES, tables.BUDGETS):
        await store.database.write(table.drop)
    budget = StoredBudget(SharedBudget(store.database, "a", clock))

    for attempt in (_vault(store).get(KEY), _vault(store).put(KEY, TOKENS), budget.reserve(1, 1.0), budget.hold(1.0)):
        with pytest.raises(NotReached, match="The store did not answer"):
            await attempt
    with pytest.raises(NotReached):
        async with _vault(store).renewing(KEY):
            pytest.fail("nobody can know that nobody else renews")


def test_a_store_that_cannot_be_opened_is_the_administrators(tmp_path: Path) -> None:
    """
    The message names the folder; it is no defect.
    """
    (tmp_path / "file").write_text("")
    with (
        pytest.raises(ConfigurationInvalid, match="Cannot make the data folder"),
        usable(StorePlace(tmp_path / "file")),
    ):
        pytest.fail("it was opened")


async def test_processes_that_share_a_folder_share_budgets(tmp_path: Path, clock: VirtualClock) -> None:
    """
    In memory there is nobody to share with, and the budget is the pacer's own.
    """
    alone = Settings(ServeSettings(), 50, (), {})
    with remembered(alone, clock) as memory:
        assert memory.budget is None

    with remembered(Settings(ServeSettings(), 50, (), {}, StorePlace(tmp_path)), clock) as memory:
        assert memory.budget is not None
        assert 0.25 == memory.budget("a").lease
