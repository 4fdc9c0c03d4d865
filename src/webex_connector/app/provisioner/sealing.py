"""
Sealing the secrets of a provisioner file in place: nothing else of the file changes, not even its layout.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from webex_connector.app.declared import Kind
from webex_connector.app.mistakes import SettingsMistakes
from webex_connector.app.provisioner import file as provisioner
from webex_connector.app.provisioner import secrets
from webex_connector.app.provisioner.file import ProvisionerFile
from webex_connector.app.provisioner.json_places import lines_of
from webex_connector.app.provisioner.system import connector_of
from webex_connector.app.toml_places import Path as Keys
from webex_connector.base.secret import Secret
from webex_connector.icf.errors import ConfigurationInvalid
from webex_connector.store.cipher import Cipher, Place
from webex_connector.store.errors import StoreError
from webex_connector.store.folder import prepared, written_whole
from webex_connector.store.keys import keys_in, parsed
from webex_connector.store.opening import StorePlace

FOLDER = "sealed-files"
"""
The folder in the data folder that holds the keys of sealed files. They are not those of the database, which come and go
with it: what stands in a file is to open after new keys and after a restore, too.
"""

_TABLE = "provisioner"


class Seals:
    """
    Seals and opens the secrets of provisioner files. A sealed value opens for its own system and property alone.
    """

    def __init__(self, place: StorePlace) -> None:
        self._place = place
        self._cipher: Cipher | None = None

    def sealed(self, secret: Secret, system: str, name: str) -> str:
        """
        Return a secret sealed. The keys are made on first use. Raises ConfigurationInvalid when there is nowhere to
        keep them.
        """
        try:
            return self._opened(may_make=True).seal(secret, Place(_TABLE, system, name))
        except (StoreError, ValueError) as problem:
            raise ConfigurationInvalid(str(problem)) from problem

    def opened(self, text: str, system: str, name: str) -> Secret:
        """
        Return what was sealed. Raises ValueError, which says why it does not open.
        """
        try:
            return self._opened(may_make=False).open(text, Place(_TABLE, system, name))
        except StoreError as problem:
            raise ValueError(f"does not open: {problem}") from problem

    def is_current(self, text: str) -> bool:
        """
        Whether a value was sealed with the key that seals now.
        """
        return self._opened(may_make=False).is_current(text)

    def _opened(self, *, may_make: bool) -> Cipher:
        if self._cipher is None:
            if self._place.keys is not None:
                self._cipher = Cipher(parsed(self._place.keys))
            elif self._place.folder is None:
                raise ValueError("has no key: name a data_folder or a key in [store]")
            else:
                folder = self._place.folder / FOLDER
                self._cipher = Cipher(keys_in(prepared(folder) if may_make else folder, may_make=may_make).keys)
        return self._cipher


@dataclass(frozen=True, slots=True)
class SealedFile:
    """
    What became of the secrets of a file.
    """

    sealed: tuple[str, ...]
    """
    The properties that were sealed, or sealed anew.
    """
    left: tuple[str, ...]
    """
    The properties that are no plain text: expressions, sealed already, or encrypted by somebody else.
    """


def seal(file: Path, kinds: Mapping[str, Kind], seals: Seals) -> SealedFile:
    """
    Seal the secret properties of a file. It is written whole, or stays as it is, and from then on only its owner can
    read it. What was sealed with a key that is not the first one any more is sealed anew.

    Raises SettingsMistakes when the file cannot be read or names no connector of `kinds`, and ConfigurationInvalid when
    something in it does not open, or it cannot be written.
    """
    # Expressions stay as they are, so that none has to have a value now.
    read = provisioner.read(file, {})
    kind = connector_of(read, kinds) if read.is_readable else None
    if kind is None:
        raise SettingsMistakes(read.notes.mistakes[-1:])
    names = [each.name for each in kinds[kind].properties if each.secret]
    return _sealed(file, read, names, seals)


def _sealed(file: Path, read: ProvisionerFile, names: Iterable[str], seals: Seals) -> SealedFile:
    text = file.read_text("utf-8-sig")
    spans = lines_of(text).spans
    done: dict[str, tuple[tuple[int, int], str]] = {}
    left = []
    for name in names:
        path: Keys = (secrets.SECTION, name)
        value = read.properties.get(name)
        old = secrets.sealed_text(value)
        if read.is_plain(name):
            fresh = {secrets.SEALED: seals.sealed(Secret(str(value)), read.name, name)}
            done[name] = (spans[path], json.dumps(fresh))
        elif old is not None and not _current(seals, old, name):
            fresh_text = seals.sealed(_reopened(seals, old, read.name, name), read.name, name)
            done[name] = (spans[(*path, secrets.SEALED)], json.dumps(fresh_text))
        elif value not in (None, ""):
            left.append(name)
    if done:
        _write(file, _replaced(text, done.values()))
    return SealedFile(tuple(done), tuple(left))


def _current(seals: Seals, text: str, name: str) -> bool:
    try:
        return seals.is_current(text)
    except (StoreError, ValueError) as problem:
        raise ConfigurationInvalid(f"{name} does not open: {problem}") from problem


def _reopened(seals: Seals, text: str, system: str, name: str) -> Secret:
    try:
        return seals.opened(text, system, name)
    except ValueError as problem:
        raise ConfigurationInvalid(f"{name} {problem}") from problem


def _replaced(text: str, changes: Iterable[tuple[tuple[int, int], str]]) -> str:
    for (start, end), fresh in sorted(changes, reverse=True):
        text = text[:start] + fresh + text[end:]
    return text


def _write(file: Path, text: str) -> None:
    try:
        with written_whole(file) as out:
            out.write(text.encode())
    except OSError as problem:
        raise ConfigurationInvalid(f"Cannot write {file}: {problem.strerror}") from problem
