"""
The page of corrections is what the tests use.
"""

from pathlib import Path

from docs.pages import published

PAGE = Path(published.__file__).parent.parent / "published.md"


def test_the_page_of_corrections_is_up_to_date() -> None:
    """
    Whoever corrects a definition makes the page anew: `PYTHONPATH=tests python docs/pages/published.py`.
    """
    assert PAGE.read_text("utf-8") == published.page()
