"""
What errors become at the SCIM door.
"""

import pytest

from webex_connector.gateway.scim.errors import AMBIGUOUS, ANSWERS, ERROR_URN, Kind, problem_of, refused
from webex_connector.icf import errors as icf


def _every(kind: type[icf.ConnectorError]) -> set[type[icf.ConnectorError]]:
    own = [each for each in kind.__subclasses__() if each.__module__ == icf.__name__]
    return {kind}.union(*map(_every, own))


def test_every_error_of_the_model_has_an_answer() -> None:
    """
    Nobody can add one without saying what it means to clients.
    """
    bases = {icf.ConnectorError, icf.Conflicting, icf.NotAllowed, icf.TryLater, icf.SetupError}
    derived = {icf.InvalidCredential, icf.PasswordExpired}
    assert _every(icf.ConnectorError) - bases - derived == set(ANSWERS)
    assert {problem_of(kind("x")).status for kind in derived} == {401}


@pytest.mark.parametrize(
    ("error", "status", "body", "wait"),
    [
        (icf.InvalidAttributeValue("Bad", tracking_id="T"), 400, ("invalidValue", "Bad (tracking id T)"), None),
        (
            icf.AlreadyExists("Taken", uid="U", tracking_id="T"),
            409,
            ("uniqueness", "Taken (id U) (tracking id T)"),
            None,
        ),
        (icf.AlreadyExists("Taken"), 409, ("uniqueness", "Taken"), None),
        (icf.Throttled("Busy", retry_after=2.1), 429, (None, "Busy"), "3"),
        (icf.Throttled("Busy", retry_after=0.0), 429, (None, "Busy"), "1"),
        (icf.ConnectionFailed("Gone"), 503, (None, "Gone"), "30"),
        (icf.OperationTimeout("Late"), 429, (None, "Late"), "30"),
        (icf.PermissionDenied("No"), 503, (None, "No"), "30"),
        (icf.GuardRefused("Too many"), 403, (None, "Too many"), None),
        (icf.Ambiguous("Perhaps"), 500, (None, f"{AMBIGUOUS}: Perhaps"), None),
        (icf.UnknownUid("There is no x in __ACCOUNT__"), 404, (None, "There is no resource with this id"), None),
    ],
)
def test_errors_say_what_to_do(
    error: icf.ConnectorError, status: int, body: tuple[str | None, str], wait: str | None
) -> None:
    """
    With whole seconds to wait, the id that is in the way, and Webex's tracking id.
    """
    problem = problem_of(error)
    assert problem.status == status
    assert (problem.body.get("scimType"), problem.body["detail"]) == body
    assert problem.headers.get("Retry-After") == wait


def test_an_error_has_the_form_of_the_standard() -> None:
    """
    The status is a text, which Okta's test insists on.
    """
    assert refused(Kind.INVALID_PATH, "x").body == {
        "schemas": [ERROR_URN],
        "status": "400",
        "scimType": "invalidPath",
        "detail": "x",
    }
