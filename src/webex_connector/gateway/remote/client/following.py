"""
What changed in a connector elsewhere.
"""

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import aclosing
from types import MappingProxyType
from typing import Final

from webex_connector.gateway.remote import profiles
from webex_connector.gateway.remote.client.calling import objects_of, understood
from webex_connector.gateway.remote.client.handlers import OfClass, reading_options
from webex_connector.gateway.remote.codec.objects import SyncDelta as WireDelta
from webex_connector.gateway.remote.codec.objects import SyncDeltaType, SyncToken
from webex_connector.gateway.remote.codec.primitives import Malformed
from webex_connector.gateway.remote.codec.values import Long, Value
from webex_connector.icf.errors import InvalidOption
from webex_connector.icf.operations import DeltaType, SyncDelta
from webex_connector.icf.options import OperationOptions

_TYPES: Final[Mapping[SyncDeltaType, DeltaType]] = MappingProxyType(
    {
        SyncDeltaType.CREATE: DeltaType.CREATE,
        SyncDeltaType.UPDATE: DeltaType.UPDATE,
        SyncDeltaType.DELETE: DeltaType.DELETE,
        SyncDeltaType.CREATE_OR_UPDATE: DeltaType.CREATE_OR_UPDATE,
    },
)
_NUMBERS: Final[Mapping[str, Callable[[int], Value]]] = MappingProxyType({"int": int, "long": Long})


class Following(OfClass):
    """
    The target can tell what changed. A token of ours has the type of the server's in front, since a number is another
    token than the text of its digits.
    """

    async def sync(self, token: str | None, options: OperationOptions) -> AsyncIterator[SyncDelta]:
        """
        Stream what changed after the token. Raises InvalidOption for one that is none of this server's.
        """
        wanted = options.attributes_to_get
        asked = reading_options(None if wanted is None else frozenset(wanted))
        stream = self.calling.stream(profiles.SYNC, "sync", self.name, _sent(token), asked)
        async with aclosing(objects_of(stream)) as deltas:
            async for each in deltas:
                with understood():
                    told = self._told(each)
                yield told

    def _told(self, each: Value) -> SyncDelta:
        if not isinstance(each, WireDelta) or each.uid is None:
            raise Malformed(f"a {type(each).__name__} is no change of an object")
        return SyncDelta(
            _TYPES[each.type],
            each.uid.uid,
            _told_token(each.token),
            None if each.object is None else self.shown(each.object),
            None if each.previous_uid is None else each.previous_uid.uid,
        )

    async def latest_token(self, options: OperationOptions) -> str | None:  # noqa: ARG002 - the model's signature
        """
        Return the token of now, None when the server has none.
        """
        found = await self.calling.call(profiles.SYNC, "getLatestSyncToken", self.name)
        with understood():
            return None if found is None else _told_token(found)


def _told_token(token: Value) -> str:
    value = token.value if isinstance(token, SyncToken) else None
    if isinstance(value, str):
        return f"text:{value}"
    if isinstance(value, Long):
        return f"long:{value.value}"
    if isinstance(value, int) and not isinstance(value, bool):
        return f"int:{value}"
    raise Malformed("a sync token is neither text nor number")


def _sent(token: str | None) -> SyncToken | None:
    if token is None:
        return None
    kind, colon, text = token.partition(":")
    if colon and kind == "text":
        return SyncToken(text)
    if kind in _NUMBERS:
        try:
            return SyncToken(_NUMBERS[kind](int(text)))
        except ValueError:
            pass
    raise InvalidOption("The sync token is none of this connector server's")
