"""
The reference tables in `docs/`, made from what the code declares: `python -m webex_connector.cli.reference docs`.
"""

import inspect
import sys
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from webex_connector.app.connectors import KINDS
from webex_connector.app.declared import Section
from webex_connector.app.settings_file import sections
from webex_connector.app.sync_file import sections as tables_of_sync_file
from webex_connector.cli.command import Command
from webex_connector.cli.commands import COMMANDS
from webex_connector.cli.exits import MEANINGS
from webex_connector.cli.main import called
from webex_connector.icf.configuration import Property


def commands() -> str:
    """
    Return a chapter for each command: what it does, its arguments and options, an example.
    """
    return "\n\n".join(_chapter(command) for command in COMMANDS)


def exits() -> str:
    """
    Return the table of exit codes.
    """
    return _table(("code", "name", "meaning"), ((str(code.value), code.name, MEANINGS[code]) for code in MEANINGS))


def settings() -> str:
    """
    Return a table of settings for each table of the settings file.
    """
    return "\n\n".join(_section(section) for section in sections(KINDS) if section.path)


def sync_file() -> str:
    """
    Return a table of settings for each table of the sync file.
    """
    return "\n\n".join(_section(section) for section in tables_of_sync_file())


PAGES: Mapping[str, Mapping[str, Callable[[], str]]] = {
    "command-line.md": {"commands": commands, "exits": exits},
    "settings.md": {"settings": settings},
    "sync-file.md": {"tables": sync_file},
}
"""
Which tables stand on which page.
"""


def rewritten(page: str, parts: Mapping[str, Callable[[], str]]) -> str:
    """
    Return a page with what stands between its marks made anew. Raises ValueError when a mark is missing.
    """
    for name, part in parts.items():
        begin, end = f"<!-- {name}: generated -->", f"<!-- {name}: end -->"
        head, found, rest = page.partition(begin)
        _, closed, tail = rest.partition(end)
        if not found or not closed:
            raise ValueError(f"the page has no place for {name}: {begin} … {end}")
        page = f"{head}{begin}\n\n{part()}\n\n{end}{tail}"
    return page


def write(folder: Path) -> None:
    """
    Make every table in the pages of a folder anew.
    """
    for name, parts in PAGES.items():
        file = folder / name
        file.write_text(rewritten(file.read_text("utf-8"), parts), "utf-8")


def _chapter(command: Command) -> str:
    arguments = called(command.name).assemble_argument_collection(parse_docstring=True)
    shown = [_argument(each) for each in arguments if not each.children]
    table = _table(("argument or option", "meaning"), shown)
    return f"### {command.name}\n\n{command.summary} {command.detail}\n\n{table}\n\n```sh\n{command.example}\n```"


def _argument(argument: Any) -> tuple[str, str]:
    """
    Describe one argument of the command line library, which declares no type for it.
    """
    notes = [str(argument.parameter.help or "")]
    default = argument.field_info.default
    if default not in (None, False, (), inspect.Parameter.empty):
        notes.append(f"Default: `{default}`.")
    if argument.parameter.env_var:
        notes.append(f"Also by the environment variable `{argument.parameter.env_var[0]}`.")
    name = ", ".join(argument.names)
    return f"`{name}`", " ".join(note for note in notes if note)


def _section(section: Section) -> str:
    rows = [(f"`{fact.name}`", _kind(fact), _default(fact), fact.help, fact.place) for fact in section.properties]
    headings = ("setting", "type", "default", "meaning", "where it acts")
    # The place is told of a connector's own properties; the others act in this program itself.
    shown = len(headings) if any(row[-1] for row in rows) else len(headings) - 1
    head = f"### [{section.title}]\n\n{section.help}"
    return f"{head}\n\n{_table(headings[:shown], (row[:shown] for row in rows))}" if rows else head


def _kind(fact: Property) -> str:
    if fact.secret:
        return "secret"
    return " or ".join(f"`{each}`" for each in fact.allowed) or fact.type.value


def _default(fact: Property) -> str:
    if fact.required:
        return "required"
    if fact.default is None:
        return ""
    return f"`{str(fact.default).lower() if isinstance(fact.default, bool) else fact.default}`"


def _table(headings: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [headings, tuple("---" for _ in headings), *rows]
    return "\n".join(f"| {' | '.join(cell.replace('|', '&#124;') for cell in line)} |" for line in lines)


if __name__ == "__main__":
    write(Path(sys.argv[1]))
