"""
Simulated organisations and a server in front of them, each a process of its own, for requests that come from outside.
"""

import json
import os
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2

from fakes.server_process import COMMAND, serving
from webex_connector.sandbox.grants import Credentials

TOKEN = "a-token-for-tools"
_OF = Credentials()

_PATIENCE = 60
_PAUSE = 0.05


@dataclass(frozen=True, slots=True)
class Form:
    """
    How a system is served.
    """

    road: str = "people"
    groups: str = "groups"
    mirrored: bool = False
    personal: bool = True
    """
    Whether Webex's token belongs to a person: they can have teams, and they can be deleted.
    """
    organization: int = 0
    """
    Systems with the same number are of one organisation.
    """


SYSTEMS: Mapping[str, Form] = {
    "groups": Form(),
    "scim": Form(road="scim"),
    "teams": Form(groups="teams"),
    "both": Form(groups="both"),
}
"""
The same organisation four times: its groups by the people road, its groups by the SCIM road, its teams as groups, and
teams beside groups.
"""


@dataclass(frozen=True, slots=True)
class ScimHouse:
    """
    A server with some systems.
    """

    address: str

    def base(self, system: str) -> str:
        """
        Return the base URL of a system.
        """
        return f"{self.address}/scim/{system}/v2"


@contextmanager
def scim_house(folder: Path, systems: Mapping[str, Form] = SYSTEMS) -> Iterator[ScimHouse]:
    """
    Serve while the block runs, once every mirror is filled. Settings and state are kept in the folder.
    """
    numbers = sorted({form.organization for form in systems.values()})
    with ExitStack() as stack:
        sandboxes = [stack.enter_context(_sandbox()) for _ in numbers]
        facts = {number: _facts(sandbox) for number, sandbox in zip(numbers, sandboxes, strict=True)}
        for name, secret in {"tool": TOKEN, "person": _OF.access_token, "machine": _OF.service_app_token}.items():
            (folder / name).write_text(secret)
        config = folder / "webex-connector.toml"
        config.write_text(_settings(systems, facts))
        server = stack.enter_context(serving(config))
        _wait_for_copies(server.address)
        yield ScimHouse(server.address)


@contextmanager
def _sandbox() -> Iterator[subprocess.Popen[str]]:
    command = [*COMMAND, "sandbox", "--people", "20", "--port", "0", "--json"]
    with subprocess.Popen(  # noqa: S603 - our own command
        command, stdout=subprocess.PIPE, text=True, env={**os.environ, "PYTHONUNBUFFERED": "1"}
    ) as sandbox:
        try:
            yield sandbox
        finally:
            sandbox.terminate()


def _facts(sandbox: subprocess.Popen[str]) -> dict[str, str]:
    assert sandbox.stdout is not None
    facts: dict[str, str] = json.loads(sandbox.stdout.readline())
    return facts


def _wait_for_copies(address: str) -> None:
    """
    Wait for the mirrors. Raises AssertionError when they stay unfilled.
    """
    until = time.monotonic() + _PATIENCE
    while httpx2.get(f"{address}/readyz").json()["copies_not_shown"]:
        assert time.monotonic() < until, "the mirrors are not filled"
        time.sleep(_PAUSE)


def _settings(systems: Mapping[str, Form], facts: Mapping[int, Mapping[str, Any]]) -> str:
    tables = "".join(_system(name, form, facts[form.organization]["serviceUri"]) for name, form in systems.items())
    client = '[clients.tool]\ntoken = "file:tool"\nrole = "provisioner"\n'
    safety = "[safety]\ndestructive_per_hour = 10000\nrequests_per_second = 10000\n"
    return f'{tables}{client}{safety}[store]\ndata_folder = "data"\n'


def _system(name: str, form: Form, uri: str) -> str:
    mirror = f"""
[systems.{name}.mirror]
classes = ["__ACCOUNT__", "__GROUP__", "ROLES", "LICENSES", "TEAMS"]
refresh_every = 1800
"""
    return f"""
[systems.{name}.configuration]
serviceUri = "{uri}"
authenticationMethod = "TOKEN"
authToken = "file:{"person" if form.personal else "machine"}"
readRateLimit = "1000/sec"
writeRateLimit = "1000/sec"
objectClasses = ["TEAMS"]
road = "{form.road}"
[systems.{name}.scim]
groups = "{form.groups}"
{mirror if form.mirrored else ""}"""
