"""
A bare Starlette application with SQLite and msgspec: no more than it takes to answer with a user, as a ceiling.
"""

import asyncio
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection

import msgspec
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bench.processes import Served, running
from webex_connector.app import serve
from webex_connector.app.settings import ServeSettings

_JSON = "application/scim+json"


def _filled(people: int) -> sqlite3.Connection:
    database = sqlite3.connect(":memory:", check_same_thread=False)
    database.execute("CREATE TABLE users (id TEXT PRIMARY KEY, name TEXT UNIQUE, body BLOB)")
    for number in range(people):
        user = {
            "id": f"user-{number}",
            "userName": f"user{number}@example.com",
            "displayName": f"User Number {number}",
            "active": True,
        }
        database.execute(
            "INSERT INTO users VALUES (?, ?, ?)", (user["id"], user["userName"], msgspec.json.encode(user))
        )
    return database


def _application(people: int) -> Starlette:
    database = _filled(people)

    async def one(request: Request) -> Response:
        row = database.execute("SELECT body FROM users WHERE id = ?", (request.path_params["uid"],)).fetchone()
        return Response(row[0], media_type=_JSON)

    async def many(request: Request) -> Response:
        text = request.query_params.get("filter")
        if text is None:
            count = int(request.query_params.get("count", "100"))
            rows = database.execute("SELECT body FROM users LIMIT ?", (count,)).fetchall()
        else:
            rows = database.execute("SELECT body FROM users WHERE name = ?", (text.split('"')[1],)).fetchall()
        page = {"totalResults": people, "Resources": [msgspec.Raw(row[0]) for row in rows]}
        return Response(msgspec.json.encode(page), media_type=_JSON)

    return Starlette(routes=[Route("/Users/{uid}", one), Route("/Users", many)])


async def _ceiling(people: int, ready: Connection) -> None:
    async with serve.serving(_application(people), ServeSettings(port=0)) as address:
        ready.send(address)
        await asyncio.Event().wait()


@contextmanager
def ceiling_process(people: int) -> Iterator[Served]:
    """
    Serve that many users while the block runs.
    """
    with running(_ceiling, people) as served:
        yield served
