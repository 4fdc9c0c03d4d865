"""
What a connector server says that went wrong, as the model has it.

It is told by the name of a Java class. The way there is in `gateway/remote/errors.py`; it loses something, since
several errors of the model share a class.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from webex_connector.gateway.remote.codec.exceptions import PlainException, RemoteWrappedException
from webex_connector.icf import errors as icf
from webex_connector.icf.errors import ConnectorError

MEANINGS: Final[Mapping[str, type[ConnectorError]]] = MappingProxyType(
    {
        "InvalidAttributeValueException": icf.InvalidAttributeValue,
        "IllegalArgumentException": icf.InvalidInput,
        "UnknownUidException": icf.UnknownUid,
        "AlreadyExistsException": icf.AlreadyExists,
        "PreconditionFailedException": icf.PreconditionFailed,
        "PreconditionRequiredException": icf.PreconditionRequired,
        "PermissionDeniedException": icf.PermissionDenied,
        "ConnectorSecurityException": icf.PermissionDenied,
        "UnsupportedOperationException": icf.UnsupportedOperation,
        "InvalidCredentialException": icf.InvalidCredential,
        "InvalidPasswordException": icf.InvalidCredential,
        "PasswordExpiredException": icf.PasswordExpired,
        "ConnectionFailedException": icf.ConnectionFailed,
        "ConnectionBrokenException": icf.ConnectionBroken,
        "ConnectorIOException": icf.ConnectionBroken,
        "OperationTimeoutException": icf.OperationTimeout,
        "RetryableException": icf.Throttled,
        "ConfigurationException": icf.ConfigurationInvalid,
    },
)
"""
The errors of the model by the simple names of Java classes; all others are a ConnectorError.
"""

_HALF_WAY: Final = (icf.ConnectionBroken, icf.OperationTimeout)


def error_of(told: RemoteWrappedException | PlainException, *, writing: bool) -> ConnectorError:
    """
    Return the error that was told. Of a write, what does not say that nothing happened is Ambiguous.
    """
    name = told.kind.value if isinstance(told, PlainException) else told.java_class
    simple = name.replace("$", ".").rpartition(".")[2]
    kind = MEANINGS.get(simple, ConnectorError)
    message = told.message or simple
    if writing and (kind is ConnectorError or kind in _HALF_WAY):
        return icf.Ambiguous(f"The connector server failed in the middle of it: {message}")
    return kind(message if kind is not ConnectorError else f"The connector server failed: {message} ({simple})")
