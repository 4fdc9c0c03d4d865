"""
What a failure at Webex means to the model.
"""

from collections.abc import AsyncIterator

import pytest

from webex_connector.connector.faults import (
    FAULTS,
    attribute_in,
    meaning,
    open_question,
    read_all,
    reading,
    reading_one,
    said,
)
from webex_connector.icf import errors as model
from webex_connector.webex import errors as webex


def _leaves(kind: type[Exception]) -> set[type[Exception]]:
    below = kind.__subclasses__()
    return {leaf for each in below for leaf in _leaves(each)} if below else {kind}


def test_every_failure_at_webex_has_a_meaning() -> None:
    """
    Nobody can add an error to the client without saying what it means to callers; a withheld request is no failure.
    """
    assert _leaves(webex.WebexError) - {webex.Withheld} == FAULTS.keys()


def test_every_meaning_says_what_to_do() -> None:
    """
    Callers get a leaf of the model's tree, never a group of errors.
    """
    assert set(FAULTS.values()) <= _leaves(model.ConnectorError)


@pytest.mark.parametrize("kind", FAULTS)
def test_a_meaning_keeps_the_facts(kind: type[webex.WebexError]) -> None:
    """
    The request, Webex's words and the tracking id reach the caller; so do the attribute and the wait, where they help.
    """
    error = kind("409 the reason", request="PUT /people/x", tracking_id="ROUTER_1", wait=7.5)

    found = meaning(error, attribute="title")

    assert FAULTS[kind] is type(found)
    more = ". It takes the scopes spark-admin:people_write and spark-admin:people_read"
    assert f"{kind.summary}: PUT /people/x: 409 the reason{more if kind is webex.Forbidden else ''}" == found.message
    assert "ROUTER_1" == found.tracking_id
    if not isinstance(found, model.AlreadyExists):
        assert ("title", 7.5) == (found.attribute, found.retry_after)


def test_only_failures_that_pass_are_worth_another_try() -> None:
    """
    "Retry later" is said of the way to Webex and of its load, of nothing that is wrong with the request.
    """
    kinds = {kind for kind, target in FAULTS.items() if target.verdict is model.Verdict.RETRY_LATER}
    assert {
        webex.NotReached,
        webex.AnswerLost,
        webex.ServerFailed,
        webex.Throttled,
        webex.Locked,
        webex.NoTurn,
        webex.DeadlinePassed,
        webex.TooStrange,
    } == kinds


def test_credentials_that_are_refused_stop_the_run() -> None:
    """
    A token that Webex does not accept will not be accepted for the next object either.
    """
    kinds = {kind for kind, target in FAULTS.items() if target.verdict is model.Verdict.STOP_RUN}
    assert {webex.Unauthorized, webex.TokenRefused} == kinds


def test_an_open_question_asks_the_caller_to_look() -> None:
    """
    Where nobody knows whether a write happened, the error says so and about what.
    """
    error = webex.AnswerLost("the connection broke", request="POST /people", tracking_id="ROUTER_2")

    found = open_question(error, "the creation of a@b.example")

    assert "Nobody can tell whether the creation of a@b.example happened; read it before" in found.message
    assert said(error) in found.message
    assert "ROUTER_2" == found.tracking_id


def test_a_sentence_has_no_gaps() -> None:
    """
    What Webex did not say is left out.
    """
    assert webex.NotFound.summary == said(webex.NotFound())


@pytest.mark.parametrize("kind", [webex.NotFound, webex.Refused])
def test_an_id_that_webex_does_not_accept_is_the_id_of_nobody(kind: type[webex.WebexError]) -> None:
    """
    Unknown or malformed: the caller learns that there is no such object.
    """
    with pytest.raises(model.UnknownUid, match="There is no x in LICENSES") as raised, reading_one("LICENSES", "x"):
        raise kind(tracking_id="ROUTER_3")
    assert "ROUTER_3" == raised.value.tracking_id


def test_a_read_of_one_object_that_fails_otherwise_is_no_absence() -> None:
    """
    Somebody who may not read must not conclude that the object is gone.
    """
    with pytest.raises(model.PermissionDenied), reading_one("ROLES", "x"):
        raise webex.Forbidden


def test_reading_translates_and_lets_the_rest_pass() -> None:
    """
    Only Webex's failures are translated; a mistake of ours stays visible.
    """
    with pytest.raises(model.Throttled), reading():
        raise webex.Locked
    with pytest.raises(KeyError), reading():
        raise KeyError


async def test_a_failed_page_fails_the_walk() -> None:
    """
    What came before it was handed out, and the failure is not taken for the end.
    """

    async def pages() -> AsyncIterator[int]:
        yield 1
        raise webex.ServerFailed("503")

    walk = read_all(pages())
    assert 1 == await anext(walk)
    with pytest.raises(model.ConnectionBroken):
        await anext(walk)


@pytest.mark.parametrize(
    ("candidates", "descriptions", "expected"),
    [
        (["title"], (), "title"),
        (["title", "emails"], ("Invalid EMAILS given",), "emails"),
        (["title", "emails"], ("title and emails are wrong",), None),
        (["title", "emails"], ("something is wrong",), None),
        ([], ("title is wrong",), None),
    ],
)
def test_a_refusal_is_about_the_attribute_it_names(
    candidates: list[str],
    descriptions: tuple[str, ...],
    expected: str | None,
) -> None:
    """
    The only attribute written is meant, or the only one Webex mentions; else nobody guesses.
    """
    assert expected == attribute_in(webex.Refused(descriptions=descriptions), candidates)
