"""
What runs do, by name.
"""

import secrets
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

import msgspec

from webex_connector.jobs.errors import ArgumentMissing, UnknownKind
from webex_connector.jobs.handle import RunHandle
from webex_connector.store.run_values import NewRun

Arguments = Mapping[str, Any]
"""
What a run is about, as JSON has it: names and ids, never what they stand for.
"""

Work = Callable[[RunHandle, Arguments], Awaitable[None]]
"""
What a run does, from the start or from wherever an earlier process came to: see RunHandle. What it raises beside
RunStops makes the run fail.
"""

Key = Callable[[Arguments], str | None]
"""
Tells by a run's arguments what one run at a time may work on.
"""


def _no_key(_: Arguments) -> None:
    return None


@dataclass(frozen=True, slots=True)
class Kind:
    """
    One kind of run.
    """

    name: str
    work: Work
    key: Key


class Kinds:
    """
    Every kind of run that a process can do.
    """

    def __init__(self) -> None:
        self._kinds: dict[str, Kind] = {}

    def register(self, name: str, work: Work, key: Key = _no_key) -> None:
        """
        Let runs of this name do this work; with a key, of the runs with the same one, one at a time. Raises ValueError
        when the name is taken.
        """
        if name in self._kinds:
            raise ValueError(f"There is a kind of run named {name} already")
        self._kinds[name] = Kind(name, work, key)

    def __getitem__(self, name: str) -> Kind:
        """
        Return a kind. Raises UnknownKind.
        """
        found = self._kinds.get(name)
        if found is None:
            there = ", ".join(sorted(self._kinds)) or "none"
            raise UnknownKind(f"There is no kind of run named {name}; there are: {there}")
        return found

    @property
    def names(self) -> frozenset[str]:
        """
        The names of all kinds.
        """
        return frozenset(self._kinds)

    def new(self, name: str, arguments: Arguments, actor: str, otherwise: str | None = None) -> NewRun:
        """
        Return a run of a kind, with its key, or the other one when the kind gives none. Raises UnknownKind, and
        ArgumentMissing when the key cannot be told.
        """
        kind = self[name]
        try:
            key = kind.key(arguments)
        except KeyError as missing:
            raise ArgumentMissing(f"A run of the kind {name} needs the argument {missing.args[0]}") from missing
        text = msgspec.json.encode(arguments, order="sorted").decode()
        return NewRun(secrets.token_hex(6), name, text, actor, key or otherwise)
