"""
A TOML file, read with the place of everything in it.
"""

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from webex_connector.app import toml_places
from webex_connector.app.mistakes import SettingsMistake, SettingsMistakes
from webex_connector.icf.errors import ConfigurationInvalid

_SYNTAX_LINE = re.compile(r" \(at line (\d+), column (\d+)\)$")


@dataclass(frozen=True, slots=True)
class TomlFile:
    """
    What stands in a file, and on which line.
    """

    tree: dict[str, Any]
    lines: dict[toml_places.Path, int]


def toml_of(file: Path, what: str) -> TomlFile:
    """
    Return what stands in a file. `what` names it in messages.

    Raises ConfigurationInvalid when the file cannot be read, and SettingsMistakes when it is no TOML.
    """
    try:
        text = file.read_text("utf-8")
    except OSError as problem:
        raise ConfigurationInvalid(f"Cannot read the {what} {file}: {problem.strerror}") from None
    except UnicodeDecodeError as problem:
        raise ConfigurationInvalid(f"The {what} {file} is not UTF-8 text: {problem.reason}") from None
    try:
        tree = tomllib.loads(text)
    except tomllib.TOMLDecodeError as problem:
        raise _syntax(file, str(problem)) from None
    return TomlFile(tree, toml_places.lines_of(text))


def _syntax(file: Path, problem: str) -> SettingsMistakes:
    place = _SYNTAX_LINE.search(problem)
    line = int(place[1]) if place else 0
    words = _SYNTAX_LINE.sub("", problem)
    column = f", column {place[2]}" if place else ""
    return SettingsMistakes([SettingsMistake(line, f"{file}:{line}" if line else str(file), "", f"{words}{column}")])
