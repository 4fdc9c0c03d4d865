"""
Bodies of creates and updates.
"""

from typing import Any

import pytest

from fakes.memory_schema import ACCOUNT_INFO, GROUP_INFO
from webex_connector.gateway.idm.bodies import creation, object_in, replacement, values_in
from webex_connector.gateway.idm.errors import Problem
from webex_connector.icf import names
from webex_connector.icf.attributes import replaced
from webex_connector.icf.errors import InvalidAttributeValue, UnknownAttribute
from webex_connector.icf.objects import ConnectorObject
from webex_connector.icf.schema import AttributeInfo, AttributeType

NOW = ConnectorObject(
    names.ACCOUNT,
    "P1",
    "Anna@example.com",
    {"emails": ("Anna@example.com",), "created": ("2026-11-02T08:00:00Z",), "orgId": ("O1",)},
)


@pytest.mark.parametrize("body", [None, [], "text", 1])
def test_a_body_is_an_object(body: object) -> None:
    """
    Anything but a JSON object is refused.
    """
    with pytest.raises(Problem, match="not a JSON object"):
        object_in(body)


def test_values_come_single_or_listed() -> None:
    """
    Null is no value, a list its elements, anything else one value; bytes are base64.
    """
    text, binary = AttributeInfo("a", ""), AttributeInfo("b", "", AttributeType.BYTES)
    assert values_in(text, None) == ()
    assert values_in(text, ["x", "y"]) == ("x", "y")
    assert values_in(text, {"k": 1}) == ({"k": 1},)
    assert values_in(binary, "AA==") == (b"\x00",)
    with pytest.raises(InvalidAttributeValue, match="'b' takes bytes in base64"):
        values_in(binary, "?")


def test_a_creation_takes_names_in_any_case() -> None:
    """
    Attributes get their canonical names; members that belong to Common REST are no attributes.
    """
    body = {"LastName": "Doe", "EMAILS": ["a@x"], "licenses": None, "_id": None, "_rev": "1", "_warnings": []}
    assert creation(body, ACCOUNT_INFO) == {"lastName": ("Doe",), "emails": ("a@x",), "licenses": ()}


def test_a_creation_may_repeat_the_name() -> None:
    """
    A `__NAME__` that is the first e-mail address anyway is left out, a lone one stays, another one is a contradiction.
    """
    assert creation({"emails": ["A@x", "b@x"], "__NAME__": "a@x"}, ACCOUNT_INFO) == {"emails": ("A@x", "b@x")}
    assert creation({"__NAME__": "a@x"}, ACCOUNT_INFO) == {names.NAME: ("a@x",)}
    with pytest.raises(InvalidAttributeValue, match="'__NAME__' contradicts 'emails'"):
        creation({"emails": ["a@x", "b@x"], "__NAME__": "b@x"}, ACCOUNT_INFO)


def test_a_creation_cannot_choose_its_identifier() -> None:
    """
    An `_id` in a new object is refused with the upstream's words.
    """
    with pytest.raises(Problem, match=r"Create with client provided ID is not supported\.") as caught:
        creation({"_id": "x", "displayName": "y"}, GROUP_INFO)
    assert caught.value.code == 501


@pytest.mark.parametrize("body", [{"shoe": 1}, {"__SHOE__": 1}])
def test_unknown_attributes_are_refused(body: dict[str, Any]) -> None:
    """
    A name that is neither an attribute nor Common REST's own is refused.
    """
    for read in (lambda: creation(body, ACCOUNT_INFO), lambda: replacement(body, "P1", ACCOUNT_INFO)):
        with pytest.raises(UnknownAttribute):
            read()


def test_an_attribute_given_twice_is_refused() -> None:
    """
    Two spellings of one attribute cannot both count.
    """
    with pytest.raises(InvalidAttributeValue, match="'lastName' is given twice: as lastName and as LastName"):
        creation({"lastName": "a", "LastName": "b"}, ACCOUNT_INFO)


def test_a_replacement_changes_what_it_lists() -> None:
    """
    Each attribute gets its values, null and the empty list clear it.
    """
    found = replacement({"_id": "P1", "_rev": "x", "title": None, "roles": [], "Department": "HR"}, "P1", ACCOUNT_INFO)
    assert found.deltas == (replaced("title"), replaced("roles"), replaced("department", "HR"))
    assert not found.unchanged


def test_a_replacement_is_of_the_object_in_the_path() -> None:
    """
    Another object's `_id` is refused.
    """
    with pytest.raises(Problem, match="The _id of the content is not P1, which the path names"):
        replacement({"_id": "P2"}, "P1", ACCOUNT_INFO)


def test_read_only_attributes_may_come_back_as_they_were() -> None:
    """
    A body with what was read before changes only what is different; a read-only attribute that differs is refused.
    """
    body = {"created": "2026-11-02t08:00:00z", "orgId": "O1", "__UID__": "P1", "title": "Lead"}
    found = replacement(body, "P1", ACCOUNT_INFO)
    assert found.to_read == ("created", "orgId")
    assert found.confirmed(NOW, ACCOUNT_INFO) == (replaced("title", "Lead"),)
    for slip in ({"created": None}, {"orgId": "o1"}, {"__UID__": "P2"}):
        with pytest.raises(InvalidAttributeValue, match="is read-only"):
            replacement(slip, "P1", ACCOUNT_INFO).confirmed(NOW, ACCOUNT_INFO)


@pytest.mark.parametrize(
    ("body", "deltas"),
    [
        ({"__NAME__": "anna@example.com"}, ()),
        ({"__NAME__": "b@x"}, (replaced(names.NAME, "b@x"),)),
        ({"emails": ["b@x"], "__NAME__": "B@x"}, (replaced("emails", "b@x"),)),
        ({"emails": ["b@x"], "__NAME__": "anna@example.com"}, (replaced("emails", "b@x"),)),
    ],
)
def test_a_name_sent_back_is_no_second_change(body: dict[str, Any], deltas: tuple[object, ...]) -> None:
    """
    `__NAME__` counts only when it is new and the attribute behind it is not given.
    """
    assert replacement(body, "P1", ACCOUNT_INFO).confirmed(NOW, ACCOUNT_INFO) == deltas


def test_a_name_against_its_attribute_is_a_contradiction() -> None:
    """
    A new name beside other e-mail addresses is refused.
    """
    found = replacement({"emails": ["b@x"], "__NAME__": "c@x"}, "P1", ACCOUNT_INFO)
    with pytest.raises(InvalidAttributeValue, match="'__NAME__' contradicts 'emails'"):
        found.confirmed(NOW, ACCOUNT_INFO)
