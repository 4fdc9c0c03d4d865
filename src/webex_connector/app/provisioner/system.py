"""
From a provisioner file to a system: which connector, with which values, shown and restricted how.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from webex_connector.app.declared import Kind
from webex_connector.app.provisioner import secrets
from webex_connector.app.provisioner.file import ProvisionerFile
from webex_connector.app.provisioner.notes import log
from webex_connector.base.secret import Secret
from webex_connector.connector.configuration import NO_CERTIFICATES, Certificates
from webex_connector.gateway.idm.systems import AS_IT_IS, Script, Shape
from webex_connector.icf.configuration import ConfigurationMistakes, Property, Setting, configured
from webex_connector.icf.denials import NOTHING_DENIED, Denials
from webex_connector.icf.limits import Limits
from webex_connector.icf.schema import Schema

Unsealed = Callable[[str, str], Secret]
"""
Opens what stands under `$sealed` at a property. Raises ValueError, which says why it does not open.
"""


@dataclass(frozen=True, slots=True)
class Described:
    """
    A system as a provisioner file describes it.
    """

    connector: str
    display_name: str
    configuration: Mapping[str, Setting]
    limits: Limits
    shape: Shape = AS_IT_IS
    denials: Denials = NOTHING_DENIED
    scripts: Mapping[str, Script] = field(default_factory=dict)


def connector_of(file: ProvisionerFile, kinds: Mapping[str, Kind]) -> str | None:
    """
    Return the kind of connector that a file names; None, with a mistake, when there is none.
    """
    for name, kind in kinds.items():
        if kind.ref is not None and kind.ref.connector_name == file.connector_name:
            return name
    there = ", ".join(kind.ref.connector_name for kind in kinds.values() if kind.ref is not None)
    named = f"is {file.connector_name}, which is not here" if file.connector_name else "is missing"
    file.notes.wrong(("connectorRef", "connectorName"), f"{named}; there is {there}")
    return None


def described(
    file: ProvisionerFile,
    kind_name: str,
    kind: Kind,
    schema: Callable[[Mapping[str, Setting], Certificates], Schema],
    own: Mapping[str, Setting],
    unsealed: Unsealed,
    certificates: Certificates = NO_CERTIFICATES,
) -> Described:
    """
    Return the system; `own` are values that the settings give for themselves, and which go before those of the file.

    What is wrong is noted in the file's notes.
    """
    given = _properties(file, kind, own, unsealed)
    limits = file.limits()
    try:
        values = configured(kind.properties, {**given, **own})
        kind.check(values, certificates)
    except ConfigurationMistakes as found:
        for each in found.mistakes:
            file.notes.wrong((secrets.SECTION, each.property), each.problem)
        return Described(kind_name, file.display_name, {}, limits)
    shape, denials = file.shape(schema(values, certificates))
    return Described(kind_name, file.display_name, values, limits, shape, denials, file.scripts())


def _properties(
    file: ProvisionerFile,
    kind: Kind,
    own: Mapping[str, Setting],
    unsealed: Unsealed,
) -> dict[str, object]:
    facts = {each.name: each for each in kind.properties}
    found: dict[str, object] = {}
    for name, value in file.properties.items():
        if name in own:
            continue
        fact = facts.get(name)
        found[name] = _value(file, name, value, fact, unsealed)
        if fact is not None and fact.secret and file.is_plain(name):
            log.warning(
                "provisioner.plain_secret",
                place=file.notes.place((secrets.SECTION, name)),
                setting=name,
                advice=f"seal it in place: webex-connector seal {file.notes.file}",
            )
    return found


def _value(file: ProvisionerFile, name: str, value: Any, fact: Property | None, unsealed: Unsealed) -> object:
    path = (secrets.SECTION, name)
    if isinstance(value, dict) and secrets.ENCRYPTED in value:
        file.notes.wrong(path, secrets.advice(name, file.name))
        return Secret("unknown") if fact is not None and fact.secret else None
    sealed = secrets.sealed_text(value)
    if sealed is None:
        return Secret(value) if fact is not None and fact.secret and isinstance(value, str) and value else value
    if fact is not None and not fact.secret:
        file.notes.wrong(path, "is no secret, and is not sealed")
        return None
    try:
        return unsealed(sealed, name)
    except ValueError as problem:
        file.notes.wrong(path, str(problem))
        return Secret("unknown")
