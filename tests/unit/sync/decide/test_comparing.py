"""
Whether an object is as it should be.
"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webex_connector.icf import names
from webex_connector.icf.attributes import Attributes, Values
from webex_connector.icf.schema import AttributeInfo, AttributeType, ObjectClassInfo
from webex_connector.policy.safety import Harm
from webex_connector.sync.decide.comparing import Comparison
from webex_connector.sync.decide.plan import AttributeChange

INFO = ObjectClassInfo(
    names.ACCOUNT,
    "People.",
    (
        AttributeInfo("emails", "", many=True),
        AttributeInfo("displayName", ""),
        AttributeInfo("licenses", "", many=True, case_sensitive=True, refers_to="LICENSES"),
        AttributeInfo("phoneNumbers", "", AttributeType.MAP, many=True),
        AttributeInfo("hired", "", AttributeType.TIMESTAMP),
        AttributeInfo(names.ENABLE, "", AttributeType.BOOLEAN),
        AttributeInfo(names.PASSWORD, "", AttributeType.SECRET, readable=False),
    ),
    "emails",
)
COMPARISON = Comparison(INFO, [each.name for each in INFO.attributes])

SAME: list[tuple[str, Values, Values]] = [
    ("emails", ("Ana@Example.com",), ("ana@example.com",)),
    ("emails", ("a@x", "b@x"), ("b@x", "a@x")),
    ("displayName", ("Zo\u00eb",), ("Zoe\u0308",)),
    ("licenses", ("b", "a"), ("a", "b")),
    ("phoneNumbers", ({"type": "work", "value": "+1"},), ({"type": "work", "value": "+1", "primary": True},)),
    ("hired", ("2026-01-01T10:00:00+02:00",), ("2026-01-01T08:00:00Z",)),
    ("displayName", (), ()),
]

OTHER: list[tuple[str, Values, Values]] = [
    ("displayName", ("ana",), ("Ana",)),
    ("emails", ("a@x",), ("a@x", "b@x")),
    ("licenses", ("A",), ("a",)),
    ("phoneNumbers", ({"type": "work", "value": "+1"},), ({"type": "work", "value": "+2"},)),
    ("phoneNumbers", (), ({"type": "work", "value": "+2"},)),
    ("displayName", (), ("Ana",)),
    ("hired", ("2026-01-01T10:00:00Z",), ("2026-01-01T08:00:00Z",)),
]


@pytest.mark.parametrize(("name", "new", "old"), SAME)
def test_the_same_values_need_no_change(name: str, new: Values, old: Values) -> None:
    """
    Order, the case of addresses, the composition of letters and another zone are no differences.
    """
    assert COMPARISON.changes({name: new}, {name: old}) == ()


@pytest.mark.parametrize(("name", "new", "old"), OTHER)
def test_other_values_are_a_change(name: str, new: Values, old: Values) -> None:
    """
    A name's letter case is what somebody wrote; it is mended.
    """
    assert COMPARISON.changes({name: new}, {name: old}) == (AttributeChange(name, old, new),)


def test_what_is_not_named_stays_as_it_is() -> None:
    """
    An attribute that the mapping leaves alone is none of its changes.
    """
    assert COMPARISON.changes({}, {"displayName": ("Ana",)}) == ()


def test_a_secret_is_not_compared() -> None:
    """
    What cannot be read cannot be other than it should be.
    """
    assert names.PASSWORD not in COMPARISON.attributes
    assert COMPARISON.changes({names.PASSWORD: ("x",)}, {}) == ()


@pytest.mark.parametrize(
    ("change", "harm"),
    [
        (AttributeChange(names.ENABLE, (True,), (False,)), {Harm.DISABLE}),
        (AttributeChange(names.ENABLE, (False,), (True,)), set()),
        (AttributeChange("licenses", ("a", "b"), ("b", "c")), {Harm.LICENSE_REMOVAL}),
        (AttributeChange("licenses", ("a",), ("a", "c")), set()),
        (AttributeChange("displayName", ("Ana",), ()), {Harm.CLEARING}),
        (AttributeChange("displayName", ("Ana",), ("Bo",)), set()),
    ],
)
def test_a_harmful_change_counts(change: AttributeChange, harm: set[Harm]) -> None:
    """
    Disabling, taking a licence and clearing an attribute count against thresholds of their own.
    """
    assert COMPARISON.harms([change]) == harm


TEXT = st.one_of(st.text(max_size=5), st.sampled_from(["Zo\u00eb", "Zoe\u0308", "\u0130", "ss", "\u00df"]))
OBJECTS = st.fixed_dictionaries(
    {
        "emails": st.lists(TEXT, max_size=2).map(tuple),
        "displayName": st.one_of(st.just(()), st.tuples(TEXT)),
        "licenses": st.lists(st.sampled_from("aAbB"), max_size=3).map(tuple),
    },
)


@given(OBJECTS, OBJECTS)
def test_equal_digests_mean_no_change(one: Attributes, other: Attributes) -> None:
    """
    A pair that the digests let pass has no difference that the values would show.
    """
    if COMPARISON.digest(one) == COMPARISON.digest(other):
        assert COMPARISON.changes(one, other) == ()
