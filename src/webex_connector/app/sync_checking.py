"""
The sync file looked at, and expressions tried, without reading anything of any system; a connector server is asked for
its schema.
"""

import os
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from webex_connector.app.connectors import KINDS
from webex_connector.app.kinds.kind import Surroundings
from webex_connector.app.settings import Settings
from webex_connector.app.sync_file import load
from webex_connector.app.sync_settings import SyncSettings
from webex_connector.base.clock import SystemClock
from webex_connector.expressions.compiling import Expressions
from webex_connector.expressions.errors import ExpressionsInvalid
from webex_connector.expressions.simple import Tables
from webex_connector.expressions.values import UNKNOWN, Expression, Failure, Shape, Subject
from webex_connector.icf.errors import ConfigurationInvalid, InvalidInput
from webex_connector.sync.records import Record
from webex_connector.webex.tokens import MemoryVault

_PLACE = "expression"


async def checked(settings: Settings) -> SyncSettings:
    """
    Return what the sync file says.

    Raises ConfigurationInvalid when there is none, SettingsMistakes with everything that is wrong in it, and
    any ConnectorError when a connector server does not tell its schema.
    """
    if settings.sync_file is None:
        raise ConfigurationInvalid('There is no sync file; name one in the settings: [sync] file = "sync.toml"')
    around = Surroundings(SystemClock(), MemoryVault(), certificates=settings.certificates)
    schemas = {
        name: await KINDS[each.connector].told_schema(each.configuration, around)
        for name, each in settings.systems.items()
    }
    expressions = Expressions(settings.tables, workers=1)
    try:
        return await load(settings.sync_file, os.environ, schemas, expressions)
    finally:
        await expressions.aclose()


async def tried(text: str, record: Record, shape: Shape, tables: Tables, now: datetime) -> Any:
    """
    Return what an expression gives for a record.

    Raises InvalidInput with everything that is wrong in the expression, or with what it raised for this record.
    """
    expressions = Expressions(tables, workers=1)
    try:
        ready = await expressions.compile({"it": Expression(text, _PLACE)}, shape, UNKNOWN)
        (found,) = await ready.evaluate(["it"], [Subject(record.key, record.attributes)], now)
    except ExpressionsInvalid as problem:
        raise InvalidInput("; ".join(f"{_PLACE}, {each.mistake}" for each in problem.mistakes)) from None
    finally:
        await expressions.aclose()
    value = found["it"]
    if isinstance(value, Failure):
        raise InvalidInput(f"For the record {record.key} it fails: {value.raised}")
    return value


def record_of(given: Mapping[str, Any]) -> Record:
    """
    Return a record that is written down, as one of JSON lines is.
    """
    values = {
        name: tuple(each) if isinstance(each, list) else () if each in (None, "") else (each,)
        for name, each in given.items()
    }
    return Record("given", values)
