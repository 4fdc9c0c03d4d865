"""
What goes wrong, in the envelope of the REST door.
"""

import pytest

from webex_connector.gateway.idm.errors import CODES, REASONS, Problem, problem_of
from webex_connector.icf import errors as icf


def _leaves(kind: type[icf.ConnectorError]) -> set[type[icf.ConnectorError]]:
    below = {leaf for child in kind.__subclasses__() if child.__module__ == icf.__name__ for leaf in _leaves(child)}
    return below or {kind}


def test_every_error_of_the_model_has_a_code() -> None:
    """
    Nobody can add an error without saying which code it is, and every code has its reason.
    """
    assert _leaves(icf.ConnectorError) <= set(CODES)
    assert set(CODES.values()) <= set(REASONS)


def test_an_unforeseen_kind_of_error_goes_by_its_parent() -> None:
    """
    A connector's own kind of error has its parent's code, and that of the whole tree is 500.
    """

    class Narrower(icf.Throttled):
        pass

    assert problem_of(Narrower("wait")).code == 503
    assert problem_of(icf.ConnectorError("broken")).code == 500


@pytest.mark.parametrize(
    ("error", "envelope", "headers"),
    [
        (
            icf.InvalidFilter("no", position=4, attribute="a"),
            {"code": 400, "reason": "Bad Request", "message": "no", "detail": {"attribute": "a", "position": 4}},
            {},
        ),
        (
            icf.UnknownAttribute("X has no attribute shoe; did you mean shoes?", attribute="shoe"),
            {
                "code": 400,
                "reason": "Bad Request",
                "message": "Target does not support attribute shoe (X has no attribute shoe; did you mean shoes?)",
                "detail": {"attribute": "shoe"},
            },
            {},
        ),
        (
            icf.AlreadyExists("taken", uid="P1", tracking_id="T"),
            {
                "code": 412,
                "reason": "Precondition Failed",
                "message": "taken",
                "detail": {"uid": "P1", "trackingId": "T"},
            },
            {},
        ),
        (
            icf.Throttled("busy", retry_after=7.2, tracking_id="T"),
            {
                "code": 503,
                "reason": "Service Unavailable",
                "message": "busy",
                "detail": {"trackingId": "T", "retryAfter": 8},
            },
            {"Retry-After": "8"},
        ),
        (
            icf.Ambiguous("no answer", tracking_id="T"),
            {
                "code": 500,
                "reason": "Internal Server Error",
                "message": "The change may have been made, and looking did not tell. "
                "Look at the object before repeating it: no answer",
                "detail": {"trackingId": "T", "ambiguous": True},
            },
            {},
        ),
        (icf.GuardRefused("limit"), {"code": 403, "reason": "Forbidden", "message": "limit"}, {}),
    ],
)
def test_an_error_carries_what_a_person_needs(
    error: icf.ConnectorError,
    envelope: dict[str, object],
    headers: dict[str, str],
) -> None:
    """
    The envelope names attribute, position, existing object, tracking id and waiting time when they are known.
    """
    problem = problem_of(error)
    assert problem.envelope == envelope
    assert problem.headers == headers


def test_an_envelope_has_its_keys_in_the_known_order() -> None:
    """
    Code, reason and message come in this order, and no empty detail.
    """
    assert list(Problem(404, "no").envelope) == ["code", "reason", "message"]
    assert list(Problem(404, "no", detail={"a": 1}).envelope) == ["code", "reason", "message", "detail"]
