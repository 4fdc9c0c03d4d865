"""
From a filter in a mapping, as `/object/status eq "active"`, to an expression that holds for the same.

Source: PingIDM, "CREST queries": https://docs.pingidentity.com/pingidm/8.1/crest/crest-query.html
"""

import re
from collections.abc import Mapping
from typing import Final

from webex_connector.app.openidm.nodes import Untranslatable
from webex_connector.app.openidm.rewriting import quoted
from webex_connector.gateway.idm import filter as language
from webex_connector.icf.attributes import Value
from webex_connector.icf.errors import InvalidFilter
from webex_connector.icf.filters import And, Compare, Constant, ContainsAll, Filter, Not, Operator, Or, Present

_POINTER: Final = re.compile(r""""(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|(?P<pointer>/[^\s()"'!]+)""")
_RECORDS: Final[Mapping[str, str]] = {
    "object": "source",
    "source": "source",
    "oldSource": "old",
    "target": "target",
}
_TEXT: Final = {
    Operator.CONTAINS: "{value} in each",
    Operator.STARTS_WITH: "each.startswith({value})",
    Operator.ENDS_WITH: "each.endswith({value})",
    Operator.GREATER: "each > {value}",
    Operator.GREATER_OR_EQUAL: "each >= {value}",
    Operator.LESS: "each < {value}",
    Operator.LESS_OR_EQUAL: "each <= {value}",
}


def expression_of(text: str) -> str:
    """
    Return the expression. Raises Untranslatable when it is no filter, or speaks of something that is not there.
    """
    try:
        node = language.parse(_POINTER.sub(_level, text))
    except InvalidFilter as problem:
        raise Untranslatable(f"it is no filter: {problem.message}") from None
    return _text(node)


def _level(found: re.Match[str]) -> str:
    # The language of queries knows pointers of one level only; these have the object's name in front.
    pointer = found["pointer"]
    return found[0] if pointer is None else "/" + pointer[1:].replace("/", "%2F")


def _text(node: Filter) -> str:
    match node:
        case Constant(truth):
            return str(truth)
        case And(parts):
            return " and ".join(_piece(each) for each in parts)
        case Or(parts):
            return " or ".join(_piece(each) for each in parts)
        case Not(part):
            return f"not {_piece(part)}"
        case Present(attribute):
            return f"default({_place(attribute)}) is not None"
        case ContainsAll(attribute, values):
            return " and ".join(f"{_written(each)} in listed({_place(attribute)})" for each in values)
        case Compare("linkQualifier", Operator.EQUALS, value):
            return f"link_qualifier == {_written(value)}"
        case Compare(attribute, Operator.EQUALS, value):
            return f"{_written(value)} in listed({_place(attribute)})"
        case Compare(attribute, operator, value):
            held = _TEXT[operator].format(value=_written(value))
            return f"any({held} for each in listed({_place(attribute)}))"
    raise Untranslatable("it compares whole lists")


def _piece(node: Filter) -> str:
    return f"({_text(node)})" if isinstance(node, And | Or | Not) else _text(node)


def _place(pointer: str) -> str:
    record, _, attribute = pointer.partition("/")
    if record not in _RECORDS or not attribute:
        there = ", ".join(f"/{each}/…" for each in _RECORDS)
        raise Untranslatable(f"/{pointer} is not there; there are: {there}, /linkQualifier")
    return member(_RECORDS[record], attribute)


def member(record: str, pointer: str) -> str:
    """
    Return what stands under a pointer of one or several levels, as an expression.
    """
    first, *deeper = pointer.strip("/").split("/")
    text = f"{record}[{quoted(first)}]"
    for each in deeper:
        text = f"({text} or {{}}).get({quoted(each)})"
    return text


def _written(value: Value) -> str:
    return quoted(value) if isinstance(value, str) else repr(value)
