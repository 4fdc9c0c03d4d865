"""
The demonstration as people start it.
"""

import subprocess
import sys

import pytest

from webex_connector.cli.exits import Exit

pytestmark = pytest.mark.long

DEMO = [sys.executable, "-m", "webex_connector.cli", "demo", "--once", "--port", "0", "--people", "40"]


def test_the_tour_shows_every_request_of_the_page_and_the_sync_engine() -> None:
    """
    All seventeen requests are sent over real HTTP, shown as curl lines, and answered and effective as expected; then
    the people of the sample file are made, a second run has nothing to do, and too many leavers are stopped.
    """
    ended = subprocess.run(DEMO, capture_output=True, text=True, timeout=300, check=False)  # noqa: S603 - our own command

    assert "" == ended.stderr
    assert Exit.OK == ended.returncode
    assert 17 == ended.stdout.count("\ncurl ")
    assert "✗" not in ended.stdout
    assert "All 17 requests were answered as the page says." in ended.stdout
    assert 5 == ended.stdout.count("\n$ webex-connector sync ")
    assert "✓ A second run has nothing to do." in ended.stdout
    assert "Stopped: 150 would be disabled, and 25 may be" in ended.stdout
