"""
The exit codes of every command, and which error ends in which.
"""

from collections.abc import Mapping
from enum import IntEnum

from webex_connector.icf import errors


class Exit(IntEnum):
    """
    How a command ended, in one number that scripts can rely on.
    """

    OK = 0
    FAILED = 1
    USAGE = 2
    REFUSED = 3
    NOT_FOUND = 4
    CONFLICT = 5
    TRY_LATER = 6
    PARTIAL = 7
    SETUP = 8
    AMBIGUOUS = 9
    SCRIPT = 10
    INTERRUPTED = 130


MEANINGS: Mapping[Exit, str] = {
    Exit.OK: "Done, or a dry run that found nothing in the way.",
    Exit.FAILED: "A test found something wrong, or the program has a defect.",
    Exit.USAGE: "The words of the command are wrong; nothing was changed.",
    Exit.REFUSED: "Webex or a safety limit does not allow it; nothing was changed.",
    Exit.NOT_FOUND: "There is no such object.",
    Exit.CONFLICT: "Webex holds something that contradicts, such as the same address; nothing was changed.",
    Exit.TRY_LATER: "Webex is busy or out of reach; nothing was changed, and the same command may work later.",
    Exit.PARTIAL: "Done, except for the parts that are listed.",
    Exit.SETUP: "Settings or credentials are wrong; an administrator has to act.",
    Exit.AMBIGUOUS: "The change may have been made; look before repeating it.",
    Exit.SCRIPT: "A script is wrong, or failed; what it did before that is done.",
    Exit.INTERRUPTED: "Stopped from the keyboard.",
}
"""
What each code tells.
"""

EXITS: Mapping[type[errors.ConnectorError], Exit] = {
    errors.InvalidInput: Exit.USAGE,
    errors.UnknownUid: Exit.NOT_FOUND,
    errors.Conflicting: Exit.CONFLICT,
    errors.NotAllowed: Exit.REFUSED,
    errors.BadCredentials: Exit.REFUSED,
    errors.TryLater: Exit.TRY_LATER,
    errors.Ambiguous: Exit.AMBIGUOUS,
    errors.ScriptFailed: Exit.SCRIPT,
    errors.SetupError: Exit.SETUP,
}
"""
The exit of each group of errors.
"""


def exit_of(error: errors.ConnectorError) -> Exit:
    """
    Return the exit of an error: that of its nearest group.
    """
    return next((EXITS[kind] for kind in type(error).__mro__ if kind in EXITS), Exit.FAILED)


def sentence_of(error: errors.ConnectorError) -> str:
    """
    Return an error as people read it, with what support asks for and when to come back.
    """
    parts = [error.message]
    if isinstance(error, errors.AlreadyExists) and error.uid is not None:
        parts.append(f"(its id is {error.uid})")
    if isinstance(error, errors.InvalidFilter) and error.position is not None:
        parts.append(f"(column {error.position})")
    if error.retry_after is not None:
        parts.append(f"(try again in {error.retry_after:.0f} seconds)")
    if error.tracking_id is not None:
        parts.append(f"(tracking id {error.tracking_id})")
    return " ".join(parts)
