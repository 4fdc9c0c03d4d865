"""
The changes of several object classes in one stream.
"""

from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Protocol

from webex_connector.connector.change_token import AGAIN, Marks, marks_in, written
from webex_connector.icf import names
from webex_connector.icf.errors import InvalidOption
from webex_connector.icf.operations import SyncDelta
from webex_connector.icf.options import OperationOptions
from webex_connector.icf.schema import ObjectClassInfo


class Part(Protocol):
    """
    An object class whose changes are told.
    """

    info: ObjectClassInfo

    def sync(self, token: str | None, options: OperationOptions) -> AsyncIterator[SyncDelta]:
        """
        Tell what changed after the token.
        """
        ...

    async def latest_token(self, options: OperationOptions) -> str:
        """
        Return the token of now.
        """
        ...


class Everything:
    """
    `__ALL__`: the changes of all object classes that can be followed, one class after the other. It has nothing else.
    """

    info = ObjectClassInfo(names.ALL, "Every object class at once, for synchronisation.", ())

    def __init__(self, *parts: Part) -> None:
        self._parts = {part.info.name: part for part in parts}

    async def sync(self, token: str | None, options: OperationOptions) -> AsyncIterator[SyncDelta]:
        """
        Tell what changed after the token, which holds one of each object class. Raises InvalidOption as they do.
        """
        tokens = {} if token is None else marks_in(token)
        if not self._parts.keys() >= tokens.keys():
            raise InvalidOption(f"The sync token is of object classes that are not there. {AGAIN}")
        for name, part in self._parts.items():
            async for delta in part.sync(tokens.get(name), _fitting(part.info, options)):
                tokens[name] = delta.token
                yield replace(delta, token=written(Marks(dict(tokens))))

    async def latest_token(self, options: OperationOptions) -> str:
        """
        Return the token of now.
        """
        parts = {name: await part.latest_token(options) for name, part in self._parts.items()}
        return written(Marks(parts))


def _fitting(info: ObjectClassInfo, options: OperationOptions) -> OperationOptions:
    """
    Return the options as one object class understands them: with those attributes that it has.
    """
    asked = options.attributes_to_get
    if asked is None:
        return options
    return replace(options, attributes_to_get=tuple(each for each in asked if info.has(each)))
