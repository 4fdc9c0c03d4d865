"""
Expressions that need no sandbox: an attribute, a constant, a default and a table, in any combination. Most mappings are
no more than that. Pure.
"""

import ast
from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from webex_connector.expressions.functions import default, first, found_in

Tables: TypeAlias = Mapping[str, Mapping[str, Any]]
"""
What `lookup` knows, by table and key.
"""

Given: TypeAlias = Mapping[str, Any]
"""
What an expression sees, by name.
"""

Plain: TypeAlias = Callable[[Given], Any]
"""
Gives an expression's value. Raises what the expression would raise in the sandbox.
"""


def plain(tree: ast.expr, tables: Tables) -> Plain | None:
    """
    Return what evaluates an expression at once; None when it takes the sandbox.
    """
    match tree:
        case ast.Constant(value=str() | int() | float() | None as value):
            return lambda _: value
        case ast.Name(id="link_qualifier" | "now" as name):
            return lambda given: given[name]
        case ast.Subscript(value=ast.Name(id="source"), slice=ast.Constant(value=str(key))):
            return lambda given: given["source"][key]
        case ast.Call(
            func=ast.Attribute(value=ast.Name(id="source"), attr="get"),
            args=[ast.Constant(value=str(key))],
            keywords=[],
        ):
            return lambda given: given["source"].get(key)
        case ast.Call(func=ast.Name(id="default"), args=parts, keywords=[]):
            return _over(parts, tables, default)
        case ast.Call(func=ast.Name(id="first"), args=[part], keywords=[]):
            return _over([part], tables, first)
        case ast.Call(func=ast.Name(id="lookup"), args=[_, _] | [_, _, _] as parts, keywords=[]):
            return _over(parts, tables, lambda table, key, *rest: found_in(tables, table, key, *(rest or (None,))))
    return None


def _over(parts: list[ast.expr], tables: Tables, function: Callable[..., Any]) -> Plain | None:
    inner = [plain(part, tables) for part in parts]
    ready = [each for each in inner if each is not None]
    if len(ready) < len(inner):
        return None
    return lambda given: function(*(each(given) for each in ready))
