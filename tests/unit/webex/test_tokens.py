"""
Access tokens are renewed early, once at a time, and stored before they are used.
"""

import asyncio
from collections.abc import Callable
from datetime import timedelta

import pytest

from fakes.virtual_time import EPOCH, VirtualClock
from webex_connector.base.secret import Secret
from webex_connector.webex.errors import AnswerLost, NotReached, Refused, ServerFailed, TokenRefused, WebexError
from webex_connector.webex.oauth import OAuthClient, Tokens
from webex_connector.webex.tokens import (
    DirectGrant,
    MemoryVault,
    RefreshGrant,
    StaticToken,
    TokenFacts,
    VaultKey,
)
from webex_connector.webex.wire import Answer, Request

CLIENT = OAuthClient("https://webexapis.com/v1/access_token", "id", Secret("hush"), basic=False)
DAY = 86_400


class Endpoint:
    """
    A token endpoint that rotates the refresh token each time, and knows only the latest.
    """

    def __init__(self, refresh: str = "r0") -> None:
        self.refresh = refresh
        self.issued = 0
        self.broken: Callable[[], WebexError] | None = None

    async def __call__(self, request: Request) -> Answer:
        """
        Answer a token request, after a second.
        """
        await asyncio.sleep(1)
        if self.broken:
            raise self.broken()
        form = request.form or {}
        if form["grant_type"] == "refresh_token" and form["refresh_token"] != Secret(self.refresh):
            raise Refused("400 unknown token", codes=("invalid_grant",), status=400, tracking_id="ROUTER_1")
        self.issued += 1
        self.refresh = f"r{self.issued}"
        content = {"access_token": f"a{self.issued}", "expires_in": DAY, "refresh_token": self.refresh}
        return Answer(200, content, None, "ROUTER_1")


def grant(vault: MemoryVault | None = None, *, refresh: str = "r0", given: Tokens | None = None) -> RefreshGrant:
    """
    A refresh grant on the virtual clock.
    """
    return RefreshGrant(CLIENT, Secret(refresh), vault=vault or MemoryVault(), clock=VirtualClock(), given=given)


async def test_a_static_token_is_given_as_it_is() -> None:
    """
    There is no other one, also not after a refusal.
    """
    tokens = StaticToken(Secret("t"))
    assert Secret("t") == await tokens.token(Endpoint())
    assert await tokens.renew(Secret("t"), Endpoint()) is None


async def test_many_callers_cost_one_renewal() -> None:
    """
    A hundred requests that start together ask for one token.
    """
    endpoint, tokens = Endpoint(), grant()
    found = await asyncio.gather(*(tokens.token(endpoint) for _ in range(100)))
    assert {Secret("a1")} == set(found)
    assert 1 == endpoint.issued


async def test_a_token_is_kept_until_shortly_before_its_end(clock: VirtualClock) -> None:
    """
    One renewal a life, five minutes early.
    """
    endpoint, tokens = Endpoint(), grant()
    await tokens.token(endpoint)
    await clock.sleep(DAY - 302)
    assert Secret("a1") == await tokens.token(endpoint)
    await clock.sleep(2)
    assert Secret("a2") == await tokens.token(endpoint)
    assert 2 == endpoint.issued


async def test_a_given_access_token_is_used_first() -> None:
    """
    The configuration may bring a token that is still good.
    """
    endpoint = Endpoint()
    tokens = grant(given=Tokens(Secret("given"), ends=EPOCH + timedelta(hours=1)))
    assert Secret("given") == await tokens.token(endpoint)
    assert 0 == endpoint.issued


async def test_a_given_access_token_that_has_ended_is_renewed() -> None:
    """
    An old configuration does no harm.
    """
    tokens = grant(given=Tokens(Secret("given"), ends=EPOCH - timedelta(hours=1)))
    assert Secret("a1") == await tokens.token(Endpoint())


async def test_a_stored_rotation_beats_the_configuration() -> None:
    """
    After a restart the configured refresh token is long dead; the stored one works.
    """
    endpoint, vault = Endpoint(), MemoryVault()
    before = grant(vault)
    await before.renew(await before.token(endpoint), endpoint)
    after = grant(vault, given=Tokens(Secret("given")))
    assert Secret("a2") == await after.token(endpoint)
    assert Secret("a3") == await after.renew(Secret("a2"), endpoint)


async def test_a_new_configured_refresh_token_is_a_new_beginning() -> None:
    """
    What was stored for the old one is not used any more.
    """
    vault = MemoryVault()
    await grant(vault).token(Endpoint())
    assert Secret("a1") == await grant(vault, refresh="fresh").token(Endpoint("fresh"))


async def test_the_rotation_is_stored_before_it_is_used() -> None:
    """
    If storing fails, nobody gets the new access token, and nothing is taken for renewed.
    """

    class FullVault(MemoryVault):
        async def put(self, key: VaultKey, tokens: Tokens) -> None:
            raise OSError("no space left")

    with pytest.raises(OSError, match="no space"):
        await grant(FullVault()).token(Endpoint())


async def test_a_caller_that_gives_up_does_not_lose_the_rotation() -> None:
    """
    The token endpoint has forgotten the old refresh token; the new one is stored although nobody waits for it.
    """
    endpoint, vault = Endpoint(), MemoryVault()
    caller = asyncio.create_task(grant(vault).token(endpoint))
    await asyncio.sleep(0.5)
    caller.cancel()
    await asyncio.sleep(1)
    assert caller.cancelled()
    assert Secret("a1") == await grant(vault).token(endpoint)
    assert 1 == endpoint.issued


async def test_a_failure_that_nobody_waits_for_is_not_reported_as_forgotten() -> None:
    """
    The event loop complains about errors that nobody looks at; this one was nobody's any more.
    """
    complaints: list[object] = []
    asyncio.get_running_loop().set_exception_handler(lambda _loop, context: complaints.append(context))
    endpoint = Endpoint()
    endpoint.broken = lambda: ServerFailed(status=503)
    caller = asyncio.create_task(grant().token(endpoint))
    await asyncio.sleep(0.5)
    caller.cancel()
    await asyncio.sleep(1)
    del caller
    assert [] == complaints


async def test_a_refused_token_is_renewed_once_for_all_who_were_refused() -> None:
    """
    Twenty answers of 401 to the same token cost one renewal; who comes late gets its result.
    """
    endpoint, tokens = Endpoint(), grant()
    first = await tokens.token(endpoint)
    found = await asyncio.gather(*(tokens.renew(first, endpoint) for _ in range(20)))
    assert {Secret("a2")} == {*found, await tokens.renew(first, endpoint)}
    assert 2 == endpoint.issued


async def test_what_another_process_renewed_is_used() -> None:
    """
    Two processes share the vault; the second to notice that the token is due asks for nothing.
    """
    endpoint, vault = Endpoint(), MemoryVault()
    ours, theirs = grant(vault), grant(vault)
    old = await ours.token(endpoint)
    assert old == await theirs.token(endpoint)
    new = await theirs.renew(old, endpoint)
    assert new == await ours.renew(old, endpoint)
    assert 2 == endpoint.issued


@pytest.mark.parametrize("broken", [NotReached, AnswerLost, ServerFailed])
async def test_while_the_old_token_works_a_dead_token_endpoint_is_no_error(
    clock: VirtualClock,
    broken: type[WebexError],
) -> None:
    """
    The five minutes before the end are there to be used; at the end the failure is told.
    """
    endpoint, tokens = Endpoint(), grant()
    await tokens.token(endpoint)
    endpoint.broken = broken
    await clock.sleep(DAY - 200)
    assert Secret("a1") == await tokens.token(endpoint)
    await clock.sleep(200)
    with pytest.raises(NotReached):
        await tokens.token(endpoint)


async def test_a_dead_grant_is_a_refused_token() -> None:
    """
    `invalid_grant` is told with its code and tracking id, and asked again for the next request.
    """
    endpoint, tokens = Endpoint("another"), grant()
    for _ in range(2):
        with pytest.raises(TokenRefused) as caught:
            await tokens.token(endpoint)
        assert (("invalid_grant",), "ROUTER_1") == (caught.value.codes, caught.value.tracking_id)


async def test_client_credentials_give_tokens_without_a_refresh_token(clock: VirtualClock) -> None:
    """
    The same early renewal, by id and secret alone.
    """
    endpoint = Endpoint()
    tokens = DirectGrant(CLIENT, lambda: {"grant_type": "client_credentials"}, clock=clock)
    assert Secret("a1") == await tokens.token(endpoint)
    assert Secret("a2") == await tokens.renew(Secret("a1"), endpoint)
    await clock.sleep(DAY)
    assert Secret("a3") == await tokens.token(endpoint)


async def test_client_credentials_use_a_given_token_first(clock: VirtualClock) -> None:
    """
    As the refresh grant does.
    """
    tokens = DirectGrant(
        CLIENT, lambda: {"grant_type": "client_credentials"}, clock=clock, given=Tokens(Secret("given"))
    )
    assert Secret("given") == await tokens.token(Endpoint())


async def test_nothing_that_holds_tokens_shows_them() -> None:
    """
    Keys of the vault, tokens and sources may stand in a log or a traceback.
    """
    vault = MemoryVault()
    tokens = grant(vault, refresh="r0-top-secret", given=Tokens(Secret("given-top-secret")))
    shown = repr([tokens, vault._tokens, tokens._key, tokens._given, CLIENT, StaticToken(Secret("top-secret"))])
    assert "top-secret" not in shown
    assert "hush" not in shown


async def test_what_is_known_of_the_tokens_is_there_without_asking(clock: VirtualClock) -> None:
    """
    Before the first token nothing but whether there will be another; then when it ends.
    """
    assert TokenFacts(renews=False) == StaticToken(Secret("fixed")).facts
    source = DirectGrant(CLIENT, lambda: {"grant_type": "client_credentials"}, clock=clock)
    assert TokenFacts(renews=True) == source.facts
    await source.token(Endpoint())
    assert TokenFacts(renews=True, ends=clock.now() + timedelta(days=1)) == source.facts
    refreshing = grant()
    await refreshing.token(Endpoint())
    assert refreshing.facts.ends == clock.now() + timedelta(days=1)
