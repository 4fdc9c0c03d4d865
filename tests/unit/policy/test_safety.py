"""
The gates before a plan.
"""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webex_connector.policy.safety import FEW, Harm, Limits, Numbers, Threshold, is_protected, stops

CALM = Numbers(records=1000, objects=1000, harms={})


def gates(limits: Limits, numbers: Numbers, **allowed: int) -> list[str]:
    """
    Return the names of the gates that stop a plan.
    """
    return [each.gate for each in stops(limits, numbers, allowed)]


@pytest.mark.parametrize(
    ("limits", "numbers", "found"),
    [
        (Limits(), CALM, []),
        (Limits(), replace(CALM, harms={Harm.DELETE: 20}), []),
        (Limits(), replace(CALM, harms={Harm.DELETE: 21}), ["delete"]),
        (Limits(), replace(CALM, harms={Harm.DISABLE: 50, Harm.LICENSE_REMOVAL: 101}), ["license_removal"]),
        (Limits(), replace(CALM, objects=20, harms={Harm.DELETE: FEW}), []),
        (Limits(), replace(CALM, objects=0, harms={Harm.DELETE: FEW + 1}), ["delete"]),
        (Limits({Harm.CREATE: Threshold(count=5)}), replace(CALM, harms={Harm.CREATE: 6}), ["create"]),
        (Limits(), replace(CALM, records_before=1111), []),
        (Limits(), replace(CALM, records_before=1112), ["shrinking"]),
        (Limits(), replace(CALM, records=0), ["least_records"]),
        (Limits(), replace(CALM, strangers=1), ["only_owned"]),
        (Limits(only_owned=False), replace(CALM, strangers=1), []),
        (Limits(), replace(CALM, protected=1), ["protected"]),
        (Limits(never_delete=True), replace(CALM, harms={Harm.DELETE: 1}), ["never_delete"]),
        (Limits(), replace(CALM, administrators=2, administrators_lost=1, administrators_matter=True), []),
        (
            Limits(),
            replace(CALM, administrators=2, administrators_lost=2, administrators_matter=True),
            ["last_administrator"],
        ),
        (Limits(), replace(CALM, administrators=None, administrators_matter=True), ["last_administrator"]),
        (Limits(), replace(CALM, administrators=None), []),
    ],
)
def test_a_gate_stops_what_passes_its_limit(limits: Limits, numbers: Numbers, found: list[str]) -> None:
    """
    Each gate at its edge: what is just within passes, what is just beyond stops.
    """
    assert gates(limits, numbers) == found


def test_a_yes_counts_for_exactly_its_number() -> None:
    """
    Who said yes to 30 deletions did not say yes to 31, and not to 30 disablings.
    """
    numbers = replace(CALM, harms={Harm.DELETE: 30})
    assert gates(Limits(), numbers, delete=30) == []
    assert gates(Limits(), numbers, delete=31) == ["delete"]
    assert gates(Limits(), replace(CALM, harms={Harm.DISABLE: 60}), delete=60) == ["disable"]


@pytest.mark.parametrize("name", ["protected", "never_delete", "last_administrator"])
def test_some_gates_take_no_yes(name: str) -> None:
    """
    What is there to keep somebody from being hurt is opened in the settings, not in passing.
    """
    numbers = replace(
        CALM,
        harms={Harm.DELETE: 1},
        protected=1,
        administrators=1,
        administrators_lost=1,
        administrators_matter=True,
    )
    (found,) = [each for each in stops(Limits(never_delete=True), numbers) if each.gate == name]
    assert found.allow is None
    assert found.remedy


@given(st.integers(0, 200), st.integers(1, 200), st.integers(0, 200))
def test_what_passes_stays_within_the_percentage(count: int, objects: int, percent: int) -> None:
    """
    However many there are, more than a few pass only within the percentage.
    """
    limits = Limits({Harm.DELETE: Threshold(percent=percent)})
    numbers = Numbers(10, objects, {Harm.DELETE: count})
    if not stops(limits, numbers):
        assert count <= FEW or count * 100 <= percent * objects


def test_the_protected_are_known_by_any_name() -> None:
    """
    An address on the list is enough.
    """
    limits = Limits(protected=frozenset({"boss@example.com"}))
    assert is_protected(limits, {"u1", "boss@example.com"})
    assert not is_protected(limits, {"u1"})
