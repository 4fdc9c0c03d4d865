"""
Who has to replace a token by hand hears of it in time.
"""

from datetime import timedelta

import pytest
from structlog.testing import capture_logs

from fakes.scripted_webex import Reply
from fakes.virtual_time import EPOCH, VirtualClock
from fakes.webex_stage import Stage
from webex_connector.base.secret import Secret
from webex_connector.webex.call import Call
from webex_connector.webex.expiry_watch import ACCESS_NOTICE, REFRESH_NOTICE, ExpiryWatch
from webex_connector.webex.pasted_token import PastedToken
from webex_connector.webex.tokens import MemoryVault, StaticToken, TokenFacts
from webex_connector.webex.wire import Answer, Request

DAY = 86_400


def told(clock: VirtualClock, facts: TokenFacts) -> list[tuple[object, ...]]:
    """
    What a look at these facts writes into the log.
    """
    with capture_logs() as lines:
        ExpiryWatch(clock).look(facts)
    return [(line["log_level"], line["event"], line["kind"], line["days"]) for line in lines]


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        (TokenFacts(renews=False), []),
        (TokenFacts(renews=False, ends=EPOCH + ACCESS_NOTICE + timedelta(seconds=1)), []),
        (TokenFacts(renews=False, ends=EPOCH + ACCESS_NOTICE), [("warning", "webex.token_ends_soon", "access", 30)]),
        (TokenFacts(renews=False, ends=EPOCH), [("warning", "webex.token_ended", "access", 0)]),
        (TokenFacts(renews=True, ends=EPOCH), []),
        (TokenFacts(renews=True, refresh_ends=EPOCH + REFRESH_NOTICE + timedelta(seconds=1)), []),
        (
            TokenFacts(renews=True, refresh_ends=EPOCH + REFRESH_NOTICE),
            [("warning", "webex.token_ends_soon", "refresh", 14)],
        ),
    ],
)
async def test_a_warning_comes_when_only_a_person_can_help(
    facts: TokenFacts, expected: list[object], clock: VirtualClock
) -> None:
    """
    An access token that renews itself is nobody's business; a refresh token always is.
    """
    assert expected == told(clock, facts)


async def test_one_warning_a_day(clock: VirtualClock) -> None:
    """
    However many requests there are.
    """
    watch = ExpiryWatch(clock)
    facts = TokenFacts(renews=False, ends=EPOCH + timedelta(days=3))
    with capture_logs() as lines:
        for _ in range(49):
            watch.look(facts)
            await clock.sleep(DAY / 24)
    assert [3, 2, 1] == [line["days"] for line in lines]
    assert {"paste a new access token"} == {line["remedy"] for line in lines}


async def nobody(request: Request) -> Answer:
    """
    A token endpoint that is never asked.
    """
    raise AssertionError(request)


async def test_a_pasted_token_is_watched_from_the_day_it_was_first_used(clock: VirtualClock) -> None:
    """
    365 days, over a restart too: the vault remembers the day.
    """
    vault = MemoryVault()
    for days, expected in ((0, []), (334, []), (2, [("warning", "webex.token_ends_soon", "access", 29)])):
        await clock.sleep(days * DAY)
        pasted = PastedToken(Secret("t"), "https://webexapis.com/v1", vault=vault, clock=clock, ends=None)
        assert Secret("t") == await pasted.token(nobody)
        assert EPOCH + timedelta(days=365) == pasted.facts.ends
        assert expected == told(clock, pasted.facts)


async def test_the_warning_comes_with_a_request(stage: Stage) -> None:
    """
    Whoever works with Webex is told; nothing has to be asked for.
    """
    await stage.server(lambda _seen: Reply(body={"items": []}))
    transport = stage.transport(StaticToken(Secret("t"), ends=EPOCH + timedelta(days=2.5)))
    with capture_logs() as lines:
        await transport.send(Request("GET", "/people"), Call())
    assert [(2, "access")] == [
        (line["days"], line["kind"]) for line in lines if line["event"] == "webex.token_ends_soon"
    ]


async def test_what_was_said_about_a_pasted_token_goes_before_the_guess(clock: VirtualClock) -> None:
    """
    Then nothing is remembered of it; and there is no other token.
    """
    vault = MemoryVault()
    pasted = PastedToken(Secret("t"), "https://webexapis.com/v1", vault=vault, clock=clock, ends=EPOCH)

    assert Secret("t") == await pasted.token(nobody)
    assert await pasted.renew(Secret("t"), nobody) is None
    assert ({}, EPOCH) == (vault._tokens, pasted.facts.ends)
