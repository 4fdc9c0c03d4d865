"""
A system behind the object types of a provisioner file: names, what is shown, what is denied.
"""

from dataclasses import replace

import pytest

from fakes.idm_door import Rig
from webex_connector.gateway.idm.object_types import Flag
from webex_connector.gateway.idm.shapes import ObjectType, Shown
from webex_connector.gateway.idm.systems import Shape
from webex_connector.icf import names
from webex_connector.icf.denials import Denials
from webex_connector.icf.schema import Operation

USERS = "/openidm/system/webex/user"
ONE = f"{USERS}/P-0001"
NEW = {"cn": "Zoë Ä", "mail": ["zoe@example.com"], "seats": ["L1"]}


@pytest.fixture
def shaped(rig: Rig) -> Rig:
    """
    The door with people shown as `user`: `mail`, `cn`, `seats`, `login` for the name, `job` that may not be changed,
    `site` that goes with `inside`, and nothing else.
    """
    people = rig.facade().schema.object_class(names.ACCOUNT)
    user = ObjectType(
        "user",
        people,
        (
            Shown("mail", "emails"),
            Shown("cn", "displayName"),
            Shown("seats", "licenses", flags=frozenset({Flag.NOT_RETURNED_BY_DEFAULT})),
            Shown("login", names.NAME),
            Shown("job", "title", flags=frozenset({Flag.NOT_UPDATEABLE}), default=("Staff",)),
            Shown("site", "locationId"),
            Shown("inside", "extension"),
            Shown("unit", "department", required=False),
            Shown("since", "created"),
        ),
    )
    rig.systems["webex"] = replace(rig.systems["webex"], shape=Shape(types=(user,)))
    return rig


async def test_a_row_has_the_shown_names_only(shaped: Rig) -> None:
    """
    An object is read under the names of the file; what it does not name does not exist.
    """
    shaped.people["P-0001"]["extension"] = "4711"
    answer = await shaped.send("GET", f"{ONE}?_fields=*")
    assert answer.json() == {
        "_id": "P-0001",
        "_rev": answer.headers["ETag"].strip('"'),
        "mail": ["person1@example.com"],
        "cn": "Ben Number 1",
        "login": "person1@example.com",
        "inside": "4711",
        "unit": "Research",
    }
    asked = await shaped.send("GET", f"{ONE}?_fields=SEATS,login")
    assert asked.json() == {"_id": "P-0001", "seats": ["Lic-messaging"], "login": "person1@example.com"}
    hidden = await shaped.send("GET", f"{ONE}?_fields=firstName")
    assert hidden.json()["message"] == ("Target does not support attribute firstName (user has no attribute firstName)")


async def test_other_object_classes_are_not_there(shaped: Rig) -> None:
    """
    Neither the class's own name nor another class answers, and the status lists the types of the file.
    """
    for path in ("/openidm/system/webex/__ACCOUNT__/P-0001", "/openidm/system/webex/ROLES/Role-full"):
        answer = await shaped.send("GET", path)
        assert (answer.status_code, answer.json()["message"].endswith("There are: user")) == (404, True)
    assert (await shaped.send("POST", "/system/webex?_action=test")).json()["objectTypes"] == ["user"]


async def test_writes_reach_the_attributes_behind_the_names(shaped: Rig) -> None:
    """
    Create, put and patch are carried out under the attributes' own names, with the default of the file.
    """
    made = await shaped.send("POST", USERS, NEW)
    assert (made.status_code, made.headers["Location"]) == (201, f"{USERS}/Account-0001")
    assert shaped.people["Account-0001"] == {
        "displayName": "Zoë Ä",
        "emails": ["zoe@example.com"],
        "licenses": ["L1"],
        "title": "Staff",
    }
    assert (made.json()["cn"], "seats" in made.json()) == ("Zoë Ä", False)
    await shaped.send("PUT", ONE, {"unit": "Sales"})
    patch = [{"operation": "add", "field": "/seats/-", "value": "L2"}, {"operation": "remove", "field": "unit"}]
    assert (await shaped.send("PATCH", ONE, patch)).json()["cn"] == "Ben Number 1"
    assert shaped.people["P-0001"]["licenses"] == ["Lic-messaging", "L2"]
    assert "department" not in shaped.people["P-0001"]


async def test_a_search_knows_the_shown_names(shaped: Rig) -> None:
    """
    Filter, order and fields speak the names of the file; a hidden attribute is unknown to all of them.
    """
    address = f'{USERS}?_queryFilter=mail co "person" and !(login eq "person2@example.com") and (cn pr or false)'
    answer = await shaped.send("GET", f"{address}&_sortKeys=-cn&_fields=cn&_pageSize=2&_totalPagedResultsPolicy=EXACT")
    assert [row["cn"] for row in answer.json()["result"]] == ["Émile Number 4", "Fatima Number 5"]
    assert answer.json()["totalPagedResults"] == 4
    rest = await shaped.send(
        "GET",
        f"{address}&_sortKeys=-cn&_pageSize=2&_pagedResultsCookie={answer.json()['pagedResultsCookie']}",
    )
    assert [row["_id"] for row in rest.json()["result"]] == ["P-0003", "P-0001"]
    for wrong in ("_queryFilter=displayName pr", '_queryFilter=displayName eq "x"'):
        hidden = await shaped.send("GET", f"{USERS}?{wrong}")
        assert hidden.json().get("result", []) == []


async def test_flags_take_away(shaped: Rig) -> None:
    """
    What a flag of the file forbids is refused, though the connector could.
    """
    answer = await shaped.send("PUT", ONE, {"job": "Lead"})
    assert (answer.status_code, answer.json()["message"]) == (400, "Attribute 'job' is read-only")
    assert "title" not in shaped.people["P-0001"]
    since = await shaped.send("PUT", ONE, {"since": "2026-01-01T00:00:00Z"})
    assert since.json()["message"] == "Attribute 'since' is read-only"


async def test_errors_speak_the_shown_names(shaped: Rig) -> None:
    """
    What goes wrong names the attribute as the caller wrote it.
    """
    lacking = await shaped.send("PUT", ONE, {"site": "Loc-1"})
    assert lacking.json()["message"] == "Attribute 'site' requires 'inside'"
    taken = await shaped.send("POST", USERS, NEW | {"mail": ["person2@example.com"]})
    assert (taken.status_code, taken.json()["detail"]["uid"]) == (412, "P-0002")
    missing = await shaped.send("POST", USERS, {"cn": "x", "seats": ["L"]})
    assert missing.json()["message"] == "Required attribute 'mail' value is null"


async def test_a_disabled_system_does_nothing(shaped: Rig) -> None:
    """
    Its status says so, and every operation is answered with 503.
    """
    shaped.systems["webex"] = replace(shaped.systems["webex"], shape=Shape(enabled=False))
    status = (await shaped.send("POST", "/system/webex?_action=test")).json()
    assert (status["enabled"], status["error"], status["ok"]) == (False, "connector not available", False)
    for method, path in (("GET", "P-0001"), ("DELETE", "P-0001")):
        answer = await shaped.send(method, f"/openidm/system/webex/__ACCOUNT__/{path}")
        assert (answer.status_code, answer.json()["message"]) == (503, "connector not available")
    assert "P-0001" in shaped.people


@pytest.mark.parametrize(
    ("method", "path", "body", "operation"),
    [
        ("POST", USERS, NEW, "CREATE"),
        ("PUT", ONE, {"unit": "x"}, "UPDATE"),
        ("PATCH", ONE, [{"operation": "remove", "field": "unit"}], "UPDATE"),
        ("DELETE", ONE, None, "DELETE"),
    ],
)
async def test_a_denied_write_that_does_nothing_says_so(
    shaped: Rig, method: str, path: str, body: object, operation: str
) -> None:
    """
    Where the file says DO_NOTHING, the answer is the object as it is, with a warning, and nothing was written.
    """
    silently = Denials(by_class={names.ACCOUNT: frozenset(Operation)})
    system = shaped.systems["webex"]
    shaped.systems["webex"] = replace(system, shape=replace(system.shape, silently=silently))
    before = repr(shaped.people)
    answer = await shaped.send(method, path, body)
    assert (answer.status_code, repr(shaped.people)) == (200, before)
    assert answer.json()["_warnings"] == [
        {"operation": operation, "reason": "Nothing was done: the configuration of the system denies it"},
    ]
    assert answer.json().get("cn") == (None if operation == "CREATE" else "Ben Number 1")
    assert not shaped.journal.entries
