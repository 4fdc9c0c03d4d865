"""
Ids as people read them. Pure.

An id of Webex is base64 of 80 characters and more, most of them the same in every id. Where it holds a UUID of its
own, that says as much and is taken wherever an id is asked for. Of the ids of roles and licences a part is shown that
tells them apart; to name one, the whole id is needed, which `get` shows.
"""

import re
from typing import Any

from webex_connector.webex.ids import decode, uuid_of

_UUID = re.compile(r"([0-9a-f]{4})[0-9a-f]{4}(?:-[0-9a-f]{4}){3}-[0-9a-f]{8}([0-9a-f]{4})")


def shortened(value: Any) -> Any:
    """
    Return a value with every Webex id in it shortened: to its UUID, or to the part that names a role or licence.

    Anything else is returned as it is.
    """
    if isinstance(value, str):
        return _short(value)
    if isinstance(value, dict):
        return {key: shortened(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [shortened(inner) for inner in value]
    return value


def shortened_path(text: str) -> str:
    """
    Return a line such as `PUT /people/<id>` with the ids between its slashes shortened.
    """
    return "/".join(map(_short, text.split("/")))


def _short(text: str) -> str:
    try:
        held = decode(text).value
    except ValueError:
        return text
    try:
        return uuid_of(text)
    except ValueError:
        # A licence's begins with the id of its organisation.
        return _UUID.sub(r"\1…\2", held.rpartition(":")[2]) or text
