"""
Pages one after the other are the filtered list, exactly once, whatever the target and the query.
"""

import re
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from fakes.memory_connector import MemoryConnector, Pushdown, Traits, person
from fakes.memory_schema import ACCOUNT_INFO
from fakes.memory_subjects import facade_of
from webex_connector.icf import names
from webex_connector.icf.filters import EVERYTHING, And, Compare, Filter, Not, Operator, Or, Present, matcher
from webex_connector.icf.objects import ConnectorObject
from webex_connector.icf.options import OperationOptions, SortKey, TotalPolicy
from webex_connector.icf.search import Cookies, Place

TITLES = st.sampled_from(["a", "B", "b", "c", None])
TRAITS = st.builds(Traits, st.sampled_from(Pushdown), st.integers(1, 6), st.booleans())
LEAVES: st.SearchStrategy[Filter] = st.one_of(
    st.just(EVERYTHING),
    st.just(Present("title")),
    st.builds(Compare, st.just("title"), st.sampled_from(Operator), st.sampled_from("abc")),
    st.builds(Compare, st.just("__NAME__"), st.just(Operator.EQUALS), st.just("person1@example.com")),
)
FILTERS: st.SearchStrategy[Filter] = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.builds(Not, inner),
        st.builds(And, st.lists(inner, min_size=1, max_size=3).map(tuple)),
        st.builds(Or, st.lists(inner, min_size=1, max_size=3).map(tuple)),
    ),
    max_leaves=5,
)
SORTS = st.sampled_from([(), (SortKey("title"),), (SortKey("title", ascending=False), SortKey("__UID__"))])


@given(st.builds(Place, st.text(max_size=9), st.none() | st.text(max_size=9), st.integers(0, 10**6)))
def test_a_cookie_leads_back_to_its_place(place: Place) -> None:
    """
    Places of any length survive being a cookie, which is fit for an address.
    """
    cookies = Cookies(b"key")

    assert place == cookies.read(cookies.made(place), place.query)
    assert re.fullmatch(r"[A-Za-z0-9_-]+", cookies.made(place))


@settings(max_examples=150, deadline=None)
@given(st.data())
async def test_pages_are_the_filtered_list(data: st.DataObject) -> None:
    """
    With page sizes that change from page to page, with any filter, order, offset and total policy.
    """
    connector = MemoryConnector(data.draw(TRAITS))
    for number, title in enumerate(data.draw(st.lists(TITLES, max_size=12))):
        connector.world[names.ACCOUNT][f"P-{number:02}"] = person(number) | ({"title": title} if title else {})
    node, keys = data.draw(FILTERS), data.draw(SORTS)
    offset = data.draw(st.integers(0, 4))
    facade = facade_of(connector)
    options = OperationOptions(offset=offset, sort_keys=keys, total_policy=data.draw(st.sampled_from(TotalPolicy)))
    uids: list[str] = []

    cookie = None
    while True:
        size = data.draw(st.integers(1, 5))
        step = replace(options, page_size=size, cookie=cookie, offset=0 if cookie else offset)
        search = facade.search(names.ACCOUNT, node, step)
        page = [each.uid async for batch in search for each in batch]
        assert len(page) <= size
        uids += page
        cookie = search.result.cookie
        if cookie is None:
            break

    expected = _expected(connector, node, keys)
    assert expected[offset:] == uids
    assert search.result.total in (
        {len(expected)} if options.total_policy is TotalPolicy.EXACT else {-1, len(expected)}
    )


def _expected(connector: MemoryConnector, node: Filter, keys: tuple[SortKey, ...]) -> list[str]:
    """
    Return the uids of the matching rows, sorted by the plain rules: no value last, case means nothing, ties by uid.
    """
    rows = connector.world[names.ACCOUNT]
    test = matcher(node, ACCOUNT_INFO)
    matching = [
        uid
        for uid, row in rows.items()
        if test(
            ConnectorObject(
                names.ACCOUNT,
                uid,
                row["emails"][0],
                {"title": (row["title"],)} if "title" in row else {},
            ),
        )
    ]
    if not keys:
        return matching
    titled = sorted((uid for uid in matching if "title" in rows[uid]), key=lambda uid: rows[uid]["title"].lower())
    if not keys[0].ascending:
        titled = sorted(titled, key=lambda uid: -ord(rows[uid]["title"].lower()))
    return titled + [uid for uid in matching if "title" not in rows[uid]]
