"""
The command `webex-connector`. Each command is imported when it is called, so that help comes at once.
"""

import sys
import traceback
from collections.abc import Sequence
from functools import reduce
from importlib.metadata import version

from cyclopts import App, CycloptsError, Parameter

from webex_connector.base.garbage import collect_rarely
from webex_connector.cli.advice import advice_on
from webex_connector.cli.commands import COMMANDS, GROUPS, first_of
from webex_connector.cli.exits import Exit, exit_of, sentence_of
from webex_connector.icf.errors import ConnectorError

NAME = "webex-connector"

app = App(
    name=NAME,
    version=lambda: version(NAME),
    help="One identity connector to Cisco Webex for every identity platform.",
    # Anything richer loads a Markdown renderer, which takes as long as everything else together.
    help_format="plaintext",
    suppress_keyboard_interrupt=False,
    default_parameter=Parameter(show_default=lambda value: value or None),
    help_epilogue="Example: webex-connector demo",
)
for _name, _help in GROUPS.items():
    app.command(App(name=_name, help=_help, help_format="plaintext", sort_key=first_of(_name)))
for _command in COMMANDS:
    _group, _, _word = _command.name.rpartition(" ")
    (app[_group] if _group else app).command(
        _command.place,
        name=_word,
        help=_command.help,
        help_epilogue=f"Example: {_command.example}",
        sort_key=COMMANDS.index(_command),
    )


def called(name: str) -> App:
    """
    Return a command by its name, that of its group included. Raises KeyError.
    """
    return reduce(lambda parent, word: parent[word], name.split(), app)


def main(arguments: Sequence[str] | None = None) -> int:
    """
    Run one command and return its exit code. Whatever goes wrong is one message on standard error, and
    what to do next; never a traceback.
    """
    collect_rarely()
    try:
        result = app(arguments, exit_on_error=False, print_error=False, result_action="return_value")
        sys.stdout.flush()
    except CycloptsError as error:
        command = " ".join((NAME, *(error.command_chain or ())))
        return _failed(str(error), Exit.USAGE, f"See: {command} --help")
    except ConnectorError as error:
        return _failed(sentence_of(error), exit_of(error), advice_on(error))
    except BrokenPipeError:
        # Whoever read the output has had enough of it (`| head`). What is still buffered has nowhere to go.
        sys.stdout = None
        return Exit.OK
    except KeyboardInterrupt:
        return Exit.INTERRUPTED
    except Exception as error:  # noqa: BLE001 - the last line of defence: a defect is told in one line
        place = traceback.extract_tb(error.__traceback__)[-1]
        where = f"in {place.name}, {place.filename}:{place.lineno}"
        return _failed(f"Defect, please report it: {type(error).__name__}: {error} ({where})", Exit.FAILED)
    return int(result or Exit.OK)


def _failed(message: str, code: Exit, advice: str = "") -> int:
    sys.stderr.write("\n".join((f"{NAME}: {message}", *([advice] if advice else []), "")))
    return code
