"""
What pages, offsets, order and totals promise.
"""

# ruff: noqa: D401 - a check states what is promised, it gives no order

from collections.abc import Iterator
from dataclasses import replace

from webex_connector.icf import names
from webex_connector.icf.contract.subject import Subject, refused, require, standing
from webex_connector.icf.errors import InvalidOption, UnknownAttribute
from webex_connector.icf.filters import EVERYTHING, Filter, Not, equals
from webex_connector.icf.objects import ConnectorObject, SearchResult
from webex_connector.icf.options import OperationOptions, SortKey, TotalPolicy
from webex_connector.icf.search import ordered

SMALL = 30
"""
Up to how many objects pages of one object each are walked too.
"""


def _sizes(count: int) -> Iterator[int]:
    usual = {max(1, count // 4), max(1, count // 2), count, count + 1}
    yield from sorted(usual | {1, 2, 3} if count <= SMALL else usual)


async def _page(subject: Subject, node: Filter, options: OperationOptions) -> tuple[list[str], SearchResult]:
    search = subject.facade.search(subject.object_class, node, options)
    uids = [each.uid async for batch in search for each in batch]
    return uids, search.result


async def _pages(subject: Subject, node: Filter, options: OperationOptions) -> list[str]:
    """
    Walk all pages by cookie. Raises AssertionError for a page that is too long and for a walk that never ends.
    """
    uids: list[str] = []
    asked = options
    for _ in range(1000):
        page, result = await _page(subject, node, asked)
        require(len(page) <= options.page_size, f"A page of {options.page_size} came with {len(page)} objects")
        uids += page
        if result.cookie is None:
            return uids
        asked = replace(options, cookie=result.cookie, offset=0)
    raise AssertionError("A thousand pages, and still a cookie for more")


def _some(found: list[ConnectorObject]) -> tuple[Filter, list[str]]:
    """
    Return a filter that all objects but one match, and whom it should bring.
    """
    gap = found[len(found) // 2].uid
    return Not(equals(names.UID, gap)), [each.uid for each in found if each.uid != gap]


async def pages_bring_everything_once(subject: Subject) -> None:
    """
    Pages of any size, one after the other, bring each object once and none twice, with a filter and without.
    """
    async with standing(subject, 5) as found:
        for size in _sizes(len(found)):
            options = replace(subject.options, page_size=size)
            for node, expected in ((EVERYTHING, [each.uid for each in found]), _some(found)):
                uids = await _pages(subject, node, options)
                require(
                    sorted(uids) == sorted(expected),
                    f"Pages of {size} brought {len(uids)} objects ({len(set(uids))} different) of {len(expected)}",
                )


async def pages_keep_the_order(subject: Subject) -> None:
    """
    Pages one after the other have the order of the whole search.
    """
    async with standing(subject, 5) as found:
        options = replace(subject.options, page_size=max(1, len(found) // 3))
        uids = await _pages(subject, EVERYTHING, options)
        require(uids == [each.uid for each in found], "The pages have another order than the search without pages")


async def an_offset_skips(subject: Subject) -> None:
    """
    An offset leaves out so many objects from the beginning, and a cookie goes on after the page it came with.
    """
    async with standing(subject, 5) as found:
        all_uids = [each.uid for each in found]
        for offset in (1, len(found) - 1, len(found), len(found) + 1):
            uids, _ = await _page(subject, EVERYTHING, replace(subject.options, offset=offset))
            require(uids == all_uids[offset:], f"An offset of {offset} in {len(found)} brought {len(uids)} objects")
        paged = await _pages(subject, EVERYTHING, replace(subject.options, offset=1, page_size=2))
        require(paged == all_uids[1:], "Pages after an offset do not bring the rest")


async def a_sort_orders_everything(subject: Subject) -> None:
    """
    A sort key orders the whole result in either direction, also over pages.
    """
    async with standing(subject, 5) as found:
        for ascending in (True, False):
            keys = (SortKey(names.NAME, ascending),)
            expected = [each.uid for each in ordered(found, subject.info, keys)]
            options = replace(subject.options, sort_keys=keys)
            uids, _ = await _page(subject, EVERYTHING, options)
            way = "ascending" if ascending else "descending"
            require(uids == expected, f"Sorted by name, {way}, the order is {uids}, not {expected}")
            for size in _sizes(len(found)):
                paged = await _pages(subject, EVERYTHING, replace(options, page_size=size))
                require(paged == expected, f"Sorted pages of {size} have another order than the sorted search")


async def a_sort_refuses_an_unknown_attribute(subject: Subject) -> None:
    """
    A sort key that is no attribute is refused.
    """
    options = replace(subject.options, sort_keys=(SortKey("noSuchAttribute"),))
    await refused(UnknownAttribute, subject.listed(options=options), "A sort by an unknown attribute")


async def an_exact_total_is_exact(subject: Subject) -> None:
    """
    A total asked for exactly is the number of matches, on the first page, on the last and without pages.
    """
    async with standing(subject, 5) as found:
        for node, expected in ((EVERYTHING, [each.uid for each in found]), _some(found)):
            options = replace(subject.options, total_policy=TotalPolicy.EXACT)
            for size in (0, 1, len(found)):
                page, result = await _page(subject, node, replace(options, page_size=size))
                require(
                    result.total == len(expected),
                    f"The total of {len(expected)} matches is {result.total} with pages of {size}",
                )
                require(
                    not size or result.remaining == len(expected) - len(page),
                    f"After {len(page)} of {len(expected)} objects {result.remaining} are said to remain",
                )


async def an_estimated_total_is_true_or_absent(subject: Subject) -> None:
    """
    A total that costs nothing is either not told (-1) or not wrong by a filter that the target did not evaluate.
    """
    async with standing(subject, 5) as found:
        node, expected = _some(found)
        options = replace(subject.options, total_policy=TotalPolicy.ESTIMATE, page_size=1)
        _, result = await _page(subject, node, options)
        require(
            result.total in {-1, len(expected)},
            f"The estimated total of {len(expected)} matches is {result.total}",
        )


async def a_cookie_serves_its_own_query(subject: Subject) -> None:
    """
    A cookie is refused with another filter, with another order, and when somebody made it up.
    """
    async with standing(subject, 5) as found:
        options = replace(subject.options, page_size=1)
        _, result = await _page(subject, EVERYTHING, options)
        if result.cookie is None:
            return
        theirs = replace(options, cookie=result.cookie)
        other, _ = _some(found)
        await refused(InvalidOption, subject.listed(other, theirs), "A cookie of another filter")
        sort = replace(theirs, sort_keys=(SortKey(names.NAME),))
        await refused(InvalidOption, subject.listed(options=sort), "A cookie of another order")
        madeup = replace(options, cookie="bWFkZSB1cA")
        await refused(InvalidOption, subject.listed(options=madeup), "A cookie that is not ours")
