"""
Scripts in a provisioner file. None of them is run here.
"""

from collections.abc import Iterator
from typing import Any, Final

from webex_connector.app.toml_places import Path

_LANGUAGES: Final = frozenset({"text/javascript", "javascript", "groovy", "text/x-groovy"})
_SOURCES: Final = frozenset({"source", "file", "actionSource", "actionFile"})


def scripts_in(tree: Any, path: Path = ()) -> Iterator[tuple[Path, str]]:
    """
    Yield the path of every script, and its language.
    """
    if isinstance(tree, list):
        for number, each in enumerate(tree):
            yield from scripts_in(each, (*path, str(number)))
    elif isinstance(tree, dict):
        language = tree.get("type", tree.get("actionType"))
        spoken = isinstance(language, str) and (language.lower() in _LANGUAGES or "actionType" in tree)
        if spoken and _SOURCES & tree.keys():
            yield path, str(language)
            return
        for name, each in tree.items():
            yield from scripts_in(each, (*path, name))


def advice(language: str) -> str:
    """
    Say what to do about a script.
    """
    return (
        f"is a script ({language}), and scripts of a provisioner file are not run here: take it out; "
        "values are changed by the mapping of the platform that calls, or by a script of this connector"
    )
