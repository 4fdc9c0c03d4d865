"""
`sync worklist` and `sync decide`: what only people can know.
"""

import getpass
from typing import Annotated

from cyclopts import Parameter

from webex_connector.app.syncing import Syncing
from webex_connector.cli import output
from webex_connector.cli.common import DEFAULT_CONFIG, Config, Json
from webex_connector.cli.exits import Exit
from webex_connector.cli.syncing import engine_of
from webex_connector.cli.table import Rows
from webex_connector.icf import names
from webex_connector.icf.errors import InvalidInput, UnknownUid
from webex_connector.icf.options import Actor, OperationOptions
from webex_connector.store.decisions import Choice, Decision
from webex_connector.sync.apply.applying import DOOR
from webex_connector.sync.decide.definition import DEFAULT_QUALIFIER
from webex_connector.sync.worklist import Undecided, Worklist

_COLUMNS = ("record", "could be", "name", "why")
_DECIDED = ("record", "decision", "object", "who", "when")

Qualifier = Annotated[str, Parameter(help="The link qualifier, of mappings that have several.")]


async def worklist(
    mapping: str,
    /,
    *,
    decided: Annotated[bool, Parameter(negative="", help="Show what was decided instead.")] = False,
    as_json: Json = False,
    config: Config = DEFAULT_CONFIG,
) -> Exit:
    """
    Show the records of the newest plan that somebody has to decide about.

    Parameters
    ----------
    mapping
        Its name in the sync file.
    """
    async with engine_of(config) as engine:
        waiting = Worklist(mapping, engine.tables)
        if decided:
            rows = [_kept(each) for each in await waiting.decided()]
        else:
            rows = await _rows(engine, mapping, await waiting.undecided())
    if as_json:
        output.show_json_lines(rows)
    else:
        Rows(_DECIDED if decided else _COLUMNS).add(rows)
        output.note(f"{len(rows)} {'decided' if decided else 'to decide'}.")
    return Exit.OK


async def decide(
    mapping: str,
    record: str,
    uid: str | None = None,
    /,
    *,
    create: Annotated[bool, Parameter(negative="", help="It gets an object of its own.")] = False,
    ignore: Annotated[bool, Parameter(negative="", help="Nothing is done for it.")] = False,
    undecided: Annotated[bool, Parameter(negative="", help="Take the decision back.")] = False,
    qualifier: Qualifier = DEFAULT_QUALIFIER,
    config: Config = DEFAULT_CONFIG,
) -> Exit:
    """
    Decide to which object a record belongs. The next plan goes by it.

    Parameters
    ----------
    mapping
        Its name in the sync file.
    record
        The record's key, as `sync worklist` shows it.
    uid
        The object that it belongs to.
    """
    if sum((uid is not None, create, ignore, undecided)) != 1:
        raise InvalidInput("Say one thing: the object it belongs to, --create, --ignore or --undecided")
    async with engine_of(config) as engine:
        if undecided:
            was = await engine.tables.decisions.take_back(mapping, record, qualifier)
            output.show_text(f"{record} is undecided again." if was else f"About {record} nothing was decided.")
            return Exit.OK if was else Exit.NOT_FOUND
        choice = Choice.CREATE if create else Choice.IGNORE if ignore else Choice.BELONGS
        kept = Decision(record, choice, uid, qualifier, getpass.getuser())
        await Worklist(mapping, engine.tables).decide(kept)
    output.show_text(f"Decided. It is done with the next plan: webex-connector sync plan {mapping}")
    return Exit.OK


async def _rows(engine: Syncing, mapping: str, waiting: list[Undecided]) -> list[dict[str, str | None]]:
    shown = []
    for each in waiting:
        for uid in each.candidates or (None,):
            name = None if uid is None else await _name(engine, mapping, uid)
            shown.append(dict(zip(_COLUMNS, (each.key, uid, name, each.reason), strict=True)))
    return shown


async def _name(engine: Syncing, mapping: str, uid: str) -> str | None:
    found = engine.settings.mappings.get(mapping)
    if found is None or found.system not in engine.systems:
        return None
    options = OperationOptions(attributes_to_get=(names.NAME,), actor=Actor(getpass.getuser(), DOOR))
    try:
        there = await engine.systems[found.system].facade.get(found.object_class, uid, options)
    except UnknownUid:
        return "gone"
    return there.name


def _kept(each: Decision) -> dict[str, str | None]:
    made = None if each.made is None else each.made.isoformat(timespec="seconds")
    return dict(zip(_DECIDED, (each.source_key, each.choice.value, each.target_uid, each.maker, made), strict=True))
