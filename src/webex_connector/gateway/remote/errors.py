"""
What goes wrong, by the names of the Java classes that platforms look for.

They load the class by its name, or compare the name with a list; nothing else of an error reaches them but its text.
Source: `framework/common/exceptions` in ConnId and OpenICF.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from webex_connector.gateway.remote.codec.exceptions import RemoteWrappedException
from webex_connector.gateway.remote.codec.primitives import Malformed
from webex_connector.gateway.rights import NotPermitted
from webex_connector.icf import errors as icf

_PACKAGE: Final = "org.identityconnectors.framework.common.exceptions."
INVALID_VALUE: Final = f"{_PACKAGE}InvalidAttributeValueException"
CONNECTION_FAILED: Final = f"{_PACKAGE}ConnectionFailedException"
PERMISSION_DENIED: Final = f"{_PACKAGE}PermissionDeniedException"
CONFIGURATION: Final = f"{_PACKAGE}ConfigurationException"
CONNECTOR: Final = f"{_PACKAGE}ConnectorException"
INVALID_CREDENTIAL: Final = f"{_PACKAGE}InvalidCredentialException"
UNSUPPORTED: Final = "java.lang.UnsupportedOperationException"
ILLEGAL_ARGUMENT: Final = "java.lang.IllegalArgumentException"

CLASSES: Final[Mapping[type[icf.ConnectorError], str]] = MappingProxyType(
    {
        icf.InvalidInput: INVALID_VALUE,
        icf.UnknownObjectClass: UNSUPPORTED,
        icf.UnknownAttribute: INVALID_VALUE,
        icf.InvalidAttributeValue: INVALID_VALUE,
        icf.InvalidFilter: INVALID_VALUE,
        icf.InvalidOption: INVALID_VALUE,
        icf.UnknownUid: f"{_PACKAGE}UnknownUidException",
        icf.AlreadyExists: f"{_PACKAGE}AlreadyExistsException",
        icf.PreconditionFailed: f"{_PACKAGE}PreconditionFailedException",
        icf.PreconditionRequired: f"{_PACKAGE}PreconditionRequiredException",
        icf.PermissionDenied: PERMISSION_DENIED,
        icf.CallerRefused: PERMISSION_DENIED,
        icf.UnsupportedOperation: UNSUPPORTED,
        icf.GuardRefused: PERMISSION_DENIED,
        icf.InvalidCredential: INVALID_CREDENTIAL,
        icf.PasswordExpired: f"{_PACKAGE}PasswordExpiredException",
        icf.ConnectionFailed: CONNECTION_FAILED,
        icf.ConnectionBroken: f"{_PACKAGE}ConnectionBrokenException",
        # RetryableException would say it, but has no constructor that midPoint could call.
        icf.Throttled: CONNECTION_FAILED,
        icf.OperationTimeout: f"{_PACKAGE}OperationTimeoutException",
        # None of those that platforms repeat by themselves: this write may have happened.
        icf.Ambiguous: CONNECTOR,
        icf.ScriptFailed: CONNECTOR,
        icf.ConfigurationInvalid: CONFIGURATION,
        # InvalidCredentialException is about the password of a person, not about ours.
        icf.AccessRefused: CONNECTION_FAILED,
    },
)
"""
The Java class of every error of the model.
"""

AMBIGUOUS: Final = "The change may have been made, and looking did not tell; look at the object before repeating it"
"""
What is said before the reason of an error that nobody knows the outcome of.
"""

_INTERNAL: Final = "The connector server failed; its log says where"


def is_ours(error: Exception) -> bool:
    """
    Whether it is no fault of this program: a caller's, the target's, an administrator's.
    """
    return isinstance(error, icf.ConnectorError | NotPermitted | Malformed)


def wrapped(error: Exception) -> RemoteWrappedException:
    """
    Return an error as it travels. Of errors of this program itself nothing is told.
    """
    if isinstance(error, NotPermitted):
        return RemoteWrappedException(PERMISSION_DENIED, str(error))
    if isinstance(error, Malformed):
        return RemoteWrappedException(ILLEGAL_ARGUMENT, str(error))
    if not isinstance(error, icf.ConnectorError):
        return RemoteWrappedException(CONNECTOR, _INTERNAL)
    java = next((CLASSES[each] for each in type(error).__mro__ if each in CLASSES), CONNECTOR)
    message = f"{AMBIGUOUS}: {error.message}" if isinstance(error, icf.Ambiguous) else error.message
    tracking = f" (tracking id {error.tracking_id})" if error.tracking_id else ""
    return RemoteWrappedException(java, message + tracking)
