"""
The operations that answer with a stream of objects: search and sync.
"""

from collections.abc import AsyncGenerator, Callable, Mapping
from types import MappingProxyType
from typing import Final, Protocol

from webex_connector.gateway.remote import profiles
from webex_connector.gateway.remote.calls import Call
from webex_connector.gateway.remote.codec import objects
from webex_connector.gateway.remote.codec.objects import ObjectClass, SyncDeltaType, SyncToken, Uid
from webex_connector.gateway.remote.codec.primitives import Malformed
from webex_connector.gateway.remote.codec.values import Long, Value
from webex_connector.gateway.remote.filters import filter_of
from webex_connector.gateway.remote.options import Asked
from webex_connector.gateway.remote.profiles import InStream, Profile
from webex_connector.gateway.remote.sifting import Sifted, sieve_of
from webex_connector.icf.operations import DeltaType, SyncDelta
from webex_connector.icf.search import Search


class Flow(Protocol):
    """
    Objects to send one after the other, and what the operation returns after the last of them, or after those that the
    platform wanted.
    """

    def batches(self) -> AsyncGenerator[list[Value], None]:
        """
        Yield the objects, some at a time.
        """
        ...

    @property
    def returned(self) -> Value:
        """
        What the operation returns.
        """
        ...


class Found:
    """
    What a search finds. Raises what the search raises, half-way too: an incomplete stream never ends politely.
    """

    def __init__(self, call: Call) -> None:
        view, asked = call.view(), call.asked(2)
        given = call.arguments[1] if len(call.arguments) > 1 else None
        options = asked.laid_over(call.options, view)
        self._view = view
        sieve = sieve_of(given, view)
        self._search: Search | Sifted
        if sieve is None:
            self._search = call.facade.search(view.info.name, filter_of(given, view.info), options)
        else:
            by_offset = asked.offset is not None and asked.offset >= 1
            self._search = Sifted(call.facade, view, sieve, options, by_offset=by_offset)
        self._in_stream = result_in_stream(call.profile, asked)
        self._result: objects.SearchResult | None = None

    @property
    def returned(self) -> Value:
        """
        Cookie and number of what remains; None when the platform stopped before the end.
        """
        return self._result

    async def batches(self) -> AsyncGenerator[list[Value], None]:
        """
        Yield the objects, some at a time.
        """
        async for batch in self._search:
            yield [self._view.shown(each) for each in batch]
        ended = self._search.result
        # Java has the text of a missing cookie for that of the last page; an empty one would go round for ever.
        self._result = objects.SearchResult(ended.cookie, ended.remaining)
        if self._in_stream:
            yield [self._result]


def result_in_stream(profile: Profile, asked: Asked) -> bool:
    """
    Whether a search tells its result as an object of the stream, too.
    """
    if profile.result_in_stream is InStream.AUTO:
        return asked.offset is not None and asked.offset < 1
    return profile.result_in_stream is InStream.ALWAYS


_TYPES: Final[Mapping[DeltaType, SyncDeltaType]] = MappingProxyType(
    {
        DeltaType.CREATE: SyncDeltaType.CREATE,
        DeltaType.UPDATE: SyncDeltaType.UPDATE,
        DeltaType.DELETE: SyncDeltaType.DELETE,
        DeltaType.CREATE_OR_UPDATE: SyncDeltaType.CREATE_OR_UPDATE,
    },
)


class Followed:
    """
    What changed since a token; each change has the token at which one may stop after it.
    """

    def __init__(self, call: Call) -> None:
        self._view = call.view()
        self._returned: SyncToken | None = None
        given = call.arguments[1] if len(call.arguments) > 1 else None
        if given is not None:
            self._returned = call.argument(1, SyncToken)
        options = call.asked(2).laid_over(call.options, self._view)
        self._deltas = call.facade.sync(self._view.info.name, _token(self._returned), options)

    @property
    def returned(self) -> Value:
        """
        The token of the last change that was told; the one that was given when there was none.
        """
        return self._returned

    async def batches(self) -> AsyncGenerator[list[Value], None]:
        """
        Yield the objects, some at a time.
        """
        async for each in self._deltas:
            yield [self._told(each)]

    def _told(self, each: SyncDelta) -> objects.SyncDelta:
        self._returned = SyncToken(each.token)
        kind = _TYPES[each.type]
        previous = kind in (SyncDeltaType.UPDATE, SyncDeltaType.CREATE_OR_UPDATE) and each.previous_uid is not None
        return objects.SyncDelta(
            kind,
            self._returned,
            Uid(each.previous_uid or "") if previous else None,
            ObjectClass(self._view.info.name),
            Uid(each.uid),
            None if each.object is None else self._view.object(each.object),
        )


def _token(given: SyncToken | None) -> str | None:
    if given is None or given.value is None:
        return None
    value = given.value.value if isinstance(given.value, Long) else given.value
    if not isinstance(value, str | int):
        raise Malformed("a sync token is a text")
    return str(value)


STREAMS: Final[Mapping[tuple[str, str], Callable[[Call], Flow]]] = MappingProxyType(
    {
        (profiles.SEARCH, "search"): Found,
        (profiles.SYNC, "sync"): Followed,
    },
)
"""
The operations by the class and, in lower case, the method that a request names.
"""
