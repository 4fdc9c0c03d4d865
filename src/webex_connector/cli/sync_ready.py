"""
`sync ready`: mappings to begin with.
"""

from webex_connector.app import ready as mappings
from webex_connector.cli import output
from webex_connector.cli.exits import Exit
from webex_connector.cli.table import Rows


async def ready(name: str | None = None, /) -> Exit:
    """
    List the ready mappings, or print one, to be copied into the sync file.

    Parameters
    ----------
    name
        The one to print.
    """
    if name is None:
        Rows(("name", "what for")).add([{"name": each, "what for": mappings.about(each)} for each in mappings.names()])
    else:
        output.show_text(mappings.text_of(name).rstrip("\n"))
    return Exit.OK
