"""
What is wrong with the settings: everything at once, each with its place.
"""

import difflib
from collections.abc import Collection
from dataclasses import dataclass

from webex_connector.app.toml_places import Path, line_of
from webex_connector.icf.errors import ConfigurationInvalid


@dataclass(frozen=True, slots=True)
class Places:
    """
    Where each setting was given: on a line of the file, or by an environment variable.
    """

    file: str
    lines: dict[Path, int]
    variables: dict[Path, str]

    def of(self, path: Path) -> tuple[int, str]:
        """
        Return the line, for sorting, and the place in words. What is given nowhere stands at the table around it.
        """
        if path in self.variables:
            return 0, self.variables[path]
        line = line_of(self.lines, path)
        return (line, f"{self.file}:{line}") if line else (0, self.file)


@dataclass(frozen=True, slots=True, order=True)
class SettingsMistake:
    """
    One thing wrong with the settings. Mistakes sort by their line.
    """

    line: int
    place: str
    setting: str
    problem: str

    def __str__(self) -> str:
        subject = f"{self.setting} " if self.setting else ""
        return f"{self.place}: {subject}{self.problem}"


def nearest(name: str, known: Collection[str]) -> str:
    """
    Return the end of a message about a name that there is not: the one that was meant, if one is like it, else those
    that there are.
    """
    by_case = {each.casefold(): each for each in known}
    close = difflib.get_close_matches(name.casefold(), list(by_case), n=1)
    if close:
        return f"; did you mean {by_case[close[0]]}?"
    return f"; there are: {', '.join(known)}" if known else "; there is none"


class SettingsMistakes(ConfigurationInvalid):
    """
    Everything wrong with the settings, in the order of the file.
    """

    def __init__(self, mistakes: list[SettingsMistake]) -> None:
        self.mistakes = tuple(sorted(mistakes))
        super().__init__("\n".join(map(str, self.mistakes)))
