"""
`journal` and `store`: what is kept between commands, and how it is kept safe.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec

from webex_connector.app import storing
from webex_connector.app.audit import row_of
from webex_connector.base.clock import SystemClock
from webex_connector.cli import output
from webex_connector.cli.common import DEFAULT_CONFIG, Config, Json, log_to_standard_error, settings_of
from webex_connector.cli.exits import Exit
from webex_connector.cli.spans import moment_of
from webex_connector.cli.table import Rows
from webex_connector.icf.errors import InvalidInput
from webex_connector.store.journal import Choice, Entry, Outcome

_COLUMNS = ("began", "system", "who", "door", "change", "class", "_id", "outcome", "what")
_MEANT = {Outcome.UNFINISHED: "nobody saw the end"}


async def journal(
    *,
    system: str | None = None,
    actor: str | None = None,
    uid: str | None = None,
    outcome: Outcome | None = None,
    since: str | None = None,
    limit: int = 100,
    as_json: Json = False,
    config: Config = DEFAULT_CONFIG,
) -> Exit:
    """
    Show the latest writes, oldest first. With --json each one is a line, with values before and after.

    Parameters
    ----------
    system
        Only writes to this system.
    actor
        Only writes of this client or user.
    uid
        Only writes to the object with this id.
    outcome
        Only writes that ended so; unfinished: nobody saw the end.
    since
        Only writes from this moment on, as 2026-11-21 or 2026-11-21T08:00; UTC unless it says otherwise.
    limit
        At most that many, the latest ones.
    """
    log_to_standard_error(verbose=False)
    if limit < 1:
        raise InvalidInput("--limit is one or more")
    choice = Choice(system, actor, uid, outcome, None if since is None else moment_of(since, "--since"), limit)
    with storing.remembered(settings_of(config), SystemClock()) as memory:
        found = await memory.journal.entries(choice)
    if as_json:
        output.show_json_lines([row_of(entry) for entry in found])
    elif found:
        Rows(_COLUMNS).add([_row(entry) for entry in found])
    else:
        output.note("Nothing found.")
    return Exit.OK


def backup(file: Path, /, *, config: Config = DEFAULT_CONFIG) -> Exit:
    """
    Copy the database and its keys to a file, also while a server runs.

    Parameters
    ----------
    file
        The file to make; it must not be there yet.
    """
    log_to_standard_error(verbose=False)
    with_keys = storing.backup(settings_of(config).store, file)
    keys = "the keys are in it: keep it as safe as a password" if with_keys else "the keys are where the settings say"
    output.note(f"Wrote {file}; {keys}.")
    return Exit.OK


def restore(file: Path, /, *, yes: bool = False, config: Config = DEFAULT_CONFIG) -> Exit:
    """
    Put a backup in the place of what is there. No server may run.

    Parameters
    ----------
    file
        What `store backup` wrote.
    yes
        Do it. Without it nothing is changed.
    """
    log_to_standard_error(verbose=False)
    if not yes:
        raise InvalidInput("This replaces the journal, the stored tokens and the keys: say --yes if you mean it")
    kept = storing.restore(settings_of(config).store, file, SystemClock().now())
    output.note(f"Restored {file}." if kept is None else f"Restored {file}. What was there before is in {kept}.")
    return Exit.OK


def rotate_key(*, config: Config = DEFAULT_CONFIG) -> Exit:
    """
    Seal the secrets in the database with a new key. No server may run.
    """
    log_to_standard_error(verbose=False)
    count = storing.rotate(settings_of(config).store)
    output.note(f"Sealed {count} secrets with the new key.")
    return Exit.OK


def _row(entry: Entry) -> Mapping[str, Any]:
    opening, ending = entry.opening, entry.ending
    return {
        "began": f"{entry.began:%Y-%m-%d %H:%M:%S}",
        "system": opening.system,
        "who": opening.actor,
        "door": opening.door,
        "change": opening.change,
        "class": opening.object_class,
        "_id": ending.uid,
        "outcome": _MEANT.get(ending.outcome, ending.outcome.value),
        "what": ending.reason or ending.error or _named(opening.intent),
    }


def _named(intent: str) -> str:
    wanted = msgspec.json.decode(intent)
    return ", ".join([*wanted.get("attributes", {}), *(each["name"] for each in wanted.get("deltas", []))])
