"""
Clients of the store at the doors: let in, and no more.
"""

import asyncio
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from fakes.virtual_time import EPOCH, VirtualClock
from webex_connector.base.secret import Secret
from webex_connector.gateway.access import Access
from webex_connector.gateway.admission import Lapsed, NotAdmitted, TooManyFailures
from webex_connector.gateway.enrolment import Enrolment, Standing
from webex_connector.gateway.failed_logins import FailureLimit
from webex_connector.gateway.rights import Client, Role
from webex_connector.icf.errors import Conflicting, ConnectionFailed, InvalidInput, UnknownUid
from webex_connector.store.clients import By, ClientTable, KeptClient, KeptCredential
from webex_connector.store.opening import Store, StorePlace, opened

pytestmark = pytest.mark.long

ANNA = By("anna", "command line")
NOW = timedelta(0)
DAY = timedelta(days=1)
HOST = "192.0.2.1"
IN_SETTINGS = Client("fixed", Secret("fixed password"), token=Secret("fixed token"))


@pytest.fixture(params=["memory", "file"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """
    A store that cannot tell whether anybody wrote to it, and one that can, so that clients are remembered until then.
    """
    found = opened(StorePlace(tmp_path if request.param == "file" else None), inline=True)
    yield found
    found.close()


@pytest.fixture
def enrolment(store: Store, clock: VirtualClock) -> Enrolment:
    """
    Who may call can be changed here, beside a client of the settings.
    """
    return Enrolment(ClientTable(store.database), clock, [IN_SETTINGS], ["a", "b"])


class _Counted:
    """
    Works passwords out in the same thread, and counts.
    """

    def __init__(self) -> None:
        self.count = 0

    async def __call__(self, work: Callable[[str, str], bool], password: str, digest: str) -> bool:
        await asyncio.sleep(0)
        self.count += 1
        return work(password, digest)


@pytest.fixture
def work() -> _Counted:
    """
    How often a password was worked out.
    """
    return _Counted()


@pytest.fixture
def access(store: Store, clock: VirtualClock, work: _Counted) -> Access:
    """
    A door's access, in another process than the enrolment.
    """
    return Access([IN_SETTINGS], clock, FailureLimit(failures=3), ClientTable(store.database), work)


async def shown(enrolment: Enrolment, client: Client, lifetime: timedelta | None, by: By) -> Secret:
    """
    Enrol a client and return its token.
    """
    token = await enrolment.add(client, lifetime, by)
    assert token is not None
    return token


async def test_a_token_lets_its_client_in(access: Access, enrolment: Enrolment) -> None:
    """
    With the role and the systems that it was given; the clients of the settings come in as before.
    """
    token = await shown(enrolment, Client("okta", systems=frozenset({"a"}), role=Role.READER), None, ANNA)

    client = await access.admit_token(token.reveal(), HOST)
    assert Client("okta", systems=frozenset({"a"}), role=Role.READER) == client
    assert IN_SETTINGS == await access.admit_token("fixed token", HOST)
    assert IN_SETTINGS == await access.admit("fixed", "fixed password", HOST)
    for wrong in (f"{token.reveal()}x", "wxc_", token.reveal()[:-1]):
        with pytest.raises(NotAdmitted, match="The token fits no client"):
            await access.admit_token(wrong, "192.0.2.2")


async def test_a_password_is_worked_out_once(access: Access, enrolment: Enrolment, work: _Counted) -> None:
    """
    It is dear on purpose; a client that sends it with each request pays for the first one. A wrong one pays again.
    """
    await enrolment.add(Client("ida", Secret("correct horse"), role=Role.ADMIN), None, ANNA)
    for _ in range(3):
        assert Role.ADMIN is (await access.admit("ida", "correct horse", HOST)).role
    assert 1 == work.count
    with pytest.raises(NotAdmitted, match="Name and password fit no client"):
        await access.admit("ida", "correct horsf", HOST)
    assert 2 == work.count


@pytest.mark.parametrize("name", ["nobody", "fixed", "okta"])
async def test_an_unknown_name_costs_what_a_wrong_password_does(
    access: Access, enrolment: Enrolment, work: _Counted, name: str
) -> None:
    """
    Nobody learns by the time an answer takes who is there: not one of the settings, nor one with a token alone.
    """
    await enrolment.add(Client("okta"), None, ANNA)
    with pytest.raises(NotAdmitted):
        await access.admit(name, "wrong", HOST)
    assert 1 == work.count


async def test_guesses_sent_at_once_are_limited_too(access: Access, enrolment: Enrolment, work: _Counted) -> None:
    """
    Of many wrong passwords at the same moment three are looked at; the others are told to wait.
    """
    await enrolment.add(Client("ida", Secret("correct horse")), None, ANNA)
    guesses = [access.admit("ida", f"guess {number}", HOST) for number in range(9)]
    found = await asyncio.gather(*guesses, return_exceptions=True)
    assert 3 == work.count
    assert 6 == sum(isinstance(each, TooManyFailures) for each in found)


async def test_revoked_is_revoked_at_once(access: Access, enrolment: Enrolment) -> None:
    """
    The next request is refused, by token and by password that was proven before, and hears why.
    """
    token = await shown(enrolment, Client("okta"), None, ANNA)
    await enrolment.add(Client("ida", Secret("correct horse")), None, ANNA)
    await access.admit_token(token.reveal(), HOST)
    await access.admit("ida", "correct horse", HOST)
    for name in ("okta", "ida"):
        await enrolment.revoke(name, ANNA)

    with pytest.raises(Lapsed, match="The token of okta was revoked on 2026-11-02 at 08:00 UTC"):
        await access.admit_token(token.reveal(), HOST)
    with pytest.raises(Lapsed, match="The password of ida was revoked"):
        await access.admit("ida", "correct horse", HOST)
    with pytest.raises(NotAdmitted, match="fit no client"):
        await access.admit("ida", "wrong", HOST)


async def test_a_token_is_looked_up_once(
    access: Access, store: Store, enrolment: Enrolment, monkeypatch: pytest.MonkeyPatch
) -> None:
    """
    Until somebody writes to the store, where it can tell; a wrong token is looked up each time.
    """
    asked: list[str] = []
    by_digest = ClientTable.by_digest

    async def counted(table: ClientTable, digest: str) -> tuple[KeptClient, KeptCredential] | None:
        asked.append(digest)
        return await by_digest(table, digest)

    monkeypatch.setattr(ClientTable, "by_digest", counted)
    token = await shown(enrolment, Client("okta"), None, ANNA)
    await access.admit_token(token.reveal(), HOST)
    # The first use is noted, which is a write.
    for _ in range(5):
        await access.admit_token(token.reveal(), HOST)
    assert len(asked) == (6 if store.database.version() is None else 2)
    await enrolment.add(Client("entra"), None, ANNA)
    await access.admit_token(token.reveal(), HOST)
    assert len(asked) == (7 if store.database.version() is None else 3)
    for _ in range(2):
        with pytest.raises(NotAdmitted):
            await access.admit_token("wxc_guessed", HOST)
    assert asked[-1] == asked[-2]


async def test_what_has_ended_lets_nobody_in(access: Access, enrolment: Enrolment, clock: VirtualClock) -> None:
    """
    To the second; one who shows it again and again is not taken for a guesser, since it was right once.
    """
    token = await shown(enrolment, Client("okta"), DAY, ANNA)
    await clock.sleep(DAY.total_seconds() - 1)
    await access.admit_token(token.reveal(), HOST)
    await clock.sleep(1)
    for _ in range(5):
        with pytest.raises(Lapsed, match="The token of okta ended on 2026-11-03 at 08:00 UTC"):
            await access.admit_token(token.reveal(), HOST)


async def test_a_rotation_may_leave_time_to_change(access: Access, enrolment: Enrolment, clock: VirtualClock) -> None:
    """
    Both tokens are good until the overlap is over; without one the first is worth nothing at once.
    """
    one = await shown(enrolment, Client("okta"), None, ANNA)
    two = await enrolment.rotate("okta", None, None, DAY, ANNA)
    await access.admit_token(one.reveal(), HOST)
    await access.admit_token(two.reveal(), HOST)
    await clock.sleep(DAY.total_seconds())
    with pytest.raises(Lapsed):
        await access.admit_token(one.reveal(), HOST)
    three = await enrolment.rotate("okta", None, None, NOW, ANNA)
    with pytest.raises(Lapsed):
        await access.admit_token(two.reveal(), HOST)
    assert "okta" == (await access.admit_token(three.reveal(), HOST)).name


async def test_a_new_password_takes_the_place_of_a_proven_one(access: Access, enrolment: Enrolment) -> None:
    """
    What the door remembers of the old one is of no use.
    """
    await enrolment.add(Client("ida", Secret("correct horse")), None, ANNA)
    await access.admit("ida", "correct horse", HOST)
    await enrolment.rotate("ida", Secret("battery staple"), None, NOW, ANNA)
    with pytest.raises(NotAdmitted):
        await access.admit("ida", "correct horse", HOST)
    assert "ida" == (await access.admit("ida", "battery staple", HOST)).name


async def test_a_session_ends_with_its_password(access: Access, enrolment: Enrolment, clock: VirtualClock) -> None:
    """
    It goes on while nothing changes, with the role as it is now; a new password or a revocation ends it.
    """
    await enrolment.add(Client("ida", Secret("correct horse")), None, ANNA)
    await clock.sleep(1)
    since = clock.now()
    assert "ida" == (await access.again("ida", since)).name
    assert IN_SETTINGS == await access.again("fixed", since)
    await clock.sleep(1)
    await enrolment.rotate("ida", Secret("battery staple"), None, NOW, ANNA)
    with pytest.raises(NotAdmitted):
        await access.again("ida", since)
    await enrolment.revoke("ida", ANNA)
    for name in ("ida", "nobody"):
        with pytest.raises(NotAdmitted):
            await access.again(name, clock.now())


async def test_the_last_use_lags_by_minutes(access: Access, enrolment: Enrolment, clock: VirtualClock) -> None:
    """
    Of many requests within five minutes one is written down.
    """
    token = await shown(enrolment, Client("okta"), None, ANNA)
    for seconds in (0, 10, 200):
        await clock.sleep(seconds)
        await access.admit_token(token.reveal(), HOST)
    (line,) = await enrolment.lines()
    assert line.credential is not None
    assert EPOCH == line.credential.used
    await clock.sleep(100)
    await access.admit_token(token.reveal(), HOST)
    (line,) = await enrolment.lines()
    assert line.credential is not None
    assert EPOCH + timedelta(seconds=310) == line.credential.used


async def test_without_its_store_a_door_lets_the_settings_in(
    access: Access, store: Store, enrolment: Enrolment
) -> None:
    """
    Doubt is no admission, and no failure of the caller either; the clients of the settings need no store.
    """
    token = await shown(enrolment, Client("okta"), None, ANNA)
    store.database.write_now(lambda link: link.exec_driver_sql("DROP TABLE client_credentials"))
    for _ in range(5):
        with pytest.raises(ConnectionFailed, match="Who may log in cannot be looked up"):
            await access.admit_token(token.reveal(), HOST)
        with pytest.raises(ConnectionFailed):
            await access.admit("ida", "x", HOST)
    with pytest.raises(ConnectionFailed):
        await enrolment.add(Client("new"), None, ANNA)
    assert IN_SETTINGS == await access.admit("fixed", "fixed password", HOST)


async def test_a_client_that_came_to_be_in_the_settings_is_that_one(
    store: Store, clock: VirtualClock, enrolment: Enrolment
) -> None:
    """
    Of two of one name the settings decide; a token of the other one is nobody's.
    """
    token = await shown(enrolment, Client("later"), None, ANNA)
    access = Access([Client("later", Secret("fixed"))], clock, stored=ClientTable(store.database))
    with pytest.raises(NotAdmitted):
        await access.admit_token(token.reveal(), HOST)


@pytest.mark.parametrize(
    ("client", "lifetime", "why"),
    [
        (Client(""), None, "'' is no name of a client"),
        (Client("two words"), None, "is no name of a client"),
        (Client("-x"), None, "is no name of a client"),
        (Client("x" * 65), None, "is no name of a client"),
        (Client("okta", systems=frozenset({"a", "c"})), None, "There is no system c; there are: a, b"),
        (Client("ida", Secret("short")), None, "A password has 12 characters at least"),
        (Client("okta"), -DAY, "its end is in the past"),
    ],
)
async def test_what_cannot_be_is_refused(
    enrolment: Enrolment, client: Client, lifetime: timedelta | None, why: str
) -> None:
    """
    With a sentence, and nobody is enrolled.
    """
    with pytest.raises(InvalidInput, match=why):
        await enrolment.add(client, lifetime, ANNA)
    assert [] == await enrolment.lines()


async def test_names_are_unique(enrolment: Enrolment) -> None:
    """
    Also with those of the settings: journal and quota go by the name. A revoked name may be given again.
    """
    await enrolment.add(Client("okta"), None, ANNA)
    fixed = r"The settings have a client fixed, \[clients\.fixed\]"
    for name, why in (("okta", "There is a client okta"), ("fixed", fixed)):
        with pytest.raises(Conflicting, match=why):
            await enrolment.add(Client(name), None, ANNA)
    await enrolment.revoke("okta", ANNA)
    await enrolment.add(Client("okta"), None, ANNA)
    assert [Standing.GOOD] == [line.standing for line in await enrolment.lines()]


async def test_whom_the_store_does_not_know_it_does_not_change(enrolment: Enrolment) -> None:
    """
    The sentence says where a client of the settings is changed.
    """
    for name, why in (("nobody", "There is no client nobody"), ("fixed", "change it there")):
        with pytest.raises(UnknownUid, match=why):
            await enrolment.revoke(name, ANNA)
        with pytest.raises(UnknownUid, match=why):
            await enrolment.rotate(name, None, None, NOW, ANNA)
        with pytest.raises(UnknownUid, match=why):
            await enrolment.has_password(name)


async def test_the_list_says_what_each_is_worth(enrolment: Enrolment, clock: VirtualClock) -> None:
    """
    Good, ended or revoked, each with what kind it is.
    """
    await enrolment.add(Client("brief"), DAY, ANNA)
    await enrolment.add(Client("ida", Secret("correct horse")), None, ANNA)
    await enrolment.add(Client("okta"), None, ANNA)
    await enrolment.revoke("okta", ANNA)
    await clock.sleep(DAY.total_seconds())
    assert [("brief", Standing.ENDED), ("ida", Standing.GOOD), ("okta", Standing.REVOKED)] == [
        (line.client.name, line.standing) for line in await enrolment.lines()
    ]
    assert [await enrolment.has_password(name) for name in ("brief", "ida")] == [False, True]
