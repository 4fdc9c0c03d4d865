"""
`operationOptions`: which operations a provisioner file denies.

Source: `OperationOptionInfoHelper` in OpenIDM; PingIDM, "Configure connectors".
"""

from collections.abc import Mapping
from typing import Any

from webex_connector.app.provisioner.notes import Notes
from webex_connector.app.toml_places import Path
from webex_connector.icf.denials import Denials
from webex_connector.icf.schema import Operation

SECTION = "operationOptions"

ELSEWHERE = ("RESOLVEUSERNAME", "SCRIPT_ON_RESOURCE", "VALIDATE")
"""
Operations that a file may name and that this connector does not have.
"""

NAMES = (*(each.value for each in Operation if each is not Operation.BULK), *ELSEWHERE)
"""
The operations that a file may name.
"""

_OPTIONS = ("denied", "onDeny", "supportedObjectTypes", "objectFeatures", "operationOptionInfo")
_ON_DENY = ("THROW_EXCEPTION", "DO_NOTHING")
_WRITES = frozenset({Operation.CREATE, Operation.UPDATE, Operation.DELETE})


class _Draft:
    """
    Denials that are being put together.
    """

    def __init__(self) -> None:
        self.everywhere: set[Operation] = set()
        self.by_class: dict[str, set[Operation]] = {}

    def add(self, operation: Operation, object_class: str | None) -> None:
        if object_class is None:
            self.everywhere.add(operation)
        else:
            self.by_class.setdefault(object_class, set()).add(operation)

    def done(self) -> Denials:
        by_class = {name: frozenset(found) for name, found in self.by_class.items()}
        return Denials(frozenset(self.everywhere), by_class, "operationOptions of its provisioner file denies it")


def denials_of(given: object, natives: Mapping[str, str], notes: Notes) -> tuple[Denials, Denials]:
    """
    Return what is denied, and which part of it is to do nothing rather than to be refused; `natives` are the object
    classes by the names of their types.

    A read that is denied is always refused: doing nothing would look as if there were nothing.
    """
    denied, silently = _Draft(), _Draft()
    for name, options in notes.table((SECTION,), given, NAMES).items():
        path = (SECTION, name)
        if name not in NAMES:
            continue
        table = notes.table(path, options, _OPTIONS)
        if name in ELSEWHERE:
            notes.without_effect(path, "this connector does not have the operation")
            continue
        operation = Operation(name)
        _note(operation, None, table, path, notes, (denied, silently))
        allowed = notes.words((*path, "supportedObjectTypes"), table.get("supportedObjectTypes"))
        for each in allowed:
            _known(each, natives, (*path, "supportedObjectTypes"), notes)
        for each in natives if allowed else ():
            if each not in allowed:
                denied.add(operation, natives[each])
        features = notes.table((*path, "objectFeatures"), table.get("objectFeatures"))
        for each, inner in features.items():
            inner_path = (*path, "objectFeatures", each)
            if _known(each, natives, inner_path, notes):
                feature = notes.table(inner_path, inner, _OPTIONS)
                _note(operation, natives[each], feature, inner_path, notes, (denied, silently))
    return denied.done(), silently.done()


def _known(name: str, natives: Mapping[str, str], path: Path, notes: Notes) -> bool:
    if name not in natives:
        notes.wrong(path, f"names the unknown object type {name}; there are {', '.join(natives)}")
    return name in natives


def _note(
    operation: Operation,
    object_class: str | None,
    options: Mapping[str, Any],
    path: Path,
    notes: Notes,
    drafts: tuple[_Draft, _Draft],
) -> None:
    denied, silently = drafts
    on_deny = options.get("onDeny") or _ON_DENY[0]
    if on_deny not in _ON_DENY:
        notes.wrong((*path, "onDeny"), f"must be one of {', '.join(_ON_DENY)}, not {on_deny!r}")
    if notes.flag((*path, "denied"), options.get("denied"), default=False):
        denied.add(operation, object_class)
        if on_deny == "DO_NOTHING" and operation in _WRITES:
            silently.add(operation, object_class)
