"""
Somebody who types commands: each is run as a process of its own and told as it goes.
"""

import asyncio
import os
import shlex
import sys
from collections.abc import Callable
from pathlib import Path

_ROWS = 4
_LETTERS = 150


class Shell:
    """
    Runs commands of ours in one folder. Of the rows of a table the first are told.
    """

    def __init__(self, folder: Path, say: Callable[[str], object]) -> None:
        self._folder, self._say = folder, say

    async def run(self, *words: str) -> int:
        """
        Run one command to its end, tell what it says as it says it, and return its exit code.
        """
        self._say(f"\n$ webex-connector {shlex.join(words)}")
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            *("-m", "webex_connector.cli", *words),
            cwd=self._folder,
            # Rows and notes come by one pipe, and in the order in which they were written only without a buffer.
            env={**os.environ, "PYTHONUNBUFFERED": "1"},
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        try:
            await self._tell(process.stdout)
            return await process.wait()
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()

    async def _tell(self, told: asyncio.StreamReader | None) -> None:
        rows = 0
        while told is not None and (read := await told.readline()):
            line = read.decode().rstrip("\n")
            if "\t" in line:
                rows += 1
                if rows <= _ROWS + 1:
                    self._say(_cut(line.expandtabs(2)))
                continue
            if rows > _ROWS + 1:
                self._say(f"… {rows - _ROWS - 1:,} more")
            rows = 0
            self._say(line)


def _cut(line: str) -> str:
    return line if len(line) <= _LETTERS else f"{line[: _LETTERS - 2]} …"
