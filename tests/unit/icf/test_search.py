"""
Searches: pages, cookies, offsets, totals, order, and what they hold in memory.
"""

import gc
import itertools
from collections.abc import AsyncIterator, Callable
from dataclasses import replace

import pytest

from fakes.memory_connector import MemoryConnector, Pushdown, Traits, staff
from fakes.memory_schema import ACCOUNT_INFO
from fakes.memory_subjects import facade_of
from webex_connector.icf import names
from webex_connector.icf.errors import ConnectionBroken, InvalidOption
from webex_connector.icf.facade import Facade
from webex_connector.icf.filters import EVERYTHING, And, Compare, Filter, Operator, equals
from webex_connector.icf.objects import Batch, ConnectorObject, SearchResult
from webex_connector.icf.operations import Translation
from webex_connector.icf.options import OperationOptions, SortKey, TotalPolicy
from webex_connector.icf.search import Cookies, Place, Question, Search, ordered

COUNT = 11
RESEARCH = equals("department", "research")
RESEARCHERS = [f"P-{number:04}" for number in range(1, COUNT + 1) if number % 3 == 1]
EVERYBODY = [f"P-{number:04}" for number in range(1, COUNT + 1)]
QUERIES: dict[str, tuple[Filter, list[str]]] = {
    "everybody": (EVERYTHING, EVERYBODY),
    "research": (RESEARCH, RESEARCHERS),
}


def office(traits: Traits | None = None, count: int = COUNT) -> tuple[MemoryConnector, Facade]:
    """
    Return a connector with some staff, and its facade.
    """
    connector = MemoryConnector(traits)
    staff(connector, count)
    return connector, facade_of(connector)


async def page_of(facade: Facade, node: Filter, options: OperationOptions) -> tuple[list[str], SearchResult]:
    """
    Run one search and return uids and result.
    """
    search = facade.search(names.ACCOUNT, node, options)
    return [each.uid async for batch in search for each in batch], search.result


@pytest.mark.parametrize("query", QUERIES)
@pytest.mark.parametrize("totals", [True, False], ids=["totals", "no totals"])
@pytest.mark.parametrize("pushdown", Pushdown)
@pytest.mark.parametrize("batch_size", [1, 3, 100])
async def test_pages_are_the_whole_search_cut(query: str, pushdown: Pushdown, batch_size: int, *, totals: bool) -> None:
    """
    For every page size, offset and policy the pages one after the other are the whole search, each page full but the
    last, with true totals.
    """
    node, everyone = QUERIES[query]
    _, facade = office(Traits(pushdown, batch_size, totals))

    for size, offset, policy in itertools.product((1, 2, 3, 4, 11, 12), (0, 1, 4, 11, 20), TotalPolicy):
        options = OperationOptions(page_size=size, offset=offset, total_policy=policy)
        rest = everyone[offset:]
        while True:
            page, result = await page_of(facade, node, options)
            assert rest[:size] == page, options
            rest = rest[size:]
            assert result.total in ({len(everyone)} if policy is TotalPolicy.EXACT else {-1, len(everyone)}), options
            assert result.remaining in ({len(rest)} if policy is TotalPolicy.EXACT else {-1, len(rest)}), options
            if result.cookie is None:
                break
            options = replace(options, cookie=result.cookie, offset=0)
        assert not rest


@pytest.mark.parametrize("keys", [(), (SortKey("title"),)], ids=["native", "sorted"])
async def test_a_page_that_ends_with_the_last_object_is_the_last(keys: tuple[SortKey, ...]) -> None:
    """
    Where it is known that nothing follows there is no cookie for an empty page.
    """
    _, facade = office()

    _, first = await page_of(facade, EVERYTHING, OperationOptions(page_size=COUNT - 1, sort_keys=keys))
    _, second = await page_of(facade, EVERYTHING, OperationOptions(page_size=1, sort_keys=keys, cookie=first.cookie))
    _, whole = await page_of(facade, EVERYTHING, OperationOptions(page_size=COUNT, sort_keys=keys))

    assert first.cookie is not None
    assert (None, None) == (second.cookie, whole.cookie)


@pytest.mark.parametrize("keys", [(), (SortKey("title"),)], ids=["native", "sorted"])
async def test_without_pages_nothing_is_said_about_what_remains(keys: tuple[SortKey, ...]) -> None:
    """
    A whole search knows its total when asked, and speaks of no remainder.
    """
    _, facade = office()
    options = OperationOptions(sort_keys=keys, total_policy=TotalPolicy.EXACT)

    assert SearchResult(None, COUNT, -1) == (await page_of(facade, EVERYTHING, options))[1]


async def test_a_page_reads_no_batch_twice() -> None:
    """
    Where batches are as long as pages, each page costs one request.
    """
    connector, facade = office(Traits(batch_size=3))
    _, first = await page_of(facade, EVERYTHING, OperationOptions(page_size=3))

    assert EVERYBODY[3:6] == (await page_of(facade, EVERYTHING, OperationOptions(page_size=3, cookie=first.cookie)))[0]
    assert 2 == connector.traffic.calls["batch"]


async def test_a_total_is_counted_once() -> None:
    """
    The cookie remembers it: later pages stop when they are full, and while it is counted the target's pages are whole.
    """
    connector, facade = office(Traits(batch_size=4))
    options = OperationOptions(page_size=2, total_policy=TotalPolicy.EXACT)
    _, first = await page_of(facade, EVERYTHING, options)
    assert 3 == connector.traffic.calls["batch"]

    page, second = await page_of(facade, EVERYTHING, replace(options, cookie=first.cookie))

    assert (EVERYBODY[2:4], COUNT) == (page, second.total)
    assert 4 == connector.traffic.calls["batch"]


@pytest.mark.parametrize("first", [1, 500, 1050, 2498])
async def test_a_page_of_a_sorted_search_drops_the_others_and_not_the_first(first: int) -> None:
    """
    What cannot be on the page is let go of on the way, however many come and wherever the first ones stand.
    """
    connector, facade = office(count=2500)
    people = connector.world[names.ACCOUNT]
    expected = [f"P-{number:04}" for number in range(first, first + 3)]
    for row in people.values():
        row["title"] = "Zoologist"
    for uid, title in zip(expected, "ABC", strict=True):
        people[uid]["title"] = title

    page, _ = await page_of(facade, EVERYTHING, OperationOptions(page_size=3, sort_keys=(SortKey("title"),)))

    assert expected == page


async def test_a_total_nobody_asked_for_is_not_told() -> None:
    """
    Without a policy the total is -1, even where the target counts.
    """
    _, facade = office(Traits(Pushdown.EVERYTHING, totals=True))

    assert -1 == (await page_of(facade, EVERYTHING, OperationOptions(page_size=2)))[1].total


async def test_an_estimate_costs_no_batch() -> None:
    """
    An estimate is told where the target counts and is -1 where somebody would have to walk for it.
    """
    options = OperationOptions(page_size=2, total_policy=TotalPolicy.ESTIMATE)
    counting, counting_facade = office(Traits(Pushdown.EVERYTHING, 3, totals=True))
    silent, silent_facade = office(Traits(Pushdown.EVERYTHING, 3))

    assert COUNT == (await page_of(counting_facade, EVERYTHING, options))[1].total
    assert -1 == (await page_of(silent_facade, EVERYTHING, options))[1].total
    assert (1, 1) == (counting.traffic.calls["batch"], silent.traffic.calls["batch"])


async def test_the_page_size_may_change_between_pages() -> None:
    """
    Pages of other sizes, after an offset too, still bring each object once.
    """
    for first, second, offset, batch_size in itertools.product((1, 2, 3, 5), (1, 2, 3, 5), (0, 1, 2, 5), (2, 3, 100)):
        _, facade = office(Traits(Pushdown.EVERYTHING, batch_size))
        options = OperationOptions(page_size=first, offset=offset)
        uids, result = await page_of(facade, EVERYTHING, options)
        while result.cookie is not None:
            more, result = await page_of(facade, EVERYTHING, OperationOptions(page_size=second, cookie=result.cookie))
            uids += more
        assert EVERYBODY[offset:] == uids, (first, second, offset, batch_size)


async def test_a_broken_batch_breaks_the_search() -> None:
    """
    When a batch fails the search raises, claims no result, and what came before is all that came.
    """
    _, facade = office(Traits(batch_size=4, failing_batch=2))
    search = facade.search(names.ACCOUNT, EVERYTHING, OperationOptions())
    uids: list[str] = []

    async def collect() -> None:
        async for batch in search:
            uids.extend(each.uid for each in batch)

    with pytest.raises(ConnectionBroken):
        await collect()
    assert EVERYBODY[:4] == uids
    with pytest.raises(RuntimeError, match="not ended"):
        _ = search.result


@pytest.mark.parametrize("policy", [TotalPolicy.NONE, TotalPolicy.EXACT])
async def test_a_batch_that_breaks_later_is_not_read_for_a_page(policy: TotalPolicy) -> None:
    """
    A page needs only the batches up to its end; an exact total needs them all, and says so by failing.
    """
    _, facade = office(Traits(batch_size=4, failing_batch=3))
    work = page_of(facade, RESEARCH, OperationOptions(page_size=2, total_policy=policy))

    if policy is TotalPolicy.NONE:
        assert RESEARCHERS[:2] == (await work)[0]
    else:
        with pytest.raises(ConnectionBroken):
            await work


async def test_a_search_holds_one_batch() -> None:
    """
    While a reader walks two thousand objects, no more than a few batches of them live, and none is fetched ahead.
    """
    connector, facade = office(Traits(batch_size=20), count=2000)
    most = 0

    async for number, _ in counted(facade.search(names.ACCOUNT, EVERYTHING, OperationOptions())):
        assert number == connector.traffic.calls["batch"]
        if number % 25 == 0:
            most = max(most, sum(type(each) is ConnectorObject for each in gc.get_objects()))

    assert 0 < most <= 3 * 20


async def counted(search: Search) -> AsyncIterator[tuple[int, int]]:
    """
    Number the batches of a search, with their lengths.
    """
    number = 0
    async for batch in search:
        number += 1
        yield number, len(batch)


async def test_sorted_pages_are_the_sorted_whole() -> None:
    """
    Objects are sorted by several keys, those without a value last in both directions, and cut into pages.
    """
    connector, facade = office()
    for uid, title in (("P-0002", "b"), ("P-0005", "A"), ("P-0007", "B")):
        connector.world[names.ACCOUNT][uid]["title"] = title
    keys = (SortKey("TITLE", ascending=False), SortKey(names.UID, ascending=False))
    expected = ["P-0007", "P-0002", "P-0005", *(uid for uid in reversed(EVERYBODY) if uid[-1] not in "257")]

    for size, offset in itertools.product((1, 3, 4, 11, 12), (0, 2, 11)):
        options = OperationOptions(page_size=size, offset=offset, sort_keys=keys, total_policy=TotalPolicy.EXACT)
        uids, result = await page_of(facade, EVERYTHING, options)
        while result.cookie is not None:
            assert (COUNT, COUNT - offset - len(uids)) == (result.total, result.remaining)
            more, result = await page_of(facade, EVERYTHING, replace(options, offset=0, cookie=result.cookie))
            uids += more
        assert expected[offset:] == uids
        assert (COUNT, 0) == (result.total, result.remaining)


async def test_a_sorted_page_of_many_holds_a_part() -> None:
    """
    The first sorted page of five thousand is right, though most objects are let go on the way.
    """
    _, facade = office(Traits(batch_size=500), count=5000)
    options = OperationOptions(page_size=3, sort_keys=(SortKey(names.UID, ascending=False),))

    assert ["P-5000", "P-4999", "P-4998"] == (await page_of(facade, EVERYTHING, options))[0]


def test_numbers_sort_as_numbers_and_texts_without_case() -> None:
    """
    Ten comes after nine; a capital is no reason to come first; equal ones come by uid.
    """
    numbers = [ConnectorObject("LICENSES", str(n), None, {"totalUnits": (n,)}) for n in (10, 9, 100)]
    texts = [ConnectorObject("x", str(n), None, {"title": (text,)}) for n, text in enumerate(("b", "A", "a", "B"))]
    info = MemoryConnector().handlers["LICENSES"].info

    assert ["9", "10", "100"] == [each.uid for each in ordered(numbers, info, (SortKey("totalUnits"),))]
    assert ["1", "2", "0", "3"] == [each.uid for each in ordered(texts, ACCOUNT_INFO, (SortKey("title"),))]


async def test_what_a_filter_looks_at_is_fetched_and_not_handed_out() -> None:
    """
    A filter by an attribute that was not asked for works, and the attribute stays away.
    """
    _, facade = office()
    search = facade.search(names.ACCOUNT, RESEARCH, OperationOptions(attributes_to_get=("title", "emails")))

    found = [each async for batch in search for each in batch]

    assert RESEARCHERS == [each.uid for each in found]
    assert all({"emails"} == each.attributes.keys() for each in found)


async def test_the_target_gets_what_it_can_evaluate() -> None:
    """
    With a name that the target can look for, one batch answers a search whose rest is tested here.
    """
    connector, facade = office(Traits(Pushdown.IDENTIFIERS, batch_size=1))
    named = And((equals(names.NAME, "PERSON4@example.com"), RESEARCH, Compare("title", Operator.EQUALS, "x")))

    assert [] == (await page_of(facade, named, OperationOptions()))[0]
    assert 1 == connector.traffic.calls["batch"]


class Scripted:
    """
    A handler that says what it was told to say.
    """

    def __init__(self, *batches: Batch) -> None:
        self.batches = batches

    def translate(self, node: Filter) -> Translation:
        """
        Leave everything to the caller.
        """
        return Translation(None, node)

    async def search(
        self,
        native: object,
        wanted: frozenset[str],
        resume: str | None,
        options: OperationOptions,
    ) -> AsyncIterator[Batch]:
        """
        Stream the batches from the mark on, marks being their places.
        """
        for batch in self.batches[int(resume or 0) :]:
            yield batch


async def test_short_and_empty_batches_end_nothing() -> None:
    """
    A batch that is empty or shorter than a page while more follow is no end.
    """
    one, two, three = (ConnectorObject(names.ACCOUNT, uid, None, {}) for uid in "abc")
    handler = Scripted(Batch([], "1"), Batch([one], "2"), Batch([], "3"), Batch([two, three], "4"), Batch([]))
    pages: list[list[str]] = []
    cookie: str | None = None

    for _ in range(5):
        options = OperationOptions(page_size=1, cookie=cookie)
        search = Search(handler, Question(ACCOUNT_INFO, EVERYTHING, frozenset(), options), Cookies(b"k"))
        pages.append([each.uid async for batch in search for each in batch])
        cookie = search.result.cookie
        if cookie is None:
            break

    assert [["a"], ["b"], ["c"], []] == pages


@pytest.mark.parametrize(
    "spoil",
    [
        lambda cookie: cookie[:-1],
        lambda cookie: "A" + cookie[1:],
        lambda cookie: cookie[:-3] + "AAA",
        lambda cookie: "",
        lambda cookie: "ü",
        lambda cookie: Cookies(b"another key").made(Place("x")),
    ],
)
async def test_a_cookie_that_is_not_ours_is_refused(spoil: Callable[[str], str]) -> None:
    """
    A cut, changed, empty or foreign cookie is refused before anything is read.
    """
    connector, facade = office(Traits(batch_size=2))
    _, result = await page_of(facade, EVERYTHING, OperationOptions(page_size=2))
    calls = connector.traffic.calls["batch"]

    with pytest.raises(InvalidOption, match="start again without it"):
        facade.search(names.ACCOUNT, EVERYTHING, OperationOptions(page_size=2, cookie=spoil(result.cookie or "")))

    assert calls == connector.traffic.calls["batch"]


async def test_a_cookie_of_another_query_is_refused() -> None:
    """
    A cookie goes with its class, filter and order; the same filter in other words of case is the same.
    """
    _, facade = office()
    _, result = await page_of(facade, equals("DEPARTMENT", "Research"), OperationOptions(page_size=2))
    more = OperationOptions(page_size=2, cookie=result.cookie)

    assert RESEARCHERS[2:4] == (await page_of(facade, equals("department", "Research"), more))[0]
    for node, options in (
        (EVERYTHING, more),
        (RESEARCH, replace(more, sort_keys=(SortKey("title"),))),
    ):
        with pytest.raises(InvalidOption, match="another query"):
            facade.search(names.ACCOUNT, node, options)
    with pytest.raises(InvalidOption, match="another query"):
        facade.search(names.GROUP, EVERYTHING, more)
