"""
Creating, updating, patching and deleting over the REST door.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import pytest

from fakes.idm_door import PEOPLE, Rig
from webex_connector.icf import names
from webex_connector.icf.attributes import AttributeDelta, Attributes
from webex_connector.icf.objects import ConnectorObject, NotApplied, WriteResult
from webex_connector.icf.options import Actor, OperationOptions

ONE = f"{PEOPLE}/P-0001"
NEW = {"displayName": "Zoë Ä", "LastName": "Ä", "emails": ["zoe@example.com"], "licenses": ["L1"]}


@pytest.mark.parametrize("path", [f"{PEOPLE}?_action=create", f"{PEOPLE}/?_ACTION=Create", PEOPLE])
async def test_a_new_object_is_answered_whole(rig: Rig, path: str) -> None:
    """
    Creating answers 201 with the address and the object as read back, whichever way it is asked.
    """
    answer = await rig.send("POST", path, NEW)
    assert answer.status_code == 201
    assert answer.headers["Location"] == f"{PEOPLE}/Account-0001"
    assert answer.json() == {
        "_id": "Account-0001",
        "_rev": answer.headers["ETag"].strip('"'),
        "lastName": "Ä",
        "displayName": "Zoë Ä",
        "emails": ["zoe@example.com"],
        "licenses": ["L1"],
        "__NAME__": "zoe@example.com",
    }
    assert rig.people["Account-0001"]["lastName"] == "Ä"
    assert (await rig.send("GET", answer.headers["Location"])).json() == answer.json()


async def test_a_write_is_signed_by_the_client(rig: Rig) -> None:
    """
    The journal knows who wrote, and through which door.
    """
    await rig.send("POST", "/system/webex/__group__", {"displayName": "Sales"})
    (entry,) = rig.journal.entries
    assert (entry.intent.actor, entry.intent.object_class) == (Actor("ida", "idm"), names.GROUP)


async def test_a_put_changes_what_it_lists_only(rig: Rig) -> None:
    """
    Listed attributes get their values, null and the empty list clear, all others stay.
    """
    rig.people["P-0001"]["roles"] = ["R1"]
    answer = await rig.send("PUT", ONE, {"LastName": "New", "department": None, "roles": []})
    assert answer.status_code == 200
    assert rig.people["P-0001"] == {
        "displayName": "Ben Number 1",
        "firstName": "Ben",
        "lastName": "New",
        "emails": ["person1@example.com"],
        "licenses": ["Lic-messaging"],
    }
    assert answer.json() == (await rig.send("GET", ONE)).json()


async def test_what_was_read_can_be_put_back(rig: Rig) -> None:
    """
    A whole object with its read-only attributes, name and revision changes nothing but what was edited, with one look.
    """
    rig.people["P-0001"]["created"] = "2026-01-01T00:00:00Z"
    row = (await rig.send("GET", ONE)).json()
    rig.connector.traffic.calls.clear()
    answer = await rig.send("PUT", ONE, row | {"title": "Lead", "_warnings": []})
    assert answer.status_code == 200
    assert answer.json() == row | {"title": "Lead", "_rev": answer.json()["_rev"]}
    assert rig.connector.traffic.calls == {"get": 1, "update": 1}


async def test_a_put_of_writable_attributes_needs_no_look(rig: Rig) -> None:
    """
    Without read-only attributes and without a revision, nothing is read first.
    """
    await rig.send("PUT", ONE, {"title": "Lead"}, If_Match="*")
    assert rig.connector.traffic.calls == {"update": 1}


@pytest.mark.parametrize("body", [{}, {"_id": "P-0001"}, {"__NAME__": "Person1@example.com"}])
async def test_a_put_without_a_change_writes_nothing(rig: Rig, body: dict[str, Any]) -> None:
    """
    An update that changes nothing answers the object as it is.
    """
    answer = await rig.send("PUT", ONE, body)
    assert answer.json() == (await rig.send("GET", ONE)).json()
    assert not rig.journal.entries


@pytest.mark.parametrize(
    ("method", "body"),
    [("PUT", {"title": "Lead"}), ("PATCH", [{"operation": "replace", "field": "title", "value": "Lead"}])],
)
async def test_a_revision_protects_from_lost_updates(rig: Rig, method: str, body: Any) -> None:
    """
    With the current revision the write happens; with a former one it is 412 and does not.
    """
    revision = (await rig.send("GET", ONE)).json()["_rev"]
    assert (await rig.send(method, ONE, body, If_Match=f'"{revision}"')).status_code == 200

    rig.people["P-0001"]["title"] = "Someone else's"
    answer = await rig.send(method, ONE, body, If_Match=revision)
    current = (await rig.send("GET", ONE)).json()["_rev"]
    assert (answer.status_code, answer.json()["message"]) == (
        412,
        f"The resource version of P-0001 is {current}; it does not match the version provided: {revision}",
    )
    assert rig.people["P-0001"]["title"] == "Someone else's"


async def test_a_patch_changes_values(rig: Rig) -> None:
    """
    Values are added and removed one by one, and the answer is the object afterwards.
    """
    body = [
        {"operation": "replace", "field": "/title", "value": "Lead"},
        {"operation": "add", "field": "/licenses/-", "value": "L2"},
        {"operation": "remove", "field": "/licenses", "value": "Lic-messaging"},
        {"operation": "copy", "field": "/manager", "from": "/department"},
    ]
    answer = await rig.send("PATCH", ONE, body)
    person = rig.people["P-0001"]
    assert (person["title"], person["licenses"], person["manager"]) == ("Lead", ["L2"], "Research")
    assert answer.json() == (await rig.send("GET", ONE)).json()


async def test_a_delete_answers_the_object_as_it_was(rig: Rig) -> None:
    """
    The answer is what is gone; a second delete is 404.
    """
    before = (await rig.send("GET", ONE)).json()
    assert (await rig.send("DELETE", ONE)).json() == before
    assert "P-0001" not in rig.people
    assert (await rig.send("DELETE", ONE)).status_code == 404


async def test_a_delete_can_insist_on_a_revision(rig: Rig) -> None:
    """
    Another revision keeps the object.
    """
    assert (await rig.send("DELETE", ONE, If_Match="old")).status_code == 412
    assert "P-0001" in rig.people
    assert (await rig.send("DELETE", ONE, If_Match="*")).status_code == 200


async def test_fields_choose_what_a_write_answers(rig: Rig) -> None:
    """
    Only what is named comes back.
    """
    answer = await rig.send("PUT", f"{ONE}?_fields=title", {"title": "Lead"})
    assert answer.json() == {"_id": "P-0001", "title": "Lead"}


@pytest.mark.parametrize(
    ("method", "path", "body", "withheld"),
    [
        ("POST", f"{PEOPLE}?_action=create&_dryRun=true", NEW, "create __ACCOUNT__"),
        ("PUT", f"{ONE}?_dryRun=TRUE", {"title": "Lead"}, "update __ACCOUNT__ P-0001"),
        (
            "PATCH",
            f"{ONE}?_dryrun=true",
            [{"operation": "remove", "field": "title"}],
            "update __ACCOUNT__ P-0001",
        ),
    ],
)
async def test_a_dry_run_tells_and_sends_nothing(
    rig: Rig,
    world: Callable[[], str],
    method: str,
    path: str,
    body: Any,
    withheld: str,
) -> None:
    """
    The answer is 200, marked as a dry run, and lists what was not sent.
    """
    before = world()
    answer = await rig.send(method, path, body)
    assert (answer.status_code, answer.json()) == (200, {"_dryRun": True, "withheld": [withheld]})
    assert world() == before


async def test_a_dry_delete_shows_the_object(rig: Rig, world: Callable[[], str]) -> None:
    """
    A dry run that has read the object shows it.
    """
    row, before = (await rig.send("GET", ONE)).json(), world()
    answer = await rig.send("DELETE", f"{ONE}?_dryRun=true")
    assert answer.json() == {"_dryRun": True, "withheld": ["delete __ACCOUNT__ P-0001"], "object": row}
    assert world() == before
    assert not rig.guard.permitted


async def test_a_dry_run_of_bad_input_is_the_same_error(rig: Rig) -> None:
    """
    What would be refused is refused in a dry run too.
    """
    answer = await rig.send("POST", f"{PEOPLE}?_dryRun=true", NEW | {"emails": ["person2@example.com"]})
    assert answer.status_code == 412


NOT_TAKEN = (NotApplied("roles", ("R9",), "there is no such role", "T1"),)


async def test_a_partial_success_is_a_success_with_warnings(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    """
    The object was made, so the answer is 201 with the object as it is, and says what was not taken and why.
    """
    handler: Any = rig.connector.handlers[names.ACCOUNT]
    create = handler.create

    async def partly(attributes: Attributes, options: OperationOptions) -> WriteResult:
        rest = {name: values for name, values in attributes.items() if name != "roles"}
        result: WriteResult = await create(rest, options)
        return replace(result, not_applied=NOT_TAKEN)

    monkeypatch.setattr(handler, "create", partly)
    answer = await rig.send("POST", PEOPLE, NEW | {"roles": ["R9"]})
    assert answer.status_code == 201
    assert "roles" not in answer.json()
    assert list(answer.json())[-1] == "_warnings"
    assert answer.json()["_warnings"] == [
        {"attribute": "roles", "values": ["R9"], "reason": "there is no such role", "trackingId": "T1"},
    ]


async def test_an_object_that_could_not_be_read_back_has_its_identifier(
    rig: Rig,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """
    A write without an image afterwards answers the identifier alone.
    """

    async def blind(uid: str, deltas: Sequence[AttributeDelta], options: OperationOptions) -> WriteResult:
        return WriteResult(uid)

    monkeypatch.setattr(rig.connector.handlers[names.ACCOUNT], "update", blind)
    answer = await rig.send("PUT", ONE, {"title": "x"})
    assert (answer.status_code, answer.json()) == (200, {"_id": "P-0001"})


async def test_identifiers_may_hold_slashes(rig: Rig) -> None:
    """
    An encoded slash belongs to the identifier, in requests and in the address of a new object.
    """

    async def create(attributes: Attributes, options: OperationOptions) -> WriteResult:
        return WriteResult("a/b=", after=ConnectorObject(names.GROUP, "a/b=", "G", {"displayName": ("G",)}))

    rig.connector.world[names.GROUP]["a/b="] = {"displayName": "G"}
    handler: Any = rig.connector.handlers[names.GROUP]
    handler.create = create
    answer = await rig.send("POST", "/system/webex/__GROUP__", {"displayName": "G"})
    assert answer.headers["Location"] == "/system/webex/__GROUP__/a%2Fb%3D"
    assert (await rig.send("GET", answer.headers["Location"])).json()["_id"] == "a/b="
