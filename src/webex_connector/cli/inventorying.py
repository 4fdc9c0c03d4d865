"""
`inventory`: what the organisation was like, what has changed since, and which licences nobody uses.
"""

import csv
import getpass
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

from cyclopts import Parameter

from webex_connector.base.clock import SystemClock
from webex_connector.cli import output, words
from webex_connector.cli.common import DEFAULTS, Common, one_of, systems_of
from webex_connector.cli.exits import Exit
from webex_connector.cli.table import Rows
from webex_connector.icf.errors import InvalidInput, UnsupportedOperation
from webex_connector.icf.facade import Facade
from webex_connector.store.engine import Database
from webex_connector.store.journal import Choice, JournalTable
from webex_connector.store.snapshots import SnapshotTable, Version
from webex_connector.sync.decide.plan import AttributeChange
from webex_connector.sync.inventory.drift import Drift, changes_between, drifts
from webex_connector.sync.inventory.license_page import page
from webex_connector.sync.inventory.licenses import CLASS, LicenseUse, license_use
from webex_connector.sync.inventory.taking import take
from webex_connector.sync.report.outline import words_of

_LICENSE_COLUMNS = ("name", "bought", "assigned", "free", "idle", "disabled", "cost")

Price = Annotated[
    tuple[str, ...],
    Parameter(negative="", help="What a unit of a licence costs, by its name, as 'Webex Calling=12.50'."),
]


@dataclass(frozen=True, slots=True)
class _Open:
    """
    A system with its place in the store.
    """

    name: str
    facade: Facade
    database: Database
    clock: SystemClock

    def table(self, object_class: str) -> SnapshotTable:
        """
        Return the inventories of an object class.
        """
        info = words.object_class(self.facade.schema, object_class)
        return SnapshotTable(self.database, self.clock, self.name, info.name)


@asynccontextmanager
async def _opened(common: Common) -> AsyncIterator[_Open]:
    async with systems_of(common.config, verbose=common.verbose) as systems:
        name = one_of(systems, common.system)
        yield _Open(name, systems[name].facade, systems.memory.store.database, SystemClock())


async def run(object_class: str = "account", /, *, common: Common = DEFAULTS) -> Exit:
    """
    Look at every object of a class, and remember how it is.

    Parameters
    ----------
    object_class
        account, group or another one.
    """
    async with _opened(common) as system:
        info = words.object_class(system.facade.schema, object_class)
        done = await take(system.facade, info.name, system.table(object_class), getpass.getuser())
    if common.as_json:
        output.show_json(asdict(done))
    else:
        output.show_text(f"{done.objects:,} objects as of {done.began:%Y-%m-%d %H:%M} UTC")
    return Exit.OK


async def drift(object_class: str = "account", /, *, common: Common = DEFAULTS) -> Exit:
    """
    Show what is otherwise in the last inventory than in the one before, and whether it was done through us.

    Parameters
    ----------
    object_class
        account, group or another one.
    """
    async with _opened(common) as system:
        table = system.table(object_class)
        looks = await table.latest()
        if len(looks) < 2:  # noqa: PLR2004 - an inventory and the one before
            raise InvalidInput("There are no two inventories to compare yet; take one: webex-connector inventory run")
        journal = JournalTable(system.database, system.clock)

        async def writers(uid: str, since: datetime) -> Sequence[str]:
            entries = await journal.entries(Choice(system=system.name, uid=uid, since=since))
            return sorted({f"{each.opening.actor} by {each.opening.door}" for each in entries})

        rows = [_drift(each) async for each in drifts(table, looks[1], looks[0], writers)]
    if common.as_json:
        output.show_json_lines(rows)
    elif rows:
        Rows(("object", "what", "changes", "by")).add(rows)
    else:
        output.note(f"Nothing is otherwise than on {looks[1].began:%Y-%m-%d %H:%M} UTC.")
    return Exit.OK


async def history(person: str, /, *, object_class: str = "account", common: Common = DEFAULTS) -> Exit:
    """
    Show how somebody was in each inventory that saw them otherwise than before.

    Parameters
    ----------
    person
        The uid, or an address they have or had.
    object_class
        account, group or another one.
    """
    async with _opened(common) as system:
        versions = await system.table(object_class).history(person)
    rows = [_version(each, before) for each, before in zip(versions, [None, *versions], strict=False)]
    if common.as_json:
        output.show_json_lines(rows)
    elif rows:
        Rows(("since", "until", "object", "changes")).add(rows)
    return Exit.OK if rows else Exit.NOT_FOUND


async def licenses(
    *,
    idle_days: Annotated[int, Parameter(name="--idle", help="After how many days without activity one is idle.")] = 90,
    price: Price = (),
    out: Annotated[Path | None, Parameter(help="Write a report: a file that ends in .html or .csv.")] = None,
    common: Common = DEFAULTS,
) -> Exit:
    """
    Show which licences are assigned, idle, or held by people who may not log in, and what that costs.
    """
    prices = dict(map(_price, price))
    if idle_days < 1:
        raise InvalidInput("--idle is one day or more")
    if out is not None and out.suffix not in {".html", ".csv"}:
        raise InvalidInput(f"--out is a file that ends in .html or .csv, not {out.name}")
    async with _opened(common) as system:
        if all(each.name != CLASS for each in system.facade.schema.object_classes):
            raise UnsupportedOperation(f"The system {system.name} has no licences to tell of")
        now = system.clock.now()
        uses = await license_use(system.facade, idle_days, prices, now, getpass.getuser())
        if out is not None and out.suffix == ".html":
            out.write_text("".join(page(uses, system.name, idle_days, now)), "utf-8")
    rows = [_license(each) for each in uses]
    if out is not None and out.suffix == ".csv":
        with out.open("w", encoding="utf-8", newline="") as file:
            written = csv.DictWriter(file, _LICENSE_COLUMNS)
            written.writeheader()
            written.writerows(rows)
    if common.as_json:
        output.show_json_lines(rows)
    else:
        Rows(_LICENSE_COLUMNS).add(rows)
    sys.stdout.flush()
    return Exit.OK


def _price(text: str) -> tuple[str, float]:
    name, _, price = text.rpartition("=")
    try:
        return name, float(price)
    except ValueError:
        raise InvalidInput(f"--price is like 'Webex Calling=12.50', not {text}") from None


def _license(use: LicenseUse) -> Mapping[str, Any]:
    return {
        "name": use.name,
        "bought": use.bought,
        "assigned": use.assigned,
        "free": use.free,
        "idle": use.idle,
        "disabled": use.disabled,
        "cost": use.cost,
    }


def _drift(found: Drift) -> Mapping[str, Any]:
    return {
        "object": found.name or found.uid,
        "what": found.kind,
        "changes": _words(found.changes),
        "by": ", ".join(found.writers) or "somebody else",
    }


def _version(version: Version, before: Version | None) -> Mapping[str, Any]:
    changes = () if before is None else changes_between(before.content, version.content)
    return {
        "since": f"{version.since:%Y-%m-%d %H:%M}",
        "until": None if version.until is None else f"{version.until:%Y-%m-%d %H:%M}",
        "object": version.name or version.uid,
        "changes": _words(changes) or "first seen",
    }


def _words(changes: Sequence[AttributeChange]) -> str:
    return "; ".join(f"{each.attribute}: {words_of(each.old)} > {words_of(each.new)}" for each in changes)
