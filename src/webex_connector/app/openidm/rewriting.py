"""
From what a script gives to an expression of ours that gives the same.
"""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Final

from webex_connector.app.openidm.nodes import (
    Binary,
    Call,
    Choice,
    Literal,
    Member,
    Members,
    Name,
    Node,
    Pattern,
    Several,
    Unary,
    Untranslatable,
)

OBJECTS: Final[Mapping[str, str]] = {
    "source": "source",
    "object": "source",
    "target": "target",
    "oldSource": "old",
    "linkQualifier": "link_qualifier",
}
"""
The variables of a script, and what they are here.
"""

_OPERATORS: Final = {
    "||": "or",
    "??": "or",
    "?:": "or",
    "&&": "and",
    "===": "==",
    "!==": "!=",
    **{each: each for each in ("==", "!=", "<", ">", "<=", ">=", "-", "*", "/", "%")},
}
_NONES: Final = {"===": "is", "==": "is", "!==": "is not", "!=": "is not"}
_FOUND: Final = {
    (">=", 0): "in",
    (">", -1): "in",
    ("!==", -1): "in",
    ("!=", -1): "in",
    ("<", 0): "not in",
    ("===", -1): "not in",
    ("==", -1): "not in",
}
_RECORDS: Final = frozenset({"source", "target", "old"})


def expression_of(node: Node, variables: Mapping[str, str] = OBJECTS) -> str:
    """
    Return the expression. `variables` says what each variable is here. Raises Untranslatable.
    """
    return _Writer(variables).text(node)


def quoted(text: str) -> str:
    """
    Return a text as it is written in an expression.
    """
    return json.dumps(text, ensure_ascii=False)


class _Writer:
    """
    Writes one expression. What is put into something else stands in parentheses unless it is one piece.
    """

    def __init__(self, variables: Mapping[str, str]) -> None:
        self._variables = variables

    def text(self, node: Node) -> str:
        match node:
            case Literal(value):
                return quoted(value) if isinstance(value, str) else repr(value)
            case Name(name) if name in self._variables:
                return self._variables[name]
            case Name(name):
                raise Untranslatable(f"`{name}` is not there")
            case Choice(condition, then, otherwise):
                return f"{self._piece(then)} if {self._piece(condition)} else {self._piece(otherwise)}"
            case Several() | Members():
                return self._written(node)
            case Member():
                return self._member(node)
            case Unary(operator, operand):
                return self._unary(operator, operand)
            case Binary():
                return self._binary(node)
        return self._called(node)

    def _written(self, node: Several | Members) -> str:
        match node:
            case Several((one,)) if not isinstance(one, Literal | Members | Several):
                return f"listed({self.text(one)})"
            case Several(elements):
                return f"[{self._listed(elements)}]"
            case Members(members):
                return "{" + ", ".join(f"{quoted(name)}: {self.text(each)}" for name, each in members) + "}"

    def _called(self, node: Node) -> str:
        match node:
            case Call(Member(of, Literal(str(method))), arguments):
                return self._method(of, method, arguments)
            case Call(Name(name), arguments):
                return self._function(name, arguments)
            case Pattern(text):
                raise Untranslatable(f"/{text}/ stands where no pattern can")
        raise Untranslatable("it calls what is no function here")

    def _piece(self, node: Node) -> str:
        text = self.text(node)
        is_one = isinstance(node, Literal | Name | Member | Call | Several | Members) and " " not in text.split("(")[0]
        return text if is_one else f"({text})"

    def _listed(self, nodes: Sequence[Node]) -> str:
        return ", ".join(self.text(each) for each in nodes)

    def _member(self, node: Member) -> str:
        of = self.text(node.of)
        match node.key:
            case Literal("length"):
                return f"len({of} or [])"
            case Literal(str(name)):
                return f"{of}[{quoted(name)}]" if of in _RECORDS else f"({of} or {{}}).get({quoted(name)})"
            case Literal(int(place)):
                return f"{of}[{place}]" if isinstance(node.of, Call) else f"listed({of})[{place}]"
        raise Untranslatable("it takes a member whose name is computed")

    def _unary(self, operator: str, operand: Node) -> str:
        if operator == "!":
            return f"not {self._piece(operand)}"
        if operator in {"-", "+"} and isinstance(operand, Literal):
            return f"{operator}{self.text(operand)}"
        raise Untranslatable(f"`{operator}` is not there")

    def _binary(self, node: Binary) -> str:
        match node:
            case Binary("+", _, _):
                return self._sum(node)
            case Binary(operator, Unary("typeof", operand), Literal("undefined")) if operator in _NONES:
                return f"{self._piece(operand)} {_NONES[operator]} None"
            case Binary(operator, operand, Literal(None)) if operator in _NONES:
                return f"{self._piece(operand)} {_NONES[operator]} None"
            case Binary(operator, Call(Member(of, Literal("indexOf")), (part,)), Literal() | Unary() as place):
                number = _number(place)
                word = None if number is None else _FOUND.get((operator, number))
                if word is not None:
                    return f"{self._piece(part)} {word} ({self.text(of)} or [])"
        operator = _OPERATORS.get(node.operator, "")
        return f"{self._piece(node.left)} {operator} {self._piece(node.right)}"

    def _sum(self, node: Binary) -> str:
        parts = _summands(node)
        if any(isinstance(each, Literal) and not isinstance(each.value, str) for each in parts):
            return " + ".join(self._piece(each) for each in parts)
        texts = [each for each in parts if each != Literal("")]
        if not texts:
            return '""'
        return f'join("", {self._listed(texts)})'

    def _function(self, name: str, arguments: Sequence[Node]) -> str:
        match name, arguments:
            case "String", (one,):
                return f'join("", {self.text(one)})'
            case "parseInt" | "Number", (one, *_):
                return f"int({self.text(one)})"
        raise Untranslatable(f"`{name}()` is not there")

    def _method(self, of: Node, method: str, arguments: Sequence[Node]) -> str:
        match of, method, arguments:
            case Pattern(pattern, flags), "test", (one,):
                return f"matches({self.text(one)}, {_pattern(pattern, flags)})"
            case _, "replace" | "replaceAll", (Pattern(pattern, flags), Literal(str(by))):
                if "g" not in flags and method == "replace":
                    raise Untranslatable(f"/{pattern}/{flags} replaces the first place only")
                groups = re.sub(r"\$([1-9])", r"\\\1", by.replace("\\", "\\\\"))
                return f"replace({self.text(of)}, {_pattern(pattern, flags)}, {quoted(groups)})"
        whole, given = self.text(of), [self.text(each) for each in arguments]
        text = f'({whole} or "")'
        match method, arguments:
            case "concat", _:
                return f'join("", {", ".join([whole, *given])})'
            case (("includes" | "contains"), (part,)):
                return f"({self._piece(part)} in ({whole} or []))"
            case "replace", (Literal(str()), Literal(str())):
                return f"{text}.replace({given[0]}, {given[1]}, 1)"
        simple = _METHODS.get((method, len(arguments)))
        if simple is None:
            raise Untranslatable(f"`.{method}()` is not there")
        return simple(whole, text, given)


def _pattern(text: str, flags: str) -> str:
    return quoted("(?i)" + text if "i" in flags else text)


def _slice(_whole: str, text: str, given: Sequence[str]) -> str:
    return f"{text}[{given[0]}:{given[1] if len(given) > 1 else ''}]"


_Method = Callable[[str, str, Sequence[str]], str]

_METHODS: Final[Mapping[tuple[str, int], _Method]] = {
    ("toString", 0): lambda whole, _text, _given: f'join("", {whole})',
    ("join", 1): lambda whole, _text, given: f"join({given[0]}, {whole})",
    ("toLowerCase", 0): lambda whole, _text, _given: f"lower({whole})",
    ("toUpperCase", 0): lambda whole, _text, _given: f"upper({whole})",
    ("trim", 0): lambda _whole, text, _given: f"{text}.strip()",
    ("startsWith", 1): lambda _whole, text, given: f"{text}.startswith({given[0]})",
    ("endsWith", 1): lambda _whole, text, given: f"{text}.endswith({given[0]})",
    ("indexOf", 1): lambda _whole, text, given: f"{text}.find({given[0]})",
    ("lastIndexOf", 1): lambda _whole, text, given: f"{text}.rfind({given[0]})",
    ("split", 1): lambda _whole, text, given: f"{text}.split({given[0]})",
    ("charAt", 1): lambda _whole, text, given: f"{text}[{given[0]}:{given[0]} + 1]",
    ("substr", 2): lambda _whole, text, given: f"{text}[{given[0]}:{given[0]} + {given[1]}]",
    ("substr", 1): _slice,
    ("substring", 1): _slice,
    ("substring", 2): _slice,
    ("slice", 1): _slice,
    ("slice", 2): _slice,
}


def _summands(node: Node) -> list[Node]:
    match node:
        case Binary("+", left, right):
            return [*_summands(left), *_summands(right)]
        case _:
            return [node]


def _number(node: Node) -> int | None:
    match node:
        case Literal(int(number)):
            return number
        case Unary("-", Literal(int(number))):
            return -number
        case _:
            return None
