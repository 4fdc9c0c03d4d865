"""
What a failure at Webex means to the model. One table; a test proves that no failure is missing.
"""

from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from typing import TypeVar

from webex_connector.connector.scopes import advice
from webex_connector.icf import errors as model
from webex_connector.webex import errors as webex
from webex_connector.webex.ids import is_id

FAULTS: dict[type[webex.WebexError], type[model.ConnectorError]] = {
    webex.NotReached: model.ConnectionFailed,
    webex.AnswerLost: model.ConnectionBroken,
    webex.ServerFailed: model.ConnectionBroken,
    webex.Throttled: model.Throttled,
    webex.Locked: model.Throttled,
    webex.Unauthorized: model.AccessRefused,
    webex.TokenRefused: model.AccessRefused,
    webex.Forbidden: model.PermissionDenied,
    webex.NotFound: model.UnknownUid,
    webex.Conflict: model.AlreadyExists,
    webex.Refused: model.InvalidAttributeValue,
    webex.NoTurn: model.Throttled,
    webex.DeadlinePassed: model.OperationTimeout,
    webex.TooStrange: model.ConnectionBroken,
}
"""
By what the caller should do. `Withheld` is missing on purpose: a dry run is an outcome, no failure.
"""

_ABOUT_THE_VALUE = (webex.Refused, webex.NotFound, webex.Conflict)

# A gateway that heard nothing from the service behind it (RFC 9110, sections 15.6.3 and 15.6.5).
_UNHEARD = frozenset({502, 504})

T = TypeVar("T")


def meaning(error: webex.WebexError, *, attribute: str | None = None) -> model.ConnectorError:
    """
    Return the model's error for a failure after which nothing is left open: a read, or a write that did not happen.
    """
    kind = FAULTS[type(error)]
    if kind is model.AlreadyExists:
        return model.AlreadyExists(said(error), tracking_id=error.tracking_id)
    return kind(said(error), attribute=attribute, tracking_id=error.tracking_id, retry_after=error.wait)


def open_question(error: webex.WebexError, subject: str) -> model.Ambiguous:
    """
    Return the error for a write of which nobody can tell whether it happened.
    """
    return model.Ambiguous(
        f"Nobody can tell whether {subject} happened; read it before repeating anything. {said(error)}",
        tracking_id=error.tracking_id,
    )


def undone(
    failures: Sequence[webex.WebexError],
    subject: str,
    *,
    attribute: str | None = None,
) -> model.ConnectorError:
    """
    Return the error for a write that failed each of these times and, as far as one can see, is not in place.

    It is Ambiguous when one of the tries got no answer from the service itself: it may still arrive.
    """
    for failure in failures:
        if isinstance(failure, webex.AnswerLost | webex.TooStrange) or failure.status in _UNHEARD:
            return open_question(failure, subject)
    return meaning(failures[-1], attribute=attribute)


def not_taken(failures: Sequence[webex.WebexError], subject: str) -> model.ConnectorError:
    """
    Return the same for a part that is kept in a place of its own, such as a membership.

    If Webex refuses it, or does not know the place, then the value is wrong, not the uid of what was to be written.
    """
    last = failures[-1]
    if isinstance(last, _ABOUT_THE_VALUE):
        return model.InvalidAttributeValue(said(last), tracking_id=last.tracking_id)
    return undone(failures, subject)


def said(error: webex.WebexError) -> str:
    """
    Return what Webex said, without the tracking id, which travels beside it; and after a 403 which scopes it takes.
    """
    told = ": ".join(part for part in (error.summary, error.request, error.detail) if part)
    more = advice(error.request) if isinstance(error, webex.Forbidden) else ""
    return f"{told.rstrip('.')}. {more}" if more else told


@contextmanager
def reading() -> Iterator[None]:
    """
    Translate whatever a read raises.
    """
    try:
        yield
    except webex.WebexError as error:
        raise meaning(error) from error


@contextmanager
def reading_one(object_class: str, uid: str) -> Iterator[None]:
    """
    Translate whatever the read of one object raises.

    Webex answers 400 to an id that has not the form of one. A 400 to any other says nothing about the object, and
    whoever hears that an object is gone may make it anew.
    """
    try:
        yield
    except webex.WebexError as error:
        malformed = isinstance(error, webex.Refused) and not is_id(uid)
        if malformed or isinstance(error, webex.NotFound):
            raise model.UnknownUid(f"There is no {uid} in {object_class}", tracking_id=error.tracking_id) from error
        raise meaning(error) from error


def attribute_in(failure: webex.WebexError, candidates: Iterable[str]) -> str | None:
    """
    Name the attribute a refusal is about: the only candidate, or the only one Webex mentions.
    """
    names = list(candidates)
    text = " ".join(failure.descriptions).lower()
    named = names if len(names) == 1 else [name for name in names if name.lower() in text]
    return named[0] if len(named) == 1 else None


async def read_all(
    pages: AsyncIterator[T], reading: Callable[[], AbstractContextManager[None]] = reading
) -> AsyncIterator[T]:
    """
    Pass pages on, translating whatever fetching them raises as `reading` does.
    """
    while True:
        with reading():
            page = await anext(pages, None)
        if page is None:
            return
        yield page
