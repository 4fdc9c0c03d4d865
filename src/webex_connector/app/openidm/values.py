"""
What a script gives in the end, as one expression: variables are put in where they are used, `if` becomes a choice.
"""

from collections.abc import Mapping, Sequence
from dataclasses import fields, replace
from typing import Any, Final

from webex_connector.app.openidm.nodes import (
    Assign,
    Call,
    Choice,
    Function,
    If,
    Literal,
    Member,
    Name,
    Node,
    Return,
    Statement,
    Untranslatable,
)

_LOGGING: Final = frozenset({"logger", "console", "log"})
_MOST: Final = 2000

Variables = Mapping[str, Node]


def value_of(statements: Sequence[Statement]) -> Node:
    """
    Return what the last statement that is reached gives. Raises Untranslatable when a statement does something.
    """
    return _Flow().value(tuple(statements), {})


def assignments_of(statements: Sequence[Statement]) -> list[tuple[str, Node]]:
    """
    Return the members of `target` that are set, one after the other. Raises Untranslatable when anything else is done.
    """
    flow, found = _Flow(), list[tuple[str, Node]]()
    variables: dict[str, Node] = {}
    for each in statements:
        match each:
            case Assign(Member(Name("target"), Literal(str(attribute))), value):
                found.append((attribute, flow.put_in(value, variables)))
            case Assign(Name(name), value):
                variables[name] = flow.put_in(value, variables)
            case Call() if _logs(each):
                continue
            case _:
                raise Untranslatable("it does more than set attributes of the target")
    return found


class _Flow:
    """
    Follows one script. It counts what it makes, so that many branches end.
    """

    def __init__(self) -> None:
        self._made = 0

    def value(self, statements: tuple[Statement, ...], variables: Variables) -> Node:
        known = dict(variables)
        for place, each in enumerate(statements):
            rest = statements[place + 1 :]
            match each:
                case Return(found):
                    return self.put_in(found, known)
                case Assign(Name(name), found):
                    known[name] = self.put_in(found, known)
                case Assign():
                    raise Untranslatable("it changes an object")
                case If(condition, then, otherwise):
                    return Choice(
                        self.put_in(condition, known),
                        self.value((*then, *rest), known),
                        self.value((*otherwise, *rest), known),
                    )
                case _ if not any(not _logs(later) for later in rest):
                    return Literal(None) if _logs(each) else self.put_in(each, known)
                case _ if _logs(each) or isinstance(each, Literal | Name):
                    continue
                case _:
                    raise Untranslatable("it does something besides giving a value")
        return Literal(None)

    def put_in(self, node: Node, variables: Variables) -> Node:
        """
        Return the same with variables replaced by what they stand for, and functions by what they give.
        """
        self._made += 1
        if self._made > _MOST:
            raise Untranslatable("it has too many branches")
        match node:
            case Name(name):
                return variables.get(name, node)
            case Call(Function(parameters, body), arguments):
                given = [self.put_in(each, variables) for each in arguments]
                return self.value(body, {**variables, **dict(zip(parameters, given, strict=False))})
            case Call(Member(Function() as function, Literal("call")), arguments):
                return self.put_in(Call(function, arguments[1:]), variables)
            case Function():
                raise Untranslatable("it makes a function")
        changed = {each.name: self._within(getattr(node, each.name), variables) for each in fields(node)}
        return replace(node, **changed)

    def _within(self, value: Any, variables: Variables) -> Any:
        if isinstance(value, tuple):
            return tuple(self._within(each, variables) for each in value)
        return value if isinstance(value, str | int | None) else self.put_in(value, variables)


def _logs(statement: Statement) -> bool:
    match statement:
        case Call(Member(Name(name), _), _):
            return name in _LOGGING
        case _:
            return False
