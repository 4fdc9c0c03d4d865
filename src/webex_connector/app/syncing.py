"""
The sync engine with everything it needs: mappings by their names, plans in the store, an approved plan's permits.
"""

import os
import tempfile
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path

from webex_connector.app.allowing import Allowing
from webex_connector.app.policies import rules_of
from webex_connector.app.storing import allowing_in
from webex_connector.app.sync_file import load
from webex_connector.app.sync_sections.around import Around
from webex_connector.app.sync_settings import SyncSettings
from webex_connector.app.systems import Systems
from webex_connector.base.clock import Clock
from webex_connector.expressions.compiling import Expressions
from webex_connector.icf.configuration import Setting
from webex_connector.icf.errors import ConfigurationInvalid
from webex_connector.icf.options import Actor
from webex_connector.policy.judging import Rules
from webex_connector.store.clients import By
from webex_connector.store.decisions import DecisionTable
from webex_connector.store.links import LinkTable
from webex_connector.store.plans import PlanTable
from webex_connector.store.retirements import RetirementTable
from webex_connector.sync.apply.applying import DOOR, Applier, Tables
from webex_connector.sync.companions import companions_of
from webex_connector.sync.crossing import crossing_of
from webex_connector.sync.ends import Ends
from webex_connector.sync.engine import Engine
from webex_connector.sync.errors import RunRefused
from webex_connector.sync.rules import compiled
from webex_connector.sync.sources.system import SystemSource
from webex_connector.webex.pace import Rate

PERMITTED_FOR = timedelta(days=1)
"""
How long an approved plan may delete and disable what it says. One that takes longer is gone on with.
"""


class Permitted:
    """
    Lets an approved plan through the guard: exactly as many deletions and disablings as it has.
    """

    def __init__(self, allowing: Allowing) -> None:
        self._allowing = allowing

    async def allow(self, client: str, destructive: int) -> None:
        """
        Let a client delete or disable so many objects. Raises ConnectionFailed when the store does not answer.
        """
        if destructive:
            await self._allowing.grant(client, destructive, PERMITTED_FOR, By(client, DOOR))


@dataclass(frozen=True, slots=True)
class Syncing:
    """
    The engine, and what its mappings are opened with.
    """

    settings: SyncSettings
    systems: Systems
    tables: Tables
    engine: Engine
    expressions: Expressions
    clock: Clock
    policies: Mapping[str, Rules] = field(default_factory=dict)
    """
    Who gets which licences by rule, by system.
    """

    @asynccontextmanager
    async def opened(self, name: str) -> AsyncIterator[Ends]:
        """
        Open a mapping's source while the block runs.

        Raises RunRefused when there is no such mapping, it is not enabled or its system is not open, ExpressionsInvalid
        with everything that is wrong in its expressions, and any ConnectorError when the licences that it gives cannot
        be read.
        """
        mapping = self.settings.mappings.get(name)
        if mapping is None:
            there = ", ".join(self.settings.mappings) or "none"
            raise RunRefused(f"There is no mapping {name}; there are: {there}")
        if not mapping.enabled:
            raise RunRefused(f"The mapping {name} is not enabled")
        if mapping.system not in self.systems:
            why = self.systems.problems.get(mapping.system, "it is none of the settings")
            raise RunRefused(f"The system {mapping.system} of the mapping {name} is not open: {why}")
        target = self.systems[mapping.system].facade
        source = self.settings.sources[mapping.source].opened(mapping.source)
        used = self.settings.uses.get(name)
        if isinstance(source, SystemSource) and used is not None:
            source = source.asked_for(used)
        try:
            info = target.schema.object_class(mapping.object_class)
            crossing = crossing_of(mapping, info, self.settings.mappings, self.tables.links)
            rules = await compiled(mapping, info, self.expressions, self.clock, source.shape, crossing)
            settings = self.systems.settings.systems[mapping.system]
            templates = settings.templates if self.policies else ()
            kept = RetirementTable(self.systems.memory.store.database, self.clock, mapping.system)
            whole = replace(mapping, companions=await companions_of(mapping, target, Actor(name, DOOR)))
            policies, allowed = self.policies.get(mapping.system), _writes_per_second(settings.configuration)
            yield Ends(whole, source, target, rules, policies, templates, kept, allowed)
        finally:
            await source.aclose()

    def applier(self, ends: Ends) -> Applier:
        """
        Return what applies plans of a mapping.
        """
        permits = Permitted(allowing_in(self.systems.memory.store.database, self.clock))
        return Applier(ends.mapping, ends.target, self.tables, permits, self.clock, self.settings.most_age)


def _writes_per_second(configuration: Mapping[str, Setting]) -> float | None:
    limit = configuration.get("writeRateLimit")
    return Rate.parse(limit).per_second if isinstance(limit, str) and limit else None


@asynccontextmanager
async def syncing(systems: Systems, clock: Clock, *, inline: bool = False) -> AsyncIterator[Syncing]:
    """
    Have the sync engine of open systems while the block runs.

    Raises ConfigurationInvalid when there is no sync file, or it cannot be read, and SettingsMistakes with everything
    that is wrong in it.
    """
    settings = systems.settings
    if settings.sync_file is None:
        raise ConfigurationInvalid('There is no sync file; name one in the settings: [sync] file = "sync.toml"')
    schemas = {name: system.facade.schema for name, system in systems.items()}
    database = systems.memory.store.database
    tables = Tables(PlanTable(database, clock), LinkTable(database, clock), DecisionTable(database, clock))
    expressions = Expressions(settings.tables)
    around = Around(systems={name: system.facade for name, system in systems.items()}, clock=clock, inline=inline)
    try:
        read = await load(settings.sync_file, os.environ, schemas, expressions, around)
        with tempfile.TemporaryDirectory(prefix="staging-", dir=settings.store.folder) as folder:
            engine = Engine(tables, Path(folder), clock, read.limits, inline=inline)
            policies = await rules_of(settings, expressions)
            yield Syncing(read, systems, tables, engine, expressions, clock, policies)
    finally:
        await expressions.aclose()
