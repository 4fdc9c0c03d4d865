"""
The body of a bulk request.
"""

from typing import Any

import pytest

from webex_connector.gateway.scim.bulk_words import orders_of, resolved
from webex_connector.gateway.scim.errors import Kind, Problem


def test_operations_are_read_in_any_case() -> None:
    """
    With what each of them says of others.
    """
    body = {
        "FailOnErrors": 2,
        "operations": [
            {"METHOD": "post", "path": "/Users", "bulkId": "a", "data": {"userName": "x"}},
            {
                "method": "Patch",
                "path": "/Groups/bulkId:g",
                "data": {"members": [{"value": "bulkId:a"}]},
                "version": "v",
            },
            {"method": "DELETE", "path": "Users/u%2F1"},
        ],
    }
    orders = orders_of(body)
    assert orders.fail_on_errors == 2
    assert [(each.method, each.endpoint, each.uid, each.bulk_id) for each in orders.each] == [
        ("POST", "Users", "", "a"),
        ("PATCH", "Groups", "bulkId:g", None),
        ("DELETE", "Users", "u/1", None),
    ]
    assert [each.references for each in orders.each] == [set(), {"g", "a"}, set()]
    assert orders.each[1].version == "v"


@pytest.mark.parametrize(
    ("body", "status", "detail"),
    [
        ([], 400, "The body must be a BulkRequest, a JSON object"),
        ({}, 400, "Operations must be a list with at least one operation"),
        ({"Operations": []}, 400, "Operations must be a list with at least one operation"),
        ({"Operations": [{}] * 1001}, 413, "A bulk request may have 1000 operations, and this one has 1001"),
        ({"Operations": [{}], "failOnErrors": 0}, 400, "failOnErrors must be an integer from 1 on, not 0"),
        ({"Operations": [{}], "failOnErrors": True}, 400, "failOnErrors must be an integer from 1 on, not true"),
    ],
)
def test_requests_that_are_none(body: Any, status: int, detail: str) -> None:
    """
    Refused as a whole.
    """
    with pytest.raises(Problem) as caught:
        orders_of(body)
    assert (status, detail) == (caught.value.status, caught.value.detail)


@pytest.mark.parametrize(
    ("operation", "detail"),
    [
        ("x", 'An operation must be an object, not "x"'),
        ({"path": "/Users"}, "method must be one of DELETE, PATCH, POST, PUT, not null"),
        ({"method": "GET", "path": "/Users"}, 'method must be one of DELETE, PATCH, POST, PUT, not "GET"'),
        ({"method": "PUT", "path": 1}, "path must be as /Users or /Users/<id>, not 1"),
        ({"method": "PUT", "path": "/Users"}, 'PUT cannot have the path "/Users"'),
        ({"method": "PUT", "path": "/Users/a/b"}, 'PUT cannot have the path "/Users/a/b"'),
        ({"method": "POST", "path": "/Users/a", "bulkId": "1"}, 'POST cannot have the path "/Users/a"'),
        ({"method": "POST", "path": "/Users"}, "POST needs a bulkId"),
        ({"method": "POST", "path": "/", "bulkId": "1"}, 'POST cannot have the path "/"'),
    ],
)
def test_an_operation_that_is_wrong_spoils_no_other(operation: Any, detail: str) -> None:
    """
    It carries its own mistake.
    """
    good = {"method": "DELETE", "path": "/Users/a"}
    first, second = orders_of({"Operations": [operation, good]}).each
    assert first.mistake is not None
    assert (Kind.INVALID_SYNTAX, detail) == (first.mistake.kind, first.mistake.detail)
    assert second.mistake is None


def test_references_become_the_ids_of_what_was_made() -> None:
    """
    Wherever they stand; to what was not made they are refused.
    """
    given = {"members": [{"value": "bulkId:a"}, {"value": "u2", "n": 1}]}
    assert resolved(given, {"a": "u1"}) == {"members": [{"value": "u1"}, {"value": "u2", "n": 1}]}
    with pytest.raises(Problem, match="bulkId:b names no operation that has made something before"):
        resolved("bulkId:b", {"a": "u1"})
