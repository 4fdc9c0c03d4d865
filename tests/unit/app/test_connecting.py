"""
Connect against the sandbox's consent page: what is stored, what is not, and the sentence for each mishap.
"""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from fakes.consenting import decided
from fakes.hub import OPTIONS
from fakes.virtual_time import VirtualClock
from webex_connector.app import wiring
from webex_connector.app.connecting import PATIENCE, Connecting
from webex_connector.app.connectors import CONTROL_HUB, KINDS
from webex_connector.app.settings import ServeSettings, Settings, SystemSettings
from webex_connector.app.systems import LOOK_AGAIN, Systems
from webex_connector.base.clock import Clock, SystemClock
from webex_connector.base.secret import Secret
from webex_connector.icf.configuration import ConfigurationMistakes, Setting, configured
from webex_connector.icf.errors import ConnectionFailed, ConnectorError, InvalidInput, NotAllowed, SetupError
from webex_connector.sandbox.faults import Fail, Fault
from webex_connector.sandbox.sandbox import Sandbox
from webex_connector.store.connections import Connection
from webex_connector.store.opening import StorePlace

BACK = "http://127.0.0.1:8765/callback"
SECRET = {"clientSecret": Secret("sandbox-client-secret")}
ME = "shell"


@dataclass
class House:
    """
    A sandbox, and a house whose only system knows where it is and the client id.
    """

    sandbox: Sandbox
    settings: Settings
    systems: Systems
    connecting: Connecting

    async def asked(self, **given: object) -> str:
        """
        Ask for consent and return the consent page's address.
        """
        return (await self.connecting.ask("webex", {**SECRET, **given}, BACK, ME)).address

    async def answer(self, address: str, callback: str) -> str:
        """
        Hand in what came back for a question.
        """
        return await self.connecting.answer(_state(address), callback, ME, "anna")


def _state(address: str) -> str:
    return address.partition("state=")[2].partition("&")[0]


@asynccontextmanager
async def house(clock: Clock, place: StorePlace | None = None) -> AsyncIterator[House]:
    """
    Build it; in memory unless a place is given.
    """
    sandbox = Sandbox(people=20, clock=clock)
    async with sandbox.serving() as address:
        given = {
            "serviceUri": f"{address}/v1",
            "tokenEndpoint": f"{address}/v1/access_token",
            "clientId": "sandbox-client",
        }
        system = SystemSettings("webex", CONTROL_HUB, "Webex", configured(KINDS[CONTROL_HUB].properties, given))
        settings = Settings(ServeSettings(), 50, (), {"webex": system}, place or StorePlace())
        async with wiring.opened(settings, clock) as systems:
            yield House(sandbox, settings, systems, Connecting(systems, "here"))


async def _nothing_stored(house: House) -> bool:
    return not await house.systems.memory.connections.all() and "webex" not in house.systems


async def test_a_system_without_tokens_is_not_open(clock: VirtualClock) -> None:
    """
    The rest of the house is; and it is told what is missing.
    """
    async with house(clock) as it:
        assert "webex" not in it.systems
        assert "refreshToken: is required" in it.systems.problems["webex"]


async def test_consent_opens_the_system(clock: VirtualClock) -> None:
    """
    Its tokens are the ones that the person allowed, and the first request already carries them.
    """
    async with house(clock) as it:
        address = await it.asked()
        assert "webex" == await it.answer(address, await decided(address))

        report = await it.systems["webex"].facade.test(OPTIONS)

        assert report.ok
        assert {"Acme Example"} == {each.detail for each in report.findings if each.subject == "organisation"}
        assert 1 == sum(each.template == "/access_token" for each in it.sandbox.trace.requests())


async def test_what_is_known_of_a_connection(clock: VirtualClock) -> None:
    """
    Who, when, which scopes, and the fourteen and ninety days of Webex's tokens; nothing of it costs a request.
    """
    async with house(clock) as it:
        address = await it.asked()
        await it.answer(address, await decided(address))
        it.sandbox.trace.clear()

        found = await it.connecting.standing("webex")

        now = clock.now()
        assert ("anna", "", True) == (found.actor, found.problem, found.renews)
        assert found.connected is not None
        assert found.ends is not None
        assert found.refresh_ends is not None
        assert timedelta(days=13, hours=23) < found.ends - now <= timedelta(days=14)
        assert timedelta(days=89, hours=23) < found.refresh_ends - now <= timedelta(days=90)
        assert "spark-admin:people_write" in found.scopes
        assert [] == it.sandbox.trace.requests()


@pytest.mark.real_time
async def test_a_connection_survives_a_restart(tmp_path: Path) -> None:
    """
    No file of the settings holds a token; the store does, sealed.
    """
    async with house(SystemClock(), StorePlace(tmp_path)) as it:
        address = await it.asked()
        await it.answer(address, await decided(address))

        async with wiring.opened(it.settings, SystemClock()) as again:
            assert (await again["webex"].facade.test(OPTIONS)).ok
            values = await Connecting(again, "here").values("webex")

        assert (True, True, "sandbox-client") == (values["clientSecret"], values["refreshToken"], values["clientId"])
    assert b"sandbox-client-secret" not in _written(tmp_path)


def _written(folder: Path) -> bytes:
    return b"".join(file.read_bytes() for file in folder.iterdir())


@pytest.mark.real_time
async def test_a_running_server_takes_up_what_another_process_connects(tmp_path: Path) -> None:
    """
    Within seconds, and the same when it is forgotten.
    """
    async with house(SystemClock(), StorePlace(tmp_path)) as it, wiring.opened(it.settings, SystemClock()) as server:
        address = await it.asked()
        await it.answer(address, await decided(address))
        assert "webex" not in server
        await server.refresh()
        assert (await server["webex"].facade.test(OPTIONS)).ok

        assert await it.connecting.forget("webex", "ben")
        await server.refresh()
        assert "webex" not in server
    assert LOOK_AGAIN <= 5


async def test_a_system_of_the_store_alone(clock: VirtualClock) -> None:
    """
    It is there after Connect, and gone when it is forgotten.
    """
    async with house(clock) as it:
        known = await it.connecting.values("webex")
        given = {name: known[name] for name in ("serviceUri", "tokenEndpoint", "clientId")} | SECRET
        question = await it.connecting.ask("second", given, BACK, ME)
        await it.connecting.answer(question.state, await decided(question.address), ME, "anna")

        assert ["second"] == list(it.systems)
        assert ["webex", "second"] == [each.name for each in await it.connecting.standings()]
        await it.connecting.forget("second", "ben")
        assert ["webex"] == [each.name for each in await it.connecting.standings()]


async def test_connecting_again_replaces_the_tokens(clock: VirtualClock) -> None:
    """
    The values given the first time stay; the new tokens are the ones in use.
    """
    async with house(clock) as it:
        for _ in range(2):
            address = await it.asked()
            await it.answer(address, await decided(address))
        question = await it.connecting.ask("webex", {}, BACK, ME)
        await it.connecting.answer(question.state, await decided(question.address), ME, "ben")

        assert (await it.systems["webex"].facade.test(OPTIONS)).ok
        assert "ben" == (await it.connecting.standing("webex")).actor


@pytest.mark.parametrize(
    ("decision", "changed", "given", "kind", "sentence"),
    [
        ("deny", {}, {}, NotAllowed, "Consent was denied on Webex's page. Nothing was stored"),
        ("allow", {"state": "other"}, {}, InvalidInput, "This is not the answer to the question that was asked"),
        ("allow", {"scope": "spark:all"}, {}, SetupError, "The integration was made without one of the scopes"),
        ("allow", {"code_challenge": "x" * 43}, {}, SetupError, "Webex did not take the code"),
        (
            "allow",
            {},
            {"clientSecret": Secret("wrong")},
            SetupError,
            "Webex does not know this client id with this client secret; copy both anew",
        ),
        (
            "allow",
            {"redirect_uri": "http://localhost:3000/auth/code"},
            {},
            SetupError,
            "redirect URI or PKCE proof are others than those asked with",
        ),
        ("allow", {"redirect_uri": "http://elsewhere.example/"}, {}, InvalidInput, "Copy the whole address"),
    ],
)
async def test_each_mishap_has_its_sentence_and_stores_nothing(
    clock: VirtualClock,
    decision: str,
    changed: dict[str, str],
    given: dict[str, object],
    kind: type[ConnectorError],
    sentence: str,
) -> None:
    """
    The person reads what to do; the system is as before.
    """
    async with house(clock) as it:
        address = await it.asked(**given)
        callback = await decided(address, decision, **changed)

        with pytest.raises(kind) as raised:
            await it.answer(address, callback)

        assert sentence in raised.value.message
        assert "Nothing was stored" in raised.value.message
        assert await _nothing_stored(it)


async def test_an_answer_counts_once(clock: VirtualClock) -> None:
    """
    Whoever finds the address in a browser's history cannot use it again.
    """
    async with house(clock) as it:
        address = await it.asked()
        callback = await decided(address)
        await it.answer(address, callback)

        with pytest.raises(InvalidInput, match="Nobody asked for this"):
            await it.answer(address, callback)


async def test_an_answer_counts_for_who_asked(clock: VirtualClock) -> None:
    """
    Nobody can be made to hand in the answer to another person's question.
    """
    async with house(clock) as it:
        address = await it.asked()

        with pytest.raises(InvalidInput, match="Nobody asked for this"):
            await it.connecting.answer(_state(address), await decided(address), "somebody else", "eve")
        assert await _nothing_stored(it)


async def test_an_answer_comes_within_ten_minutes(clock: VirtualClock) -> None:
    """
    The code lives no longer.
    """
    async with house(clock) as it:
        address = await it.asked()
        callback = await decided(address)
        await clock.sleep(PATIENCE)

        with pytest.raises(InvalidInput, match="more than ten minutes ago"):
            await it.answer(address, callback)


async def test_a_token_endpoint_that_fails_stores_nothing(clock: VirtualClock) -> None:
    """
    The code may be spent; connecting again is what helps.
    """
    async with house(clock) as it:
        it.sandbox.faults.add(Fault(Fail(503), to="POST /access_token"))
        address = await it.asked()
        callback = await decided(address)

        with pytest.raises(ConnectorError, match="Nothing was stored"):
            await it.answer(address, callback)
        assert await _nothing_stored(it)


async def test_a_store_that_fails_keeps_the_system_closed(clock: VirtualClock) -> None:
    """
    Tokens that are not stored are not used.
    """
    async with house(clock) as it:
        address = await it.asked()
        callback = await decided(address)
        it.systems.memory.store.database.write_now(lambda link: link.exec_driver_sql("DROP TABLE connections"))

        with pytest.raises(ConnectionFailed, match="Nothing was stored"):
            await it.answer(address, callback)
        assert "webex" not in it.systems


async def test_tokens_are_stored_before_they_are_used(clock: VirtualClock) -> None:
    """
    Should the process stop right after the exchange, the refresh token is not lost: nothing was asked with it before.
    """
    async with house(clock) as it:
        address = await it.asked()
        callback = await decided(address)
        it.sandbox.trace.clear()
        await it.answer(address, callback)

        assert ["/access_token"] == [each.template for each in it.sandbox.trace.requests()]
        assert "webex" in await it.systems.memory.connections.all()


async def test_a_bearer_token_is_pasted(clock: VirtualClock) -> None:
    """
    With the end that its address tells, 365 days away; nobody renews it.
    """
    async with house(clock) as it:
        question = await it.connecting.ask_for_token("webex", {}, ME)
        pasted = Secret(await decided(question.address))
        await it.connecting.paste(question.state, pasted, ME, "anna")

        report = await it.systems["webex"].facade.test(OPTIONS)
        found = await it.connecting.standing("webex")

        assert report.ok
        assert found.ends is not None
        assert (False, 365) == (found.renews, round((found.ends - clock.now()) / timedelta(days=1)))
        assert found.ends == found.last_day


async def test_a_token_alone_is_taken_to_live_a_year(clock: VirtualClock) -> None:
    """
    Nobody said when it ends; it counts from its first use.
    """
    async with house(clock) as it:
        question = await it.connecting.ask_for_token("webex", {}, ME)
        await it.connecting.paste(question.state, Secret("sandbox-admin-token"), ME, "anna")
        assert (await it.systems["webex"].facade.test(OPTIONS)).ok

        found = await it.connecting.standing("webex")
        assert found.ends is not None
        assert 365 == round((found.ends - clock.now()) / timedelta(days=1))


async def test_consent_after_a_pasted_token_takes_its_place(clock: VirtualClock) -> None:
    """
    The old token is of no use any more and is not kept.
    """
    async with house(clock) as it:
        question = await it.connecting.ask_for_token("webex", {}, ME)
        await it.connecting.paste(question.state, Secret("sandbox-admin-token"), ME, "anna")
        address = await it.asked()
        await it.answer(address, await decided(address))

        assert (await it.connecting.standing("webex")).renews
        kept = (await it.systems.memory.connections.all())["webex"].properties.reveal()
        assert "sandbox-admin-token" not in kept


@pytest.mark.parametrize("pasted", ["http://localhost:3000/auth/code#access_token=t&state=other", "", "x/y"])
async def test_what_is_no_token_is_not_stored(clock: VirtualClock, pasted: str) -> None:
    """
    Nor is the address of another question.
    """
    async with house(clock) as it:
        question = await it.connecting.ask_for_token("webex", {}, ME)

        with pytest.raises(InvalidInput, match="Nothing was stored"):
            await it.connecting.paste(question.state, Secret(pasted), ME, "anna")
        assert await _nothing_stored(it)


async def test_a_name_that_fits_no_address_is_refused(clock: VirtualClock) -> None:
    """
    It becomes a part of the doors' addresses.
    """
    async with house(clock) as it:
        with pytest.raises(InvalidInput, match="letters and digits only"):
            await it.connecting.ask("a/b", {}, BACK, ME)


async def test_wrong_values_are_told_all_at_once(clock: VirtualClock) -> None:
    """
    Before anybody is sent to Webex.
    """
    async with house(clock) as it:
        with pytest.raises(ConfigurationMistakes) as raised:
            await it.asked(serviceUri="http://example.com/v1", maximumConnections="0")

        assert {"serviceUri", "maximumConnections"} == {each.property for each in raised.value.mistakes}


async def test_without_an_integration_cisco_s_own_brings_the_token(clock: VirtualClock) -> None:
    """
    The address of Cisco's help page, for the commercial cloud and for the government's; the state alone is new.
    """
    async with house(clock) as it:
        settings = it.settings.systems["webex"]
        bare = configured(KINDS[CONTROL_HUB].properties, {})
        it.settings.systems["webex"] = replace(settings, configuration=bare)  # type: ignore[index]  # a dict
        for environment, host in (("COMMERCIAL", "idbroker.webex.com"), ("GOVERNMENT", "idbroker-f.webex.com")):
            address = (await it.connecting.ask_for_token("webex", {"environment": environment}, ME)).address

            assert address.startswith(
                f"https://{host}/idb/oauth2/v1/authorize?response_type=token&client_id="
                "C4ca14fe00b0e51efb414ebd45aa88c1858c3bfb949b2405dba10b0ca4bc37402&redirect_uri="
                "http%3A%2F%2Flocalhost%3A3000%2Fauth%2Fcode&scope=spark%3Apeople_read%20spark%3Apeople_write%20"
                "Identity%3ASCIM&state="
            )


async def test_what_another_version_stored_does_no_harm(clock: VirtualClock) -> None:
    """
    A property that this one does not know is left out; the others count.
    """
    async with house(clock) as it:
        stored = {"clientSecret": "sandbox-client-secret", "refreshToken": "sandbox-refresh-token", "newer": 1}
        properties = Secret(json.dumps(stored))
        await it.systems.memory.connections.put(Connection("webex", properties, clock.now(), "anna"), "here")
        await it.systems.refresh()

        assert (await it.systems["webex"].facade.test(OPTIONS)).ok


async def test_a_running_server_looks_again(clock: VirtualClock) -> None:
    """
    While it follows, what is stored is taken up; a store that does not answer for a while is no end.
    """
    async with house(clock) as it:
        following = asyncio.create_task(it.systems.follow())
        database = it.systems.memory.store.database
        database.write_now(lambda link: link.exec_driver_sql("ALTER TABLE connections RENAME TO away"))
        await clock.sleep(2 * LOOK_AGAIN)
        database.write_now(lambda link: link.exec_driver_sql("ALTER TABLE away RENAME TO connections"))
        stored = {"clientSecret": "sandbox-client-secret", "refreshToken": "sandbox-refresh-token"}
        properties = Secret(json.dumps(stored))
        await it.systems.memory.connections.put(Connection("webex", properties, clock.now(), "anna"), "here")
        assert "webex" not in it.systems
        await clock.sleep(LOOK_AGAIN + 1)
        following.cancel()

        assert "webex" in it.systems


async def test_forgetting_leaves_no_token(clock: VirtualClock) -> None:
    """
    Neither the connection's nor those that were got with it.
    """
    async with house(clock) as it:
        address = await it.asked()
        await it.answer(address, await decided(address))
        await it.connecting.forget("webex", "ben")

        rows = it.systems.memory.store.database.read_now(
            lambda link: link.exec_driver_sql("SELECT system FROM connections UNION SELECT endpoint FROM tokens").all()
        )
        assert [] == rows


async def test_a_lost_access_token_is_no_lost_consent(clock: VirtualClock) -> None:
    """
    Should the store fail, or the process stop, between the two, the refresh token that was stored gets another.
    """
    async with house(clock) as it:
        address = await it.asked()
        callback = await decided(address)
        database = it.systems.memory.store.database
        database.write_now(lambda link: link.exec_driver_sql("ALTER TABLE tokens RENAME TO away"))
        await it.answer(address, callback)
        database.write_now(lambda link: link.exec_driver_sql("ALTER TABLE away RENAME TO tokens"))

        assert (await it.systems["webex"].facade.test(OPTIONS)).ok
        assert 2 == sum(each.template == "/access_token" for each in it.sandbox.trace.requests())


async def test_settings_that_do_nothing_any_more_are_named(tmp_path: Path) -> None:
    """
    Whoever changes them would wonder why. Nothing is said where Connect and the settings agree, and no value is told.
    """
    async with house(SystemClock(), StorePlace(tmp_path)) as it:
        address = await it.asked()
        await it.answer(address, await decided(address))
        given = it.settings.systems["webex"]
        told = []
        idle: dict[str, Setting] = {"refreshToken": Secret("r-hush"), "grantType": "client_credentials"}
        for more in ({}, idle):
            system = replace(given, configuration={**given.configuration, **more})
            with capture_logs() as lines:
                async with wiring.opened(replace(it.settings, systems={"webex": system}), SystemClock()):
                    told.append([line for line in lines if line["event"] == "app.settings_overruled"])

    assert [] == told[0]
    assert [["grantType", "refreshToken"]] == [sorted(line["properties"]) for line in told[1]]
    assert "connect webex --forget" in told[1][0]["advice"]
    assert "hush" not in str(told)
