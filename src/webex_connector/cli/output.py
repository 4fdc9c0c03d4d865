"""
Results on standard output: tables for people, JSON for machines. Everything else goes to standard error.
"""

import sys
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from rich.console import Console
from rich.text import Text

from webex_connector.cli.short_ids import shortened
from webex_connector.gateway.http import encoded

# The pictures that Unicode has for control characters; those of the second row (U+0080 and on) have none.
_SHOWN = {code: 0x2400 + code for code in range(0x20) if code not in b"\n\t"}
_SHOWN |= {0x7F: 0x2421} | dict.fromkeys(range(0x80, 0xA0), 0xFFFD)


def note(text: str) -> None:
    """
    Tell the person in front of the screen something that is no result.
    """
    sys.stderr.write(f"{text.translate(_SHOWN)}\n")


def show_text(text: str) -> None:
    """
    Write lines as they are.
    """
    sys.stdout.write(f"{text}\n")


def show_piece(text: str) -> None:
    """
    Write a piece of something longer, as it is.
    """
    sys.stdout.write(text)


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


def on_terminal() -> bool:
    """
    Say whether a person reads the results as they come.
    """
    return sys.stdout.isatty()


def show_pairs(pairs: Mapping[str, Any]) -> None:
    """
    Write names and values below each other; with a tab between them when it is not to a terminal.

    On a terminal the ids of other objects are short; its own, `_id`, is whole and in one piece, to be copied.
    """
    if not on_terminal():
        show_tabbed([name, text_of(value)] for name, value in pairs.items())
        return
    console = Console(file=sys.stdout, highlight=False)
    names = max(map(len, pairs), default=0)
    for name, value in pairs.items():
        text = text_of(value if name == "_id" else shortened(value))
        room = max(console.width - names - 2, 1) if " " in text else len(text)
        lines = Text(text).wrap(console, room, overflow="fold") or [Text()]
        for number, line in enumerate(lines):
            heading = Text("" if number else name, style="bold")
            heading.align("left", names + 2)
            console.print(heading + line, soft_wrap=True)


def text_of(value: object) -> str:
    """
    Return a value as people read it: lists with commas, complex values as JSON, nothing for none.

    People choose their own names in Webex, so characters that command a terminal are shown, not sent.
    """
    if value is None:
        return ""
    if isinstance(value, str):
        return value.translate(_SHOWN)
    if isinstance(value, list | tuple):
        return ", ".join(map(text_of, value))
    return encoded(value).decode().translate(_SHOWN)


def show_tabbed(rows: Iterable[Sequence[str]]) -> None:
    """
    Write lines for other programs: a tab between cells, no line breaks inside them.
    """
    for row in rows:
        show_text("\t".join(" ".join(cell.split()) for cell in row))
