"""
The scripts and filters of one file of mappings, as expressions. What no expression can say is a mistake with its place;
what was put into other words is told, so that people can compare.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any, Final, TypeVar

from webex_connector.app.openidm import filters, rewriting
from webex_connector.app.openidm.nodes import Node, Statement, Untranslatable
from webex_connector.app.openidm.syntax import statements_of
from webex_connector.app.openidm.values import assignments_of, value_of
from webex_connector.app.provisioner.notes import Notes
from webex_connector.app.sync_settings import Remark
from webex_connector.app.toml_places import Path as Place
from webex_connector.expressions.values import Expression

T = TypeVar("T")

_JAVASCRIPT: Final = frozenset({"text/javascript", "javascript", "application/javascript"})
_GROOVY: Final = frozenset({"groovy", "text/x-groovy", "application/x-groovy"})


class Scripts:
    """
    Those of one file. `folder` is the file's, at which the paths of script files begin.
    """

    def __init__(self, notes: Notes, folder: Path) -> None:
        self.notes = notes
        self.remarks: list[Remark] = []
        self._folder = folder

    def remark(self, path: Place, words: str) -> None:
        """
        Tell something that is no mistake.
        """
        self.remarks.append(Remark(self.notes.place(path), ".".join(path), words))

    def condition(self, path: Place, given: Any) -> Expression | None:
        """
        Return a condition, which is a filter or a script; None when there is none, or, with a mistake, when it cannot
        be said here.
        """
        if isinstance(given, str):
            return self._told(path, "filter", lambda: filters.expression_of(given)) if given.strip() else None
        return None if given is None else self.expression(path, given)

    def expression(
        self, path: Place, given: Any, variables: Mapping[str, str] = rewriting.OBJECTS
    ) -> Expression | None:
        """
        Return a script as an expression; None, with a mistake, when it cannot be said here.
        """
        return self._told(path, "script", lambda: rewriting.expression_of(value_of(self._statements(given)), variables))

    def value(self, given: Any) -> Node:
        """
        Return what a script gives, in its own words. Raises Untranslatable when it cannot be read.
        """
        return value_of(self._statements(given))

    def assignments(self, path: Place, given: Any) -> Sequence[tuple[str, Expression]]:
        """
        Return the attributes of the target that a script sets; none, with a mistake, when it does anything else.
        """
        found = self._tried(path, lambda: assignments_of(self._statements(given))) or []
        told = [(name, self._told(path, "script", partial(rewriting.expression_of, node))) for name, node in found]
        return [(name, each) for name, each in told if each is not None]

    def _told(self, path: Place, what: str, make: Callable[[], str]) -> Expression | None:
        text = self._tried(path, make)
        if text is None:
            return None
        self.remark(path, f"is a {what}, read as: {text}")
        return Expression(text, self.notes.place(path))

    def _tried(self, path: Place, make: Callable[[], T]) -> T | None:
        try:
            return make()
        except Untranslatable as problem:
            self.notes.wrong(
                path,
                f"cannot be said by an expression: {problem}. Write this mapping in the sync file, see the page of "
                "expressions",
            )
            return None

    def _statements(self, given: Any) -> tuple[Statement, ...]:
        if not isinstance(given, dict) or not isinstance(given.get("type"), str):
            raise Untranslatable("it is no script with a type")
        language = given["type"].lower()
        if language not in _JAVASCRIPT | _GROOVY:
            raise Untranslatable(f"{given['type']} is not a language that is read here")
        if given.get("globals"):
            raise Untranslatable("it has globals")
        return statements_of(self._source(given), groovy=language in _GROOVY)

    def _source(self, given: Mapping[str, Any]) -> str:
        source, file = given.get("source"), given.get("file")
        if isinstance(source, str):
            return source
        if isinstance(source, list) and all(isinstance(each, str) for each in source):
            return "\n".join(source)
        if not isinstance(file, str):
            raise Untranslatable("it has neither source nor file")
        # Its files stand beside the folder of configurations: `script/…` next to `conf/`.
        for place in (self._folder / file, self._folder.parent / file):
            try:
                return place.read_text("utf-8-sig")
            except (OSError, UnicodeDecodeError):
                continue
        raise Untranslatable(f"its file {file} is neither in {self._folder} nor beside it")
