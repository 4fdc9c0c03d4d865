"""
Requests over a real socket: what leaves, what is repeated, what is told.
"""

import asyncio
import base64
import gzip
import logging
import traceback
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import timedelta
from email.utils import format_datetime

import pytest
from structlog.testing import capture_logs

from fakes.scripted_webex import Reply, Seen
from fakes.virtual_time import EPOCH, VirtualClock
from fakes.webex_stage import Stage
from webex_connector.base.secret import MASK, Secret
from webex_connector.webex import transport as transport_module
from webex_connector.webex.call import Call, Lane
from webex_connector.webex.errors import (
    AnswerLost,
    DeadlinePassed,
    Forbidden,
    Locked,
    NotReached,
    NoTurn,
    Refused,
    ServerFailed,
    Throttled,
    TokenRefused,
    TooStrange,
    Unauthorized,
    WebexError,
    Withheld,
)
from webex_connector.webex.oauth import OAuthClient, Tokens
from webex_connector.webex.pace import Kind, TurnTooLate
from webex_connector.webex.retry import RULES
from webex_connector.webex.settings import ProxySettings
from webex_connector.webex.tokens import DirectGrant, MemoryVault, RefreshGrant, StaticToken
from webex_connector.webex.wire import Request, Root

READ = Request("GET", "/people", {"email": "ana@acme.example"})
WRITE = Request("POST", "/people", body={"emails": ["ana@acme.example"]})


@dataclass
class _Course:
    has_begun: bool = False


def in_turn(*replies: Reply) -> Callable[[Seen], Reply]:
    """
    Answer with these, one after another, and with the last one from then on.
    """
    left = list(replies)
    return lambda _seen: left.pop(0) if len(left) > 1 else left[0]


async def test_a_request_carries_token_tracking_id_and_query(stage: Stage) -> None:
    """
    What Webex needs stands in its place, under the service's address.
    """
    server = await stage.server(in_turn(Reply(body={"items": []})))
    answer = await stage.transport().send(READ, Call())
    seen = server.seen[0]
    assert ("GET", "/v1/people?email=ana%40acme.example", b"") == (seen.method, seen.target, seen.body)
    assert "Bearer good-token" == seen.headers["authorization"]
    assert answer.tracking_id == seen.headers["trackingid"]
    assert seen.headers["trackingid"].startswith("WXC_")
    assert {"items": []} == answer.data


async def test_cookies_are_not_kept(stage: Stage) -> None:
    """
    Who we are is said by the token of each request, and by nothing that an answer left behind.
    """
    server = await stage.server(in_turn(Reply(body={"items": []}, headers={"Set-Cookie": "session=1; Path=/"})))
    transport = stage.transport()
    await transport.send(READ, Call())
    await transport.send(READ, Call())
    assert [False, False] == ["cookie" in seen.headers for seen in server.seen]


async def test_scim_may_live_on_another_host(stage: Stage) -> None:
    """
    Each request goes to the host of its own root, with our token; what is told there does not lead it elsewhere.
    """
    identity = await stage.server(lambda _seen: Reply(200, {"id": "u"}))
    service = await stage.server(lambda _seen: Reply(200, {"items": []}))
    stage.settings = replace(stage.settings, scim_uri=f"{identity.origin}/scim/")
    transport = stage.transport()
    await transport.send(Request("GET", "/v2/Users/me", root=Root.SCIM), Call())
    await transport.send(Request("GET", "/people"), Call())
    assert [("/scim/v2/Users/me", "Bearer good-token")] == [
        (seen.target, seen.headers["authorization"]) for seen in identity.seen
    ]
    assert ["/v1/people"] == [seen.target for seen in service.seen]
    with pytest.raises(TooStrange, match="another host"):
        await transport.send(Request("GET", "/people").follow(f"{identity.origin}/scim/v2/Users/me"), Call())


async def test_a_body_is_sent_as_json(stage: Stage) -> None:
    """
    As UTF-8, with its length.
    """
    server = await stage.server(in_turn(Reply(body={"id": "x"})))
    await stage.transport().send(replace(WRITE, body={"displayName": "Åsa 🦉"}), Call())
    assert {"displayName": "Åsa 🦉"} == server.seen[0].json()
    assert "application/json" == server.seen[0].headers["content-type"]


async def test_a_connection_is_used_again(stage: Stage) -> None:
    """
    Two requests in a row need one connection.
    """
    server = await stage.server(in_turn(Reply(body={})))
    transport = stage.transport()
    await transport.send(READ, Call())
    await transport.send(READ, Call())
    assert 1 == len(server._writers)


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "INVENTED"])
async def test_nothing_unsafe_leaves_in_a_dry_run(stage: Stage, method: str) -> None:
    """
    No byte reaches Webex, not even a connection; the request is shown instead.
    """
    server = await stage.server(in_turn(Reply()))
    with pytest.raises(Withheld) as caught:
        await stage.transport().send(Request(method, "/people/x", body={"a": 1}), Call(dry_run=True))
    assert (method, "/people/x", {"a": 1}) == (caught.value.method, caught.value.path, caught.value.body)
    assert ([], set(), []) == (server.seen, server._writers, stage.pacer.lanes)


async def test_a_dry_run_may_read(stage: Stage) -> None:
    """
    Reading is what a dry run is made of.
    """
    server = await stage.server(in_turn(Reply(body={"items": []})))
    await stage.transport().send(READ, Call(dry_run=True))
    assert 1 == len(server.seen)


async def test_every_try_takes_a_turn_in_its_lane_and_tells_how_it_ended(stage: Stage) -> None:
    """
    The pacer learns of each 429 and of each other answer, reads and writes apart.
    """
    await stage.server(in_turn(Reply(429), Reply(400), Reply(body={})))
    transport = stage.transport()
    with pytest.raises(Refused):
        await transport.send(WRITE, Call(lane=Lane.BULK))
    await transport.send(READ, Call())
    assert [("throttled", Kind.WRITE), ("answered", Kind.WRITE), ("answered", Kind.READ)] == stage.pacer.told
    assert [Lane.BULK, Lane.BULK, Lane.INTERACTIVE] == stage.pacer.lanes


@pytest.mark.parametrize("header", ["7", format_datetime(EPOCH + timedelta(seconds=7), usegmt=True)])
@pytest.mark.parametrize("request_", [READ, WRITE])
async def test_a_429_is_waited_out(stage: Stage, clock: VirtualClock, header: str, request_: Request) -> None:
    """
    Reads and writes alike succeed after the time Webex asked for, given in seconds or as a date.
    """
    server = await stage.server(in_turn(Reply(429, headers={"Retry-After": header}), Reply(body={"id": "x"})))
    answer = await stage.transport().send(request_, Call())
    assert {"id": "x"} == answer.data
    assert 2 == len(server.seen)
    assert 7 == clock.monotonic()


async def test_patience_with_429_ends(stage: Stage) -> None:
    """
    After the last try the caller is told, with the wait that Webex asked for.
    """
    server = await stage.server(in_turn(Reply(429, headers={"Retry-After": "3"})))
    with pytest.raises(Throttled) as caught:
        await stage.transport().send(READ, Call())
    assert 3 == caught.value.wait
    assert RULES[Throttled].tries == len(server.seen)


async def test_a_locked_object_is_tried_again_after_the_wait(stage: Stage, clock: VirtualClock) -> None:
    """
    423 is a refusal before any effect, so a write is repeated as well.
    """
    server = await stage.server(in_turn(Reply(423, headers={"Retry-After": "4"}), Reply(body={})))
    await stage.transport().send(WRITE, Call())
    assert (2, 4) == (len(server.seen), clock.monotonic())


BROKEN = {
    "no answer": (Reply(cut_after=0), AnswerLost),
    "half a header": (Reply(body={"a": 1}, cut_after=20), AnswerLost),
    "half a body": (Reply(body={"a": 1}, headers={"Content-Length": "9000"}, cut_after=200), AnswerLost),
    "not JSON": (Reply(body=b"<html>fine</html>"), AnswerLost),
    "broken compression": (Reply(body=b"no gzip", headers={"Content-Encoding": "gzip"}), AnswerLost),
    "no HTTP": (Reply(status=0), AnswerLost),
    "silence": (Reply(delay=61), AnswerLost),
    "502": (Reply(502, b"<title>Bad Gateway</title>"), ServerFailed),
    "503": (Reply(503), ServerFailed),
    "504": (Reply(504), ServerFailed),
}


@pytest.mark.parametrize("case", BROKEN)
async def test_a_read_survives_a_broken_answer(stage: Stage, case: str) -> None:
    """
    Reading twice is harmless.
    """
    server = await stage.server(in_turn(BROKEN[case][0], Reply(body={"items": []})))
    answer = await stage.transport().send(READ, Call())
    assert {"items": []} == answer.data
    assert 2 == len(server.seen)


@pytest.mark.parametrize("case", BROKEN)
@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
async def test_a_write_with_a_broken_answer_is_not_repeated(stage: Stage, case: str, method: str) -> None:
    """
    It may have happened: the caller is told so, with the id we sent, and looks for itself.
    """
    reply, kind = BROKEN[case]
    server = await stage.server(in_turn(reply, Reply(body={})))
    with pytest.raises(WebexError) as caught:
        await stage.transport().send(Request(method, "/people/x"), Call())
    assert kind is type(caught.value)
    assert caught.value.may_have_happened
    assert [caught.value.tracking_id] == [seen.headers["trackingid"] for seen in server.seen]


@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_a_refused_connection_never_left(stage: Stage, clock: VirtualClock, method: str) -> None:
    """
    Nobody listens: every request is tried again, and its error says that nothing happened.
    """
    server = await stage.server(in_turn(Reply()))
    await server.__aexit__(None, None, None)
    stage.settings = replace(stage.settings, service_uri="http://127.0.0.1:9/v1")
    with pytest.raises(NotReached) as caught:
        await stage.transport().send(Request(method, "/people"), Call())
    assert not caught.value.may_have_happened
    assert (caught.value.tracking_id or "").startswith("WXC_")
    assert RULES[NotReached].tries == len(stage.pacer.lanes)
    assert 0.25 + 0.5 == clock.monotonic()


async def test_an_untrusted_certificate_is_no_connection(stage: Stage) -> None:
    """
    TLS that does not come to stand is a request that never left: here the server speaks no TLS at all.
    """
    server = await stage.server(in_turn(Reply()))
    stage.settings = replace(stage.settings, service_uri=server.uri.replace("http:", "https:"))
    with pytest.raises(NotReached):
        await stage.transport().send(WRITE, Call())
    assert [] == server.seen


async def test_a_redirect_is_not_followed(stage: Stage) -> None:
    """
    Our token goes where the settings say and nowhere else.
    """
    server = await stage.server(in_turn(Reply(302, headers={"Location": "/v1/elsewhere"})))
    with pytest.raises(Refused):
        await stage.transport().send(READ, Call())
    assert ["/v1/people"] == [seen.path for seen in server.seen]


async def test_an_endless_answer_is_cut_off(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    """
    The limit counts unpacked bytes, so a small compressed answer cannot fill the memory.
    """
    monkeypatch.setattr(transport_module, "LARGEST_ANSWER", 1000)
    packed = gzip.compress(b" " * 100_000)
    await stage.server(in_turn(Reply(body=packed, headers={"Content-Encoding": "gzip"})))
    with pytest.raises(TooStrange, match="longer than 1000 bytes"):
        await stage.transport().send(READ, Call())


async def test_compression_can_be_switched_off(stage: Stage) -> None:
    """
    Then Webex is asked for plain answers.
    """
    server = await stage.server(in_turn(Reply(body={})))
    await stage.transport().send(READ, Call())
    stage.settings = replace(stage.settings, disable_compression=True)
    await stage.transport().send(READ, Call())
    assert "gzip" in server.seen[0].headers["accept-encoding"]
    assert "identity" == server.seen[1].headers["accept-encoding"]


async def test_no_more_connections_than_allowed_are_open(stage: Stage) -> None:
    """
    Thirty requests at once share the three connections of the settings, and all are answered.
    """
    server = await stage.server(in_turn(Reply(body={}, delay=1.0)))
    stage.settings = replace(stage.settings, maximum_connections=3)
    transport = stage.transport()
    asked = asyncio.gather(*(transport.send(READ, Call()) for _ in range(30)))
    await asyncio.sleep(5.5)
    assert 3 == len(server._writers)
    assert 30 == len(await asked)


class TestDeadline:
    """
    The caller's deadline is kept, and what is known at that moment is told.
    """

    async def test_a_deadline_in_the_past_sends_nothing(self, stage: Stage) -> None:
        """
        Too late is too late, and nothing happened.
        """
        server = await stage.server(in_turn(Reply()))
        with pytest.raises(DeadlinePassed):
            await stage.transport().send(WRITE, Call(deadline=0.0))
        assert [] == server.seen

    async def test_an_answer_that_comes_too_late_is_lost(self, stage: Stage, clock: VirtualClock) -> None:
        """
        The request had left, so it may have happened.
        """
        await stage.server(in_turn(Reply(body={}, delay=30)))
        with pytest.raises(AnswerLost):
            await stage.transport().send(WRITE, Call(deadline=5.0))
        assert 5 == clock.monotonic()

    async def test_waiting_for_a_free_connection_ends_with_the_deadline(self, stage: Stage) -> None:
        """
        The one connection is busy; the second request never left, and says so.
        """
        server = await stage.server(in_turn(Reply(body={}, delay=30)))
        stage.settings = replace(stage.settings, maximum_connections=1)
        transport = stage.transport()
        first = asyncio.create_task(transport.send(READ, Call()))
        await asyncio.sleep(1)
        with pytest.raises(DeadlinePassed):
            await transport.send(WRITE, Call(deadline=5.0))
        await first
        assert ["GET"] == [seen.method for seen in server.seen]

    async def test_no_repetition_begins_that_could_not_end_in_time(self, stage: Stage, clock: VirtualClock) -> None:
        """
        Webex asks for 60 seconds, the caller has 10: it is told at once, with Webex's reason.
        """
        await stage.server(in_turn(Reply(429, headers={"Retry-After": "60"})))
        with pytest.raises(Throttled) as caught:
            await stage.transport().send(READ, Call(deadline=10.0))
        assert (60, 0) == (caught.value.wait, clock.monotonic())

    async def test_a_turn_that_would_come_too_late_is_not_waited_for(self, stage: Stage) -> None:
        """
        Others were told to wait a minute; who has five seconds hears it now.
        """
        server = await stage.server(in_turn(Reply(body={})))
        stage.pacer.throttled(Kind.READ, 60)
        with pytest.raises(NoTurn) as caught:
            await stage.transport().send(READ, Call(deadline=5.0))
        assert ([], 60) == (server.seen, caught.value.wait)

    async def test_who_waits_in_vain_until_the_deadline_hears_when_to_come(
        self, stage: Stage, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """
        The line moved on more slowly than it looked: it was the line, not the caller, that was late.
        """
        server = await stage.server(in_turn(Reply(body={})))
        transport = stage.transport()

        async def slow(_kind: Kind, _lane: Lane, _deadline: float | None = None) -> None:
            await asyncio.sleep(6)
            raise TurnTooLate(7.0)

        monkeypatch.setattr(stage.pacer, "turn", slow)
        with pytest.raises(NoTurn) as caught:
            await transport.send(WRITE, Call(deadline=5.0))
        assert ([], 7.0) == (server.seen, caught.value.wait)

    async def test_the_wait_told_is_the_longer_one(self, stage: Stage) -> None:
        """
        Webex says five seconds to this request, and the line before it needs sixty.
        """
        await stage.server(in_turn(Reply(429, headers={"Retry-After": "5"})))
        transport = stage.transport()
        stage.pacer.line = 60.0
        with pytest.raises(Throttled) as caught:
            await transport.send(READ, Call(deadline=5.0))
        assert 60 == caught.value.wait

    @pytest.mark.parametrize("status", [200, 500])
    async def test_what_has_begun_is_brought_to_its_end(self, stage: Stage, clock: VirtualClock, status: int) -> None:
        """
        Once a write may have had its effect, neither its own answer nor the steps after it are cut off.
        """
        server = await stage.server(in_turn(Reply(status, body={}, delay=8), Reply(body={}, delay=8)))
        transport, call = stage.transport(), Call(deadline=5.0, course=_Course())
        with suppress(ServerFailed):
            await transport.send(WRITE, call)
        await transport.send(READ, call)
        assert (16, ["POST", "GET"]) == (clock.monotonic(), [seen.method for seen in server.seen])

    async def test_what_webex_turned_away_has_not_begun(self, stage: Stage, clock: VirtualClock) -> None:
        """
        A write that got a 429 changed nothing, so the deadline holds on.
        """
        server = await stage.server(in_turn(Reply(429, headers={"Retry-After": "60"})))
        call = Call(deadline=5.0, course=_Course())
        with pytest.raises(Throttled):
            await stage.transport().send(WRITE, call)
        with pytest.raises(NoTurn):
            await stage.transport().send(WRITE, call)
        assert (0, 1) == (clock.monotonic(), len(server.seen))

    async def test_a_turn_that_came_too_late_is_not_used(self, stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
        """
        The pacer meant well, but time has passed: not even a connection that stands ready carries the write.
        """
        server = await stage.server(in_turn(Reply(body={})))
        transport = stage.transport()
        await transport.send(READ, Call())

        async def late(_kind: Kind, _lane: Lane, _deadline: float | None = None) -> None:
            await asyncio.sleep(10)

        monkeypatch.setattr(stage.pacer, "turn", late)
        for call in (Call(deadline=5.0), Call(deadline=15.0, course=_Course())):
            with pytest.raises(DeadlinePassed):
                await transport.send(WRITE, call)
        assert ["GET"] == [seen.method for seen in server.seen]

    async def test_a_token_that_comes_too_late_is_not_waited_for(self, stage: Stage, clock: VirtualClock) -> None:
        """
        The token endpoint sleeps; nothing was sent to Webex.
        """
        server = await stage.server(in_turn(Reply(body={"access_token": "a"}, delay=30)))
        with pytest.raises(DeadlinePassed):
            await stage.transport(refreshing(server.uri, clock)).send(WRITE, Call(deadline=5.0))
        assert 5 == clock.monotonic()
        await asyncio.sleep(30)
        assert ["/v1/access_token"] == [seen.path for seen in server.seen]


def refreshing(uri: str, clock: VirtualClock, *, basic: bool = False, vault: MemoryVault | None = None) -> RefreshGrant:
    """
    A refresh grant whose first access token Webex no longer accepts.
    """
    client = OAuthClient(uri + "/access_token", "client", Secret("client-hush"), basic=basic)
    given = Tokens(Secret("stale-token")) if vault else None
    return RefreshGrant(client, Secret("refresh-hush"), vault=vault or MemoryVault(), clock=clock, given=given)


def needs_fresh_token(seen: Seen) -> Reply:
    """
    Accept `fresh-token` alone; give it for the refresh token.
    """
    if seen.path == "/v1/access_token":
        return Reply(body={"access_token": "fresh-token", "refresh_token": "rotated-hush", "expires_in": 1209599})
    if seen.headers["authorization"] != "Bearer fresh-token":
        return Reply(401, {"message": "The request requires a valid access token", "trackingId": "ROUTER_401"})
    return Reply(body={"id": "x"})


class TestTokens:
    """
    The access token is renewed once when Webex refuses it.
    """

    @pytest.mark.parametrize("request_", [READ, WRITE])
    async def test_after_a_401_the_request_goes_out_with_a_new_token(
        self,
        stage: Stage,
        clock: VirtualClock,
        request_: Request,
    ) -> None:
        """
        A refused token means a request without effect, so a write is repeated as well.
        """
        server = await stage.server(needs_fresh_token)
        answer = await stage.transport(refreshing(server.uri, clock, vault=MemoryVault())).send(request_, Call())
        assert {"id": "x"} == answer.data
        assert ["/v1/people", "/v1/access_token", "/v1/people"] == [seen.path for seen in server.seen]
        expected = {
            "grant_type": "refresh_token",
            "refresh_token": "refresh-hush",
            "client_id": "client",
            "client_secret": "client-hush",
        }
        assert expected == server.seen[1].form()
        assert 2 == len(stage.pacer.lanes)

    async def test_the_token_request_carries_basic_credentials_and_no_token(
        self,
        stage: Stage,
        clock: VirtualClock,
    ) -> None:
        """
        The stale token is not shown to the token endpoint.
        """
        server = await stage.server(needs_fresh_token)
        await stage.transport(refreshing(server.uri, clock, basic=True)).send(READ, Call())
        assert "Basic Y2xpZW50OmNsaWVudC1odXNo" == server.seen[0].headers["authorization"]
        assert "client_secret" not in server.seen[0].form()

    async def test_a_401_with_the_new_token_is_the_end(self, stage: Stage, clock: VirtualClock) -> None:
        """
        One renewal, then the truth.
        """

        def never(seen: Seen) -> Reply:
            return Reply(body={"access_token": "worse"}) if seen.path == "/v1/access_token" else Reply(401)

        server = await stage.server(never)
        with pytest.raises(Unauthorized):
            await stage.transport(refreshing(server.uri, clock, vault=MemoryVault())).send(READ, Call())
        assert 3 == len(server.seen)

    async def test_a_static_token_that_is_refused_is_the_end(self, stage: Stage) -> None:
        """
        There is nothing to renew.
        """
        server = await stage.server(needs_fresh_token)
        with pytest.raises(Unauthorized) as caught:
            await stage.transport().send(READ, Call())
        assert (1, "ROUTER_401") == (len(server.seen), caught.value.tracking_id)

    @pytest.mark.parametrize("status", [400, 401])
    async def test_a_refused_grant_is_told(self, stage: Stage, clock: VirtualClock, status: int) -> None:
        """
        Both error styles, with either status; nothing reached the organisation.
        """
        body = {"error": "invalid_grant", "error_description": "refresh token refresh-hush expired"}
        server = await stage.server(in_turn(Reply(status, body)))
        with pytest.raises(TokenRefused) as caught:
            await stage.transport(refreshing(server.uri, clock)).send(WRITE, Call())
        assert ("invalid_grant",) == caught.value.codes
        assert caught.value.detail.endswith(f"refresh token {MASK} expired")
        assert ["/v1/access_token"] == [seen.path for seen in server.seen]

    @pytest.mark.parametrize("secret", ["client-hush", 'a"b+c:d\\e/f g', "100%"])
    async def test_a_client_secret_that_is_quoted_is_masked(
        self, stage: Stage, clock: VirtualClock, secret: str
    ) -> None:
        """
        It was sent by HTTP Basic, encoded twice; a token endpoint may quote it in any form that it has met on the way.
        """

        def quoting(seen: Seen) -> Reply:
            shown = seen.headers["authorization"].removeprefix("Basic ")
            pair = base64.b64decode(shown).decode()
            quoted = f"[{shown}] [{pair.removeprefix('client:')}] [{secret}]"
            return Reply(401, {"error": "invalid_client", "error_description": quoted})

        server = await stage.server(quoting)
        client = OAuthClient(f"{server.uri}/access_token", "client", Secret(secret))
        grant = DirectGrant(client, lambda: {"grant_type": "client_credentials"}, clock=clock)
        with pytest.raises(TokenRefused) as caught:
            await stage.transport(grant).send(READ, Call())
        assert caught.value.detail.endswith(f"[{MASK}] [{MASK}] [{MASK}]")

    async def test_a_password_that_is_quoted_is_masked(self, stage: Stage) -> None:
        """
        Whoever logs in by name and password shows it with every request.
        """
        stage.settings = replace(stage.settings, authorization_prefix="Basic")
        shown = base64.b64encode(b"me:pass-hush").decode()
        await stage.server(lambda _seen: Reply(401, {"message": f"{shown}: me may not use pass-hush"}))
        with pytest.raises(Unauthorized) as caught:
            await stage.transport(StaticToken(Secret(shown))).send(READ, Call())
        assert caught.value.detail == f"401 {MASK}: me may not use {MASK}"

    async def test_a_failing_token_endpoint_does_not_look_like_a_write_that_may_have_happened(
        self,
        stage: Stage,
        clock: VirtualClock,
    ) -> None:
        """
        The write itself never left; it is tried again once the token is there.
        """
        server = await stage.server(
            lambda seen: Reply(503) if len(server.seen) == 1 else needs_fresh_token(seen),
        )
        answer = await stage.transport(refreshing(server.uri, clock)).send(WRITE, Call())
        assert {"id": "x"} == answer.data
        paths = ["/v1/access_token", "/v1/access_token", "/v1/people"]
        assert paths == [seen.path for seen in server.seen]

    async def test_a_dry_run_may_renew_the_token(self, stage: Stage, clock: VirtualClock) -> None:
        """
        Without a token a dry run could not even read; the organisation is not changed by it.
        """
        server = await stage.server(needs_fresh_token)
        await stage.transport(refreshing(server.uri, clock)).send(READ, Call(dry_run=True))
        assert ["POST", "GET"] == [seen.method for seen in server.seen]

    @pytest.mark.parametrize("token", ["line\nbreak", "snow☃man", "the end ", "two words", "\ttab", ""])
    async def test_a_token_no_header_can_carry_is_refused_without_showing_it(self, stage: Stage, token: str) -> None:
        """
        A token file with a line break at its end is a common slip; the library's own message would print the token.
        """
        server = await stage.server(in_turn(Reply()))
        with pytest.raises(TokenRefused) as caught:
            await stage.transport(StaticToken(Secret(token))).send(READ, Call())
        assert [] == server.seen
        assert not token or token not in "".join(traceback.format_exception(caught.value))

    @pytest.mark.parametrize(("prefix", "header"), [("Token", "Token good-token"), ("", "good-token")])
    async def test_the_word_before_the_token_can_be_another(self, stage: Stage, prefix: str, header: str) -> None:
        """
        Or none at all.
        """
        server = await stage.server(in_turn(Reply(body={})))
        stage.settings = replace(stage.settings, authorization_prefix=prefix)
        await stage.transport().send(READ, Call())
        assert header == server.seen[0].headers["authorization"]


class TestLog:
    """
    One line for each exchange, with everything to trace it and nothing to misuse.
    """

    async def test_an_empty_secret_masks_nothing(self, stage: Stage) -> None:
        """
        Nothing is found everywhere in a text; the reason stays readable.
        """
        server = await stage.server(in_turn(Reply(400, {"message": "no client"})))
        client = OAuthClient(server.uri + "/access_token", "client", Secret(""), basic=False)
        tokens = RefreshGrant(client, Secret("r"), vault=MemoryVault(), clock=VirtualClock())
        with pytest.raises(TokenRefused, match="400 no client"):
            await stage.transport(tokens).send(READ, Call())

    async def test_each_try_has_a_line(self, stage: Stage) -> None:
        """
        Method, path without query, status, time, lane, and both tracking ids.
        """
        reply = Reply(503, delay=2.0, headers={"TrackingID": "ROUTER_1"})
        server = await stage.server(in_turn(reply, Reply(body={}, headers={"TrackingID": "ROUTER_2"})))
        with capture_logs() as lines:
            await stage.transport().send(READ, Call(lane=Lane.BULK))
        sent = [seen.headers["trackingid"] for seen in server.seen]
        common = {
            "room": "webex",
            "event": "webex.request",
            "log_level": "info",
            "method": "GET",
            "path": "/people",
            "lane": "bulk",
        }
        first = {"status": 503, "outcome": "ServerFailed", "ms": 2000, "webex_tracking_id": "ROUTER_1"}
        second = {"status": 200, "outcome": "ok", "ms": 0, "webex_tracking_id": "ROUTER_2"}
        assert common | first | {"tracking_id": sent[0]} == lines[0]
        assert ("webex.repeat", "ROUTER_1") == (lines[1]["event"], lines[1]["after"])
        assert common | second | {"tracking_id": sent[1]} == lines[2]

    @pytest.mark.parametrize("status", [400, 403, 404, 409, 423, 429, 500, 504])
    async def test_every_error_and_its_line_carry_webexs_tracking_id(self, stage: Stage, status: int) -> None:
        """
        The id in the body is Webex's own and beats the one in the header, which may be ours sent back.
        """
        await stage.server(in_turn(Reply(status, {"message": "no", "trackingId": "ROUTER_9"})))
        with capture_logs() as lines, pytest.raises(WebexError) as caught:
            await stage.transport().send(WRITE, Call())
        assert "ROUTER_9" == caught.value.tracking_id
        assert {"ROUTER_9"} == {line["webex_tracking_id"] for line in lines if line["event"] == "webex.request"}

    async def test_a_request_that_is_given_up_has_a_line_too(self, stage: Stage) -> None:
        """
        It may have happened, so its tracking id must be somewhere.
        """
        server = await stage.server(in_turn(Reply(delay=30)))
        with capture_logs() as lines:
            task = asyncio.create_task(stage.transport().send(WRITE, Call()))
            await asyncio.sleep(3)
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
        found = [(line["outcome"], line["ms"], line["tracking_id"]) for line in lines]
        assert [("interrupted", 3000, server.seen[0].headers["trackingid"])] == found

    async def test_no_secret_and_no_address_reaches_a_log_or_an_error(
        self,
        stage: Stage,
        clock: VirtualClock,
        caplog: pytest.LogCaptureFixture,
    ) -> None:
        """
        A whole life (401, renewal, success, refusal that echoes the token, dead grant) leaves no trace of a secret in
        our log, in the libraries' logs at their noisiest, in an error or in its traceback.
        """
        caplog.set_level(logging.DEBUG)
        echo = {"message": "bad fresh-token", "errors": [{"description": "fresh-token"}]}

        def story(seen: Seen) -> Reply:
            if seen.path == "/v1/access_token" and "rotated-hush" in seen.form().values():
                return Reply(400, {"error": "invalid_grant", "error_description": f"{seen.form()}"})
            return Reply(403, echo) if seen.path == "/v1/licenses" else needs_fresh_token(seen)

        server = await stage.server(story)
        proxyless, tokens = stage.settings, refreshing(server.uri, clock, vault=MemoryVault())
        transport = stage.transport(tokens)
        told: list[object] = [stage.settings, tokens, transport, stage.client(tokens)]
        with capture_logs() as lines:
            await transport.send(READ, Call())
            with pytest.raises(Forbidden) as forbidden:
                await transport.send(Request("GET", "/licenses"), Call())
            await clock.sleep(1209599)
            with pytest.raises(TokenRefused) as refused:
                await transport.send(READ, Call())
        for error in (forbidden.value, refused.value):
            told += [str(error), repr(error), vars(error), "".join(traceback.format_exception(error))]
        proxy = ProxySettings("proxy.example", 3128, "user", Secret("proxy-hush"))
        told += [lines, caplog.text, replace(proxyless, proxy=proxy)]
        assert 3 < len(lines)
        shown = str(told)
        for secret in ("stale-token", "fresh-token", "-hush", "Y2xpZW50", "ana@acme", "ana%40acme"):
            assert secret not in shown
        assert MASK in shown


async def test_a_locked_object_in_the_end_is_told(stage: Stage) -> None:
    """
    Five tries, then the lock is the answer.
    """
    server = await stage.server(in_turn(Reply(423)))
    with pytest.raises(Locked):
        await stage.transport().send(WRITE, Call())
    assert RULES[Locked].tries == len(server.seen)
