"""
A connector server in Java, as our own client sees it: listed and tested from the command line, and used as a connector.
"""

import asyncio
import json
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import pytest

from fakes.java import NEEDS_MAVEN, QUIET, built
from fakes.ports import MemoryJournal, OpenGuard
from webex_connector.base.clock import SystemClock
from webex_connector.base.secret import Secret
from webex_connector.gateway.remote.client.calling import Calling
from webex_connector.gateway.remote.client.connector import opened
from webex_connector.gateway.remote.client.listing import chosen, offered_in
from webex_connector.gateway.remote.client.server import Server
from webex_connector.icf.attributes import added, removed, replaced
from webex_connector.icf.errors import AlreadyExists, UnknownUid, UnsupportedOperation
from webex_connector.icf.facade import Facade
from webex_connector.icf.filters import EVERYTHING, And, Compare, ContainsAll, Filter, Not, Operator, Present, equals
from webex_connector.icf.options import OperationOptions

_PROJECT: Final = Path(__file__).parent / "server"
_KEY: Final = "in Java"
_NAME: Final = "example.Notes"
_OPTIONS: Final = OperationOptions()

pytestmark = [pytest.mark.real_time, *NEEDS_MAVEN]


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """
    Build the server, and return the words that run it.
    """
    folder = tmp_path_factory.mktemp("server") / "java"
    classpath = asyncio.run(built(_PROJECT, folder))
    return ["java", QUIET, "-cp", classpath, "example.Server", _KEY, str(folder / "target" / "classes")]


@asynccontextmanager
async def _served(program: list[str]) -> AsyncIterator[int]:
    process = await asyncio.create_subprocess_exec(
        *program, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL
    )
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        # What the framework logs goes to standard output, too.
        while not (line := (await process.stdout.readline()).strip()).isdigit():
            assert line, "the server ended before it told its port"
        yield int(line)
    finally:
        process.stdin.close()
        await process.wait()


async def _probed(port: int, tmp_path: Path, *words: str) -> tuple[int, Any, str]:
    (tmp_path / "key").write_text(_KEY)
    (tmp_path / "password").write_text("hidden")
    command = (sys.executable, "-m", "webex_connector.cli", "remote", "probe", f"127.0.0.1:{port}", "--plain")
    process = await asyncio.create_subprocess_exec(
        *command,
        "--key",
        f"file:{tmp_path / 'key'}",
        *words,
        "--json",
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    out, problems = await process.communicate()
    return process.returncode or 0, json.loads(out) if out else None, problems.decode()


async def test_a_server_in_java_is_probed(program: list[str], tmp_path: Path) -> None:
    """
    Its connectors are listed with versions, texts and properties of every type; a configuration is validated and
    tested, and what is wrong with it is told.
    """
    password = ("-p", f"password=file:{tmp_path / 'password'}")
    numbers = (
        "-p",
        "most=3",
        "-p",
        "age=4",
        "-p",
        "share=0.25",
        "-p",
        "mark=#",
        "-p",
        "tags=x,y",
        "-p",
        "place=http://a/b",
    )
    async with _served(program) as port:
        listed, found, _ = await _probed(port, tmp_path)
        fine, tested, said = await _probed(port, tmp_path, "--test", _NAME, *password, *numbers)
        failed, broken, _ = await _probed(port, tmp_path, "--test", _NAME, *password, "-p", "broken=true")
        refused, _, reason = await _probed(port, tmp_path, "--test", _NAME)

    (connector,) = found["connectors"]
    assert (0, _NAME, "2.1", "example.notes", "Notes in memory") == (
        listed,
        *(connector[each] for each in ("connector", "version", "bundle", "name")),
    )
    by_name = {each["name"]: each for each in connector["properties"]}
    assert ("The title", "It's shown above the {notes}.", True, "Notes") == tuple(
        by_name["title"][each] for each in ("label", "help", "required", "default")
    )
    assert by_name["password"]["secret"]
    assert {
        "title": "String",
        "most": "int",
        "age": "long",
        "broken": "boolean",
        "share": "double",
        "mark": "char",
    } == {name: by_name[name]["type"] for name in ("title", "most", "age", "broken", "share", "mark")}
    assert ("String[]", "a,b") == (by_name["tags"]["type"], by_name["tags"]["default"])
    assert (0, True, ["NOTE"], "") == (fine, tested["ok"], tested["objectClasses"], said)
    assert (1, "The drawer Notes is stuck") == (failed, broken["findings"][0]["detail"])
    assert refused != 0
    assert "a password is needed" in reason


async def test_a_connector_in_java_is_one_of_ours(program: list[str]) -> None:
    """
    Objects are made, read, found, changed, followed and deleted across the protocol by the model's operations; numbers
    keep the types that the schema tells, and errors are the model's.
    """
    async with _served(program) as port:
        server = Server("127.0.0.1", port, Secret(_KEY))
        offered = chosen(offered_in(await server.hello()), _NAME)
        connector = await opened(Calling(server, offered.key, offered.facade_key({"password": Secret("hidden")})))
        facade = Facade(
            "notes", connector, journal=MemoryJournal(), guard=OpenGuard(), clock=SystemClock(), cookie_key=b"k" * 32
        )
        token = await facade.latest_token("NOTE", _OPTIONS)
        one = await _made(facade, __NAME__=("First",), text=("Hé",), tags=("a", "b"), pages=(3,), size=(5_000_000_000,))
        two = await _made(facade, __NAME__=("Second",), pages=(7,), done=(True,))
        with pytest.raises(AlreadyExists):
            await _made(facade, __NAME__=("First",))
        with pytest.raises(UnsupportedOperation):
            await facade.delete("NOTE", one, replace(_OPTIONS, dry_run=True))

        found = await facade.get("NOTE", one, _OPTIONS)
        assert "First" == found.name
        assert {"text": ("Hé",), "tags": ("a", "b"), "pages": (3,), "size": (5_000_000_000,)} == found.attributes
        assert [one, two] == await _uids(facade, EVERYTHING)
        assert [one] == await _uids(facade, equals("text", "Hé"))
        assert [] == await _uids(facade, equals("text", "hé"))
        assert [one] == await _uids(facade, equals("tags", "b"))
        assert [one] == await _uids(facade, ContainsAll("tags", ("b", "a")))
        assert [two] == await _uids(facade, Compare("pages", Operator.GREATER, 3))
        assert [two] == await _uids(facade, And((Not(equals("__UID__", one)), Present("done"))))

        await facade.update("NOTE", one, [replaced("text", "New"), added("tags", "c"), replaced("pages")], _OPTIONS)
        await facade.update("NOTE", one, [removed("tags", "a")], _OPTIONS)
        found = await facade.get("NOTE", one, _OPTIONS)
        assert {"text": ("New",), "tags": ("b", "c"), "size": (5_000_000_000,)} == found.attributes
        told = [each async for each in facade.sync("NOTE", token, _OPTIONS)]
        assert [one, two] == [each.uid for each in told]
        assert [two] == [each.uid async for each in facade.sync("NOTE", told[0].token, _OPTIONS)]

        await facade.delete("NOTE", one, _OPTIONS)
        with pytest.raises(UnknownUid):
            await facade.get("NOTE", one, _OPTIONS)
        with pytest.raises(UnknownUid):
            await facade.delete("NOTE", one, _OPTIONS)


async def _made(facade: Facade, **attributes: Any) -> str:
    return (await facade.create("NOTE", attributes, _OPTIONS)).uid or ""


async def _uids(facade: Facade, node: Filter) -> list[str]:
    return [each.uid async for batch in facade.search("NOTE", node, _OPTIONS) for each in batch]
