"""
`seal`: the secrets of a provisioner file, closed in place.
"""

from pathlib import Path

from webex_connector.app.connectors import KINDS
from webex_connector.app.provisioner.sealing import Seals
from webex_connector.app.provisioner.sealing import seal as seal_file
from webex_connector.cli import output
from webex_connector.cli.common import DEFAULT_CONFIG, Config, Json, log_to_standard_error, settings_of
from webex_connector.cli.exits import Exit


def seal(file: Path, /, *, as_json: Json = False, config: Config = DEFAULT_CONFIG) -> Exit:
    """
    Seal the secrets that stand in plain text in a provisioner file.

    Parameters
    ----------
    file
        The file, provisioner.openicf-*.json.
    """
    log_to_standard_error(verbose=False)
    done = seal_file(file, KINDS, Seals(settings_of(config).store))
    if as_json:
        output.show_json({"sealed": done.sealed, "left": done.left})
        return Exit.OK
    output.show_text(f"Sealed: {', '.join(done.sealed)}" if done.sealed else "There was nothing to seal")
    if done.left:
        output.note(f"Left as they are, since they are no plain text: {', '.join(done.left)}")
    return Exit.OK
