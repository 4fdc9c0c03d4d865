"""
The error tree keeps its word.
"""

import re

import pytest

from webex_connector.webex import errors
from webex_connector.webex.errors import (
    AnswerLost,
    Refused,
    ServerFailed,
    Throttled,
    TooStrange,
    WebexError,
    Withheld,
)


def test_the_tree_at_the_top_of_the_file_is_the_tree() -> None:
    """
    Whoever adds an error draws it.
    """
    drawn = re.findall(r"[├└]── (\w+)", errors.__doc__ or "")
    assert [kind.__name__ for kind in WebexError.__subclasses__()] == drawn


def test_what_may_have_happened_is_what_nobody_can_rule_out() -> None:
    """
    A write that ended with one of these must be looked for before it is repeated.
    """
    unsure = {kind for kind in WebexError.__subclasses__() if kind.may_have_happened}
    assert {AnswerLost, ServerFailed, Refused, TooStrange} == unsure


@pytest.mark.parametrize("kind", [kind for kind in WebexError.__subclasses__() if kind is not Withheld])
def test_an_error_tells_a_person_what_to_do(kind: type[WebexError]) -> None:
    """
    The text names what happened, to which request, why, and the tracking id for Cisco's support.
    """
    error = kind("the reason", request="PUT /people/x", status=418, tracking_id="ROUTER_1", wait=2.0)
    assert f"{kind.summary}: PUT /people/x: the reason (tracking id ROUTER_1)" == str(error)
    assert kind.summary != WebexError.summary
    assert (418, 2.0, (), ()) == (error.status, error.wait, error.descriptions, error.codes)


def test_an_error_without_facts_is_still_a_sentence() -> None:
    """
    Nothing is made up, and nothing reads like a gap.
    """
    assert f"{Throttled.summary} (tracking id none)" == str(Throttled())


def test_a_withheld_request_shows_what_would_have_been_sent() -> None:
    """
    A dry run is worth its answer.
    """
    error = Withheld("PUT", "/people/x", {"displayName": "Ana"})
    assert ("PUT", "/people/x", {"displayName": "Ana"}) == (error.method, error.path, error.body)
    assert "Dry run, not sent: PUT /people/x (tracking id none)" == str(error)
