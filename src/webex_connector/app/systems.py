"""
The systems that are open, and how they come and go: by the settings, and by what Connect keeps in the store.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Final

import msgspec

from webex_connector.app.connectors import CONTROL_HUB, KINDS
from webex_connector.app.settings import Settings, SystemSettings
from webex_connector.app.storing import Memory
from webex_connector.base.clock import Clock
from webex_connector.base.log import logger
from webex_connector.gateway.idm.systems import System
from webex_connector.icf.configuration import configured
from webex_connector.icf.errors import ConnectionFailed, ConnectorError, Verdict
from webex_connector.mirror.mirror import Mirror
from webex_connector.store.connections import Connection
from webex_connector.store.errors import StoreError

LOOK_AGAIN: Final = 5.0
"""
Seconds after which a server takes up what another process has connected.
"""

_WORTH_ANOTHER: Final = frozenset({Verdict.RETRY_NOW, Verdict.RETRY_LATER})

_log = logger("app")


class Systems(Mapping[str, System]):
    """
    Every open system by its name. One that is connected anew takes the place of the one before, which is left to finish
    what it does.
    """

    def __init__(
        self,
        settings: Settings,
        memory: Memory,
        built: Callable[[SystemSettings], Awaitable[System]],
        clock: Clock,
    ) -> None:
        self.settings, self.memory, self.clock, self._built = settings, memory, clock, built
        self._open: dict[str, System] = {}
        self._retired: list[System] = []
        self._known: dict[str, datetime | None] = {}
        self._waiting: set[str] = set()
        self.mirrors: dict[str, Mirror] = {}
        """
        What keeps copies of the systems that are mirrored; filled as they are opened.
        """
        self.problems: dict[str, str] = {}
        """
        Why a system is not open, by its name.
        """

    def __getitem__(self, name: str) -> System:
        return self._open[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._open)

    def __len__(self) -> int:
        return len(self._open)

    async def described(self) -> Mapping[str, tuple[SystemSettings, Connection | None]]:
        """
        Return the settings in force of every system that the settings or the store know, and what Connect brought.

        Raises ConnectionFailed when the store does not answer.
        """
        try:
            connections = await self.memory.connections.all()
        except StoreError as problem:
            raise ConnectionFailed(str(problem)) from problem
        bare = {**self.settings.systems, **{name: self.bare(name) for name in connections}}
        return {name: (completed(each, connections.get(name)), connections.get(name)) for name, each in bare.items()}

    def bare(self, name: str) -> SystemSettings:
        """
        Return a system as the settings have it; for one that they do not know, one without any value.
        """
        defaults = configured((each for each in KINDS[CONTROL_HUB].properties if not each.required), {})
        return self.settings.systems.get(name) or SystemSettings(name, CONTROL_HUB, KINDS[CONTROL_HUB].title, defaults)

    async def refresh(self) -> None:
        """
        Open what is new, was connected anew or could not be reached before, close what is gone.

        Raises ConnectionFailed as `described` does.
        """
        found = await self.described()
        due: list[SystemSettings] = []
        for name, (each, connection) in found.items():
            stamp = None if connection is None else connection.connected
            if name not in self._known or self._known[name] != stamp:
                self._retire(name)
                self._known[name] = stamp
                if stamp is not None:
                    self._tell_overruled(each)
                due.append(each)
            elif name in self._waiting:
                due.append(each)
        for name in self._known.keys() - found.keys():
            self._retire(name)
            del self._known[name]
        self._waiting.clear()
        # Beside one another: one that hangs holds up nobody.
        await asyncio.gather(*map(self._try, due))

    async def follow(self) -> None:
        """
        Take up, until cancelled, what other processes connect.
        """
        while True:
            await self.clock.sleep(LOOK_AGAIN)
            try:
                await self.refresh()
            except ConnectionFailed as problem:
                _log.warning("app.connections_unread", reason=problem.message)

    async def aclose(self) -> None:
        """
        Close every system.
        """
        for each in (*self._open.values(), *self._retired):
            await each.facade.aclose()

    async def _try(self, each: SystemSettings) -> None:
        name, stamp = each.name, self._known[each.name]
        try:
            system = await self._built(each)
        except ConnectorError as problem:
            if problem.verdict in _WORTH_ANOTHER:
                self._waiting.add(name)
            if self.problems.get(name) != str(problem):
                _log.info("app.system_not_open", system=name, reason=str(problem))
            self.problems[name] = str(problem)
            return
        if name not in self._known or self._known[name] != stamp:
            # While it was opened, it was taken away or connected anew.
            self._retired.append(system)
            return
        self._open[name] = system
        self.problems.pop(name, None)

    def _tell_overruled(self, each: SystemSettings) -> None:
        """
        Warn of settings that do nothing, since Connect brought others: whoever changes them wonders.
        """
        before = self.bare(each.name).configuration
        idle = [
            fact.name
            for fact in KINDS[each.connector].properties
            if before.get(fact.name) not in (None, fact.default, each.configuration.get(fact.name))
        ]
        if idle:
            advice = f"take them out of the settings; or, to use them: webex-connector connect {each.name} --forget"
            _log.warning("app.settings_overruled", system=each.name, by="connect", properties=idle, advice=advice)

    def _retire(self, name: str) -> None:
        self.problems.pop(name, None)
        self.mirrors.pop(name, None)
        if name in self._open:
            self._retired.append(self._open.pop(name))


def completed(each: SystemSettings, connection: Connection | None) -> SystemSettings:
    """
    Return a system with what Connect brought laid over its configuration. A property that only another version knows
    is left out; what is missing then, the connector says.
    """
    if connection is None:
        return each
    given = msgspec.json.decode(connection.properties.reveal().encode(), type=dict[str, object])
    facts = [
        replace(fact, default=None, required=False) for fact in KINDS[each.connector].properties if fact.name in given
    ]
    known = {fact.name: given[fact.name] for fact in facts}
    return replace(each, configuration={**each.configuration, **configured(facts, known)})
