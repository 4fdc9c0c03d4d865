"""
Objects that policies call by name, found through the connector behind and remembered for some minutes.
"""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Final, Protocol, TypeGuard

from webex_connector.base.clock import Clock
from webex_connector.icf import names
from webex_connector.icf.errors import ConnectorError, UnknownUid
from webex_connector.icf.filters import EVERYTHING, Filter, equals, matcher
from webex_connector.icf.objects import ConnectorObject
from webex_connector.icf.operations import CanGet, CanSearch, Handler
from webex_connector.icf.options import OperationOptions
from webex_connector.policy.provisioning import What

REMEMBERED: Final = 300.0
"""
Seconds for which what was found is taken as it was.
"""

CLASSES: Final[Mapping[What, str]] = {
    What.LICENSE: "LICENSES",
    What.ROLE: "ROLES",
    What.GROUP: names.GROUP,
    What.TEAM: "TEAMS",
}
"""
The object class of each thing that policies give.
"""

LOCATIONS = "LOCATIONS"

LOOKED_AGAIN: Final = 30.0
"""
Seconds after which what was not there is looked for again.
"""

# Few enough to be read all at once, whichever of them is looked for.
_LISTED = frozenset({CLASSES[What.LICENSE], CLASSES[What.ROLE], LOCATIONS})


@dataclass(frozen=True, slots=True)
class Found:
    """
    One object.
    """

    uid: str
    name: str
    free: int | None = None
    """
    How many units were left of a licence when it was read; None for as many as one likes.
    """


class Searchable(Handler, CanSearch, Protocol):
    """
    An object class that can be searched.
    """


class Unresolved(Exception):
    """
    There is no such object, or it cannot be told which one is meant.
    """


class Directory:
    """
    Finds objects by name or uid. Names compare without regard to case.
    """

    def __init__(self, handlers: Mapping[str, Handler], clock: Clock) -> None:
        self._handlers, self._clock = handlers, clock
        self._known: dict[tuple[str, str], tuple[float, list[Found]]] = {}

    async def find(self, object_class: str, wanted: str, options: OperationOptions) -> Found:
        """
        Return the object of this name or uid. What is remembered is not read again, unless it is not among it.

        Of several licences of one name, as two subscriptions have them, the one with the most units left is meant.
        Raises Unresolved, also when nothing can be read.
        """
        handler = self._handlers.get(object_class)
        if handler is None or not _is_searchable(handler):
            raise Unresolved(f"this system has no {object_class}; name them in its objectClasses")
        try:
            found = meant(await self._read(handler, wanted, options, REMEMBERED), wanted)
            if not found:
                found = meant(await self._read(handler, wanted, options, LOOKED_AGAIN), wanted)
        except ConnectorError as error:
            raise Unresolved(f"{wanted} cannot be looked for: {error.message}") from error
        if not found:
            raise Unresolved(f"there is no {wanted} in {object_class}")
        if len(found) > 1 and object_class != CLASSES[What.LICENSE]:
            uids = ", ".join(each.uid for each in found)
            raise Unresolved(f"several are called {wanted}; name one by its id: {uids}")
        return found[0]

    async def has_other(self, role: str, person: str, options: OperationOptions) -> bool:
        """
        Say whether somebody beside this person holds a role. Raises any ConnectorError when that cannot be read.
        """
        handler = self._handlers[names.ACCOUNT]
        if not _is_searchable(handler):
            return False
        holders = await _search(handler, equals("roles", role), options)
        return any(each.uid != person and role in each.values("roles") for each in holders)

    async def _read(self, handler: Searchable, wanted: str, options: OperationOptions, at_most: float) -> list[Found]:
        """
        Return what may be meant, as it was read so many seconds ago at most.
        """
        listed = handler.info.name in _LISTED
        key = (handler.info.name, "" if listed else names.folded_text(wanted))
        known = self._known.get(key)
        if known is not None and self._clock.monotonic() < known[0] + at_most:
            return known[1]
        objects = await _search(handler, EVERYTHING if listed else equals(names.NAME, wanted), options)
        if not objects and isinstance(handler, CanGet):
            with suppress(UnknownUid):
                objects = [await handler.get(wanted, handler.info.defaults, options)]
        found = [found_of(each) for each in objects]
        self._known[key] = (self._clock.monotonic(), found)
        return found


def _is_searchable(handler: Handler) -> TypeGuard[Searchable]:
    return isinstance(handler, CanSearch)


def found_of(each: ConnectorObject) -> Found:
    """
    Return an object as policies know it.
    """
    return Found(each.uid, each.name or each.uid, _free(each))


def meant(found: Sequence[Found], wanted: str) -> list[Found]:
    """
    Return those that a policy may mean by a uid or a name, of several licences the one with the most units left first.
    """
    folded = names.folded_text(wanted)
    by_name = [each for each in found if names.folded_text(each.name) == folded]
    by_name.sort(key=lambda each: float("inf") if each.free is None else each.free, reverse=True)
    return [each for each in found if each.uid == wanted] or by_name


async def _search(handler: Searchable, node: Filter, options: OperationOptions) -> list[ConnectorObject]:
    info = handler.info
    split = handler.translate(node)
    fits = matcher(split.remainder, info)
    asked = OperationOptions(actor=options.actor, lane=options.lane, deadline=options.deadline)
    batches = handler.search(split.native, info.defaults, None, asked)
    return [each async for batch in batches for each in batch.objects if fits(each)]


def _free(found: ConnectorObject) -> int | None:
    """
    Return how many units of a licence are left; None for what belongs to no subscription, and is not counted.
    """
    total, used = (found.values(name)[:1] for name in ("totalUnits", "consumedUnits"))
    if not found.values("subscriptionId") or not total or not isinstance(total[0], int) or total[0] < 0:
        return None
    return total[0] - (used[0] if used and isinstance(used[0], int) else 0)
