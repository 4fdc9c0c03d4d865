"""
`audit`: the journal as a file, and people who are to be forgotten.
"""

import getpass
from collections.abc import AsyncIterator, Callable, Sequence
from pathlib import Path

from webex_connector.app import storing
from webex_connector.app.audit import csv_lines, json_lines
from webex_connector.base.clock import SystemClock
from webex_connector.cli import output
from webex_connector.cli.common import DEFAULT_CONFIG, Config, Json, log_to_standard_error, settings_of
from webex_connector.cli.exits import Exit
from webex_connector.cli.spans import moment_of
from webex_connector.icf.errors import ConfigurationInvalid, InvalidInput, PreconditionFailed
from webex_connector.store.errors import StoreError
from webex_connector.store.folder import written_whole
from webex_connector.store.forgetting import StillAtWork
from webex_connector.store.journal import Choice, Entry

_FORMS = {".jsonl": json_lines, ".csv": csv_lines}


async def export(
    file: Path,
    /,
    *,
    system: str | None = None,
    actor: str | None = None,
    since: str | None = None,
    until: str | None = None,
    config: Config = DEFAULT_CONFIG,
) -> Exit:
    """
    Write the journal to a file: every write of every door, with values before and after.

    Parameters
    ----------
    file
        A new file that ends in .jsonl or .csv; its owner alone can read it.
    system
        Only writes to this system.
    actor
        Only writes of this client or user.
    since
        Only writes from this moment on, as 2026-11-21 or 2026-11-21T08:00; UTC unless it says otherwise.
    until
        Only writes before this moment.
    """
    log_to_standard_error(verbose=False)
    form = _form(file)
    begin = None if since is None else moment_of(since, "--since")
    end = None if until is None else moment_of(until, "--until")
    choice = Choice(system, actor, since=begin, until=end)
    with storing.remembered(settings_of(config), SystemClock()) as memory:
        try:
            with written_whole(file) as out:
                async for lines in form(memory.journal.stream(choice)):
                    out.write(lines)
        except OSError as problem:
            raise InvalidInput(f"Cannot write {file}: {problem.strerror}") from problem
    output.note(f"Wrote {file}.")
    return Exit.OK


def _form(file: Path) -> Callable[[AsyncIterator[Sequence[Entry]]], AsyncIterator[bytes]]:
    form = _FORMS.get(file.suffix)
    if form is None:
        raise InvalidInput(f"The file ends in {' or '.join(_FORMS)}, not {file.name}")
    if file.exists():
        raise InvalidInput(f"{file} is there already; name another file, or take it away first")
    return form


async def forget(person: str, /, *, yes: bool = False, as_json: Json = False, config: Config = DEFAULT_CONFIG) -> Exit:
    """
    Forget a person: journal, plans, links, copies and history lose what they say of them, and keep that it was done.

    Parameters
    ----------
    person
        An address of theirs, their id at Webex, or the key of their record.
    yes
        Do it. Without it only the names are shown under which they are known.
    """
    log_to_standard_error(verbose=False)
    settings = settings_of(config)
    try:
        with storing.forgetting(settings, SystemClock()) as forgetting:
            known = await forgetting.known(person)
            counts = await forgetting.forget(known, getpass.getuser()) if yes else {}
        if yes:
            storing.compact(settings.store)
    except StillAtWork as problem:
        raise PreconditionFailed(str(problem)) from problem
    except StoreError as problem:
        raise ConfigurationInvalid(str(problem)) from problem
    names = sorted({*known.addresses, *known.uids, *(key for _, key in known.keys)})
    if as_json:
        output.show_json({"known": names, "forgotten": yes, "rows": counts})
    else:
        output.show_text("\n".join(names))
        told = ", ".join(f"{count} {name}" for name, count in counts.items()) or "nothing"
        output.note(f"Forgotten: {told}." if yes else "Nothing was changed: say --yes to forget them.")
    return Exit.OK
