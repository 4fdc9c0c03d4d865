"""
What can be wrong with a script.

    ScriptError
    ├── ScriptInvalid     it was not begun: its text is wrong
    ├── ScriptFailed      it raised something
    └── ScriptStopped     it passed a limit

    ExpressionsInvalid    some of many expressions are wrong; none of them was run
"""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Mistake:
    """
    Something wrong in a script's text; line and column are counted from 1.
    """

    line: int
    column: int
    message: str

    def __str__(self) -> str:
        return f"line {self.line}, column {self.column}: {self.message}"


class ScriptError(Exception):
    """
    A script did not do what it was to do.
    """


class ScriptInvalid(ScriptError):
    """
    The text is no script that could run; `mistakes` are all that were found. Nothing of it was run.
    """

    def __init__(self, mistakes: Sequence[Mistake]) -> None:
        super().__init__("; ".join(map(str, mistakes)))
        self.mistakes = tuple(mistakes)


class ScriptFailed(ScriptError):
    """
    The script raised something it did not catch. What it had asked for before that is done.
    """


class ScriptStopped(ScriptError):
    """
    The script passed a limit and was ended. What it had asked for before that is done; `printed` is what it printed
    until then, as far as that is known.
    """

    def __init__(self, reason: str, printed: str = "") -> None:
        super().__init__(reason)
        self.printed = printed


@dataclass(frozen=True, slots=True)
class ExpressionMistake:
    """
    Something wrong in one of many expressions.
    """

    expression: str
    """
    Its name.
    """
    place: str
    """
    The file and the line where it stands.
    """
    mistake: Mistake
    """
    Its line and column are those within the expression.
    """

    def __str__(self) -> str:
        line = f"line {self.mistake.line}, " if self.mistake.line > 1 else ""
        return f"{self.place}: {self.expression}, {line}column {self.mistake.column}: {self.mistake.message}"


class ExpressionsInvalid(Exception):
    """
    Expressions are wrong in their words or types; `mistakes` are all that were found. Nothing was run.
    """

    def __init__(self, mistakes: Sequence[ExpressionMistake]) -> None:
        super().__init__("\n".join(map(str, mistakes)))
        self.mistakes = tuple(mistakes)
