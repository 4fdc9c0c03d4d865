"""
What a refusal of a site means to the model: by the site's own code, and else by the table of `connector/faults.py`.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from webex_connector.connector import faults
from webex_connector.connector.meetings_site.attributes import HELD
from webex_connector.icf import errors as model
from webex_connector.webex.errors import Forbidden, Refused, TokenRefused, TooStrange, Unauthorized, WebexError
from webex_connector.webex.meetings_xml.markup import Unreadable
from webex_connector.webex.meetings_xml.reasons import Category, meaning_of

_CHANGE_FIRST = frozenset({"030029", "030031"})
_UNKNOWN_TO_SITE = frozenset({"030001", "030002"})


def refusal(error: WebexError, *, hint: str = "") -> model.ConnectorError:
    """
    Return the model's error for a request after which nothing is left open, with a sentence more for people.
    """
    told = meaning_of(error)
    attribute = None if told is None else _attribute(told.field)
    text = f"{faults.said(error)}. {hint}" if hint else faults.said(error)
    if told is not None and told.category is Category.UNSUPPORTED:
        return model.PermissionDenied(text, attribute=attribute, tracking_id=error.tracking_id)
    if isinstance(error, Refused | Forbidden):
        kind = faults.FAULTS[type(error)]
        return kind(text, attribute=attribute, tracking_id=error.tracking_id)
    return faults.meaning(error, attribute=attribute)


def is_about_password(error: WebexError) -> bool:
    """
    Say whether the site's rules for passwords refused one, or nobody may set one.
    """
    told = meaning_of(error)
    return told is not None and (told.category is Category.PASSWORD or told.field == "password")


def is_unpublished(error: WebexError) -> bool:
    """
    Say whether the site refused with a code that nobody has explained.
    """
    told = meaning_of(error)
    return told is not None and told.category is Category.UNKNOWN


def _attribute(path: str | None) -> str | None:
    if path is None:
        return None
    return next((each.info.name for each in HELD if each.path == path or each.path.startswith(f"{path}/")), None) or (
        "privileges" if path.startswith("privilege") else "myWebEx" if path.startswith("myWebEx") else None
    )


@contextmanager
def reading() -> Iterator[None]:
    """
    Translate whatever a read raises.
    """
    try:
        yield
    except WebexError as error:
        raise refusal(error) from error
    except Unreadable as error:
        raise model.ConnectionBroken(f"The site's answer makes no sense: {error}") from error


@contextmanager
def reading_one(object_class: str, uid: str) -> Iterator[None]:
    """
    Translate whatever the read of one object raises. Only what a site says of this very id makes it unknown.
    """
    try:
        with reading():
            yield
    except model.UnknownUid as error:
        raise model.UnknownUid(f"There is no {uid} in {object_class}", tracking_id=error.tracking_id) from error


def log_in_refused(error: WebexError) -> model.ConnectorError:
    """
    Return the error for somebody whose own log-in the site refused.
    """
    code = error.codes[0] if error.codes else ""
    if code in _CHANGE_FIRST:
        return model.PasswordExpired(faults.said(error), tracking_id=error.tracking_id)
    if code in _UNKNOWN_TO_SITE:
        return model.InvalidCredential(faults.said(error), tracking_id=error.tracking_id)
    if isinstance(error, Unauthorized | Refused):
        return model.BadCredentials(faults.said(error), tracking_id=error.tracking_id)
    if isinstance(error, TokenRefused):
        # Users of this site have no passwords on it.
        return model.UnsupportedOperation(faults.said(error), tracking_id=error.tracking_id)
    return refusal(error)


def is_open(error: WebexError) -> bool:
    """
    Say whether a write that failed so may have happened: a refusal with a published code comes before anything is done.
    """
    if isinstance(error, Refused) and meaning_of(error) is not None and not is_unpublished(error):
        return False
    return error.may_have_happened or isinstance(error, TooStrange)
