"""
What a mapping between a SCIM resource type and an object class of the model looks like, as data; and how a SCIM path
finds its row. Pure.

Sources: RFC 7643 for names, types and characteristics; RFC 7644, section 3.10, for paths.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import Enum

from webex_connector.icf import names
from webex_connector.icf.schema import ObjectClassInfo


class ScimType(Enum):
    """
    The type of an attribute, in the words of RFC 7643, section 2.3.
    """

    STRING = "string"
    BOOLEAN = "boolean"
    INTEGER = "integer"
    DATE_TIME = "dateTime"
    REFERENCE = "reference"
    COMPLEX = "complex"


class Mutability(Enum):
    """
    Who may write an attribute (RFC 7643, section 7).
    """

    READ_WRITE = "readWrite"
    READ_ONLY = "readOnly"
    IMMUTABLE = "immutable"
    WRITE_ONLY = "writeOnly"


class Returned(Enum):
    """
    When an attribute is part of an answer (RFC 7643, section 7).
    """

    ALWAYS = "always"
    DEFAULT = "default"
    REQUEST = "request"
    NEVER = "never"


class Shape(Enum):
    """
    How the values of a SCIM attribute come from the model.
    """

    PLAIN = "plain"
    """
    One value: the first one of the model's attribute `model`.
    """
    PARTS = "parts"
    """
    One complex value; each part is an attribute of the model of its own, named by the part's `source`.
    """
    ENTRIES = "entries"
    """
    A list of complex values, one for each value of the model's attribute `model`, which is its part `value`.
    """
    MAPS = "maps"
    """
    A list of complex values, one for each map in the model's attribute `model`; a part's `source` is a key of the map.
    """


@dataclass(frozen=True, slots=True)
class Part:
    """
    A sub-attribute. Without a `source` it is made by the door (`display`, `$ref`, the `type` of an entry).
    """

    name: str
    help: str
    source: str | None = None
    type: ScimType = ScimType.STRING
    mutability: Mutability = Mutability.READ_WRITE
    case_exact: bool = False
    required: bool = False
    canonical: tuple[str, ...] = ()
    refers_to: tuple[str, ...] = ()
    """
    The resource types that a reference may name.
    """


@dataclass(frozen=True, slots=True)
class Slot:
    """
    The place of one value of a list that the model holds in attributes of their own.
    """

    type: str
    """
    The `type` of the value, in lower case.
    """
    sources: Mapping[str, str]
    """
    The model's attribute behind each key of the map.
    """


@dataclass(frozen=True, slots=True)
class Attribute:
    """
    One row of a table: an attribute of a SCIM schema, and what it is in the model.
    """

    name: str
    help: str
    model: str | None = None
    """
    The model's attribute; None for PARTS, and for what is made by the door.
    """
    shape: Shape = Shape.PLAIN
    parts: tuple[Part, ...] = ()
    type: ScimType = ScimType.STRING
    mutability: Mutability = Mutability.READ_WRITE
    returned: Returned = Returned.DEFAULT
    required: bool = False
    case_exact: bool = False
    unique: bool = False
    """
    No two resources of the type may have the same value.
    """
    label: str | None = None
    """
    The `type` that every entry of ENTRIES has.
    """
    first_is_primary: bool = False
    """
    Whether the first entry of ENTRIES carries `primary`.
    """
    single: bool = False
    """
    Whether the model holds one value only, though SCIM has a list.
    """
    slots: tuple[Slot, ...] = ()
    """
    Of MAPS whose values are no attribute of the model, where each of them is; `model` is None then.
    """

    @property
    def many(self) -> bool:
        """
        Whether it is a list in SCIM.
        """
        return self.shape in {Shape.ENTRIES, Shape.MAPS}

    def part(self, name: str) -> Part | None:
        """
        Return a part by its name in any case.
        """
        return next((part for part in self.parts if part.name.lower() == name.lower()), None)

    @property
    def sources(self) -> frozenset[str]:
        """
        The model's attributes that it is read from; none where it is never shown.
        """
        if self.returned is Returned.NEVER:
            return frozenset()
        if self.slots:
            return frozenset(model for slot in self.slots for model in slot.sources.values())
        if self.shape is Shape.PARTS:
            return frozenset(part.source for part in self.parts if part.source is not None)
        return frozenset() if self.model is None else frozenset({self.model})


@dataclass(frozen=True, slots=True)
class Table:
    """
    A SCIM schema: its URN and its attributes.
    """

    urn: str
    name: str
    help: str
    attributes: tuple[Attribute, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """
    What a path names: an attribute of a schema, or a part of one.
    """

    table: Table
    attribute: Attribute
    part: Part | None = None

    @property
    def path(self) -> str:
        """
        The path as it is written properly: with the URN for attributes of extensions, without it for the others.
        """
        return f"{self.attribute.name}.{self.part.name}" if self.part else self.attribute.name

    @property
    def mutability(self) -> Mutability:
        """
        Who may write it.
        """
        return self.part.mutability if self.part is not None else self.attribute.mutability

    @property
    def type(self) -> ScimType:
        """
        The type of its values.
        """
        if self.part is not None:
            return self.part.type
        return self.attribute.type if self.attribute.shape is Shape.PLAIN else ScimType.COMPLEX

    @property
    def model(self) -> str | None:
        """
        The model's attribute whose values are its values; None when it has none of its own, as a `type` or `display`.

        A list of complex values stands for the part `value` (RFC 7643, section 2.4).
        """
        if self.attribute.shape is Shape.PARTS:
            part = self.part or self.attribute.part("value")
            return None if part is None else part.source
        if self.part is None or (self.attribute.many and self.part.name == "value"):
            return self.attribute.model
        return None


@dataclass(frozen=True, slots=True)
class Resource:
    """
    A resource type: its names, its schema and extensions, and the object class behind it.
    """

    name: str
    """
    The name and the identifier of the resource type, as `meta.resourceType` has it.
    """
    endpoint: str
    """
    The segment of the address, without slashes.
    """
    help: str
    object_class: str
    core: Table
    extensions: tuple[Table, ...] = ()
    common: Table = field(default=Table("", "", "", ()))
    """
    `id`, `externalId` and `meta`, which belong to no schema (RFC 7643, section 3.1).
    """

    @property
    def tables(self) -> tuple[Table, ...]:
        """
        The common attributes, the schema, the extensions.
        """
        return (self.common, self.core, *self.extensions)

    @property
    def rows(self) -> Iterator[tuple[Table, Attribute]]:
        """
        Every attribute with the table it is in.
        """
        return ((table, attribute) for table in self.tables for attribute in table.attributes)

    def find(self, path: str) -> Place | None:
        """
        Return what a path without a filter names, in any case; None when there is no such thing.

        Attributes of extensions are found without their URN too, where no other attribute has the name: Entra writes
        `manager` for short.
        """
        urn, rest = self.split(path)
        tables = self.tables if urn is None else tuple(each for each in self.tables if each.urn.lower() == urn.lower())
        name, _, sub = rest.partition(".")
        for table in tables:
            for attribute in table.attributes:
                if attribute.name.lower() == name.lower():
                    part = attribute.part(sub) if sub else None
                    return None if sub and part is None else Place(table, attribute, part)
        return None

    def split(self, path: str) -> tuple[str | None, str]:
        """
        Part a path into the URN of one of our schemas, None when it has none, and the rest.

        The rest of a path that is nothing but the URN is empty. An unknown URN stays in the rest.
        """
        lowered = path.lower()
        for table in self.tables:
            urn = table.urn.lower()
            if urn and lowered.startswith(urn) and lowered[len(urn) : len(urn) + 1] in {"", ":", "."}:
                return table.urn, path[len(urn) + 1 :]
        return None, path


def bound(resource: Resource, info: ObjectClassInfo) -> Resource:
    """
    Return the resource type as an object class can hold it: without the attributes that the class has not, and nothing
    writable that the class does not write. Case matters where it matters to the class. What costs requests of its own
    to read is returned on request alone.
    """
    return replace(
        resource,
        common=_bound_table(resource.common, info),
        core=_bound_table(resource.core, info),
        extensions=tuple(
            table for table in (_bound_table(each, info) for each in resource.extensions) if table.attributes
        ),
    )


def fixed(resource: Resource, model: str) -> Resource:
    """
    Return the resource type with an attribute of the model that is set once and not changed any more.
    """

    def of(table: Table) -> Table:
        rows = (
            replace(row, mutability=Mutability.IMMUTABLE) if row.model == model else row for row in table.attributes
        )
        return replace(table, attributes=tuple(rows))

    return replace(
        resource, common=of(resource.common), core=of(resource.core), extensions=tuple(map(of, resource.extensions))
    )


def _bound_table(table: Table, info: ObjectClassInfo) -> Table:
    return replace(
        table,
        attributes=tuple(found for found in (_bound_row(each, info) for each in table.attributes) if found is not None),
    )


def _bound_row(row: Attribute, info: ObjectClassInfo) -> Attribute | None:
    if row.shape is Shape.PARTS:
        parts = tuple(
            part if part.source is None else replace(part, mutability=_tighter(part.mutability, info, part.source))
            for part in row.parts
            if part.source is None or info.has(part.source)
        )
        # `meta` stays without any time: the door makes the rest of it.
        there = row.name == "meta" or any(part.source for part in parts)
        return replace(row, parts=parts) if there else None
    if row.slots:
        slots = tuple(each for each in row.slots if all(info.has(model) for model in each.sources.values()))
        return replace(row, slots=slots) if slots else None
    if row.model is None:
        return row
    if not info.has(row.model):
        return None
    exact = info.attribute(row.model).case_sensitive
    return replace(
        row,
        mutability=_tighter(row.mutability, info, row.model),
        returned=Returned.REQUEST if row.returned is Returned.DEFAULT and _is_dear(info, row.model) else row.returned,
        case_exact=exact,
        parts=tuple(replace(part, case_exact=exact) if part.source == "value" else part for part in row.parts)
        if row.shape is Shape.ENTRIES
        else row.parts,
    )


def _is_dear(info: ObjectClassInfo, name: str) -> bool:
    fact = info.attribute(name)
    reserved = name in {names.UID, names.NAME}
    return not (reserved or fact.returned_by_default or fact.returned_when_read)


def _tighter(asked: Mutability, info: ObjectClassInfo, name: str) -> Mutability:
    if asked is not Mutability.READ_WRITE or name == names.UID:
        return asked
    fact = info.attribute(name)
    if fact.updateable:
        return asked
    return Mutability.IMMUTABLE if fact.creatable else Mutability.READ_ONLY
