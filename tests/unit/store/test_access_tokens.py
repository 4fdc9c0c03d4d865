"""
Access tokens of the token endpoint, and assertions that were used for them.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import Connection

from fakes.virtual_time import EPOCH
from webex_connector.store.access_tokens import AccessTokens, KeptAccess, Use
from webex_connector.store.clients import By, ClientTable, CredentialKind, KeptClient, KeptCredential
from webex_connector.store.opening import Store
from webex_connector.store.tables import ACCESS_TOKENS, ASSERTIONS

ANNA = By("anna", "command line")
HOUR = timedelta(hours=1)
TOKEN = KeptAccess("a1", "okta", frozenset({"read", "write"}), EPOCH, EPOCH + HOUR)
USE = Use("entra", "one", EPOCH + 5 * HOUR)
OKTA = KeptClient(
    "okta", "provisioner", None, EPOCH, None, frozenset({"delete"}), frozenset({"__ACCOUNT__"}), ("entra", "8f3c")
)


@pytest.fixture
def tokens(store: Store) -> AccessTokens:
    """
    A table without tokens.
    """
    return AccessTokens(store.database)


@pytest.fixture
def clients(store: Store) -> ClientTable:
    """
    A table without clients.
    """
    return ClientTable(store.database)


async def test_a_token_of_one_process_is_known_to_another(
    tokens: AccessTokens, clients: ClientTable, another: Callable[[], Store]
) -> None:
    """
    With its client and everything that was said of it, at once.
    """
    assert await clients.enrol(OKTA, None, ANNA)
    assert await tokens.keep(TOKEN)
    there = AccessTokens(another().database)
    assert (TOKEN, OKTA) == await there.found("a1", EPOCH)
    assert await there.found("a2", EPOCH) is None
    assert await clients.revoke("okta", EPOCH, ANNA)
    found = await there.found("a1", EPOCH)
    assert found is not None
    assert found[1] == replace(OKTA, revoked=EPOCH)


async def test_a_token_is_worth_what_was_shown_for_it(tokens: AccessTokens, clients: ClientTable) -> None:
    """
    When the secret has ended, or gave way to another, so has the token; and with a client that is enrolled anew.
    """
    shown = KeptCredential(CredentialKind.TOKEN, "", "d1", EPOCH)
    await clients.enrol(OKTA, shown, ANNA)
    ((_, (kept,)),) = await clients.all()
    await tokens.keep(replace(TOKEN, credential=kept.key))
    await clients.rotate("okta", replace(shown, digest="d2"), EPOCH + timedelta(minutes=9), ANNA)
    assert await tokens.found("a1", EPOCH + timedelta(minutes=8)) is not None
    assert await tokens.found("a1", EPOCH + timedelta(minutes=9)) is None
    await tokens.keep(replace(TOKEN, digest="a2"))
    await clients.revoke("okta", EPOCH, ANNA)
    await clients.enrol(replace(OKTA, made=EPOCH + timedelta(minutes=1)), None, ANNA)
    assert await tokens.found("a2", EPOCH) is None


async def test_a_token_of_a_client_that_the_store_never_had(tokens: AccessTokens) -> None:
    """
    One of the settings: the token is there, and whoever asks knows the client.
    """
    await tokens.keep(TOKEN)
    await tokens.keep(replace(TOKEN, digest="a2", credential=7))
    assert (TOKEN, None) == await tokens.found("a1", EPOCH)
    assert await tokens.found("a2", EPOCH) is None


async def test_an_assertion_is_used_once(
    tokens: AccessTokens, another: Callable[[], Store], clients: ClientTable
) -> None:
    """
    In all processes together; when it was used before, no token is kept. Another issuer may use the same identifier.
    """
    await clients.enrol(OKTA, None, ANNA)
    assert await tokens.keep(TOKEN, [USE])
    there = AccessTokens(another().database)
    assert not await there.keep(replace(TOKEN, digest="a2"), [replace(USE, issuer="okta"), USE])
    assert await there.found("a2", EPOCH) is None
    assert await there.keep(replace(TOKEN, digest="a3"), [replace(USE, issuer="okta")])


async def test_what_is_over_is_swept(tokens: AccessTokens, store: Store) -> None:
    """
    Tokens an hour after their end, so that whoever shows one hears that it ended; assertions at their end.
    """
    await tokens.keep(TOKEN, [USE])
    later = replace(TOKEN, digest="a2", made=EPOCH + 2 * HOUR - timedelta(seconds=1))
    await tokens.keep(later)
    assert (2, 1) == _rows(store)
    await tokens.keep(replace(later, digest="a3", made=EPOCH + 5 * HOUR, ends=EPOCH + 6 * HOUR))
    assert (1, 0) == _rows(store)


def _rows(store: Store) -> tuple[int, int]:
    def counted(link: Connection) -> tuple[int, int]:
        return tuple(len(link.execute(table.select()).all()) for table in (ACCESS_TOKENS, ASSERTIONS))  # type: ignore[return-value]  # there are two

    return store.database.read_now(counted)


async def test_whom_assertions_speak_for(clients: ClientTable) -> None:
    """
    A client that is enrolled goes before one that was revoked.
    """
    assert await clients.trusting("entra", "8f3c") is None
    await clients.enrol(OKTA, None, ANNA)
    await clients.revoke("okta", EPOCH, ANNA)
    found = await clients.trusting("entra", "8f3c")
    assert found is not None
    assert EPOCH == found.revoked
    await clients.enrol(replace(OKTA, name="entra", made=EPOCH - HOUR), None, ANNA)
    assert await clients.trusting("entra", "8f3c") == replace(OKTA, name="entra", made=EPOCH - HOUR)
    assert await clients.trusting("entra", "8f3") is None
