"""
What the administrator of a system has switched off, for every door at once.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from webex_connector.icf import names
from webex_connector.icf.errors import PermissionDenied
from webex_connector.icf.schema import Operation


@dataclass(frozen=True, slots=True)
class Denials:
    """
    Operations that are denied: on everything, or on single object classes by their canonical names.
    """

    everywhere: frozenset[Operation] = frozenset()
    by_class: Mapping[str, frozenset[Operation]] = field(default_factory=dict)
    why: str = "the configuration of the system denies it"
    """
    Goes on from "DELETE on __ACCOUNT__ is not allowed: ".
    """

    def covers(self, operation: Operation, object_class: str) -> bool:
        """
        Whether an operation is denied.
        """
        denied = next(
            (found for name, found in self.by_class.items() if names.folded(name) == names.folded(object_class)),
            frozenset[Operation](),
        )
        return operation in self.everywhere or operation in denied

    def refuse(self, operation: Operation, object_class: str) -> None:
        """
        Raise PermissionDenied when an operation is denied.
        """
        if self.covers(operation, object_class):
            raise PermissionDenied(f"{operation.value} on {object_class} is not allowed: {self.why}")


NOTHING_DENIED = Denials()
"""
What holds for a system whose administrator has switched nothing off.
"""
