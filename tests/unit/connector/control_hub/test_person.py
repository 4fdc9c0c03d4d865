"""
A person on the wire and as an account.
"""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webex_connector.connector.control_hub.account import account_info
from webex_connector.connector.control_hub.person import (
    GROUPS,
    WRITABLE_FIELDS,
    account_of,
    body_of,
    enabled,
    not_applied,
    replacement_of,
    same,
)
from webex_connector.icf import names
from webex_connector.icf.attributes import Values
from webex_connector.icf.objects import ConnectorObject

INFO = account_info()

ANNA: dict[str, Any] = {
    "id": "anna-id",
    "emails": ["anna@acme.example"],
    "displayName": "Anna Lind",
    "licenses": ["l1", "l2"],
    "roles": [],
    "phoneNumbers": [
        {"type": "work", "value": "+46 8 555 100", "primary": True},
        {"type": "mobile", "value": "+46 70 1"},
        {"type": "work_extension", "value": "800100"},
    ],
    "extension": "100",
    "locationId": "stockholm",
    "addresses": [{"type": "work", "country": "SE"}],
    "invitePending": False,
    "loginEnabled": True,
    "timeZone": "Europe/Stockholm",
    "sipAddresses": [{"type": "cloud-calling", "value": "x"}],
}

_NAMES = st.text(min_size=1, max_size=8)
_LISTS = st.lists(_NAMES, min_size=1, max_size=3, unique=True)
_WORK = st.fixed_dictionaries({"type": st.just("work"), "value": _NAMES}, optional={"primary": st.booleans()})
_FIELDS: dict[str, st.SearchStrategy[Any]] = {
    **dict.fromkeys(WRITABLE_FIELDS, _NAMES),
    **dict.fromkeys(("emails", "licenses", "roles", "siteUrls"), _LISTS),
    "phoneNumbers": st.lists(_WORK, min_size=1, max_size=2),
    "addresses": st.lists(st.fixed_dictionaries({"type": _NAMES, "country": _NAMES}), min_size=1, max_size=2),
    "loginEnabled": st.booleans(),
}
_PEOPLE = st.fixed_dictionaries(
    {"id": _NAMES, "emails": _LISTS, "displayName": _NAMES},
    optional={name: values for name, values in _FIELDS.items() if name not in {"emails", "displayName"}},
)


def _account(**attributes: Values) -> ConnectorObject:
    return ConnectorObject(names.ACCOUNT, "anna-id", None, attributes)


def test_an_account_has_every_attribute_that_webex_sent() -> None:
    """
    Values come as they are, many or one; what the schema does not know stays away, and a misspelt time zone is known.
    """
    account = account_of(ANNA, INFO)

    assert ("anna-id", "anna@acme.example") == (account.uid, account.name)
    assert {
        "emails": ("anna@acme.example",),
        "displayName": ("Anna Lind",),
        "licenses": ("l1", "l2"),
        "roles": (),
        "phoneNumbers": tuple(ANNA["phoneNumbers"]),
        "extension": ("100",),
        "locationId": ("stockholm",),
        "addresses": ({"type": "work", "country": "SE"},),
        "invitePending": (False,),
        "timezone": ("Europe/Stockholm",),
        names.ENABLE: (True,),
    } == account.attributes


def test_groups_are_shown_only_by_who_looked() -> None:
    """
    No groups and groups that nobody asked for are two things.
    """
    assert GROUPS not in account_of(ANNA, INFO).attributes
    assert () == account_of(ANNA, INFO, ()).attributes[GROUPS]
    assert ("g",) == account_of(ANNA, INFO, ("g",)).attributes[GROUPS]


@pytest.mark.parametrize(
    ("attribute", "name"),
    [("emails", "anna@acme.example"), ("displayName", "Anna Lind"), ("firstName", None)],
)
def test_the_name_is_the_first_value_of_its_attribute(attribute: str, name: str | None) -> None:
    """
    Somebody without that attribute has no name.
    """
    assert name == account_of(ANNA, account_info(attribute)).name


@pytest.mark.parametrize(
    ("login", "pending", "expected"),
    [
        (True, False, True),
        (False, False, False),
        (False, True, True),
        (True, True, True),
        (None, None, True),
        (False, None, False),
    ],
)
def test_who_is_invited_is_not_disabled(login: bool | None, pending: bool | None, expected: bool) -> None:  # noqa: FBT001 - a table
    """
    A fresh person has `loginEnabled` false without anybody having disabled them.
    """
    sent = {"loginEnabled": login, "invitePending": pending}
    assert expected is enabled({name: value for name, value in sent.items() if value is not None})


def test_a_new_person_has_what_was_given_and_nothing_else() -> None:
    """
    Lists stay lists, single values lose theirs; groups are no field of a person.
    """
    attributes: dict[str, Values] = {
        "emails": ("a@acme.example",),
        "displayName": ("A",),
        "phoneNumbers": ({"type": "work", "value": "1"},),
        "title": (),
        GROUPS: ("g",),
    }
    expected = {"emails": ["a@acme.example"], "displayName": "A", "phoneNumbers": [{"type": "work", "value": "1"}]}
    assert expected == body_of(attributes)


@given(_PEOPLE)
def test_nothing_is_lost_in_a_full_replace(person: dict[str, Any]) -> None:
    """
    Without a change everything that can be written is written as it was; only the location stays by itself.
    """
    kept = {name: value for name, value in person.items() if name in WRITABLE_FIELDS and name != "locationId"}
    assert kept == replacement_of(person, {})


@given(st.data(), _PEOPLE, st.sampled_from([name for name in WRITABLE_FIELDS if name != "locationId"]))
def test_a_change_changes_its_own_field_alone(data: st.DataObject, person: dict[str, Any], field: str) -> None:
    """
    The changed field has its new value, every other one the old; cleared, it is empty or left out.
    """
    value = data.draw(st.none() | _FIELDS[field])
    name = names.ENABLE if field == "loginEnabled" else field
    values = () if value is None else tuple(value) if isinstance(value, list) else (value,)

    body = replacement_of(person, {name: values})

    assert value == (body.pop(field, None) or None) or value is False
    before = replacement_of(person, {})
    before.pop(field, None)
    assert before == body


def test_a_replace_writes_work_numbers_alone() -> None:
    """
    Other numbers come from elsewhere, and the extension's own number is computed.
    """
    assert ANNA["phoneNumbers"][:1] == replacement_of(ANNA, {})["phoneNumbers"]


def test_a_new_location_takes_the_place_of_numbers() -> None:
    """
    Webex refuses a location beside numbers, so that those read are not sent with it.
    """
    body = replacement_of(ANNA, {"locationId": ("malmö",)})
    assert "malmö" == body["locationId"]
    assert "phoneNumbers" not in body


@pytest.mark.parametrize(
    ("name", "asked", "there", "missing"),
    [
        ("title", ("Boss",), ("Boss",), ()),
        ("title", ("Boss",), (), ("Boss",)),
        ("licenses", ("a", "b"), ("b", "c"), ("a",)),
        ("emails", ("Anna@ACME.example",), ("anna@acme.example",), ()),
        ("emails", ("jose\u0301@acme.example",), ("josé@acme.example",), ()),
        ("avatar", ("https://a/1.png",), ("https://b/2.png",), ()),
        ("phoneNumbers", ({"type": "work", "value": "+1 (408) 555"},), ({"type": "work", "value": "+1408555"},), ()),
        (
            "phoneNumbers",
            ({"type": "work", "value": "1"},),
            ({"type": "mobile", "value": "1"},),
            ({"type": "work", "value": "1"},),
        ),
        ("addresses", ({"type": "work", "region": ""},), ({"type": "work", "country": "SE"},), ()),
        ("addresses", ({"country": "DE"},), ({"country": "SE"},), ({"country": "DE"},)),
    ],
)
def test_what_is_missing_is_named_value_by_value(name: str, asked: Values, there: Values, missing: Values) -> None:
    """
    Webex may write a value in its own way; what is not there at all was not applied, for a reason.
    """
    found = not_applied({name: asked}, _account(**{name: there}))
    assert missing == tuple(value for each in found for value in each.values)
    assert all(each.attribute == name and each.reason for each in found)


def test_a_value_too_many_counts_only_where_exactly_was_asked_for() -> None:
    """
    A new person may get licences by a template; an update that should take one away did not.
    """
    account = _account(licenses=("a", "b"))
    assert () == not_applied({"licenses": ("a",)}, account)
    (extra,) = not_applied({"licenses": ("a",)}, account, exactly=True)
    assert (("b",), "Webex did not take this value away") == (extra.values, extra.reason)


def test_the_reason_is_webex_own_if_it_gave_one() -> None:
    """
    With it goes the tracking id.
    """
    (each,) = not_applied({"title": ("Boss",)}, _account(), said="no titles today", tracking_id="ROUTER_1")
    assert ("no titles today", "ROUTER_1") == (each.reason, each.tracking_id)


@pytest.mark.parametrize(
    ("name", "left", "right", "expected"),
    [
        ("title", ("a",), ("a",), True),
        ("title", ("a",), ("A",), False),
        ("title", (), ("a",), False),
        ("licenses", ("a", "b"), ("b", "a"), True),
        ("licenses", ("a",), ("b", "a"), False),
        ("licenses", (), (), True),
        ("emails", ("A@x.example",), ("a@x.example",), True),
        ("emails", ("a@x.example", "b@x.example"), ("b@x.example", "a@x.example"), False),
        ("avatar", ("https://a",), ("https://b",), False),
        ("addresses", ({"country": "SE", "region": None},), ({"country": "SE"},), True),
        ("addresses", ({"country": "SE"},), ({"country": "SE", "region": "x"},), False),
        ("phoneNumbers", ({"type": "work", "value": "1-2"},), ({"type": "work", "value": "12"},), True),
    ],
)
def test_values_are_the_same_when_webex_sees_no_difference(
    name: str,
    left: Values,
    right: Values,
    expected: bool,  # noqa: FBT001 - a table
) -> None:
    """
    What is the same needs no request; the order of addresses matters, since the first one is the name.
    """
    assert expected is same(name, left, right)
