"""
Filters on parts of complex values (`addresses.work.country`), which the model does not compare: the rest of the filter
is the facade's, and what it brings is sifted here.
"""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, replace

from webex_connector.gateway.remote import flattening
from webex_connector.gateway.remote.attributes import View
from webex_connector.gateway.remote.codec.values import Value
from webex_connector.gateway.remote.filters import filter_of
from webex_connector.gateway.remote.flattening import FlatName
from webex_connector.icf import validation
from webex_connector.icf.facade import Facade
from webex_connector.icf.filters import EVERYTHING, And, Filter, Predicate, attributes_of, checked, conjuncts, matcher
from webex_connector.icf.objects import ConnectorObject, SearchResult
from webex_connector.icf.options import OperationOptions, TotalPolicy
from webex_connector.icf.schema import AttributeInfo, ObjectClassInfo
from webex_connector.icf.search import Search


@dataclass(frozen=True, slots=True)
class Sieve:
    """
    A filter on parts of complex values.
    """

    outer: Filter
    """
    What the facade may be asked: at least everything that matches.
    """
    needed: frozenset[str]
    """
    The complex attributes that have to be read.
    """
    matches: Predicate


def sieve_of(node: Value, view: View) -> Sieve | None:
    """
    Return what to sift by, None for a filter that names no part. Raises Malformed, and InvalidFilter as facades do.
    """
    if view.maps or node is None:
        return None
    named = attributes_of(filter_of(node, view.info))
    parts = {name: flat for name in named if (flat := flattening.flat_name(view.info, name)) is not None}
    if not parts:
        return None
    info = _with(view.info, parts)
    whole = checked(filter_of(node, info), info)
    flat_names = {flat.name for flat in parts.values()}
    outer = tuple(part for part in conjuncts(whole) if not attributes_of(part) & flat_names)
    test = matcher(whole, info)
    flats = tuple(parts.values())
    return Sieve(
        And(outer) if outer else EVERYTHING,
        frozenset(flat.fact.name for flat in flats) | (attributes_of(whole) - flat_names),
        lambda each: test(_flattened(each, flats)),
    )


def _with(info: ObjectClassInfo, parts: Mapping[str, FlatName]) -> ObjectClassInfo:
    facts = (_fact(flat) for flat in {flat.name: flat for flat in parts.values()}.values())
    return replace(info, attributes=(*info.attributes, *facts))


def _fact(flat: FlatName) -> AttributeInfo:
    part = next(each for each in flat.fact.fields if each.name == flat.part)
    return replace(flat.fact, name=flat.name, type=part.type, many=flat.many, fields=(), refers_to=None)


def _flattened(found: ConnectorObject, flats: tuple[FlatName, ...]) -> ConnectorObject:
    parts = {flat.name: flat.read(found.values(flat.fact.name)) for flat in flats}
    return replace(found, attributes={**found.attributes, **parts})


class Sifted:
    """
    A search whose objects are sifted. Read it like a `Search`.

    By cookies it goes as far at a time as the facade's page does, and may find less; by offset it finds as many as were
    asked for. It counts only when it has to read everything anyway.
    """

    def __init__(self, facade: Facade, view: View, sieve: Sieve, options: OperationOptions, *, by_offset: bool) -> None:
        self._sieve = sieve
        self._wanted = validation.wanted(view.info, options)
        self._skip, self._room = (options.offset, options.page_size or None) if by_offset else (0, None)
        self._counting = by_offset and options.total_policy is TotalPolicy.EXACT
        asked = replace(
            options,
            attributes_to_get=tuple(self._wanted | sieve.needed),
            return_default_attributes=False,
            total_policy=TotalPolicy.NONE,
        )
        inner = replace(asked, offset=0, page_size=0) if by_offset else asked
        self._search: Search = facade.search(view.info.name, sieve.outer, inner)
        self.result = SearchResult()
        """
        What is known once the search has ended.
        """

    async def __aiter__(self) -> AsyncIterator[list[ConnectorObject]]:
        seen, room = 0, self._room
        async for batch in self._search:
            matching = [each.only(self._wanted) for each in batch if self._sieve.matches(each)]
            passed = matching[max(0, self._skip - seen) :]
            seen += len(matching)
            yield passed if room is None else passed[:room]
            if room is not None:
                room = max(0, room - len(passed))
                if room == 0 and not self._counting:
                    return
        cookie = None if self._room is not None else self._search.result.cookie
        past = self._skip + (self._room or 0)
        self.result = SearchResult(cookie, -1, max(0, seen - past) if self._counting else -1)
