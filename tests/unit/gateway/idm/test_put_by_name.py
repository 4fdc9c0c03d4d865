"""
Creating by PUT: the path names the new object by its name.
"""

import pytest

from fakes.idm_door import PEOPLE, Rig

ZOE = {"displayName": "Zoë Ä", "emails": ["zoe@example.com"], "licenses": ["L1"]}
NEW = {"If_None_Match": "*"}


@pytest.mark.parametrize("headers", [NEW, {}])
async def test_a_put_to_a_name_makes_the_object(rig: Rig, headers: dict[str, str]) -> None:
    """
    A PUT to the name that the body has makes the object, and answers where it really is.
    """
    answer = await rig.send("PUT", f"{PEOPLE}/zoe@example.com", ZOE, **headers)
    assert (answer.status_code, answer.json()["_id"]) == (201, "Account-0001")
    assert answer.headers["Location"] == f"{PEOPLE}/Account-0001"
    assert rig.people["Account-0001"]["emails"] == ["zoe@example.com"]


async def test_the_same_put_again_finds_it(rig: Rig) -> None:
    """
    Repeated, the PUT that insists on a new object is refused with the object's identifier, and the other one changes
    it, whatever the letter case.
    """
    await rig.send("PUT", f"{PEOPLE}/zoe@example.com", ZOE, **NEW)
    refused = await rig.send("PUT", f"{PEOPLE}/zoe@example.com", ZOE, **NEW)
    assert (refused.status_code, refused.json()["detail"]["uid"]) == (412, "Account-0001")

    changed = await rig.send("PUT", f"{PEOPLE}/ZOE@example.com", ZOE | {"title": "Lead", "_id": "zoe@example.com"})

    assert (changed.status_code, changed.json()["_id"]) == (200, "Account-0001")
    assert rig.people["Account-0001"]["title"] == "Lead"
    assert len(rig.people) == 6


async def test_an_object_that_must_be_there_is_not_made(rig: Rig) -> None:
    """
    With `If-Match: *` a name is no identifier, and nothing is made.
    """
    answer = await rig.send("PUT", f"{PEOPLE}/zoe@example.com", ZOE, If_Match="*")
    assert (answer.status_code, len(rig.people)) == (404, 5)


async def test_a_dry_put_makes_nothing(rig: Rig) -> None:
    """
    A dry run says what would be done: a creation where there is nobody, else a change.
    """
    made = await rig.send("PUT", f"{PEOPLE}/zoe@example.com?_dryRun=true", ZOE)
    assert (made.status_code, made.json()["withheld"]) == (200, ["create __ACCOUNT__"])
    person = ZOE | {"emails": ["person2@example.com"]}
    changed = await rig.send("PUT", f"{PEOPLE}/person2@example.com?_dryRun=true", person)
    assert changed.json()["withheld"] == ["update __ACCOUNT__ P-0002"]
    assert rig.people["P-0002"]["displayName"] == "Chloé Number 2"
    assert not rig.journal.entries


async def test_a_group_goes_by_its_name_too(rig: Rig) -> None:
    """
    What the name is, the object class says.
    """
    answer = await rig.send("PUT", "/system/webex/__GROUP__/Sales%20North", {"displayName": "Sales North"}, **NEW)
    assert (answer.status_code, answer.headers["Location"]) == (201, "/system/webex/__GROUP__/Group-0001")


async def test_what_cannot_be_made_cannot_be_put(rig: Rig) -> None:
    """
    An object class without creation says so.
    """
    answer = await rig.send("PUT", "/system/webex/ROLES/Chief", {"name": "Chief"}, **NEW)
    assert (answer.status_code, answer.json()["message"]) == (501, "ROLES does not support CREATE")
