"""
Scripts in a provisioner file. Those of `systemActions` in Python may be run; no others are.

Source: PingIDM, "Configure connectors", on `systemActions`.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from webex_connector.app.provisioner.notes import Notes
from webex_connector.app.toml_places import Path
from webex_connector.connector.scripts import LANGUAGE
from webex_connector.gateway.idm.systems import Script

SECTION: Final = "systemActions"
"""
The member that holds scripts to be run on request.
"""

_PYTHON: Final = frozenset({LANGUAGE, "text/x-python", "text/python"})
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
        if isinstance(language, str) and language.lower() in _PYTHON and "actionType" in tree:
            return
        spoken = isinstance(language, str) and (language.lower() in _LANGUAGES or "actionType" in tree)
        if spoken and _SOURCES & tree.keys():
            yield path, str(language)
            return
        for name, each in tree.items():
            yield from scripts_in(each, (*path, name))


def named_in(actions: object, connector: str, notes: Notes) -> Mapping[str, Script]:
    """
    Return the Python scripts of `systemActions` by `scriptId`: those whose `systemType` fits the connector's name.

    What is wrong is noted. Scripts in other languages are noted by `scripts_in`.
    """
    found: dict[str, Script] = {}
    if actions is not None and not isinstance(actions, list):
        notes.wrong((SECTION,), "must be a list")
        return found
    for number, entry in enumerate(actions or ()):
        path = (SECTION, str(number))
        table = notes.table(path, entry, ("scriptId", "actions"))
        for place, action in enumerate(table.get("actions") or ()):
            text = _python(notes, (*path, "actions", str(place)), action, connector)
            if text is not None and not isinstance(table.get("scriptId"), str):
                notes.wrong((*path, "scriptId"), "is required, a text")
            elif text is not None:
                found[table["scriptId"]] = Script(LANGUAGE, text, f"{notes.place(path)}: {table['scriptId']}")
    return found


def _python(notes: Notes, path: Path, action: object, connector: str) -> str | None:
    facts = notes.table(path, action, ("systemType", "actionType", "actionSource", "actionFile"))
    if str(facts.get("actionType")).lower() not in _PYTHON:
        return None
    try:
        fits = re.fullmatch(str(facts.get("systemType") or ".*"), connector) is not None
    except re.error as problem:
        notes.wrong((*path, "systemType"), f"is no regular expression: {problem}")
        return None
    if not isinstance(facts.get("actionSource"), str):
        notes.wrong(path, "needs actionSource, the script's text; files go into the folder that `scripts` names")
        return None
    return facts["actionSource"] if fits else None


def advice(language: str) -> str:
    """
    Say what to do about a script.
    """
    return (
        f"is a script ({language}), and scripts of a provisioner file are not run here: take it out; "
        "values are changed by the mapping of the platform that calls, or by a script in Python (actionType: python)"
    )
