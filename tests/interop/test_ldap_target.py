"""
OpenLDAP as a target and a source: the LDAP connector of ConnId in a connector server in Java, our engine before it, and
a simulated organisation on the other side.
"""

import asyncio
import os
import re
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import msgspec
import pytest
from ldap3 import ALL_ATTRIBUTES, MODIFY_REPLACE

from fakes.directory import planned, synced
from fakes.java import NEEDS_MAVEN, QUIET, built, run
from fakes.slapd import PEOPLE, SECRET, SUFFIX, Slapd, is_installed, running_slapd
from webex_connector.app import wiring
from webex_connector.app.connectors import KINDS
from webex_connector.app.following import Unwatched, one_round
from webex_connector.app.practice import practice_file
from webex_connector.app.settings_file import load
from webex_connector.app.syncing import Syncing, syncing
from webex_connector.base.clock import SystemClock
from webex_connector.sandbox.sandbox import Sandbox
from webex_connector.sync.decide.situation import Action, Situation

_PROJECT: Final = Path(__file__).parent / "server"
_BUNDLE: Final = "net.tirasa.connid.bundles.ldap"
_VERSION: Final = "1.5.9"
_COPY: Final = "org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy"
_KEY: Final = "in Java"
_GROUPS: Final = f"ou=groups,{SUFFIX}"

pytestmark = [
    pytest.mark.real_time,
    *NEEDS_MAVEN,
    pytest.mark.skipif(not is_installed(), reason="there is no slapd here: on Debian, apt-get install slapd"),
]

# What the page of directories shows is what runs here.
_PAGE: Final = (Path(__file__).parents[2] / "docs" / "directories.md").read_text("utf-8")
_SYSTEM, _SYNC_FILE = re.findall(r"```toml\n(.*?)```", _PAGE, re.DOTALL)


@dataclass
class _Scene:
    sandbox: Sandbox
    slapd: Slapd
    engine: Syncing

    def entries(self, base: str) -> Mapping[str, Mapping[str, Any]]:
        """
        Return what OpenLDAP has below an entry, by the names of the entries.
        """
        with self.slapd.administrator() as link:
            link.search(
                base, "(|(objectClass=inetOrgPerson)(objectClass=groupOfUniqueNames))", attributes=ALL_ATTRIBUTES
            )
            return {each["dn"]: each["attributes"] for each in link.response}


@asynccontextmanager
async def _java(folder: Path) -> AsyncIterator[int]:
    """
    Run a connector server with the published bundle, and yield its port.
    """
    classpath = await built(_PROJECT, folder / "java")
    artifact = f"net.tirasa.connid.bundles:{_BUNDLE}:{_VERSION}:jar:bundle"
    await run("mvn", "-q", "-B", _COPY, f"-Dartifact={artifact}", f"-DoutputDirectory={folder}")
    bundle = folder / f"{_BUNDLE}-{_VERSION}-bundle.jar"
    words = ("java", QUIET, "-cp", classpath, "example.Server", _KEY, str(bundle))
    process = await asyncio.create_subprocess_exec(
        *words, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL
    )
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        while not (line := (await process.stdout.readline()).strip()).isdigit():
            assert line, "the server ended before it told its port"
        yield int(line)
    finally:
        process.stdin.close()
        await process.wait()


def _settings(address: str, sandbox: Sandbox, slapd: Slapd, port: int, folder: Path) -> str:
    references = {each: f"env:{each.upper()}" for each in ("client_secret", "refresh_token", "password")}
    system = _SYSTEM.replace('"connectors.example.com"', f'"127.0.0.1"\nport = {port}\ntls = false')
    system = system.replace('"ldap.example.com"', '"localhost"').replace(
        "port = 636", f"port = {urlsplit(slapd.plain).port}"
    )
    given = practice_file(address, sandbox.credentials, references, str(folder / "data"))
    return f'{given}\n[sync]\nfile = "sync.toml"\n{system.replace("ssl = true", "ssl = false")}'


@asynccontextmanager
async def _scene(folder: Path) -> AsyncIterator[_Scene]:
    clock = SystemClock()
    sandbox = Sandbox(people=8, clock=clock)
    (folder / "sync.toml").write_text(_SYNC_FILE)
    known = sandbox.credentials
    environment = {
        **os.environ,
        "CLIENT_SECRET": known.client_secret,
        "REFRESH_TOKEN": known.refresh_token,
        "PASSWORD": "x" * 16,
        "CONNECTOR_SERVER_KEY": _KEY,
        "LDAP_PASSWORD": SECRET,
    }
    with running_slapd() as slapd:
        slapd.clear()
        with slapd.administrator() as link:
            link.add(_GROUPS, "organizationalUnit")
        async with _java(folder) as port, sandbox.serving() as address:
            file = folder / "webex-connector.toml"
            file.write_text(_settings(address, sandbox, slapd, port, folder))
            settings = load(file, environment, KINDS)
            async with wiring.opened(settings, clock) as systems:
                assert {} == systems.problems
                async with syncing(systems, clock) as engine:
                    yield _Scene(sandbox, slapd, engine)


async def test_webex_and_openldap_follow_each_other(tmp_path: Path) -> None:
    """
    People and groups of Webex become entries with managers and members, and the second plans are empty; changes arrive
    by live sync in both directions, and whom OpenLDAP brings, a plan makes.
    """
    async with _scene(tmp_path) as scene:
        world = scene.sandbox.world
        await synced(scene.engine, "users_from_webex")
        await synced(scene.engine, "groups_from_webex")
        people = {each["mail"][0]: (name, each) for name, each in scene.entries(PEOPLE).items()}
        assert {each.email for _, each in world.people(0)} == set(people)
        assert [people["anna.djordjevic@acme.example"][0]] == people["somchai.kvaratskhelia@acme.example"][1]["manager"]
        groups = {each["cn"][0]: set(each["uniqueMember"]) for each in scene.entries(_GROUPS).values()}
        offices = [each for each in world.groups.values() if each.display_name.startswith("Office") and each.members]
        assert len(offices) > 2
        assert groups == {
            each.display_name: {people[who.email][0] for uid in each.members if (who := world.person(uid))}
            for each in offices
        }
        for mapping in ("users_from_webex", "groups_from_webex", "users_to_webex"):
            assert [] == (await planned(scene.engine, mapping))[1]

        async with scene.engine.opened("users_from_webex") as ends:
            assert (await one_round(scene.engine, ends, Unwatched())).begins
            ada = world.person_at("ada.admin@acme.example")
            assert ada is not None
            await asyncio.sleep(1)
            world.put_person(msgspec.structs.replace(ada, title="Chief of Everything", last_modified=world.now()))
            assert 1 == (await one_round(scene.engine, ends, Unwatched())).changes
        assert ["Chief of Everything"] == scene.entries(PEOPLE)[people[ada.email][0]]["title"]

        async with scene.engine.opened("users_to_webex") as ends:
            assert (await one_round(scene.engine, ends, Unwatched())).begins
            with scene.slapd.administrator() as link:
                link.modify(people["emma.hughes@acme.example"][0], {"title": [(MODIFY_REPLACE, ["Chief Engineer"])]})
            assert 1 == (await one_round(scene.engine, ends, Unwatched())).changes
        emma = world.person_at("emma.hughes@acme.example")
        assert emma is not None
        assert "Chief Engineer" == emma.title

        scene.slapd.hire("new.hire", givenName="New", displayName="New Hire", mail="new.hire@acme.example")
        (made,) = await synced(scene.engine, "users_to_webex")
        assert Action.CREATE is made.action
        assert world.person_at("new.hire@acme.example") is not None
        # Whom the directory brought is the same entry on the way back; only `cn` was another there.
        (again,) = (await planned(scene.engine, "users_from_webex"))[1]
        assert (Situation.CONFIRMED, ["cn"]) == (again.situation, [each.attribute for each in again.changes])
