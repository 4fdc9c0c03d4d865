"""
Who is to be disabled since no policy holds for them any more. Pure.
"""

from datetime import UTC, datetime, timedelta

import pytest

from webex_connector.policy.provisioning import Otherwise, Policy, Verdict
from webex_connector.policy.retiring import Retiring, retiring

MONDAY = datetime(2026, 11, 2, tzinfo=UTC)
SALES = Policy("sales", follow=True, otherwise=Otherwise.DISABLE_THEN_DELETE, delete_after=14)
LEGAL = Policy("legal", follow=True, otherwise=Otherwise.DISABLE_THEN_DELETE, delete_after=30)
STAFF = Policy("staff", follow=True, otherwise=Otherwise.DISABLE)
ONCE = Policy("once", otherwise=Otherwise.DISABLE)
KEPT = Policy("kept", follow=True, otherwise=Otherwise.REMOVE)
NO, YES, UNKNOWN = Verdict(holds=False), Verdict(holds=True), Verdict(holds=False, problem="no title")


@pytest.mark.parametrize(
    ("policies", "verdicts", "found"),
    [
        ((SALES,), (NO,), Retiring(("sales",), MONDAY, 14)),
        ((SALES, LEGAL), (NO, NO), Retiring(("sales", "legal"), MONDAY, 30)),
        ((SALES, STAFF), (NO, NO), Retiring(("sales", "staff"), MONDAY, None)),
        ((SALES, STAFF), (NO, YES), None),
        ((SALES, STAFF), (NO, UNKNOWN), None),
        ((ONCE, KEPT), (NO, NO), None),
    ],
    ids=["one", "longest", "gentlest", "another_holds", "cannot_be_told", "others"],
)
def test_the_gentlest_decides(
    policies: tuple[Policy, ...], verdicts: tuple[Verdict, ...], found: Retiring | None
) -> None:
    """
    Of several that ended; and nobody is disabled for whom one holds, or may.
    """
    ended = {each.name: MONDAY + timedelta(days=number) for number, each in enumerate(policies)}
    assert found == retiring(policies, verdicts, ended)


def test_only_what_was_noticed_counts() -> None:
    """
    A policy that never held for somebody disables nobody, and neither does one that is not in the settings any more.
    """
    assert retiring((SALES,), (NO,), {}) is None
    assert retiring((KEPT,), (NO,), {"gone": MONDAY}) is None
