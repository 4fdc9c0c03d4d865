"""
The command `webex-connector`. Each command is imported when it is called, so that help comes at once.
"""

import sys
import traceback
from collections.abc import Sequence
from importlib.metadata import version

from cyclopts import App, CycloptsError

from webex_connector.cli.exits import Exit, exit_of, sentence_of
from webex_connector.icf.errors import ConnectorError

NAME = "webex-connector"

COMMANDS: dict[str, tuple[str, str]] = {
    "test": ("webex_connector.cli.inspecting:test_", "Check that Webex can be reached and used."),
    "schema": ("webex_connector.cli.inspecting:schema", "Show object classes and their attributes."),
    "list": ("webex_connector.cli.reading:list_", "List objects, all or those that a filter matches."),
    "get": ("webex_connector.cli.reading:get", "Show one object."),
    "create": ("webex_connector.cli.writing:create", "Make an object."),
    "update": ("webex_connector.cli.writing:update", "Change an object."),
    "delete": ("webex_connector.cli.writing:delete", "Remove an object; a dry run unless --yes is given."),
    "serve": ("webex_connector.cli.serving:serve", "Serve the doors to every configured system."),
    "sandbox": ("webex_connector.cli.serving:sandbox", "Simulate a Webex organisation on this computer."),
    "demo": ("webex_connector.cli.serving:demo", "See everything at work against a simulated organisation."),
}
"""
Every command: where it is, and what the overview says of it.
"""

app = App(
    name=NAME,
    version=lambda: version(NAME),
    help="One identity connector to Cisco Webex for every identity platform.",
    help_epilogue="Example: webex-connector demo",
)
for _name, (_place, _help) in COMMANDS.items():
    app.command(_place, name=_name, help=_help)


def main(arguments: Sequence[str] | None = None) -> int:
    """
    Run one command and return its exit code. Whatever goes wrong is one message on standard error, never a traceback.
    """
    try:
        result = app(arguments, exit_on_error=False, print_error=False, result_action="return_value")
    except CycloptsError as error:
        return _failed(f"{error}\nSee {NAME} --help", Exit.USAGE)
    except ConnectorError as error:
        return _failed(sentence_of(error), exit_of(error))
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


def _failed(message: str, code: Exit) -> int:
    sys.stderr.write(f"{NAME}: {message}\n")
    return code
