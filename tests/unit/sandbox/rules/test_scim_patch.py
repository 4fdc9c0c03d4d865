"""
What PATCH operations do to a document (RFC 7644 section 3.5.2).
"""

import copy
from typing import Any

import pytest

from webex_connector.sandbox import urns
from webex_connector.sandbox.problems import Problem
from webex_connector.sandbox.rules.scim_patch import Operation, Shape, steps, take

_SHAPE = Shape(
    names={
        "": {name.lower(): name for name in ("title", "name", "phones", "tags")},
        urns.ENTERPRISE: {"department": "department", "manager": "manager"},
    },
    lists=frozenset({"phones", "tags"}),
    read_only=frozenset({"id"}),
)
_WORK = {"type": "work", "value": "1", "primary": True}
_FAX = {"type": "fax", "value": "2"}


def _patched(op: str, path: str | None, value: Any = None) -> dict[str, Any]:
    document: dict[str, Any] = {
        "id": "u",
        "title": "Clerk",
        "name": {"givenName": "Mara", "familyName": "Lind"},
        "phones": [_WORK, _FAX],
        urns.ENTERPRISE: {"department": "Finance"},
    }
    before = copy.deepcopy(document)
    for step in steps([Operation(op, path, value)]):
        take(document, step, _SHAPE)
    return {name: document.get(name) for name in {*document, *before} if document.get(name) != before.get(name)}


@pytest.mark.parametrize(
    ("operation", "changed"),
    [
        (("replace", "title", "Boss"), {"title": "Boss"}),
        (("Replace", "TITLE", "Boss"), {"title": "Boss"}),
        (("add", "title", "Boss"), {"title": "Boss"}),
        (("remove", "title"), {"title": None}),
        (("replace", None, {"title": "Boss", "id": "x"}), {"title": "Boss"}),
        (("replace", "id", "x"), {}),
        (("replace", f"{urns.ENTERPRISE}:id", "x"), {}),
        (("replace", "name.givenName", "Ida"), {"name": {"givenName": "Ida", "familyName": "Lind"}}),
        (("replace", "name", {"givenName": "Ida"}), {"name": {"givenName": "Ida", "familyName": "Lind"}}),
        (("remove", "name.givenName"), {"name": {"givenName": None, "familyName": "Lind"}}),
        (("add", "phones", [_FAX]), {}),
        (("add", "phones", {"value": "3"}), {"phones": [_WORK, _FAX, {"value": "3"}]}),
        (
            ("add", "phones", [{"value": "3", "primary": True}]),
            {"phones": [{**_WORK, "primary": False}, _FAX, {"value": "3", "primary": True}]},
        ),
        (("replace", "phones", [_FAX]), {"phones": [_FAX]}),
        (("remove", "phones"), {"phones": None}),
        (("remove", 'phones[type eq "fax"]'), {"phones": [_WORK]}),
        (("remove", 'phones[type eq "none"]'), {}),
        (("replace", 'phones[type eq "fax"].value', "9"), {"phones": [_WORK, {"type": "fax", "value": "9"}]}),
        (("replace", 'phones[type eq "fax"]', {"value": "9"}), {"phones": [_WORK, {"type": "fax", "value": "9"}]}),
        (("add", "tags", "red"), {"tags": ["red"]}),
        (("replace", f"{urns.ENTERPRISE}:department", "Sales"), {urns.ENTERPRISE: {"department": "Sales"}}),
        (("replace", f"{urns.ENTERPRISE}.department", "Sales"), {urns.ENTERPRISE: {"department": "Sales"}}),
        (("replace", None, {urns.ENTERPRISE: {"department": "Sales"}}), {urns.ENTERPRISE: {"department": "Sales"}}),
        (
            ("add", f"{urns.ENTERPRISE}:manager.value", "m"),
            {urns.ENTERPRISE: {"department": "Finance", "manager": {"value": "m"}}},
        ),
        (("add", f"{urns.USER}:title", "Boss"), {"title": "Boss"}),
    ],
)
def test_operations(operation: tuple[Any, ...], changed: dict[str, Any]) -> None:
    """
    What each kind of operation changes, and nothing else.
    """
    assert changed == _patched(*operation)


def test_sections_are_reached_by_colon_and_by_dot() -> None:
    """
    Cisco's own sample has a dot between schema and attribute, the RFC a colon; both lead to the same place.
    """
    for separator in ":.":
        document: dict[str, Any] = {}
        (step,) = steps([Operation("add", f"{urns.ENTERPRISE}{separator}department", "Sales")])
        take(document, step, _SHAPE)
        assert {urns.ENTERPRISE: {"department": "Sales"}} == document


@pytest.mark.parametrize(
    ("operation", "scim_type"),
    [
        (("move", "title", "x"), "invalidSyntax"),
        (("remove", None), "noTarget"),
        (("add", None, "text"), "invalidValue"),
        (("replace", 'phones[type eq "none"]', {"value": "1"}), "noTarget"),
        (("add", 'phones[type eq "none"].value', "1"), "noTarget"),
        (("replace", 'phones[type eq "fax"]', "1"), "invalidValue"),
        (("replace", "phones.value", "1"), "invalidPath"),
        (("replace", "unheard", "1"), "invalidPath"),
        (("replace", "a[b", "1"), "invalidPath"),
        (("replace", 'phones[type like "fax"]', {}), "invalidFilter"),
        (("replace", urns.ENTERPRISE, "text"), "invalidValue"),
    ],
)
def test_what_cannot_be_done_is_refused(operation: tuple[Any, ...], scim_type: str) -> None:
    """
    The kinds of refusal, each a 400.
    """
    with pytest.raises(Problem) as refused:
        _patched(*operation)
    assert (400, scim_type) == (refused.value.status, refused.value.scim_type)
