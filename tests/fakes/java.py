"""
Programs in Java: made by Maven, and run.
"""

import asyncio
import os
import shutil
from pathlib import Path
from typing import Final

import pytest

_MINUTES: Final = 10
_CLASSPATH: Final = "org.apache.maven.plugins:maven-dependency-plugin:3.6.1:build-classpath"

NEEDS_MAVEN: Final = (
    pytest.mark.skipif(not os.environ.get("INTEROP"), reason="real Java programs are fetched and run by make interop"),
    pytest.mark.skipif(
        bool(os.environ.get("INTEROP")) and not os.environ.get("CI") and not shutil.which("mvn"),
        reason="there is no Maven here: on Debian, apt-get install maven",
    ),
)
"""
Marks of tests that run such programs: they are skipped, and say so, where there is no Maven; on the build server they
fail.
"""

QUIET: Final = "-Dorg.identityconnectors.common.logging.class=org.identityconnectors.common.logging.impl.NoOpLogger"
"""
What keeps the ConnId framework from writing a line about every call to standard output.
"""


async def built(project: Path, folder: Path, *properties: str) -> str:
    """
    Compile a Maven project in a folder of its own, and return the class path of the result.
    """
    await asyncio.to_thread(shutil.copytree, project, folder)
    listed = folder / "classpath"
    given = [f"-D{each}" for each in (*properties, f"mdep.outputFile={listed}")]
    await run("mvn", "-q", "-B", "-f", str(folder / "pom.xml"), *given, "compile", _CLASSPATH)
    return f"{folder / 'target' / 'classes'}{os.pathsep}{await asyncio.to_thread(listed.read_text, 'utf-8')}"


async def run(*words: str) -> str:
    """
    Run a program and return what it wrote. A failure fails the test with everything it said.
    """
    process = await asyncio.create_subprocess_exec(
        *words, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
    )
    async with asyncio.timeout(60 * _MINUTES):
        out, problems = await process.communicate()
    assert process.returncode == 0, f"{words[0]} failed:\n{out.decode()}\n{problems.decode()}"
    return out.decode()
