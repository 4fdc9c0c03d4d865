"""
Tokens that end soon are told while there is time.
"""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from datetime import timedelta

import pytest

from fakes.recon_house import Heard
from fakes.virtual_time import VirtualClock
from webex_connector.app.alerting.endings import told_daily
from webex_connector.gateway.console.ports import Standing
from webex_connector.icf.errors import ConnectionFailed


class Known:
    """
    Systems that stand as a test says; the first look fails.
    """

    def __init__(self, *standings: Standing) -> None:
        self._standings, self.looks = standings, 0

    async def standings(self) -> Sequence[Standing]:
        """
        Return them.
        """
        self.looks += 1
        if self.looks == 1:
            raise ConnectionFailed("the disk is away")
        return self._standings


@pytest.mark.parametrize(
    ("renews", "days", "told"), [(True, 10, True), (True, 60, False), (False, 20, True), (False, 60, False)]
)
async def test_who_has_to_act_hears_of_it(clock: VirtualClock, *, renews: bool, days: int, told: bool) -> None:
    """
    Of a refresh token two weeks before, of a pasted token a month before; a look that fails is made up for.
    """
    end, heard = clock.now() + timedelta(days=days), Heard()
    standing = Standing("webex", "Webex", renews=renews, ends=end, refresh_ends=end)
    with suppress(TimeoutError):
        async with asyncio.timeout(86_400 * 1.5):
            await told_daily(Known(standing, Standing("other", "Other")), heard, clock)
    assert told is bool(heard.alerts)
    for each in heard.alerts:
        assert ("webex.token_ends", {"system": "webex"}) == (each.event, dict(each.facts))
        assert "webex-connector connect webex" in each.text
