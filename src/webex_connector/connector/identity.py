"""
One object, several spellings of its id: the id of `/v1`, padded or not, or the bare UUID inside it, which Webex mostly
takes as well.
"""

from collections.abc import Iterable

from webex_connector.webex.ids import uuid_of


def identity(uid: str) -> str:
    """
    Return what all spellings of an id have in common: the object's UUID, or the text itself if it holds none.
    """
    try:
        return uuid_of(uid)
    except ValueError:
        return uid


def without(uids: Iterable[str], others: Iterable[str]) -> list[str]:
    """
    Return the ids that are not among the others, in whatever spelling, each once.
    """
    known = {identity(each) for each in others}
    found = {identity(each): each for each in uids}
    return [uid for key, uid in found.items() if key not in known]
