"""
Objects of the model as SCIM resources. Pure, and fast: what a row takes is decided once, not for each object.
"""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from urllib.parse import quote

from webex_connector.gateway.http import encoded
from webex_connector.gateway.scim.mapping import Attribute, Part, Resource, Returned, ScimType, Shape
from webex_connector.gateway.scim.slots import gathered
from webex_connector.icf.attributes import Attributes, Value
from webex_connector.icf.objects import ConnectorObject

Names = Mapping[str, str]
"""
Names of objects by their ids, for `display`.
"""

VOLATILE: Final = frozenset({"members", "moderators", "status", "lastActivity", "consumedUnits", "visitCount"})
"""
Attributes that a version does not cover: those that change by themselves, and lists too long to be read for it. The
number of a group's members is covered.
"""

_TOLD_BY_READS: Final = "orgId"
"""
What every read tells of what belongs to an organisation. Where it is missing, an answer of Webex to a write told less
than a read will, and a version made of it would be refused as an old one.
"""

_TIME_LENGTH: Final = len("2026-11-21T09:30:00.000Z")

_Writer = Callable[[ConnectorObject], object]


@dataclass(frozen=True, slots=True)
class Setting:
    """
    What is the same for all resources of an answer.
    """

    base: str
    """
    The address of the door for this system, without a slash at the end.
    """
    offset: timedelta = timedelta(0)
    """
    What is added to the times that Webex tells.
    """
    names: Mapping[str, Names] = field(default_factory=dict)
    """
    Names by id, by the model's attribute whose values the ids are.
    """
    endpoints: Mapping[str, str] = field(default_factory=dict)
    """
    The endpoint of each resource type, by its name.
    """


class View:
    """
    Turns objects into resources of one type.
    """

    def __init__(self, resource: Resource, setting: Setting, *, with_version: bool = True) -> None:
        """
        `resource` may be narrowed to what an answer is to show. Without the whole object there is no version.
        """
        self._resource = resource
        self._setting = setting
        self._prefix = f"{setting.base}/{resource.endpoint}/"
        self._common = [row for row in resource.common.attributes if row.name != "meta"]
        self._head = [(row.name, self._writer(row)) for row in self._common]
        self._core = [(row.name, self._writer(row)) for row in resource.core.attributes]
        self._extensions = [
            (table.urn, [(row.name, self._writer(row)) for row in table.attributes]) for table in resource.extensions
        ]
        meta = next((row for row in resource.common.attributes if row.name == "meta"), None)
        self._meta = {} if meta is None else {part.name: part.source for part in meta.parts}
        self._versioned = versioned(resource) if with_version and "version" in self._meta else None
        self._is_organizations = self._versioned is not None and _TOLD_BY_READS in self._versioned

    def resource(self, found: ConnectorObject) -> dict[str, Any]:
        """
        Return an object as a SCIM resource. What has no value is left out.
        """
        schemas = [self._resource.core.urn]
        row: dict[str, Any] = {"schemas": schemas}
        for name, write in self._head:
            value = write(found)
            if value is not None:
                row[name] = value
        for name, write in self._core:
            value = write(found)
            if value is not None:
                row[name] = value
        for urn, writers in self._extensions:
            part = {name: value for name, write in writers if (value := write(found)) is not None}
            if part:
                row[urn] = part
                schemas.append(urn)
        if self._meta:
            row["meta"] = self._about(found)
        return row

    def location(self, uid: str) -> str:
        """
        Return the address of a resource of this type.
        """
        return self._prefix + _quoted(uid)

    def _about(self, found: ConnectorObject) -> dict[str, Any]:
        about: dict[str, Any] = {}
        for name, source in self._meta.items():
            if name == "resourceType":
                about[name] = self._resource.name
            elif name == "location":
                about[name] = self._prefix + _quoted(found.uid)
            elif name != "version":
                values = found.attributes.get(source or name)
                if values:
                    about[name] = shifted(str(values[0]), self._setting.offset)
            elif self._versioned is not None and (_TOLD_BY_READS in found.attributes or not self._is_organizations):
                about[name] = version_of(found, self._versioned)
        return about

    def _writer(self, row: Attribute) -> _Writer:
        match row.shape:
            case Shape.PLAIN:
                return self._plain(row)
            case Shape.PARTS:
                return self._parts(row)
            case Shape.ENTRIES:
                return self._entries(row)
            case Shape.MAPS:
                return self._maps(row)

    def _plain(self, row: Attribute) -> _Writer:
        model = row.model
        if model is None:
            # The one attribute of no model: Okta wants the name of the resource type on each entitlement.
            name = self._resource.name
            return lambda _: name
        if model.startswith("__"):
            return lambda found: next(iter(found.values(model)), None)
        if row.type is ScimType.DATE_TIME:
            return lambda found: _time(found.attributes, model, self._setting.offset)

        def write(found: ConnectorObject) -> object:
            values = found.attributes.get(model)
            return values[0] if values else None

        return write

    def _parts(self, row: Attribute) -> _Writer:
        sources = [(part.name, part.source) for part in row.parts if part.source is not None]
        made = [part for part in row.parts if part.source is None]

        def write(found: ConnectorObject) -> object:
            value = {name: have for name, source in sources if (have := _first(found.attributes, source)) is not None}
            for part in made:
                more = self._made(part, value)
                if more is not None:
                    value[part.name] = more
            return value or None

        return write

    def _made(self, part: Part, value: Mapping[str, Any]) -> str | None:
        """
        Return a part of a complex value that is made of the others.
        """
        if part.name == "formatted":
            words = [value[name] for name in ("givenName", "familyName") if value.get(name)]
            return " ".join(words) or None
        return self._reference(part, value.get("value"))

    def _reference(self, part: Part, uid: object) -> str | None:
        if part.name != "$ref" or not isinstance(uid, str):
            return None
        endpoint = self._setting.endpoints.get(part.refers_to[0], part.refers_to[0])
        return f"{self._setting.base}/{endpoint}/{_quoted(uid)}"

    def _entries(self, row: Attribute) -> _Writer:
        model, label = row.model or "", row.label
        shown = {part.name for part in row.parts}
        known = self._setting.names.get(model, {}) if "display" in shown else {}
        reference = row.part("$ref")
        typed = label is not None and "type" in shown
        marked = row.first_is_primary and "primary" in shown

        def entry_of(value: object) -> dict[str, Any]:
            entry: dict[str, Any] = {"value": value} if "value" in shown else {}
            if reference is not None:
                entry["$ref"] = self._reference(reference, value)
            if isinstance(value, str) and value in known:
                entry["display"] = known[value]
            if typed:
                entry["type"] = label
            return entry

        # A few licences and roles are held by thousands.
        usual: dict[Value, dict[str, Any]] = {value: entry_of(value) for value in known}

        def write(found: ConnectorObject) -> object:
            values = found.attributes.get(model)
            if not values:
                return None
            chosen = values[:1] if row.single else values
            if usual and not marked:
                return [usual.get(value) or entry_of(value) for value in chosen]
            entries = [entry_of(value) for value in chosen]
            if marked:
                entries[0]["primary"] = True
            return entries

        return write

    def _maps(self, row: Attribute) -> _Writer:
        model, slots = row.model or "", row.slots
        columns = [(part.name, part.source) for part in row.parts if part.source is not None]
        reference = row.part("$ref")
        kind = next((part.canonical[0] for part in row.parts if part.source is None and part.canonical), None)

        def write(found: ConnectorObject) -> object:
            values = gathered(row, found) if slots else found.attributes.get(model)
            if not values:
                return None
            entries = []
            for value in values:
                if not isinstance(value, Mapping):
                    continue
                entry = {name: have for name, key in columns if (have := value.get(key)) is not None}
                if reference is not None:
                    entry["$ref"] = self._reference(reference, value.get("id"))
                if kind is not None:
                    entry["type"] = kind
                entries.append(entry)
            return entries

        return write


def sources_of(resource: Resource) -> frozenset[str]:
    """
    Return the model's attributes that the resources of a type are made of.
    """
    return frozenset().union(*(row.sources for _, row in resource.rows))


def versioned(resource: Resource) -> tuple[str, ...]:
    """
    Return the model's attributes that a version of such a resource covers, in order.
    """
    rows = (row for _, row in resource.rows if row.returned is Returned.DEFAULT)
    return tuple(sorted(frozenset().union(*(row.sources for row in rows)) - VOLATILE))


def version_of(found: ConnectorObject, covered: tuple[str, ...]) -> str:
    """
    Return a weak entity tag (RFC 7232, section 2.3) of what an object says; the order of lists does not count.
    """
    have = found.attributes
    content = [
        (name, values if len(values) == 1 else sorted(values, key=str))
        for name in covered
        if (values := have.get(name))
    ]
    digest = hashlib.blake2b(encoded([found.uid, found.name, content]), digest_size=9).hexdigest()
    return f'W/"{digest}"'


def shifted(text: str, offset: timedelta) -> str:
    """
    Return a time in UTC, in milliseconds and with a Z at the end, moved by the offset; as it is when it is no time.
    """
    if not offset and len(text) == _TIME_LENGTH and text[-1] == "Z":
        # Webex writes times so already; a page has two for each of a thousand people.
        return text
    try:
        moment = datetime.fromisoformat(text)
        moved = moment.replace(tzinfo=moment.tzinfo or UTC).astimezone(UTC) + offset
    except (ValueError, OverflowError):
        return text
    return moved.isoformat(timespec="milliseconds").removesuffix("+00:00") + "Z"


def _quoted(uid: str) -> str:
    # Webex's ids need no quoting, and finding that out is faster than quoting.
    return uid if uid.isalnum() and uid.isascii() else quote(uid, safe="")


def _first(attributes: Attributes, name: str) -> object:
    values = attributes.get(name)
    return values[0] if values else None


def _time(attributes: Attributes, name: str, offset: timedelta) -> object:
    values = attributes.get(name)
    return shifted(str(values[0]), offset) if values else None
