"""
Bad bodies, attributes and filters: the exact answer to each, and that nothing changes.
"""

import json
from collections.abc import Callable
from typing import Any

import pytest

from fakes.idm_door import PEOPLE, Rig
from webex_connector.gateway.http import MAX_BODY
from webex_connector.gateway.idm.bodies import BY_NAME_ONLY

ONE = f"{PEOPLE}/P-0001"
JSON = {"Content-Type": "application/json"}

BAD: list[tuple[str, str, Any, int, str]] = [
    (
        "PUT",
        ONE,
        {"shoeSize": 44},
        400,
        "Target does not support attribute shoeSize (__ACCOUNT__ has no attribute shoeSize)",
    ),
    (
        "PATCH",
        ONE,
        [{"operation": "remove", "field": "titel"}],
        400,
        "Target does not support attribute titel (__ACCOUNT__ has no attribute titel; did you mean title?)",
    ),
    ("PUT", ONE, {"title": 5}, 400, "Attribute 'title' takes a text, not 5"),
    ("PUT", ONE, {"title": ["a", "b"]}, 400, "Attribute 'title' takes one value, 2 were given"),
    ("PUT", ONE, {"__ENABLE__": "yes"}, 400, "Attribute '__ENABLE__' takes true or false, not 'yes'"),
    ("PUT", ONE, {"displayName": None}, 400, "Required attribute 'displayName' cannot be cleared"),
    ("PUT", ONE, {"created": "2026-01-01T00:00:00Z"}, 400, "Attribute 'created' is read-only"),
    ("PUT", ONE, {"_id": "P-0002"}, 400, "The _id of the content is not P-0001, which the path names"),
    (
        "PATCH",
        ONE,
        [{"operation": "add", "field": "created", "value": "x"}],
        400,
        "Attribute 'created' is read-only",
    ),
    ("POST", PEOPLE, {"displayName": "x", "licenses": ["L"]}, 400, "Required attribute 'emails' value is null"),
    (
        "POST",
        PEOPLE,
        {"displayName": "x", "licenses": ["L"], "emails": [None]},
        400,
        "Required attribute 'emails' value is null",
    ),
    ("POST", PEOPLE, {"_id": "mine"}, 501, BY_NAME_ONLY),
    (
        "POST",
        PEOPLE,
        {"displayName": "x", "emails": ["PERSON2@example.com"], "licenses": ["L"]},
        412,
        "__ACCOUNT__ P-0002 has this name",
    ),
    ("PUT", ONE, {"emails": ["person2@EXAMPLE.com"]}, 412, "__ACCOUNT__ P-0002 has this name"),
    (
        "PUT",
        ONE,
        {"locationId": "x", "extension": "1", "phoneNumbers": [{"type": "work", "value": "1"}]},
        400,
        "Attributes 'locationId' and 'phoneNumbers' exclude each other; give one of them",
    ),
    ("PUT", ONE, {"locationId": "x"}, 400, "Attribute 'locationId' requires 'extension'"),
    (
        "PUT",
        ONE,
        [1],
        400,
        "The request could not be processed because the provided content is not a JSON object",
    ),
    (
        "PATCH",
        ONE,
        {"operation": "remove"},
        400,
        "The request could not be processed because the provided content is not a JSON array of patch operations",
    ),
    ("PUT", ONE, None, 400, "The request could not be processed because the provided content is not a JSON object"),
    (
        "GET",
        f"{PEOPLE}?_queryFilter=shoe eq 1",
        None,
        400,
        "The filter compares an unknown attribute: __ACCOUNT__ has no attribute shoe",
    ),
    (
        "GET",
        f"{PEOPLE}?_queryFilter=title eq 1",
        None,
        400,
        "title is of type string; it cannot be compared with 1",
    ),
    (
        "GET",
        f'{PEOPLE}?_queryFilter=emails%20eq%20"a',
        None,
        400,
        (
            """The value 'emails eq "a' for parameter '_queryFilter' could not be parsed as a valid query filter: """
            "column 11: this text has no end"
        ),
    ),
    (
        "GET",
        f"{PEOPLE}?_queryFilter=true&_fields=shoe",
        None,
        400,
        "Target does not support attribute shoe (__ACCOUNT__ has no attribute shoe)",
    ),
    (
        "GET",
        f"{PEOPLE}?_queryFilter=true&_sortKeys=shoe",
        None,
        400,
        "Target does not support attribute shoe (__ACCOUNT__ has no attribute shoe)",
    ),
    (
        "GET",
        f"{PEOPLE}?_queryFilter=true&_pageSize=2&_pagedResultsCookie=forged",
        None,
        400,
        "The paging cookie is unknown or has expired; start again without it",
    ),
    ("GET", f"{ONE}?_mimeType=image/png", None, 501, "Single fields as documents are not supported ('_mimeType')"),
    (
        "GET",
        f"{ONE}?_fields=%ff",
        None,
        400,
        "The request could not be processed because it cannot be read: The query string is not UTF-8",
    ),
]


@pytest.mark.parametrize(("method", "path", "body", "code", "message"), BAD)
async def test_bad_input_is_named_and_changes_nothing(
    rig: Rig,
    method: str,
    path: str,
    body: Any,
    code: int,
    message: str,
) -> None:
    """
    Each kind of bad input has its code and its words, and the world stays as it was.
    """
    before = repr(rig.connector.world)
    answer = await rig.send(method, path, body)
    assert (answer.status_code, answer.json()["code"], answer.json()["message"]) == (code, code, message)
    assert answer.headers["Cache-Control"] == "no-cache"
    assert before == repr(rig.connector.world)


@pytest.mark.parametrize(
    ("content", "headers", "message"),
    [
        (b'{"manager" , "x"}', JSON, "cannot be read: JSON is malformed: expected ':' (byte 11)"),
        (b'{"title":"x"} more', JSON, "cannot be read: JSON is malformed: trailing characters (byte 15)"),
        (b"[" * 5000, JSON, "cannot be read: JSON is nested too deeply"),
        (b'{"title":"\xff"}', JSON, "cannot be read:"),
        (b'{"title":"x"}', {}, "because its Content-Type is not application/json in UTF-8: none"),
        (b'{"title":"x"}', {"Content-Type": "text/plain"}, "application/json in UTF-8: text/plain"),
        (b"title=x", {"Content-Type": "application/x-www-form-urlencoded"}, "application/x-www-form-urlencoded"),
    ],
)
async def test_a_body_that_cannot_be_read_changes_nothing(
    rig: Rig,
    world: Callable[[], str],
    content: bytes,
    headers: dict[str, str],
    message: str,
) -> None:
    """
    Broken JSON and other content types are refused with 400 and what is wrong.
    """
    before = world()
    answer = await rig.http.put(ONE, content=content, headers=headers)
    assert answer.status_code == 400
    assert message in answer.json()["message"]
    assert world() == before


async def test_a_body_beyond_the_limit_is_refused(rig: Rig, world: Callable[[], str]) -> None:
    """
    One byte too many is 413, exactly the limit is read.
    """
    before = world()
    text = json.dumps({"title": "x" * (MAX_BODY - len('{"title": ""}'))})
    answer = await rig.http.put(ONE, content=text + " ", headers=JSON)
    assert (answer.status_code, answer.json()) == (
        413,
        {
            "code": 413,
            "reason": "Content Too Large",
            "message": "The body is larger than 1048576 bytes",
            "detail": {"limit": MAX_BODY},
        },
    )
    assert world() == before
    assert (await rig.http.put(ONE, content=text, headers=JSON)).status_code == 200
