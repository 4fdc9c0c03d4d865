"""
Objects as JSON.
"""

from dataclasses import replace

import pytest

from fakes.memory_schema import ACCOUNT_INFO, ROLES_INFO
from webex_connector.gateway.idm.errors import Problem
from webex_connector.gateway.idm.objects import (
    EVERYTHING,
    ONLY_IDS,
    Fields,
    Revisions,
    View,
    fields_of,
    warnings_of,
)
from webex_connector.icf import names
from webex_connector.icf.errors import UnknownAttribute
from webex_connector.icf.objects import ConnectorObject, NotApplied

ANNA = ConnectorObject(
    names.ACCOUNT,
    "P1",
    "anna@example.com",
    {
        "displayName": ("Anna",),
        "emails": ("anna@example.com",),
        "groups": (),
        "title": (),
        "licenses": ("L2", "L1"),
        "phoneNumbers": ({"type": "work", "value": "+1"},),
        "firstName": ("A.",),
    },
)


def test_a_row_has_its_keys_in_the_known_order() -> None:
    """
    `_id` and `_rev` come first, then the schema's order, `__NAME__` last; empty lists stay, absent values do not come.
    """
    row = View(ACCOUNT_INFO).row(ANNA)
    assert list(row) == [
        "_id",
        "_rev",
        "firstName",
        "displayName",
        "emails",
        "licenses",
        "groups",
        "phoneNumbers",
        "__NAME__",
    ]
    assert (row["_id"], row["firstName"], row["groups"]) == ("P1", "A.", ())


@pytest.mark.parametrize(
    ("text", "fields", "keys"),
    [
        (None, EVERYTHING, None),
        (" , ", EVERYTHING, None),
        ("*", EVERYTHING, None),
        ("emails", Fields(("emails",), defaults=False, revision=False), ["_id", "emails"]),
        ("/EMAILS, _id", Fields(("EMAILS", names.UID), defaults=False, revision=False), ["_id", "emails"]),
        ("_id", Fields((names.UID,), defaults=False, revision=False), ["_id"]),
        ("_rev", Fields((), defaults=False, revision=True), ["_id", "_rev"]),
        ("__NAME__", Fields((names.NAME,), defaults=False, revision=False), ["_id", "__NAME__"]),
        ("*,groups", Fields(("groups",), defaults=True, revision=True), None),
    ],
)
def test_fields_choose_what_is_shown(text: str | None, fields: Fields, keys: list[str] | None) -> None:
    """
    Blank and `*` mean the defaults; otherwise only what is named comes, and always the identifier.
    """
    assert fields_of(text) == fields
    assert list(View(ACCOUNT_INFO, fields).row(ANNA)) == (keys or list(View(ACCOUNT_INFO).row(ANNA)))


@pytest.mark.parametrize(
    ("text", "to_get", "defaults"),
    [
        (None, None, True),
        ("emails,__NAME__", ("emails",), False),
        ("_id", (), False),
        ("_rev,emails", ("emails",), True),
        ("*,groups", ("groups",), True),
    ],
)
def test_fields_choose_what_is_fetched(text: str | None, to_get: tuple[str, ...] | None, *, defaults: bool) -> None:
    """
    Identifier and name need no fetching; a revision needs the defaults.
    """
    assert (fields_of(text).to_get, fields_of(text).with_defaults) == (to_get, defaults)


def test_only_identifiers_need_no_attribute_at_all() -> None:
    """
    Listing identifiers asks for nothing and shows nothing else.
    """
    assert ONLY_IDS.to_get == ()
    assert View(ACCOUNT_INFO, ONLY_IDS).row(replace(ANNA, revision="7")) == {"_id": "P1"}


def test_relationships_bring_nothing() -> None:
    """
    The wildcards for relationship fields may stand there; objects of systems have none.
    """
    assert fields_of("*_ref,*_ref/*,emails") == fields_of("emails")
    assert fields_of("*,*_ref") == fields_of("*")
    assert fields_of("*_ref") == ONLY_IDS


def test_fields_of_several_levels_are_refused() -> None:
    """
    A pointer into an attribute is refused, naming the parameter.
    """
    with pytest.raises(Problem, match="Only one level JsonPointer supported, not 'addresses/country' in '_fields'"):
        fields_of("addresses/country")


def test_a_view_of_an_unknown_attribute_is_refused() -> None:
    """
    What the object class does not have cannot be shown.
    """
    with pytest.raises(UnknownAttribute):
        View(ROLES_INFO, Fields(("shoe",)))


def test_the_revision_follows_the_content() -> None:
    """
    It changes with any value that listings return and with the name, and not with the order of references or with
    attributes that only some reads return.
    """
    revision = Revisions(ACCOUNT_INFO).of(ANNA)

    def changed(**values: tuple[str, ...]) -> str:
        return Revisions(ACCOUNT_INFO).of(replace(ANNA, attributes={**ANNA.attributes, **values}))

    assert changed(title=("Lead",)) != revision
    assert changed(emails=("b@example.com", "a@example.com")) != changed(emails=("a@example.com", "b@example.com"))
    assert Revisions(ACCOUNT_INFO).of(replace(ANNA, name="x")) != revision
    assert changed(licenses=("L1", "L2")) == revision
    assert changed(licenses=("L1",)) != revision
    assert changed(groups=("G1",)) == revision
    assert Revisions(ACCOUNT_INFO).of(replace(ANNA, revision="7")) == "7"


def test_what_was_not_applied_is_a_warning() -> None:
    """
    Each part says attribute, values, reason and tracking id.
    """
    assert warnings_of([NotApplied("roles", ("R1",), "not allowed", "T")]) == [
        {"attribute": "roles", "values": ("R1",), "reason": "not allowed", "trackingId": "T"},
    ]
