"""
How plans are applied, as the sync file says it.
"""

from datetime import timedelta
from pathlib import Path

import pytest

from webex_connector.app.mistakes import SettingsMistakes
from webex_connector.app.sync_file import load
from webex_connector.app.sync_sections.around import Around
from webex_connector.expressions.compiling import Expressions


async def most_age(folder: Path, text: str) -> timedelta:
    """
    Return how old a plan may be with this file.
    """
    file = folder / "sync.toml"
    file.write_text(text)
    expressions = Expressions(workers=1)
    try:
        return (await load(file, {}, {}, expressions, Around(inline=True))).most_age
    finally:
        await expressions.aclose()


async def test_a_plan_may_be_a_day_old_unless_it_is_said(tmp_path: Path) -> None:
    """
    Half hours are hours, too.
    """
    assert await most_age(tmp_path, "") == timedelta(days=1)
    assert await most_age(tmp_path, "[apply]\nplan_hours = 1.5\n") == timedelta(minutes=90)


async def test_no_plan_is_younger_than_nothing(tmp_path: Path) -> None:
    """
    Zero hours would refuse every plan; the mistake is told with its line.
    """
    with pytest.raises(SettingsMistakes, match=r"sync\.toml:2: apply\.plan_hours must be more than zero"):
        await most_age(tmp_path, "[apply]\nplan_hours = 0\n")
