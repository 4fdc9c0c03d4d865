"""
`script run` and `script check`: sandboxed Python that uses a system.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import msgspec
from cyclopts import Parameter

from webex_connector.cli import output
from webex_connector.cli.common import DEFAULTS, Common, Json, facade_of, signed
from webex_connector.cli.exits import Exit
from webex_connector.connector.scripts import LANGUAGE, STUBS
from webex_connector.expressions.errors import ScriptInvalid
from webex_connector.expressions.interpreter import Interpreter
from webex_connector.icf.errors import InvalidInput

_LANGUAGES = {".py": LANGUAGE, ".groovy": "Groovy", ".js": "JavaScript"}

Argument = Annotated[
    tuple[str, ...],
    Parameter(name="--arg", negative="", help="name=value: what the script finds in arguments; may be repeated."),
]
Yes = Annotated[bool, Parameter(negative="", help="Really write; otherwise nothing that changes anything is sent.")]


async def run(file: Path, /, *, arg: Argument = (), yes: Yes = False, common: Common = DEFAULTS) -> Exit:
    """
    Run a Python script on a system and show the value of its last expression, as JSON.

    Nothing is written unless --yes is given: then what the script makes, changes and removes is so in Webex, also when
    the script fails later.

    Parameters
    ----------
    file
        The script.
    """
    text, arguments = _text_of(file), _arguments(arg)
    async with facade_of(common) as facade:
        result = await facade.run_script(_language_of(file), text, arguments, signed(dry_run=not yes))
    if not yes:
        output.note("Dry run: nothing was written. Give --yes to write.")
    output.show_json(result)
    return Exit.OK


async def check(file: Path, /, *, as_json: Json = False) -> Exit:
    """
    Tell what is wrong with a script, all at once. It is not run.

    Parameters
    ----------
    file
        The script.
    """
    text = _text_of(file)
    if _language_of(file) != LANGUAGE:
        raise InvalidInput(f"{file} is written in {_language_of(file)}; scripts are written in Python")
    interpreter = Interpreter()
    try:
        mistakes = await interpreter.check(text, STUBS)
    except ScriptInvalid as error:
        mistakes = error.mistakes
    finally:
        await interpreter.aclose()
    if as_json:
        output.show_json_lines([msgspec.to_builtins(mistake) for mistake in mistakes])
    else:
        for mistake in mistakes:
            output.show_text(f"{file}:{mistake.line}:{mistake.column}: {mistake.message}")
    if not mistakes:
        output.note("Nothing is wrong with its words and types.")
    return Exit.SCRIPT if mistakes else Exit.OK


def _text_of(file: Path) -> str:
    try:
        return file.read_text("utf-8")
    except OSError as error:
        raise InvalidInput(f"{file} cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise InvalidInput(f"{file} is no text in UTF-8") from error


def _language_of(file: Path) -> str:
    return _LANGUAGES.get(file.suffix.lower(), LANGUAGE)


def _arguments(given: tuple[str, ...]) -> Mapping[str, str]:
    pairs = [each.partition("=") for each in given]
    wrong = [name for name, sign, _ in pairs if not name or not sign]
    if wrong:
        raise InvalidInput(f"--arg {wrong[0]}: write name=value")
    return {name: value for name, _, value in pairs}
