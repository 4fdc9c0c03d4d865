"""
Facts about object classes and attributes, as data. Validation, every door's own schema, forms and reference pages are
derived from them.
"""

import difflib
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import Enum

from webex_connector.icf import names
from webex_connector.icf.errors import UnknownAttribute, UnknownObjectClass

_LISTS_KEPT = 1000


class AttributeType(Enum):
    """
    Of which kind an attribute's values are.
    """

    STRING = "string"
    INTEGER = "integer"
    NUMBER = "number"
    BOOLEAN = "boolean"
    BYTES = "bytes"
    SECRET = "secret"  # noqa: S105 - a kind of attribute, not a password
    TIMESTAMP = "timestamp"
    """
    An RFC 3339 text; it compares as the moment it names.
    """
    MAP = "map"
    """
    A complex value; its parts are in `AttributeInfo.fields`.
    """


class Operation(Enum):
    """
    What can be done with an object class. The values are the names that OpenICF uses in its configuration.
    """

    CREATE = "CREATE"
    UPDATE = "UPDATE"
    DELETE = "DELETE"
    GET = "GET"
    SEARCH = "SEARCH"
    SYNC = "SYNC"
    BULK = "BULK"
    AUTHENTICATE = "AUTHENTICATE"
    TEST = "TEST"
    SCHEMA = "SCHEMA"
    SCRIPT_ON_CONNECTOR = "SCRIPT_ON_CONNECTOR"
    DISCOVER = "DISCOVER"


@dataclass(frozen=True, slots=True)
class AttributeInfo:
    """
    One attribute. The flags are exceptions to a good default: readable, writable, single-valued, optional.
    """

    name: str
    help: str
    type: AttributeType = AttributeType.STRING
    many: bool = False
    required: bool = False
    """
    Needed to create an object.
    """
    creatable: bool = True
    updateable: bool = True
    readable: bool = True
    returned_by_default: bool = True
    returned_when_read: bool = False
    """
    Not returned by searches unless asked for, since it costs them dear, but returned when a single object is read.
    """
    case_sensitive: bool = False
    """
    Whether values that differ in case are different values. Identifiers are.
    """
    refers_to: str | None = None
    """
    The object class whose uids the values are.
    """
    fields: tuple["AttributeInfo", ...] = ()
    """
    The parts of a complex value; empty when any part is allowed.
    """
    allowed: tuple[str, ...] = ()
    """
    The values it is known to have; empty when it may have any.
    """
    needs_license: str | None = None
    """
    In words: the licence without which the target neither takes nor shows the attribute.
    """
    requires: tuple[str, ...] = ()
    """
    At least one of these must have a value too when this one is written.
    """
    excludes: tuple[str, ...] = ()
    """
    None of these may be written together with this one.
    """
    local: bool = False
    """
    Kept beside the object by us, since the target cannot hold it.
    """
    looked_up: bool = False
    """
    Clients look for objects by it, so that a copy of them keeps an index of it. Required attributes, references, times
    and local attributes need not say so.
    """
    inverse: str | None = None
    """
    The attribute of the object class it refers to that says the same from the other side.
    """

    @property
    def writable(self) -> bool:
        """
        Whether any operation may write it.
        """
        return self.creatable or self.updateable


@dataclass(frozen=True, slots=True)
class ObjectClassInfo:
    """
    One object class: its attributes without `__UID__` and `__NAME__`, and which attribute is its name.
    """

    name: str
    help: str
    attributes: tuple[AttributeInfo, ...]
    name_attribute: str | None = None
    """
    The attribute whose first value is `__NAME__`; None when the name is no attribute of its own.
    """
    own_name: AttributeInfo | None = None
    """
    The facts about `__NAME__` where it is written as such and stands for no other attribute; without them it cannot be
    written then.
    """
    when_disabled: str = ""
    """
    What becomes of an object that is disabled, in a sentence; empty where it just waits.
    """
    when_deleted: str = ""
    """
    What to know of deletion, in a sentence; empty where an object is just gone.
    """
    _index: dict[str, AttributeInfo] = field(init=False, repr=False, compare=False)
    _readable: dict[tuple[str, ...], frozenset[str]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        uid = AttributeInfo(names.UID, "The identifier.", creatable=False, updateable=False, case_sensitive=True)
        source = next((info for info in self.attributes if info.name == self.name_attribute), None)
        name = self.own_name or AttributeInfo(
            names.NAME,
            "The name people know it by.",
            creatable=source is not None and source.creatable,
            updateable=source is not None and source.updateable,
        )
        reserved = (uid, name)
        index = {names.folded(info.name): info for info in (*reserved, *self.attributes)}
        if len(index) != len(self.attributes) + len(reserved):
            raise ValueError(f"{self.name} declares an attribute twice")
        object.__setattr__(self, "_index", index)
        object.__setattr__(self, "_readable", {})

    def attribute(self, name: str) -> AttributeInfo:
        """
        Return an attribute by its name in any case.

        Raises UnknownAttribute when there is none; its message names the closest one there is.
        """
        found = self._index.get(names.folded(name))
        if found is None:
            close = difflib.get_close_matches(names.folded(name), self._index, n=1)
            hint = f"; did you mean {self._index[close[0]].name}?" if close else ""
            raise UnknownAttribute(f"{self.name} has no attribute {name}{hint}", attribute=name)
        return found

    def has(self, name: str) -> bool:
        """
        Whether there is such an attribute, in any case.
        """
        return names.folded(name) in self._index

    def readable(self, asked: tuple[str, ...]) -> frozenset[str]:
        """
        Return those of these attributes, named in any case, that can be read, without `__UID__` and `__NAME__`, which
        always come. Raises UnknownAttribute.

        It is remembered: callers ask for the same few lists again and again.
        """
        found = self._readable.get(asked)
        if found is None:
            facts = [self.attribute(name) for name in asked]
            found = frozenset(fact.name for fact in facts if fact.readable) - {names.UID, names.NAME}
            if len(self._readable) >= _LISTS_KEPT:
                self._readable.clear()
            self._readable[asked] = found
        return found

    @property
    def defaults(self) -> frozenset[str]:
        """
        The attributes returned when a caller names none.
        """
        return frozenset(info.name for info in self.attributes if info.readable and info.returned_by_default)

    @property
    def defaults_when_read(self) -> frozenset[str]:
        """
        The attributes returned when a single object is read and the caller names none.
        """
        more = frozenset(info.name for info in self.attributes if info.readable and info.returned_when_read)
        return self.defaults | more


@dataclass(frozen=True, slots=True)
class Schema:
    """
    Everything a connector has: object classes in the order they are listed, with the operations of each.
    """

    object_classes: tuple[ObjectClassInfo, ...]
    operations: dict[str, frozenset[Operation]]

    def object_class(self, name: str) -> ObjectClassInfo:
        """
        Return an object class by its name in any case.

        Raises UnknownObjectClass when there is none.
        """
        for info in self.object_classes:
            if names.folded(info.name) == names.folded(name):
                return info
        raise UnknownObjectClass(f"Not found: {name}. There are: {_listed(self.object_classes)}")


def _listed(classes: Iterable[ObjectClassInfo]) -> str:
    return ", ".join(info.name for info in classes)
