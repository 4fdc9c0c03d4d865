"""
The reference pages: complete, current, and with examples that the commands understand.
"""

import shlex
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from webex_connector.app.connectors import KINDS
from webex_connector.app.settings_file import sections
from webex_connector.cli.command import Command
from webex_connector.cli.commands import COMMANDS
from webex_connector.cli.exits import Exit
from webex_connector.cli.main import app, called
from webex_connector.cli.reference import PAGES, rewritten

DOCS = Path(__file__).parents[3] / "docs"


@pytest.mark.parametrize(("name", "parts"), PAGES.items())
def test_pages_are_current(name: str, parts: Mapping[str, Callable[[], str]]) -> None:
    """
    What a page says is what the code declares; `make docs` brings it up to date.
    """
    page = (DOCS / name).read_text("utf-8")

    assert rewritten(page, parts) == page


def test_an_outdated_page_is_found() -> None:
    """
    The comparison sees a single changed word.
    """
    page = "a\n<!-- x: generated -->\n\nold\n\n<!-- x: end -->\nb\n"

    assert page == rewritten(page, {"x": lambda: "old"})
    assert "a\n<!-- x: generated -->\n\nnew\n\n<!-- x: end -->\nb\n" == rewritten(page, {"x": lambda: "new"})


def test_a_page_without_its_place_is_refused() -> None:
    """
    A mark that was lost is not taken for a page without tables.
    """
    with pytest.raises(ValueError, match="no place for x"):
        rewritten("<!-- x: generated -->", {"x": str})


def test_every_setting_is_on_the_page() -> None:
    """
    Nothing can be set that is not described, with words.
    """
    page = (DOCS / "settings.md").read_text("utf-8")

    for section in sections(KINDS):
        assert not section.path or f"### [{section.title}]" in page
        for fact in section.properties:
            assert not section.path or f"| `{fact.name}` |" in page
            assert fact.help


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name)
def test_every_command_is_on_the_page_with_all_its_words(command: Command) -> None:
    """
    Each argument and option of each command is described.
    """
    page = (DOCS / "command-line.md").read_text("utf-8")
    chapter = page.partition(f"### {command.name}\n")[2].partition("\n### ")[0]

    arguments = [each for each in called(command.name).assemble_argument_collection() if not each.children]
    assert arguments
    for argument in arguments:
        (line,) = [line for line in chapter.splitlines() if line.startswith(f"| `{', '.join(argument.names)}` |")]
        assert line.split("|")[2].strip()
    assert command.example in chapter


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name)
def test_every_example_is_understood(command: Command) -> None:
    """
    Examples can be typed as they stand: the words bind to the command's arguments.
    """
    program, *words = shlex.split(command.example)

    function, bound, _ = app.parse_args(words, exit_on_error=False, print_error=False)

    assert "webex-connector" == program
    assert command.place == f"{function.__module__}:{function.__name__}"
    assert bound is not None


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name)
def test_every_help_has_an_example(command: Command, capsys: pytest.CaptureFixture[str]) -> None:
    """
    Help says what the command does and shows how to call it.
    """
    app([*command.name.split(), "--help"], exit_on_error=False, result_action="return_value")

    text = " ".join(capsys.readouterr().out.split())
    assert command.summary in text
    assert f"Example: {command.example}" in text


def test_every_exit_is_on_the_page() -> None:
    """
    Scripts can look up each code.
    """
    page = (DOCS / "command-line.md").read_text("utf-8")

    assert all(f"| {code.value} | {code.name} |" in page for code in Exit)
