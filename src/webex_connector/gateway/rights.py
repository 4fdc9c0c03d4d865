"""
Who may do what: clients, their roles, and the right that each operation takes.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from enum import Enum
from functools import lru_cache
from types import MappingProxyType
from typing import Final

from webex_connector.base.secret import Secret
from webex_connector.icf.denials import Denials
from webex_connector.icf.errors import CallerRefused
from webex_connector.icf.options import Actor
from webex_connector.icf.schema import Operation


class Right(Enum):
    """
    What a client may be allowed to do; the values complete the sentence "may …".
    """

    READ = "read"
    """
    Look at objects, at their schema, at what changed, and whether a system is well.
    """
    WRITE = "write"
    """
    Make and change objects, and try it out by a dry run.
    """
    DELETE = "delete"
    """
    Delete objects.
    """
    DISABLE = "disable"
    """
    Disable people; who stays so for 30 days is deleted by Webex.
    """
    RUN_SCRIPTS = "run scripts"
    """
    Have a script of the client's own run beside the connector.
    """
    CONFIGURE = "configure"
    """
    Set systems up, connect them to Webex, and have configurations tried that are none of the systems. They name
    addresses that the server then speaks to.
    """
    RECONCILE = "reconcile"
    """
    Begin and cancel reconciliations. One that writes may do whatever the mapping says, past the guard's limits, so it
    takes the rights to write, delete and disable too.
    """


class Role(Enum):
    """
    What a client is. Each one may do all that the one before it may.
    """

    READER = "reader"
    PROVISIONER = "provisioner"
    ADMIN = "admin"


RIGHTS: Final[Mapping[Role, frozenset[Right]]] = MappingProxyType(
    {
        Role.READER: frozenset({Right.READ}),
        Role.PROVISIONER: frozenset(Right) - {Right.CONFIGURE, Right.RECONCILE},
        Role.ADMIN: frozenset(Right),
    },
)
"""
What each role may do.
"""

NEEDED: Final[Mapping[Operation, Right]] = MappingProxyType(
    {
        Operation.CREATE: Right.WRITE,
        Operation.UPDATE: Right.WRITE,
        Operation.DELETE: Right.DELETE,
        Operation.BULK: Right.WRITE,
        Operation.GET: Right.READ,
        Operation.SEARCH: Right.READ,
        Operation.SYNC: Right.READ,
        Operation.TEST: Right.READ,
        Operation.SCHEMA: Right.READ,
        Operation.DISCOVER: Right.READ,
        # It changes nothing and tells only whether a password is right; each wrong one is told to the target.
        Operation.AUTHENTICATE: Right.READ,
        Operation.SCRIPT_ON_CONNECTOR: Right.RUN_SCRIPTS,
    },
)
"""
The right that each operation of the model takes.
"""


class NotPermitted(Exception):
    """
    Somebody is known, and may not do this. The message is a sentence for them.
    """


@dataclass(frozen=True, slots=True)
class Trusted:
    """
    Whose signed assertions speak for a client (RFC 7523).
    """

    issuer: str
    """
    The name of an issuer in the settings.
    """
    subject: str
    """
    What the issuer calls the client, the claim `sub`.
    """


@dataclass(frozen=True, slots=True)
class Client:
    """
    Somebody who may call.
    """

    name: str
    password: Secret | None = None
    """
    None: this client cannot log in with a password, or it is known in the store alone. There is no default.
    """
    systems: frozenset[str] | None = None
    """
    The systems it may use; None for all of them.
    """
    token: Secret | None = None
    """
    What the client may show instead of name and password, as a bearer token (RFC 6750).
    """
    role: Role = Role.PROVISIONER
    without: frozenset[Right] = frozenset()
    """
    What the role allows and this client may not do all the same.
    """
    objects: frozenset[str] | None = None
    """
    The object classes it may touch, by their canonical names; None for all of them.
    """
    trusted: Trusted | None = None
    """
    Whose signed assertions speak for it.
    """

    @property
    def rights(self) -> frozenset[Right]:
        """
        What the client may do at the systems it may use.
        """
        return RIGHTS[self.role] - self.without

    def narrowed(self, to: Collection[Right]) -> "Client":
        """
        Return the client with no more than these of its rights.
        """
        return replace(self, without=self.without | (frozenset(Right) - frozenset(to)))

    def may_use(self, system: str) -> bool:
        """
        Whether the client may use a system, be there one of this name or not.
        """
        return self.systems is None or system in self.systems

    def may(self, right: Right, system: str | None) -> bool:
        """
        Whether the client may do this at a system; None is for what concerns no single system, which takes the right
        to all of them.
        """
        return right in self.rights and (self.systems is None if system is None else self.may_use(system))

    def require(self, right: Right, system: str | None) -> None:
        """
        Return when `may` says yes. Raises NotPermitted when it says no.
        """
        if system is not None and not self.may_use(system):
            raise NotPermitted(f"{self.name} may not use {system}")
        if right not in RIGHTS[self.role]:
            raise NotPermitted(f"{self.name} may not {right.value}: the role {self.role.value} does not allow it")
        if right not in self.rights:
            raise NotPermitted(f"{self.name} may not {right.value}: it was not given this right")
        if not self.may(right, system):
            raise NotPermitted(f"{self.name} may not {right.value} here: it takes the right to all systems")

    def actor(self, door: str) -> Actor:
        """
        Return the client as the one on whose behalf a door acts, with what it may not do in whatever way it asks.
        """
        return _actor(self.name, door, self.role, self.without, self.objects)


@lru_cache(maxsize=1000)
def _actor(name: str, door: str, role: Role, without: frozenset[Right], objects: frozenset[str] | None) -> Actor:
    rights = RIGHTS[role] - without
    denied = frozenset(operation for operation, right in NEEDED.items() if right not in rights)
    disabling = Right.DISABLE not in rights
    if not denied and not disabling and objects is None:
        return Actor(name, door)
    why = f"{name} does not have the right"
    return Actor(name, door, Denials(denied, why=why, only=objects, disabling=disabling, error=CallerRefused))
