"""
The messages of the protocol.
"""

from dataclasses import dataclass
from typing import Annotated

from webex_connector.gateway.remote.codec.description import ConnectorKey
from webex_connector.gateway.remote.codec.exceptions import PlainException, RemoteWrappedException
from webex_connector.gateway.remote.codec.fields import class_name, int32, text, whole
from webex_connector.gateway.remote.codec.values import JavaClass, Map, Value


@dataclass(frozen=True, slots=True)
class HelloRequest:
    """
    Asks what there is. The level is a mask of bits.
    """

    level: Annotated[int, int32("infoLevel")] = 20


@dataclass(frozen=True, slots=True)
class HelloResponse:
    """
    Says what there is.
    """

    exception: Annotated[PlainException | None, whole("exception")] = None
    server: Annotated[Map, whole("serverInfoMap")] = Map()  # noqa: RUF009 - a frozen value
    connectors: Annotated[tuple[Value, ...], whole("ConnectorInfos")] = ()
    keys: Annotated[tuple[Value, ...], whole("ConnectorKeys")] = ()


@dataclass(frozen=True, slots=True)
class OperationRequest:
    """
    Asks for an operation of a connector. The facade key is a stream of its own that holds the configuration.
    """

    operation: Annotated[JavaClass, class_name("operation")]
    method: Annotated[str, text("operationMethodName")]
    connector: Annotated[ConnectorKey, whole("ConnectorKey")]
    facade_key: Annotated[str, text("connectorFacadeKey")]
    arguments: Annotated[tuple[Value, ...], whole("Arguments")] = ()


@dataclass(frozen=True, slots=True)
class OperationResponsePart:
    """
    What an operation returns, one object of its stream, or how it failed.
    """

    exception: Annotated[RemoteWrappedException | None, whole("exception")] = None
    result: Annotated[Value, whole("result")] = None


@dataclass(frozen=True, slots=True)
class OperationResponseEnd:
    """
    Ends a stream; what the operation returns follows.
    """


@dataclass(frozen=True, slots=True)
class OperationResponsePause:
    """
    Asks whether to go on.
    """


@dataclass(frozen=True, slots=True)
class OperationRequestMoreData:
    """
    Says to go on.
    """


@dataclass(frozen=True, slots=True)
class OperationRequestStopData:
    """
    Says that nobody wants more.
    """


@dataclass(frozen=True, slots=True)
class EchoMessage:
    """
    Is answered by itself.
    """

    value: Annotated[Value, whole("value")] = None
    xml: Annotated[str | None, whole("objectXml")] = None


@dataclass(frozen=True, slots=True)
class ErrorResponse:
    """
    Says that a request could not be read. Older clients do not know the type: it is read and never sent.
    """

    exception: Annotated[PlainException | None, whole("exception")] = None
