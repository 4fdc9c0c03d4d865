"""
The checker notices what it is there for: planted mistakes of a server and of a client.
"""

import json
from dataclasses import replace
from typing import Any

import httpx2
import pytest

from fakes.published import Exchange, Published
from fakes.virtual_time import VirtualClock
from fakes.witness import Witness, complaints
from webex_connector.sandbox.delivery import Receive, Send
from webex_connector.sandbox.sandbox import Sandbox

_PUBLISHED = Published()

_MADE: dict[str, Any] = {
    "schemas": ["urn:ietf:params:scim:schemas:core:2.0:Group"],
    "id": "3e7a9c15",
    "displayName": "Choir",
    "meta": {"created": "2024", "lastModified": "2024", "version": "1", "location": "here"},
}
_SOUND = Exchange(
    method="POST",
    path="/identity/scim/5c1f0b8e/v2/Groups",
    query="",
    sent=json.dumps({"schemas": ["urn"], "displayName": "Choir"}).encode(),
    status=201,
    received=json.dumps(_MADE).encode(),
)


def _of(exchange: Exchange) -> list[str]:
    return list(complaints([exchange], _PUBLISHED))


def _answering(**changes: Any) -> Exchange:
    return replace(_SOUND, received=json.dumps({**_MADE, **changes}).encode())


def test_what_is_sound_is_passed() -> None:
    """
    The exchange that the mistakes below are made in has none.
    """
    assert [] == _of(_SOUND)


def test_an_answer_lacks_something() -> None:
    """
    What is published as required must be there.
    """
    left = {name: value for name, value in _MADE.items() if name != "meta"}
    (complaint,) = _of(replace(_SOUND, received=json.dumps(left).encode()))
    assert "answer: $: 'meta' is a required property" in complaint


def test_an_answer_has_another_type() -> None:
    """
    A number is no text.
    """
    (complaint,) = _of(_answering(displayName=7))
    assert "answer: $.displayName: 7 is not of type 'string'" in complaint


def test_an_answer_has_an_unpublished_name() -> None:
    """
    A misspelt name is found although nothing required is missing.
    """
    (complaint,) = _of(_answering(externalID="x"))
    assert "'externalID' was unexpected" in complaint


def test_an_answer_has_another_status() -> None:
    """
    200 is no way in which a group is created.
    """
    (complaint,) = _of(replace(_SOUND, status=200))
    assert "status: 200 is not published" in complaint


@pytest.mark.parametrize("received", [b"", b"<html>"])
def test_an_answer_is_no_json(received: bytes) -> None:
    """
    Nor is no answer at all.
    """
    (complaint,) = _of(replace(_SOUND, received=received))
    assert "answer: not JSON" in complaint


def test_an_answer_has_a_body_too_many() -> None:
    """
    204 comes with nothing.
    """
    gone = Exchange("DELETE", "/v1/people/x", "", b"", 204, b"{}")
    assert ["DELETE /people/{personId} (204): answer: a body where none is published"] == _of(gone)


def test_a_refusal_has_another_form() -> None:
    """
    On `/v1` every refusal has a message and a tracking id.
    """
    (complaint,) = _of(Exchange("GET", "/v1/people/x", "", b"", 404, b'{"message": "gone"}'))
    assert "refusal: $: 'trackingId' is a required property" in complaint


def test_a_choice_is_none_of_the_published() -> None:
    """
    A value outside a closed list is found, in parameters too.
    """
    (complaint,) = _of(Exchange("GET", "/v1/licenses/x", "includeAssignedTo=machine", b"", 200, b"{}"))
    assert "query: $.includeAssignedTo: 'machine' is not one of ['user']" in complaint


def test_a_request_is_wrong() -> None:
    """
    A body that lacks something, and one where none belongs.
    """
    (lacking,) = _of(replace(_SOUND, sent=b'{"schemas": []}'))
    (too_much,) = _of(Exchange("GET", "/v1/people/me", "", b"{}", 200, b"{}"))
    assert "request: $: 'displayName' is a required property" in lacking
    assert "request: a body where none is published" in too_much


def test_a_parameter_is_wrong() -> None:
    """
    One that is misspelt, one that is no number, and one that is missing.
    """
    (misspelt,) = _of(Exchange("GET", "/v1/people", "emails=x", b"", 200, b"{}"))
    (worded,) = _of(Exchange("GET", "/v1/people", "max=many", b"", 200, b"{}"))
    (missing,) = _of(Exchange("GET", "/v1/team/memberships", "", b"", 200, b"{}"))
    assert "'emails' was unexpected" in misspelt
    assert "'many' is not of type 'number'" in worded
    assert "'teamId' is a required property" in missing


def test_a_link_is_the_servers_affair() -> None:
    """
    Parameters of a link that an answer gave are passed, the same ones made up are not.
    """
    link = '<http://127.0.0.1/v1/people?after=x>; rel="next"'
    first = Exchange("GET", "/v1/people", "", b"", 200, b"{}", link)
    second = Exchange("GET", "/v1/people", "after=x", b"", 200, b"{}")
    assert [] == list(complaints([first, second], _PUBLISHED))
    assert ["after" in complaint for complaint in _of(second)] == [True]


async def test_a_wrong_sandbox_and_a_wrong_client_are_found_on_the_wire(clock: VirtualClock) -> None:
    """
    Read along between both, a changed answer and a misspelt request are noticed.
    """
    sandbox = Sandbox(people=2, clock=clock)

    async def spoilt(scope: Any, receive: Receive, send: Send) -> None:
        async def changed(message: Any) -> None:
            await send({**message, "status": 202} if "status" in message else message)

        await sandbox(scope, receive, changed)

    witness = Witness(spoilt)
    headers = {"Authorization": f"Bearer {sandbox.credentials.access_token}"}
    async with witness.serving() as address, httpx2.AsyncClient(base_url=address, headers=headers) as client:
        await client.get("/v1/roles?Max=1")

    status, parameter = complaints(witness.exchanges, _PUBLISHED)
    assert "GET /roles (202): status: 202 is not published" == status
    assert "'Max' was unexpected" in parameter
