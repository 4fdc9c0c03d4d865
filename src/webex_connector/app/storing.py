"""
The store as the rest of the house needs it: each port of `icf` and `webex` over the table that serves it.
"""

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from webex_connector.app.alerting.told import ToldAlerts
from webex_connector.app.alerting.ways import told_alerts
from webex_connector.app.allowing import Allowing
from webex_connector.app.guard import QuotaGuard
from webex_connector.app.journal import StoredJournal
from webex_connector.app.settings import Settings
from webex_connector.base.clock import Clock
from webex_connector.gateway.enrolment import Enrolment
from webex_connector.icf.errors import ConfigurationInvalid
from webex_connector.policy.quota import HOUR
from webex_connector.store import copying, keeping
from webex_connector.store.budget import SharedBudget
from webex_connector.store.clients import ClientTable
from webex_connector.store.connections import Connections
from webex_connector.store.engine import Database
from webex_connector.store.errors import StoreError
from webex_connector.store.folder import prepared, served
from webex_connector.store.forgetting import Forgetting
from webex_connector.store.journal import JournalTable
from webex_connector.store.leases import Leases
from webex_connector.store.opening import DATABASE_FILE, Store, StorePlace
from webex_connector.store.opening import opened as open_store
from webex_connector.store.quota import Destructions
from webex_connector.store.signing_keys import SigningKeys
from webex_connector.store.vault import Holder, KeptTokens, Vault
from webex_connector.webex.errors import NotReached
from webex_connector.webex.oauth import Tokens
from webex_connector.webex.pace import Budget
from webex_connector.webex.tokens import TokenVault, VaultKey


class StoredVault:
    """
    Tokens in the store. While the store does not answer, no request that needs a token leaves.
    """

    def __init__(self, vault: Vault) -> None:
        self._vault = vault

    async def get(self, key: VaultKey) -> Tokens | None:
        """
        Return the tokens stored last, or None. Raises NotReached when that cannot be told.
        """
        with _unreached():
            found = await self._vault.get(_holder(key))
        if found is None:
            return None
        return Tokens(found.access, found.refresh, found.begins, found.ends, found.refresh_ends, found.scopes)

    async def put(self, key: VaultKey, tokens: Tokens) -> None:
        """
        Store the tokens. Raises NotReached when they could not be: they are not used either.
        """
        with _unreached():
            kept = KeptTokens(
                tokens.access, tokens.refresh, tokens.begins, tokens.ends, tokens.refresh_ends, tokens.scopes
            )
            await self._vault.put(_holder(key), kept)

    async def remove(self, key: VaultKey) -> None:
        """
        Forget the tokens. Raises NotReached when they could not be.
        """
        with _unreached():
            await self._vault.remove(_holder(key))

    @asynccontextmanager
    async def renewing(self, key: VaultKey) -> AsyncIterator[None]:
        """
        Wait until no other process renews these tokens. Raises NotReached when that cannot be told.
        """
        with _unreached():
            async with self._vault.renewing(_holder(key)):
                yield


class StoredBudget:
    """
    Places in the store. While the store does not answer, no request leaves.
    """

    def __init__(self, budget: SharedBudget) -> None:
        self._budget = budget

    @property
    def lease(self) -> float:
        """
        How many seconds' worth of places to take at once.
        """
        return self._budget.lease

    async def reserve(self, places: int, interval: float) -> float:
        """
        Take the next places and return the seconds until the first. Raises NotReached.
        """
        with _unreached():
            return await self._budget.reserve(places, interval)

    async def hold(self, seconds: float) -> None:
        """
        Let no place come before so many seconds are over. Raises NotReached.
        """
        with _unreached():
            await self._budget.hold(seconds)


@dataclass(frozen=True, slots=True)
class Memory:
    """
    What lasts longer than a process, by the ports that the rooms declare for it.
    """

    store: Store
    vault: TokenVault
    journal: StoredJournal
    guard: QuotaGuard
    connections: Connections
    clients: ClientTable | None
    """
    Who may call; None where the store is in memory, so that nobody else could add somebody.
    """
    budget: Callable[[str], Budget] | None
    """
    Makes the budget of a name; None when this process has every organisation to itself.
    """
    cookie_key: bytes
    """
    Signs the paging cookies of every process that uses the store.
    """
    cursor_key: bytes
    """
    The same for the cursors of the SCIM door.
    """
    alerts: ToldAlerts
    """
    Tells people; to be closed before the store is.
    """


@contextmanager
def usable(place: StorePlace) -> Iterator[Store]:
    """
    Open the store while the block runs. Raises ConfigurationInvalid with what an administrator has to do.
    """
    with _administered():
        store = open_store(place)
    try:
        yield store
    finally:
        store.close()


@contextmanager
def one_server(place: StorePlace) -> Iterator[None]:
    """
    Keep other servers from the data folder while the block runs; without a folder there is nothing to keep. Raises
    ConfigurationInvalid when one is there already.
    """
    if place.folder is None:
        yield
        return
    with _administered():
        lock = served(prepared(place.folder))
    try:
        yield
    finally:
        lock.release()


@contextmanager
def no_server(place: StorePlace) -> Iterator[bool]:
    """
    Yield whether the data folder has no server now; if so it gets none while the block runs.
    """
    try:
        lock = None if place.folder is None else served(prepared(place.folder))
    except StoreError:
        yield False
        return
    try:
        yield True
    finally:
        if lock is not None:
            lock.release()


@contextmanager
def remembered(settings: Settings, clock: Clock) -> Iterator[Memory]:
    """
    Open the store of the settings and serve every port from it while the block runs. Raises ConfigurationInvalid.
    """
    with usable(settings.store) as store:
        database = store.database
        with _administered():
            keys = SigningKeys(database, store.sealing)
            cookie_key, cursor_key = keys.key("cookies"), keys.key("cursors")

        def budget(name: str) -> Budget:
            return StoredBudget(SharedBudget(database, name, clock))

        alerts = told_alerts(settings, Leases(database, clock), clock)
        yield Memory(
            store,
            StoredVault(Vault(database, store.sealing, Leases(database, clock))),
            StoredJournal(JournalTable(database, clock)),
            QuotaGuard(settings.destructive_per_hour, _destructions(database, clock), alerts),
            Connections(database, store.sealing),
            None if settings.store.folder is None else ClientTable(database),
            None if settings.store.folder is None else budget,
            cookie_key,
            cursor_key,
            alerts,
        )


@contextmanager
def enrolment(settings: Settings, clock: Clock) -> Iterator[Enrolment]:
    """
    Open the store to say who may call, while the block runs. Raises ConfigurationInvalid.
    """
    with usable(settings.store) as store:
        issuers = [each.name for each in settings.issuers]
        yield Enrolment(ClientTable(store.database), clock, settings.clients, settings.systems, issuers)


@contextmanager
def allowing(settings: Settings, clock: Clock) -> Iterator[Allowing]:
    """
    Open the store to look at the guard and to say yes, while the block runs. Raises ConfigurationInvalid.
    """
    with usable(settings.store) as store:
        yield allowing_in(store.database, clock)


def allowing_in(database: Database, clock: Clock) -> Allowing:
    """
    Return an administrator's side of the guard of a store that is open.
    """
    return Allowing(_destructions(database, clock), clock)


@contextmanager
def forgetting(settings: Settings, clock: Clock) -> Iterator[Forgetting]:
    """
    Open the store to forget people, while the block runs. Raises ConfigurationInvalid.
    """
    with usable(settings.store) as store:
        yield Forgetting(store.database, clock)


def compact(place: StorePlace) -> None:
    """
    Leave nothing in the database's file of what was deleted from it; PostgreSQL sees to that by itself, in time. Raises
    ConfigurationInvalid.
    """
    if place.folder is not None and place.database is None:
        with _administered():
            copying.compacted(place.folder / DATABASE_FILE)


def backup(place: StorePlace, file: Path) -> bool:
    """
    Back the store up to a file; see `store.keeping.backup`. Raises ConfigurationInvalid.
    """
    with _administered():
        return keeping.backup(place, file)


def restore(place: StorePlace, file: Path, now: datetime) -> Path | None:
    """
    Restore the store from a file; see `store.keeping.restore`. Raises ConfigurationInvalid.
    """
    with _administered():
        return keeping.restore(place, file, now)


def rotate(place: StorePlace) -> int:
    """
    Give the store a new key; see `store.keeping.rotate`. Raises ConfigurationInvalid.
    """
    with _administered():
        return keeping.rotate(place)


def _destructions(database: Database, clock: Clock) -> Destructions:
    return Destructions(database, clock, timedelta(seconds=HOUR))


def _holder(key: VaultKey) -> Holder:
    return Holder(key.endpoint, key.client_id, key.fingerprint)


@contextmanager
def _administered() -> Iterator[None]:
    try:
        yield
    except StoreError as problem:
        raise ConfigurationInvalid(str(problem)) from problem


@contextmanager
def _unreached() -> Iterator[None]:
    try:
        yield
    except StoreError as problem:
        raise NotReached(str(problem)) from problem
