"""
A system whose settings have a mirror is read from copies, which a server keeps up to date.
"""

import asyncio
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from fakes.hub import OPTIONS
from fakes.virtual_time import VirtualClock
from webex_connector.app import mirrors, wiring
from webex_connector.app.connectors import KINDS
from webex_connector.app.mistakes import SettingsMistakes
from webex_connector.app.practice import practice_system
from webex_connector.app.settings import MirrorSettings, ServeSettings, Settings
from webex_connector.app.settings_file import load
from webex_connector.icf import names
from webex_connector.icf.filters import EVERYTHING
from webex_connector.mirror.refresh import Rhythm
from webex_connector.sandbox.faults import Fail, Fault
from webex_connector.sandbox.sandbox import Sandbox

SYSTEM = """
[systems.webex.configuration]
clientId = "id"
clientSecret = "env:SECRET"
refreshToken = "env:SECRET"
"""


def _settings(folder: Path, text: str) -> MirrorSettings | None:
    file = folder / "settings.toml"
    file.write_text(SYSTEM + text, "utf-8")
    return load(file, {"SECRET": "x"}, KINDS).systems["webex"].mirror


def test_the_table_alone_turns_it_on(tmp_path: Path) -> None:
    """
    Without the table there is no mirror; an empty one has the defaults, and anything in it may be said.
    """
    usual = (names.ACCOUNT, names.GROUP, "ROLES", "LICENSES")
    assert _settings(tmp_path, "") is None
    assert MirrorSettings(usual, Rhythm()) == _settings(tmp_path, "[systems.webex.mirror]\n")
    said = """
    [systems.webex.mirror]
    classes = ["__ACCOUNT__"]
    refresh_every = 60
    full_every = 3600
    stale_after = 600
    """
    rhythm = Rhythm(timedelta(minutes=1), timedelta(hours=1), timedelta(minutes=10))
    assert MirrorSettings((names.ACCOUNT,), rhythm) == _settings(tmp_path, said)


@pytest.mark.parametrize(
    ("line", "name"),
    [("refresh_every = 0", "refresh_every"), ("stale_after = 300", "stale_after"), ("classes = []", "classes")],
)
def test_what_does_not_fit_is_named(line: str, name: str, tmp_path: Path) -> None:
    """
    Times that contradict each other, and a mirror of nothing, are refused with their place.
    """
    with pytest.raises(SettingsMistakes, match=rf"systems\.webex\.mirror\.{name}"):
        _settings(tmp_path, f"[systems.webex.mirror]\n{line}\n")


def _of(sandbox: Sandbox, address: str, *classes: str) -> Settings:
    system = practice_system("webex", address, sandbox.credentials)
    mirrored = replace(system, mirror=MirrorSettings(classes))
    return Settings(ServeSettings(), 50, (), {"webex": mirrored})


async def test_a_server_fills_and_refreshes(clock: VirtualClock) -> None:
    """
    In the background, without being asked; a refresh that fails is tried again at its time, and reads go on.
    """
    sandbox = Sandbox(people=5, clock=clock)
    async with sandbox.serving() as address, wiring.opened(_of(sandbox, address, names.ACCOUNT), clock) as systems:
        assert 1 == await mirrors.not_shown(systems.mirrors.values())
        following = asyncio.create_task(mirrors.follow(systems.mirrors, clock))
        await clock.sleep(30)
        assert 0 == await mirrors.not_shown(systems.mirrors.values())
        sandbox.trace.clear()
        search = systems["webex"].facade.search(names.ACCOUNT, EVERYTHING, OPTIONS)
        assert len(list(sandbox.world.people())) == len([each async for batch in search for each in batch])
        assert [] == list(sandbox.trace.requests())

        sandbox.faults.add(Fault(Fail(403), times=99, must_fire=1))
        await clock.sleep(330)
        (age,) = await systems.mirrors["webex"].ages()
        assert age.error is not None
        sandbox.faults.clear()
        await clock.sleep(330)
        (later,) = await systems.mirrors["webex"].ages()
        assert later.error is None
        assert age.as_of is not None
        assert later.as_of is not None
        assert later.as_of > age.as_of
        following.cancel()
        await asyncio.gather(following, return_exceptions=True)


async def test_a_class_that_is_not_there_is_named(clock: VirtualClock) -> None:
    """
    A mirror of an object class that the system does not have keeps it closed, and says which there are.
    """
    sandbox = Sandbox(people=2, clock=clock)
    async with sandbox.serving() as address, wiring.opened(_of(sandbox, address, "TEAMS"), clock) as systems:
        assert "TEAMS" in systems.problems["webex"]
        assert "__ACCOUNT__" in systems.problems["webex"]
