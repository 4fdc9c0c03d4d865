"""
The page about the sandbox is complete about classic sites.
"""

from pathlib import Path

import pytest

from webex_connector.sandbox.meetings_site.quirks import RETIRED, USER_WRITES, SiteQuirks
from webex_connector.sandbox.meetings_site.site import OPERATIONS

_PAGE = (Path(__file__).parents[4] / "docs" / "sandbox.md").read_text(encoding="utf-8")
_NAMES = {operation.name for operation in OPERATIONS}


def test_every_switch_and_operation_is_documented() -> None:
    """
    Each stands on the page, between back quotes.
    """
    wanted = {*SiteQuirks.__struct_fields__, *_NAMES}
    assert set() == {each for each in wanted if f"`{each}`" not in _PAGE}


@pytest.mark.parametrize("name", ["user.UploadPMRImage", "user.DelSessionTemplates"])
def test_what_is_said_to_be_missing_is(name: str) -> None:
    """
    Operations that the page lists as not simulated are not there.
    """
    assert name not in _NAMES
    assert f"`{name}`" in _PAGE.partition("## What it does not simulate")[2]


def test_switches_name_operations_there_are() -> None:
    """
    A misspelt one would switch nothing.
    """
    assert _NAMES.issuperset((*RETIRED, *USER_WRITES))
