"""
The command itself, in a process of its own, ended by SIGKILL in the middle of making a person.
"""

import asyncio
import json
import subprocess
import sys
from pathlib import Path

import pytest

from fakes.fault_operations import ADDRESS, EMPTY, group_id
from fakes.killing import Plan, Story, creating, organisation, picture, undisturbed
from fakes.mortal import Death, Gate, Moment, lived
from fakes.ports import MemoryJournal
from fakes.virtual_time import VirtualClock
from webex_connector.app.practice import write_practice_file
from webex_connector.icf import names
from webex_connector.icf.attributes import Attributes
from webex_connector.sandbox import rendering, server
from webex_connector.sandbox.catalogue import CALL_ON_WEBEX
from webex_connector.sandbox.world import World

pytestmark = pytest.mark.long

TOKEN, MAKE, JOIN = 1, 4, 5
"""
The numbers of the requests; between the first two the road is found.
"""

POINTS = [
    Death(TOKEN, Moment.AFTER),
    Death(MAKE, Moment.BEFORE),
    Death(MAKE, Moment.AFTER),
    Death(JOIN, Moment.BEFORE),
    Death(JOIN, Moment.AFTER),
]


def _attributes(world: World) -> Attributes:
    return {
        "emails": (ADDRESS,),
        "displayName": ("Zoë New",),
        "title": ("Tester",),
        "licenses": (rendering.license_id(world, CALL_ON_WEBEX),),
        "groups": (group_id(world, EMPTY),),
    }


def _plan(world: World) -> Plan:
    return creating(names.ACCOUNT, _attributes(world))


def _started(config: Path, attributes: Attributes) -> subprocess.Popen[bytes]:
    words = [f"--set={name}={values[0]!s}" for name, values in attributes.items()]
    command = [sys.executable, "-m", "webex_connector.cli", "create", "account", *words, "--verbose"]
    return subprocess.Popen(  # noqa: S603  # our own command
        [*command, "--config", str(config)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


async def _killed(gate: Gate, address: str, folder: Path, death: Death) -> list[str]:
    """
    Run the command until it dies, and return the events of its log.
    """
    config = folder / "webex-connector.toml"
    write_practice_file(config, address, gate.sandbox.credentials)
    ended, loop = asyncio.Event(), asyncio.get_running_loop()
    process = _started(config, _attributes(gate.sandbox.world))
    gate.begin(process.kill, death)
    assert process.stdout is not None
    # It writes nothing there before its end, so this is its end, however it comes.
    loop.add_reader(process.stdout, ended.set)
    await ended.wait()
    loop.remove_reader(process.stdout)
    _, told = process.communicate()
    assert -9 == process.returncode, told.decode()
    return [json.loads(line)["event"] for line in told.splitlines()]


@pytest.mark.parametrize("death", POINTS, ids=lambda each: f"{each.request} {each.moment.name.lower()}")
async def test_a_killed_process_leaves_what_the_next_call_repairs(
    death: Death, clock: VirtualClock, tmp_path: Path
) -> None:
    """
    The log shows a write that began and no end; the next call makes the world as if nothing had been.
    """
    story = Story(_plan)
    _, wanted = await undisturbed(story, clock)
    gate = organisation(story, clock)
    async with server.serving(gate) as address:
        events = await _killed(gate, address, tmp_path, death)
        assert gate.dead
        assert ["write.begins"] == [each for each in events if each.startswith("write.")]
        await lived(gate, address, clock, MemoryJournal(), _plan(gate.sandbox.world).again)
    assert wanted == picture(gate.sandbox.world)
