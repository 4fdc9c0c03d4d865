"""
One table of the settings file while it is read: its values, its place, and what is wrong with it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from webex_connector.app import toml_places
from webex_connector.app.mistakes import Places, SettingsMistake
from webex_connector.app.references import resolved
from webex_connector.base.secret import Secret
from webex_connector.icf.configuration import (
    ConfigurationMistakes,
    Mistake,
    Property,
    PropertyType,
    Setting,
    configured,
)


@dataclass(frozen=True, slots=True)
class Source:
    """
    Where settings come from, and everything that was found wrong with them so far.
    """

    places: Places
    environment: Mapping[str, str]
    folder: Path
    """
    The folder of the file, at which paths in it begin.
    """
    mistakes: list[SettingsMistake] = field(default_factory=list)


class Table:
    """
    A table of the file, with the environment laid over it. What is wrong is noted, and reading goes on, so that all
    mistakes are told at once.
    """

    def __init__(
        self, source: Source, given: Mapping[str, Any], path: toml_places.Path = (), *, is_there: bool = True
    ) -> None:
        self.given = given
        self.is_there = is_there
        self.folder = source.folder
        self.environment = source.environment
        self._source = source
        self._path = path

    def table(self, name: str) -> "Table":
        """
        Return the table of this name; an empty one when it is missing or, which `values` notes, no table.
        """
        found = self.given.get(name)
        if not isinstance(found, dict):
            return Table(self._source, {}, (*self._path, name), is_there=False)
        return Table(self._source, found, (*self._path, name))

    def without(self, *names: str) -> "Table":
        """
        Return the same table without the values of these names.
        """
        given = {name: value for name, value in self.given.items() if name not in names}
        return Table(self._source, given, self._path, is_there=self.is_there)

    def place_of(self, *names: str) -> str:
        """
        Return where something in this table stands: the file and the line.
        """
        return self._source.places.of((*self._path, *names))[1]

    def tables(self) -> dict[str, "Table"]:
        """
        Return the tables in this one, of a section whose tables have names of the user's choice. Whatever else stands
        there is noted.
        """
        for name, given in self.given.items():
            if not isinstance(given, dict):
                self.wrong(name, f"must be a table, [{'.'.join((*self._path, name))}]")
        return {name: self.table(name) for name, given in self.given.items() if isinstance(given, dict)}

    def values(self, properties: Iterable[Property]) -> dict[str, Setting]:
        """
        Return every property's value, secrets looked up; none, and the mistakes noted, when something is wrong.
        """
        facts = tuple(properties)
        mistakes: list[Mistake] = []
        plain = dict(self.given)
        for fact in facts:
            given = plain.get(fact.name)
            if not fact.secret or given in (None, ""):
                continue
            if fact.type is PropertyType.MAP and isinstance(given, dict):
                plain[fact.name] = {
                    name: self._secret(f"{fact.name}.{name}", each, mistakes) for name, each in given.items()
                }
            else:
                plain[fact.name] = self._secret(fact.name, given, mistakes)
        values: dict[str, Setting] = {}
        try:
            values = configured(facts, plain)
        except ConfigurationMistakes as found:
            mistakes.extend(found.mistakes)
        for mistake in mistakes:
            self.wrong(mistake.property, mistake.problem)
        return {} if mistakes else values

    def _secret(self, name: str, reference: object, mistakes: list[Mistake]) -> Secret:
        try:
            return resolved(reference, self.environment, self.folder)
        except ValueError as problem:
            mistakes.append(Mistake(name, str(problem)))
            return Secret("unknown")

    def wrong(self, name: str, problem: str) -> None:
        """
        Note that the value of this name does not fit, and why.
        """
        self._note((*self._path, name), problem)

    def unfit(self, problem: str) -> None:
        """
        Note that the table itself does not fit, and why.
        """
        self._note(self._path, problem)

    def adopt(self, mistakes: Iterable[SettingsMistake]) -> None:
        """
        Note mistakes of another file, which have their places.
        """
        self._source.mistakes.extend(mistakes)

    def _note(self, path: toml_places.Path, problem: str) -> None:
        line, place = self._source.places.of(path)
        self._source.mistakes.append(SettingsMistake(line, place, ".".join(path), problem))
