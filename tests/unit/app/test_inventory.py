"""
Following changes over a restart: what a process has told of, the next one knows.
"""

from pathlib import Path

import pytest

from fakes.hub import OPTIONS
from webex_connector.app import wiring
from webex_connector.app.practice import practice_system
from webex_connector.app.settings import ServeSettings, Settings
from webex_connector.base.clock import SystemClock
from webex_connector.icf import names
from webex_connector.icf.facade import Facade
from webex_connector.icf.operations import DeltaType, SyncDelta
from webex_connector.sandbox.sandbox import Sandbox
from webex_connector.store.opening import StorePlace


async def _told(facade: Facade, token: str | None) -> list[SyncDelta]:
    return [each async for each in facade.sync(names.GROUP, token, OPTIONS)]


def _settings(folder: Path, sandbox: Sandbox, address: str) -> Settings:
    system = practice_system("webex", address, sandbox.credentials)
    return Settings(ServeSettings(), 50, (), {"webex": system}, store=StorePlace(folder))


@pytest.mark.real_time
async def test_a_deletion_between_two_processes_is_told(tmp_path: Path) -> None:
    """
    Webex forgets what is deleted; the store knows who was there, and a token of the process before is good.
    """
    clock = SystemClock()
    sandbox = Sandbox(people=4, clock=clock)
    async with sandbox.serving() as address:
        settings = _settings(tmp_path, sandbox, address)
        async with wiring.opened(settings, clock) as systems:
            before = systems["webex"].facade
            made = await before.create(names.GROUP, {"displayName": ("Field sales",)}, OPTIONS)
            first = await _told(before, None)
            assert made.uid in {each.uid for each in first}
        async with wiring.opened(settings, clock) as systems:
            after = systems["webex"].facade
            await after.delete(names.GROUP, made.uid or "", OPTIONS)
            second = await _told(after, first[-1].token)

    assert [(DeltaType.DELETE, made.uid)] == [(each.type, each.uid) for each in second]
