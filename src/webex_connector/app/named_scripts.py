"""
The scripts of a system: a folder of Python files, each run by its file's name.
"""

from collections.abc import Iterable, Mapping
from pathlib import Path

from webex_connector.app.settings import SystemSettings
from webex_connector.connector.scripts import LANGUAGE, STUBS
from webex_connector.expressions.errors import Mistake, ScriptInvalid
from webex_connector.expressions.interpreter import Interpreter
from webex_connector.gateway.idm.systems import Script
from webex_connector.icf.errors import ConfigurationInvalid

_PATTERN = "*.py"


def read(folder: Path) -> Mapping[str, Script]:
    """
    Return the scripts of a folder by name. Raises ValueError with what is wrong with the folder or a file.
    """
    if not folder.is_dir():
        raise ValueError(f"is no folder: {folder}")
    found: dict[str, Script] = {}
    for file in sorted(folder.glob(_PATTERN)):
        try:
            found[file.stem] = Script(LANGUAGE, file.read_text("utf-8"), str(file))
        except OSError as problem:
            raise ValueError(f"holds {file.name}, which cannot be read: {problem.strerror}") from problem
        except UnicodeDecodeError as problem:
            raise ValueError(f"holds {file.name}, which is no text in UTF-8") from problem
    return found


async def refuse_wrong(systems: Iterable[SystemSettings]) -> None:
    """
    Check every script before a system is opened. Nothing of them is run.

    Raises ConfigurationInvalid with all mistakes of all scripts, each with its place.
    """
    scripts = {script.place: script for system in systems for script in system.scripts.values()}
    if not scripts:
        return
    interpreter = Interpreter()
    try:
        wrong = [
            f"{place}:{mistake.line}:{mistake.column}: {mistake.message}"
            for place, script in scripts.items()
            for mistake in await _mistakes(interpreter, script)
        ]
    finally:
        await interpreter.aclose()
    if wrong:
        raise ConfigurationInvalid("Scripts are wrong:\n" + "\n".join(wrong))


async def _mistakes(interpreter: Interpreter, script: Script) -> tuple[Mistake, ...]:
    try:
        return await interpreter.check(script.text, STUBS)
    except ScriptInvalid as error:
        return error.mistakes
