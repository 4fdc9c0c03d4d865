"""
Filters, PATCH bodies and people at random, for the laws of the SCIM door.
"""

import json
from dataclasses import replace

from hypothesis import strategies as st

from webex_connector.gateway.scim.filter_text import (
    Comparison,
    Every,
    Literal,
    Negation,
    Node,
    Presence,
    Relation,
    Some,
    Within,
)
from webex_connector.icf import names
from webex_connector.icf.attributes import Value, Values
from webex_connector.icf.objects import ConnectorObject

_WORDS = (
    "ann",
    "ANN",
    "Ann@example.com",
    "ann@example.com",
    "bob@example.com",
    "work",
    "mobile",
    "+49 1",
    "R1",
    "R2",
    "",
)
_TIMES = ("2026-01-02T03:04:05Z", "2026-01-02T03:04:05.678Z", "2026-01-02T04:04:05+01:00", "2025-12-31T00:00:00Z")
_BOOLEANS = ("true", "False", "TRUE")
_TEXT_PATHS = (
    *("userName", "USERNAME", "emails", "emails.value", "emails.type", "title", "name.familyName", "name.formatted"),
    *("phoneNumbers", "phoneNumbers.value", "phoneNumbers.type", "roles", "roles.value", "roles.display", "manager"),
    *("manager.displayName", "externalId", "id", "meta.resourceType", "department", "siteUrls", "addresses.country"),
)
_PRESENCES = (*_TEXT_PATHS, "name", "meta", "addresses", "active", "emails.primary", "meta.created")
_PARTS = {
    "emails": ("value", "type"),
    "phoneNumbers": ("value", "type"),
    "roles": ("value", "display"),
    "addresses": ("country", "type"),
    "name": ("familyName", "givenName", "formatted"),
    "siteUrls": ("value",),
    "manager": ("value", "displayName"),
}
_RELATIONS = st.sampled_from(list(Relation))
_EQUALITIES = st.sampled_from([Relation.EQUAL, Relation.NOT_EQUAL])
_ORDERS = st.sampled_from([each for each in Relation if each.value in {"eq", "ne", "lt", "le", "gt", "ge"}])
_NULL = Literal("null", quoted=False)


def _compared(paths: st.SearchStrategy[str]) -> st.SearchStrategy[Node]:
    texts = st.builds(Comparison, paths, _RELATIONS, st.builds(Literal, st.sampled_from(_WORDS)))
    nulls = st.builds(Comparison, paths, _EQUALITIES, st.just(_NULL))
    return st.one_of(texts, texts, texts, nulls, st.builds(Presence, paths))


def _trees(leaves: st.SearchStrategy[Node], most: int) -> st.SearchStrategy[Node]:
    def grown(inner: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
        several = st.lists(inner, min_size=2, max_size=3).map(tuple)
        return st.one_of(st.builds(Every, several), st.builds(Some, several), st.builds(Negation, inner))

    return st.recursive(leaves, grown, max_leaves=most)


_CHOICES = st.sampled_from(sorted(_PARTS)).flatmap(
    lambda path: st.builds(Within, st.just(path), _trees(_compared(st.sampled_from(_PARTS[path])), 4))
)
_PRIMARY = st.builds(
    Comparison,
    st.sampled_from(["active", "emails.primary", "phoneNumbers.primary"]),
    _EQUALITIES,
    st.builds(Literal, st.sampled_from(_BOOLEANS), st.booleans()),
)
_MOMENTS = st.builds(
    Comparison,
    st.sampled_from(["meta.created", "meta.lastModified"]),
    _ORDERS,
    st.builds(Literal, st.sampled_from(_TIMES)),
)

filters = _trees(
    st.one_of(
        _compared(st.sampled_from(_TEXT_PATHS)),
        st.builds(Presence, st.sampled_from(_PRESENCES)),
        _CHOICES,
        _CHOICES,
        _PRIMARY,
        _MOMENTS,
    ),
    6,
)
"""
Trees of filters that make sense for users, with all columns at 1.
"""


def _several(*values: Value) -> st.SearchStrategy[Values]:
    return st.lists(st.sampled_from(values), max_size=2, unique_by=repr).map(tuple)


_PHONES = (
    {"type": "work", "value": "+49 1"},
    {"type": "mobile", "value": "ann", "primary": True},
    {"type": "ANN", "value": "+49 1"},
)
_ADDRESSES = ({"type": "work", "country": "R1"}, {"country": "ann", "locality": "Reno"}, {"type": "mobile"})
_TOLD: dict[str, st.SearchStrategy[Values]] = {
    "emails": st.sampled_from([("ann@example.com",), ("bob@example.com",)]),
    "displayName": st.sampled_from([(), ("Ann",)]),
    "title": st.sampled_from([(), ("ann",), ("work",)]),
    "firstName": st.sampled_from([(), ("Ann",)]),
    "lastName": st.sampled_from([(), ("R1",), ("ann",)]),
    names.ENABLE: st.sampled_from([(True,), (False,)]),
    "phoneNumbers": _several(*_PHONES),
    "addresses": _several(*_ADDRESSES),
    "roles": _several("R1", "R2", "r1"),
    "siteUrls": _several("R1", "ann"),
    "managerId": st.sampled_from([(), ("R1",)]),
    "manager": st.sampled_from([(), ("ann",)]),
    "externalId": st.sampled_from([(), ("R1",), ("r1",)]),
    "department": st.sampled_from([(), ("Work",)]),
    "created": st.sampled_from([(), ("2026-01-02T03:04:05.678Z",)]),
    "lastModified": st.sampled_from([(), ("2026-01-02T03:04:05Z",), ("2025-12-31T01:00:00.000Z",)]),
}

people = st.fixed_dictionaries(_TOLD).map(
    lambda told: ConnectorObject(
        names.ACCOUNT, "R1", str(told["emails"][0]), {name: values for name, values in told.items() if values}
    )
)
"""
People whose values the filters are likely to name.
"""


def printed(node: Node) -> str:
    """
    Return the text of a filter.
    """
    match node:
        case Every(parts):
            return " and ".join(_bracketed(part, Every, Some) for part in parts)
        case Some(parts):
            return " or ".join(_bracketed(part, Some) for part in parts)
        case Negation(part):
            return f"not ({printed(part)})"
        case Within(path, part):
            return f"{path}[{printed(part)}]"
        case Presence(path):
            return f"{path} pr"
        case Comparison(path, relation, literal):
            value = json.dumps(literal.text) if literal.quoted else literal.text
            return f"{path} {relation.value} {value}"


def _bracketed(node: Node, *kinds: type[Node]) -> str:
    return f"({printed(node)})" if isinstance(node, kinds) else printed(node)


def without_columns(node: Node) -> Node:
    """
    Return a tree with all columns at 1.
    """
    match node:
        case Every(parts) | Some(parts):
            return type(node)(tuple(without_columns(part) for part in parts))
        case Negation(part):
            return Negation(without_columns(part))
        case Within(path, part):
            return Within(path, without_columns(part))
        case _:
            return replace(node, column=1)
