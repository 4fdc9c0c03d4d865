"""
The contract tests that ConnId publishes for its connectors, run against the server in front of a simulated
organisation. `make interop` runs them; Maven fetches them.
"""

import re
from pathlib import Path
from typing import Final

import pytest

from fakes.java import NEEDS_MAVEN, QUIET, built, run
from fakes.remote_client import KEY
from fakes.remote_house import remote_house
from webex_connector.base.clock import SystemClock

_SUITE: Final = Path(__file__).parent / "contract"
_PAGE: Final = Path(__file__).parents[2] / "docs" / "connid-contract.md"
_TESTS: Final = 205

pytestmark = [pytest.mark.real_time, *NEEDS_MAVEN]


def _explained() -> set[str]:
    """
    Return the tests that the page says fail.
    """
    found = set()
    for test, classes in re.findall(r"^\| `([\w.]+)` \| ([^|]*) \|", _PAGE.read_text("utf-8"), re.MULTILINE):
        found |= {f"{test} {each}" for each in re.findall(r"`(\w+)`", classes)} or {test}
    return found


async def test_the_contract_tests_end_as_the_page_says(tmp_path: Path) -> None:
    """
    What fails is explained on the page, what the page explains fails, and everything else passes.
    """
    folder = tmp_path / "contract"
    classpath = await built(_SUITE, folder)
    async with remote_house(SystemClock(), people=8, destructive_per_hour=10_000) as house:
        at = house.platform
        out = await run(
            "java",
            QUIET,
            "-Ddata-provider=example.Data",
            "-DuseConnectorServer=true",
            f"-DserverHost={at.host}",
            f"-DserverPort={at.port}",
            f"-DserverKey={KEY}",
            "-cp",
            classpath,
            "example.Contract",
        )
        assert 8 == house.sandbox.world.people_count

    ends = dict(line[2:].split("\t", 1) for line in out.splitlines() if line.startswith("> "))
    failed = {test: end for test, end in ends.items() if end != "passed"}
    assert {} == {test: end for test, end in failed.items() if test not in _explained()}
    assert set() == _explained() - failed.keys()
    assert _TESTS == len(ends)
