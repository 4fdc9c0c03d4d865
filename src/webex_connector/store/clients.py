"""
Who may call the doors: clients, and digests of what they show. Each change and its line in the journal are one
transaction.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Connection, and_, bindparam, delete, insert, or_, select, update

from webex_connector.store.engine import Database
from webex_connector.store.journal import Opening, write_whole_entry
from webex_connector.store.prepared import Prepared
from webex_connector.store.tables import CLIENT_CREDENTIALS, CLIENTS

_OBJECT_CLASS = "client"
_CLIENT, _CREDENTIAL = CLIENTS.c, CLIENT_CREDENTIALS.c


class CredentialKind(Enum):
    """
    What is shown.
    """

    TOKEN = "token"  # noqa: S105 - the kind, not a token
    PASSWORD = "password"  # noqa: S105 - the kind, not a password


_BY_DIGEST = Prepared(
    select(*_CLIENT, *_CREDENTIAL)
    .join_from(CLIENT_CREDENTIALS, CLIENTS, _CLIENT.name == _CREDENTIAL.client)
    .where(_CREDENTIAL.kind == CredentialKind.TOKEN.value, _CREDENTIAL.digest == bindparam("shown"))
    .order_by(_CREDENTIAL.id.desc())
)


@dataclass(frozen=True, slots=True)
class KeptClient:
    """
    A client, by the words of whoever uses this table.
    """

    name: str
    role: str
    systems: frozenset[str] | None
    made: datetime
    revoked: datetime | None = None
    without: frozenset[str] = frozenset()
    objects: frozenset[str] | None = None
    trusted: tuple[str, str] | None = None
    """
    An issuer, and what it calls the client: its assertions speak for this one.
    """


@dataclass(frozen=True, slots=True)
class KeptCredential:
    """
    What a client shows, as a digest. From `ends` on it is worth nothing; `used` may lag behind.
    """

    kind: CredentialKind
    hint: str
    digest: str
    made: datetime
    ends: datetime | None = None
    used: datetime | None = None
    key: int = 0
    """
    Its number, once it is kept.
    """


@dataclass(frozen=True, slots=True)
class By:
    """
    Who changes the table, and through which door.
    """

    actor: str
    door: str


class ClientTable:
    """
    The clients of every process that uses this database.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    async def enrol(self, client: KeptClient, credential: KeptCredential | None, by: By) -> bool:
        """
        Keep a new client with its first credential, if it has one. A revoked one of the same name gives way. False, and
        nothing is changed, when the name is in use. Raises StoreFailed.
        """

        def enrolled(link: Connection) -> bool:
            found = _client(link, client.name)
            if found is not None and found.revoked is None:
                return False
            link.execute(delete(CLIENT_CREDENTIALS).where(CLIENT_CREDENTIALS.c.client == client.name))
            link.execute(delete(CLIENTS).where(CLIENTS.c.name == client.name))
            row, attributes = _row_of(client)
            link.execute(insert(CLIENTS).values(row))
            if credential is not None:
                _add(link, client.name, credential)
                attributes[credential.kind.value] = credential.hint
            _note(link, client.made, by, "create", client.name, {"attributes": attributes})
            return True

        return await self._database.write(enrolled)

    async def rotate(self, name: str, credential: KeptCredential, old_ends: datetime, by: By) -> bool:
        """
        Give a client a new credential; its others end at `old_ends`, if they do not end before, and what has ended
        already is forgotten. False when there is no such client or it is revoked. Raises StoreFailed.
        """
        own = CLIENT_CREDENTIALS.c.client == name

        def rotated(link: Connection) -> bool:
            found = _client(link, name)
            if found is None or found.revoked is not None:
                return False
            link.execute(delete(CLIENT_CREDENTIALS).where(own, CLIENT_CREDENTIALS.c.ends <= credential.made))
            if credential.kind is CredentialKind.PASSWORD:
                # An earlier token is told from an unknown one; an earlier password can only be wrong.
                link.execute(delete(CLIENT_CREDENTIALS).where(own, CLIENT_CREDENTIALS.c.kind == credential.kind.value))
            later = or_(CLIENT_CREDENTIALS.c.ends.is_(None), CLIENT_CREDENTIALS.c.ends > old_ends)
            link.execute(update(CLIENT_CREDENTIALS).where(own, later).values(ends=old_ends))
            _add(link, name, credential)
            deltas = [{"name": credential.kind.value, "replace": [credential.hint]}]
            _note(link, credential.made, by, "update", name, {"deltas": deltas})
            return True

        return await self._database.write(rotated)

    async def revoke(self, name: str, moment: datetime, by: By) -> bool:
        """
        Let nothing that the client shows be worth anything any more. False when there is no such client or it is
        revoked already. Raises StoreFailed.
        """

        def revoked(link: Connection) -> bool:
            is_done = update(CLIENTS).where(CLIENTS.c.name == name, CLIENTS.c.revoked.is_(None)).values(revoked=moment)
            if not link.execute(is_done).rowcount:
                return False
            _note(link, moment, by, "delete", name, {})
            return True

        return await self._database.write(revoked)

    def version(self) -> int | None:
        """
        Return a number that is another one once anybody has written to the store; None where that cannot be told.
        """
        return self._database.version()

    async def by_digest(self, digest: str) -> tuple[KeptClient, KeptCredential] | None:
        """
        Return the token of this digest with its client, revoked or ended as they may be. Raises StoreFailed.
        """
        row = await self._database.glance(lambda link: _BY_DIGEST.first(link, {"shown": digest}))
        if row is None:
            return None
        client = dict(zip(_CLIENT.keys(), row, strict=False))
        credential = dict(zip(_CREDENTIAL.keys(), row[len(_CLIENT) :], strict=True))
        return client_of(client), _credential_of(credential)

    async def password_of(self, name: str) -> tuple[KeptClient, KeptCredential] | None:
        """
        Return the latest password of a client with the client, revoked or ended as they may be. Raises StoreFailed.
        """
        wanted = and_(_CREDENTIAL.kind == CredentialKind.PASSWORD.value, _CREDENTIAL.client == name)
        return await self._database.read(lambda link: _with_client(link, wanted))

    async def trusting(self, issuer: str, subject: str) -> KeptClient | None:
        """
        Return the client that an issuer's assertions about a subject speak for, revoked as it may be; of several the
        one enrolled last. Raises StoreFailed.
        """
        wanted = (
            select(CLIENTS)
            .where(CLIENTS.c.issuer == issuer, CLIENTS.c.subject == subject)
            .order_by(CLIENTS.c.revoked.is_(None).desc(), CLIENTS.c.made.desc())
        )

        def found(link: Connection) -> KeptClient | None:
            row = link.execute(wanted).mappings().first()
            return None if row is None else client_of(row)

        return await self._database.read(found)

    async def all(self) -> list[tuple[KeptClient, Sequence[KeptCredential]]]:
        """
        Return every client by name, with what it may show, oldest first. Raises StoreFailed.
        """

        def found(link: Connection) -> list[tuple[KeptClient, Sequence[KeptCredential]]]:
            credentials: dict[str, list[KeptCredential]] = {}
            for row in link.execute(select(CLIENT_CREDENTIALS).order_by(CLIENT_CREDENTIALS.c.id)).mappings():
                credentials.setdefault(row["client"], []).append(_credential_of(row))
            rows = link.execute(select(CLIENTS).order_by(CLIENTS.c.name)).mappings()
            return [(client_of(row), credentials.get(row["name"], [])) for row in rows]

        return await self._database.read(found)

    async def note_use(self, key: int, moment: datetime) -> None:
        """
        Remember when a credential was used last. Raises StoreFailed.
        """
        used = update(CLIENT_CREDENTIALS).where(CLIENT_CREDENTIALS.c.id == key).values(used=moment)
        await self._database.write(lambda link: link.execute(used))


def _client(link: Connection, name: str) -> KeptClient | None:
    row = link.execute(select(CLIENTS).where(CLIENTS.c.name == name)).mappings().first()
    return None if row is None else client_of(row)


def _with_client(link: Connection, wanted: ColumnElement[bool]) -> tuple[KeptClient, KeptCredential] | None:
    newest_first = select(CLIENT_CREDENTIALS).where(wanted).order_by(CLIENT_CREDENTIALS.c.id.desc())
    row = link.execute(newest_first).mappings().first()
    client = None if row is None else _client(link, row["client"])
    return None if row is None or client is None else (client, _credential_of(row))


def _add(link: Connection, name: str, credential: KeptCredential) -> None:
    link.execute(
        insert(CLIENT_CREDENTIALS).values(
            client=name,
            kind=credential.kind.value,
            hint=credential.hint,
            digest=credential.digest,
            made=credential.made,
            ends=credential.ends,
        )
    )


def _note(link: Connection, moment: datetime, by: By, change: str, name: str, intent: Any) -> None:
    opening = Opening("", _OBJECT_CLASS, change, by.actor, by.door, name, msgspec.json.encode(intent).decode())
    write_whole_entry(link, moment, opening)


def _row_of(client: KeptClient) -> tuple[dict[str, Any], dict[str, Any]]:
    """
    Return a client as a row, and as the journal tells of it.
    """
    systems = None if client.systems is None else sorted(client.systems)
    objects = None if client.objects is None else sorted(client.objects)
    issuer, subject = client.trusted or (None, None)
    row = {
        "name": client.name,
        "role": client.role,
        "systems": _text(systems),
        "made": client.made,
        "without": _text(sorted(client.without)),
        "objects": _text(objects),
        "issuer": issuer,
        "subject": subject,
    }
    told: dict[str, Any] = {"role": client.role, "systems": systems}
    told |= {"without": sorted(client.without)} if client.without else {}
    told |= {"objects": objects} if objects is not None else {}
    told |= {"issuer": issuer, "subject": subject} if client.trusted else {}
    return row, told


def client_of(row: Mapping[Any, Any]) -> KeptClient:
    """
    Return the client of a row of its table.
    """
    trusted = None if row["issuer"] is None else (row["issuer"], row["subject"])
    return KeptClient(
        row["name"],
        row["role"],
        _names(row["systems"]),
        row["made"],
        row["revoked"],
        _names(row["without"]) or frozenset(),
        _names(row["objects"]),
        trusted,
    )


def _text(words: list[str] | None) -> str | None:
    return None if words is None else msgspec.json.encode(words).decode()


def _names(text: str | None) -> frozenset[str] | None:
    return None if text is None else frozenset(msgspec.json.decode(text, type=list[str]))


def _credential_of(row: Mapping[Any, Any]) -> KeptCredential:
    return KeptCredential(
        CredentialKind(row["kind"]), row["hint"], row["digest"], row["made"], row["ends"], row["used"], row["id"]
    )
