"""
Licences: the inventory, the holders, and giving and taking.
"""

import pytest

from fakes.scripted_webex import Reply, Seen
from fakes.webex_stage import Stage
from webex_connector.webex.call import Call
from webex_connector.webex.errors import Refused, TooStrange, Withheld
from webex_connector.webex.resources.licenses import Assignment, LicenseChange, Operation, SiteChange


async def test_the_inventory_is_one_answer(stage: Stage) -> None:
    """
    Webex does not page it.
    """
    server = await stage.server(lambda _seen: Reply(body={"items": [{"id": "l1"}, {"id": "l2"}]}))
    assert [{"id": "l1"}, {"id": "l2"}] == await stage.client().licenses.list(Call())
    assert ["/v1/licenses"] == [seen.target for seen in server.seen]


async def test_one_licence(stage: Stage) -> None:
    """
    By its id, colon and all.
    """
    server = await stage.server(lambda _seen: Reply(body={"id": "l1"}))
    assert {"id": "l1"} == await stage.client().licenses.get("org:MS_1", Call())
    assert "/v1/licenses/org%3AMS_1" == server.seen[0].target


async def test_holders_are_read_to_the_end(stage: Stage) -> None:
    """
    300 on a page, linked.
    """

    def script(seen: Seen) -> Reply:
        link = f'<{server.uri}/licenses/l1?includeAssignedTo=user&limit=300&next=2>; rel="next"'
        if "next" in seen.query:
            return Reply(body={"id": "l1", "users": [{"id": "p2"}]})
        return Reply(body={"id": "l1", "users": [{"id": "p1"}]}, headers={"Link": link})

    server = await stage.server(script)
    pages = [page async for page in stage.client().licenses.holders("l1", Call())]
    assert [{"id": "p1"}, {"id": "p2"}] == [item for page in pages for item in page.items]
    assert {("user", "300")} == {(seen.query["includeAssignedTo"], seen.query["limit"]) for seen in server.seen}


async def test_licences_are_given_and_taken_in_one_request(stage: Stage) -> None:
    """
    A Calling licence brings its number; what is not given is not sent.
    """
    answer = {
        "licenses": ["l0", "l1"],
        "siteUrls": [{"siteUrl": "acme.webex.com", "accountType": "ATTENDEE"}],
        "pendingLicenses": ["l9"],
    }
    server = await stage.server(lambda _seen: Reply(200, answer))
    changes = [
        LicenseChange("l1", location_id="loc", phone_number="+4930123", extension="77"),
        LicenseChange("l2", Operation.REMOVE),
    ]
    sites = [SiteChange("acme.webex.com"), SiteChange("old.webex.com", Operation.REMOVE)]
    found = await stage.client().licenses.assign("p1", changes, sites, Call())
    assert Assignment(("l0", "l1"), ("acme.webex.com#attendee",), ("l9",), complete=True) == found
    expected = {
        "personId": "p1",
        "licenses": [
            {
                "id": "l1",
                "operation": "add",
                "properties": {"locationId": "loc", "phoneNumber": "+4930123", "extension": "77"},
            },
            {"id": "l2", "operation": "remove"},
        ],
        "siteUrls": [
            {"siteUrl": "acme.webex.com", "accountType": "attendee", "operation": "add"},
            {"siteUrl": "old.webex.com", "accountType": "attendee", "operation": "remove"},
        ],
    }
    assert ("PATCH", "/v1/licenses/users") == (server.seen[0].method, server.seen[0].target)
    assert expected == server.seen[0].json()


async def test_a_partial_assignment_says_so(stage: Stage) -> None:
    """
    206 is no error, and no success either: what the person holds now tells what is missing.
    """
    await stage.server(lambda _seen: Reply(206, {"licenses": []}))
    found = await stage.client().licenses.assign("p1", [LicenseChange("l1")], [], Call())
    assert Assignment((), (), (), complete=False) == found


@pytest.mark.parametrize("body", [{}, {"licenses": None}, {"licenses": [1]}, {"licenses": [], "siteUrls": "x"}])
async def test_an_assignment_without_its_result_is_too_strange(stage: Stage, body: dict[str, object]) -> None:
    """
    No list is not the same as no licences.
    """
    await stage.server(lambda _seen: Reply(200, body))
    with pytest.raises(TooStrange):
        await stage.client().licenses.assign("p1", [], [], Call())


async def test_a_forbidden_combination_is_refused_with_webexs_code(stage: Stage) -> None:
    """
    The code is what a caller can act on.
    """
    body = {"message": "no", "errors": [{"description": "implicit licence", "errorCode": 700006}]}
    await stage.server(lambda _seen: Reply(400, body))
    with pytest.raises(Refused) as caught:
        await stage.client().licenses.assign("p1", [LicenseChange("l1", Operation.REMOVE)], [], Call())
    assert ("700006",) == caught.value.codes


async def test_a_dry_run_assigns_nothing(stage: Stage) -> None:
    """
    The change is shown instead.
    """
    server = await stage.server(lambda _seen: Reply(500))
    with pytest.raises(Withheld) as caught:
        await stage.client().licenses.assign("p1", [LicenseChange("l1")], [], Call(dry_run=True))
    assert {"personId": "p1", "licenses": [{"id": "l1", "operation": "add"}]} == caught.value.body
    assert [] == server.seen
