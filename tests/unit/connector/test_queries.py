"""
Filters, as far as Webex evaluates them.
"""

import unicodedata
from contextlib import closing

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fakes.hub import found, running_hub
from fakes.hub_subjects import person_id
from fakes.virtual_time import VirtualClock, VirtualTimeLoop
from webex_connector.connector.control_hub.account import account_info
from webex_connector.connector.queries import (
    GROUP_CONDITIONS,
    MOST_SINGLE_READS,
    PEOPLE_CONDITIONS,
    ByUid,
    Listing,
    NativeQuery,
    Nobody,
    group_filter,
    steady_beginning,
    translated,
)
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
    checked,
    equals,
    matcher,
)
from webex_connector.sandbox import rendering, scenarios
from webex_connector.sandbox.catalogue import LOCATIONS
from webex_connector.sandbox.records import FULL_ADMIN

ANNA = equals("emails", "anna@acme.example")
STARTS = Operator.STARTS_WITH

PEOPLE: list[tuple[Filter, NativeQuery]] = [
    (EVERYTHING, Listing()),
    (NOTHING, Nobody()),
    (And((ANNA, NOTHING)), Nobody()),
    (equals(names.UID, "a"), ByUid(("a",))),
    (Or((equals(names.UID, "a"), equals(names.UID, "b"), equals(names.UID, "a"))), ByUid(("a", "b"))),
    (And((ANNA, equals(names.UID, "a"))), ByUid(("a",))),
    (Or((equals(names.UID, "a"), ANNA)), Listing()),
    (ANNA, Listing("email", "anna@acme.example")),
    (equals(names.NAME, "anna@acme.example"), Listing("email", "anna@acme.example")),
    (equals("displayName", "Ada"), Listing("display_name", "Ada")),
    (Compare("displayName", STARTS, "Ada"), Listing("display_name", "Ada")),
    (equals("displayName", "José"), Listing("display_name", "Jos")),
    (Compare("displayName", STARTS, "Straße"), Listing("display_name", "Stra")),
    (equals("displayName", "Éva"), Listing()),
    (equals("displayName", "Анна"), Listing("display_name", "Анна")),
    (equals("displayName", "  "), Listing()),
    (equals("roles", "r"), Listing("role", "r")),
    (equals("locationId", "l"), Listing("location_id", "l")),
    (And((equals("roles", "r"), Compare("displayName", STARTS, "A"), ANNA)), Listing("email", "anna@acme.example")),
    (And((equals("title", "x"), And((equals("roles", "r"), Present("title"))))), Listing("role", "r")),
    (Compare("emails", STARTS, "anna"), Listing()),
    (Compare("displayName", Operator.CONTAINS, "Ada"), Listing()),
    (Not(ANNA), Listing()),
    (Or((ANNA, equals("displayName", "Ada"))), Listing()),
    (EqualsList("emails", ("anna@acme.example",)), Listing()),
    (equals("title", "Engineer"), Listing()),
]


@pytest.mark.parametrize(("node", "native"), PEOPLE, ids=[repr(node) for node, _ in PEOPLE])
def test_people_are_narrowed_by_the_most_selective_condition(node: Filter, native: NativeQuery) -> None:
    """
    Webex evaluates one condition at most, and the whole filter is tested again on whatever it finds.
    """
    translation = translated(node, PEOPLE_CONDITIONS, "emails")
    assert native == translation.native
    assert (NOTHING if native == Nobody() else node) == translation.remainder


def test_the_name_is_narrowed_as_the_attribute_it_stands_for() -> None:
    """
    With another name attribute, a filter by name asks Webex for that one; for a first name there is no condition.
    """
    node = equals(names.NAME, "Ada")
    assert Listing("display_name", "Ada") == translated(node, PEOPLE_CONDITIONS, "displayName").native
    assert Listing() == translated(node, PEOPLE_CONDITIONS, "firstName").native


def test_few_uids_are_read_and_many_are_listed() -> None:
    """
    Single reads end where a listing is cheaper.
    """
    most = tuple(equals(names.UID, str(number)) for number in range(MOST_SINGLE_READS + 1))
    few, many = (translated(Or(parts), PEOPLE_CONDITIONS, None).native for parts in (most[1:], most))
    assert ByUid(tuple(str(number) for number in range(1, MOST_SINGLE_READS + 1))) == few
    assert Listing() == many


@pytest.mark.parametrize(
    ("node", "text"),
    [
        (equals("displayName", "Sales"), 'displayName eq "Sales"'),
        (equals(names.NAME, "Sales"), 'displayName eq "Sales"'),
        (Compare("displayName", STARTS, "Sal"), 'displayName sw "Sal"'),
        (equals("displayName", "Café"), 'displayName sw "Caf"'),
        (equals("displayName", 'The "Q" club'), None),
        (equals("displayName", "a\\b"), None),
        (equals("description", "Sales"), None),
        (EVERYTHING, None),
    ],
)
def test_groups_are_narrowed_in_webex_own_words(node: Filter, text: str | None) -> None:
    """
    A condition becomes Webex's filter; a text that might need quoting is not sent, so that everything is listed.
    """
    native = translated(node, GROUP_CONDITIONS, "displayName").native
    assert isinstance(native, Listing)
    assert text == group_filter(native)


@given(st.text(max_size=12), st.text(max_size=4))
def test_a_steady_beginning_is_never_too_narrow(beginning: str, rest: str) -> None:
    """
    Whoever has a name that begins so for us has one that begins so in each Unicode form, letter by letter.
    """
    steady = steady_beginning(beginning).lower()
    name = beginning + rest
    if names.folded_text(name).startswith(names.folded_text(beginning)):
        for form in ("NFC", "NFD"):
            assert unicodedata.normalize(form, name).lower().startswith(steady)


_PERSON_TEXTS = st.sampled_from(
    ["Ada Admin", "ada admin", "JOHN DOE", "John", "J", "", "josé", "Jose\u0301 Núñez", "José", "Jos", scenarios.ADMIN]
)
_TEXTS = st.sampled_from(["displayName", "emails", "firstName", "title", names.NAME])
_NODES: st.SearchStrategy[Filter] = st.recursive(
    st.one_of(
        st.builds(Compare, _TEXTS, st.sampled_from(Operator), _PERSON_TEXTS),
        st.builds(lambda name, value: EqualsList(name, (value,)), _TEXTS, _PERSON_TEXTS),
        st.builds(lambda name, value: ContainsAll(name, (value,)), _TEXTS, _PERSON_TEXTS),
        st.builds(Present, st.sampled_from(["title", "extension", "nobody", "roles"])),
        st.sampled_from(
            [
                EVERYTHING,
                NOTHING,
                equals("roles", rendering.role_id(FULL_ADMIN)),
                equals("roles", "roleId"),
                equals("locationId", rendering.location_id(LOCATIONS[0].uuid)),
                equals("locationId", "no id"),
                equals(names.UID, "nobody"),
                equals(names.UID, "me"),
            ],
        ),
    ),
    lambda inner: st.one_of(
        st.builds(Not, inner),
        st.builds(lambda parts: And(tuple(parts)), st.lists(inner, min_size=1, max_size=3)),
        st.builds(lambda parts: Or(tuple(parts)), st.lists(inner, min_size=1, max_size=3)),
    ),
    max_leaves=5,
)


@settings(deadline=None, max_examples=8)
@given(st.lists(_NODES, min_size=10, max_size=20))
def test_a_search_brings_what_matches_whatever_webex_evaluates(nodes: list[Filter]) -> None:
    """
    Each search brings exactly the people of the whole list that match, in its order.
    """
    with closing(VirtualTimeLoop()) as loop:
        loop.run_until_complete(_compare(nodes))


async def _compare(nodes: list[Filter]) -> None:
    async with running_hub(VirtualClock(), people=12) as hub:
        world = hub.sandbox.world
        composed, decomposed = (person for _, person in list(world.people())[2:4])
        world.put_person(msgspec.structs.replace(composed, display_name="José"))
        world.put_person(msgspec.structs.replace(decomposed, display_name="Jose\u0301 Núñez"))
        info = account_info()
        everybody = await found(hub, names.ACCOUNT, EVERYTHING, *(fact.name for fact in info.attributes))
        assert 12 == len(everybody)
        always = (equals(names.UID, person_id(hub, scenarios.SAMPLE)), Compare("displayName", STARTS, "josé"))
        for node in (*nodes, *always):
            test = matcher(checked(node, info), info)
            expected = [each.uid for each in everybody if test(each)]
            assert expected == [each.uid for each in await found(hub, names.ACCOUNT, node)], node
