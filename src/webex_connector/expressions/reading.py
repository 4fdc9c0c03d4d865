"""
One expression, read without being run: whether it is one, which attributes it uses, and whether it is so simple that
the sandbox is not needed for it. Pure.
"""

import ast
import difflib
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from webex_connector.expressions.errors import Mistake
from webex_connector.expressions.values import Shape

LONGEST: Final = 4000
"""
Characters that an expression may have; deeper nesting than these allow would be no text that people write.
"""

RECORDS: Final = ("source", "old", "target")
"""
The names of what has attributes.
"""

_REFUSED: Final[Mapping[type[ast.AST], str]] = {
    ast.Await: "await is not for expressions",
    ast.Yield: "yield is not for expressions",
    ast.YieldFrom: "yield is not for expressions",
    ast.NamedExpr: "nothing can be assigned in an expression",
}

# All expressions of a record see the same lists, in no order that anybody should rely on.
_CHANGING = frozenset(
    {"append", "clear", "extend", "insert", "pop", "popitem", "remove", "reverse", "setdefault", "sort", "update"}
)

# What stands in the program beside the functions. The time of day is `now` alone, or a second run would differ.
_OURS = frozenset({"Any", "dt", "found_in", "print"})


@dataclass(frozen=True, slots=True)
class Reading:
    """
    What was read off an expression.
    """

    text: str
    tree: ast.expr
    keys: Mapping[str, frozenset[str] | None]
    """
    The attributes that it uses, by record; None when that cannot be told, for a record that it uses as a whole.
    """


def read(text: str) -> Reading | Mistake:
    """
    Return what an expression uses, or the first thing that is wrong with its form.
    """
    if len(text) > LONGEST:
        return Mistake(1, 1, f"it has {len(text)} characters and may have {LONGEST}")
    if not text.strip():
        return Mistake(1, 1, "it is empty")
    try:
        # In parentheses, so that an expression may go over several lines.
        tree = ast.parse(f"(\n{text}\n)", mode="eval").body
    except SyntaxError as error:
        return _misread(text, error)
    except (ValueError, RecursionError, MemoryError) as error:
        return Mistake(1, 1, f"it cannot be read: {error}")
    return _refused(text, tree) or Reading(text, tree, _keys(tree))


def mistakes_in(reading: Reading, shapes: Mapping[str, Shape], tables: Collection[str]) -> Iterator[Mistake]:
    """
    Yield the attributes that records do not have, and the tables that there are not, each with what comes nearest.
    """
    for node in ast.walk(reading.tree):
        found = _key_of(node)
        if found is not None:
            record, key = found
            known = shapes[record].attributes
            if known is not None and key.value not in known:
                reason = f"{record} has no attribute {key.value!s}{_nearest(str(key.value), known)}"
                yield _mistake(reading.text, key, reason)
        match node:
            case ast.Call(func=ast.Name(id="lookup"), args=[ast.Constant(value=str(table)) as named, *_]) if (
                table not in tables
            ):
                yield _mistake(reading.text, named, f"there is no table {table}{_nearest(table, tables)}")


def _misread(text: str, error: SyntaxError) -> Mistake:
    lines = text.splitlines()
    line = min(max(1, (error.lineno or 2) - 1), len(lines))
    column = max(1, error.offset or 1) if (error.lineno or 2) - 1 == line else len(lines[-1]) + 1
    return Mistake(line, column, f"it is no expression: {error.msg}")


def _refused(text: str, tree: ast.expr) -> Mistake | None:
    for node in ast.walk(tree):
        if type(node) in _REFUSED and isinstance(node, ast.expr):
            return _mistake(text, node, _REFUSED[type(node)])
        name = node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""
        if name.startswith("_") and isinstance(node, ast.expr):
            return _mistake(text, node, f"{name}: names that begin with _ are not for expressions")
        if isinstance(node, ast.Attribute) and name in _CHANGING:
            return _mistake(text, node, f"{name} changes a value, and expressions only look")
        if isinstance(node, ast.Name) and name in _OURS:
            return _mistake(text, node, f"{name} is not for expressions")
    return None


def _keys(tree: ast.expr) -> Mapping[str, frozenset[str] | None]:
    keys: dict[str, set[str]] = {}
    counted: dict[str, int] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and node.id in RECORDS:
            counted[node.id] = counted.get(node.id, 0) + 1
        found = _key_of(node)
        if found is not None:
            record, key = found
            keys.setdefault(record, set()).add(str(key.value))
            counted[record] = counted.get(record, 0) - 1
    # A record that stands somewhere without a key beside it may be used in any way.
    return {record: frozenset(keys.get(record, ())) if not left else None for record, left in counted.items()}


def _key_of(node: ast.AST) -> tuple[str, ast.Constant] | None:
    """
    Return the record and the key of `source["key"]` and `source.get("key")`.
    """
    match node:
        case ast.Subscript(value=ast.Name(id=record), slice=ast.Constant(value=str()) as key) if record in RECORDS:
            return record, key
        case ast.Call(
            func=ast.Attribute(value=ast.Name(id=record), attr="get"),
            args=[ast.Constant(value=str()) as key, *_],
        ) if record in RECORDS:
            return record, key
    return None


def _mistake(text: str, node: ast.expr, message: str) -> Mistake:
    # The parser counts bytes, people count letters.
    before = text.splitlines()[node.lineno - 2].encode()[: node.col_offset].decode()
    return Mistake(node.lineno - 1, len(before) + 1, message)


def _nearest(name: str, known: Collection[str]) -> str:
    close = difflib.get_close_matches(name.casefold(), {each.casefold() for each in known}, n=1)
    return f"; did you mean {next(each for each in known if each.casefold() == close[0])}?" if close else ""
