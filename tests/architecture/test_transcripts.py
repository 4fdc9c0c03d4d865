"""
The terminal sessions in docs/connect.md are what the commands say today.
"""

from pathlib import Path

import pytest
from docs.pages import transcripts

pytestmark = [pytest.mark.long, pytest.mark.real_time]

PAGE = Path(__file__).parent.parent.parent / "docs" / "connect.md"


@pytest.mark.parametrize("name", transcripts.SESSIONS)
async def test_a_session_is_current(name: str) -> None:
    """
    Run again, it says the same but for ports, random values and days.
    """
    shown = PAGE.read_text("utf-8").partition(f"<!-- {name}: generated -->")[2].partition(f"<!-- {name}: end -->")[0]

    assert transcripts.shape_of(shown.strip()) == transcripts.shape_of(
        await transcripts.played(transcripts.SESSIONS[name])
    )
