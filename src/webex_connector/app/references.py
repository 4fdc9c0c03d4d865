"""
Secrets are named in the settings, never written there: `env:NAME` or `file:PATH`.
"""

from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

from webex_connector.base.secret import Secret

HOW = 'write "env:NAME" or "file:PATH" and keep the secret there'
"""
What to do instead of writing a secret into the settings.
"""


_KINDS = frozenset({"env", "file"})


def is_reference(text: str) -> bool:
    """
    Whether a text names a secret, so that it is none itself.
    """
    kind, _, place = text.partition(":")
    return kind in _KINDS and bool(place)


def resolved(reference: object, environment: Mapping[str, str], folder: Path) -> Secret:
    """
    Return the secret that a reference names. A file's path is relative to `folder`; one line end at its end is no part
    of the secret.

    Raises ValueError, without repeating what was given, when it is no reference or names nothing.
    """
    kind, _, place = str(reference).partition(":")
    if not isinstance(reference, str) or kind not in _KINDS or not place:
        raise ValueError(f"is a secret and must not stand here: {HOW}")
    if kind == "env":
        text = environment.get(place, "")
        if not text:
            raise ValueError(f"the environment variable {place} is not set or empty")
        return Secret(text)
    try:
        text = (folder / place).read_text("utf-8")
    except (OSError, UnicodeDecodeError) as problem:
        reason = problem.strerror if isinstance(problem, OSError) else "it is not UTF-8 text"
        raise ValueError(f"cannot read the file {place}: {reason}") from None
    text = text.removesuffix("\n").removesuffix("\r")
    if not text:
        raise ValueError(f"the file {place} is empty")
    return Secret(text)


def url_of(text: str, environment: Mapping[str, str], folder: Path) -> Secret:
    """
    Return a URL that may hold a password: then it is a reference. Raises ValueError, without repeating what was given.
    """
    if is_reference(text):
        return resolved(text, environment, folder)
    if urlsplit(text).password is None:
        return Secret(text)
    raise ValueError(f"holds a password, which must not stand here: {HOW}")
