"""
Questions to the person in front of the screen. Answers may be piped in as well, one on each line.
"""

import getpass
import sys

from webex_connector.base.secret import Secret
from webex_connector.icf.errors import InvalidInput


def line(label: str) -> str:
    """
    Return what somebody types. Raises InvalidInput when that is nothing.
    """
    # What is piped in brings no line break of its own to the screen.
    sys.stderr.write(f"{label}: " if sys.stdin.isatty() else f"{label}: (piped in)\n")
    sys.stderr.flush()
    return _something(sys.stdin.readline(), label)


def secret(label: str) -> Secret:
    """
    Return what somebody types or pastes without its being shown. Raises InvalidInput when that is nothing.
    """
    if not sys.stdin.isatty():
        return Secret(line(label))
    return Secret(_something(getpass.getpass(f"{label} (not shown): ", sys.stderr), label))


def _something(text: str, label: str) -> str:
    if not text.strip():
        raise InvalidInput(f"Nothing was given for: {label}. Nothing was stored")
    return text.strip()
