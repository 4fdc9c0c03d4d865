"""
What a server tells about its connectors, and a platform about how it wants one configured.
"""

from dataclasses import dataclass
from typing import Annotated

from webex_connector.gateway.remote.codec.fields import OTHERS, class_name, flag, int32, int64, text, whole
from webex_connector.gateway.remote.codec.values import JavaClass, Map, Set, Value


@dataclass(frozen=True, slots=True)
class ConnectorKey:
    """
    The three names that platforms store to find a connector again.
    """

    bundle_name: Annotated[str, text("bundleName")]
    bundle_version: Annotated[str, text("bundleVersion")]
    connector_name: Annotated[str, text("connectorName")]


@dataclass(frozen=True, slots=True)
class ConnectorMessages:
    """
    Texts for people: a map from locales to maps from keys to texts.
    """

    catalogs: Annotated[Map, whole("catalogs")] = Map()  # noqa: RUF009 - a frozen value


@dataclass(frozen=True, slots=True)
class ConfigurationProperty:
    """
    One property of a connector's configuration. No operations stand for all of them.
    """

    order: Annotated[int, int32("order")] = 0
    confidential: Annotated[bool, flag("confidential")] = False
    required: Annotated[bool, flag("required")] = False
    name: Annotated[str, text("name")] = ""
    help_key: Annotated[str | None, text("helpMessageKey")] = None
    display_key: Annotated[str | None, text("displayMessageKey")] = None
    group_key: Annotated[str | None, text("groupMessageKey")] = None
    type: Annotated[JavaClass | None, class_name("type")] = None
    value: Annotated[Value, whole("value")] = None
    operations: Annotated[Set | None, whole("operations")] = None


@dataclass(frozen=True, slots=True)
class ConfigurationProperties:
    """
    All properties, in order.
    """

    properties: Annotated[tuple[ConfigurationProperty, ...], OTHERS] = ()


@dataclass(frozen=True, slots=True)
class ObjectPoolConfiguration:
    """
    How many instances of a connector the Java server keeps. Times are in milliseconds.
    """

    max_objects: Annotated[int, int32("maxObjects")] = 10
    max_idle: Annotated[int, int32("maxIdle")] = 10
    max_wait: Annotated[int, int64("maxWait")] = 150_000
    min_evictable_idle_time: Annotated[int, int64("minEvictableIdleTimeMillis")] = 120_000
    min_idle: Annotated[int, int32("minIdle")] = 1
    max_idle_time: Annotated[int, int64("maxIdleTimeMillis")] = 0


@dataclass(frozen=True, slots=True)
class ResultsHandlerConfiguration:
    """
    What the framework around a Java connector does to its results.
    """

    normalizing: Annotated[bool, flag("enableNormalizingResultsHandler")] = True
    filtered: Annotated[bool, flag("enableFilteredResultsHandler")] = True
    filtered_in_validation_mode: Annotated[bool, flag("filteredResultsHandlerInValidationMode")] = False
    case_insensitive: Annotated[bool, flag("enableCaseInsensitiveFilter")] = False
    attributes_to_get: Annotated[bool, flag("enableAttributesToGetSearchResultsHandler")] = True


@dataclass(frozen=True, slots=True)
class APIConfiguration:
    """
    How a connector is called. Java copies every object of it and fails on a missing one.
    """

    producer_buffer_size: Annotated[int, int32("producerBufferSize")] = 0
    pooling_supported: Annotated[bool, flag("connectorPoolingSupported")] = False
    pool: Annotated[ObjectPoolConfiguration | None, whole("connectorPoolConfiguration")] = None
    results: Annotated[ResultsHandlerConfiguration | None, whole("resultsHandlerConfiguration")] = None
    properties: Annotated[ConfigurationProperties | None, whole("ConfigurationProperties")] = None
    timeouts: Annotated[Map | None, whole("timeoutMap")] = None
    """
    Milliseconds by the class of an operation; -1 for none.
    """
    operations: Annotated[Set | None, whole("SupportedOperations")] = None
    instance_name: Annotated[str | None, text("instanceName")] = None


@dataclass(frozen=True, slots=True)
class ConnectorInfo:
    """
    One connector.
    """

    display_name_key: Annotated[str | None, text("connectorDisplayNameKey")] = None
    category_key: Annotated[str | None, text("connectorCategoryKey")] = None
    key: Annotated[ConnectorKey | None, whole("ConnectorKey")] = None
    messages: Annotated[ConnectorMessages | None, whole("ConnectorMessages")] = None
    configuration: Annotated[APIConfiguration | None, whole("APIConfiguration")] = None
