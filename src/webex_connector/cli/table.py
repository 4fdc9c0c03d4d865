"""
Tables that come batch by batch.
"""

import sys
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from webex_connector.cli.output import on_terminal, show_tabbed, text_of
from webex_connector.cli.short_ids import shortened

_GAP = 2


class Rows:
    """
    A table that grows batch by batch; the first batch decides how wide the columns are. Ids in it are short.

    When it does not go to a terminal, it is lines with tabs between the columns, and ids are whole.
    """

    def __init__(self, columns: Sequence[str]) -> None:
        self._columns = tuple(columns)
        self._widths: tuple[int, ...] | None = None
        self._is_begun = False

    def add(self, rows: Sequence[Mapping[str, Any]]) -> None:
        """
        Write more rows. The headings come with the first ones.
        """
        is_first, self._is_begun = not self._is_begun, True
        values = [[row.get(column) for column in self._columns] for row in rows]
        if not on_terminal():
            cells = [list(map(text_of, row)) for row in values]
            show_tabbed([self._columns, *cells] if is_first else cells)
            return
        cells = [[text_of(shortened(value)) for value in row] for row in values]
        console = Console(file=sys.stdout, highlight=False)
        if self._widths is None:
            self._widths = fitting([self._columns, *cells], console.width)
        table = Table(box=None, show_header=is_first, pad_edge=False, header_style="bold")
        for column, width in zip(self._columns, self._widths, strict=True):
            table.add_column(column, width=width, overflow="fold")
        for row in cells:
            table.add_row(*map(Text, row))
        console.print(table)


def fitting(lines: Sequence[Sequence[str]], room: int) -> tuple[int, ...]:
    """
    Give each column what it needs in a line of so many characters.

    When that is not enough, the widest columns give way: first those that can do so between words, then all.
    """
    columns = list(zip(*lines, strict=True))
    widths = [max(map(_width, column)) for column in columns]
    unbroken = [max(_longest_word(column), 1) for column in columns]
    room -= _GAP * len(widths)
    while sum(widths) > room and max(widths) > 1:
        soft = [width if width > least else 0 for width, least in zip(widths, unbroken, strict=True)]
        candidates = soft if any(soft) else widths
        widths[candidates.index(max(candidates))] -= 1
    return tuple(widths)


def _longest_word(cells: Iterable[str]) -> int:
    return max((_width(word) for cell in cells for word in cell.split()), default=0)


def _width(text: str) -> int:
    return Text(text).cell_len
