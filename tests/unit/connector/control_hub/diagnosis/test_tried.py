"""
What an error of one read says about its subject.
"""

import pytest

from webex_connector.connector.control_hub.diagnosis import entrance, remedies
from webex_connector.connector.control_hub.diagnosis.subjects import Subject
from webex_connector.connector.control_hub.diagnosis.tried import Tried, failure, tried
from webex_connector.connector.properties import Grant
from webex_connector.icf.objects import Verdict
from webex_connector.webex.errors import (
    AnswerLost,
    DeadlinePassed,
    Forbidden,
    NotFound,
    NotReached,
    Refused,
    ServerFailed,
    Throttled,
    TokenRefused,
    TooStrange,
    Unauthorized,
    WebexError,
)
from webex_connector.webex.wire import Json

MISSING = remedies.missing(["spark-admin:roles_read"])


@pytest.mark.parametrize(
    ("error", "verdict", "remedy"),
    [
        (Forbidden("403"), Verdict.NO, MISSING),
        (Refused("400"), Verdict.NO, MISSING),
        (NotFound("404"), Verdict.NO, remedies.NOT_WEBEX),
        (Throttled("429"), Verdict.UNKNOWN, remedies.SLOWER),
        (NotReached("cut"), Verdict.UNKNOWN, remedies.way(NotReached().obstacle, "GET /roles")),
        (ServerFailed("500"), Verdict.UNKNOWN, remedies.NOT_NOW),
        (AnswerLost("cut"), Verdict.UNKNOWN, remedies.NOT_NOW),
        (DeadlinePassed("late"), Verdict.UNKNOWN, remedies.NOT_NOW),
    ],
)
async def test_only_a_refusal_is_a_no(error: WebexError, verdict: Verdict, remedy: str) -> None:
    """
    Whatever kept Webex from answering leaves it unknown whether the token may; the sentence is the error's own.
    """

    async def read() -> str:
        error.tracking_id = "ROUTER_1"
        raise error

    found = (await tried(read())).finding(Subject.ROLES, str)

    assert (verdict, remedy, "ROUTER_1") == (found.verdict, found.remedy, found.tracking_id)
    assert found == failure(Subject.ROLES, error)
    assert found.detail.startswith(error.summary)
    assert not found.ok


@pytest.mark.parametrize(
    ("error", "is_open", "first"),
    [
        (None, True, Verdict.YES),
        (Forbidden(), True, Verdict.YES),
        (ServerFailed(), True, Verdict.YES),
        (AnswerLost(), True, Verdict.NO),
        (TooStrange(), True, Verdict.NO),
        (DeadlinePassed(), False, Verdict.NO),
        (NotReached(), False, Verdict.NO),
        (Unauthorized(), False, Verdict.YES),
        (TokenRefused(), False, Verdict.YES),
    ],
)
def test_some_errors_of_the_first_request_end_the_test(
    error: WebexError | None,
    is_open: bool,  # noqa: FBT001 - what is asked of the error
    first: Verdict,
) -> None:
    """
    Those that every other request would meet too; the first finding is whether Webex answered at all.
    """
    outcome: Tried[list[Json]] = Tried([{"displayName": "Acme"}]) if error is None else Tried(error=error)

    assert is_open is entrance.is_open(outcome)
    assert first is entrance.entered(outcome, Grant.REFRESH_TOKEN)[0].verdict
