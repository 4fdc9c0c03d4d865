"""
Laws that every PATCH obeys.
"""

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from fakes.scim_filters import people
from fakes.scim_tables import resource
from webex_connector.gateway.scim.errors import Kind, Problem
from webex_connector.gateway.scim.patch import PATCH_URN, steps_of
from webex_connector.gateway.scim.patch_changes import changes_of, needed
from webex_connector.gateway.scim.users import ENTERPRISE_URN
from webex_connector.icf.attributes import Values, after
from webex_connector.icf.objects import ConnectorObject

USER, GROUP = resource("User"), resource("Group")
KINDS = {
    Kind.INVALID_SYNTAX,
    Kind.INVALID_PATH,
    Kind.INVALID_FILTER,
    Kind.INVALID_VALUE,
    Kind.NO_TARGET,
    Kind.MUTABILITY,
}
_PATHS = [
    *("active", "title", "name.givenName", "name", "manager", "emails", "phoneNumbers", "addresses", "roles", "nope"),
    *('emails[type eq "work"].value', 'phoneNumbers[type eq "work"]', 'phoneNumbers[type eq "work"].value', "userName"),
    *('roles[value eq "R1"]', 'roles[primary eq "True"].value', "members", 'members[value eq "a"]', ENTERPRISE_URN),
    *('addresses[type eq "work"].country', "addresses.country", "phoneNumbers.primary", "id", "meta", "siteUrls"),
]
_JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False), st.text(max_size=5)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(st.sampled_from(["value", "type", "primary", "display", "$ref", "country", "x"]), inner),
        st.dictionaries(st.sampled_from(_PATHS), inner, max_size=3),
    ),
    max_leaves=6,
)
_OPERATION = st.fixed_dictionaries(
    {"op": st.sampled_from(["add", "Replace", "remove", "move"]), "value": _JSON},
    optional={"path": st.one_of(st.sampled_from(_PATHS), st.text(max_size=6))},
)
_IDS = st.sampled_from("abcd")
_LISTED = st.lists(_IDS, max_size=3)
_MEMBERSHIP = st.one_of(
    st.builds(
        lambda op, ids: {"op": op, "path": "members", "value": [{"value": each} for each in ids]},
        st.sampled_from(["add", "replace"]),
        _LISTED,
    ),
    st.builds(lambda ids: {"op": "Remove", "path": "members", "value": [{"value": each} for each in ids]}, _LISTED),
    st.builds(lambda uid: {"op": "remove", "path": f'members[value eq "{uid}"]'}, _IDS),
    st.builds(lambda uid: {"op": "remove", "path": f'members[not (value ne "{uid}")]'}, _IDS),
    st.just({"op": "remove", "path": "members"}),
)


def _body(operations: Any) -> dict[str, Any]:
    return {"schemas": [PATCH_URN], "Operations": operations}


@given(st.one_of(_JSON, st.lists(_OPERATION, min_size=1, max_size=4).map(_body)), people)
@settings(max_examples=200)
def test_any_body_is_a_change_or_a_refusal(body: Any, person: ConnectorObject) -> None:
    """
    Whatever is sent, nothing else is raised, and what comes out are changes of attributes there are, each once.
    """
    try:
        steps = steps_of(USER, body, "R1").steps
        wanted = needed(USER, steps)
        deltas = changes_of(USER, steps, person if wanted else None)
    except Problem as problem:
        assert problem.kind in KINDS  # noqa: PT017 - a refusal is as good as a change
        return

    known = {source for _, row in USER.rows for source in row.sources}
    assert {delta.name for delta in deltas} <= known
    assert len({delta.name for delta in deltas}) == len(deltas)


def _by_hand(members: list[str], operation: dict[str, Any]) -> list[str]:
    """
    Carry out an operation on members as a person would.
    """
    named = [each["value"] for each in operation.get("value", [])]
    match operation["op"], operation["path"]:
        case "add", _:
            return [*members, *(each for each in named if each not in members)]
        case "replace", _:
            return named
        case "Remove", _:
            return [each for each in members if each not in named]
        case _, "members":
            return []
        case _, path:
            return [each for each in members if f'"{each}"' not in path]


@given(st.lists(_IDS, unique=True), st.lists(_MEMBERSHIP, min_size=1, max_size=6))
@settings(max_examples=150)
def test_members_end_as_if_each_operation_were_done_by_itself(
    members: list[str], operations: list[dict[str, Any]]
) -> None:
    """
    However operations are put together into one change, the group has the members it should have.
    """
    expected = members
    for operation in operations:
        expected = _by_hand(expected, operation)
    values: Values = tuple({"id": each} for each in members)
    steps = steps_of(GROUP, _body(operations), "G").steps
    current = ConnectorObject("", "G", None, {"members": values}) if needed(GROUP, steps) else None

    for delta in changes_of(GROUP, steps, current):
        values = after(delta, values)

    assert set(expected) == {each["id"] for each in values if isinstance(each, dict)}
