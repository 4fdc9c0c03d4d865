"""
From the text of a script to what it is made of: the expressions of JavaScript and Groovy that people write in mappings
(ECMA-262, chapter 13; https://groovy-lang.org/operators.html), with variables, `if` and `return` around them.
"""

import re
from typing import Final

from webex_connector.app.openidm.nodes import (
    Assign,
    Binary,
    Call,
    Choice,
    Function,
    If,
    Literal,
    Member,
    Members,
    Name,
    Node,
    Pattern,
    Return,
    Several,
    Statement,
    Unary,
    Untranslatable,
)
from webex_connector.app.openidm.tokens import END, Token, tokens_of

_LEVELS: Final = (
    ("||", "??", "?:"),
    ("&&",),
    ("===", "!==", "==", "!="),
    ("<", ">", "<=", ">="),
    ("+", "-"),
    ("*", "/", "%"),
)
_CONSTANTS: Final = {"true": True, "false": False, "null": None, "undefined": None}
_DECLARING: Final = frozenset({"var", "let", "const", "def"})
_REFUSED: Final = frozenset({"for", "while", "do", "switch", "try", "throw", "new", "class", "delete", "in", "import"})
_ESCAPES: Final = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", "0": "\0"}
_DEEPEST: Final = 60


def statements_of(script: str, *, groovy: bool = False) -> tuple[Statement, ...]:
    """
    Return the statements of a script. Raises Untranslatable with what cannot be read, and its line.
    """
    return _Parser(tokens_of(script), groovy=groovy).statements("")


class _Parser:
    """
    Recursive descent over the words.
    """

    def __init__(self, tokens: list[Token], *, groovy: bool) -> None:
        self._tokens, self._groovy = tokens, groovy
        self._next = self._depth = 0

    def statements(self, closing: str) -> tuple[Statement, ...]:
        found: list[Statement] = []
        while self._peek().text != closing or self._peek().kind == "text":
            if self._peek() is END:
                raise Untranslatable("it ends too early")
            if not self._is_next(";"):
                found.append(self._statement())
        return tuple(found)

    def _statement(self) -> Statement:
        word = self._peek()
        if word.kind == "name" and word.text in _DECLARING:
            self._take()
            name = Name(self._name())
            return Assign(name, self.expression() if self._is_next("=") else Literal(None))
        if word.kind == "name" and word.text == "return":
            self._take()
            is_bare = self._peek().text in {";", "}", ""} and self._peek().kind != "text"
            return Return(Literal(None) if is_bare else self.expression())
        if word.kind == "name" and word.text == "if":
            return self._condition()
        found = self.expression()
        if isinstance(found, Name | Member) and self._is_next("="):
            return Assign(found, self.expression())
        if isinstance(found, Name | Member) and self._is_next("+="):
            return Assign(found, Binary("+", found, self.expression()))
        return found

    def _condition(self) -> If:
        self._take()
        self._must("(")
        condition = self.expression()
        self._must(")")
        then = self._block()
        self._is_next(";")
        otherwise: tuple[Statement, ...] = ()
        if self._peek().kind == "name" and self._peek().text == "else":
            self._take()
            otherwise = self._block()
        return If(condition, then, otherwise)

    def _block(self) -> tuple[Statement, ...]:
        if not self._is_next("{"):
            return (self._statement(),)
        found = self.statements("}")
        self._must("}")
        return found

    def expression(self) -> Node:
        self._depth += 1
        if self._depth > _DEEPEST:
            raise Untranslatable("it is nested too deep")
        found = self._binary(0)
        if self._is_next("?"):
            then = self.expression()
            self._must(":")
            found = Choice(found, then, self.expression())
        self._depth -= 1
        return found

    def _binary(self, level: int) -> Node:
        if level == len(_LEVELS):
            return self._unary()
        found = self._binary(level + 1)
        while self._peek().kind == "mark" and self._peek().text in _LEVELS[level]:
            operator = self._take().text
            found = Binary(operator, found, self._binary(level + 1))
        return found

    def _unary(self) -> Node:
        word = self._peek()
        if (word.kind == "mark" and word.text in {"!", "-", "+"}) or (word.kind == "name" and word.text == "typeof"):
            self._take()
            return Unary(word.text, self._unary())
        found = self._primary()
        while True:
            if self._is_next(".") or self._is_next("?."):
                found = Member(found, Literal(self._name()))
            elif self._is_next("["):
                found = Member(found, self.expression())
                self._must("]")
            elif self._is_next("("):
                found = Call(found, self._listed(")"))
            else:
                return found

    def _primary(self) -> Node:
        word = self._take()
        match word.kind:
            case "number":
                return Literal(_whole(word))
            case "text":
                return self._text(word)
            case "pattern":
                text, _, flags = word.text[1:].rpartition("/")
                return Pattern(text, flags)
            case "name" if word.text in _REFUSED:
                raise Untranslatable(f"line {word.line} has `{word.text}`")
            case "name" if word.text == "function":
                return self._function()
            case "name":
                return Literal(_CONSTANTS[word.text]) if word.text in _CONSTANTS else Name(word.text)
        match word.text:
            case "(":
                found = self.expression()
                self._must(")")
                return found
            case "[":
                return Several(self._listed("]"))
            case "{":
                return self._members()
        raise Untranslatable(f"line {word.line} has {word.text!r}" if word is not END else "it ends too early")

    def _function(self) -> Function:
        if self._peek().kind == "name":
            self._take()
        self._must("(")
        parameters = tuple(each.name for each in self._listed(")") if isinstance(each, Name))
        self._must("{")
        body = self.statements("}")
        self._must("}")
        return Function(parameters, body)

    def _members(self) -> Members:
        found: list[tuple[str, Node]] = []
        while not self._is_next("}"):
            key = self._take()
            self._must(":")
            found.append((_unquoted(key.text) if key.kind == "text" else key.text, self.expression()))
            if not self._is_next(","):
                self._must("}")
                break
        return Members(tuple(found))

    def _listed(self, closing: str) -> tuple[Node, ...]:
        found: list[Node] = []
        while not self._is_next(closing):
            found.append(self.expression())
            if not self._is_next(","):
                self._must(closing)
                break
        return tuple(found)

    def _text(self, word: Token) -> Node:
        is_template = word.text[0] == "`" or (self._groovy and word.text[0] == '"')
        if not is_template or "${" not in word.text:
            return Literal(_unquoted(word.text))
        found: Node = Literal("")
        for part in re.split(r"(\$\{[^{}]*\})", word.text[1:-1]):
            if part.startswith("${"):
                inner = _Parser(tokens_of(part[2:-1]), groovy=self._groovy)
                found = Binary("+", found, inner.expression())
                if inner._peek() is not END:
                    raise Untranslatable(f"line {word.line} has {part}")
            elif part:
                found = Binary("+", found, Literal(_unquoted(f"'{part}'")))
        return found

    def _peek(self) -> Token:
        return self._tokens[self._next] if self._next < len(self._tokens) else END

    def _take(self) -> Token:
        token = self._peek()
        self._next += 1
        return token

    def _name(self) -> str:
        word = self._take()
        if word.kind != "name":
            raise Untranslatable("it ends too early" if word is END else f"line {word.line} has {word.text!r}")
        return word.text

    def _is_next(self, mark: str) -> bool:
        token = self._peek()
        if token.kind == "mark" and token.text == mark:
            self._next += 1
            return True
        return False

    def _must(self, mark: str) -> None:
        if not self._is_next(mark):
            word = self._peek()
            there = "it ends" if word is END else f"line {word.line} has {word.text!r}"
            raise Untranslatable(f"{there} where {mark!r} is expected")


def _whole(word: Token) -> int:
    if "." in word.text:
        raise Untranslatable(f"line {word.line} computes with fractions")
    return int(word.text)


def _unquoted(text: str) -> str:
    return re.sub(
        r"\\(u[0-9A-Fa-f]{4}|.)",
        lambda found: chr(int(found[1][1:], 16)) if len(found[1]) > 1 else _ESCAPES.get(found[1], found[1]),
        text[1:-1],
        flags=re.DOTALL,
    )
