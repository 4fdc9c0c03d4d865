"""
`guard`: who was stopped from deleting and disabling, and who may go on.
"""

import getpass
from collections.abc import Mapping
from typing import Annotated, Any

from cyclopts import Parameter

from webex_connector.app import storing
from webex_connector.base.clock import SystemClock
from webex_connector.cli import output
from webex_connector.cli.common import DEFAULT_CONFIG, Config, Json, log_to_standard_error, settings_of
from webex_connector.cli.exits import Exit
from webex_connector.cli.spans import span_of
from webex_connector.cli.table import Rows
from webex_connector.icf.errors import InvalidInput
from webex_connector.store.clients import By
from webex_connector.store.quota import Account

_COLUMNS = ("client", "last hour", "stopped", "at", "allowed", "until")
_SPAN = "1h"


async def list_(*, as_json: Json = False, config: Config = DEFAULT_CONFIG) -> Exit:
    """
    Show who deleted or disabled how much in the last hour, who was stopped and where, and who may do more.
    """
    log_to_standard_error(verbose=False)
    with storing.allowing(settings_of(config), SystemClock()) as allowing:
        rows = [_row(name, account) for name, account in (await allowing.accounts()).items()]
    if as_json:
        output.show_json_lines(rows)
    elif rows:
        Rows(_COLUMNS).add(rows)
    else:
        output.note("Nobody was stopped, and nobody deleted or disabled anything in the last hour.")
    return Exit.OK


async def allow(
    client: str,
    /,
    *,
    count: int | None = None,
    within: Annotated[str | None, Parameter(name="--for", help="How long the count is good, as 30m or 2d; 1h.")] = None,
    config: Config = DEFAULT_CONFIG,
) -> Exit:
    """
    Let a client go on that was stopped from deleting and disabling.

    Parameters
    ----------
    client
        Its name, as `guard list` shows it.
    count
        How many objects beyond its quota it may delete or disable, in place of a whole new quota.
    """
    log_to_standard_error(verbose=False)
    if within is not None and count is None:
        raise InvalidInput("--for says how long a --count is good; without one the client has a whole new quota")
    span, by = span_of(within or _SPAN, "--for"), By(getpass.getuser(), "command line")
    with storing.allowing(settings_of(config), SystemClock()) as allowing:
        if count is None:
            await allowing.renew(client, by)
        else:
            await allowing.grant(client, count, span, by)
    more = f"may delete or disable {count} objects beyond its quota within {within or _SPAN}"
    output.note(f"{client} {'has a whole new quota' if count is None else more}.")
    return Exit.OK


def _row(name: str, account: Account) -> Mapping[str, Any]:
    stop, allowance = account.stop, account.allowance
    return {
        "client": name,
        "last hour": len(account.moments),
        "stopped": None if stop is None else f"{stop.since:%Y-%m-%d %H:%M}",
        "at": None if stop is None else f"{stop.system} by {stop.door}",
        "allowed": None if allowance is None else allowance.left,
        "until": None if allowance is None else f"{allowance.ends:%Y-%m-%d %H:%M}",
    }
