"""
What a provisioner file shows of a system: object classes and attributes under names of its own, some left out, some
restricted further. Pure.

Source: `ObjectClassInfoHelper` in OpenIDM; PingIDM, "Configure connectors", on `objectTypes`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from webex_connector.gateway.idm.object_types import Flag
from webex_connector.icf import names
from webex_connector.icf.attributes import AttributeDelta, Attributes, Values
from webex_connector.icf.filters import And, Constant, Filter, Not, Or
from webex_connector.icf.objects import ConnectorObject
from webex_connector.icf.schema import AttributeInfo, ObjectClassInfo


@dataclass(frozen=True, slots=True)
class Shown:
    """
    One attribute as callers see it.
    """

    name: str
    native: str
    """
    The attribute behind it, by its own name; `__NAME__` and `__UID__` are possible too.
    """
    required: bool = False
    flags: frozenset[Flag] = frozenset()
    default: Values = ()
    """
    What a new object gets when the caller says nothing.
    """

    def fact(self, native: AttributeInfo) -> AttributeInfo:
        """
        Return the facts of the attribute under its shown name. A flag takes away, and never gives.
        """
        return replace(
            native,
            name=self.name,
            required=native.required or self.required,
            creatable=native.creatable and Flag.NOT_CREATABLE not in self.flags,
            updateable=native.updateable and Flag.NOT_UPDATEABLE not in self.flags,
            readable=native.readable and Flag.NOT_READABLE not in self.flags,
            returned_by_default=native.returned_by_default and Flag.NOT_RETURNED_BY_DEFAULT not in self.flags,
            returned_when_read=native.returned_when_read and Flag.NOT_RETURNED_BY_DEFAULT not in self.flags,
        )


@dataclass(frozen=True, slots=True)
class ObjectType:
    """
    One object class as callers see it. Names of attributes that are not shown do not exist for them.
    """

    name: str
    native: ObjectClassInfo
    shown: tuple[Shown, ...]
    info: ObjectClassInfo = field(init=False)
    _native: Mapping[str, str] = field(init=False)

    def __post_init__(self) -> None:
        facts = []
        to_native: dict[str, str] = {names.UID: names.UID, names.NAME: names.NAME}
        renamed = {each.native: each.name for each in self.shown}
        for each in self.shown:
            native = self.native.attribute(each.native)
            to_native[each.name] = native.name
            if each.name not in {names.UID, names.NAME}:
                facts.append(_with_names(each.fact(native), renamed))
        named = renamed.get(self.native.name_attribute or "")
        object.__setattr__(self, "info", ObjectClassInfo(self.name, self.native.help, tuple(facts), named))
        object.__setattr__(self, "_native", to_native)

    @property
    def shows_name(self) -> bool:
        """
        Whether `__NAME__` is one of the attributes.
        """
        return any(each.name == names.NAME for each in self.shown)

    def native_name(self, name: str) -> str:
        """
        Return the attribute behind a shown name in any case. Raises UnknownAttribute.
        """
        return self._native[self.info.attribute(name).name]

    def shown_name(self, native: str) -> str:
        """
        Return the name under which an attribute is shown, or its own when it is not.
        """
        return next((each.name for each in self.shown if each.native == native), native)

    def attributes(self, given: Attributes) -> dict[str, Values]:
        """
        Return the attributes of a new object under their own names, with the defaults of those that are not given.

        Raises UnknownAttribute.
        """
        values = {each.native: each.default for each in self.shown if each.default}
        return values | {self.native_name(name): value for name, value in given.items()}

    def deltas(self, given: Iterable[AttributeDelta]) -> list[AttributeDelta]:
        """
        Return the changes under the attributes' own names. Raises UnknownAttribute.
        """
        return [replace(delta, name=self.native_name(delta.name)) for delta in given]

    def filter(self, node: Filter) -> Filter:
        """
        Return a filter that has been checked against `info` under the attributes' own names.
        """
        match node:
            case Constant():
                return node
            case And(parts):
                return And(tuple(self.filter(part) for part in parts))
            case Or(parts):
                return Or(tuple(self.filter(part) for part in parts))
            case Not(part):
                return Not(self.filter(part))
            case _:
                return replace(node, attribute=self.native_name(node.attribute))

    def object(self, found: ConnectorObject) -> ConnectorObject:
        """
        Return an object as callers see it.
        """
        values: dict[str, Any] = {}
        for each in self.shown:
            value = found.values(each.native)
            if each.name not in {names.UID, names.NAME} and (value or each.native in found.attributes):
                values[each.name] = value
        name = found.name if self.shows_name else None
        return ConnectorObject(self.name, found.uid, name, values, found.revision)


def _with_names(fact: AttributeInfo, renamed: Mapping[str, str]) -> AttributeInfo:
    """
    Return a fact whose references to other attributes go by their shown names; those to hidden ones fall away.
    """
    return replace(
        fact,
        requires=tuple(renamed[name] for name in fact.requires if name in renamed),
        excludes=tuple(renamed[name] for name in fact.excludes if name in renamed),
    )
