"""
The actions with which a platform finds out how to configure a connector: which ones there are, a configuration to fill
in, the same with everything the connector has, and a test of a configuration before it is used.

Source: `SystemObjectSetService` and `OpenICFProvisionerService` in OpenIDM; PingIDM, "Configure connectors over REST".
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from webex_connector.gateway.idm.bodies import Body, object_in
from webex_connector.gateway.idm.catalogue import Offer
from webex_connector.gateway.idm.errors import Problem
from webex_connector.gateway.idm.object_types import object_types_of, operation_options_of
from webex_connector.gateway.idm.systems import outcome_of
from webex_connector.icf.configuration import ConfigurationMistakes, Property
from webex_connector.icf.options import OperationOptions

SYSTEM_TYPE: Final = "provisioner.openicf"
"""
The kind of system that all of these are.
"""

_TIMEOUTS: Final = ("CREATE", "UPDATE", "DELETE", "TEST", "GET", "SEARCH", "SYNC", "SCHEMA", "AUTHENTICATE")
_POOL: Final = {"maxObjects": 10}
_HANDLERS: Final = {
    "enableNormalizingResultsHandler": True,
    "enableFilteredResultsHandler": True,
    "enableCaseInsensitiveFilter": True,
    "enableAttributesToGetSearchResultsHandler": True,
}


def available(offers: Sequence[Offer]) -> dict[str, Any]:
    """
    Return the connectors there are.
    """
    return {"connectorRef": [_reference(offer) for offer in offers]}


def core(body: object, offers: Sequence[Offer]) -> dict[str, Any]:
    """
    Return a configuration to fill in, for the connector that the body names. Raises Problem (404) when there is none.
    """
    given = object_in(body)
    offer = _offered(given, offers)
    properties = {each.name: _default(each) for each in offer.properties}
    return {
        **({"name": given["name"]} if given.get("name") else {}),
        "connectorRef": _reference(offer),
        "poolConfigOption": _POOL,
        "resultsHandlerConfig": _HANDLERS,
        "operationTimeout": dict.fromkeys(_TIMEOUTS, -1),
        "configurationProperties": properties,
    }


async def full(body: object, offers: Sequence[Offer]) -> dict[str, Any]:
    """
    Return the configuration in the body, with the object types and the operations that the connector has.

    Secrets are not repeated: in their place stands the name under which the file may find them in the environment.
    Raises Problem: 404 when there is no such connector, 400 with everything that is wrong with the properties.
    """
    given = object_in(body)
    offer = _offered(given, offers)
    properties = _properties(given)
    name = str(given.get("name") or "webex")
    try:
        async with offer.opened(name, properties) as facade:
            schema = facade.schema
    except ConfigurationMistakes as mistakes:
        raise Problem(400, mistakes.message, detail=_listed(mistakes)) from None
    secret = {each.name for each in offer.properties if each.secret}
    shown = {
        key: f"&{{{name}.{key}}}" if key in secret and value not in (None, "") else value
        for key, value in properties.items()
    }
    return {
        **core(body, offers),
        "configurationProperties": {**core(body, offers)["configurationProperties"], **shown},
        "objectTypes": object_types_of(schema),
        "operationOptions": operation_options_of(schema),
    }


async def staged(body: object, offers: Sequence[Offer]) -> dict[str, Any]:
    """
    Return what the body is ready for: with nothing in it what there is, with a connector the configuration to fill in,
    with properties the full one.
    """
    given = object_in({} if body is None else body)
    if not given.get("connectorRef"):
        return available(offers)
    return await full(given, offers) if given.get("configurationProperties") else core(given, offers)


async def tested(body: object, offers: Sequence[Offer], options: OperationOptions) -> dict[str, Any]:
    """
    Try the configuration in the body: `name`, `ok`, and `error` when it does not work. Nothing is kept.

    Raises Problem: 400 without a name, 404 when there is no such connector.
    """
    given = object_in(body)
    name = given.get("name")
    if not isinstance(name, str) or not name:
        raise Problem(400, "The configuration has no name", detail={"attribute": "name"})
    offer = _offered(given, offers)
    try:
        async with offer.opened(name, _properties(given)) as facade:
            return {"name": name, **await outcome_of(facade, options)}
    except ConfigurationMistakes as mistakes:
        return {"name": name, "error": mistakes.message, "ok": False, "detail": _listed(mistakes)}


def _offered(given: Body, offers: Sequence[Offer]) -> Offer:
    reference = given.get("connectorRef")
    wanted = reference.get("connectorName") if isinstance(reference, dict) else None
    if not wanted:
        raise Problem(404, "No connector name provided")
    for offer in offers:
        if offer.ref.connector_name == wanted:
            return offer
    there = ", ".join(offer.ref.connector_name for offer in offers) or "none"
    raise Problem(404, f"Connector {wanted} is not available; there are: {there}")


def _properties(given: Body) -> Mapping[str, object]:
    properties = given.get("configurationProperties") or {}
    if not isinstance(properties, dict):
        raise Problem(400, "'configurationProperties' is not a JSON object")
    return properties


def _reference(offer: Offer) -> dict[str, str]:
    return {
        "connectorName": offer.ref.connector_name,
        "displayName": offer.display_name,
        "bundleName": offer.ref.bundle_name,
        "systemType": SYSTEM_TYPE,
        "bundleVersion": offer.ref.bundle_version,
    }


def _default(fact: Property) -> object:
    return list(fact.default) if isinstance(fact.default, tuple) else fact.default


def _listed(mistakes: ConfigurationMistakes) -> dict[str, Any]:
    return {"mistakes": [{"property": each.property, "problem": each.problem} for each in mistakes.mistakes]}
