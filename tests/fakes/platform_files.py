"""
What identity platforms are told about the connector, read from their own files and held against what it says of itself.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final
from xml.etree import ElementTree as ET

from webex_connector.app.kinds.control_hub import REF
from webex_connector.app.remote import OWN_KEYS
from webex_connector.connector.properties import PROPERTIES
from webex_connector.gateway.remote.codec.description import ConnectorKey
from webex_connector.gateway.remote.codec.schema import AttributeInfo, AttributeInfoFlag
from webex_connector.gateway.remote.description import SYSTEM
from webex_connector.gateway.remote.profiles import CONNID, OPENICF, Profile
from webex_connector.gateway.remote.schema import schema_of
from webex_connector.icf import names
from webex_connector.icf.schema import Schema

_NS: Final = "http://midpoint.evolveum.com/xml/ns/public"
_COMMON: Final = f"{{{_NS}/common/common-3}}"
_CONFIGURATION: Final = f"{{{_NS}/connector/icf-1/connector-schema-3}}"
_MIDPOINT_CLASSES: Final = {"AccountObjectClass": names.ACCOUNT, "GroupObjectClass": names.GROUP}
_CAPABILITIES: Final = {
    "CREATE": "CreateApiOp",
    "UPDATE": "UpdateApiOp",
    "UPDATE_DELTA": "UpdateDeltaApiOp",
    "DELETE": "DeleteApiOp",
    "SEARCH": "SearchApiOp",
    "SYNC": "SyncApiOp",
}
_JSON_TYPES: Final = {"String": "string", "Long": "integer", "Boolean": "boolean", "Map": "object"}
_NATIVE_TYPES: Final = {**_JSON_TYPES, "Long": "long"}
_NO_WRITE: Final = {AttributeInfoFlag.NOT_CREATABLE, AttributeInfoFlag.NOT_UPDATEABLE}


@dataclass(frozen=True)
class Offer:
    """
    What the connector says of itself to one family of platforms.
    """

    keys: tuple[ConnectorKey, ...]
    properties: frozenset[str]
    classes: Mapping[str, Mapping[str, AttributeInfo]]
    profile: Profile

    @classmethod
    def of(cls, schema: Schema, profile: Profile) -> "Offer":
        """
        Return what a connector of this schema says.
        """
        told: Any = schema_of(schema, profile).object_classes
        return cls(
            (ConnectorKey(REF.bundle_name, REF.bundle_version, REF.connector_name), OWN_KEYS["control_hub"]),
            frozenset(each.name for each in (SYSTEM, *PROPERTIES)),
            {each.name: {one.name: one for one in each.attributes} for each in told},
            profile,
        )

    def wrong_attribute(self, object_class: str, name: str, *, written: bool) -> Iterator[str]:
        """
        Yield what is wrong with using an attribute.
        """
        fact = self.classes.get(object_class, {}).get(name)
        if fact is None:
            yield f"{object_class} has no attribute {name}"
        elif written and set(fact.flags) >= _NO_WRITE:
            yield f"{name} of {object_class} cannot be written"

    def lacking(self, object_class: str, given: set[str]) -> Iterator[str]:
        """
        Yield the required attributes that are not given.
        """
        for name, fact in self.classes.get(object_class, {}).items():
            if AttributeInfoFlag.REQUIRED in fact.flags and name not in given:
                yield f"{object_class} needs {name}"


def wrong_in_midpoint(host: ET.Element, resource: ET.Element, schema: Schema) -> list[str]:
    """
    Return in words what a connector host and a resource of midPoint name that does not exist.
    """
    offer = Offer.of(schema, CONNID)
    spaces = {f"{_NS}/connector/icf-1/bundle/{each.bundle_name}/{each.connector_name}": each for each in offer.keys}
    found = []
    query = "".join(resource.find(f"{_COMMON}connectorRef").itertext())  # type: ignore[union-attr]  # fails the test
    properties = resource.find(f"{_COMMON}connectorConfiguration/{_CONFIGURATION}configurationProperties")
    for each in properties if properties is not None else ():
        space, _, name = each.tag[1:].partition("}")
        key = spaces.get(space)
        if key is None or f'"{key.connector_name}"' not in query:
            found.append(f"connector {space}")
        if name not in offer.properties:
            found.append(f"property {name}")
    if f'"{host.get("oid")}"' not in query:
        found.append("another connector host")
    types = resource.findall(f"{_COMMON}schemaHandling/{_COMMON}objectType")
    intents = {each.findtext(f"{_COMMON}intent") for each in types}
    for each in types:
        found += _wrong_type(each, offer)
        associated = {one.findtext(f"{_COMMON}intent") for one in each.findall(f"{_COMMON}association")}
        found += [f"intent {intent}" for intent in associated - intents]
    return found


def _wrong_type(given: ET.Element, offer: Offer) -> Iterator[str]:
    there = _local(given.findtext(f"{_COMMON}delineation/{_COMMON}objectClass"))
    custom = there.removeprefix("Custom").removesuffix("ObjectClass")
    native = _MIDPOINT_CLASSES.get(there, custom)
    written = set()
    for each in given.findall(f"{_COMMON}attribute"):
        name = _native(each.findtext(f"{_COMMON}ref"))
        outbound = each.find(f"{_COMMON}outbound") is not None
        yield from offer.wrong_attribute(native, name, written=outbound)
        written |= {name} if outbound else set()
    for each in given.findall(f"{_COMMON}association"):
        name = _native(each.findtext(f"{_COMMON}associationAttribute"))
        yield from offer.wrong_attribute(native, name, written=True)
    if native not in offer.classes:
        yield f"there is no {native}"
    if written:
        yield from offer.lacking(native, written)


def _local(name: str | None) -> str:
    return (name or "").partition(":")[2]


def _native(name: str | None) -> str:
    return {"icfs:name": names.NAME, "icfs:uid": names.UID}.get(name or "", _local(name))


def wrong_in_syncope(connector: Mapping[str, Any], resource: Mapping[str, Any], schema: Schema) -> list[str]:
    """
    Return in words what a connector instance and a resource of Syncope name that does not exist.
    """
    offer = Offer.of(schema, CONNID)
    found = []
    if ConnectorKey(connector["bundleName"], connector["version"], connector["connectorName"]) not in offer.keys:
        found.append(f"connector {connector['connectorName']}")
    for each in connector["conf"]:
        told = each["schema"]
        if told["name"] not in offer.properties:
            found.append(f"property {told['name']}")
        if told["name"] == SYSTEM.name and (told["type"], told["confidential"]) != ("java.lang.String", False):
            found.append(f"type of {told['name']}")
    operations = {_CAPABILITIES.get(each) for each in connector["capabilities"]}
    found += [f"capability for {each}" for each in operations - set(offer.profile.operations)]
    for each in resource["provisions"]:
        native, items = each["objectClass"], each["mapping"]["items"]
        for item in items:
            found += offer.wrong_attribute(native, item["extAttrName"], written=item["purpose"] != "PULL")
        found += offer.lacking(native, {item["extAttrName"] for item in items})
        if 1 != len([item for item in items if item.get("connObjectKey")]):
            found.append(f"{native} has not one key")
    return found


def wrong_in_openidm(hosts: Mapping[str, Any], provisioner: Mapping[str, Any], schema: Schema) -> list[str]:
    """
    Return in words what a provisioner file of OpenIDM names that does not exist, the types of attributes included.
    """
    offer = Offer.of(schema, OPENICF)
    ref = provisioner["connectorRef"]
    found = []
    if ConnectorKey(ref["bundleName"], ref["bundleVersion"], ref["connectorName"]) not in offer.keys:
        found.append(f"connector {ref['connectorName']}")
    if ref["connectorHostRef"] not in {each["name"] for each in hosts["remoteConnectorServers"]}:
        found.append(f"connector server {ref['connectorHostRef']}")
    found += [f"property {each}" for each in provisioner["configurationProperties"] if each not in offer.properties]
    for form in provisioner["objectTypes"].values():
        native = form["nativeType"]
        given = {each["nativeName"]: each for each in form["properties"].values()}
        for name, told in given.items():
            problems = list(offer.wrong_attribute(native, name, written=False))
            found += problems or _wrong_property(told, offer.classes[native][name])
        found += offer.lacking(native, set(given))
    return found


def _wrong_property(told: Mapping[str, Any], fact: AttributeInfo) -> Iterator[str]:
    many = AttributeInfoFlag.MULTIVALUED in fact.flags
    kind, native = _JSON_TYPES[fact.type.name], _NATIVE_TYPES[fact.type.name]
    if (told["type"], told["nativeType"]) != ("array" if many else kind, native):
        yield f"type of {fact.name}"
    if many and told["items"] != {"type": kind, "nativeType": native}:
        yield f"type of each of {fact.name}"
    if told.get("required", False) != (AttributeInfoFlag.REQUIRED in fact.flags):
        yield f"{fact.name} is required, or is not"
    shown = {flag.value for flag in fact.flags} - {"MULTIVALUED", "REQUIRED"}
    # Whether a new person may be disabled depends on the road.
    if fact.name != names.ENABLE and set(told.get("flags", ())) != shown:
        yield f"flags of {fact.name}"
