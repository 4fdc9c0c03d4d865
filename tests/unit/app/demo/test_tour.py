"""
The demonstration as people start it.
"""

import subprocess
import sys

from webex_connector.cli.exits import Exit

DEMO = [sys.executable, "-m", "webex_connector.cli", "demo", "--once", "--port", "0", "--people", "40"]


def test_the_tour_shows_every_request_of_the_page() -> None:
    """
    All seventeen requests are sent over real HTTP, shown as curl lines, and answered and effective as expected.
    """
    ended = subprocess.run(DEMO, capture_output=True, text=True, timeout=60, check=False)  # noqa: S603 - our own command

    assert "" == ended.stderr
    assert Exit.OK == ended.returncode
    assert 17 == ended.stdout.count("\ncurl ")
    assert "✗" not in ended.stdout
    assert "All 17 requests were answered as the page says." in ended.stdout
