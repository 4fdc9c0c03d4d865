"""
Operation options of platforms as the model has them. Pure.
"""

from dataclasses import dataclass, replace
from typing import Final, TypeVar

from webex_connector.gateway.remote.attributes import View
from webex_connector.gateway.remote.codec import objects
from webex_connector.gateway.remote.codec.objects import CountPolicy
from webex_connector.gateway.remote.codec.primitives import Malformed
from webex_connector.gateway.remote.codec.values import Array, JavaClass, Long, Map, Value
from webex_connector.icf.options import OperationOptions, SortKey, TotalPolicy

ATTRIBUTES, DEFAULTS = "ATTRS_TO_GET", "RETURN_DEFAULT_ATTRIBUTES"
PAGE_SIZE, COOKIE, OFFSET = "PAGE_SIZE", "PAGED_RESULTS_COOKIE", "PAGED_RESULTS_OFFSET"
SORT, TOTAL = "SORT_KEYS", "TOTAL_PAGED_RESULTS_POLICY"
DRY_RUN: Final = "DRY_RUN"
"""
An option of our own: whether a write is only tried. The log says what it would have sent.
"""

_T = TypeVar("_T")

KNOWN: Final = {
    ATTRIBUTES: JavaClass("String", 1),
    DEFAULTS: JavaClass("Boolean"),
    PAGE_SIZE: JavaClass("Integer"),
    COOKIE: JavaClass("String"),
    OFFSET: JavaClass("Integer"),
    SORT: JavaClass("SortKey", 1),
    DRY_RUN: JavaClass("Boolean"),
}
"""
The options that act, with their types.
"""


@dataclass(frozen=True, slots=True)
class Asked:
    """
    The options of one call. Unknown ones are passed over, as platforms expect it.
    """

    given: Map

    @classmethod
    def of(cls, value: Value) -> "Asked":
        """
        Return the options that came; None is none. Raises Malformed.
        """
        if value is None:
            return cls(Map())
        if not isinstance(value, objects.OperationOptions):
            raise Malformed(f"a {type(value).__name__} is no operation options")
        return cls(value.options)

    @property
    def offset(self) -> int | None:
        """
        The place of the first object, counted from 1, as it was given. Below 1 it means nothing.
        """
        return self._int(OFFSET)

    def laid_over(self, options: OperationOptions, view: View) -> OperationOptions:
        """
        Return options with what was asked for. Raises Malformed for a value of a wrong type.
        """
        asked = self._texts(ATTRIBUTES)
        cookie = self._typed(COOKIE, str)
        offset = self.offset or 0
        return replace(
            options,
            attributes_to_get=None if asked is None else view.native_names(asked),
            return_default_attributes=self._typed(DEFAULTS, bool) or False,
            page_size=max(0, self._int(PAGE_SIZE) or 0),
            cookie=cookie or None,
            # A cookie says where to go on; Syncope sends an offset that means nothing beside it.
            offset=0 if cookie else max(0, offset - 1),
            sort_keys=self._sort_keys(),
            total_policy=self._total(offset),
        )

    @property
    def dry_run(self) -> bool:
        """
        Whether nothing may be changed. Raises Malformed for what is no truth value: it would be changed then.
        """
        return self._typed(DRY_RUN, bool) or False

    def _total(self, offset: int) -> TotalPolicy:
        policy = self._typed(TOTAL, CountPolicy)
        if policy is not None:
            return TotalPolicy(policy.value)
        # midPoint counts objects by asking for one, at the first place, and adding what is said to remain.
        counting = self._int(PAGE_SIZE) == 1 and offset == 1
        return TotalPolicy.EXACT if counting else TotalPolicy.NONE

    def _typed(self, name: str, kind: type[_T]) -> _T | None:
        value = self.given.get(name)
        if value is not None and not isinstance(value, kind):
            raise Malformed(f"{name} is not of its type")
        return value

    def _int(self, name: str) -> int | None:
        value = self.given.get(name)
        found = value.value if isinstance(value, Long) else value
        if found is not None and (not isinstance(found, int) or isinstance(found, bool)):
            raise Malformed(f"{name} is no integer")
        return found

    def _items(self, name: str) -> tuple[Value, ...] | None:
        value = self.given.get(name)
        if value is None or isinstance(value, tuple):
            return value
        if not isinstance(value, Array):
            raise Malformed(f"{name} is no array")
        return value.items

    def _texts(self, name: str) -> list[str] | None:
        items = self._items(name)
        if items is None:
            return None
        texts = [each for each in items if isinstance(each, str)]
        if len(texts) != len(items):
            raise Malformed(f"{name} holds something else than texts")
        return texts

    def _sort_keys(self) -> tuple[SortKey, ...]:
        keys = self._items(SORT) or ()
        found = [SortKey(each.attribute, each.ascending) for each in keys if isinstance(each, objects.SortKey)]
        if len(found) != len(keys):
            raise Malformed(f"{SORT} holds something else than sort keys")
        return tuple(found)
