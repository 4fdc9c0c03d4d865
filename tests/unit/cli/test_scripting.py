"""
Scripts from the command line, against a simulated organisation.
"""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from webex_connector.cli.exits import Exit
from webex_connector.cli.main import main
from webex_connector.sandbox.sandbox import Sandbox
from webex_connector.sandbox.scenarios import SAMPLE

Run = Callable[..., int]
Capture = pytest.CaptureFixture[str]

EXAMPLE = Path(__file__).parents[3] / "examples" / "scripts" / "unlicensed.py"


def _script(folder: Path, text: str, name: str = "script.py") -> str:
    file = folder / name
    file.write_text(text, "utf-8")
    return str(file)


def _groups(sandbox: Sandbox) -> set[str]:
    return {group.display_name for group in sandbox.world.groups.values()}


def test_a_script_shows_its_result(run: Run, capsys: Capture, tmp_path: Path) -> None:
    """
    The value of the last expression is written as JSON.
    """
    text = "[each['emails'] for each in connector.search('__ACCOUNT__', {'emails': arguments['who']})]"

    assert Exit.OK == run("script", "run", _script(tmp_path, text), "--arg", f"who={SAMPLE}")
    assert [[SAMPLE]] == json.loads(capsys.readouterr().out)


def test_a_script_writes_when_told_to(run: Run, sandbox: Sandbox, tmp_path: Path) -> None:
    """
    Without --yes the organisation stays as it is.
    """
    text = "connector.create('__GROUP__', {'displayName': arguments['name']})"
    words = ("script", "run", _script(tmp_path, text), "--arg", "name=Scripted")

    assert Exit.OK == run(*words)
    assert "Scripted" not in _groups(sandbox)
    assert Exit.OK == run(*words, "--yes")
    assert "Scripted" in _groups(sandbox)


def test_a_failing_script_says_where(run: Run, capsys: Capture, tmp_path: Path) -> None:
    """
    The exit code is its own, and the sentence names the line.
    """
    assert Exit.SCRIPT == run("script", "run", _script(tmp_path, "x = 1\nconnector.get('__ACCOUNT__', 'nobody')"))
    assert "line 2: LookupError" in capsys.readouterr().err


def test_checking_tells_every_mistake(capsys: Capture, tmp_path: Path) -> None:
    """
    One line each, as compilers write them; no system is needed.
    """
    file = _script(tmp_path, "connector.purge()\nx: int = 'a'")

    assert Exit.SCRIPT == main(["script", "check", file])
    lines = capsys.readouterr().out.splitlines()
    assert f"{file}:1:1: Object of type Connector has no attribute purge" == lines[0]
    assert lines[1].startswith(f"{file}:2:10: ")
    assert Exit.SCRIPT == main(["script", "check", file, "--json"])
    assert [1, 2] == [json.loads(line)["line"] for line in capsys.readouterr().out.splitlines()]


def test_the_example_is_well() -> None:
    """
    The script of the documentation has no mistake.
    """
    assert Exit.OK == main(["script", "check", str(EXAMPLE)])


def test_the_example_works(run: Run, sandbox: Sandbox, capsys: Capture) -> None:
    """
    It names who holds no licence in a department, and nobody else.
    """
    people = [person for _, person in sandbox.world.people()]
    department = next(each.department for each in people if each.department and not each.licenses)
    expected = {each.email for each in people if each.department == department and not each.licenses}

    assert Exit.OK == run("script", "run", str(EXAMPLE), "--arg", f"department={department}")
    assert expected == set(json.loads(capsys.readouterr().out))


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("run", "{folder}/none.py"), "none.py cannot be read: No such file or directory"),
        (("check", "{folder}/none.py"), "none.py cannot be read: No such file or directory"),
        (("check", "{folder}/old.groovy"), "old.groovy is written in Groovy; scripts are written in Python"),
        (("run", "{folder}/script.py", "--arg", "name"), "--arg name: write name=value"),
        (("check", "{folder}/bytes.py"), "bytes.py is no text in UTF-8"),
    ],
)
def test_words_without_meaning_are_refused(
    words: tuple[str, ...], sentence: str, run: Run, capsys: Capture, tmp_path: Path
) -> None:
    """
    The sentence names the file or the argument, and nothing is run.
    """
    _script(tmp_path, "1")
    _script(tmp_path, "1", "old.groovy")
    (tmp_path / "bytes.py").write_bytes(b"\xff")
    said = [word.format(folder=tmp_path) for word in words]

    assert Exit.USAGE == (run("script", *said) if words[0] == "run" else main(["script", *said]))
    assert sentence in capsys.readouterr().err


def test_another_language_is_refused_by_name(run: Run, capsys: Capture, tmp_path: Path) -> None:
    """
    A Groovy script is not tried.
    """
    assert Exit.REFUSED == run("script", "run", _script(tmp_path, "println 1", "old.groovy"))
    assert "Scripts in Groovy are not run here; write them in Python" in capsys.readouterr().err
