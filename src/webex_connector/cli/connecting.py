"""
`connect`: a person consents in a browser, and the system has its tokens.
"""

import asyncio
import getpass
import webbrowser
from datetime import datetime
from typing import Annotated, Any

from cyclopts import Parameter

from webex_connector.app import loopback
from webex_connector.app.connecting import PATIENCE, Connecting
from webex_connector.cli import asking, output
from webex_connector.cli.common import DEFAULT_CONFIG, Config, Json, Verbose, known_of, signed, systems_of
from webex_connector.cli.exits import Exit
from webex_connector.cli.inspecting import findings_of, show_findings
from webex_connector.gateway.console.ports import Standing
from webex_connector.icf.errors import OperationTimeout

_SHELL = "command line"


async def connect(
    name: str | None = None,
    /,
    *,
    paste: Annotated[bool, Parameter(negative="")] = False,
    bearer: Annotated[bool, Parameter(negative="")] = False,
    forget: Annotated[bool, Parameter(negative="")] = False,
    config: Config = DEFAULT_CONFIG,
    as_json: Json = False,
    verbose: Verbose = False,
) -> Exit:
    """
    Connect a system to Webex by consent in a browser, store its tokens sealed, and test it.

    Parameters
    ----------
    name
        The system; may be left out when only one is configured.
    paste
        Ask for the address that the browser was led to, in place of waiting for it: where no browser runs here.
    bearer
        Take an access token that you copy from the browser; it lives a year at most and is not renewed.
    forget
        Forget what was stored by this command, or by the console, and use the settings alone again.
    """
    async with systems_of(config, verbose=verbose) as systems:
        system = known_of(systems, name)
        connecting = Connecting(systems, "command line")
        if forget:
            was_there = await connecting.forget(system, getpass.getuser())
            output.note(f"Forgot what was stored of {system}." if was_there else f"Nothing was stored of {system}.")
            return Exit.OK
        if bearer:
            await _by_token(connecting, system)
        else:
            await _by_consent(connecting, system, systems.settings.connect.port, paste=paste)
        report = await systems[system].facade.test(signed())
        standing = await connecting.standing(system)
        if as_json:
            output.show_json({**_details(standing), "ok": report.ok, "findings": findings_of(report)})
        else:
            output.show_pairs(_details(standing))
            output.show_text("")
            show_findings(report)
        if not standing.renews:
            output.note(_warning(standing.ends))
        return Exit.OK if report.ok else Exit.FAILED


async def _by_consent(connecting: Connecting, system: str, port: int, *, paste: bool) -> None:
    redirect_uri = loopback.redirect_uri(port)
    output.note(f"Redirect URI, to be registered with the integration exactly so: {redirect_uri}")
    question = await connecting.ask(system, await _credentials(connecting, system), redirect_uri, _SHELL)
    if paste:
        output.note(f"Open this address in any browser:\n\n  {question.address}\n")
        came = asking.secret("The whole address that it was led to").reveal()
    else:
        async with loopback.listening(port) as first:
            output.note(f"Opening a browser. If none opens, open this address:\n\n  {question.address}\n")
            await asyncio.to_thread(webbrowser.open, question.address)
            try:
                async with asyncio.timeout(PATIENCE):
                    came = await first()
            except TimeoutError:
                raise OperationTimeout(
                    f"Nobody came back from Webex within {PATIENCE / 60:.0f} minutes. If its page shows an error about "
                    f"the redirect URI, register {redirect_uri} with the integration, letter by letter; where no "
                    "browser runs on this computer, use --paste. Nothing was stored",
                ) from None
    await connecting.answer(question.state, came, _SHELL, getpass.getuser())


async def _by_token(connecting: Connecting, system: str) -> None:
    question = await connecting.ask_for_token(system, {}, _SHELL)
    output.note(
        "Open this address in a private window, signed in as a full administrator:\n\n"
        f"  {question.address}\n\n"
        "The page it ends at cannot be shown; that is as it should be. Copy its whole address.",
    )
    pasted = asking.secret("The address, or the token behind access_token=")
    await connecting.paste(question.state, pasted, _SHELL, getpass.getuser())


async def _credentials(connecting: Connecting, system: str) -> dict[str, object]:
    """
    Ask for what nobody has given yet.
    """
    known = await connecting.values(system)
    given: dict[str, object] = {}
    if "clientId" not in known:
        given["clientId"] = asking.line("Client ID")
    if "clientSecret" not in known:
        given["clientSecret"] = asking.secret("Client secret")
    return given


def _details(standing: Standing) -> dict[str, Any]:
    return {
        "system": standing.name,
        "connected": _moment(standing.connected),
        "by": standing.actor,
        "access token until": _moment(standing.ends) or "not told",
        "renewed": "by itself" if standing.renews else "by nobody",
        "refresh token until": _moment(standing.refresh_ends),
        "scopes": list(standing.scopes),
    }


def _moment(moment: datetime | None) -> str | None:
    return None if moment is None else f"{moment:%Y-%m-%d %H:%M} UTC"


def _warning(ends: datetime | None) -> str:
    last = "365 days at most" if ends is None else f"until {ends:%Y-%m-%d}"
    return (
        f"This token lives {last}, and only a person can replace it: connect again before. The log warns 30 days ahead."
    )
