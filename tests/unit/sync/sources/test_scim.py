"""
SCIM servers as sources: everything they have, or a failure.
"""

from collections.abc import Callable
from typing import Any, cast

import httpx2
import pytest
from scim2_models import ScimProvider
from scim2_server.applications.asgi import ASGIApplication
from scim2_server.memory import AsyncInMemoryStorage, InMemoryStorage
from scim2_server.utils import (
    load_default_resource_types,
    load_default_schemas,
    load_default_service_provider_config,
)
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp

from fakes.scim_door import TOKEN, scim_door
from fakes.scim_source import ScimOffice, scim_office
from fakes.sources import changes_of, records_of, told
from fakes.virtual_time import VirtualClock
from webex_connector.app.serve import serving
from webex_connector.app.settings import ServeSettings
from webex_connector.base.secret import Secret
from webex_connector.policy.safety import Limits
from webex_connector.store.ledgers import LedgerTable
from webex_connector.sync.errors import SourceFailed
from webex_connector.sync.sources.compared import following
from webex_connector.sync.sources.scim import MarkedScimSource, ScimResources, ScimSource
from webex_connector.sync.sources.scim_client import TRIES, Held, ScimClient

BEARER = "token"
PATCH = "urn:ietf:params:scim:api:messages:2.0:PatchOp"


def person(number: int) -> dict[str, Any]:
    """
    Return a user.
    """
    return {
        "id": f"u{number}",
        "userName": f"p{number}",
        "meta": {"lastModified": f"2026-01-{number + 1:02}T00:00:00Z"},
    }


def people(count: int) -> list[dict[str, Any]]:
    """
    Return so many users.
    """
    return [person(number) for number in range(count)]


def source_at(base: str, clock: VirtualClock, *, marked: bool = False, token: str = BEARER, **more: Any) -> ScimSource:
    """
    Return the source of a server.
    """
    client = ScimClient("hr", base, Held(Secret(token)), clock)
    kind = MarkedScimSource if marked else ScimSource
    return kind("hr", ScimResources(**{"count": 4, **more}), client)


async def keys_of(office: ScimOffice, clock: VirtualClock, **more: Any) -> list[str]:
    """
    Return the key of every record of a server.
    """
    async with scim_office(office) as base:
        source = source_at(base, clock, **more)
        try:
            return [each.key for each in await records_of(source)]
        finally:
            await source.aclose()


@pytest.mark.parametrize("cursors", [False, True])
@pytest.mark.parametrize("count", [0, 1, 4, 10])
async def test_every_page_is_read(count: int, clock: VirtualClock, *, cursors: bool) -> None:
    """
    By cursor where the server has cursors, else by index; each user once.
    """
    office = ScimOffice(people(count), cursors=cursors)
    assert await keys_of(office, clock) == [f"u{number}" for number in range(count)]
    assert {("cursor" in asked, "startIndex" in asked) for asked in office.asked} == {(cursors, not cursors)}
    assert set(office.headers) == {"Bearer token"}


async def test_a_server_that_gives_smaller_pages_is_read_whole(clock: VirtualClock) -> None:
    """
    The next page begins after what came, not after what was asked for.
    """
    office = ScimOffice(people(7))
    office.before = [lambda each: None] * 3
    assert await keys_of(office, clock, count=3) == [f"u{number}" for number in range(7)]
    assert [asked["startIndex"] for asked in office.asked] == ["1", "4", "7"]


def gains(office: ScimOffice) -> None:
    """
    Add somebody in front of everybody.
    """
    office.people.insert(0, person(20 + len(office.people) % 5))


def swaps(office: ScimOffice) -> None:
    """
    Take somebody away whom we have seen, and add somebody in front, so that the total stays.
    """
    office.people.insert(0, person(20 + len(office.asked)))
    office.people.pop()


def rests(_office: ScimOffice) -> None:
    """
    Do nothing.
    """


@pytest.mark.parametrize("happens", [gains, swaps])
async def test_what_moves_while_it_is_read_is_read_again(
    happens: Callable[[ScimOffice], None], clock: VirtualClock
) -> None:
    """
    Once: then everybody who is there comes. Nobody came from the first attempt.
    """
    office = ScimOffice(people(10), before=[rests, happens])
    assert sorted(await keys_of(office, clock)) == sorted(each["id"] for each in office.people)


@pytest.mark.parametrize("happens", [gains, swaps])
async def test_what_moves_again_and_again_is_a_failure(
    happens: Callable[[ScimOffice], None], clock: VirtualClock
) -> None:
    """
    It is not read a third time.
    """
    office = ScimOffice(people(10), before=[rests, *[happens] * 20])
    with pytest.raises(SourceFailed, match="twice; read it when less happens there"):
        await keys_of(office, clock)
    assert len(office.asked) <= 6


@pytest.mark.parametrize(
    ("changes", "cursors", "words"),
    [
        ({"totalResults": 11}, False, "says that it has 11 resources, and gave 10"),
        ({"totalResults": 11}, True, "says that it has 11 resources, and gave 10"),
        ({"totalResults": None}, False, "no totalResults, so nobody knows"),
        ({"Resources": ["a"]}, False, "Resources that are none"),
        ({"Resources": [{"userName": "a"}], "totalResults": 1}, False, "has no id, which is the key"),
        ({"nextCursor": "3"}, True, "same cursor again and again|came twice"),
    ],
)
async def test_a_short_answer_is_a_failure(
    changes: dict[str, Any], words: str, clock: VirtualClock, *, cursors: bool
) -> None:
    """
    A server that gives fewer than it says has not given everybody.
    """
    with pytest.raises(SourceFailed, match=words):
        await keys_of(ScimOffice(people(10), cursors=cursors, changes=changes), clock)


async def test_a_cursor_that_ended_on_the_way_is_begun_anew(clock: VirtualClock) -> None:
    """
    RFC 9865, section 2.2: cursors may expire.
    """
    ended = JSONResponse({"scimType": "expiredCursor", "detail": "too late"}, 400)
    office = ScimOffice(people(10), cursors=True)
    office.before = [rests, lambda each: each.faults.append(ended)]
    assert len(await keys_of(office, clock)) == 10


async def test_what_passes_is_waited_for(clock: VirtualClock) -> None:
    """
    As long as the server says, in seconds or until a moment; without a word a little longer each time.
    """
    faults = [
        Response(status_code=429, headers={"Retry-After": "30"}),
        Response(status_code=503, headers={"Retry-After": "Mon, 02 Nov 2026 08:02:00 GMT"}),
        Response(status_code=500),
    ]
    began = clock.monotonic()
    assert len(await keys_of(ScimOffice(people(1), faults=list(faults)), clock)) == 1
    assert clock.monotonic() - began == pytest.approx(30 + 90 + 4, abs=1)


@pytest.mark.parametrize(
    ("faults", "asked", "words"),
    [
        ([Response(status_code=500)] * TRIES, TRIES, "answers HTTP 500"),
        ([Response(status_code=429, headers={"Retry-After": "3600"})], 1, "answers HTTP 429"),
        ([JSONResponse({"detail": "who are you?"}, 401)], 1, r"HTTP 401: who are you\?"),
        ([JSONResponse({"detail": "no such filter", "scimType": "invalidFilter"}, 400)], 1, "no such filter"),
        ([Response('{"totalResults": 10, "Resou')], 1, "no SCIM"),
        ([Response("<html>log in</html>")], 1, "no SCIM"),
    ],
)
async def test_what_does_not_pass_is_a_failure(
    faults: list[Response], asked: int, words: str, clock: VirtualClock
) -> None:
    """
    In the server's own words.
    """
    office = ScimOffice(people(2), faults=list(faults))
    with pytest.raises(SourceFailed, match=words):
        await keys_of(office, clock)
    assert len(office.asked) == asked


async def test_a_server_that_is_not_there_is_a_failure(clock: VirtualClock) -> None:
    """
    After some tries.
    """
    with pytest.raises(SourceFailed, match="was not reached"):
        await records_of(source_at("http://127.0.0.1:1/scim", clock))


async def test_our_own_door_is_a_source(clock: VirtualClock) -> None:
    """
    Everybody in the organisation is a record, with filters as the door takes them.
    """
    async with scim_door(clock, people=20) as door:
        source = source_at(f"{door.address}/webex/v2", clock, token=TOKEN)
        found = {each.values("userName")[0]: each for each in await records_of(source)}
        everybody = {person.email: person for person in door.people()}
        assert found.keys() == everybody.keys()
        anna = next(iter(everybody.values()))
        one = source_at(f"{door.address}/webex/v2", clock, token=TOKEN, filter=f'userName eq "{anna.email}"')
        (record,) = await records_of(one)
        assert record.values("name.givenName") == (anna.first_name,)
        assert record.values("emails.work") == (anna.email,)
        await source.aclose()
        await one.aclose()


async def test_our_own_door_is_followed(clock: VirtualClock, ledgers: LedgerTable) -> None:
    """
    By what the server says was changed since, and by its ids.
    """
    async with scim_door(clock, people=10) as door:
        source = source_at(f"{door.address}/webex/v2", clock, marked=True, token=TOKEN)
        follower = following(source, ledgers, Limits(shrinking=None))
        token = await follower.latest()
        assert await changes_of(follower, token) == []
        await clock.sleep(3600)
        first, second = (door.uid_of(each.email) for each in door.people()[:2])
        patch = {"op": "replace", "path": "title", "value": "Chief"}
        assert (await door.send("PATCH", f"/Users/{first}", {"schemas": [PATCH], "Operations": [patch]})).is_success
        assert (await door.send("DELETE", f"/Users/{second}")).is_success
        found = await changes_of(follower, token)
        assert told(found) == [f"+{first}", f"-{second}"]
        assert found[0].record is not None
        assert found[0].record.values("title") == ("Chief",)
        assert await changes_of(follower, found[-1].token) == []
        await source.aclose()


async def test_somebody_elses_server_is_a_source(clock: VirtualClock) -> None:
    """
    One that others wrote (https://pypi.org/project/scim2-server/), page by page.
    """
    provider = ScimProvider.from_discovery(
        load_default_schemas().values(),
        load_default_resource_types().values(),
        config=load_default_service_provider_config(),
    )
    application = ASGIApplication(AsyncInMemoryStorage(InMemoryStorage()), provider)
    async with (
        serving(cast("ASGIApp", application), ServeSettings(port=0)) as address,
        httpx2.AsyncClient(timeout=None) as http,
    ):
        for number in range(10):
            schemas = ["urn:ietf:params:scim:schemas:core:2.0:User"]
            user = {"schemas": schemas, "userName": f"p{number}", "name": {"familyName": f"Family {number}"}}
            assert (await http.post(f"{address}/v2/Users", json=user)).is_success
        source = source_at(f"{address}/v2", clock)
        found = await records_of(source)
        await source.aclose()
    names = {each.values("userName")[0]: each.values("name.familyName") for each in found}
    assert names == {f"p{number}": (f"Family {number}",) for number in range(10)}


async def test_resources_that_do_not_say_when_cannot_be_followed(clock: VirtualClock, ledgers: LedgerTable) -> None:
    """
    It says what to leave out.
    """
    office = ScimOffice([{"id": "u1", "userName": "anna"}])
    async with scim_office(office) as base:
        source = source_at(base, clock, marked=True)
        with pytest.raises(SourceFailed, match=r"no meta.lastModified.*leave `changed` out"):
            await following(source, ledgers, Limits()).latest()
        await source.aclose()
