"""
What answers show of a resource type, with everything that is the same for every answer worked out once. Pure.
"""

from collections import OrderedDict
from typing import Final

from webex_connector.gateway.scim.asked import Asked
from webex_connector.gateway.scim.mapping import Resource
from webex_connector.gateway.scim.projection import projection_of
from webex_connector.gateway.scim.rendering import Setting, View, sources_of
from webex_connector.icf.schema import ObjectClassInfo

GRANTED: Final = frozenset({"LICENSES", "ROLES", "SESSION_TYPES", "PRIVILEGES"})
"""
The object classes whose objects are granted to people.
"""

MOST_KEPT: Final = 100
"""
How many ways of asking are remembered for a resource type: real clients have a handful each.
"""


class Shown:
    """
    A resource type narrowed to what an answer shows.
    """

    def __init__(self, resource: Resource, info: ObjectClassInfo, *, whole: bool) -> None:
        """
        `whole` says whether everything is there that is returned by default; if not, resources have no version.
        """
        self.resource = resource
        self.whole = whole
        self.sources = tuple(sources_of(resource))
        """
        The model's attributes that it is made of.
        """
        kinds = {
            row.model: info.attribute(row.model).refers_to
            for _, row in resource.rows
            if row.model and row.part("display")
        }
        self.granted = tuple((name, kind) for name, kind in kinds.items() if kind is not None and kind in GRANTED)
        """
        The model's attributes whose values are shown with the names of what is granted, and the object class of that.
        """
        self._view: tuple[Setting, View] | None = None

    def view(self, setting: Setting) -> View:
        """
        Return what turns objects into resources. The last one is kept: the setting is the same as long as clients use
        one address of the door and nobody renames a licence.
        """
        if self._view is None or self._view[0] != setting:
            self._view = (setting, View(self.resource, setting, with_version=self.whole))
        return self._view[1]


class Narrowing:
    """
    Narrows one resource type, and remembers how it did.
    """

    def __init__(self, resource: Resource, info: ObjectClassInfo) -> None:
        self._resource, self._info = resource, info
        self.everything = Shown(resource, info, whole=True)
        self._kept: OrderedDict[tuple[str | None, str | None, frozenset[str]], Shown] = OrderedDict()

    def to(self, asked: Asked, looked_for: frozenset[str] = frozenset()) -> Shown:
        """
        Return what `projection_of` says. Raises what that raises.
        """
        key = (asked.attributes, asked.excluded_attributes, looked_for)
        found = self._kept.get(key)
        if found is None:
            narrowed = projection_of(self._resource, asked, looked_for)
            found = self._kept[key] = Shown(narrowed.resource, self._info, whole=narrowed.whole)
            if len(self._kept) > MOST_KEPT:
                self._kept.popitem(last=False)
        return found
