"""
Every property acts: what it does is seen at the place where it acts.
"""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from fakes.properties_of_credentials import EFFECTS as CREDENTIALS
from fakes.properties_of_the_way import EFFECTS as WAY
from fakes.virtual_time import VirtualClock
from fakes.wire import Wire
from webex_connector.connector.properties import PROPERTIES

EFFECTS = {**CREDENTIALS, **WAY}


@pytest.fixture
async def wire(clock: VirtualClock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Wire]:
    """
    Where servers and clients meet.
    """
    async with AsyncExitStack() as stack:
        yield Wire(stack, clock, tmp_path, lambda file: monkeypatch.setenv("SSL_CERT_FILE", str(file)))


def test_no_property_is_without_an_effect() -> None:
    """
    Nobody can add one without showing what it does.
    """
    assert [] == sorted({each.name for each in PROPERTIES} ^ set(EFFECTS))


@pytest.mark.parametrize("name", EFFECTS)
async def test_a_property_acts(name: str, wire: Wire) -> None:
    """
    With it something else happens than without.
    """
    await EFFECTS[name](wire)
