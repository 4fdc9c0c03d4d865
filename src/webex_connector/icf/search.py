"""
One search as the facade runs it: the target streams what it can, we test the rest, sort, skip, cut into pages and
count.
"""

import hashlib
from collections.abc import AsyncIterator, Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any

import msgspec

from webex_connector.base.seal import Seal
from webex_connector.icf import names
from webex_connector.icf.errors import InvalidOption
from webex_connector.icf.filters import EVERYTHING, Filter, Predicate, attributes_of, matcher, moment
from webex_connector.icf.objects import Batch, ConnectorObject, SearchResult
from webex_connector.icf.operations import CanSearch
from webex_connector.icf.options import OperationOptions, SortKey, TotalPolicy
from webex_connector.icf.schema import AttributeType, ObjectClassInfo


class Place(msgspec.Struct, frozen=True, array_like=True):
    """
    Where a paged search stands: the target's own mark, how many of the objects after it are done with, how many matches
    were delivered so far, and the total when somebody counted it.
    """

    query: str
    resume: str | None = None
    skip: int = 0
    delivered: int = 0
    total: int = -1


class Cookies:
    """
    Turns places into cookies and back. They are signed, since a mark is part of an address that we will call.
    """

    def __init__(self, key: bytes) -> None:
        self._seal = Seal(key)

    def made(self, place: Place) -> str:
        """
        Return the opaque text of a place.
        """
        return self._seal.closed(msgspec.json.encode(place))

    def read(self, cookie: str, query: str) -> Place:
        """
        Return the place. Raises InvalidOption when the cookie is not ours or belongs to another query.
        """
        body = self._seal.opened(cookie)
        if body is None:
            raise InvalidOption("The paging cookie is unknown or has expired; start again without it")
        place = msgspec.json.decode(body, type=Place)
        if place.query != query:
            raise InvalidOption("The paging cookie belongs to another query; start again without it")
        return place


@dataclass(frozen=True, slots=True)
class Question:
    """
    A search with everything canonical: what to look for, which attributes to hand out, and the options.
    """

    info: ObjectClassInfo
    node: Filter
    wanted: frozenset[str]
    options: OperationOptions

    @property
    def fingerprint(self) -> str:
        """
        What a cookie is bound to: the same class, filter and order.
        """
        text = f"{self.info.name}\n{self.node!r}\n{self.options.sort_keys!r}"
        return hashlib.blake2b(text.encode(), digest_size=8).hexdigest()


class Search:
    """
    Iterate it for lists of objects; when it has ended, `result` tells about cookie and totals.
    """

    def __init__(self, handler: CanSearch, question: Question, cookies: Cookies) -> None:
        self._question = question
        self._cookies = cookies
        self._handler = handler
        translation = handler.translate(question.node)
        self._native = translation.native
        self._exact = translation.remainder == EVERYTHING
        self._arranges = self._exact and translation.arranges
        self._test: Predicate | None = None if self._exact else matcher(translation.remainder, question.info)
        sorting = frozenset(key.attribute for key in question.options.sort_keys)
        self._fetched = (question.wanted | attributes_of(translation.remainder) | sorting) - {names.UID, names.NAME}
        self._start = self._place(question.options.cookie)
        self._result: SearchResult | None = None

    def _place(self, cookie: str | None) -> Place:
        # Which question a search from the beginning belongs to, nobody asks.
        return Place("") if cookie is None else self._cookies.read(cookie, self._question.fingerprint)

    @property
    def result(self) -> SearchResult:
        """
        What is known at the end. Raises RuntimeError while the search has not ended: nothing is claimed before.
        """
        if self._result is None:
            raise RuntimeError("the search has not ended yet")
        return self._result

    async def __aiter__(self) -> AsyncIterator[list[ConnectorObject]]:
        async for objects in self._pages():
            if objects:
                yield [each.only(self._question.wanted) for each in objects]

    async def _pages(self) -> AsyncIterator[list[ConnectorObject]]:
        start, is_sorted = self._start, bool(self._question.options.sort_keys)
        # Pages of an order that was made here are counted from its beginning.
        batches = self._batches(None if is_sorted and not self._arranges else start.resume)
        first = await anext(batches, None)
        arranged = first is not None and first.arranged
        following = _with_first(first, batches)
        if is_sorted and not arranged:
            pages = self._sorted(start, following)
        else:
            pages = self._in_native_order(start, following, arranged=arranged)
        async for objects in pages:
            yield objects

    def _matching(self, objects: list[ConnectorObject]) -> list[ConnectorObject]:
        return objects if self._test is None else [each for each in objects if self._test(each)]

    def _batches(self, resume: str | None) -> AsyncIterator[Batch]:
        options = self._question.options
        # A page of the target is cut to the caller's page only if every object in it will be handed out.
        small = self._exact and options.total_policy is not TotalPolicy.EXACT and not options.sort_keys
        asked = options if small or self._arranges else replace(options, page_size=0)
        return self._handler.search(self._native, self._fetched, resume, asked)

    async def _in_native_order(
        self, start: Place, batches: AsyncIterator[Batch], *, arranged: bool
    ) -> AsyncIterator[list[ConnectorObject]]:
        options = self._question.options
        counting = options.total_policy is TotalPolicy.EXACT and start.total < 0
        seen, total = start.delivered, start.total
        mark, skip, to_pass = start.resume, start.skip, 0 if arranged else options.offset
        room = options.page_size or None
        following: Place | None = None
        async for batch in batches:
            if self._exact and batch.total is not None:
                total, counting = batch.total, False
            matched = self._matching(batch.objects[skip:])
            seen += len(matched)
            passed, to_pass = matched[to_pass:], max(0, to_pass - len(matched))
            if room is None:
                yield passed
            elif room > 0:
                page = passed[:room]
                room -= len(page)
                yield page
                if room == 0:
                    following = self._after(page, passed, batch, mark, skip)
            if room == 0 and not counting:
                break
            # A batch may be smaller than the one that the cookie was cut from, as when the page size changed.
            mark, skip = batch.resume, max(0, skip - len(batch.objects))
        else:
            # Whoever arranged the objects has counted them as well; what was skipped was not seen here.
            total = total if arranged else seen
        self._finish(start, following, total)

    def _after(
        self,
        page: list[ConnectorObject],
        passed: list[ConnectorObject],
        batch: Batch,
        mark: str | None,
        skip: int,
    ) -> Place | None:
        query = self._question.fingerprint
        if len(passed) > len(page):
            done = next(n for n, each in enumerate(batch.objects[skip:], start=skip) if each is page[-1]) + 1
            return Place(query, mark, done)
        return None if batch.resume is None else Place(query, batch.resume)

    def _finish(self, start: Place, following: Place | None, total: int) -> None:
        options = self._question.options
        claimed = -1 if options.total_policy is TotalPolicy.NONE else total
        if following is None:
            self._result = SearchResult(None, claimed, 0 if options.page_size else -1)
            return
        delivered = start.delivered + options.offset + options.page_size
        place = msgspec.structs.replace(following, delivered=delivered, total=total)
        self._result = SearchResult(self._cookies.made(place), claimed, total - delivered if claimed >= 0 else -1)

    async def _sorted(self, start: Place, batches: AsyncIterator[Batch]) -> AsyncIterator[list[ConnectorObject]]:
        """
        Sort what the target cannot sort. A page holds only the objects up to its own end in memory, never all of them.
        """
        options = self._question.options
        first = start.skip + options.offset
        last = first + options.page_size if options.page_size else None
        info = self._question.info
        best: list[ConnectorObject] = []
        count = 0
        async for batch in batches:
            matched = self._matching(batch.objects)
            count += len(matched)
            best.extend(matched)
            if last is not None and len(best) > 2 * last + 1000:
                best = ordered(best, info, options.sort_keys)[:last]
        page = ordered(best, info, options.sort_keys)[first:last]
        yield page
        total = -1 if options.total_policy is TotalPolicy.NONE else count
        if last is None or last >= count:
            self._result = SearchResult(None, total, 0 if options.page_size else -1)
        else:
            cookie = self._cookies.made(Place(self._question.fingerprint, None, last, last, total))
            self._result = SearchResult(cookie, total, -1 if total < 0 else count - last)


async def _with_first(first: Batch | None, rest: AsyncIterator[Batch]) -> AsyncIterator[Batch]:
    if first is not None:
        yield first
        async for batch in rest:
            yield batch


def ordered(
    objects: Iterable[ConnectorObject],
    info: ObjectClassInfo,
    keys: tuple[SortKey, ...],
) -> list[ConnectorObject]:
    """
    Sort by the keys, the first one first, by uid where they tie. Objects without a value come last in both directions.
    """
    result = sorted(objects, key=lambda each: each.uid)
    for key in reversed(keys):
        rank = _rank(key.attribute, info)
        present = [each for each in result if each.values(key.attribute)]
        absent = [each for each in result if not each.values(key.attribute)]
        present.sort(key=rank, reverse=not key.ascending)
        result = present + absent
    return result


def _rank(attribute: str, info: ObjectClassInfo) -> Callable[[ConnectorObject], Any]:
    fact = info.attribute(attribute)
    if fact.type in {AttributeType.INTEGER, AttributeType.NUMBER, AttributeType.BOOLEAN}:
        return lambda each: each.values(attribute)[0]
    if fact.type is AttributeType.TIMESTAMP:
        return lambda each: moment(str(each.values(attribute)[0]))
    if fact.case_sensitive:
        return lambda each: str(each.values(attribute)[0])
    return lambda each: names.folded_text(str(each.values(attribute)[0]))
