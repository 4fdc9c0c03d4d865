"""
A simulated organisation and a server in front of it, each a process of its own, for tools that come from outside.
"""

import json
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from fakes.server_process import COMMAND, serving

TOKEN = "a-token-for-tools"
SYSTEMS = ("groups", "scim", "teams")
"""
The same organisation three times: its groups by the people road, its groups by the SCIM road, and its teams as groups.
"""


@dataclass(frozen=True, slots=True)
class ScimHouse:
    """
    A server with the systems of SYSTEMS.
    """

    address: str

    def base(self, system: str) -> str:
        """
        Return the base URL of a system.
        """
        return f"{self.address}/scim/{system}/v2"


@contextmanager
def scim_house(folder: Path) -> Iterator[ScimHouse]:
    """
    Serve while the block runs. Settings and state are kept in the folder.
    """
    command = [*COMMAND, "sandbox", "--people", "20", "--port", "0", "--json"]
    with subprocess.Popen(  # noqa: S603 - our own command
        command, stdout=subprocess.PIPE, text=True, env={**os.environ, "PYTHONUNBUFFERED": "1"}
    ) as sandbox:
        try:
            config = folder / "webex-connector.toml"
            facts = _facts(sandbox)
            config.write_text(_settings(facts))
            for name, secret in {"webex": facts["access_token"], "tool": TOKEN}.items():
                (folder / name).write_text(secret)
            with serving(config) as server:
                yield ScimHouse(server.address)
        finally:
            sandbox.terminate()


def _facts(sandbox: subprocess.Popen[str]) -> dict[str, str]:
    assert sandbox.stdout is not None
    facts: dict[str, str] = json.loads(sandbox.stdout.readline())
    return facts


def _settings(facts: dict[str, str]) -> str:
    configuration = f"""
serviceUri = "{facts["serviceUri"]}"
authenticationMethod = "TOKEN"
authToken = "file:webex"
readRateLimit = "1000/sec"
writeRateLimit = "1000/sec"
objectClasses = ["TEAMS"]
"""
    roads = dict.fromkeys(SYSTEMS, "people") | {"scim": "scim"}
    systems = "".join(
        f'[systems.{name}.configuration]{configuration}road = "{road}"\n'
        f'[systems.{name}.scim]\ngroups = "{"teams" if name == "teams" else "groups"}"\n'
        for name, road in roads.items()
    )
    client = '[clients.tool]\ntoken = "file:tool"\nrole = "provisioner"\n'
    return f'{systems}{client}[safety]\ndestructive_per_hour = 10000\n[store]\ndata_folder = "data"\n'
