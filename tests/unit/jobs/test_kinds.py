"""
What runs do, by name.
"""

import pytest

from fakes.shop import Counting, Shop
from webex_connector.jobs.errors import ArgumentMissing


async def test_a_name_is_taken_once(shop: Shop, work: Counting) -> None:
    """
    Two kinds of one name would be a matter of luck.
    """
    with pytest.raises(ValueError, match="There is a kind of run named count already"):
        shop.kinds.register("count", work)


async def test_what_the_key_is_told_by_has_to_be_given(shop: Shop, work: Counting) -> None:
    """
    Before the run is kept, and by its name.
    """
    with pytest.raises(ArgumentMissing, match="A run of the kind count needs the argument name"):
        await shop.jobs.submit("count", {"title": "x"}, "anna")
    assert [] == await shop.jobs.runs()
