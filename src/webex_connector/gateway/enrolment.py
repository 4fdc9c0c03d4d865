"""
Giving and taking access: the clients in the store, whose tokens and passwords are shown or asked for once.
"""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from typing import Final

from webex_connector.base.clock import Clock
from webex_connector.base.log import logger
from webex_connector.base.secret import Secret
from webex_connector.gateway.credentials import LEAST_PASSWORD, fresh_token, hint_of, password_digest, token_digest
from webex_connector.gateway.rights import Client, Trusted
from webex_connector.gateway.stored_clients import answered
from webex_connector.icf.errors import Conflicting, InvalidInput, UnknownUid
from webex_connector.store.clients import By, ClientTable, CredentialKind, KeptClient, KeptCredential

_NAME: Final = re.compile(r"[^\W_][\w.@-]{0,63}")

log = logger("gateway")


class Standing(Enum):
    """
    What a credential is worth.
    """

    GOOD = "good"
    ENDED = "ended"
    REVOKED = "revoked"


@dataclass(frozen=True, slots=True)
class Line:
    """
    One credential of one client, for people to look at; or the client by itself.
    """

    client: KeptClient
    credential: KeptCredential | None
    """
    None when assertions alone speak for the client.
    """
    standing: Standing


class Enrolment:
    """
    Changes who may call. Each method raises ConnectionFailed when the store does not answer.
    """

    def __init__(
        self,
        table: ClientTable,
        clock: Clock,
        settings: Sequence[Client],
        systems: Collection[str],
        issuers: Collection[str] = (),
    ) -> None:
        self._table = table
        self._clock = clock
        self._taken = {client.name for client in settings}
        self._systems = systems
        self._issuers = issuers

    async def add(self, client: Client, lifetime: timedelta | None, by: By) -> Secret | None:
        """
        Enrol a client: with its password when it has one, with nothing when an issuer's assertions speak for it, else
        with a new token. Returns what it has to show.

        Raises InvalidInput for a name, a system, an issuer, a password or a time that cannot be, and Conflicting when
        the name or the assertions are those of another one.
        """
        if not _NAME.fullmatch(client.name):
            raise InvalidInput(f"{client.name!r} is no name of a client: up to 64 letters, digits, dots, dashes and @")
        unknown = sorted((client.systems or frozenset()) - set(self._systems))
        if unknown:
            raise InvalidInput(f"There is no system {unknown[0]}; there are: {', '.join(self._systems)}")
        if client.name in self._taken:
            raise Conflicting(f"The settings have a client {client.name}, [clients.{client.name}]")
        shown, credential = None, None
        if client.trusted is not None:
            await self._refuse_untrusted(client.trusted)
        if client.trusted is None or client.password is not None:
            shown, credential = self._made(client.password, lifetime)
        elif lifetime is not None:
            raise InvalidInput("Assertions end by themselves; an end is for tokens and passwords")
        made = self._clock.now() if credential is None else credential.made
        kept = KeptClient(
            client.name,
            client.role.value,
            client.systems,
            made,
            without=frozenset(each.value for each in client.without),
            objects=client.objects,
            trusted=None if client.trusted is None else (client.trusted.issuer, client.trusted.subject),
        )
        if not await answered(self._table.enrol(kept, credential, by)):
            raise Conflicting(f"There is a client {client.name}; rotate gives it a new token, revoke ends it")
        hint = None if credential is None else credential.hint
        log.info("access.added", client=client.name, role=client.role.value, hint=hint, by=by.actor)
        return shown

    async def rotate(
        self, name: str, password: Secret | None, lifetime: timedelta | None, overlap: timedelta, by: By
    ) -> Secret:
        """
        Give a client a new token, or a new password when there is one. What it had before is good for the time of
        `overlap` still; but of two passwords the new one counts at once. Returns what the client has to show.

        Raises InvalidInput, and UnknownUid when there is no such client or it was revoked.
        """
        shown, credential = self._made(password, lifetime)
        if not await answered(self._table.rotate(name, credential, credential.made + overlap, by)):
            raise self._unknown(name)
        log.info("access.rotated", client=name, hint=credential.hint, by=by.actor)
        return shown

    async def revoke(self, name: str, by: By) -> None:
        """
        Let nothing that a client shows be worth anything, at once. Raises UnknownUid.
        """
        if not await answered(self._table.revoke(name, self._clock.now(), by)):
            raise self._unknown(name)
        log.info("access.revoked", client=name, by=by.actor)

    async def has_password(self, name: str) -> bool:
        """
        Whether a client logs in with a password. Raises UnknownUid.
        """
        shown = [line.credential for line in await self.lines() if line.client.name == name]
        if not shown:
            raise self._unknown(name)
        return shown[-1] is not None and shown[-1].kind is CredentialKind.PASSWORD

    async def lines(self) -> list[Line]:
        """
        Return every credential of every client in the store, and the clients without one.
        """
        now = self._clock.now()
        return [
            Line(client, credential, _standing(client, credential, now))
            for client, credentials in await answered(self._table.all())
            for credential in credentials or (None,)
        ]

    async def _refuse_untrusted(self, trusted: Trusted) -> None:
        if trusted.issuer not in self._issuers:
            there = f"there are: {', '.join(self._issuers)}" if self._issuers else "there is none"
            raise InvalidInput(f"The settings have no issuer {trusted.issuer}, [issuers.{trusted.issuer}]; {there}")
        taken = await answered(self._table.trusting(trusted.issuer, trusted.subject))
        if taken is not None and taken.revoked is None:
            raise Conflicting(f"The assertions of {trusted.issuer} about {trusted.subject} speak for {taken.name}")

    def _made(self, password: Secret | None, lifetime: timedelta | None) -> tuple[Secret, KeptCredential]:
        now = self._clock.now()
        if lifetime is not None and lifetime <= timedelta(0):
            raise InvalidInput("What is given has to be good for a while: its end is in the past")
        ends = None if lifetime is None else now + lifetime
        if password is None:
            token = fresh_token()
            digest = token_digest(token.reveal())
            return token, KeptCredential(CredentialKind.TOKEN, hint_of(token), digest, now, ends)
        if len(password.reveal()) < LEAST_PASSWORD:
            raise InvalidInput(f"A password has {LEAST_PASSWORD} characters at least")
        return password, KeptCredential(CredentialKind.PASSWORD, "", password_digest(password), now, ends)

    def _unknown(self, name: str) -> UnknownUid:
        if name in self._taken:
            return UnknownUid(f"{name} is a client of the settings, [clients.{name}]: change it there")
        return UnknownUid(f"There is no client {name}, or it was revoked")


def _standing(client: KeptClient, credential: KeptCredential | None, now: datetime) -> Standing:
    if client.revoked is not None:
        return Standing.REVOKED
    is_over = credential is not None and credential.ends is not None and credential.ends <= now
    return Standing.ENDED if is_over else Standing.GOOD
