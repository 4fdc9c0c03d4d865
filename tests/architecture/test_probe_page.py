"""
The terminal sessions in docs/probe.md are what the command says today.
"""

from pathlib import Path

import pytest
from docs.pages import probing

pytestmark = [pytest.mark.long, pytest.mark.real_time]

PAGE = Path(__file__).parent.parent.parent / "docs" / "probe.md"


@pytest.mark.parametrize("name", probing.SESSIONS)
async def test_a_session_is_current(name: str) -> None:
    """
    Run again, it says the same.
    """
    shown = PAGE.read_text("utf-8").partition(f"<!-- {name}: generated -->")[2].partition(f"<!-- {name}: end -->")[0]

    assert shown.strip() == await probing.played(name)
