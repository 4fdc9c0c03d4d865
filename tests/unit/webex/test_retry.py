"""
The whole table of what is repeated.
"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webex_connector.webex.errors import (
    AnswerLost,
    Conflict,
    DeadlinePassed,
    Forbidden,
    Locked,
    NotFound,
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
from webex_connector.webex.retry import LONGEST_WAIT, RULES, pause
from webex_connector.webex.wire import Request

ALWAYS, READS_ONLY, NEVER = "always", "reads only", "never"
EXPECTED = {
    NotReached: ALWAYS,
    Throttled: ALWAYS,
    Locked: ALWAYS,
    ServerFailed: READS_ONLY,
    AnswerLost: READS_ONLY,
    Unauthorized: NEVER,
    TokenRefused: NEVER,
    Forbidden: NEVER,
    NotFound: NEVER,
    Conflict: NEVER,
    Refused: NEVER,
    DeadlinePassed: NEVER,
    NoTurn: NEVER,
    TooStrange: NEVER,
    Withheld: NEVER,
}
READS, WRITES = ["GET", "HEAD", "OPTIONS"], ["POST", "PUT", "PATCH", "DELETE"]


def an(kind: type[WebexError], *, status: int | None = 503, wait: float | None = None) -> WebexError:
    """
    Make an error of that kind.
    """
    return Withheld("GET", "/x", None) if kind is Withheld else kind(status=status, wait=wait)


def pause_after(error: WebexError, method: str = "GET", tries: int = 1, luck: float = 0.0) -> float | None:
    """
    Ask the table, without a deadline.
    """
    return pause(Request(method, "/x"), error, tries, luck=luck, remaining=None)


def test_every_error_has_a_place_in_the_table() -> None:
    """
    Nobody can add an error without saying whether it is repeated.
    """
    assert set(WebexError.__subclasses__()) == set(EXPECTED)


@pytest.mark.parametrize("kind", EXPECTED)
@pytest.mark.parametrize("method", READS + WRITES)
def test_the_table(kind: type[WebexError], method: str) -> None:
    """
    A request is repeated after exactly the errors that leave no doubt about its effect.
    """
    wanted = EXPECTED[kind] == ALWAYS or (EXPECTED[kind] == READS_ONLY and method in READS)
    assert wanted == (pause_after(an(kind), method) is not None)


@pytest.mark.parametrize("kind", EXPECTED)
def test_a_write_is_never_repeated_when_it_may_have_happened(kind: type[WebexError]) -> None:
    """
    The table and the tree agree.
    """
    if kind.may_have_happened:
        assert all(pause_after(an(kind), method) is None for method in WRITES)


@pytest.mark.parametrize(("status", "repeated"), [(500, False), (501, False), (502, True), (503, True), (504, True)])
def test_only_passing_server_failures_are_repeated(status: int, *, repeated: bool) -> None:
    """
    A 500 comes again; a gateway's failure may pass.
    """
    assert repeated == (pause_after(an(ServerFailed, status=status)) is not None)


@pytest.mark.parametrize("kind", RULES)
def test_patience_ends(kind: type[WebexError]) -> None:
    """
    Each error has a last try, and it is not the first.
    """
    last = RULES[kind].tries
    assert last > 1
    assert pause_after(an(kind), tries=last - 1) is not None
    assert pause_after(an(kind), tries=last) is None


def test_pauses_grow_and_are_spread() -> None:
    """
    Half to the whole of 0.5, 1, 2 seconds: callers that failed together do not come back together.
    """
    assert [0.25, 0.5, 1.0] == [pause_after(an(ServerFailed), tries=tries) for tries in (1, 2, 3)]
    assert [0.5, 1.0, 2.0] == [pause_after(an(ServerFailed), tries=tries, luck=1.0) for tries in (1, 2, 3)]


@pytest.mark.parametrize("kind", [Locked, ServerFailed])
def test_a_wait_that_webex_asks_for_is_kept(kind: type[WebexError]) -> None:
    """
    We come back after the time named, never before it.
    """
    assert 9.0 == pause_after(an(kind, wait=9.0))
    assert 9.5 == pause_after(an(kind, wait=9.0), luck=0.5)


def test_after_a_429_the_pacer_makes_us_wait() -> None:
    """
    Waiting here as well would cost the request its place in the line.
    """
    assert 0.0 == pause_after(an(Throttled, wait=60.0), luck=1.0)


@pytest.mark.parametrize("kind", [Throttled, Locked, ServerFailed])
def test_too_long_a_wait_is_handed_to_the_caller(kind: type[WebexError]) -> None:
    """
    Nobody is kept waiting for an hour in silence.
    """
    assert pause_after(an(kind, wait=LONGEST_WAIT)) is not None
    assert pause_after(an(kind, wait=LONGEST_WAIT + 1)) is None


@given(
    kind=st.sampled_from(list(RULES)),
    tries=st.integers(1, 20),
    luck=st.floats(0, 1),
    wait=st.none() | st.floats(0, 1000),
    remaining=st.floats(-10, 1000),
)
def test_no_pause_outlasts_the_deadline(
    kind: type[WebexError],
    tries: int,
    luck: float,
    wait: float | None,
    remaining: float,
) -> None:
    """
    Who cannot come back in time is told at once what Webex said.
    """
    seconds = pause(Request("GET", "/x"), an(kind, wait=wait), tries, luck=luck, remaining=remaining)
    assert seconds is None or 0 <= seconds < remaining
    if seconds is not None and wait and kind is not NotReached:
        assert wait < remaining
