"""
`mirror`: how old the copies of a system's objects are, and bringing them up to date.
"""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Annotated, Any

from cyclopts import Parameter

from webex_connector.cli import output
from webex_connector.cli.common import DEFAULTS, Common, one_of, systems_of
from webex_connector.cli.exits import Exit
from webex_connector.cli.table import Rows
from webex_connector.icf.errors import ConfigurationInvalid, ConnectionFailed
from webex_connector.mirror.mirror import Age, Mirror
from webex_connector.store.errors import StoreError

_COLUMNS = ("class", "objects", "as_of", "reads", "error")


async def status(*, common: Common = DEFAULTS) -> Exit:
    """
    Show how old the copy of each object class is, and whether reads are answered from it.
    """
    async with _mirror_of(common) as mirror:
        await _show(mirror, common)
    return Exit.OK


async def refresh(*, whole: Annotated[bool, Parameter(negative="")] = False, common: Common = DEFAULTS) -> Exit:
    """
    Bring every copy up to date now, and show how old they are.

    Parameters
    ----------
    whole
        Read everything anew, not only what changed.
    """
    async with _mirror_of(common) as mirror:
        for name, refresher in mirror.refreshers.items():
            if not await refresher.refresh(whole=whole):
                output.note(f"{name} is being refreshed by another process.")
        await _show(mirror, common)
    return Exit.OK


@asynccontextmanager
async def _mirror_of(common: Common) -> AsyncIterator[Mirror]:
    async with systems_of(common.config, verbose=common.verbose) as systems:
        name = one_of(systems, common.system)
        mirror = systems.mirrors.get(name)
        if mirror is None:
            raise ConfigurationInvalid(f"{name} is not mirrored: the settings have no table [systems.{name}.mirror]")
        try:
            yield mirror
        except StoreError as problem:
            raise ConnectionFailed(f"The copies cannot be read or written: {problem}") from problem


async def _show(mirror: Mirror, common: Common) -> None:
    rows = [_row(age) for age in await mirror.ages()]
    if common.as_json:
        output.show_json(rows)
    else:
        Rows(_COLUMNS).add(rows)


def _row(age: Age) -> Mapping[str, Any]:
    return {
        "class": age.object_class,
        "objects": age.objects,
        "as_of": None if age.as_of is None else age.as_of.isoformat(timespec="seconds"),
        "reads": "from the copy" if age.is_shown else "from Webex",
        "error": age.error,
    }
