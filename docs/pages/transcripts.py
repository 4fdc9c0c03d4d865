"""
The terminal sessions of a page, run for real against the sandbox: `PYTHONPATH=tests python docs/pages/transcripts.py
docs/connect.md`.
"""
# ruff: noqa: INP001 - a script beside the pages, no package of the product

import asyncio
import base64
import json
import os
import re
import socket
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from webex_connector.base.clock import SystemClock
from webex_connector.cli.reference import rewritten
from webex_connector.sandbox.grants import Credentials
from webex_connector.sandbox.sandbox import Sandbox

_FAKES = Path(__file__).parent.parent.parent / "tests"
_KEY = base64.urlsafe_b64encode(b"a key that signs for the sandbox").decode().rstrip("=")
_SHOWN = "webex-connector test | cut -f 1-4 | head -7"

# What a person does in the browser that the command opens: press a button.
_PERSON = f"""\
#!{sys.executable}
import asyncio, os, sys, urllib.request
sys.path.insert(0, {str(_FAKES)!r})
from fakes.consenting import decided
urllib.request.urlopen(asyncio.run(decided(sys.argv[1], os.environ["DECISION"]))).read()
"""


@dataclass(frozen=True)
class Session:
    """
    One system's settings and what is typed; `$` lines are the commands.
    """

    properties: Mapping[str, str]
    commands: tuple[str, ...]
    typed: str = ""
    decision: str = "allow"
    environment: Mapping[str, str] = field(default_factory=dict)


SESSIONS: Mapping[str, Session] = {
    "consent": Session(
        {"clientId": "sandbox-client"},
        ("webex-connector connect | cut -f 1-4 | head -16", _SHOWN),
        "sandbox-client-secret\n",
    ),
    "denied": Session({"clientId": "sandbox-client"}, ("webex-connector connect",), "sandbox-client-secret\n", "deny"),
    "wrong secret": Session({"clientId": "sandbox-client"}, ("webex-connector connect",), "mistyped\n"),
    "bearer": Session(
        {"clientId": "sandbox-client"}, ("webex-connector connect --bearer | sed -n 1,5p",), "sandbox-admin-token\n"
    ),
    "refresh_token": Session(
        {"clientId": "sandbox-client", "clientSecret": "env:WEBEX_SECRET", "refreshToken": "env:WEBEX_REFRESH"},
        (_SHOWN,),
        environment={"WEBEX_SECRET": "sandbox-client-secret", "WEBEX_REFRESH": "sandbox-refresh-token"},
    ),
    "client_credentials": Session(
        {"grantType": "client_credentials", "clientId": "sandbox-client", "clientSecret": "env:WEBEX_SECRET"},
        (_SHOWN,),
        environment={"WEBEX_SECRET": "sandbox-client-secret"},
    ),
    "jwt_bearer": Session(
        {"grantType": "jwt_bearer", "clientId": "sandbox-client", "jwtKey": "env:WEBEX_JWK"},
        (_SHOWN,),
        environment={"WEBEX_JWK": json.dumps({"kty": "oct", "k": _KEY})},
    ),
    "BASIC": Session(
        {"authenticationMethod": "BASIC", "login": "sandbox-login", "password": "env:WEBEX_PASSWORD"},
        (_SHOWN,),
        environment={"WEBEX_PASSWORD": "sandbox-password"},
    ),
    "JWT_TOKEN": Session(
        {"authenticationMethod": "JWT_TOKEN", "jwtKey": "env:WEBEX_JWK"},
        (_SHOWN,),
        environment={"WEBEX_JWK": json.dumps({"kty": "oct", "k": _KEY})},
    ),
    "TOKEN": Session(
        {"authenticationMethod": "TOKEN", "authToken": "env:WEBEX_TOKEN"},
        (_SHOWN,),
        environment={"WEBEX_TOKEN": "sandbox-admin-token"},
    ),
}
"""
Every session, by the name of its place on the page.
"""


_VARYING = {
    r"127\.0\.0\.1:\d+/v1": "ADDRESS/v1",
    r"(state|code_challenge)=[\w-]+": r"\1=…",
    r"\d{4}-\d\d-\d\d( \d\d:\d\d UTC)?": "DAY",
    r"in \d+ days": "in … days",
    r"WXC_[0-9a-f-]+": "WXC_…",
}


def shape_of(text: str) -> str:
    """
    Return a session without what is another at each run: ports, random values, days.
    """
    for pattern, constant in _VARYING.items():
        text = re.sub(pattern, constant, text)
    return text


def settings_of(session: Session, address: str) -> str:
    """
    Return the settings file of a session.
    """
    endpoint = {} if session.properties.get("authenticationMethod") else {"tokenEndpoint": f"{address}/v1/access_token"}
    values = {"serviceUri": f"{address}/v1", **endpoint, **session.properties}
    lines = [f'{name} = "{value}"' for name, value in values.items()]
    return "\n".join(["[systems.webex.configuration]", *lines, ""])


async def played(session: Session) -> str:
    """
    Run a session and return what stands on the page: settings, commands, output.
    """
    # A port of its own, so that sessions can be played side by side; the page shows the usual one.
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = str(free.getsockname()[1])
    credentials = Credentials(
        trusted_key=base64.urlsafe_b64decode(f"{_KEY}=").decode(),
        redirect_uris=(f"http://127.0.0.1:{port}/callback", "http://localhost:3000/auth/code"),
    )
    async with Sandbox(people=60, clock=SystemClock(), credentials=credentials).serving() as address:
        with tempfile.TemporaryDirectory() as folder:
            return (await _played(session, Path(folder), address, port)).replace(port, "8765")


async def _played(session: Session, folder: Path, address: str, port: str) -> str:
    settings = settings_of(session, address)
    (folder / "webex-connector.toml").write_text(settings, "utf-8")
    person = folder / "person"
    person.write_text(_PERSON, "utf-8")
    person.chmod(0o700)
    environment = {
        **os.environ,
        **session.environment,
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        "XDG_DATA_HOME": str(folder / "data"),
        "BROWSER": f"{person} %s",
        "DECISION": session.decision,
        "WEBEX_CONNECTOR__CONNECT__PORT": port,
        "USER": "anna",
        "LOGNAME": "anna",
        "NO_COLOR": "1",
    }
    parts = [f"```toml\n{settings}```"]
    for command in session.commands:
        process = await asyncio.create_subprocess_exec(
            "bash",
            "-c",
            f"{{ {command}; }} 2>&1",
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            cwd=folder,
            env=environment,
        )
        output, _ = await process.communicate(session.typed.encode())
        ended = [f"(exit code {process.returncode})"] if process.returncode else []
        text = output.decode().replace(str(folder), "~").rstrip()
        parts.append("\n".join(["```console", f"$ {command}", text, *ended, "```"]))
    return "\n\n".join(parts)


def write(page: Path) -> None:
    """
    Run the sessions and put them in their places on the page.
    """
    texts = {name: asyncio.run(played(session)) for name, session in SESSIONS.items()}
    parts = {name: (lambda text=text: text) for name, text in texts.items()}
    page.write_text(rewritten(page.read_text("utf-8"), parts), "utf-8")


if __name__ == "__main__":
    write(Path(sys.argv[1]))
