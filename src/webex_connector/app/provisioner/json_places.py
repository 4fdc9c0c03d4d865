"""
On which line of a JSON file each member stands, and which are written twice. The standard library's reader keeps no
lines, and the last of two members of a name silently wins.

The text has been read by `json` before, so that this scanner may trust its syntax (RFC 8259).
"""

import json
import re
from dataclasses import dataclass, field

from webex_connector.app.toml_places import Path

_PIECE = re.compile(r'"(?:\\.|[^"\\])*"|[{}\[\]:,]|[^\s{}\[\]:,"]+')


@dataclass(slots=True)
class Lines:
    """
    Where things stand. Elements of a list go by their number, counted from 0.
    """

    first: dict[Path, int] = field(default_factory=dict)
    twice: list[Path] = field(default_factory=list)
    spans: dict[Path, tuple[int, int]] = field(default_factory=dict)
    """
    From which character to which each text, number or word reaches.
    """


@dataclass(slots=True)
class _Open:
    """
    An object or list that has begun and not ended.
    """

    path: Path
    is_list: bool
    count: int = 0
    key: str | None = None


def lines_of(text: str) -> Lines:
    """
    Return the line, counted from 1, of every member and element.
    """
    found = Lines()
    inside: list[_Open] = []
    line, place = 1, 0
    for match in _PIECE.finditer(text):
        line += text.count("\n", place, match.start())
        place = match.start()
        piece = match[0]
        if piece in "}]":
            inside.pop()
        elif piece == "," and inside[-1].is_list:
            inside[-1].count += 1
        elif piece == ",":
            inside[-1].key = None
        elif piece == ":":
            continue
        elif inside and not inside[-1].is_list and inside[-1].key is None:
            inside[-1].key = json.loads(piece)
            _note(found, (*inside[-1].path, str(inside[-1].key)), line)
        else:
            path = _path(inside)
            if inside and inside[-1].is_list:
                _note(found, path, line)
            if piece in "{[":
                inside.append(_Open(path, is_list=piece == "["))
            else:
                found.spans[path] = match.span()
    return found


def _path(inside: list[_Open]) -> Path:
    if not inside:
        return ()
    top = inside[-1]
    return (*top.path, str(top.count) if top.is_list else str(top.key))


def _note(found: Lines, path: Path, line: int) -> None:
    if path in found.first:
        found.twice.append(path)
    else:
        found.first[path] = line
