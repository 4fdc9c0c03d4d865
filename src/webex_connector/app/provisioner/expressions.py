"""
Expressions in values: `&{webex.clientSecret}`, with a default as in `&{webex.rate|2.5}`, taken from the environment;
and the transformations around them, as in `{"$int": "&{port}"}`.

Source: PingIDM, "Property value substitution":
https://docs.pingidentity.com/pingidm/8.1/setup-guide/using-property-substitution.html
"""

import json
import re
from base64 import b64decode, b64encode
from collections.abc import Callable, Mapping
from typing import Any

from webex_connector.app.provisioner.notes import Notes
from webex_connector.app.toml_places import Path

_TOKEN = re.compile(r"(\\)?&\{([^{}|]+)(?:\|([^{}]*))?\}")


def _of_kind(kind: type) -> Callable[[str], Any]:
    def read(text: str) -> Any:
        value = json.loads(text)
        if not isinstance(value, kind):
            raise ValueError(text)  # noqa: TRY004 - a text that says something else, like every other failure here
        return value

    return read


def _truth(text: str) -> bool:
    if text.lower() not in {"true", "false"}:
        raise ValueError(text)
    return text.lower() == "true"


_TRANSFORMATIONS: Mapping[str, Callable[[str], Any]] = {
    "$array": _of_kind(list),
    "$base64:decode": lambda text: b64decode(text, validate=True).decode(),
    "$base64:encode": lambda text: b64encode(text.encode()).decode(),
    "$bool": _truth,
    "$int": int,
    "$list": lambda text: [part.strip() for part in text.split(",")],
    "$number": float,
    "$object": _of_kind(dict),
    "$string": str,
}


class Substitution:
    """
    Replaces the expressions of one file. `expressions` is every path at which one stands.
    """

    def __init__(self, environment: Mapping[str, str], notes: Notes) -> None:
        self.expressions: set[Path] = set()
        self._environment = environment
        self._notes = notes

    def of(self, value: Any, path: Path = ()) -> Any:
        """
        Return a value with its expressions replaced; what has no value is a mistake, and stays as it is.
        """
        if isinstance(value, str):
            return self._text(value, path)
        if isinstance(value, list):
            return [self.of(each, (*path, str(number))) for number, each in enumerate(value)]
        if not isinstance(value, dict):
            return value
        if len(value) == 1 and next(iter(value)) in _TRANSFORMATIONS:
            return self._transformed(*next(iter(value.items())), path)
        return {name: self.of(each, (*path, name)) for name, each in value.items()}

    def _text(self, text: str, path: Path) -> str:
        def found(token: re.Match[str]) -> str:
            escaped, name, default = token.groups()
            if escaped:
                return token[0].removeprefix("\\")
            self.expressions.add(path)
            variable = name.replace(".", "_").upper()
            value: str | None = self._environment.get(name, self._environment.get(variable, default))
            if value is None:
                self._notes.wrong(
                    path,
                    f"has no value for {token[0]}: set the environment variable {variable}, "
                    f"or give a default as in &{{{name}|…}}",
                )
                return token[0]
            return value

        return _TOKEN.sub(found, text)

    def _transformed(self, name: str, argument: Any, path: Path) -> Any:
        text = self.of(argument, path)
        try:
            return _TRANSFORMATIONS[name](text)
        except (ValueError, TypeError, AttributeError):
            # The value is not repeated: it may be a secret.
            self._notes.wrong(path, f"cannot be read as {name} says")
            return None
