"""
Filters, paths and operations of SCIM.
"""

import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webex_connector.webex import scim_wire
from webex_connector.webex.errors import NotFound
from webex_connector.webex.scim_wire import (
    ENTERPRISE_USER,
    Search,
    SortBy,
    comparison,
    having,
    patch_body,
    scim_request,
    within,
)
from webex_connector.webex.wire import Root


def test_a_list_is_ordered_by_id_unless_told_otherwise() -> None:
    """
    What is not asked for is not sent.
    """
    assert {"sortBy": "id", "sortOrder": "ascending", "count": "100"} == Search().parameters()


def test_everything_that_can_be_asked_for() -> None:
    """
    Names of attributes are joined with commas.
    """
    search = Search(
        filter='userName sw "ana"',
        attributes=("userName", ENTERPRISE_USER),
        excluded_attributes=("photos", "ims"),
        sort_by=SortBy.LAST_MODIFIED,
        descending=True,
        count=7,
    )
    assert {
        "filter": 'userName sw "ana"',
        "attributes": f"userName,{ENTERPRISE_USER}",
        "excludedAttributes": "photos,ims",
        "sortBy": "meta.lastModified",
        "sortOrder": "descending",
        "count": "7",
    } == search.parameters()


@given(st.text(st.characters(codec="utf-8")))
def test_no_value_leaves_its_quotes(value: str) -> None:
    """
    A name with a quotation mark must not become another filter: values are JSON strings (RFC 7644, section 3.4.2.2).
    """
    prefix = "displayName eq "
    filter_ = comparison("displayName", "eq", value)
    assert filter_.startswith(prefix)
    assert value == json.loads(filter_.removeprefix(prefix))


def test_values_of_a_list_are_selected_by_all_conditions() -> None:
    """
    Without a space before the bracket.
    """
    assert 'members[value eq "x"]' == having("members", {"value": "x"})
    both = having("phoneNumbers", {"type": "work", "value": "+49 30"})
    assert 'phoneNumbers[type eq "work" and value eq "+49 30"]' == both


def test_an_attribute_of_an_extension_stands_behind_a_colon() -> None:
    """
    As the RFC has it.
    """
    path = within(ENTERPRISE_USER, "manager.value")
    assert "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager.value" == path


def test_a_patch_holds_its_operations_in_their_order() -> None:
    """
    Each of the three, as RFC 7644 section 3.5.2 shows them; a removal has no value.
    """
    operations = [
        scim_wire.replace("active", value=False),
        scim_wire.add("roles", [{"value": "id_user_admin"}]),
        scim_wire.remove("title"),
    ]
    assert {
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
        "Operations": [
            {"op": "replace", "path": "active", "value": False},
            {"op": "add", "path": "roles", "value": [{"value": "id_user_admin"}]},
            {"op": "remove", "path": "title"},
        ],
    } == patch_body(operations)


def test_a_request_is_below_the_scim_root() -> None:
    """
    With segments that cannot lead elsewhere.
    """
    request = scim_request("GET", "org", "v2", "Users", "a/b")
    assert (Root.SCIM, "/org/v2/Users/a%2Fb") == (request.root, request.path)
    with pytest.raises(NotFound, match=re.escape("''")):
        scim_request("DELETE", "org", "v2", "Users", "")
