"""
One TOML file and the environment, read into settings. Nothing else in the house reads either.
"""

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any, cast
from urllib.parse import urlsplit

from webex_connector.app import declared, named_scripts, toml_places
from webex_connector.app.connect_settings import connect_of
from webex_connector.app.declared import Kind
from webex_connector.app.mistakes import Places, SettingsMistake, SettingsMistakes
from webex_connector.app.overlay import overlay
from webex_connector.app.provisioner import file as provisioner
from webex_connector.app.provisioner.file import ProvisionerFile
from webex_connector.app.provisioner.sealing import Seals
from webex_connector.app.provisioner.system import connector_of, described
from webex_connector.app.references import HOW, is_reference, resolved
from webex_connector.app.remote_settings import remote_of
from webex_connector.app.settings import RemoteSettings, ServeSettings, Settings, SystemSettings
from webex_connector.base.secret import Secret
from webex_connector.connector.configuration import Certificates
from webex_connector.gateway.idm.systems import Script
from webex_connector.gateway.rights import Client, Role
from webex_connector.gateway.scim.dialects import Dialect, Groups
from webex_connector.gateway.scim.manner import USUAL, Manner, offset_of
from webex_connector.icf.configuration import ConfigurationMistakes, Mistake, Property, Setting, configured
from webex_connector.icf.errors import ConfigurationInvalid
from webex_connector.icf.limits import Limits
from webex_connector.icf.schema import Operation
from webex_connector.store.folder import usual_folder
from webex_connector.store.opening import StorePlace
from webex_connector.webex.certificates import CertificateFile

_SYNTAX_LINE = re.compile(r" \(at line (\d+), column (\d+)\)$")
_SYSTEM_NAME = re.compile(r"[A-Za-z0-9]+")


def load(
    file: Path,
    environment: Mapping[str, str],
    connectors: Mapping[str, Kind],
) -> Settings:
    """
    Read the file, lay the environment over it and return the settings.

    Raises ConfigurationInvalid when the file cannot be read, and SettingsMistakes with everything that is wrong in it.
    """
    try:
        text = file.read_text("utf-8")
    except OSError as problem:
        raise ConfigurationInvalid(f"Cannot read the settings file {file}: {problem.strerror}") from None
    except UnicodeDecodeError as problem:
        raise ConfigurationInvalid(f"The settings file {file} is not UTF-8 text: {problem.reason}") from None
    try:
        tree = tomllib.loads(text)
    except tomllib.TOMLDecodeError as problem:
        raise _syntax(file, str(problem)) from None
    variables, lost = overlay(tree, environment, declared.sections(connectors))
    places = Places(str(file), toml_places.lines_of(text), variables)
    mistakes = [SettingsMistake(0, variable, "", why) for variable, why in lost.items()]
    return _Reader(places, environment, file.parent, connectors, mistakes).settings(tree)


def _syntax(file: Path, problem: str) -> SettingsMistakes:
    place = _SYNTAX_LINE.search(problem)
    line = int(place[1]) if place else 0
    words = _SYNTAX_LINE.sub("", problem)
    column = f", column {place[2]}" if place else ""
    return SettingsMistakes([SettingsMistake(line, f"{file}:{line}" if line else str(file), "", f"{words}{column}")])


class _Reader:
    """
    Reads a tree and collects what is wrong on the way.
    """

    def __init__(
        self,
        places: Places,
        environment: Mapping[str, str],
        folder: Path,
        connectors: Mapping[str, Kind],
        mistakes: Iterable[SettingsMistake],
    ) -> None:
        self._places = places
        self._environment = environment
        self._folder = folder
        self._connectors = connectors
        self._mistakes = list(mistakes)
        self._seals = Seals(StorePlace())
        self._certificates: Certificates = {}

    def settings(self, tree: dict[str, Any]) -> Settings:
        self._read((), declared.ROOT.properties, tree)
        serve = self._serve(_table(tree, "serve"))
        safety = self._read(("safety",), declared.SAFETY.properties, _table(tree, "safety"))
        per_hour = cast("int", safety.get("destructive_per_hour", 0))
        if per_hour < 0:
            self._wrong(("safety", "destructive_per_hour"), "must be zero or more")
        store, journal_days = self._store(_table(tree, "store"))
        self._seals = Seals(store)
        self._certificates = {name: self._certificate(name, given) for name, given in self._named("certificates", tree)}
        files = self._folder_of_files(tree.get("provisioners"))
        systems = {
            name: self._system(name, given, files.pop(name, None)) for name, given in self._named("systems", tree)
        }
        systems |= {name: self._system(name, {}, file) for name, file in files.items()}
        clients = tuple(self._client(name, given, systems) for name, given in self._named("clients", tree))
        values = self._read(("connect",), declared.CONNECT.properties, _table(tree, "connect"))
        connect = connect_of(values, partial(self._wrong_of, ("connect",)))
        remote = self._remote(_table(tree, "remote"), store) if "remote" in tree else None
        if self._mistakes:
            raise SettingsMistakes(self._mistakes)
        return Settings(serve, per_hour, clients, systems, store, self._certificates, connect, journal_days, remote)

    def _serve(self, given: Mapping[str, Any]) -> ServeSettings:
        path = ("serve",)
        values = self._read(path, declared.SERVE.properties, given)
        if not values:
            return ServeSettings()
        files: dict[str, Any] = {}
        for name in ("certificate", "private_key"):
            if values[name] is not None:
                files[name] = self._folder / str(values[name])
                if not files[name].is_file():
                    self._wrong((*path, name), f"is no file: {files[name]}")
        serve = replace(ServeSettings(**cast("dict[str, Any]", values)), **files)
        if not 0 <= serve.port <= 65535:  # noqa: PLR2004 - the highest TCP port
            self._wrong((*path, "port"), f"must be from 0 to 65535, not {serve.port}")
        if serve.stop_within < 0:
            self._wrong((*path, "stop_within"), "must be zero or more")
        if serve.private_key is not None and serve.certificate is None:
            self._wrong((*path, "private_key"), "needs certificate too")
        if not serve.is_loopback and serve.certificate is None and not serve.plain_beyond_loopback:
            self._wrong(
                (*path, "host"),
                f"{serve.host} lets other computers connect, and passwords would travel without TLS: give certificate, "
                "or set plain_beyond_loopback = true behind a proxy that speaks TLS",
            )
        return serve

    def _remote(self, given: Mapping[str, Any], store: StorePlace) -> RemoteSettings | None:
        path = ("remote",)
        values = self._read(path, declared.REMOTE.properties, given)
        wrong = partial(self._wrong_of, path)
        return remote_of(values, self._folder, store.folder, wrong) if values else None

    def _store(self, given: Mapping[str, Any]) -> tuple[StorePlace, int]:
        """
        Return where the store is, and how many days the journal goes back.
        """
        path = ("store",)
        values = self._read(path, declared.STORE.properties, given)
        named = values.get("data_folder")
        folder = self._folder / str(named) if named else usual_folder(self._environment, Path.home())
        database = values.get("database")
        days = cast("int", values.get("journal_days", 0))
        if days < 0:
            self._wrong((*path, "journal_days"), "must be zero or more")
        place = StorePlace(
            folder,
            None if database is None else self._database((*path, "database"), str(database)),
            cast("Secret | None", values.get("key")),
        )
        return place, days

    def _database(self, path: toml_places.Path, text: str) -> Secret | None:
        try:
            if is_reference(text):
                return resolved(text, self._environment, self._folder)
            if urlsplit(text).password is None:
                return Secret(text)
        except ValueError as problem:
            self._wrong(path, str(problem))
        else:
            self._wrong(path, f"holds a password, which must not stand here: {HOW}")
        return None

    def _client(self, name: str, given: Mapping[str, Any], systems: Mapping[str, SystemSettings]) -> Client:
        path = ("clients", name)
        values = self._read(path, declared.CLIENT.properties, given)
        if values and not values["password"] and not values["token"]:
            self._wrong((*path, "password"), "is required, or token")
        allowed = cast("tuple[str, ...] | None", values.get("systems"))
        for each in allowed or ():
            if each not in systems:
                there = f"there are: {', '.join(systems)}" if systems else "there is none"
                self._wrong((*path, "systems"), f"names the unknown system {each}; {there}")
        return Client(
            name,
            cast("Secret | None", values.get("password")),
            None if allowed is None else frozenset(allowed),
            cast("Secret | None", values.get("token")),
            Role(values.get("role", Role.PROVISIONER.value)),
        )

    def _folder_of_files(self, folder: object) -> dict[str, ProvisionerFile]:
        """
        Return the provisioner files of a folder by the names of their systems.
        """
        found: dict[str, ProvisionerFile] = {}
        if not isinstance(folder, str):
            return found
        place = self._folder / folder
        if not place.is_dir():
            self._wrong(("provisioners",), f"is no folder: {place}")
        for path in sorted(place.glob(provisioner.PATTERN)):
            file = provisioner.read(path, self._environment)
            if not file.is_readable:
                self._mistakes += file.notes.mistakes
                continue
            if file.name in found:
                file.notes.wrong(("name",), f"is {file.name}, as in {found[file.name].notes.file}")
                self._mistakes += file.notes.mistakes
                continue
            found[file.name] = file
        return found

    def _system(self, name: str, given: Mapping[str, Any], file: ProvisionerFile | None = None) -> SystemSettings:
        path = ("systems", name)
        if given.get("provisioner") and isinstance(given["provisioner"], str):
            file = provisioner.read(self._folder / given["provisioner"], self._environment)
            if file.is_readable and file.name != name and not file.notes.mistakes:
                file.notes.wrong(("name",), f"is {file.name}, and the table is [systems.{name}]")
        if file is not None:
            return self._described(name, given, file)
        if not _SYSTEM_NAME.fullmatch(name):
            self._wrong(path, "is part of the doors' addresses: use letters and digits only")
        values = self._read(path, declared.SYSTEM.properties, given)
        kind = str(given.get("connector") or declared.CONNECTOR)
        configuration: Mapping[str, Setting] = {}
        if kind in self._connectors:
            properties = _table(given, "configuration")
            configuration = self._configuration((*path, "configuration"), self._connectors[kind], properties)
        else:
            self._wrong((*path, "connector"), f"must be one of {', '.join(self._connectors)}, not {kind}")
        limits = self._limits((*path, "limits"), _table(given, "limits"))
        scripts = self._scripts(path, given.get("scripts"))
        manner = self._manner((*path, "scim"), _table(given, "scim"))
        shown = str(values.get("display_name", ""))
        return SystemSettings(name, kind, shown, configuration, limits, scripts=scripts, scim=manner)

    def _scripts(self, path: toml_places.Path, folder: object) -> Mapping[str, Script]:
        if not isinstance(folder, str):
            return {}
        try:
            return named_scripts.read(self._folder / folder)
        except ValueError as problem:
            self._wrong((*path, "scripts"), str(problem))
            return {}

    def _described(self, name: str, given: Mapping[str, Any], file: ProvisionerFile) -> SystemSettings:
        """
        Return a system that a file describes, where the table does not.
        """
        path = ("systems", name)
        values = self._read(path, declared.SYSTEM.properties, given)
        kind_name = str(given.get("connector") or (file.is_readable and connector_of(file, self._connectors)) or "")
        if kind_name not in self._connectors:
            if given.get("connector"):
                self._wrong((*path, "connector"), f"must be one of {', '.join(self._connectors)}, not {kind_name}")
            self._mistakes += file.notes.mistakes
            return SystemSettings(name, kind_name, file.display_name, {})
        kind = self._connectors[kind_name]
        table = _table(given, "configuration")
        own = self._read((*path, "configuration"), [replace(each, required=False) for each in kind.properties], table)
        found = described(
            file,
            kind_name,
            kind,
            {each: own[each] for each in table if each in own},
            lambda text, each: self._seals.opened(text, file.name, each),
            self._certificates,
        )
        self._mistakes += file.notes.mistakes
        return SystemSettings(
            name,
            kind_name,
            str(values["display_name"]) if values and given.get("display_name") else file.display_name,
            found.configuration,
            self._limits((*path, "limits"), _table(given, "limits")) if given.get("limits") else found.limits,
            found.shape,
            found.denials,
            {**found.scripts, **self._scripts(path, given.get("scripts"))},
            self._manner((*path, "scim"), _table(given, "scim")),
        )

    def _certificate(self, name: str, given: Mapping[str, Any]) -> CertificateFile:
        values = self._read(("certificates", name), declared.CERTIFICATE.properties, given)
        key = values.get("private_key")
        return CertificateFile(
            self._folder / str(values.get("file")),
            None if key is None else self._folder / str(key),
            cast("Secret | None", values.get("password")),
        )

    def _configuration(self, path: toml_places.Path, kind: Kind, given: Mapping[str, Any]) -> Mapping[str, Setting]:
        values = self._read(path, kind.properties, given)
        try:
            if values:
                kind.check(values, self._certificates)
        except ConfigurationMistakes as found:
            self._collect(path, found.mistakes)
        return values

    def _limits(self, path: toml_places.Path, given: Mapping[str, Any]) -> Limits:
        values = self._read(path, declared.LIMITS.properties, given)
        seconds = self._read((*path, "seconds"), declared.SECONDS.properties, _table(given, "seconds"))
        concurrent = cast("int", values.get("concurrent", 1))
        if concurrent < 1:
            self._wrong((*path, "concurrent"), "must be one or more")
        limited = {Operation(name): cast("float", value) for name, value in seconds.items() if value is not None}
        for operation, value in limited.items():
            if value <= 0:
                self._wrong((*path, "seconds", operation.value), "must be more than zero")
        return Limits(max(1, concurrent), limited)

    def _manner(self, path: toml_places.Path, given: Mapping[str, Any]) -> Manner:
        values = self._read(path, declared.SCIM.properties, given)
        if not values:
            return USUAL
        offset, patience = timedelta(0), cast("float", values["patience"])
        try:
            offset = offset_of(str(values["datetime_offset"]))
        except ValueError as problem:
            self._wrong((*path, "datetime_offset"), str(problem))
        if patience <= 0:
            self._wrong((*path, "patience"), "must be more than zero")
        return Manner(
            Dialect(values["dialect"]),
            Groups(values["groups"]),
            str(values["profiles"]),
            bool(values["adopt"]),
            offset,
            patience,
        )

    def _named(self, section: str, tree: Mapping[str, Any]) -> list[tuple[str, Mapping[str, Any]]]:
        tables: list[tuple[str, Mapping[str, Any]]] = []
        for name, given in _table(tree, section).items():
            if isinstance(given, dict):
                tables.append((name, given))
            else:
                self._wrong((section, name), f"must be a table, [{section}.{name}]")
        return tables

    def _read(
        self,
        path: toml_places.Path,
        properties: Iterable[Property],
        given: Mapping[str, Any],
    ) -> dict[str, Setting]:
        """
        Return a table's values; none when something in it is wrong.
        """
        facts = tuple(properties)
        mistakes: list[Mistake] = []
        plain = dict(given)
        for fact in facts:
            if fact.secret and plain.get(fact.name) not in (None, ""):
                try:
                    plain[fact.name] = resolved(plain[fact.name], self._environment, self._folder)
                except ValueError as problem:
                    mistakes.append(Mistake(fact.name, str(problem)))
                    plain[fact.name] = Secret("unknown")
        values: dict[str, Setting] = {}
        try:
            values = configured(facts, plain)
        except ConfigurationMistakes as found:
            mistakes.extend(found.mistakes)
        self._collect(path, mistakes)
        return {} if mistakes else values

    def _collect(self, path: toml_places.Path, mistakes: Iterable[Mistake]) -> None:
        for mistake in mistakes:
            self._wrong((*path, mistake.property), mistake.problem)

    def _wrong_of(self, path: toml_places.Path, name: str, problem: str) -> None:
        self._wrong((*path, name), problem)

    def _wrong(self, path: toml_places.Path, problem: str) -> None:
        line, place = self._places.of(path)
        self._mistakes.append(SettingsMistake(line, place, ".".join(path), problem))


def _table(values: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """
    Return the table of this name, empty when it is missing or, which is reported elsewhere, no table.
    """
    found = values.get(name)
    return found if isinstance(found, dict) else {}
