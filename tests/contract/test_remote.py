"""
The contract checks across the connector protocol: our own client asks our own server, with the Control Hub connector
behind it and a simulated organisation behind that.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest

from fakes.hub import Hub, running_hub
from fakes.hub_subjects import WITH_TEAMS, subject_of
from fakes.ports import MemoryJournal, OpenGuard
from fakes.remote_client import CONNECTOR, KEY, MemoryKind, serving
from fakes.virtual_time import VirtualClock
from webex_connector.base.clock import Clock, SystemClock
from webex_connector.base.secret import Secret
from webex_connector.connector.control_hub.connector import opened as hub_opened
from webex_connector.connector.properties import PROPERTIES
from webex_connector.gateway.remote.client.calling import Calling
from webex_connector.gateway.remote.client.connector import opened
from webex_connector.gateway.remote.client.server import Server
from webex_connector.gateway.remote.profiles import CONNID, OPENICF, Profile
from webex_connector.icf import names
from webex_connector.icf.attributes import Attributes
from webex_connector.icf.configuration import configured
from webex_connector.icf.contract.checks import Check, concerning
from webex_connector.icf.contract.subject import Subject
from webex_connector.icf.facade import Facade
from webex_connector.icf.operations import schema_of
from webex_connector.icf.schema import ObjectClassInfo, Operation
from webex_connector.sandbox.quirks import Quirks
from webex_connector.webex.tokens import MemoryVault

pytestmark = pytest.mark.long

# Deltas are ConnId's alone, complex values as maps OpenICF's: together they take every check by deltas, too.
DELTAS = replace(CONNID, maps=True)


class HubKind(MemoryKind):
    """
    A facade of an organisation in the place of the in-memory connector.
    """

    def __init__(self, clock: Clock, behind: Facade) -> None:
        super().__init__(clock)
        self._behind = behind

    def facade(self, name: str) -> Facade:
        """
        Return the facade, whatever system is named.
        """
        return self._behind


@asynccontextmanager
async def across(hub: Hub, clock: VirtualClock, profile: Profile) -> AsyncIterator[Hub]:
    """
    Serve the organisation's facade, and yield the organisation with a facade that reaches it across the protocol.
    """
    async with serving(clock, kind=HubKind(clock, hub.facade), profile=profile) as served:
        server = Server(served.platform.host, served.platform.port, Secret(KEY))
        connector = await opened(Calling(server, CONNECTOR, served.platform.facade_key))
        facade = Facade(
            "remote", connector, journal=MemoryJournal(), guard=OpenGuard(), clock=clock, cookie_key=b"k" * 32
        )
        yield replace(hub, facade=facade)


def named(subject: Subject, info: ObjectClassInfo) -> Subject:
    """
    Return a subject that describes new objects as platforms do: by `__NAME__`, not by the attribute that it stands for.
    """
    fresh, source = subject.fresh, info.name_attribute or ""
    if fresh is None:
        return subject

    def described() -> Attributes:
        attributes = dict(fresh())
        return {names.NAME: attributes.pop(source)[:1], **attributes}

    return replace(subject, fresh=described)


def _cases(profile: Profile, object_class: str, operations: frozenset[Operation]) -> list[object]:
    # Nobody but our own facade can apply many changes at once; no check needs it.
    return [
        pytest.param(profile, object_class, check, id=f"{profile.name}, {object_class}: {check.name}")
        for check in concerning(operations)
    ]


def _operations() -> dict[str, frozenset[Operation]]:
    given = {
        "authenticationMethod": "TOKEN",
        "authToken": "nobody is asked",
        "objectClasses": ["TEAMS", "LOCATIONS"],
    }
    schema = schema_of(hub_opened(configured(PROPERTIES, given), SystemClock(), MemoryVault()))
    return {name: operations for name, operations in schema.operations.items() if name != names.ALL}


_ALL = _operations()
CASES = [case for name, operations in _ALL.items() for case in _cases(OPENICF, name, operations)] + [
    case
    for case in _cases(DELTAS, names.ACCOUNT, _ALL[names.ACCOUNT])
    if case.values[2].needs >= {Operation.UPDATE}  # type: ignore[attr-defined]  # pytest's own type is not public
]


@pytest.mark.parametrize(("profile", "object_class", "check"), CASES)
async def test_the_contract_is_kept_across_the_protocol(
    profile: Profile, object_class: str, check: Check, clock: VirtualClock
) -> None:
    """
    Each object class keeps every promise that concerns it when a connector server stands in between.
    """
    optional = object_class in {"TEAMS", "LOCATIONS"}
    more = {**WITH_TEAMS, "objectClasses": [object_class]} if optional else {}
    async with (
        running_hub(clock, people=6, quirks=Quirks(duplicate_groups=False), **more) as hub,
        across(hub, clock, profile) as far,
    ):
        await check.run(named(subject_of(object_class, far), hub.facade.schema.object_class(object_class)))
