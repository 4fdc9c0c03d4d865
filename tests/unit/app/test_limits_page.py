"""
The page that tells what happens when too much is asked.
"""

from pathlib import Path

from webex_connector.app.guard import STOPPED
from webex_connector.app.sections import safety, serve
from webex_connector.gateway.client_pace import Standing
from webex_connector.gateway.remote.operations import Operations
from webex_connector.gateway.scim.manner import USUAL

PAGE = (Path(__file__).parents[3] / "docs" / "limits.md").read_text("utf-8")


def test_the_page_has_the_numbers_that_hold() -> None:
    """
    Patience of each door, requests a second, destructive writes an hour.
    """
    defaults = {each.name: each.default for section in (safety.SECTION, serve.SECTION) for each in section.properties}
    within = Operations.__dataclass_fields__["within"].default
    for told in (
        f"| SCIM | {USUAL.patience:g} s |",
        f"| REST | {defaults['patience']:g} s;",
        f"| connector server | {within:g} s;",
        f"may send, {defaults['requests_per_second']} unless told",
        f"within an hour: {defaults['destructive_per_hour']} unless told",
        f"`{STOPPED}`",
    ):
        assert told in PAGE


def test_the_page_has_every_header() -> None:
    """
    And no other.
    """
    rows = [line.split("`")[1] for line in PAGE.splitlines() if line.startswith("| `X-")]
    assert list(Standing(1, 0, 1, 1.0).headers) == rows
