"""
Clients and the digests of what they show.
"""

from collections.abc import Callable
from datetime import timedelta

import pytest

from fakes.virtual_time import EPOCH, VirtualClock
from webex_connector.store.clients import By, ClientTable, CredentialKind, KeptClient, KeptCredential
from webex_connector.store.journal import Choice, JournalTable, Outcome
from webex_connector.store.opening import Store

ANNA = By("anna", "command line")
DAY = timedelta(days=1)


def _client(name: str = "okta", systems: frozenset[str] | None = None) -> KeptClient:
    return KeptClient(name, "provisioner", systems, EPOCH)


def _token(digest: str, days: int = 0, ends: int | None = None) -> KeptCredential:
    made = EPOCH + days * DAY
    return KeptCredential(
        CredentialKind.TOKEN, f"wxc_{digest}", digest, made, None if ends is None else EPOCH + ends * DAY
    )


def _password(digest: str) -> KeptCredential:
    return KeptCredential(CredentialKind.PASSWORD, "", digest, EPOCH)


@pytest.fixture
def table(store: Store) -> ClientTable:
    """
    A table without clients.
    """
    return ClientTable(store.database)


async def _digests(table: ClientTable) -> list[tuple[str, bool]]:
    return [(each.digest, each.ends is not None) for _, found in await table.all() for each in found]


async def test_a_client_is_found_by_what_it_shows(table: ClientTable, another: Callable[[], Store]) -> None:
    """
    Another process finds it too, whole; a password is no token, and a digest that nobody has is nobody's.
    """
    client = _client(systems=frozenset({"b", "a"}))
    assert await table.enrol(client, _token("d1", ends=9), ANNA)
    assert await table.enrol(_client("ida"), _password("p1"), ANNA)

    there = ClientTable(another().database)
    found = await there.by_digest("d1")
    assert found is not None
    assert (client, "wxc_d1", EPOCH + 9 * DAY) == (found[0], found[1].hint, found[1].ends)
    assert "p1" == (await there.password_of("ida") or found)[1].digest
    for nobody in (await there.by_digest("p1"), await there.by_digest(""), await there.password_of("okta")):
        assert nobody is None


async def test_a_name_in_use_is_not_given_again(table: ClientTable) -> None:
    """
    The second one changes nothing; after a revocation the name is free, and what was shown under it is forgotten.
    """
    assert await table.enrol(_client(), _token("d1"), ANNA)
    assert not await table.enrol(_client(), _token("d2"), ANNA)
    assert [("d1", False)] == await _digests(table)

    assert await table.revoke("okta", EPOCH, ANNA)
    assert await table.enrol(_client(), _token("d3"), ANNA)
    assert [("d3", False)] == await _digests(table)


async def test_a_rotation_ends_what_was_before(table: ClientTable) -> None:
    """
    The one before gets an end, unless it has an earlier one; what has ended by then is forgotten. Others keep theirs.
    """
    await table.enrol(_client(), _token("d1", ends=2), ANNA)
    await table.enrol(_client("other"), _token("o1"), ANNA)

    assert await table.rotate("okta", _token("d2", days=1), EPOCH + 5 * DAY, ANNA)
    (_, one), (_, rest) = await table.all()
    assert [("d1", EPOCH + 2 * DAY), ("d2", None)] == [(each.digest, each.ends) for each in one]
    assert ["o1"] == [each.digest for each in rest]

    assert await table.rotate("okta", _token("d3", days=3), EPOCH + 3 * DAY, ANNA)
    (_, one), _ = await table.all()
    assert [("d2", EPOCH + 3 * DAY), ("d3", None)] == [(each.digest, each.ends) for each in one]


async def test_a_client_has_one_password(table: ClientTable) -> None:
    """
    The new one takes the place of the old one at once, whatever the overlap.
    """
    await table.enrol(_client("ida"), _password("p1"), ANNA)
    await table.rotate("ida", _password("p2"), EPOCH + DAY, ANNA)
    assert [("p2", False)] == await _digests(table)


async def test_what_is_not_there_or_revoked_is_not_changed(table: ClientTable) -> None:
    """
    Neither can be rotated or revoked; a revoked client is still found, with the moment.
    """
    await table.enrol(_client(), _token("d1"), ANNA)
    assert await table.revoke("okta", EPOCH + DAY, ANNA)
    for name in ("okta", "nobody"):
        assert not await table.revoke(name, EPOCH + 2 * DAY, ANNA)
        assert not await table.rotate(name, _token("d2"), EPOCH, ANNA)
    found = await table.by_digest("d1")
    assert found is not None
    assert EPOCH + DAY == found[0].revoked


async def test_the_last_use_is_noted(table: ClientTable) -> None:
    """
    On the credential that was shown.
    """
    await table.enrol(_client(), _token("d1"), ANNA)
    found = await table.by_digest("d1")
    assert found is not None
    assert found[1].used is None
    await table.note_use(found[1].key, EPOCH + DAY)
    assert EPOCH + DAY == (await table.by_digest("d1") or found)[1].used


async def test_each_change_is_in_the_journal(table: ClientTable, store: Store, clock: VirtualClock) -> None:
    """
    Who gave and took access stands there with the client, and no digest does; what was not done does not.
    """
    await table.enrol(_client(), _token("d1"), ANNA)
    await table.enrol(_client(), _token("d2"), ANNA)
    await table.rotate("okta", _token("d3"), EPOCH, By("bert", "console"))
    await table.revoke("okta", EPOCH, ANNA)

    entries = await JournalTable(store.database, clock).entries(Choice())
    assert [("create", "anna"), ("update", "bert"), ("delete", "anna")] == [
        (each.opening.change, each.opening.actor) for each in entries
    ]
    assert {("client", "okta", Outcome.DONE)} == {
        (each.opening.object_class, each.ending.uid, each.ending.outcome) for each in entries
    }
    assert '{"attributes":{"role":"provisioner","systems":null,"token":"wxc_d1"}}' == entries[0].opening.intent
