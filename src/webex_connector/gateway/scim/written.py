"""
Resources as they are sent. Writing one takes longer than reading it from a copy, so what was written is kept, for as
long as there is room, for the next time that the same object is asked for.

Nothing of this grows old: what is kept is found by everything that it was made of, which is the object's own likeness
and the view, with all that this depends on. An object that nobody knows the likeness of is written each time.
"""

from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass, replace
from typing import Final

import msgspec

from webex_connector.gateway.http import encoded
from webex_connector.gateway.scim.rendering import View
from webex_connector.icf.attributes import LateAttributes
from webex_connector.icf.objects import ConnectorObject

MOST_BYTES: Final = 32 * 1024 * 1024
"""
How many bytes of resources are kept for a system, each with what it is found by: those of some five thousand people.
"""

_OVERHEAD: Final = 600


@dataclass(frozen=True, slots=True)
class Written:
    """
    A resource as it is sent, and its entity tag if it has one.
    """

    body: msgspec.Raw
    version: str | None

    @property
    def size(self) -> int:
        """
        How many bytes it takes to keep it. What it is found by is no longer than what was made of it.
        """
        return 2 * len(self.body) + _OVERHEAD


class Writings:
    """
    The resources of one system.
    """

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self._most, self._bytes = most_bytes, 0
        self._kept: OrderedDict[tuple[Hashable, ...], Written] = OrderedDict()

    def of(self, view: View, found: ConnectorObject) -> Written:
        """
        Return an object as the view shows it.
        """
        have = found.attributes
        if not isinstance(have, LateAttributes):
            return _written(view, found)
        key = (view, found.uid, found.name, have.likeness)
        known = self._kept.get(key)
        if known is not None:
            self._kept.move_to_end(key)
            return known
        written = self._kept[key] = _written(view, replace(found, attributes=have.plain))
        self._bytes += written.size
        while self._bytes > self._most:
            _, oldest = self._kept.popitem(last=False)
            self._bytes -= oldest.size
        return written


def _written(view: View, found: ConnectorObject) -> Written:
    row = view.resource(found)
    return Written(msgspec.Raw(encoded(row)), row.get("meta", {}).get("version"))
