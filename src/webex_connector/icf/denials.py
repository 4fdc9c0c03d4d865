"""
What is denied: to everybody, by what the administrator of a system has switched off; or to one who calls, by what that
client was given.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from webex_connector.icf import names
from webex_connector.icf.errors import NotAllowed, PermissionDenied
from webex_connector.icf.schema import ObjectClassInfo, Operation


@dataclass(frozen=True, slots=True)
class Denials:
    """
    Operations that are denied: on everything, or on single object classes by their canonical names.
    """

    everywhere: frozenset[Operation] = frozenset()
    by_class: Mapping[str, frozenset[Operation]] = field(default_factory=dict, hash=False)
    why: str = "the configuration of the system denies it"
    """
    Goes on from "DELETE on __ACCOUNT__ is not allowed: ".
    """
    only: frozenset[str] | None = None
    """
    The object classes that are not denied altogether; None for all of them.
    """
    disabling: bool = False
    """
    Whether what disables an object is denied, too.
    """
    error: type[NotAllowed] = PermissionDenied
    """
    What is raised.
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
        Raise `error` when an operation is denied on an object class.
        """
        if not self.everywhere and not self.by_class and self.only is None:
            return
        if self.covers(operation, object_class):
            raise self.error(f"{operation.value} on {object_class} is not allowed: {self.why}")
        if not self._reaches(object_class):
            raise self.error(f"{operation.value} on {object_class} is not allowed: {self._within()}")

    def refuse_at_all(self, operation: Operation, system: str) -> None:
        """
        Raise `error` when an operation of a system as a whole is denied.
        """
        if operation in self.everywhere:
            raise self.error(f"{operation.value} on {system} is not allowed: {self.why}")

    def refuse_disabling(self, object_class: str) -> None:
        """
        Raise `error` when disabling is denied.
        """
        if self.disabling:
            raise self.error(f"Disabling of {object_class} is not allowed: {self.why}")

    def refuse_granting(self, info: ObjectClassInfo, written: Iterable[str]) -> None:
        """
        Raise `error` for an attribute that gives somebody objects of a class out of reach: who may not touch licences
        can give none. People may be named anywhere: a member or manager is not changed by it.
        """
        for fact in (info.attribute(name) for name in written):
            given = fact.refers_to
            if given is not None and given != names.ACCOUNT and not self._reaches(given):
                what = f"Writing {fact.name} of {info.name}"
                raise self.error(f"{what} is not allowed: it takes {given}, and {self._within()}")

    def _reaches(self, object_class: str) -> bool:
        return self.only is None or names.folded(object_class) in {names.folded(each) for each in self.only}

    def _within(self) -> str:
        return f"{self.why} beyond {', '.join(sorted(self.only or ()))}"


NOTHING_DENIED = Denials()
"""
What holds for a system whose administrator has switched nothing off, and for clients that may do everything.
"""
