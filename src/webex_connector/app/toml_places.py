"""
On which line of a TOML file each key stands. The standard library's reader keeps no lines.

The text has been read by `tomllib` before, so that this scanner may trust its syntax (https://toml.io/en/v1.0.0).
"""

import re
import tomllib
from collections.abc import Iterator

Path = tuple[str, ...]
"""
The keys that lead to a value, from the top.
"""

_KEY = re.compile(r'[ \t]*("(?:\\.|[^"\\])*"|\'[^\']*\'|[A-Za-z0-9_-]+)[ \t]*(\.)?')
_PIECE = re.compile(
    r'"""(?:\\.|[^\\])*?"""+'
    r"|'''.*?'''+"
    r'|"(?:\\.|[^"\\\n])*"'
    r"|'[^'\n]*'"
    r"|\#[^\n]*"
    r"|[\[\]{}\n]"
    r"|[^\"'\#\[\]{}\n]+",
    re.DOTALL,
)


def lines_of(text: str) -> dict[Path, int]:
    """
    Return the line, counted from 1, on which each table and key is first written. Keys inside an inline table are not
    listed: they stand where their table does.
    """
    text = text.replace("\r\n", "\n")
    found: dict[Path, int] = {}
    table: Path = ()
    for start, keys, is_table in _statements(text):
        path = keys if is_table else (*table, *keys)
        table = keys if is_table else table
        line = text.count("\n", 0, start) + 1
        for length in range(1, len(path) + 1):
            found.setdefault(path[:length], line)
        found[path] = line
    return found


def line_of(lines: dict[Path, int], path: Path) -> int | None:
    """
    Return the line of a path, or of the nearest table around it; None when the file mentions neither.
    """
    for length in range(len(path), 0, -1):
        if path[:length] in lines:
            return lines[path[:length]]
    return None


def _statements(text: str) -> Iterator[tuple[int, Path, bool]]:
    place = 0
    while place < len(text):
        if text[place] in " \t\n":
            place += 1
        elif text[place] == "#":
            place = _line_end(text, place)
        elif text[place] == "[":
            start = place
            brackets = 2 if text.startswith("[[", place) else 1
            keys, place = _keys(text, place + brackets)
            yield start, keys, True
            place = _value_end(text, place + brackets)
        else:
            start = place
            keys, place = _keys(text, place)
            yield start, keys, False
            place = _value_end(text, place + 1)


def _keys(text: str, place: int) -> tuple[Path, int]:
    keys: list[str] = []
    while True:
        match = _KEY.match(text, place)
        if match is None:
            raise ValueError(f"no key at character {place} of a text that is not TOML")
        keys.append(_plain(match[1]))
        place = match.end()
        if match[2] is None:
            return tuple(keys), place


def _plain(key: str) -> str:
    return str(tomllib.loads(f"key = {key}")["key"]) if key[0] in "\"'" else key


def _line_end(text: str, place: int) -> int:
    end = text.find("\n", place)
    return len(text) if end < 0 else end


def _value_end(text: str, place: int) -> int:
    depth = 0
    for match in _PIECE.finditer(text, place):
        piece = match[0]
        if piece in "[{":
            depth += 1
        elif piece in "]}":
            depth -= 1
        elif piece == "\n" and depth <= 0:
            return match.start()
    return len(text)


def line_in(place: str) -> int:
    """
    Return the line that a place in words names, as `sync.toml:12`; 0 when it names none.
    """
    line = place.rpartition(":")[2]
    return int(line) if line.isdecimal() else 0
