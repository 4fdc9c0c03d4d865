"""
The laws of logic hold for filters, whatever they are about.
"""

import unicodedata
from typing import Literal

from hypothesis import given
from hypothesis import strategies as st

from webex_connector.icf import names
from webex_connector.icf.filters import (
    EVERYTHING,
    NOTHING,
    And,
    Compare,
    ContainsAll,
    EqualsList,
    Filter,
    Not,
    Operator,
    Or,
    Present,
    attributes_of,
    checked,
    conjuncts,
    equals,
    matcher,
)
from webex_connector.icf.objects import ConnectorObject
from webex_connector.icf.schema import AttributeInfo, ObjectClassInfo

INFO = ObjectClassInfo(
    "THING",
    "Something with two texts.",
    (AttributeInfo("a", "", many=True), AttributeInfo("b", "", case_sensitive=True)),
)

TEXTS = st.text(alphabet="aAbBéÉ\u0301ßs", max_size=4)
FORMS: st.SearchStrategy[Literal["NFC", "NFD"]] = st.sampled_from(["NFC", "NFD"])
ATTRIBUTES = st.sampled_from(["a", "b"])
LEAVES = st.one_of(
    st.sampled_from([EVERYTHING, NOTHING]),
    st.builds(Compare, ATTRIBUTES, st.sampled_from(Operator), TEXTS),
    st.builds(EqualsList, ATTRIBUTES, st.lists(TEXTS, max_size=2).map(tuple)),
    st.builds(ContainsAll, ATTRIBUTES, st.lists(TEXTS, max_size=2).map(tuple)),
    st.builds(Present, ATTRIBUTES),
)
FILTERS: st.SearchStrategy[Filter] = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.builds(Not, inner),
        st.builds(And, st.lists(inner, max_size=3).map(tuple)),
        st.builds(Or, st.lists(inner, max_size=3).map(tuple)),
    ),
    max_leaves=8,
)
THINGS = st.builds(
    lambda a, b: ConnectorObject("THING", "1", None, {"a": tuple(a), "b": tuple(b)}),
    st.lists(TEXTS, max_size=3),
    st.lists(TEXTS, max_size=1),
)


def holds(node: Filter, each: ConnectorObject) -> bool:
    """
    Whether an object matches.
    """
    return matcher(checked(node, INFO), INFO)(each)


@given(FILTERS, THINGS)
def test_not_turns_round(node: Filter, each: ConnectorObject) -> None:
    """
    A filter or its negation holds, never both; twice negated is as it was.
    """
    assert holds(node, each) is not holds(Not(node), each)
    assert holds(node, each) is holds(Not(Not(node)), each)


@given(st.lists(FILTERS, max_size=3).map(tuple), THINGS)
def test_and_is_all_or_is_any(parts: tuple[Filter, ...], each: ConnectorObject) -> None:
    """
    A conjunction holds when all parts do, a disjunction when any does, and one is the other's mirror image.
    """
    assert holds(And(parts), each) is all(holds(part, each) for part in parts)
    assert holds(Or(parts), each) is any(holds(part, each) for part in parts)
    assert holds(Not(And(parts)), each) is holds(Or(tuple(Not(part) for part in parts)), each)


@given(FILTERS, THINGS)
def test_constants_are_neutral(node: Filter, each: ConnectorObject) -> None:
    """
    EVERYTHING adds nothing to a conjunction, NOTHING adds nothing to a disjunction.
    """
    assert holds(node, each) is holds(And((EVERYTHING, node)), each) is holds(Or((node, NOTHING)), each)


@given(FILTERS, THINGS)
def test_conjuncts_mean_the_same_as_the_whole(node: Filter, each: ConnectorObject) -> None:
    """
    Taking a conjunction apart loses nothing, so that a target may evaluate some of its parts.
    """
    assert holds(node, each) is all(holds(part, each) for part in conjuncts(node))


@given(FILTERS, THINGS)
def test_only_attributes_mentioned_matter(node: Filter, each: ConnectorObject) -> None:
    """
    An object fetched with the attributes that the filter mentions is judged as the whole object.
    """
    assert holds(node, each) is holds(node, each.only(attributes_of(node)))


@given(FILTERS)
def test_checking_is_done_once(node: Filter) -> None:
    """
    A checked filter is left as it is by another check.
    """
    once = checked(node, INFO)

    assert once == checked(once, INFO)


@given(st.text(), FORMS)
def test_the_unicode_form_never_matters(text: str, form: Literal["NFC", "NFD"]) -> None:
    """
    A value is found by its own text in any canonical form.
    """
    each = ConnectorObject("THING", "1", None, {"a": (text,)})
    other = unicodedata.normalize(form, text)

    assert holds(equals("a", other), each)
    assert names.folded_text(text) == names.folded_text(other)


@given(st.text(alphabet=st.characters(max_codepoint=0x24F, categories=["Lu", "Ll", "Nd"])))
def test_case_never_matters_to_latin_letters(text: str) -> None:
    """
    A value is found by its text folded.
    """
    each = ConnectorObject("THING", "1", None, {"a": (text,)})

    assert holds(equals("a", text.casefold()), each)
