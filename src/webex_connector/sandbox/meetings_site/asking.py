"""
One question to a site, and the table of those it answers.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import Enum

from webex_connector.sandbox.meetings_site import callers
from webex_connector.sandbox.meetings_site.callers import Desk
from webex_connector.sandbox.meetings_site.reading import Message, Node
from webex_connector.sandbox.meetings_site.records import User
from webex_connector.sandbox.meetings_site.refusals import Refusal
from webex_connector.sandbox.meetings_site.world import SiteWorld
from webex_connector.sandbox.meetings_site.writing import Content


class Access(Enum):
    """
    Who may ask.
    """

    OPEN = "open"
    """Whoever names the site."""
    KNOWN = "known"
    """Whoever is let in; what they may see is for the operation to tell."""
    VIEW = "view"
    """Administrators, those too who may only look."""
    ADMIN = "admin"
    """Full administrators."""


@dataclass(frozen=True, slots=True)
class Asked:
    """
    A question of somebody who may ask it.
    """

    world: SiteWorld
    desk: Desk
    message: Message
    caller: User | None
    """None where nobody has to log in."""

    @property
    def content(self) -> Node:
        """
        What was asked.
        """
        return self.message.content

    @property
    def known_caller(self) -> User:
        """
        Who asks. Only for operations that ask for a log-in.
        """
        if self.caller is None:
            raise Refusal("000001")
        return self.caller


@dataclass(frozen=True, slots=True)
class Operation:
    """
    A kind of question.
    """

    name: str
    """Service and name, such as `user.GetUser`."""
    handler: Callable[[Asked], Content]
    access: Access = Access.KNOWN


class Operations:
    """
    The table; names are found without regard to case, since documents differ in it.
    """

    def __init__(self, operations: Iterable[Operation]) -> None:
        self._by_name: Mapping[str, Operation] = {each.name.lower(): each for each in operations}

    def find(self, name: str, world: SiteWorld) -> Operation:
        """
        Return an operation. Raises Refusal for one that there is not, or no longer.
        """
        operation = self._by_name.get(name.lower())
        if operation is None or operation.name in world.quirks.retired:
            raise Refusal(world.quirks.invalid_code, f"There is no operation {name or 'named'}.")
        return operation

    def named(self, name: str) -> str:
        """
        Return the name of an operation as it is written here, or as it was given when there is no such one.
        """
        operation = self._by_name.get(name.lower())
        return operation.name if operation else name


def admit(operation: Operation, world: SiteWorld, desk: Desk, message: Message) -> User | None:
    """
    Return who asks, where somebody has to log in. Raises Refusal for who may not ask.
    """
    if operation.access is Access.OPEN:
        callers.require_site(world, message.context)
        return None
    caller = desk.caller(world, message)
    if operation.access in {Access.VIEW, Access.ADMIN}:
        callers.require_admin(caller, writes=operation.access is Access.ADMIN)
    return caller


def number_in(world: SiteWorld, node: Node, *path: str, default: int = 0) -> int:
    """
    Return a number from zero on, or the default for nothing. Raises Refusal for what is no such number.
    """
    text = node.value(*path)
    if not text:
        return default
    if not text.isascii() or not text.isdigit():
        raise Refusal(world.quirks.invalid_code, f"{'/'.join(path)} is not a number: {text}")
    return int(text)
