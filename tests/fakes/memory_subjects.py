"""
The object classes of the in-memory connector as subjects of the contract checks.
"""

from collections.abc import Callable, Mapping
from itertools import count

from fakes.memory_connector import MemoryConnector, Traits, person
from fakes.memory_schema import LICENSES, ROLES
from fakes.ports import MemoryJournal, OpenGuard
from fakes.virtual_time import VirtualClock
from webex_connector.icf import names
from webex_connector.icf.attributes import Attributes, added, replaced
from webex_connector.icf.contract.subject import Alteration, Subject
from webex_connector.icf.facade import Facade
from webex_connector.icf.operations import Connector

OBJECT_CLASSES = (names.ACCOUNT, names.GROUP, ROLES, LICENSES, names.ALL)
"""
Every object class that the in-memory connector has.
"""


def facade_of(connector: Connector, kind: type[Facade] = Facade) -> Facade:
    """
    Return a connector behind a facade, of a kind, that permits everything.
    """
    return kind(
        "memory",
        connector,
        journal=MemoryJournal(),
        guard=OpenGuard(),
        clock=VirtualClock(),
        cookie_key=b"a key that signs cookies in tests",
    )


def subject_of(object_class: str, facade: Facade | None = None) -> Subject:
    """
    Return an object class of an in-memory connector as a subject, with some neighbours already in its world.
    """
    return _SUBJECTS[object_class](facade or facade_of(inhabited()))


def inhabited(traits: Traits | None = None, *, bulk: bool = False) -> MemoryConnector:
    """
    Return an in-memory connector with a few people and groups.
    """
    connector = MemoryConnector(traits, bulk=bulk)
    connector.world[names.ACCOUNT].update(
        {
            "P-anna": person(0, title="Émissaire", groups=["G-all"]),
            "P-ben": person(1, phoneNumbers=[{"type": "work", "value": "+1 555 0100"}]),
        },
    )
    connector.world[names.GROUP]["G-all"] = {"displayName": "Everybody", "members": [{"id": "P-anna"}]}
    return connector


def _fresh_account() -> Callable[[], Attributes]:
    numbers = count(100)

    def fresh() -> Attributes:
        number = next(numbers)
        return {
            "displayName": (f"Zoë New {number}",),
            "firstName": ("Zoë",),
            "emails": (f"zoe{number}@example.com", f"Zoe.New{number}@example.com"),
            "licenses": ("Lic-messaging",),
            "department": ("Research",),
            "extension": (str(number),),
            "groups": ("G-all",),
            "phoneNumbers": ({"type": "work", "value": f"+1 555 {number}"},),
            names.ENABLE: (True,),
        }

    return fresh


def _fresh_group() -> Callable[[], Attributes]:
    numbers = count(100)
    return lambda: {"displayName": (f"Group {next(numbers)}",), "members": ({"id": "P-ben"},)}


def _account(facade: Facade) -> Subject:
    return Subject(
        facade,
        names.ACCOUNT,
        _fresh_account(),
        Alteration(replaced("title", "Head of Tests"), ("Head of Tests",)),
        added("licenses", "Lic-meetings"),
    )


def _group(facade: Facade) -> Subject:
    return Subject(
        facade,
        names.GROUP,
        _fresh_group(),
        Alteration(replaced("description", "For tests"), ("For tests",)),
        added("members", {"id": "P-anna"}),
    )


_SUBJECTS: Mapping[str, Callable[[Facade], Subject]] = {
    names.ACCOUNT: _account,
    names.GROUP: _group,
    ROLES: lambda facade: Subject(facade, ROLES),
    LICENSES: lambda facade: Subject(facade, LICENSES),
    names.ALL: lambda facade: Subject(facade, names.ALL),
}
