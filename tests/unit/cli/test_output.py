"""
What people see on a terminal.
"""

import io
from contextlib import redirect_stdout

import pytest
from rich.text import Text

from webex_connector.cli.output import note, show_pairs, text_of
from webex_connector.cli.table import Rows, fitting
from webex_connector.webex.ids import encode


class _Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True

    @property
    def lines(self) -> list[str]:
        """
        What can be read on it.
        """
        return [line.rstrip() for line in Text.from_ansi(self.getvalue()).plain.splitlines()]


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> _Terminal:
    """
    A terminal of forty columns without colours.
    """
    monkeypatch.setenv("COLUMNS", "40")
    monkeypatch.setenv("TERM", "xterm")
    return _Terminal()


def test_later_rows_stand_under_the_first_headings(terminal: _Terminal) -> None:
    """
    A table that comes in batches looks like one: the headings come once, and columns keep their place.
    """
    rows = Rows(("name", "size"))
    with redirect_stdout(terminal):
        rows.add([{"name": "anna", "size": 1}, {"name": "bartholomew", "size": 2}])
        rows.add([{"name": "c", "size": 3}])

    assert ["name         size", "anna         1", "bartholomew  2", "c            3"] == terminal.lines


def test_nobody_commands_the_terminal_by_their_name(terminal: _Terminal, capsys: pytest.CaptureFixture[str]) -> None:
    """
    Control characters in a value are shown as pictures, in tables, in pairs and in notes.
    """
    name = "Eve\x1b]0;root\x07\x9b2J"
    with redirect_stdout(terminal):
        Rows(("name",)).add([{"name": name}])
        show_pairs({"name": name, "more": {"name": name}})
    note(f"not applied: {name}\nsecond line")

    noted = capsys.readouterr().err
    assert not set("\x07\x9b") & set(terminal.getvalue() + noted)
    assert "\x1b]" not in terminal.getvalue()
    assert "not applied: Eve␛]0;root␇�2J\nsecond line\n" == noted


def test_what_is_too_wide_is_folded_not_cut(terminal: _Terminal) -> None:
    """
    No character of an id is lost in a narrow terminal.
    """
    uid = "".join(chr(ord("a") + number % 26) for number in range(70))
    rows = Rows(("name", "_id"))
    with redirect_stdout(terminal):
        rows.add([{"name": "anna", "_id": uid}])

    assert all(len(line) <= 40 for line in terminal.lines)
    assert uid == "".join(line[6:].strip() for line in terminal.lines[1:])


def test_columns_break_between_words_first() -> None:
    """
    An address stays in one piece as long as a title beside it can be broken at a blank.
    """
    lines = [("emails", "title"), ("anna.lee@acme.example", "Head of Sales and Operations")]

    assert (21, 15) == fitting(lines, 40)
    assert (10, 10) == fitting(lines, 24)


def test_the_own_id_is_whole_and_those_of_others_are_short(terminal: _Terminal) -> None:
    """
    The own id can be copied from the screen: it is in one piece, however narrow the screen is.
    """
    uid, other = (encode("PEOPLE", f"{number}b0d549b-6f03-475a-9600-a35a099950d8") for number in (1, 2))
    with redirect_stdout(terminal):
        show_pairs({"_id": uid, "managerId": other, "roles": [], "title": "Head of Sales and of all Operations"})

    assert [
        f"_id        {uid}",
        "managerId  2b0d549b-6f03-475a-9600-a35a099950d8",
        "roles",
        "title      Head of Sales and of all",
        "           Operations",
    ] == terminal.lines


def test_wide_characters_keep_the_columns_straight(terminal: _Terminal) -> None:
    """
    Names of other alphabets take the room that they take on the screen.
    """
    rows = Rows(("name", "size"))
    with redirect_stdout(terminal):
        rows.add([{"name": "山田太郎", "size": 1}])

    assert "name      size" == terminal.lines[0]


def test_markup_in_a_value_is_text(terminal: _Terminal) -> None:
    """
    A name with brackets is a name, not an instruction to the terminal.
    """
    with redirect_stdout(terminal):
        show_pairs({"name": "[red]Anna[/red]"})

    assert "name  [red]Anna[/red]" == terminal.lines[0]


def test_values_as_people_read_them() -> None:
    """
    Lists have commas, truth and complex values are JSON, nothing is nothing.
    """
    assert 'a, b|true||{"type":"work"}' == "|".join(map(text_of, (("a", "b"), True, None, {"type": "work"})))
