"""
Bodies that nobody would send: read, or refused in the form of the standard, never anything else.
"""

from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fakes.scim_tables import resource
from webex_connector.gateway.scim.asked import asked_in_body
from webex_connector.gateway.scim.bodies import creation_of, replacement_of
from webex_connector.gateway.scim.bulk_words import orders_of, resolved
from webex_connector.gateway.scim.errors import Problem
from webex_connector.gateway.scim.mapping import Resource
from webex_connector.gateway.scim.users import ENTERPRISE_URN
from webex_connector.icf.attributes import Value

RESOURCES = [resource("User"), resource("Group")]
PLAIN = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | st.text(max_size=8)
    | st.just('{"value":1}')
)
KEYS = st.sampled_from(
    [
        "userName emails name displayName active title manager roles entitlements photos phoneNumbers addresses meta",
        "schemas id externalId members value type primary $ref givenName familyName formatted department filter count",
        "Operations method path bulkId data failOnErrors version",
    ]
).flatmap(lambda words: st.sampled_from(words.split())) | st.sampled_from(
    [ENTERPRISE_URN, f"{ENTERPRISE_URN}:manager", ""]
)
JSON: st.SearchStrategy[Any] = st.recursive(
    PLAIN, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=5), max_leaves=20
)


def _is_whole(value: Value) -> bool:
    return value is not None and value != ""


@pytest.mark.parametrize("kind", RESOURCES, ids=lambda kind: kind.name)
@given(body=JSON)
def test_any_body_is_read_or_refused(kind: Resource, body: Any) -> None:
    """
    What is read has no empty values, whatever was in it.
    """
    with suppress(Problem):
        for values in creation_of(
            kind, {"userName": "a@b.c", "displayName": "x", **body} if isinstance(body, dict) else body
        ).values():
            assert values
            assert all(map(_is_whole, values))
    with suppress(Problem):
        for delta in replacement_of(kind, body):
            assert all(map(_is_whole, delta.values))


@given(body=JSON)
def test_any_bulk_request_is_read_or_refused(body: Any) -> None:
    """
    So is every operation of it.
    """
    with suppress(Problem):
        for order in orders_of(body).each:
            with suppress(Problem):
                resolved([order.uid, order.data], {})


@given(body=JSON)
def test_any_search_is_read_or_refused(body: Any) -> None:
    """
    Its words are texts.
    """
    with suppress(Problem):
        asked_in_body(body)
