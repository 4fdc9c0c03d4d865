"""
`serve`, `sandbox` and `demo`: what stays up until Ctrl-C.
"""

import secrets
from contextlib import AsyncExitStack
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from webex_connector.app import serve as server
from webex_connector.app.demo import stage, tour
from webex_connector.app.practice import practice_file, write_practice_file
from webex_connector.base.clock import SystemClock
from webex_connector.cli import output
from webex_connector.cli.common import DEFAULT_CONFIG, Config, Json, Verbose, log_to_standard_error, settings_of
from webex_connector.cli.exits import Exit
from webex_connector.icf.errors import InvalidInput, SetupError
from webex_connector.sandbox.sandbox import Sandbox

People = Annotated[int, Parameter(help="How many people the organisation has; two at least.")]
Seed = Annotated[int, Parameter(help="The same seed gives the same organisation.")]


async def serve(*, config: Config = DEFAULT_CONFIG, quiet: Annotated[bool, Parameter(negative="")] = False) -> Exit:
    """
    Serve the doors to every configured system until Ctrl-C or SIGTERM. Requests in progress are finished.

    Parameters
    ----------
    quiet
        Log warnings only, not every request.
    """
    log_to_standard_error(verbose=not quiet)
    settings = settings_of(config)
    systems = ", ".join(settings.systems)
    await server.serve(
        settings,
        SystemClock(),
        lambda address: output.note(f"Serving {systems} at {address}/openidm/system. Ctrl-C stops."),
    )
    return Exit.OK


async def sandbox(
    *,
    people: People = 2000,
    seed: Seed = 7,
    port: int = 8085,
    write_config: Path | None = None,
    as_json: Json = False,
    verbose: Verbose = False,
) -> Exit:
    """
    Simulate a Webex organisation on this computer until Ctrl-C, and print what connects to it.

    Parameters
    ----------
    port
        The TCP port to listen on; 0 takes any free one.
    write_config
        Write a settings file for the simulated organisation, with its secrets in a folder beside it.
    """
    log_to_standard_error(verbose=verbose)
    control_token = secrets.token_urlsafe(16)
    simulated = _organisation(people, seed, control_token)
    async with AsyncExitStack() as stack:
        try:
            address = await stack.enter_async_context(simulated.serving(port=port))
        except OSError as problem:
            raise SetupError(f"Cannot listen on port {port}: {problem.strerror}; choose another by --port") from problem
        _introduce(simulated, address, control_token, as_json=as_json)
        if write_config is not None:
            folder = write_practice_file(write_config, address, simulated.credentials)
            output.note(f"Wrote {write_config} and {folder}. Try: webex-connector test --config {write_config}")
        output.note("Ctrl-C stops.")
        await server.stopped()
    return Exit.OK


async def demo(
    *,
    people: People = 2000,
    seed: Seed = 7,
    port: int = 8080,
    once: Annotated[bool, Parameter(negative="")] = False,
) -> Exit:
    """
    See everything at work: a simulated organisation, the REST door in front of it, and the requests of the connector's
    reference page with their answers. It stays up until Ctrl-C, so that the requests can be tried by hand.

    Parameters
    ----------
    port
        Where the REST door listens, on this computer only.
    once
        End after the tour: with 0 when every answer was as expected, else with 1.
    """
    log_to_standard_error(verbose=False)
    async with stage.built(_organisation(people, seed), port, SystemClock()) as set_up:
        went_well = await tour.walk(set_up)
        if not once:
            tour.invite(set_up)
            await server.stopped()
    return Exit.OK if went_well else Exit.FAILED


def _organisation(people: int, seed: int, control_token: str | None = None) -> Sandbox:
    try:
        return Sandbox(people=people, seed=seed, control_token=control_token)
    except ValueError as problem:
        raise InvalidInput(f"--people: {problem}") from problem


def _introduce(simulated: Sandbox, address: str, control_token: str, *, as_json: bool) -> None:
    """
    Print what connects to the organisation; none of it is secret.
    """
    facts = {
        "serviceUri": f"{address}/v1",
        "tokenEndpoint": f"{address}/v1/access_token",
        **asdict(simulated.credentials),
        "control": f"{address}/__sandbox__",
        "control_token": control_token,
    }
    if as_json:
        output.show_json(facts)
        return
    output.show_pairs(facts)
    names = {"client_secret": "CLIENT_SECRET", "refresh_token": "REFRESH_TOKEN", "password": "IDM_PASSWORD"}
    references = {name: f"env:{variable}" for name, variable in names.items()}
    output.show_text(
        "\n# webex-connector.toml, to go with these:\n"
        f"#   export CLIENT_SECRET={simulated.credentials.client_secret}\n"
        f"#   export REFRESH_TOKEN={simulated.credentials.refresh_token}\n"
        "#   export IDM_PASSWORD=...   (of your choice)\n" + practice_file(address, simulated.credentials, references),
    )
