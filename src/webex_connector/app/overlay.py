"""
Settings from the environment, laid over those of the file: `WEBEX_CONNECTOR__SERVE__PORT=9090`.
"""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from webex_connector.app.declared import Section
from webex_connector.app.toml_places import Path
from webex_connector.icf.configuration import Property, PropertyType

PREFIX = "WEBEX_CONNECTOR__"
"""
What the name of a variable begins with; two underscores stand between the keys.
"""


def overlay(
    tree: dict[str, Any],
    environment: Mapping[str, str],
    sections: Iterable[Section],
) -> tuple[dict[Path, str], dict[str, str]]:
    """
    Put each variable's value into the tree. Return the variable's name for each path it set, and for each variable that
    could not be put anywhere, why.

    Keys match in any case what the file has or what is declared. A name that is neither is taken in lower case, as the
    name of a new client or system, or to be reported as unknown. A list is separated by commas, a map is JSON.
    """
    declared = tuple(sections)
    origins: dict[Path, str] = {}
    lost: dict[str, str] = {}
    for variable in sorted(each for each in environment if each.startswith(PREFIX)):
        keys = variable.removeprefix(PREFIX).split("__")
        if not all(keys):
            lost[variable] = "names no setting: a key in it is empty"
            continue
        node: Any = tree
        path: Path = ()
        for key in keys[:-1]:
            path = (*path, _spelled(key, node, path, declared))
            node = node.setdefault(path[-1], {})
            if not isinstance(node, dict):
                lost[variable] = f"sets something below {'.'.join(path)}, which is no table"
                break
        else:
            path = (*path, _spelled(keys[-1], node, path, declared))
            node[path[-1]] = _value(environment[variable], _property(path, declared))
            origins[path] = variable
    return origins, lost


def _spelled(key: str, node: Mapping[str, Any], path: Path, sections: Iterable[Section]) -> str:
    names = [*node, *(each.name for section in sections if section.fits(path) for each in section.properties)]
    return next((name for name in names if name.lower() == key.lower()), key.lower())


def _property(path: Path, sections: Iterable[Section]) -> Property | None:
    found = (each for section in sections if section.fits(path[:-1]) for each in section.properties)
    return next((each for each in found if each.name == path[-1]), None)


def _value(text: str, fact: Property | None) -> object:
    if fact is not None and fact.type is PropertyType.LIST:
        return [part.strip() for part in text.split(",") if part.strip()]
    if fact is not None and fact.type is PropertyType.MAP:
        try:
            return json.loads(text)
        except ValueError:
            return text
    return text
