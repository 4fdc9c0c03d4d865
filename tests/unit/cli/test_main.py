"""
How the command ends when something happens that nobody planned.
"""

import pytest

from webex_connector.cli import inspecting
from webex_connector.cli.exits import Exit
from webex_connector.cli.main import main


@pytest.fixture
def broken(monkeypatch: pytest.MonkeyPatch) -> list[BaseException]:
    """
    What the command meets.
    """
    met: list[BaseException] = []

    def meet(*_: object) -> None:
        raise met[0]

    monkeypatch.setattr(inspecting, "facade_of", meet)
    return met


def test_a_defect_is_one_line_with_its_place(broken: list[BaseException], capsys: pytest.CaptureFixture[str]) -> None:
    """
    Whoever reports it has what a developer needs; nobody gets a traceback.
    """
    broken.append(KeyError("lost"))

    assert Exit.FAILED == main(["test"])

    out, err = capsys.readouterr()
    assert "" == out
    assert 1 == len(err.splitlines())
    assert err.startswith("webex-connector: Defect, please report it: KeyError: 'lost' (in meet, ")


def test_the_keyboard_stops_without_words(broken: list[BaseException], capsys: pytest.CaptureFixture[str]) -> None:
    """
    Ctrl-C has the exit code that shells know.
    """
    broken.append(KeyboardInterrupt())

    assert Exit.INTERRUPTED == main(["test"])

    assert ("", "") == capsys.readouterr()
