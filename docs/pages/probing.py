"""
The terminal sessions in docs/probe.md, run for real against a connector server in front of the sandbox:
`PYTHONPATH=tests python docs/pages/probing.py docs/probe.md`.
"""
# ruff: noqa: INP001 - a script beside the pages, no package of the product

import asyncio
import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from fakes.remote_client import KEY
from fakes.remote_house import remote_house
from webex_connector.base.clock import SystemClock
from webex_connector.cli.reference import rewritten

_PROBE: Final = "webex-connector remote probe 127.0.0.1:8759 --plain --key env:CONNECTOR_KEY"
_TEST: Final = f"{_PROBE} --test webex_connector.ControlHub"

SESSIONS: Final[Mapping[str, tuple[str, ...]]] = {
    "listed": (f"{_PROBE} | cut -f 1-4",),
    "tested": (f"{_TEST} -p system=webex",),
    "refused": (f"{_TEST} -p system=nowhere", f"{_TEST} -p clientSecret=abc"),
}
"""
What is typed, by the name of its place on the page.
"""


async def played(name: str) -> str:
    """
    Run a session and return what stands on the page.
    """
    async with remote_house(SystemClock(), people=20) as house:
        there = f"127.0.0.1:{house.platform.port}"
        environment = {
            **os.environ,
            "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
            "CONNECTOR_KEY": KEY,
            "NO_COLOR": "1",
        }
        lines = []
        for command in SESSIONS[name]:
            typed = command.replace("127.0.0.1:8759", there)
            process = await asyncio.create_subprocess_shell(
                f"{{ {typed}; }} 2>&1", stdout=asyncio.subprocess.PIPE, env=environment
            )
            output, _ = await process.communicate()
            ended = [f"(exit code {process.returncode})"] if process.returncode else []
            lines += [f"$ {command}", output.decode().replace(there, "127.0.0.1:8759").rstrip(), *ended]
    return "\n".join(["```console", *lines, "```"])


def write(page: Path) -> None:
    """
    Run the sessions and put them in their places on the page.
    """
    texts = {name: asyncio.run(played(name)) for name in SESSIONS}
    parts = {name: (lambda text=text: text) for name, text in texts.items()}
    page.write_text(rewritten(page.read_text("utf-8"), parts), "utf-8")


if __name__ == "__main__":
    write(Path(sys.argv[1]))
