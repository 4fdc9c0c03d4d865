"""
A bare Starlette application with SQLite and msgspec: no more than it takes to answer with a user, as a ceiling.
"""

import asyncio
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from pathlib import Path

import msgspec
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bench.processes import Served, running
from webex_connector.app import serve
from webex_connector.app.settings import ServeSettings

_JSON = "application/scim+json"


def _filled(users: Path) -> sqlite3.Connection:
    database = sqlite3.connect(":memory:", check_same_thread=False)
    database.execute("CREATE TABLE users (id TEXT PRIMARY KEY, name TEXT UNIQUE, body BLOB)")
    rows = msgspec.json.decode(users.read_bytes(), type=list[dict[str, object]])
    database.executemany(
        "INSERT INTO users VALUES (?, ?, ?)", ((row["id"], row["userName"], msgspec.json.encode(row)) for row in rows)
    )
    return database


def _application(users: Path) -> Starlette:
    database = _filled(users)
    (people,) = database.execute("SELECT count(*) FROM users").fetchone()

    async def one(request: Request) -> Response:
        row = database.execute("SELECT body FROM users WHERE id = ?", (request.path_params["uid"],)).fetchone()
        return Response(row[0], media_type=_JSON)

    async def many(request: Request) -> Response:
        asked = request.query_params
        text = asked.get("filter")
        if text is None:
            place = (int(asked.get("count", "100")), int(asked.get("startIndex", "1")) - 1)
            rows = database.execute("SELECT body FROM users LIMIT ? OFFSET ?", place).fetchall()
        else:
            rows = database.execute("SELECT body FROM users WHERE name = ?", (text.split('"')[1],)).fetchall()
        page = {"totalResults": people, "Resources": [msgspec.Raw(row[0]) for row in rows]}
        return Response(msgspec.json.encode(page), media_type=_JSON)

    return Starlette(routes=[Route("/Users/{uid}", one), Route("/Users", many)])


async def _ceiling(users: Path, ready: Connection) -> None:
    async with serve.serving(_application(users), ServeSettings(port=0)) as address:
        ready.send(address)
        await asyncio.Event().wait()


@contextmanager
def ceiling_process(users: Path) -> Iterator[Served]:
    """
    Serve the users in a file, a JSON list of them, while the block runs.
    """
    with running(_ceiling, users) as served:
        yield served
