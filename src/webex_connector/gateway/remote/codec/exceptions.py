"""
Errors as they travel.
"""

from dataclasses import dataclass
from enum import Enum
from typing import Annotated

from webex_connector.gateway.remote.codec.fields import omissible, text, whole
from webex_connector.gateway.remote.codec.objects import Uid


class ExceptionName(Enum):
    """
    The exceptions that are types of their own.
    """

    ALREADY_EXISTS = "AlreadyExistsException"
    CONFIGURATION = "ConfigurationException"
    CONNECTION_BROKEN = "ConnectionBrokenException"
    CONNECTION_FAILED = "ConnectionFailedException"
    CONNECTOR_IO = "ConnectorIOException"
    PASSWORD_EXPIRED = "PasswordExpiredException"  # noqa: S105 - an exception's name
    INVALID_PASSWORD = "InvalidPasswordException"  # noqa: S105 - an exception's name
    UNKNOWN_UID = "UnknownUidException"
    INVALID_CREDENTIAL = "InvalidCredentialException"
    PERMISSION_DENIED = "PermissionDeniedException"
    CONNECTOR_SECURITY = "ConnectorSecurityException"
    OPERATION_TIMEOUT = "OperationTimeoutException"
    INVALID_ATTRIBUTE_VALUE = "InvalidAttributeValueException"
    PRECONDITION_FAILED = "PreconditionFailedException"
    PRECONDITION_REQUIRED = "PreconditionRequiredException"
    RETRYABLE = "RetryableException"
    CONNECTOR = "ConnectorException"
    ILLEGAL_ARGUMENT = "IllegalArgumentException"
    RUNTIME = "RuntimeException"
    EXCEPTION = "Exception"
    THROWABLE = "Throwable"


@dataclass(frozen=True, slots=True)
class PlainException:
    """
    An exception by its simple name: the form in which a greeting fails.
    """

    kind: ExceptionName
    message: Annotated[str | None, text("message")] = None
    uid: Annotated[Uid | None, omissible("Uid")] = None
    """
    Of `PasswordExpiredException` alone.
    """


@dataclass(frozen=True, slots=True)
class RemoteWrappedException:
    """
    An exception by the full name of its Java class: the form in which an operation fails.
    """

    java_class: Annotated[str, text("class")]
    message: Annotated[str | None, text("message")] = None
    cause: Annotated["RemoteWrappedException | None", whole("RemoteWrappedException")] = None
    stack_trace: Annotated[str | None, text("stackTrace")] = None
