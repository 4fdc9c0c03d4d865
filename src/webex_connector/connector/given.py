"""
Values of properties, read with their types; what is wrong with them is collected on the way.
"""

import ipaddress
from collections.abc import Mapping
from typing import TypeVar
from urllib.parse import urlsplit

from webex_connector.icf.configuration import Mistake, Setting
from webex_connector.webex.pace import Rate

T = TypeVar("T")


class Given:
    """
    Typed access to validated settings that collects what is wrong with their combination.
    """

    def __init__(self, settings: Mapping[str, Setting]) -> None:
        self._settings = settings
        self.mistakes: list[Mistake] = []

    def wrong(self, name: str, problem: str) -> None:
        """
        Note a mistake.
        """
        self.mistakes.append(Mistake(name, problem))

    def get(self, name: str, kind: type[T]) -> T | None:
        """
        Return a value, or None for one that is not given.
        """
        value = self._settings.get(name)
        return value if isinstance(value, kind) else None

    def need(self, name: str, kind: type[T], empty: T, why: str) -> T:
        """
        Return a value; without one, note that it is missing and return `empty`.
        """
        value = self.get(name, kind)
        if value is None:
            self.mistakes.append(Mistake(name, f"is required {why}"))
        return empty if value is None else value

    def rate(self, name: str) -> Rate | None:
        """
        Return a rate, or None without one.
        """
        text = self.get(name, str)
        try:
            return None if text is None else Rate.parse(text)
        except ValueError as problem:
            self.mistakes.append(Mistake(name, str(problem)))
            return None

    def positive(self, name: str, default: int) -> int:
        """
        Return a number, and note one below 1 as a mistake.
        """
        value = self.get(name, int)
        if value is not None and value < 1:
            self.mistakes.append(Mistake(name, f"must be 1 or more, not {value}"))
        return value or default

    def address(self, name: str, default: str) -> str:
        """
        Return an address that tokens may be sent to, without a slash at its end.
        """
        value = self.get(name, str) or default
        if "@" in value:
            # Not repeated: a password may stand there, and it would be sent to nobody as one.
            self.mistakes.append(Mistake(name, "must not hold a user name or a password"))
        elif not _is_address(value):
            self.mistakes.append(Mistake(name, f"must be an address that begins with https://, not {value!r}"))
        elif not _is_private(value):
            problem = f"must begin with https://: the token would be sent in clear to {value!r}"
            self.mistakes.append(Mistake(name, problem))
        return value.rstrip("/")

    def idle_without(self, other: str, *names: str) -> None:
        """
        Note each of these that is given, since it does nothing without the other.
        """
        given = (name for name in names if self._settings.get(name) is not None)
        self.mistakes.extend(Mistake(name, f"does nothing without {other}") for name in given)


def _is_address(text: str) -> bool:
    try:
        parts = urlsplit(text)
        return parts.scheme in {"https", "http"} and bool(parts.hostname) and parts.port != 0
    except ValueError:  # a port that is no number, brackets without an end
        return False


def _is_private(text: str) -> bool:
    """
    Say whether nobody on the way can read what is sent there.
    """
    parts = urlsplit(text)
    if parts.scheme == "https" or parts.hostname == "localhost":
        return True
    try:
        return ipaddress.ip_address(parts.hostname or "").is_loopback
    except ValueError:
        return False
