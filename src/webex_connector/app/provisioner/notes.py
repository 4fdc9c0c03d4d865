"""
What is wrong with a provisioner file, collected on the way, each with its line.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from webex_connector.app.mistakes import SettingsMistake
from webex_connector.app.provisioner.json_places import Lines
from webex_connector.app.toml_places import Path, line_of
from webex_connector.base.log import logger
from webex_connector.icf.configuration import unknown_name

log = logger("app")


class Notes:
    """
    Mistakes of one file. What is harmless but has no effect here is logged.
    """

    def __init__(self, file: str, lines: Lines) -> None:
        self.file = file
        self.mistakes: list[SettingsMistake] = []
        self._lines = lines
        for path in lines.twice:
            self.wrong(path, "is written twice")

    def place(self, path: Path) -> str:
        """
        Return where something stands, in words.
        """
        line = line_of(self._lines.first, path)
        return f"{self.file}:{line}" if line else self.file

    def wrong(self, path: Path, problem: str) -> None:
        """
        Note a mistake.
        """
        line = line_of(self._lines.first, path) or 0
        self.mistakes.append(SettingsMistake(line, self.place(path), ".".join(path), problem))

    def without_effect(self, path: Path, why: str) -> None:
        """
        Log that something has no effect here.
        """
        log.info("provisioner.without_effect", place=self.place(path), setting=".".join(path), why=why)

    def table(self, path: Path, value: object, known: Iterable[str] | None = None) -> Mapping[str, Any]:
        """
        Return an object of the file; empty when it is missing, or, with a mistake, when it is none. Members beyond the
        known ones are mistakes; names with one underscore in front are the interface's own and are not.
        """
        if value is None:
            return {}
        if not isinstance(value, dict):
            self.wrong(path, "must be a JSON object")
            return {}
        if known is not None:
            there = tuple(known)
            for name in value:
                if name not in there and not (name.startswith("_") and not name.startswith("__")):
                    self.wrong((*path, name), unknown_name(name, there))
        return value

    def flag(self, path: Path, value: object, *, default: bool) -> bool:
        """
        Return a boolean of the file; the default, with a mistake, when it is something else.
        """
        if value is None:
            return default
        if isinstance(value, str) and value.lower() in {"true", "false"}:
            return value.lower() == "true"
        if not isinstance(value, bool):
            self.wrong(path, f"must be true or false, not {value!r}")
            return default
        return value

    def number(self, path: Path, value: object) -> int | None:
        """
        Return a whole number of the file; None when it is missing, or, with a mistake, when it is something else.
        """
        if isinstance(value, str) and value.removeprefix("-").isdecimal():
            return int(value)
        if value is not None and (isinstance(value, bool) or not isinstance(value, int)):
            self.wrong(path, f"must be a whole number, not {value!r}")
            return None
        return value

    def words(self, path: Path, value: object) -> tuple[str, ...]:
        """
        Return a list of texts of the file; empty when it is missing, or, with a mistake, when it is something else.
        """
        if value is None:
            return ()
        if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
            self.wrong(path, f"must be a list of texts, not {value!r}")
            return ()
        return tuple(value)
