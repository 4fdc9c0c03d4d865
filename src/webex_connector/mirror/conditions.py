"""
Filters as conditions on a picture.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, false, func, literal, not_, or_, select, true

from webex_connector.icf import names
from webex_connector.icf.attributes import Value, Values
from webex_connector.icf.filters import (
    TEXT_OPERATORS,
    And,
    Compare,
    Constant,
    ContainsAll,
    EqualsList,
    Filter,
    Not,
    Operator,
    Or,
    Present,
    equals,
)
from webex_connector.icf.schema import AttributeType
from webex_connector.mirror.layout import Layout, key_of
from webex_connector.store.tables import MIRROR_KEYS, MIRROR_LINKS, MIRROR_OBJECTS


def answers(node: Filter, layout: Layout) -> bool:
    """
    Whether a picture evaluates a filter that went through `checked`, exactly as `matcher` does.
    """
    match node:
        case Constant():
            return True
        case And(parts) | Or(parts):
            return all(answers(part, layout) for part in parts)
        case Not(part):
            return answers(part, layout)
        case Present(attribute):
            return _is_indexed(attribute, layout)
        case Compare(attribute, operator, _):
            return _compares(attribute, operator, layout)
        case EqualsList(attribute, values):
            single = attribute in {names.UID, names.NAME} or not layout.info.attribute(attribute).many
            return single and len(values) <= 1 and _compares(attribute, Operator.EQUALS, layout)
        case ContainsAll(attribute, _):
            return _compares(attribute, Operator.EQUALS, layout)


def _is_indexed(attribute: str, layout: Layout) -> bool:
    return attribute == names.UID or attribute in layout.keyed | layout.links | layout.inverse.keys()


def _compares(attribute: str, operator: Operator, layout: Layout) -> bool:
    if attribute in layout.links or attribute in layout.inverse:
        return operator is Operator.EQUALS
    if operator in TEXT_OPERATORS and layout.info.attribute(attribute).type is AttributeType.TIMESTAMP:
        # Times are looked up as moments, and these operators compare them as they are written.
        return False
    return _is_indexed(attribute, layout)


@dataclass(frozen=True, slots=True)
class Conditions:
    """
    Filters of one object class on its picture. `others` are the pictures of other object classes.
    """

    layout: Layout
    picture: int
    others: Mapping[str, int]

    def of(self, node: Filter) -> ColumnElement[bool]:
        """
        Return the condition on MIRROR_OBJECTS that stands for a filter which the picture `answers`.
        """
        match node:
            case Constant(truth):
                return true() if truth else false()
            case And(parts):
                return and_(true(), *map(self.of, parts))
            case Or(parts):
                return or_(false(), *map(self.of, parts))
            case Not(part):
                return not_(self.of(part))
            case Present(attribute):
                return true() if attribute == names.UID else self._among(attribute, None)
            case Compare(attribute, operator, value):
                return self._compared(attribute, operator, value)
            case EqualsList(attribute, values):
                return self._all(attribute, values) if values else not_(self.of(Present(attribute)))
            case ContainsAll(attribute, values):
                return self._all(attribute, values)

    def _all(self, attribute: str, values: Values) -> ColumnElement[bool]:
        return and_(true(), *(self.of(equals(attribute, value)) for value in values))

    def _compared(self, attribute: str, operator: Operator, value: Value) -> ColumnElement[bool]:
        if attribute == names.UID:
            return _test(MIRROR_OBJECTS.c.uid, operator, key_of(value))
        if attribute in self.layout.inverse:
            return self._among(attribute, MIRROR_LINKS.c.uid == key_of(value))
        if attribute in self.layout.links:
            return self._among(attribute, MIRROR_LINKS.c.target == self.layout.folded(attribute, value))
        return self._among(attribute, _test(MIRROR_KEYS.c.folded, operator, self.layout.folded(attribute, value)))

    def _among(self, attribute: str, condition: ColumnElement[bool] | None) -> ColumnElement[bool]:
        """
        Return the condition that an object is among those with such a row; any row without a condition.
        """
        rows: Select[Any]
        if attribute in self.layout.inverse:
            seen, links = self.layout.inverse[attribute], MIRROR_LINKS.c
            picture = self.others[seen.object_class]
            rows = select(links.target).where(links.picture == picture, links.attribute == seen.attribute)
        else:
            table = MIRROR_LINKS if attribute in self.layout.links else MIRROR_KEYS
            rows = select(table.c.uid).where(table.c.picture == self.picture, table.c.attribute == attribute)
        return MIRROR_OBJECTS.c.uid.in_(rows if condition is None else rows.where(condition))


def _test(column: ColumnElement[str], operator: Operator, text: str) -> ColumnElement[bool]:
    match operator:
        case Operator.EQUALS:
            return column == text
        case Operator.CONTAINS:
            # LIKE folds case in SQLite, whatever the column.
            return func.replace(column, text, "") != column if text else true()
        case Operator.STARTS_WITH:
            return and_(column >= text, func.substr(column, 1, len(text)) == text) if text else true()
        case Operator.ENDS_WITH:
            last = func.substr(column, func.length(column) - literal(len(text)) + 1)
            return and_(func.length(column) >= len(text), last == text) if text else true()
        case Operator.GREATER:
            return column > text
        case Operator.GREATER_OR_EQUAL:
            return column >= text
        case Operator.LESS:
            return column < text
        case Operator.LESS_OR_EQUAL:
            return column <= text
