"""
The words of a script, one after the other.
"""

import re
from dataclasses import dataclass
from typing import Final

from webex_connector.app.openidm.nodes import Untranslatable

LONGEST: Final = 8000
"""
Characters that a script may have to be looked at.
"""

_TOKEN: Final = re.compile(
    r"""
    (?P<space>\s+|//[^\n]*|/\*.*?\*/)
    | (?P<number>[0-9]+(?:\.[0-9]+)?)
    | (?P<text>"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|`(?:\\.|[^`\\])*`)
    | (?P<name>[A-Za-z_$][A-Za-z0-9_$]*)
    | (?P<mark>===|!==|==|!=|<=|>=|&&|\|\||\?\.|\?:|\?\?|=>|\+=|\+\+|--|[-+*/%<>!?:.,()\[\]{};=])
    """,
    re.VERBOSE | re.DOTALL,
)
_PATTERN: Final = re.compile(r"/((?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\n\[])+)/([a-z]*)")
_ENDS_A_VALUE: Final = frozenset({")", "]", "}"})


@dataclass(frozen=True, slots=True)
class Token:
    """
    One word: its kind (number, text, name, mark, pattern or end) and how it is written.
    """

    kind: str
    text: str
    line: int


END: Final = Token("end", "", 0)
"""
Behind the last word.
"""


def tokens_of(script: str) -> list[Token]:
    """
    Return the words. Raises Untranslatable.
    """
    if len(script) > LONGEST:
        raise Untranslatable(f"it has {len(script)} characters, more than {LONGEST}")
    found: list[Token] = []
    place = 0
    while place < len(script):
        line = script.count("\n", 0, place) + 1
        pattern = _PATTERN.match(script, place) if _begins_a_value(found) else None
        match = pattern if pattern and not script.startswith(("//", "/*"), place) else _TOKEN.match(script, place)
        if match is None:
            raise Untranslatable(f"line {line} has {script[place]!r}")
        if match is pattern:
            found.append(Token("pattern", match[0], line))
        elif match.lastgroup != "space":
            found.append(Token(str(match.lastgroup), match[0], line))
        place = match.end()
    return found


def _begins_a_value(before: list[Token]) -> bool:
    if not before:
        return True
    last = before[-1]
    return last.kind == "mark" and last.text not in _ENDS_A_VALUE
