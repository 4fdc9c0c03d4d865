"""
Requests by SCIM put together from what the door's own schemas describe, right and wrong ones.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from webex_connector.gateway.scim.bulk_words import BULK_REQUEST_URN
from webex_connector.gateway.scim.patch import PATCH_URN

Row = Mapping[str, Any]
"""
An attribute as `/Schemas` describes it.
"""

_OPERATORS = ("eq", "ne", "co", "sw", "ew", "pr", "gt", "ge", "lt", "le", "EQ", "xx", "")
_WORDS = ("x", "True", "ann@acme.example", "2026-01-01T00:00:00Z", '"', "\\", "\u00fc\u0000", "1e999", "]", "")
_TEXTS = st.one_of(st.sampled_from(_WORDS), st.text(max_size=8))
_ANYTHING = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False, allow_infinity=False), _TEXTS),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(_TEXTS, inner, max_size=3)),
    max_leaves=6,
)


def paths_of(schemas: Sequence[Mapping[str, Any]]) -> list[str]:
    """
    Return the path of every attribute, and of every part of one.
    """
    found: list[str] = []
    for schema in schemas:
        prefix = f"{schema['id']}:" if ":extension:" in schema["id"] else ""
        for row in schema["attributes"]:
            path = f"{prefix}{row['name']}"
            found += [path, *(f"{path}.{part['name']}" for part in row.get("subAttributes", ()))]
            found += [f'{path}[value eq "x"].{part["name"]}' for part in row.get("subAttributes", ())[:2]]
    return found


def values_of(row: Row) -> SearchStrategy[Any]:
    """
    Return values of an attribute: mostly of its type.
    """
    one: SearchStrategy[Any]
    match row["type"]:
        case "boolean":
            one = st.sampled_from([True, False, "True", "false", 1])
        case "integer":
            one = st.integers()
        case "dateTime":
            one = st.sampled_from(["2026-01-01T00:00:00Z", "yesterday"])
        case "complex":
            parts = {part["name"]: values_of(part) for part in row["subAttributes"]}
            one = st.fixed_dictionaries({}, optional=parts)
        case _:
            one = _TEXTS
    return st.one_of(st.lists(one, max_size=2) if row["multiValued"] else one, _ANYTHING)


def bodies_of(schemas: Sequence[Mapping[str, Any]], name: str) -> SearchStrategy[Any]:
    """
    Return resources, or what is none at all; `name` is the attribute that a resource has to have.
    """
    own = {
        row["name"]: values_of(row)
        for schema in schemas
        for row in schema["attributes"]
        if ":extension:" not in schema["id"] and row["name"] != name
    }
    named = {name: st.one_of(st.integers(0, 30).map(lambda number: f"fuzz{number}@acme.example"), _TEXTS)}
    return st.one_of(st.fixed_dictionaries(named, optional=own), _ANYTHING)


def filters_of(paths: Sequence[str]) -> SearchStrategy[str]:
    """
    Return filters: some that follow the grammar, some that nearly do.
    """
    literal = st.sampled_from(['"x"', '"ann@acme.example"', "true", "null", "7", '"2026-01-01T00:00:00Z"', "x", '"'])
    compared = st.tuples(st.sampled_from(paths), st.sampled_from(_OPERATORS), literal).map(" ".join)
    joined = st.recursive(
        compared,
        lambda inner: st.one_of(
            st.tuples(inner, st.sampled_from(["and", "or", "AND", "nor"]), inner).map(" ".join),
            inner.map(lambda each: f"not ({each})"),
            inner.map(lambda each: f"({each})"),
            inner.map(lambda each: f"emails[{each}]"),
        ),
        max_leaves=4,
    )
    return st.one_of(joined, joined.map(lambda each: each[: len(each) // 2]), _TEXTS)


def patches_of(schemas: Sequence[Mapping[str, Any]]) -> SearchStrategy[Any]:
    """
    Return bodies of PATCH.
    """
    rows = [row for schema in schemas for row in schema["attributes"]]
    value = st.one_of(*(values_of(row) for row in rows), _ANYTHING)
    operation = st.fixed_dictionaries(
        {"op": st.sampled_from(["add", "Replace", "remove", "move", None])},
        optional={"path": st.one_of(st.sampled_from(paths_of(schemas)), _TEXTS, st.none()), "value": value},
    )
    whole = st.lists(operation, max_size=3).map(lambda each: {"schemas": [PATCH_URN], "Operations": each})
    return st.one_of(whole, _ANYTHING)


def bulks_of(bodies: SearchStrategy[Any], patches: SearchStrategy[Any], uid: str) -> SearchStrategy[Any]:
    """
    Return bodies of Bulk.
    """
    paths = st.sampled_from(
        ["/Users", f"/Users/{uid}", "/Users/nobody", "/Groups", "/Roles", "/", "", "Users", "/Bulk"]
    )
    operation = st.fixed_dictionaries(
        {"method": st.sampled_from(["POST", "PUT", "PATCH", "GET", "delete", 1]), "path": st.one_of(paths, _TEXTS)},
        optional={"bulkId": st.sampled_from(["a", "b", "", None]), "data": st.one_of(bodies, patches)},
    )
    whole = st.fixed_dictionaries(
        {"schemas": st.just([BULK_REQUEST_URN]), "Operations": st.lists(operation, max_size=3)},
        optional={"failOnErrors": st.sampled_from([0, 1, -1, "1", None])},
    )
    return st.one_of(whole, _ANYTHING)


def queries_of(paths: Sequence[str], cursor: str) -> SearchStrategy[dict[str, str]]:
    """
    Return query parameters, those of pages, order, projection and version among them.
    """
    number = st.one_of(st.integers().map(str), _TEXTS)
    listed = st.lists(st.sampled_from(paths), max_size=3).map(",".join)
    broken = st.tuples(st.integers(0, max(0, len(cursor) - 1)), st.sampled_from("AB-_~.%\u00fc")).map(
        lambda at: cursor[: at[0]] + at[1] + cursor[at[0] + 1 :]
    )
    return st.fixed_dictionaries(
        {},
        optional={
            "startIndex": number,
            "count": number,
            "cursor": st.one_of(st.just(""), st.just(cursor), broken, _TEXTS),
            "sortBy": st.one_of(st.sampled_from(paths), _TEXTS),
            "sortOrder": st.sampled_from(["ascending", "descending", "up", ""]),
            "attributes": st.one_of(listed, _TEXTS),
            "excludedAttributes": st.one_of(listed, _TEXTS),
            "filter": filters_of(paths),
        },
    )
