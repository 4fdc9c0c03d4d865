"""
What can go wrong, grouped by what the caller should do.

    ConnectorError
    ├── InvalidInput            the caller's words are wrong; saying them again will not help
    │   ├── UnknownObjectClass
    │   ├── UnknownAttribute
    │   ├── InvalidAttributeValue
    │   ├── InvalidFilter
    │   └── InvalidOption
    ├── UnknownUid              the object is not there
    ├── Conflicting             the target holds something that contradicts
    │   ├── AlreadyExists
    │   ├── PreconditionFailed
    │   └── PreconditionRequired
    ├── NotAllowed              somebody said no
    │   ├── PermissionDenied
    │   ├── CallerRefused
    │   ├── UnsupportedOperation
    │   └── GuardRefused
    ├── BadCredentials          a person's own credentials, not ours
    │   ├── InvalidCredential
    │   └── PasswordExpired
    ├── TryLater                nothing is wrong with the request
    │   ├── ConnectionFailed
    │   ├── ConnectionBroken
    │   ├── Throttled
    │   └── OperationTimeout
    ├── Ambiguous               a write may have happened, and looking did not tell
    ├── ScriptFailed            a script did not end well; what it did before is done
    └── SetupError              nothing works until an administrator acts
        ├── ConfigurationInvalid
        └── AccessRefused
"""

from enum import Enum


class Verdict(Enum):
    """
    What a caller, human or engine, should do about an error.
    """

    RETRY_NOW = "retry now"
    """
    The same request may be repeated at once.
    """

    RETRY_LATER = "retry later"
    """
    The same request may succeed after a while; `retry_after` says how long, when known.
    """

    REFUSE = "refuse"
    """
    The request will fail again until it is changed.
    """

    STOP_RUN = "stop the run"
    """
    No request of this run will succeed until an administrator acts.
    """


class ConnectorError(Exception):
    """
    An operation did not do what was asked.

    `attribute` names the attribute concerned, `tracking_id` is what Webex support asks for, `retry_after` is in
    seconds.
    """

    verdict = Verdict.REFUSE

    def __init__(
        self,
        message: str,
        *,
        attribute: str | None = None,
        tracking_id: str | None = None,
        retry_after: float | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.attribute = attribute
        self.tracking_id = tracking_id
        self.retry_after = retry_after


class InvalidInput(ConnectorError):
    """
    The caller's words are wrong.
    """


class UnknownObjectClass(InvalidInput):
    """
    The connector has no such object class.
    """


class UnknownAttribute(InvalidInput):
    """
    The object class has no such attribute.
    """


class InvalidAttributeValue(InvalidInput):
    """
    A value is missing, of the wrong type, read-only, or refused by the target.
    """


class InvalidFilter(InvalidInput):
    """
    A filter cannot be understood; `position` is the column, counted from 1, where it went wrong, when there is one.
    """

    def __init__(self, message: str, *, position: int | None = None, attribute: str | None = None) -> None:
        super().__init__(message, attribute=attribute)
        self.position = position


class InvalidOption(InvalidInput):
    """
    An operation option is wrong: a cookie that is not ours, a sort key that does not exist.
    """


class UnknownUid(ConnectorError):
    """
    There is no object with this uid.
    """


class Conflicting(ConnectorError):
    """
    The target holds something that contradicts the request.
    """


class AlreadyExists(Conflicting):
    """
    An object with this name or address exists; `uid` is its identifier when it could be found.
    """

    def __init__(self, message: str, *, uid: str | None = None, tracking_id: str | None = None) -> None:
        super().__init__(message, tracking_id=tracking_id)
        self.uid = uid


class PreconditionFailed(Conflicting):
    """
    The object is not in the revision that the caller asked for.
    """


class PreconditionRequired(Conflicting):
    """
    The operation needs a revision, and none was given.
    """


class NotAllowed(ConnectorError):
    """
    Somebody said no.
    """


class PermissionDenied(NotAllowed):
    """
    The target forbids it to the credentials in use.
    """


class CallerRefused(NotAllowed):
    """
    The one who calls lacks a right here, or nobody has it; the target was not asked to change anything.
    """


class UnsupportedOperation(NotAllowed):
    """
    The object class does not have this operation.
    """


class GuardRefused(NotAllowed):
    """
    A safety limit would be passed, or could not be checked. Nothing was changed.
    """

    verdict = Verdict.STOP_RUN


class BadCredentials(ConnectorError):
    """
    The credentials of the person being authenticated are not accepted.
    """


class InvalidCredential(BadCredentials):
    """
    User name or password is wrong.
    """


class PasswordExpired(BadCredentials):
    """
    The password was right and is expired.
    """


class TryLater(ConnectorError):
    """
    Nothing is wrong with the request; nothing was changed.
    """

    verdict = Verdict.RETRY_LATER


class ConnectionFailed(TryLater):
    """
    The target could not be reached.
    """


class ConnectionBroken(TryLater):
    """
    The connection was lost during a read, or the target failed on its side.
    """


class Throttled(TryLater):
    """
    The target asked us to wait longer than the operation may last, or those who wait already take longer than that.
    """


class OperationTimeout(TryLater):
    """
    The operation's time limit came before it began to change anything.
    """


class Ambiguous(ConnectorError):
    """
    A write may have happened and reading back did not tell. Look before repeating it.
    """

    verdict = Verdict.RETRY_LATER


class ScriptFailed(ConnectorError):
    """
    A script on the connector is wrong, raised something or passed a limit. What it did before that stays done.
    """


class SetupError(ConnectorError):
    """
    Nothing works until an administrator acts.
    """

    verdict = Verdict.STOP_RUN


class ConfigurationInvalid(SetupError):
    """
    The connector's own configuration is wrong.
    """


class AccessRefused(SetupError):
    """
    The target does not accept the connector's own credentials.
    """
