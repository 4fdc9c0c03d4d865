"""
The page of expressions is what the functions say.
"""

from pathlib import Path

from docs.pages import expressions

PAGE = Path(expressions.__file__).parent.parent / "expressions.md"


def test_the_page_of_expressions_is_up_to_date() -> None:
    """
    Whoever changes a function makes the page anew: `python docs/pages/expressions.py > docs/expressions.md`.
    """
    assert PAGE.read_text("utf-8") == expressions.page()
