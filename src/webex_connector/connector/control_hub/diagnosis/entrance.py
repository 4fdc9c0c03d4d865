"""
The first request of a test: it tells whether Webex is reached, whether it takes the token, and what organisation it is.
"""

from webex_connector.connector.control_hub.diagnosis import remedies
from webex_connector.connector.control_hub.diagnosis.subjects import Subject
from webex_connector.connector.control_hub.diagnosis.tried import Tried, failure
from webex_connector.connector.faults import said
from webex_connector.connector.properties import Login, Method
from webex_connector.icf.objects import Finding, Verdict
from webex_connector.webex.errors import (
    AnswerLost,
    DeadlinePassed,
    Forbidden,
    NotFound,
    NotReached,
    NoTurn,
    Obstacle,
    TokenRefused,
    TooStrange,
    Unauthorized,
    WebexError,
)
from webex_connector.webex.wire import Json

TELLING = {
    Obstacle.NAME: "no name server knows the host",
    Obstacle.CONNECTION: "the host, or the proxy, takes no connection",
    Obstacle.TIME: "no connection stood in time",
    Obstacle.TLS: "the certificate is not trusted, or TLS fails",
    Obstacle.CLIENT_CERTIFICATE: "the server misses a client certificate, or does not accept ours",
    Obstacle.PROXY: "the proxy refuses the way",
    Obstacle.NO_PROXY: "no connection to the proxy",
    Obstacle.OTHER: "something is in the way",
}


def is_open(first: Tried[list[Json]]) -> bool:
    """
    Say whether further requests can tell anything.
    """
    closed = (NotReached, Unauthorized, TokenRefused, NoTurn, DeadlinePassed)
    return not isinstance(first.error, closed)


def entered(first: Tried[list[Json]], login: Login) -> list[Finding]:
    """
    Return what the listing of organisations tells; `login` is what Webex may not have taken.
    """
    error = first.error
    if error is not None and (isinstance(error, NotReached) or error.obstacle is Obstacle.CLIENT_CERTIFICATE):
        return [_unreached(error)]
    if isinstance(error, NoTurn | DeadlinePassed):
        return [Finding(Subject.REACH.value, Verdict.NO, said(error), error.tracking_id, remedies.NOT_NOW)]
    if isinstance(error, AnswerLost | TooStrange):
        text, remedy = said(error), remedies.NOT_WEBEX
        return [Finding(Subject.REACH.value, Verdict.NO, text, error.tracking_id, remedy)]
    reached = Finding(Subject.REACH.value, detail="Webex answers")
    if isinstance(error, Unauthorized | TokenRefused):
        remedy = remedies.refused(login)
        return [reached, Finding(Subject.CREDENTIALS.value, Verdict.NO, said(error), error.tracking_id, remedy)]
    if error is None or isinstance(error, Forbidden | NotFound):
        accepted = "Webex accepts login and password" if login is Method.BASIC else "Webex accepts the access token"
        return [reached, Finding(Subject.CREDENTIALS.value, detail=accepted), _organisation(first)]
    return [reached, failure(Subject.ORGANISATION, error)]


def _unreached(error: WebexError) -> Finding:
    detail, remedy = f"{TELLING[error.obstacle]} ({said(error)})", remedies.way(error.obstacle, error.request)
    return Finding(Subject.REACH.value, Verdict.NO, detail, error.tracking_id, remedy)


def _organisation(first: Tried[list[Json]]) -> Finding:
    subject = Subject.ORGANISATION
    if first.error is not None:
        # Nothing else needs it: SCIM finds the organisation by its people too.
        remedy = remedies.unreadable(subject)
        text = said(first.error)
        return Finding(subject.value, Verdict.UNKNOWN, text, first.error.tracking_id, remedy, needed=False)
    names = [str(each.get("displayName")) for each in first.value or ()]
    if not names:
        detail = "Webex shows no organisation to this token"
        return Finding(subject.value, Verdict.NO, detail, remedy=remedies.OTHER_ORGANISATION)
    if len(names) > 1:
        detail = f"the token sees {len(names)} organisations: {', '.join(names)}"
        return Finding(subject.value, Verdict.WARNING, detail, remedy=remedies.ONE_ORGANISATION)
    return Finding(subject.value, detail=names[0])
