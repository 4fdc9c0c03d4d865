"""
Reading and querying over the REST door.
"""

from typing import Any

import pytest

from fakes.idm_door import PEOPLE, Rig
from fakes.memory_connector import staff
from webex_connector.gateway.http import StreamCut
from webex_connector.icf import names

ONE = f"{PEOPLE}/P-0001"


async def _ids(rig: Rig, query: str) -> list[str]:
    answer = await rig.send("GET", f"{PEOPLE}?{query}")
    assert answer.status_code == 200, answer.text
    return [row["_id"] for row in answer.json()["result"]]


async def test_an_object_is_read_with_its_defaults(rig: Rig) -> None:
    """
    The answer holds identifier, revision, attributes in the schema's order and name; its ETag is the revision.
    """
    answer = await rig.send("GET", ONE)
    row = answer.json()
    assert list(row) == [
        "_id",
        "_rev",
        "firstName",
        "lastName",
        "displayName",
        "emails",
        "licenses",
        "department",
        "__NAME__",
    ]
    assert (row["displayName"], row["emails"]) == ("Ben Number 1", ["person1@example.com"])
    assert answer.headers["ETag"] == f'"{row["_rev"]}"'


async def test_fields_choose_the_attributes(rig: Rig) -> None:
    """
    Only what is named comes, beside the identifier; `*` adds the defaults to what is not returned by default.
    """
    rig.people["P-0001"]["groups"] = ["G1"]
    assert (await rig.send("GET", f"{ONE}?_fields=/emails,TITLE")).json() == {
        "_id": "P-0001",
        "emails": ["person1@example.com"],
    }
    assert "groups" not in (await rig.send("GET", ONE)).json()
    more = (await rig.send("GET", f"{ONE}?_fields=*,groups")).json()
    assert (more["groups"], more["displayName"]) == (["G1"], "Ben Number 1")


async def test_a_known_revision_is_not_sent_again(rig: Rig) -> None:
    """
    If-None-Match with the current revision is 304 without a body; with another one the object comes.
    """
    revision = (await rig.send("GET", ONE)).headers["ETag"]
    answer = await rig.send("GET", ONE, If_None_Match=revision)
    assert (answer.status_code, answer.content, answer.headers["ETag"]) == (304, b"", revision)
    rig.people["P-0001"]["title"] = "Lead"
    assert (await rig.send("GET", ONE, If_None_Match=revision)).json()["title"] == "Lead"


async def test_a_list_and_a_read_give_the_same_revision(rig: Rig) -> None:
    """
    A list shows revisions when they are asked for, and they can be used in If-Match.
    """
    (plain,) = (await rig.send("GET", f"{PEOPLE}?_queryFilter=_id eq 'P-0001'")).json()["result"]
    (row,) = (await rig.send("GET", f"{PEOPLE}?_queryFilter=_id eq 'P-0001'&_fields=*,_rev")).json()["result"]
    assert "_rev" not in plain
    assert (await rig.send("GET", ONE)).json() == row


async def test_a_list_ends_with_the_known_keys(rig: Rig) -> None:
    """
    Rows come first, then number, cookie, policy and totals, in this order.
    """
    answer = await rig.send("GET", f"{PEOPLE}?_queryFilter=true&_fields=emails")
    assert answer.headers["Content-Type"] == "application/json; charset=utf-8"
    found = answer.json()
    assert list(found) == [
        "result",
        "resultCount",
        "pagedResultsCookie",
        "totalPagedResultsPolicy",
        "totalPagedResults",
        "remainingPagedResults",
    ]
    assert list(found.values())[1:] == [5, None, "NONE", -1, -1]
    assert found["result"][0] == {"_id": "P-0001", "emails": ["person1@example.com"]}


async def test_only_identifiers_are_listed_without_reading_attributes(rig: Rig) -> None:
    """
    The query id gives rows with `_id` and nothing else; a content type on a GET does not matter.
    """
    answer = await rig.send("GET", f"{PEOPLE}?_queryId=query-all-ids", Content_Type="application/json")
    assert answer.json()["result"] == [{"_id": f"P-000{n}"} for n in range(1, 6)]


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("true", [1, 2, 3, 4, 5]),
        ("false", []),
        ('emails eq "PERSON2@example.com"', [2]),
        ('emails%20eq%20"person2@example.com"', [2]),
        ('displayName sw "ch"', [2]),
        ('displayName co "NUMBER 3" or department eq "Sales"', [3]),
        ("department eq 'Sales' and !(_id eq 'P-0003')", []),
        ("""_id in '["P-0004","P-0001"]'""", [1, 4]),
        ('displayName ew "5"', [5]),
        ("shoe pr", []),
        ("licenses ca 'Lic-messaging' and _id ge 'P-0004'", [4, 5]),
    ],
)
async def test_filters_find_what_they_say(rig: Rig, text: str, ids: list[int]) -> None:
    """
    The whole grammar works over the wire, encoded or not.
    """
    assert await _ids(rig, f"_queryFilter={text}") == [f"P-000{n}" for n in ids]


async def test_pages_follow_each_other_by_cookie(rig: Rig) -> None:
    """
    Every object comes exactly once, and the last page has no cookie.
    """
    seen: list[str] = []
    cookie = ""
    while True:
        query = {"_queryFilter": "true", "_pageSize": "2", "_pagedResultsCookie": cookie}
        page = (await rig.http.get(PEOPLE, params=query)).json()
        seen += [row["_id"] for row in page["result"]]
        cookie = page["pagedResultsCookie"]
        if cookie is None:
            break
    assert seen == [f"P-000{n}" for n in range(1, 6)]


async def test_pages_by_offset_sorted_and_counted(rig: Rig) -> None:
    """
    Offset, order and exact total are honoured and told.
    """
    query = "_queryFilter=true&_pageSize=2&_pagedResultsOffset=1&_sortKeys=-lastName&_totalPagedResultsPolicy=EXACT"
    page = (await rig.send("GET", f"{PEOPLE}?{query}")).json()
    assert [row["_id"] for row in page["result"]] == ["P-0004", "P-0003"]
    assert list(page.values())[-3:] == ["EXACT", 5, 2]
    assert await _ids(rig, "_queryFilter=true&_sortKeys=+department,-_id") == [f"P-000{n}" for n in (4, 1, 3, 5, 2)]


async def test_counting_alone_sends_no_rows(rig: Rig) -> None:
    """
    With protocol 2.2 the number of matches can be asked for alone.
    """
    rig.connector.traits.batch_size = 2
    path = f"{PEOPLE}?_queryFilter=true&_countOnly=true"
    answer = await rig.send("GET", path, Accept_API_Version="protocol=2.2")
    assert answer.json() == {"resultCount": 5}


@pytest.mark.parametrize("count", [0, 1, 5])
async def test_a_list_can_be_indented(rig: Rig, count: int) -> None:
    """
    An indented list says the same and is indented throughout, whatever the number of batches.
    """
    rig.connector.traits.batch_size = 2
    for uid in [f"P-000{n}" for n in range(count + 1, 6)]:
        del rig.people[uid]
    plain = await rig.send("GET", f"{PEOPLE}?_queryFilter=true")
    pretty = await rig.send("GET", f"{PEOPLE}?_queryFilter=true&_prettyPrint=true")
    assert pretty.json() == plain.json()
    assert all(line.startswith("  ") for line in pretty.text.splitlines()[1:-1])
    assert (await rig.send("GET", f"{PEOPLE}/absent?_prettyPrint=true")).status_code == 404


async def test_a_failure_before_the_first_row_is_an_error(rig: Rig) -> None:
    """
    When the first batch fails, the answer is an envelope and no list.
    """
    rig.connector.traits.failing_batch = 1
    answer = await rig.send("GET", f"{PEOPLE}?_queryFilter=true")
    assert (answer.status_code, answer.json()) == (
        503,
        {
            "code": 503,
            "reason": "Service Unavailable",
            "message": "batch 1 broke",
            "detail": {"trackingId": "MEMORY_1"},
        },
    )


async def test_a_failure_between_rows_cuts_the_answer(rig: Rig) -> None:
    """
    When a later batch fails, the answer never ends.
    """
    rig.connector.traits.batch_size = 2
    rig.connector.traits.failing_batch = 2
    with pytest.raises(StreamCut, match="batch 2 broke"):
        await rig.send("GET", f"{PEOPLE}?_queryFilter=true")


async def test_a_list_is_sent_as_it_comes(rig: Rig) -> None:
    """
    The rows of a batch leave before the next batch is fetched, so that nothing is held beyond one.
    """
    staff(rig.connector, 10)
    rig.connector.traits.batch_size = 2
    fetched_at: list[int] = []

    async def send(message: Any) -> None:
        if message["type"] == "http.response.body" and message["body"]:
            fetched_at.append(rig.connector.traffic.calls["batch"])

    request = rig.http.build_request("GET", PEOPLE, params={"_queryFilter": "true"})
    scope = {
        "type": "http",
        "method": "GET",
        "asgi": {"spec_version": "2.4"},
        "path": request.url.path,
        "raw_path": request.url.raw_path,
        "query_string": request.url.query,
        "headers": [(name.lower(), value) for name, value in request.headers.raw],
    }

    async def receive() -> Any:
        raise AssertionError("a GET has no body")

    await rig.app(scope, receive, send)
    assert fetched_at == [1, 2, 3, 4, 5, 5]


async def test_object_classes_are_named_in_any_case(rig: Rig) -> None:
    """
    `roles` is ROLES, with a trailing slash or without.
    """
    answer = await rig.send("GET", "/openidm/system/webex/roles/?_queryFilter=true")
    assert [row["__NAME__"] for row in answer.json()["result"]][:1] == ["Full Administrator"]
    assert (await rig.send("GET", "/system/webex/LICENSES/Lic-meetings/")).json() == {
        "_id": "Lic-meetings",
        "_rev": (await rig.send("GET", "/system/webex/LICENSES/Lic-meetings")).json()["_rev"],
        "name": "Webex Enterprise",
        "totalUnits": 50,
        "consumedUnits": 50,
        "subscriptionId": "Sub-1",
        "siteUrl": "example.webex.com",
        "siteType": "Control Hub managed site",
        names.NAME: "Webex Enterprise",
    }
