"""
The object classes of the Control Hub connector as subjects of the contract checks.
"""

from collections.abc import Callable, Mapping
from itertools import count
from typing import Any

from fakes.hub import OPTIONS, Hub
from fakes.virtual_time import VirtualClock
from webex_connector.icf import names
from webex_connector.icf.attributes import Attributes, added, replaced
from webex_connector.icf.contract.subject import Alteration, Subject
from webex_connector.sandbox import catalogue, rendering, scenarios
from webex_connector.sandbox.grants import Credentials

WITH_TEAMS: Mapping[str, Any] = {
    "objectClasses": ["TEAMS"],
    "authenticationMethod": "TOKEN",
    "authToken": Credentials().access_token,
}
"""
The configuration of a system with teams: its token belongs to a person, since a machine account is in no team.
"""


async def a_second() -> None:
    """
    Let a virtual second pass.
    """
    await VirtualClock().sleep(1)


def license_id(hub: Hub, key: str) -> str:
    """
    Return the outward identifier of a licence of the simulated organisation.
    """
    return rendering.license_id(hub.sandbox.world, key)


def group_id(hub: Hub, name: str) -> str:
    """
    Return the outward identifier of the simulated group of that name.
    """
    world = hub.sandbox.world
    return next(rendering.group_id(world, group) for group in world.groups.values() if group.display_name == name)


def person_id(hub: Hub, address: str) -> str:
    """
    Return the outward identifier of the simulated person at that address.
    """
    person = hub.sandbox.world.person_at(address)
    assert person is not None
    return rendering.person_id(person.uuid)


def subject_of(object_class: str, hub: Hub) -> Subject:
    """
    Return an object class of the connector as a subject.
    """
    return _SUBJECTS[object_class](hub)


def _account(hub: Hub) -> Subject:
    numbers = count(1)

    def fresh() -> Attributes:
        number = next(numbers)
        return {
            "displayName": (f"Zoë New {number}",),
            "firstName": ("Zoë",),
            "lastName": (f"New {number}",),
            "emails": (f"zoe{number}@acme.example",),
            # With the free licences that come along with the third; else more would be there than was asked for.
            "licenses": tuple(
                license_id(hub, key) for key in (catalogue.SCREEN_SHARE, catalogue.BASIC_MESSAGING, catalogue.MESSAGING)
            ),
            "department": ("Research",),
            "groups": (group_id(hub, "Newly founded"),),
            "managerId": (person_id(hub, scenarios.ADMIN),),
            "addresses": ({"type": "work", "country": "DE", "locality": "Berlin"},),
        }

    return Subject(
        hub.facade,
        names.ACCOUNT,
        fresh,
        Alteration(replaced("title", "Head of Tests"), ("Head of Tests",)),
        added("licenses", license_id(hub, catalogue.CALL_ON_WEBEX)),
        options=OPTIONS,
        let_time_pass=a_second,
    )


def _group(hub: Hub) -> Subject:
    numbers = count(1)
    ada, john = person_id(hub, scenarios.ADMIN), person_id(hub, scenarios.SAMPLE)
    return Subject(
        hub.facade,
        names.GROUP,
        lambda: {"displayName": (f"Gruppe № {next(numbers)}",), "members": ({"id": ada},)},
        Alteration(replaced("description", "For tests"), ("For tests",)),
        added("members", {"id": john}),
        options=OPTIONS,
        let_time_pass=a_second,
    )


def _team(hub: Hub) -> Subject:
    numbers = count(1)
    ada, john = person_id(hub, scenarios.ADMIN), person_id(hub, scenarios.SAMPLE)
    return Subject(
        hub.facade,
        "TEAMS",
        # Webex puts the owner of the token in, whoever is named.
        lambda: {"name": (f"Équipe {next(numbers)}",), "members": ({"id": ada},)},
        Alteration(replaced("description", "For tests"), ("For tests",)),
        added("members", {"id": john}),
        options=OPTIONS,
        let_time_pass=a_second,
    )


_SUBJECTS: Mapping[str, Callable[[Hub], Subject]] = {
    names.ACCOUNT: _account,
    names.GROUP: _group,
    "ROLES": lambda hub: Subject(hub.facade, "ROLES", options=OPTIONS),
    "LICENSES": lambda hub: Subject(hub.facade, "LICENSES", options=OPTIONS),
    "TEAMS": _team,
    "LOCATIONS": lambda hub: Subject(hub.facade, "LOCATIONS", options=OPTIONS),
    names.ALL: lambda hub: Subject(hub.facade, names.ALL, options=OPTIONS, let_time_pass=a_second),
}
