"""
How deltas change values.
"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webex_connector.icf.attributes import AttributeDelta, LateAttributes, Values, added, after, removed, replaced

VALUES = st.lists(st.sampled_from("abcde"), max_size=5).map(tuple)


@pytest.mark.parametrize(
    ("delta", "expected"),
    [
        (replaced("x", "c", "a", "c"), ("c", "a")),
        (replaced("x"), ()),
        (added("x", "b", "c"), ("a", "b", "c")),
        (removed("x", "b", "z"), ("a",)),
        (AttributeDelta("x", add=("c",), remove=("a",)), ("b", "c")),
        (AttributeDelta("x", add=("a",), remove=("a",)), ("b", "a")),
        (AttributeDelta("x"), ("a", "b")),
    ],
)
def test_a_delta_on_a_and_b(delta: AttributeDelta, expected: Values) -> None:
    """
    Values keep their order, none comes twice, and what was there or gone already is no error.
    """
    assert expected == after(delta, ("a", "b"))


@given(VALUES, VALUES, VALUES)
def test_a_delta_applied_twice_changes_nothing_more(current: Values, add: Values, remove: Values) -> None:
    """
    Repeating an addition and removal of different values ends as doing it once.
    """
    delta = AttributeDelta("x", add=add, remove=tuple(value for value in remove if value not in add))
    once = after(delta, current)

    assert once == after(delta, once)
    assert set(once) == (set(current) - set(delta.remove)) | set(add)


def test_a_delta_replaces_or_adds_never_both() -> None:
    """
    A delta that says both cannot be made.
    """
    with pytest.raises(ValueError, match="never both"):
        AttributeDelta("x", replace=("a",), add=("b",))


def test_late_attributes_are_unpacked_when_somebody_looks() -> None:
    """
    Once, and only those that are wanted; until then they are told apart by what they are packed in. They are attributes
    like any others.
    """
    unpacked: list[bytes] = []

    def unpack(packed: bytes) -> dict[str, Values]:
        unpacked.append(packed)
        return {"a": (packed.decode(),), "b": ("2",)}

    whole = LateAttributes(b"1", unpack)
    part = whole.only(frozenset("ac"))
    assert part.likeness == LateAttributes(b"1", unpack, frozenset("ac")).likeness
    assert 3 == len({whole.likeness, part.likeness, LateAttributes(b"2", unpack).likeness})
    assert not unpacked
    assert {"a": ("1",)} == part
    assert (("1",), None, False) == (part["a"], part.get("b"), "b" in part)
    assert [b"1"] == unpacked
    assert {} == part.only(frozenset("bc"))
    assert {"a": ("1",), "b": ("2",)} == {**whole}
    assert "{'a': ('1',), 'b': ('2',)}" == repr(whole)
