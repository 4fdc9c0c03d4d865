"""
What the commands that talk to a system share: where the settings are, which system, and how to answer.
"""

import getpass
import logging
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from webex_connector.app import wiring
from webex_connector.app.connectors import KINDS
from webex_connector.app.settings import Settings
from webex_connector.app.settings_file import load
from webex_connector.app.systems import Systems
from webex_connector.base import log
from webex_connector.base.clock import SystemClock
from webex_connector.icf.errors import ConfigurationInvalid, InvalidInput
from webex_connector.icf.facade import Facade
from webex_connector.icf.options import Actor, OperationOptions

DEFAULT_CONFIG = Path("webex-connector.toml")
"""
The settings file of a command that is not told another one.
"""

Config = Annotated[Path, Parameter(env_var="WEBEX_CONNECTOR_CONFIG", help="The settings file.")]
Json = Annotated[bool, Parameter(name="--json", negative="", help="Answer in JSON, for machines.")]
Verbose = Annotated[
    bool,
    Parameter(name=["--verbose", "-v"], negative="", help="Log every request to standard error."),
]


@Parameter(name="*")
@dataclass(frozen=True, slots=True)
class Common:
    """
    The options of every command that talks to a system.
    """

    config: Config = DEFAULT_CONFIG
    system: Annotated[
        str | None,
        Parameter(help="The system to talk to; may be left out when only one is configured."),
    ] = None
    as_json: Json = False
    verbose: Verbose = False


DEFAULTS = Common()


def settings_of(config: Path) -> Settings:
    """
    Read the settings. Raises ConfigurationInvalid with everything that is wrong.
    """
    if not config.exists():
        raise ConfigurationInvalid(
            f"There is no settings file {config}. Name yours by --config or WEBEX_CONNECTOR_CONFIG; to try things out, "
            f"have one written together with a simulated organisation: webex-connector sandbox --write-config {config}",
        )
    return load(config, os.environ, KINDS)


def log_to_standard_error(*, verbose: bool) -> None:
    """
    Send the log to standard error: JSON lines unless that is a terminal, and warnings alone unless asked for more.
    """
    log.configure(as_json=not sys.stderr.isatty(), level=logging.INFO if verbose else logging.WARNING)


@asynccontextmanager
async def facade_of(common: Common) -> AsyncIterator[Facade]:
    """
    Open the system that the options name. Raises like `systems_of` and `one_of`.
    """
    async with systems_of(common.config, verbose=common.verbose) as systems:
        yield systems[one_of(systems, common.system)].facade


@asynccontextmanager
async def systems_of(config: Path, *, verbose: bool) -> AsyncIterator[Systems]:
    """
    Open every system. Raises ConfigurationInvalid with everything that is wrong with the settings.
    """
    log_to_standard_error(verbose=verbose)
    async with wiring.opened(settings_of(config), SystemClock()) as systems:
        yield systems


def one_of(systems: Systems, name: str | None) -> str:
    """
    Return the system that is meant. Raises like `known_of`, and ConfigurationInvalid when it is not open.
    """
    name = known_of(systems, name)
    if name in systems.problems:
        raise ConfigurationInvalid(
            f"The system {name} is not connected yet: {systems.problems[name]}. Connect it in a browser: "
            f"webex-connector connect {name}; or give what is missing in the settings",
        )
    return name


def known_of(systems: Systems, name: str | None) -> str:
    """
    Return the system named, or the only one, open or not. Raises InvalidInput when that is none or not clear.
    """
    known = sorted({*systems, *systems.problems})
    if not known:
        raise InvalidInput("There is no system yet; name one in the settings, [systems.webex]")
    name = name or (known[0] if len(known) == 1 else "")
    if name not in known:
        problem = f"There is no system {name}" if name else "Say which system you mean"
        raise InvalidInput(f"{problem}; there are: {', '.join(known)}")
    return name


def signed(*, dry_run: bool = False) -> OperationOptions:
    """
    Return operation options in the name of the user who runs the command.
    """
    return OperationOptions(actor=Actor(getpass.getuser(), "command line"), dry_run=dry_run)
