"""
Results on standard output: tables for people, JSON for machines. Everything else goes to standard error.
"""

import sys
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from webex_connector.gateway.http import encoded


def note(text: str) -> None:
    """
    Tell the person in front of the screen something that is no result.
    """
    sys.stderr.write(f"{text}\n")


def show_text(text: str) -> None:
    """
    Write lines as they are.
    """
    sys.stdout.write(f"{text}\n")


def show_json(value: object) -> None:
    """
    Write one JSON value on one line.
    """
    show_text(encoded(value).decode())


def show_json_lines(rows: Sequence[object]) -> None:
    """
    Write JSON values, one on each line.
    """
    sys.stdout.write("".join(f"{encoded(row).decode()}\n" for row in rows))


def show_pairs(pairs: Mapping[str, Any]) -> None:
    """
    Write names and values below each other; with a tab between them when it is not to a terminal.
    """
    if not sys.stdout.isatty():
        _show_tabbed([name, text_of(value)] for name, value in pairs.items())
        return
    table = Table.grid(padding=(0, 2))
    table.add_column(style="bold", no_wrap=True)
    table.add_column(overflow="fold")
    for name, value in pairs.items():
        table.add_row(name, Text(text_of(value)))
    Console(file=sys.stdout, highlight=False).print(table)


class Rows:
    """
    A table that grows batch by batch; the first batch decides how wide the columns are.

    When it does not go to a terminal, it is lines with tabs between the columns.
    """

    def __init__(self, columns: Sequence[str]) -> None:
        self._columns = tuple(columns)
        self._widths: tuple[int, ...] | None = None

    def add(self, rows: Sequence[Mapping[str, Any]]) -> None:
        """
        Write more rows. The headings come with the first ones.
        """
        cells = [[text_of(row.get(column)) for column in self._columns] for row in rows]
        is_first = self._widths is None
        console = Console(file=sys.stdout, highlight=False)
        if self._widths is None:
            self._widths = self._fitting(cells, console.width)
        if not sys.stdout.isatty():
            _show_tabbed([self._columns, *cells] if is_first else cells)
            return
        table = Table(box=None, show_header=is_first, pad_edge=False, header_style="bold")
        for column, width in zip(self._columns, self._widths, strict=True):
            table.add_column(column, width=width, overflow="fold")
        for row in cells:
            table.add_row(*map(Text, row))
        console.print(table)

    def _fitting(self, cells: Sequence[Sequence[str]], width: int) -> tuple[int, ...]:
        """
        Give each column what it needs; when the line is too short for that, the widest ones give way.
        """
        natural = [
            max(Text(text).cell_len for text in (heading, *(row[place] for row in cells)))
            for place, heading in enumerate(self._columns)
        ]
        room = width - 2 * len(natural)
        while sum(natural) > room and max(natural) > 1:
            natural[natural.index(max(natural))] -= 1
        return tuple(natural)


def text_of(value: object) -> str:
    """
    Return a value as people read it: lists with commas, complex values as JSON, nothing for none.
    """
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, list | tuple):
        return ", ".join(map(text_of, value))
    return encoded(value).decode()


def _show_tabbed(rows: Iterable[Sequence[str]]) -> None:
    for row in rows:
        show_text("\t".join(" ".join(cell.split()) for cell in row))
