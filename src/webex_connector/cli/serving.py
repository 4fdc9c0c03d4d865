"""
`serve`, `sandbox` and `demo`: what stays up until Ctrl-C.
"""

import errno
import secrets
import tempfile
from contextlib import AsyncExitStack
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from webex_connector.app import serve as server
from webex_connector.app.demo import stage, synchronizing, tour
from webex_connector.app.practice import practice_file, write_practice_file
from webex_connector.app.settings import Settings
from webex_connector.base.clock import SystemClock
from webex_connector.cli import output
from webex_connector.cli.common import DEFAULT_CONFIG, Config, Json, Verbose, log_to_standard_error, settings_of
from webex_connector.cli.exits import Exit
from webex_connector.icf.errors import ConfigurationInvalid, InvalidInput, SetupError
from webex_connector.sandbox.assertions import trusted
from webex_connector.sandbox.grants import Credentials
from webex_connector.sandbox.meetings_site.site import PATH
from webex_connector.sandbox.sandbox import Sandbox

_PORTS = 65_536

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
    await server.serve(settings, SystemClock(), lambda address: output.note(_doors(settings, address)))
    return Exit.OK


async def sandbox(
    *,
    people: People = 2000,
    seed: Seed = 7,
    port: int = 8085,
    write_config: Path | None = None,
    trusted_key: Path | None = None,
    site_users: int = 0,
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
    trusted_key
        A file with a public key (PEM) or a shared secret: JWT_TOKEN and jwt_bearer are let in that sign to fit it.
    site_users
        How many users a classic meeting site beside the organisation has, three at least; 0 for no such site.
    """
    log_to_standard_error(verbose=verbose)
    _usable(port)
    _not_there_yet(write_config)
    control_token = secrets.token_urlsafe(16)
    credentials = Credentials(trusted_key=_key_in(trusted_key) if trusted_key else "")
    simulated = _organisation(people, seed, control_token, credentials)
    _open_site(simulated, site_users, seed)
    async with AsyncExitStack() as stack:
        try:
            address = await stack.enter_async_context(simulated.serving(port=port))
        except OSError as problem:
            why = "another program uses it" if problem.errno == errno.EADDRINUSE else problem.strerror
            raise SetupError(
                f"Cannot listen on port {port}: {why}; choose another by --port, or 0 for any"
            ) from problem
        _introduce(simulated, address, control_token, as_json=as_json)
        if write_config is not None:
            known = [site.credentials for site in simulated.sites]
            folder = write_practice_file(write_config, address, simulated.credentials, known)
            named = "" if write_config == DEFAULT_CONFIG else f" --config {write_config}"
            output.note(
                f"\nWrote the settings file {write_config}, and its secrets to the folder {folder}.\n"
                f"Try, in another terminal: webex-connector test{named}",
            )
        elif not as_json:
            _offer_settings(simulated, address)
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
    reference page with their answers; then the sync engine, with a file of 500 people. It stays up until Ctrl-C, so
    that requests and commands can be tried by hand.

    Parameters
    ----------
    port
        Where the REST door listens, on this computer only.
    once
        End after the tour: with 0 when every answer was as expected, else with 1.
    """
    log_to_standard_error(verbose=False)
    simulated = _organisation(people, seed)
    with tempfile.TemporaryDirectory(prefix="webex-connector-demo-") as folder:
        async with stage.built(simulated, port, SystemClock()) as set_up:
            went_well = await tour.walk(set_up)
            went_well &= await synchronizing.walk(set_up, Path(folder))
            if not once:
                tour.invite(set_up, Path(folder))
                await server.stopped()
    return Exit.OK if went_well else Exit.FAILED


def _doors(settings: Settings, address: str) -> str:
    """
    Return where each door is, in lines for whoever has started the server.
    """
    lines = [f"Serving {', '.join(settings.systems)} at {address}/openidm/system."]
    # A provisioner file may have disabled a system.
    lines += [
        f"SCIM of {each.name}: {address}/scim/{each.name}/v2"
        for each in settings.systems.values()
        if each.shape.enabled
    ]
    lines.append(f"Console: {address}/")
    remote = settings.remote
    if remote is not None:
        host = f"[{remote.host}]" if ":" in remote.host else remote.host
        tls = remote.certificate is not None
        if remote.tcp:
            lines.append(f"Connector server: {host}:{remote.port}{' by TLS' if tls else ''}")
        if remote.openicf is not None and remote.openicf.port is not None:
            lines.append(f"OpenICF: {'wss' if tls else 'ws'}://{host}:{remote.openicf.port}/openicf")
    return "\n".join((*lines, "Ctrl-C stops."))


def _usable(port: int) -> None:
    if port not in range(_PORTS):
        raise InvalidInput(f"--port: there is no port {port}; the last one is {_PORTS - 1}")


def _not_there_yet(file: Path | None) -> None:
    if file is not None and file.exists():
        raise ConfigurationInvalid(f"{file} is there already; name another file, or take it away first")


def _key_in(file: Path) -> str:
    try:
        return trusted(file.read_text("utf-8"))
    except OSError as problem:
        raise InvalidInput(f"--trusted-key: cannot read {file}: {problem.strerror}") from problem
    except ValueError as problem:
        why = "it is no text" if isinstance(problem, UnicodeDecodeError) else problem
        raise InvalidInput(f"--trusted-key: {file} cannot be used: {why}") from problem


def _organisation(
    people: int, seed: int, control_token: str | None = None, credentials: Credentials | None = None
) -> Sandbox:
    try:
        return Sandbox(people=people, seed=seed, control_token=control_token, credentials=credentials)
    except ValueError as problem:
        raise InvalidInput(f"--people: {problem}") from problem


def _open_site(simulated: Sandbox, users: int, seed: int) -> None:
    if not users:
        return
    try:
        simulated.sites.open("acmeclassic", users=users, seed=seed)
    except ValueError as problem:
        raise InvalidInput(f"--site-users: {problem}") from problem


def _introduce(simulated: Sandbox, address: str, control_token: str, *, as_json: bool) -> None:
    """
    Print what connects to the organisation; none of it is secret.
    """
    if as_json:
        facts = {
            "serviceUri": f"{address}/v1",
            "tokenEndpoint": f"{address}/v1/access_token",
            **asdict(simulated.credentials),
            "control": f"{address}/__sandbox__",
            "control_token": control_token,
            "sites": [{"siteUrl": f"{address}{PATH}", **asdict(site.credentials)} for site in simulated.sites],
        }
        output.show_json(facts)
        return
    credentials = simulated.credentials
    output.show_text(
        f"A simulated Webex organisation of {simulated.world.people_count:,} people is up.\n\n"
        "What connects to it (nothing here is secret):\n",
    )
    output.show_pairs(
        {
            "  Webex API": f"{address}/v1",
            "  token endpoint": f"{address}/v1/access_token",
            "  client id": credentials.client_id,
            "  client secret": credentials.client_secret,
            "  refresh token": credentials.refresh_token,
            "  administrator's access token": credentials.access_token,
            "  a machine's access token": credentials.service_app_token,
            "  login and password": f"{credentials.login}, {credentials.password}",
            "  signed tokens": "by the key of --trusted-key" if credentials.trusted_key else "none; see --trusted-key",
            "  control API": f"{address}/__sandbox__, with the header X-Sandbox-Token: {control_token}",
            **_sites_of(simulated, address),
        },
    )


def _sites_of(simulated: Sandbox, address: str) -> dict[str, str]:
    known = [site.credentials for site in simulated.sites]
    if not known:
        return {}
    return {
        "  XML API of classic sites": f"{address}{PATH}",
        **{
            f"  site {site.site_name}": f"WebEx ID {site.web_ex_id}, password {site.password}, "
            f"Site ID {site.site_id}, Partner ID {site.partner_id}"
            for site in known
        },
    }


def _offer_settings(simulated: Sandbox, address: str) -> None:
    """
    Print a settings file to paste, for who has not asked for a written one.
    """
    credentials, sites = simulated.credentials, [site.credentials for site in simulated.sites]
    names = {"client_secret": "CLIENT_SECRET", "refresh_token": "REFRESH_TOKEN", "password": "IDM_PASSWORD"}
    names |= {site.site_name: f"{site.site_name.upper()}_PASSWORD" for site in sites}
    references = {name: f"env:{variable}" for name, variable in names.items()}
    exports = "".join(f"#   export {names[site.site_name]}={site.password}\n" for site in sites)
    output.show_text(
        "\n# webex-connector.toml, to go with these (--write-config FILE writes it):\n"
        f"#   export CLIENT_SECRET={credentials.client_secret}\n"
        f"#   export REFRESH_TOKEN={credentials.refresh_token}\n{exports}"
        "#   export IDM_PASSWORD=...   (of your choice)\n"
        + practice_file(address, credentials, references, sites=sites),
    )
