"""
Requests as curl lines and answers in few lines, for people to read.
"""

import json
import shlex
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

_ROWS = 2
_LINES = 24
_LETTERS = 48
_BEGINNING, _END = 12, 8


def say(text: str) -> None:
    """
    Tell something on standard output, at once.
    """
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


@dataclass(frozen=True, slots=True)
class Asked:
    """
    One request, as it goes over the wire.
    """

    method: str
    target: str
    """
    Path and query, exactly as sent: quotes are not encoded.
    """
    headers: Mapping[str, str] = field(default_factory=dict)
    body: str | None = None


def as_curl(asked: Asked, address: str) -> str:
    """
    Return the command that sends the same bytes.
    """
    lines = ["curl"]
    lines += [f"--header {shlex.quote(f'{name}: {value}')}" for name, value in asked.headers.items()]
    lines.append(f"--request {asked.method}")
    if asked.body is not None:
        lines.append(f"--data {shlex.quote(asked.body)}")
    lines.append(shlex.quote(f"{address}{asked.target}"))
    return " \\\n".join(lines)


def shortened(answer: Any) -> str:
    """
    Return an answer as indented JSON: long lists are cut after the first rows, long answers after some lines, and of
    long ids the beginning and the end are left.
    """
    text = json.dumps(_cut(answer), indent=4, ensure_ascii=False)
    lines = text.replace('"…', "… ").replace('…"', "").splitlines()
    if len(lines) > _LINES:
        lines = [*lines[: _LINES - 1], f"    … {len(lines) - _LINES} more lines", lines[-1]]
    return "\n".join(lines)


def _cut(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _cut(inner) for key, inner in value.items()}
    if isinstance(value, list) and len(value) > _ROWS + 1:
        return [*map(_cut, value[:_ROWS]), f"…and {len(value) - _ROWS:,} more…"]
    if isinstance(value, str) and len(value) > _LETTERS and value.isalnum():
        return f"{value[:_BEGINNING]}…{value[-_END:]}"
    return list(map(_cut, value)) if isinstance(value, list) else value
