"""
One file `provisioner.openicf-<name>.json`, read as OpenIDM and PingIDM have it.

Source: PingIDM, "Configure connectors": https://docs.pingidentity.com/openicf/connector-reference/configure-connector.html
"""

import json
import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from webex_connector.app.provisioner import scripts, secrets
from webex_connector.app.provisioner.expressions import Substitution
from webex_connector.app.provisioner.json_places import Lines, lines_of
from webex_connector.app.provisioner.notes import Notes
from webex_connector.app.provisioner.object_types import SECTION as TYPES
from webex_connector.app.provisioner.object_types import natives_of, types_of
from webex_connector.app.provisioner.operations import ELSEWHERE, NAMES, denials_of
from webex_connector.app.provisioner.operations import SECTION as OPERATIONS
from webex_connector.gateway.idm.systems import Script, Shape
from webex_connector.icf.denials import Denials
from webex_connector.icf.limits import Limits
from webex_connector.icf.schema import Operation, Schema

PATTERN = "provisioner.openicf-*.json"
"""
The files of a folder that are provisioner files.
"""

_NAME = re.compile(r"[A-Za-z0-9]+")
_TOP = (
    "name",
    "displayName",
    "enabled",
    "connectorRef",
    "producerBufferSize",
    "connectorPoolingSupported",
    "poolConfigOption",
    "operationTimeout",
    secrets.SECTION,
    "resultsHandlerConfig",
    "syncFailureHandler",
    TYPES,
    OPERATIONS,
    scripts.SECTION,
)
_REF = ("bundleName", "bundleVersion", "connectorName", "connectorHostRef", "displayName", "systemType")
_POOL = ("maxObjects", "maxIdle", "maxWait", "minEvictableIdleTimeMillis", "minIdle")
_HANDLERS = (
    "enableNormalizingResultsHandler",
    "enableFilteredResultsHandler",
    "enableCaseInsensitiveFilter",
    "enableAttributesToGetSearchResultsHandler",
)
_FAILURES = ("maxRetries", "postRetryAction")
_LOCAL = "#LOCAL"
_MILLISECONDS = 1000


class ProvisionerFile:
    """
    What a file says. Mistakes are in `notes`, all of them, once `shape` has been asked for.
    """

    def __init__(self, tree: Mapping[str, Any], notes: Notes, substitution: Substitution) -> None:
        self.notes = notes
        self.is_readable = True
        self._tree = substitution.of(notes.table((), tree, _TOP))
        self._expressions = substitution.expressions
        self._connector = notes.table(("connectorRef",), self._tree.get("connectorRef"), _REF)
        self.name = str(self._tree.get("name") or "")
        if not _NAME.fullmatch(self.name):
            notes.wrong(("name",), f"is part of the doors' addresses: letters and digits only, not {self.name!r}")
        for path, language in scripts.scripts_in(self._tree):
            notes.wrong(path, scripts.advice(language))
        for path in secrets.encrypted_in({**self._tree, secrets.SECTION: {}}):
            notes.wrong(path, secrets.advice(path[-1], self.name))
        self._without_effect()

    @property
    def display_name(self) -> str:
        """
        What people call the system.
        """
        return str(self._tree.get("displayName") or self._connector.get("displayName") or "Webex Connector")

    @property
    def connector_name(self) -> str:
        """
        The connector that the file names; empty when it names none.
        """
        return str(self._connector.get("connectorName") or "")

    @property
    def properties(self) -> Mapping[str, Any]:
        """
        The connector's own properties, as they stand in the file.
        """
        return self.notes.table((secrets.SECTION,), self._tree.get(secrets.SECTION))

    def is_plain(self, name: str) -> bool:
        """
        Whether a property's value stands in the file itself.
        """
        value = self.properties.get(name)
        path = (secrets.SECTION, name)
        return isinstance(value, str) and bool(value) and path not in self._expressions

    def limits(self) -> Limits:
        """
        Return how much may be asked at once (`poolConfigOption.maxObjects`) and for how long (`operationTimeout`).
        """
        pool = self.notes.table(("poolConfigOption",), self._tree.get("poolConfigOption"), _POOL)
        concurrent = self.notes.number(("poolConfigOption", "maxObjects"), pool.get("maxObjects"))
        if concurrent is not None and concurrent < 1:
            self.notes.wrong(("poolConfigOption", "maxObjects"), "must be one or more")
        for name in pool.keys() & set(_POOL[1:]):
            self.notes.without_effect(("poolConfigOption", name), "connections are kept by the HTTP client")
        seconds = {}
        section = "operationTimeout"
        for name, value in self.notes.table((section,), self._tree.get(section), NAMES).items():
            limit = self.notes.number((section, name), value)
            if limit is not None and limit > 0 and name in NAMES and name not in ELSEWHERE:
                seconds[Operation(name)] = limit / _MILLISECONDS
        standard = Limits()
        return Limits(concurrent if concurrent is not None and concurrent > 0 else standard.concurrent, seconds)

    def shape(self, schema: Schema) -> tuple[Shape, Denials]:
        """
        Return what the file says about the REST door, and what is denied at every door.
        """
        given = self._tree.get(TYPES)
        types = None if given is None else types_of(given, schema, self.notes)
        natives = {each.name: each.name for each in schema.object_classes} if given is None else natives_of(given)
        denied, silently = denials_of(self._tree.get(OPERATIONS), natives, self.notes)
        enabled = self.notes.flag(("enabled",), self._tree.get("enabled"), default=True)
        if not enabled:
            denied = replace(Denials(frozenset(Operation)), why="its provisioner file disables the system")
        return Shape(enabled=enabled, types=types, silently=silently), denied

    def scripts(self) -> Mapping[str, Script]:
        """
        Return the scripts that may be run by name.
        """
        return scripts.named_in(self._tree.get(scripts.SECTION), self.connector_name, self.notes)

    def _without_effect(self) -> None:
        tree, notes = self._tree, self.notes
        host = self._connector.get("connectorHostRef")
        if host not in (None, "", _LOCAL):
            notes.without_effect(("connectorRef", "connectorHostRef"), f"the connector runs here, not at {host}")
        for name in ("producerBufferSize", "connectorPoolingSupported"):
            if tree.get(name) is not None:
                notes.without_effect((name,), "results are streamed, and connections kept by the HTTP client")
        for name, value in notes.table(("resultsHandlerConfig",), tree.get("resultsHandlerConfig"), _HANDLERS).items():
            if notes.flag(("resultsHandlerConfig", name), value, default=True) is False:
                notes.without_effect(("resultsHandlerConfig", name), "what Webex cannot filter is always filtered here")
        if notes.table(("syncFailureHandler",), tree.get("syncFailureHandler"), _FAILURES):
            notes.without_effect(("syncFailureHandler",), "changes are told to the caller, who decides about failures")


def read(file: Path, environment: Mapping[str, str]) -> ProvisionerFile:
    """
    Read a file. What is wrong with it is in its notes; a file that is no JSON object reads as an empty one.
    """
    shown = str(file)
    try:
        text = file.read_text("utf-8-sig")
    except OSError as problem:
        return _unreadable(shown, f"cannot be read: {problem.strerror}", environment)
    except UnicodeDecodeError:
        return _unreadable(shown, "is not UTF-8 text", environment)
    try:
        tree = json.loads(text)
    except (ValueError, RecursionError) as problem:
        return _unreadable(shown, f"is not JSON: {problem}", environment)
    notes = Notes(shown, lines_of(text))
    if not isinstance(tree, dict):
        return _unreadable(shown, "holds no JSON object", environment)
    return ProvisionerFile(tree, notes, Substitution(environment, notes))


def _unreadable(file: str, problem: str, environment: Mapping[str, str]) -> ProvisionerFile:
    aside = Notes(file, Lines())
    empty = ProvisionerFile({"name": "unknown"}, aside, Substitution(environment, aside))
    aside.mistakes.clear()
    aside.wrong((), problem)
    empty.is_readable = False
    return empty
