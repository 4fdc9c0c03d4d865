"""
What can be wrong with a script.

    ScriptError
    ├── ScriptInvalid     it was not begun: its text is wrong
    ├── ScriptFailed      it raised something
    └── ScriptStopped     it passed a limit
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
    The script passed a limit and was ended. What it had asked for before that is done.
    """
