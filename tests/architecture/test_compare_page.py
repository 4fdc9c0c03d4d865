"""
The page that compares: what it says that we can is shown by something that exists.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from webex_connector.cli.commands import COMMANDS

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "compare.md"
COMMAND = "webex-connector "


def rows(text: str) -> Iterator[tuple[str, str, list[str]]]:
    """
    Yield each feature, what is said of us, and what shows it.
    """
    for line in text.splitlines():
        cells = [each.strip() for each in line.strip("|").split("|")]
        if line.startswith("|") and cells[1] in {"yes", "no"}:
            yield cells[0], cells[1], re.findall(r"`([^`]+)`", cells[2])


def exists(shown: str) -> bool:
    """
    Whether a command, or a test in its file, is there.
    """
    if shown.startswith(COMMAND):
        return shown.removeprefix(COMMAND) in {each.name for each in COMMANDS}
    file, _, name = shown.partition("::")
    if not (ROOT / file).is_file():
        return False
    found = ast.walk(ast.parse((ROOT / file).read_text("utf-8")))
    return name in {each.name for each in found if isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef)}


def wrong_in(text: str) -> list[str]:
    """
    Return in words every yes that nothing shows, and everything named that does not exist.
    """
    found = []
    for feature, said, shown in rows(text):
        if (said == "yes") is not bool(shown):
            found.append(f"{feature}: {said}, and {len(shown)} things show it")
        found += [f"{feature}: there is no {each}" for each in shown if not exists(each)]
    return found


def test_everything_the_page_names_exists() -> None:
    """
    Each yes names a test or a command, and each of them is there.
    """
    text = PAGE.read_text("utf-8")

    assert len(list(rows(text))) == text.count("\n| ") - 2 > 0
    assert [] == wrong_in(text)


def test_a_yes_without_anything_is_told() -> None:
    """
    A yes that nothing shows, a test that is not there and a command that is not there are complained about.
    """
    page = "\n".join(
        f"| {feature} | yes | {shown} | no |"
        for feature, shown in (("A", ""), ("B", "`tests/nowhere.py::test_x`"), ("C", "`webex-connector fly`"))
    )

    assert ["A: yes, and 0 things show it"] == [each for each in wrong_in(page) if each.startswith("A")]
    assert 3 == len(wrong_in(page))


def test_every_trouble_of_the_engine_has_its_test() -> None:
    """
    The table of the engine's page names tests that are there, one at least in each line; a name that is not is found.
    """
    text = (ROOT / "docs" / "sync.md").read_text("utf-8")
    part = text.partition("## What cannot go right")[2].partition("\n## ")[0]
    lines = [each for each in part.splitlines() if each.startswith("| ")][2:]
    shown = [re.findall(r"`([^`]+::[^`]+)`", each) for each in lines]
    assert len(shown) > 10
    assert all(shown)
    assert [] == [each for some in shown for each in some if not exists(each)]
    assert not exists("tests/scenarios/test_sync_bad_input.py::test_nothing")
