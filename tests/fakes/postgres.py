"""
A PostgreSQL server of its own, in a temporary folder, reached by a socket there: no port, no password, no trace.
"""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

# Debian keeps the server's programs off the path: https://www.debian.org/doc/manuals/debian-reference/
_PLACES = "/usr/lib/postgresql"
_FAST = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=40", "listen_addresses=")


def programs() -> Path | None:
    """
    Return the folder with the programs of the newest server there is; None when there is none.
    """
    found = sorted(Path(_PLACES).glob("*/bin/initdb"), key=lambda file: float(file.parts[-3]))
    if found:
        return found[-1].parent
    on_path = shutil.which("initdb")
    return None if on_path is None else Path(on_path).resolve().parent


@contextmanager
def running_postgres() -> Iterator[str]:
    """
    Run the server while the block lasts and yield the URL of its database.
    """
    # The name of a socket has room for about a hundred letters only (unix(7)), so it gets a short folder of its own.
    with tempfile.TemporaryDirectory(prefix="pg") as home:
        user = _server_user(Path(home))
        data = Path(home) / "data"
        _run(user, "initdb", "-D", str(data), "-U", "tests", "-A", "trust", "--no-sync", "-E", "UTF8", "--locale=C")
        settings = [word for each in _FAST for word in ("-c", each)]
        options = " ".join(["-k", home, *settings])
        log = Path(home) / "log"
        _run(user, "pg_ctl", "-D", str(data), "-w", "-l", str(log), "-o", options, "start")
        try:
            yield f"postgresql://tests@/postgres?host={home}"
        finally:
            _run(user, "pg_ctl", "-D", str(data), "-w", "-m", "immediate", "stop")


def _server_user(home: Path) -> str | None:
    """
    Return whom to run the server as; it refuses to be run by root.
    """
    if os.geteuid() != 0:
        return None
    nobody = pwd.getpwnam("nobody")
    os.chown(home, nobody.pw_uid, nobody.pw_gid)
    return nobody.pw_name


def _run(user: str | None, program: str, *words: str) -> None:
    folder = programs()
    assert folder is not None
    subprocess.run(  # noqa: S603 - the server's own programs
        [folder / program, *words],
        check=True,
        user=user,
        cwd="/",
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
