"""
What to do next after an error.
"""

from pathlib import Path

import pytest

from webex_connector.cli.advice import ADVICE, advice_on
from webex_connector.cli.exits import Exit
from webex_connector.cli.main import main
from webex_connector.icf import errors


def test_advice_goes_by_the_kind_of_an_error() -> None:
    """
    An error has its own advice or none: a conflict that is no duplicate is not told about duplicates.
    """
    assert "update" in advice_on(errors.AlreadyExists("taken"))
    assert "" == advice_on(errors.PreconditionFailed("changed"))
    assert all(advice_on(kind("wrong")) == advice for kind, advice in ADVICE.items())


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("get", "account"), "See: webex-connector get --help"),
        (("lst",), "See: webex-connector --help"),
        (("list", "account", "--config", "nowhere.toml"), "webex-connector sandbox --write-config nowhere.toml"),
    ],
)
def test_who_is_lost_is_told_where_to_look(
    words: tuple[str, ...],
    said: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """
    The help of the very command, or the way to settings that work.
    """
    monkeypatch.chdir(tmp_path)

    assert main(words) in {Exit.USAGE, Exit.SETUP}

    assert said in capsys.readouterr().err
